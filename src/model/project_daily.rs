//! The table `project_daily`: the figures of each project day by day, kept for ever.

use crate::model::history::column;
use crate::model::table::{ColumnInfo, TableInfo, Type};

/// The table's name.
pub const NAME: &str = "project_daily";

/// What fills it: the rows for the day of the newest extraction, in place of those of an earlier
/// run on the same day, and what happened on each day since the project's first.
pub const SQL: &str = include_str!("../../schema/project_daily.sql");

/// The definition of `project_daily`.
pub fn table() -> TableInfo {
    TableInfo {
        name: NAME,
        doc: "One row per project and day (UTC) with a run, or on which a flag was created or archived: of several runs, the last.",
        key: vec!["project_key", "day"],
        accumulates: true,
        columns: vec![
            column("project_key", "Key of the project.", Type::Text),
            column(
                "day",
                "The day, as 2026-11-20; that of a run is the one on which it started.",
                Type::Text,
            ),
            column(
                "extraction_id",
                "The run; on a day without one, the run before, whose counts of flags are repeated. Figures that may be NULL are NULL then.",
                Type::Text,
            ),
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
            count(
                "created",
                "Flags created on the day, deleted ones included, as far as a run has seen them; the next run completes it. The sum is that of all flags created since the project's first day here.",
            ),
            count(
                "archived_that_day",
                "Times that a flag was archived on the day, as far as a run has seen it; the next run completes it.",
            ),
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
