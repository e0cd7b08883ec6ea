//! One segment.

use std::sync::Arc;

use super::lists::{self, Wanted};
use super::record::Record;
use crate::launchdarkly::Client;
use crate::launchdarkly::writes::segments::{self, SegmentPlace};
use crate::model::scope::Scope;
use crate::resources::segments::Segments;
use crate::terminal::suggest;
use crate::{Error, Result};

/// The columns that parts of a segment repeat.
const REPEATED: [&str; 3] = ["project_key", "environment_key", "segment_key"];

/// Reads a segment as one object: its row, with its tags, rules and the flags that target it.
///
/// # Errors
/// `usage` if there is no such project, environment or segment.
pub async fn read(client: &Arc<Client>, place: &SegmentPlace) -> Result<Record> {
    let scope = Scope::environment(&place.project, &place.environment);
    let rows = lists::one::<Segments>(client, &scope, &segments::one(place)).await;
    let mut rows = match rows {
        Err(error) if error.http_status() == Some(404) => {
            return Err(unknown(client, &scope, &place.segment).await);
        }
        rows => rows?,
    };
    let none = || Error::unexpected(segments::NAME, "", "the answer is not a segment");
    let mut record = rows.take("segments").into_iter().next().ok_or_else(none)?;
    let tags = rows.take("segment_tags");
    record.set_json("tags", &tags.iter().map(|row| row.text("tag")).collect::<Vec<_>>());
    for (name, table) in [("rules", "segment_rules"), ("flags", "segment_flags")] {
        let parts = rows.take(table).into_iter().map(|row| row.without(&REPEATED));
        record.set_json(name, &parts.collect::<Vec<_>>());
    }
    Ok(record)
}

async fn unknown(client: &Arc<Client>, scope: &Scope, key: &str) -> Error {
    match lists::items::<Segments>(client, scope, &Wanted::default()).await {
        Ok(items) => {
            let keys = items.iter().filter_map(|row| row.text("segment_key"));
            let hint = suggest::hint(key, keys);
            Error::usage(format!("there is no segment `{key}`: {hint}"))
        }
        Err(error) => error,
    }
}
