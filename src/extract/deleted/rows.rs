//! Removes the rows of deleted objects from the stage.

use rusqlite::params;

use crate::Result;
use crate::model::resource::Resource;
use crate::model::scope::{Level, Scope};
use crate::model::table::{Sink, TableInfo};
use crate::resources;
use crate::resources::PageRows;
use crate::resources::projects::Projects;
use crate::resources::teams::Teams;
use crate::stage::Writer;

/// The tables of resources that are nested in projects. Lists of the account may name a project as
/// well, but they are read on their own: the audit log has entries of projects deleted long ago.
fn inside() -> impl Iterator<Item = TableInfo> {
    let nested =
        |resource: &&&dyn PageRows| matches!(resource.level(), Level::Project | Level::Environment);
    resources::ALL.iter().filter(nested).flat_map(|resource| resource.tables())
}

/// Removes a deleted project and everything inside it.
pub(in crate::extract) fn forget_project(writer: &mut Writer<'_>, project_key: &str) -> Result<()> {
    // The list of projects fills the table of environments, too.
    let own = Projects::TABLES.iter().map(|table| table());
    let connection = writer.in_project(project_key)?;
    for table in own.chain(inside()).filter(|table| writer.wants(table.name)) {
        let sql = format!("DELETE FROM {} WHERE project_key = ?1", table.name);
        connection.execute(&sql, [project_key])?;
    }
    Ok(())
}

/// Removes a deleted environment and everything inside it.
pub(in crate::extract) fn forget_environment(writer: &mut Writer<'_>, scope: &Scope) -> Result<()> {
    let connection = writer.in_project(scope.project_key())?;
    let keyed = inside().filter(|table| table.position("environment_key").is_some());
    for table in keyed.filter(|table| writer.wants(table.name)) {
        let sql =
            format!("DELETE FROM {} WHERE project_key = ?1 AND environment_key = ?2", table.name);
        connection.execute(&sql, params![scope.project_key(), scope.environment_key()])?;
    }
    Ok(())
}

/// Removes a deleted team: its own row, and the rows of its lists.
pub(in crate::extract) fn forget_team(writer: &mut Writer<'_>, team_key: &str) -> Result<()> {
    let nested = resources::ALL.iter().filter(|resource| resource.level() == Level::Team);
    let own = Teams::TABLES.iter().map(|table| table());
    let tables = own.chain(nested.flat_map(|resource| resource.tables()));
    for table in tables.filter(|table| writer.wants(table.name)) {
        let sql = format!("DELETE FROM {} WHERE team_key = ?1", table.name);
        writer.outside_projects().execute(&sql, [team_key])?;
    }
    Ok(())
}

/// Removes the rows of one scope from the tables of a resource.
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
    let connection = match level {
        Level::Account | Level::Team => writer.outside_projects(),
        Level::Project | Level::Environment => writer.in_project(scope.project_key())?,
    };
    for table in tables.iter().map(|table| table()).filter(|table| writer.wants(table.name)) {
        let sql = format!("DELETE FROM {} WHERE {condition}", table.name);
        connection.execute(&sql, rusqlite::params_from_iter(scope.keys()))?;
    }
    Ok(())
}
