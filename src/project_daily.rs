//! The table `project_daily`: the figures of each project on each day with a run, kept for ever.

use crate::history::column;
use crate::table::{ColumnInfo, TableInfo, Type};

/// The table's name.
pub const NAME: &str = "project_daily";

/// What fills it: the rows for the day of the newest extraction, in place of those of an earlier
/// run on the same day.
pub const SQL: &str = include_str!("../schema/project_daily.sql");

/// The definition of `project_daily`.
pub fn table() -> TableInfo {
    TableInfo {
        name: NAME,
        doc: "One row per project and day (UTC) with a run: of several, the last.",
        key: vec!["project_key", "day"],
        accumulates: true,
        columns: vec![
            column("project_key", "Key of the project.", Type::Text),
            column("day", "The day on which the run started, as 2026-11-20.", Type::Text),
            column("extraction_id", "The run.", Type::Text),
            count("live", "Flags that are live."),
            count("deprecated", "Flags that are deprecated."),
            count("temporary", "Temporary flags that are not archived."),
            count("permanent", "Permanent flags that are not archived."),
            count("archived", "Flags that are archived."),
            figure(
                "stale",
                "Flags that are stale in some environment; NULL where that is not known of each.",
            ),
            figure(
                "stale_in_critical",
                "Flags that are stale in some critical environment; NULL where that is not known of each, or where none is critical.",
            ),
            figure("ready_to_archive", "Live flags at LaunchDarkly's stage \"ready to archive\"."),
            figure(
                "ready_for_code_removal",
                "Live flags at LaunchDarkly's stage \"ready for code removal\".",
            ),
            figure(
                "unowned",
                "Flags, not archived, without a maintainer who is still there; NULL where that is not known of each.",
            ),
            count("created", "Flags created on the day; the next run completes it."),
            count("archived_that_day", "Flags archived on the day; the next run completes it."),
        ],
        ..TableInfo::default()
    }
}

/// A number that is always known.
const fn count(name: &'static str, doc: &'static str) -> ColumnInfo {
    column(name, doc, Type::Int)
}

/// A number that is NULL where it is not known of each flag whether it counts.
const fn figure(name: &'static str, doc: &'static str) -> ColumnInfo {
    let count = count(name, doc);
    ColumnInfo { nullable: true, ..count }
}
