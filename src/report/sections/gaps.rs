//! The resources that were not read completely, and the reasons.

use rusqlite::Connection;
use serde::Serialize;

use crate::report::columns::rows;
use crate::report::words::{count, some};

/// A resource that was not read completely, for one reason.
#[derive(Debug, Serialize)]
pub struct Gap {
    /// Name of the resource.
    pub resource: String,
    /// The outcome: `invalid_permissions`, `not_available` or `skipped`.
    pub outcome: String,
    /// The projects and environments concerned; empty for the whole account.
    pub scopes: Vec<String>,
    /// The views that are incomplete as a result.
    pub views: Vec<String>,
}

const SQL: &str = "
    SELECT DISTINCT resource, outcome, coalesce(scope, ''), view_name
    FROM view_coverage
    WHERE outcome <> 'complete'
    ORDER BY resource, outcome, scope, view_name";

/// Reads them.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &Connection) -> rusqlite::Result<Vec<Gap>> {
    let found = rows(connection, SQL, |row| -> rusqlite::Result<[String; 4]> {
        Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?])
    })?;
    let mut gaps: Vec<Gap> = Vec::new();
    for [resource, outcome, scope, view] in found {
        let is_same = |gap: &Gap| gap.resource == resource && gap.outcome == outcome;
        if !gaps.last().is_some_and(is_same) {
            gaps.push(Gap { resource, outcome, scopes: Vec::new(), views: Vec::new() });
        }
        if let Some(gap) = gaps.last_mut() {
            add(&mut gap.scopes, scope);
            add(&mut gap.views, view);
        }
    }
    Ok(gaps)
}

/// Keys of projects with flags, but without an environment that is critical.
///
/// # Errors
/// When the database cannot be read.
pub fn without_critical_environment(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT DISTINCT project_key FROM flags
               WHERE state <> 'archived' AND project_key NOT IN (
                   SELECT project_key FROM critical_environments)
               ORDER BY project_key";
    rows(connection, sql, |row| row.get(0))
}

fn add(names: &mut Vec<String>, name: String) {
    if !name.is_empty() && !names.contains(&name) {
        names.push(name);
    }
}

impl Gap {
    /// The gap in words: what was not read, where, and why.
    pub fn sentence(&self) -> String {
        let place = match self.scopes.as_slice() {
            [] => String::new(),
            scopes if scopes.len() > 3 => {
                let number = i64::try_from(scopes.len()).unwrap_or(i64::MAX);
                format!(" of {} ({})", count(number, "scope"), some(scopes, 3))
            }
            scopes => format!(" of {}", some(scopes, 3)),
        };
        format!("{}{place}: {} ({})", self.name(), self.reason(), self.outcome)
    }

    /// The resource in words.
    pub fn name(&self) -> String {
        self.resource.replace('_', " ")
    }

    /// Why it was not read.
    pub fn reason(&self) -> &'static str {
        match self.outcome.as_str() {
            "invalid_permissions" => "the access token may not read this",
            "not_available" => "LaunchDarkly does not offer this to the account",
            "skipped" => "left out of this extraction",
            "not_kept" => "this output does not keep earlier versions of rows",
            _ => "not read completely",
        }
    }

    /// The projects and environments, for people.
    pub fn shown_scopes(&self) -> String {
        some(&self.scopes, 5)
    }

    /// The incomplete views, for people.
    pub fn shown_views(&self) -> String {
        let names: Vec<_> = self.views.iter().map(|view| view.replace('_', " ")).collect();
        some(&names, 6)
    }
}
