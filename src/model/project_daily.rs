//! The table `project_daily`: figures of each project for each day, which are never deleted.

use crate::model::history::column;
use crate::model::table::{ColumnInfo, TableInfo, Type};

/// The table's name.
pub const NAME: &str = "project_daily";

/// The statements that fill it. They replace the rows for the day of the newest extraction, and
/// count the flags created and archived on each day since the project's first.
pub const SQL: &str = include_str!("../../schema/project_daily.sql");

/// The definition of `project_daily`.
pub fn table() -> TableInfo {
    TableInfo {
        name: NAME,
        doc: "One row per project and day (UTC) on which there was a run, or a flag was created or archived; of several runs, the last one counts.",
        key: vec!["project_key", "day"],
        accumulates: true,
        columns: vec![
            column("project_key", "Key of the project.", Type::Text),
            column(
                "day",
                "The day, as 2026-11-20; a run belongs to the day on which it started.",
                Type::Text,
            ),
            column(
                "extraction_id",
                "The run; on a day without a run, the previous one, whose counts of flags are repeated, while the figures that can be NULL are NULL.",
                Type::Text,
            ),
            count("live", "Flags that are live."),
            count("deprecated", "Flags that are deprecated."),
            count("temporary", "Temporary flags that are not archived."),
            count("permanent", "Permanent flags that are not archived."),
            count("archived", "Flags that are archived."),
            figure(
                "stale",
                "Flags that are stale in some environment; NULL where that is not known of every flag.",
            ),
            figure(
                "stale_in_critical",
                "Flags that are stale in some critical environment; NULL where that is not known of every flag, or no environment is critical.",
            ),
            figure("ready_to_archive", "Live flags at LaunchDarkly's stage \"ready to archive\"."),
            figure(
                "ready_for_code_removal",
                "Live flags at LaunchDarkly's stage \"ready for code removal\".",
            ),
            figure(
                "unowned",
                "Flags, not archived, without a maintainer who is still in the account; NULL where that is not known of every flag.",
            ),
            count(
                "created",
                "Flags created on the day, deleted ones included, as far as a run has seen them; the next run completes it. The sum is that of all flags created since the project's first day here.",
            ),
            count(
                "archived_that_day",
                "Times that a flag was archived on the day, as far as a run has seen it; the next run completes it.",
            ),
            figure(
                "stale_in_critical_min",
                "Flags that are known to be stale in a critical environment; like the columns below, NULL on a day without a run.",
            ),
            figure("stale_in_critical_max", "Those, and the flags of which that is unknown."),
            figure("ready_to_archive_min", "Flags that are known to be ready to archive."),
            figure("ready_to_archive_max", "Those, and the flags of which that is unknown."),
            figure(
                "ready_for_code_removal_min",
                "Flags that are known to be ready for code removal.",
            ),
            figure("ready_for_code_removal_max", "Those, and the flags of which that is unknown."),
            figure(
                "unowned_min",
                "Flags that are known to have no maintainer who is still in the account.",
            ),
            figure("unowned_max", "Those, and the flags of which that is unknown."),
        ],
        ..TableInfo::default()
    }
}

/// A number that is never NULL.
const fn count(name: &'static str, doc: &'static str) -> ColumnInfo {
    column(name, doc, Type::Int)
}

/// A number that is NULL if it is unknown of any flag whether it counts.
const fn figure(name: &'static str, doc: &'static str) -> ColumnInfo {
    let count = count(name, doc);
    ColumnInfo { nullable: true, ..count }
}
