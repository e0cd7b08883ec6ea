//! `--verify`: whether LaunchDarkly shows that events have arrived. No API returns imported events;
//! each metric shows when an event of its was last seen.

use std::time::Duration;

use serde::Deserialize;
use tokio::time::{Instant, sleep};
use tracing::warn;

use super::Events;
use crate::Result;
use crate::launchdarkly::writes::metrics;
use crate::sync::answers::pause;
use crate::sync::context::Run;
use crate::sync::places::{Checked, if_permitted};

/// How long to look.
const LONGEST: Duration = Duration::from_secs(60);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metric {
    key: String,
    event_key: Option<String>,
    last_seen: Option<i64>,
}

impl Events {
    /// Waits until every metric of the events that were sent was seen, or warns.
    pub(super) async fn verify(&self, run: &Run<'_>) -> Result<()> {
        let keys = event_keys(run)?;
        if run.row.created == 0 {
            return Ok(());
        }
        let (started, mut looks) = (Instant::now(), 0);
        loop {
            let listed = metrics::list(run.context.client, &self.options.project).all().await;
            let what = "Whether the events have arrived";
            let Checked::Known(metrics) = if_permitted(listed, what)? else { return Ok(()) };
            let unseen = unseen(&keys, &metrics, run.row.started_at);
            if unseen.is_empty() {
                return Ok(());
            }
            looks += 1;
            if started.elapsed() + pause(looks) > LONGEST {
                warn!(
                    "LaunchDarkly has accepted the events, but does not show them yet: {}.",
                    unseen.join(", ")
                );
                return Ok(());
            }
            let paused = async {
                sleep(pause(looks)).await;
                Ok(())
            };
            run.context.interrupt.or(paused).await?;
        }
    }
}

/// The keys of the events that were to be sent.
fn event_keys(run: &Run<'_>) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT body ->> '$.key' FROM source s LEFT JOIN fate f USING (row_number)
               WHERE f.fate IS NULL";
    let keys = run.state.connection.prepare(sql).and_then(|mut statement| {
        statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<_>>>()
    });
    run.state.or_failed(keys)
}

/// The events that no metric has seen since the run started, in words.
fn unseen(keys: &[String], metrics: &[Metric], since: i64) -> Vec<String> {
    let mut unseen = Vec::new();
    for key in keys {
        let of_key = || metrics.iter().filter(|one| one.event_key.as_ref() == Some(key));
        if of_key().next().is_none() {
            unseen.push(format!("no metric measures `{key}`"));
        }
        let late = of_key().filter(|one| one.last_seen.is_none_or(|seen| seen < since));
        unseen.extend(late.map(|one| format!("the metric `{}` has not seen `{key}`", one.key)));
    }
    unseen
}
