//! The tables `owner_daily`, `team_daily` and `tag_daily`: figures of each subject for each day on
//! which there was a run. They cannot be worked out later, and are never deleted.

use crate::model::history::column;
use crate::model::table::{ColumnInfo, TableInfo, Type};

/// A kind of subject that has daily figures.
#[derive(Clone, Copy, Debug)]
struct Kind {
    /// The kind, as in the view `flag_subjects`.
    name: &'static str,
    /// The name of its table.
    table: &'static str,
    /// The meaning of the table.
    doc: &'static str,
    /// The column of the subject, and its meaning.
    subject: (&'static str, &'static str),
}

const KINDS: [Kind; 3] = [
    Kind {
        name: "owner",
        table: "owner_daily",
        doc: "One row per member who maintains flags, and day (UTC) on which there was a run; of several runs, the last one counts.",
        subject: ("owner", "ID of the member; `(none)` for flags that nobody maintains."),
    },
    Kind {
        name: "team",
        table: "team_daily",
        doc: "One row per team that has flags (see `flag_facts`), and day (UTC) on which there was a run; of several runs, the last one counts.",
        subject: ("team_key", "Key of the team; `(none)` for flags without a team."),
    },
    Kind {
        name: "tag",
        table: "tag_daily",
        doc: "One row per tag on flags, and day (UTC) on which there was a run; of several runs, the last one counts.",
        subject: ("tag", "The tag; `(none)` for flags without a tag."),
    },
];

/// The statements that fill the tables for the newest extraction.
const SQL: &str = include_str!("../../schema/subject_daily.sql");

/// The definitions of the tables.
pub fn tables() -> impl Iterator<Item = TableInfo> {
    KINDS.into_iter().map(table)
}

/// The statements that fill the tables.
pub fn statements() -> impl Iterator<Item = String> {
    KINDS.into_iter().map(|kind| {
        let sql = SQL.replace("KIND", kind.name).replace("SUBJECT", kind.subject.0);
        sql.replace("TABLE", kind.table)
    })
}

fn table(kind: Kind) -> TableInfo {
    let (subject, meaning) = kind.subject;
    let head = [
        column(subject, meaning, Type::Text),
        column("day", "The day, as 2026-11-20, on which the run started.", Type::Text),
        column("extraction_id", "The run.", Type::Text),
    ];
    TableInfo {
        name: kind.table,
        doc: kind.doc,
        key: vec![subject, "day"],
        accumulates: true,
        columns: head.into_iter().chain(COUNTS).collect(),
        ..TableInfo::default()
    }
}

const fn count(name: &'static str, doc: &'static str) -> ColumnInfo {
    column(name, doc, Type::Int)
}

/// The figures. Where it is unknown of some flags whether they count, the number is between `_min`
/// and `_max`.
const COUNTS: [ColumnInfo; 14] = [
    count("live", "Flags that are live."),
    count("deprecated", "Flags that are deprecated."),
    count("temporary", "Temporary flags that are not archived."),
    count("permanent", "Permanent flags that are not archived."),
    count("stale_in_critical_min", "Flags that are known to be stale in a critical environment."),
    count("stale_in_critical_max", "Those, and the flags of which that is unknown."),
    count("ready_to_archive_min", "Flags that are known to be ready to archive."),
    count("ready_to_archive_max", "Those, and the flags of which that is unknown."),
    count("ready_for_code_removal_min", "Flags that are known to be ready for code removal."),
    count("ready_for_code_removal_max", "Those, and the flags of which that is unknown."),
    count("unowned_min", "Flags that are known to have no maintainer who is still in the account."),
    count("unowned_max", "Those, and the flags of which that is unknown."),
    count("over_age", "Temporary flags older than `flag_lifetime`."),
    count("tidy", "Flags with a description and a tag."),
];
