//! Queries of the stage about the flags of one project: invalid rows, and missing rows.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;

use crate::Result;
use crate::model::resource::Resource;
use crate::model::table::{Sink, TableInfo};
use crate::model::time;
use crate::resources::flag_statuses::FlagStatuses;
use crate::resources::flags::Flags;
use crate::stage::Writer;

/// Flags of a project, each with the environments in which a row is missing.
pub(in crate::extract::project) type Missing = BTreeMap<String, BTreeSet<String>>;

/// The tables with a row for a flag in an environment.
fn configuration_tables() -> impl Iterator<Item = TableInfo> {
    let tables = Flags::TABLES.iter().map(|table| table());
    tables.filter(|table| table.position("environment_key").is_some())
}

/// Deletes invalid configurations: those of flags that were archived after a walk had read them,
/// and those of unknown environments.
pub(in crate::extract::project) fn drop_invalid(
    writer: &mut Writer<'_>,
    project_key: &str,
) -> Result<()> {
    let sql = "SELECT DISTINCT environment_key FROM flag_environments WHERE project_key = ?1
               EXCEPT SELECT environment_key FROM environments WHERE project_key = ?1";
    let unknown = column(writer, sql, project_key)?;
    let connection = writer.in_project(project_key)?;
    for table in configuration_tables().filter(|table| writer.wants(table.name)) {
        let archived = format!(
            "DELETE FROM {} WHERE project_key = ?1 AND flag_key IN (
                 SELECT flag_key FROM flags WHERE project_key = ?1 AND state = 'archived')",
            table.name
        );
        connection.execute(&archived, [project_key])?;
        for environment in &unknown {
            let stray = format!(
                "DELETE FROM {} WHERE project_key = ?1 AND environment_key = ?2",
                table.name
            );
            connection.execute(&stray, params![project_key, environment])?;
        }
    }
    Ok(())
}

/// Flags in use for which `table` lacks a row in some of these environments.
pub(in crate::extract::project) fn missing(
    writer: &mut Writer<'_>,
    table: &str,
    project_key: &str,
    environments: &BTreeSet<String>,
) -> Result<Missing> {
    let flags = incomplete(writer, table, project_key, environments)?;
    let present =
        format!("SELECT environment_key FROM {table} WHERE project_key = ?1 AND flag_key = ?2");
    let mut present = writer.in_project(project_key)?.prepare(&present)?;
    let mut missing = Missing::new();
    for flag in flags {
        let keys = present.query_map(params![project_key, flag], |row| row.get(0))?;
        let seen = keys.collect::<Result<BTreeSet<String>, _>>()?;
        missing.insert(flag, environments.difference(&seen).cloned().collect());
    }
    Ok(missing)
}

/// The keys of flags in use for which `table` has fewer rows than there are environments. This
/// takes one look-up for each flag; [`missing`] compares the environments of these flags only.
pub(super) fn incomplete(
    writer: &mut Writer<'_>,
    table: &str,
    project_key: &str,
    environments: &BTreeSet<String>,
) -> Result<Vec<String>> {
    let sql = format!(
        "SELECT flag_key FROM flags WHERE project_key = ?1 AND state <> 'archived' AND ?3 > (
             SELECT count(*) FROM {table} AS seen
             WHERE seen.project_key = ?1 AND seen.flag_key = flags.flag_key
               AND seen.environment_key IN (SELECT value FROM json_each(?2)))"
    );
    let keys = serde_json::json!(environments).to_string();
    let count = i64::try_from(environments.len()).unwrap_or(i64::MAX);
    let mut statement = writer.in_project(project_key)?.prepare(&sql)?;
    let flags = statement.query_map(params![project_key, keys, count], |row| row.get(0))?;
    Ok(flags.collect::<Result<_, _>>()?)
}

/// Flags that have a status but no row of their own.
pub(in crate::extract::project) fn orphans(
    writer: &mut Writer<'_>,
    project_key: &str,
) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT flag_key FROM flag_statuses WHERE project_key = ?1
               EXCEPT SELECT flag_key FROM flags WHERE project_key = ?1";
    column(writer, sql, project_key)
}

/// All flags of a project.
pub(super) fn keys(writer: &mut Writer<'_>, project_key: &str) -> Result<Vec<String>> {
    column(writer, "SELECT flag_key FROM flags WHERE project_key = ?1", project_key)
}

/// Flags that are evaluated: live and deprecated ones.
pub(in crate::extract::project) fn in_use(
    writer: &mut Writer<'_>,
    project_key: &str,
) -> Result<Vec<String>> {
    let sql = "SELECT flag_key FROM flags WHERE project_key = ?1 AND state <> 'archived'";
    column(writer, sql, project_key)
}

/// Tells whether a flag is still the same: its time of creation, its version and its state.
pub(in crate::extract::project) type Identity = (String, i64, String);

/// The identities of those flags among `flags` that are staged.
pub(in crate::extract::project) fn identities(
    writer: &mut Writer<'_>,
    project_key: &str,
    flags: &BTreeSet<String>,
) -> Result<BTreeMap<String, Identity>> {
    let sql = "SELECT flag_key, created_at, version, state FROM flags
               WHERE project_key = ?1 AND flag_key IN (SELECT value FROM json_each(?2))";
    let keys = serde_json::json!(flags).to_string();
    let mut statement = writer.in_project(project_key)?.prepare_cached(sql)?;
    let rows = statement.query_map(params![project_key, keys], |row| {
        Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Archived flags that have a status.
pub(in crate::extract::project) fn archived_with_status(
    writer: &mut Writer<'_>,
    project_key: &str,
) -> Result<Vec<String>> {
    let sql = "SELECT flag_key FROM flags WHERE project_key = ?1 AND state = 'archived'
               AND EXISTS (SELECT 1 FROM flag_statuses AS seen
                           WHERE seen.project_key = ?1 AND seen.flag_key = flags.flag_key)";
    column(writer, sql, project_key)
}

/// Deletes the statuses of archived flags that have fewer than `least` of them in `environments`.
/// If a flag was archived while statuses were read, only the lists read before that have its
/// status.
pub(in crate::extract::project) fn drop_archived_statuses(
    writer: &mut Writer<'_>,
    project_key: &str,
    environments: &BTreeSet<String>,
    least: usize,
) -> Result<()> {
    let sql = "DELETE FROM flag_statuses WHERE project_key = ?1 AND flag_key IN (
                   SELECT flag_key FROM flags
                   WHERE project_key = ?1 AND state = 'archived' AND ?3 > (
                       SELECT count(*) FROM flag_statuses AS seen
                       WHERE seen.project_key = ?1 AND seen.flag_key = flags.flag_key
                         AND seen.environment_key IN (SELECT value FROM json_each(?2))))";
    let keys = serde_json::json!(environments).to_string();
    let least = i64::try_from(least).unwrap_or(i64::MAX);
    writer.in_project(project_key)?.execute(sql, params![project_key, keys, least])?;
    Ok(())
}

/// Deletes the statuses of flags that were created after `newest` (milliseconds since 1970).
pub(in crate::extract::project) fn drop_statuses_of_newer(
    writer: &mut Writer<'_>,
    project_key: &str,
    newest: i64,
) -> Result<()> {
    let mut text = String::new();
    if time::push(newest, &mut text).is_none() {
        return Ok(());
    }
    let sql = "DELETE FROM flag_statuses WHERE project_key = ?1 AND flag_key IN (
                   SELECT flag_key FROM flags WHERE project_key = ?1 AND created_at > ?2)";
    writer.in_project(project_key)?.execute(sql, params![project_key, text])?;
    Ok(())
}

/// Deletes the rows of a deleted flag.
pub(in crate::extract::project) fn forget_flag(
    writer: &mut Writer<'_>,
    project_key: &str,
    flag_key: &str,
) -> Result<()> {
    let tables = Flags::TABLES.iter().chain(FlagStatuses::TABLES).map(|table| table());
    let connection = writer.in_project(project_key)?;
    for table in tables.filter(|table| writer.wants(table.name)) {
        let sql = format!("DELETE FROM {} WHERE project_key = ?1 AND flag_key = ?2", table.name);
        connection.execute(&sql, params![project_key, flag_key])?;
    }
    Ok(())
}

fn column(writer: &mut Writer<'_>, sql: &str, project_key: &str) -> Result<Vec<String>> {
    let mut statement = writer.in_project(project_key)?.prepare_cached(sql)?;
    let rows = statement.query_map([project_key], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
