//! The thresholds of views and scorecards. Users may change them in `scorecard_thresholds`.

use crate::model::table::{Column, Table};

/// A number that defines what counts as old, stale or too much.
#[derive(Clone, Copy, Debug)]
pub struct Threshold {
    /// Its name.
    pub name: &'static str,
    /// Its default value.
    pub default: f64,
    /// `days` or `percent`.
    pub unit: &'static str,
    /// The meaning of the number.
    pub doc: &'static str,
}

/// Declares the thresholds, one a line.
macro_rules! thresholds {
    ($($name:ident $default:literal $unit:ident $doc:literal;)*) => {
        /// Every threshold.
        pub const ALL: &[Threshold] = &[$(Threshold {
            name: stringify!($name), default: $default, unit: stringify!($unit), doc: $doc,
        }),*];
    };
}

thresholds! {
    stale_flag_age 30.0 days "A temporary flag may be stale from this age on.";
    stale_status 7.0 days "A flag is stale once it has been inactive or launched for this long.";
    lifecycle_age 30.0 days "A temporary flag may be ready for code removal or archiving from this age on.";
    never_requested_age 7.0 days "A flag that was never requested is reported from this age on.";
    still_requested 7.0 days "A flag is still requested while its last request is no older than this.";
    inactive 30.0 days "An inactive flag is reported once it has not been requested for this long.";
    launched_unchanged 30.0 days "A launched flag is reported once its configuration has not changed for this long.";
    flag_lifetime 90.0 days "A temporary flag should be archived within this time of its creation.";
    inactive_project 90.0 days "A project is inactive when no flag was created in it for this long.";
    change_window 30.0 days "How far back `change_actors` counts changes.";
    quiet_environment 30.0 days "An environment has no traffic when no flag was requested there for this long.";
    member_unseen 30.0 days "A member should have been seen within this time.";
    access_token_unused 30.0 days "An access token should have been used within this time.";
    stale_percentage_warn 20.0 percent "A larger share of stale flags among temporary ones is a warning.";
    stale_percentage_fail 50.0 percent "A larger share of stale flags among temporary ones is a failure.";
    ownership_coverage_warn 100.0 percent "A smaller share of flags with an owner is a warning.";
    ownership_coverage_fail 80.0 percent "A smaller share of flags with an owner is a failure.";
    removal_backlog_warn 5.0 percent "A larger share of live flags that are ready for code removal or archiving is a warning.";
    removal_backlog_fail 20.0 percent "A larger share of live flags that are ready for code removal or archiving is a failure.";
    flag_age_warn 10.0 percent "A larger share of temporary flags older than `flag_lifetime` is a warning.";
    flag_age_fail 30.0 percent "A larger share of temporary flags older than `flag_lifetime` is a failure.";
    hygiene_warn 90.0 percent "A smaller share of flags with a description and a tag is a warning.";
    hygiene_fail 50.0 percent "A smaller share of flags with a description and a tag is a failure.";
    environment_governance_warn 100.0 percent "A smaller share of critical environments with approvals, comments and confirmation is a warning.";
    environment_governance_fail 50.0 percent "A smaller share of critical environments with approvals, comments and confirmation is a failure.";
}

/// The table `scorecard_thresholds`.
#[derive(Debug)]
pub struct ThresholdTable;

impl Table for ThresholdTable {
    type Row<'a> = &'a Threshold;
    const NAME: &'static str = "scorecard_thresholds";
    const DOC: &'static str = "One row per threshold of the views and scorecards; you may change `value`, and later runs keep it.";
    const KEY: &'static [&'static str] = &["threshold"];
    const CHECK: Option<&'static str> =
        Some("typeof(value) IN ('real', 'integer') AND value BETWEEN 0 AND 100000");
    const COLUMNS: &'static [Column<Self>] = &[
        Column::text("threshold", "-", "Name of the threshold.", |row| row.name),
        Column::real("value", "-", "The number in use; you may change it.", |row| row.default),
        Column::real("default_value", "-", "The number that flaglake uses by default.", |row| {
            row.default
        }),
        Column::text("unit", "-", "What the number counts: `days` or `percent`.", |row| row.unit),
        Column::text("description", "-", "The meaning of the number.", |row| row.doc),
    ];
}

/// The statement that adds one threshold to `schema`, given as parameters. A value that the user
/// has changed is kept, and a row that is up to date is not written.
fn upsert(schema: &str) -> String {
    format!(
        "INSERT INTO {schema}.{} AS old VALUES (?1, ?2, ?2, ?3, ?4)
         ON CONFLICT (threshold) DO UPDATE SET
             value = CASE WHEN old.value = old.default_value THEN excluded.value ELSE old.value END,
             default_value = excluded.default_value,
             unit = excluded.unit, description = excluded.description
         WHERE (old.default_value, old.unit, old.description)
             IS NOT (excluded.default_value, excluded.unit, excluded.description)",
        ThresholdTable::NAME
    )
}

/// Writes the thresholds to the table in `schema`, which exists.
///
/// # Errors
/// When the database refuses.
pub fn write(connection: &rusqlite::Connection, schema: &str) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(&upsert(schema))?;
    for one in ALL {
        statement.execute(rusqlite::params![one.name, one.default, one.unit, one.doc])?;
    }
    Ok(())
}
