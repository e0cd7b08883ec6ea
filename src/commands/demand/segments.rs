//! `flaglake segments list` and `segments show`.

use super::show::Content::Of;
use super::{Access, lists, show};
use crate::Result;
use crate::cli::{Format, SegmentList, SegmentShow};
use crate::commands::schema::print;
use crate::demand::record::Record;
use crate::demand::segment;
use crate::launchdarkly::writes::segments::SegmentPlace;
use crate::model::scope::Scope;
use crate::resources::segments::Segments;

/// Lists the segments of an environment. LaunchDarkly cannot search them, so all are read.
///
/// # Errors
/// `usage` if there is no such project or environment.
pub(super) async fn list(arguments: &SegmentList) -> Result<()> {
    let scope = Scope::environment(&arguments.project, &arguments.environment);
    let search = arguments.search.as_deref();
    let found = lists::read::<Segments>(&arguments.options, &scope, search).await?;
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
        Format::Text => print(&columns(&found)),
    }
}

/// The columns that are set, one a line.
pub(super) fn columns(record: &Record) -> String {
    let names = record.cells().iter().map(|(name, _)| *name);
    let rows = names.map(|name| vec![name.replace('_', " "), show::cell(record, name)]);
    let rows = rows.filter(|row| !matches!(row[1].as_str(), "" | "[]" | "null"));
    show::pairs(rows.collect())
}
