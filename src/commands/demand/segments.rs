//! `flaglake segments list` and `segments show`.

use serde_json::Value;

use super::show::Content::Of;
use super::{Access, lists, show};
use crate::Result;
use crate::cli::{Format, SegmentList, SegmentShow};
use crate::commands::schema::print;
use crate::demand::lists::{OF_SEGMENTS, Wanted};
use crate::demand::record::Record;
use crate::demand::{segment, words};
use crate::launchdarkly::writes::segments::SegmentPlace;
use crate::model::scope::Scope;
use crate::resources::segments::Segments;

/// Lists the segments of an environment. LaunchDarkly cannot search them, so all are read.
///
/// # Errors
/// `usage` if there is no such project or environment.
pub(super) async fn list(arguments: &SegmentList) -> Result<()> {
    let scope = Scope::environment(&arguments.project, &arguments.environment);
    let wanted = Wanted::containing(arguments.search.as_deref(), OF_SEGMENTS);
    let found = lists::read::<Segments>(&arguments.options, &scope, &wanted).await?;
    let shown = [
        ("segment", Of("segment_key")),
        ("name", Of("name")),
        ("big", Of("unbounded")),
        ("included", Of("included_count")),
        ("rules", Of("rule_count")),
        ("modified", Of("last_modified_at")),
    ];
    show::list(&found, &shown, arguments.options.format)
}

/// Shows a segment.
///
/// # Errors
/// `usage` if there is no such project, environment or segment.
pub(super) async fn show(arguments: &SegmentShow) -> Result<()> {
    let access = Access::new(&arguments.options.connection).await?;
    let place = SegmentPlace {
        project: arguments.project.clone(),
        environment: arguments.environment.clone(),
        segment: arguments.segment.clone(),
    };
    let found = access.read(segment::read(access.client(), &place)).await?;
    match arguments.options.format {
        Format::Json => show::object(&found),
        Format::Text => print(&text(&found)),
    }
}

/// The segment for people.
fn text(segment: &Record) -> String {
    let mut facts = show::facts(&segment.clone().without(&["tags", "rules", "flags"]));
    let tags: Vec<String> = segment.json("tags").unwrap_or_default();
    facts.push(vec!["tags".to_owned(), tags.join(", ")]);
    let rules: Vec<Value> = segment.json("rules").unwrap_or_default();
    let rule = |(index, rule)| vec![format!("rule {}", index + 1), words::segment_rule(rule)];
    facts.extend(rules.iter().enumerate().map(rule));
    let flags: Vec<Value> = segment.json("flags").unwrap_or_default();
    let flags = flags.iter().filter_map(|flag| flag["flag_key"].as_str());
    facts.push(vec!["flags".to_owned(), flags.collect::<Vec<_>>().join(", ")]);
    facts.retain(|fact| !fact[1].is_empty());
    show::pairs(facts)
}
