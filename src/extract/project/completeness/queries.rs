//! Questions to the stage about one project: what cannot stand, and what is missing.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;

use crate::Result;
use crate::model::resource::Resource;
use crate::model::scope::{Level, Scope};
use crate::model::table::{Sink, TableInfo};
use crate::resources;
use crate::resources::PageRows;
use crate::resources::flag_statuses::FlagStatuses;
use crate::resources::flags::Flags;
use crate::resources::projects::Projects;
use crate::resources::teams::Teams;
use crate::stage::Writer;

/// Flags of a project, each with environments.
pub(in crate::extract) type Missing = BTreeMap<String, BTreeSet<String>>;

/// The tables with a row for a flag in an environment.
fn configuration_tables() -> impl Iterator<Item = TableInfo> {
    let tables = Flags::TABLES.iter().map(|table| table());
    tables.filter(|table| table.position("environment_key").is_some())
}

/// Drops configurations that cannot stand: those of archived flags, which a walk saw before they
/// were archived, and those of environments that are not known.
pub(in crate::extract) fn drop_strays(writer: &mut Writer<'_>, project_key: &str) -> Result<()> {
    let sql = "SELECT DISTINCT environment_key FROM flag_environments WHERE project_key = ?1
               EXCEPT SELECT environment_key FROM environments WHERE project_key = ?1";
    let unknown = column(writer, sql, project_key)?;
    for table in configuration_tables().filter(|table| writer.wants(table.name)) {
        let archived = format!(
            "DELETE FROM {} WHERE project_key = ?1 AND flag_key IN (
                 SELECT flag_key FROM flags WHERE project_key = ?1 AND state = 'archived')",
            table.name
        );
        writer.connection.execute(&archived, [project_key])?;
        for environment in &unknown {
            let stray = format!(
                "DELETE FROM {} WHERE project_key = ?1 AND environment_key = ?2",
                table.name
            );
            writer.connection.execute(&stray, params![project_key, environment])?;
        }
    }
    Ok(())
}

/// The environments in which `table` lacks a row for a flag in use.
pub(in crate::extract) fn missing(
    writer: &mut Writer<'_>,
    table: &str,
    project_key: &str,
    environments: &BTreeSet<String>,
) -> Result<Missing> {
    // Counting takes one look-up a flag; only flags that fall short are looked at more closely.
    let short = format!(
        "SELECT flag_key FROM flags WHERE project_key = ?1 AND state <> 'archived' AND ?3 > (
             SELECT count(*) FROM {table} AS seen
             WHERE seen.project_key = ?1 AND seen.flag_key = flags.flag_key
               AND seen.environment_key IN (SELECT value FROM json_each(?2)))"
    );
    let keys = serde_json::json!(environments).to_string();
    let count = i64::try_from(environments.len()).unwrap_or(i64::MAX);
    let mut statement = writer.connection.prepare(&short)?;
    let flags = statement.query_map(params![project_key, keys, count], |row| row.get(0))?;
    let present =
        format!("SELECT environment_key FROM {table} WHERE project_key = ?1 AND flag_key = ?2");
    let mut present = writer.connection.prepare(&present)?;
    let mut missing = Missing::new();
    for flag in flags {
        let flag: String = flag?;
        let keys = present.query_map(params![project_key, flag], |row| row.get(0))?;
        let seen = keys.collect::<Result<BTreeSet<String>, _>>()?;
        missing.insert(flag, environments.difference(&seen).cloned().collect());
    }
    Ok(missing)
}

/// Flags that have a status but were in no list.
pub(in crate::extract) fn strangers(
    writer: &mut Writer<'_>,
    project_key: &str,
) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT flag_key FROM flag_statuses WHERE project_key = ?1
               EXCEPT SELECT flag_key FROM flags WHERE project_key = ?1";
    column(writer, sql, project_key)
}

/// Flags that are evaluated: live and deprecated ones.
pub(in crate::extract) fn in_use(
    writer: &mut Writer<'_>,
    project_key: &str,
) -> Result<Vec<String>> {
    let sql = "SELECT flag_key FROM flags WHERE project_key = ?1 AND state <> 'archived'";
    column(writer, sql, project_key)
}

/// What tells whether a flag is still the same: when it was created, its version and its state.
pub(in crate::extract) type Identity = (String, i64, String);

/// The flags among `flags` that are staged.
pub(in crate::extract) fn identities(
    writer: &mut Writer<'_>,
    project_key: &str,
    flags: &BTreeSet<String>,
) -> Result<BTreeMap<String, Identity>> {
    let sql = "SELECT flag_key, created_at, version, state FROM flags
               WHERE project_key = ?1 AND flag_key IN (SELECT value FROM json_each(?2))";
    let keys = serde_json::json!(flags).to_string();
    let mut statement = writer.connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![project_key, keys], |row| {
        Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Archived flags that have a status.
pub(in crate::extract) fn archived_with_status(
    writer: &mut Writer<'_>,
    project_key: &str,
) -> Result<Vec<String>> {
    let sql = "SELECT flag_key FROM flags WHERE project_key = ?1 AND state = 'archived'
               AND EXISTS (SELECT 1 FROM flag_statuses AS seen
                           WHERE seen.project_key = ?1 AND seen.flag_key = flags.flag_key)";
    column(writer, sql, project_key)
}

/// Drops statuses of archived flags that have fewer than `least` of them in `environments`: of a
/// flag that was archived while statuses were read, some lists have one and others do not.
pub(in crate::extract) fn drop_archived_statuses(
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
    writer.connection.execute(sql, params![project_key, keys, least])?;
    Ok(())
}

/// Takes a deleted flag out of the stage.
pub(in crate::extract) fn forget(
    writer: &mut Writer<'_>,
    project_key: &str,
    flag_key: &str,
) -> Result<()> {
    for table in Flags::TABLES.iter().chain(FlagStatuses::TABLES).map(|table| table()) {
        if writer.wants(table.name) {
            let sql =
                format!("DELETE FROM {} WHERE project_key = ?1 AND flag_key = ?2", table.name);
            writer.connection.execute(&sql, params![project_key, flag_key])?;
        }
    }
    Ok(())
}

/// The tables of what is nested in projects. Lists of the account may name a project, but are read
/// on their own: the audit log tells of projects that are long gone.
fn inside() -> impl Iterator<Item = TableInfo> {
    let nested =
        |resource: &&&dyn PageRows| matches!(resource.level(), Level::Project | Level::Environment);
    resources::ALL.iter().filter(nested).flat_map(|resource| resource.tables())
}

/// Takes a deleted project out of the stage, with everything inside it.
pub(in crate::extract) fn forget_project(writer: &mut Writer<'_>, project_key: &str) -> Result<()> {
    // The list of projects holds their environments, too.
    let own = Projects::TABLES.iter().map(|table| table());
    for table in own.chain(inside()).filter(|table| writer.wants(table.name)) {
        let sql = format!("DELETE FROM {} WHERE project_key = ?1", table.name);
        writer.connection.execute(&sql, [project_key])?;
    }
    Ok(())
}

/// Takes a deleted environment out of the stage.
pub(in crate::extract) fn forget_environment(writer: &mut Writer<'_>, scope: &Scope) -> Result<()> {
    let keyed = inside().filter(|table| table.position("environment_key").is_some());
    for table in keyed.filter(|table| writer.wants(table.name)) {
        let sql =
            format!("DELETE FROM {} WHERE project_key = ?1 AND environment_key = ?2", table.name);
        writer.connection.execute(&sql, params![scope.project_key(), scope.environment_key()])?;
    }
    Ok(())
}

/// Takes a deleted team out of the stage: its own row, and what was read of it by itself.
pub(in crate::extract) fn forget_team(writer: &mut Writer<'_>, team_key: &str) -> Result<()> {
    let nested = resources::ALL.iter().filter(|resource| resource.level() == Level::Team);
    let own = Teams::TABLES.iter().map(|table| table());
    let tables = own.chain(nested.flat_map(|resource| resource.tables()));
    for table in tables.filter(|table| writer.wants(table.name)) {
        let sql = format!("DELETE FROM {} WHERE team_key = ?1", table.name);
        writer.connection.execute(&sql, [team_key])?;
    }
    Ok(())
}

/// The keys of the teams.
pub(in crate::extract) fn teams(writer: &mut Writer<'_>) -> Result<Vec<String>> {
    let mut statement = writer.connection.prepare("SELECT team_key FROM teams")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes what a resource's tables hold of one scope out of the stage.
pub(in crate::extract) fn forget_scope(
    writer: &mut Writer<'_>,
    tables: &[fn() -> TableInfo],
    level: Level,
    scope: &Scope,
) -> Result<()> {
    let condition = match level {
        Level::Account => "TRUE",
        Level::Team => "team_key = ?1",
        Level::Project => "project_key = ?1",
        Level::Environment => "project_key = ?1 AND environment_key = ?2",
    };
    for table in tables.iter().map(|table| table()).filter(|table| writer.wants(table.name)) {
        let sql = format!("DELETE FROM {} WHERE {condition}", table.name);
        writer.connection.execute(&sql, rusqlite::params_from_iter(scope.keys()))?;
    }
    Ok(())
}

fn column(writer: &mut Writer<'_>, sql: &str, project_key: &str) -> Result<Vec<String>> {
    let mut statement = writer.connection.prepare_cached(sql)?;
    let rows = statement.query_map([project_key], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
