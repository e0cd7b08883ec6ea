//! The checks before anything is published: counts, scopes and references.

use std::collections::BTreeMap;
use std::path::Path;
use std::thread::{self, JoinHandle};

use rusqlite::{Connection, OpenFlags};

use crate::error::Kind;
use crate::model::resource::AnyResource;
use crate::model::scope::{Level, Scope};
use crate::record::Record;
use crate::resources::selection::Selection;
use crate::stage::Staged;
use crate::system::interrupt::Interrupt;
use crate::{Error, Result};

/// Checks that everything selected was read, and notes the number of distinct rows of every
/// resource and scope.
///
/// # Errors
/// When a selected resource was not read completely.
pub fn verify(
    staged: &Staged,
    record: &Record,
    selection: &Selection,
    interrupt: &Interrupt,
) -> Result<()> {
    for resource in selection.resources() {
        interrupt.check()?;
        let counts = counts(&staged.connection, resource)?;
        for scope in expected(&staged.connection, resource.level())? {
            let tally = record.tally(resource.name(), &scope);
            let distinct = counts.get(&scope).copied().unwrap_or_default();
            tally.note(|facts| facts.distinct_rows = distinct);
        }
    }
    let unread = record.pending().map(|(resource, scope)| unread(resource, &scope));
    unread.map_or(Ok(()), Err)
}

/// The check that the parents of every row exist. It runs on its own thread while rows are copied.
/// Nothing is published before it has passed.
pub struct ReferenceCheck(JoinHandle<Result<()>>);

impl ReferenceCheck {
    /// Starts checking the staging database at `stage`.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start(stage: &Path, interrupt: &Interrupt) -> Result<Self> {
        let connection = Connection::open_with_flags(stage, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        interrupt.watch(&connection);
        let thread = thread::Builder::new().name("references".into());
        let check = thread.spawn(move || references(&connection));
        check.map(ReferenceCheck).map_err(|error| Error::output(stage, error))
    }

    /// Waits for the outcome.
    ///
    /// # Errors
    /// When a reference has no target.
    pub fn finish(self) -> Result<()> {
        let bug = |_| Error::new(Kind::Internal, "the check of references stopped working");
        self.0.join().map_err(bug)?
    }
}

fn references(connection: &Connection) -> Result<()> {
    let mut check = connection.prepare("PRAGMA foreign_key_check")?;
    let mut rows = check.query([])?;
    let Some(row) = rows.next()? else { return Ok(()) };
    let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
    let message = format!("a row of `{table}` refers to a row of `{parent}` that does not exist");
    Err(Error::new(Kind::UnexpectedResponse, message)
        .resource(table)
        .hint("the account changed while it was read: run again"))
}

/// The scopes in which a resource of `level` must have been read.
fn expected(connection: &Connection, level: Level) -> Result<Vec<Scope>> {
    let sql = match level {
        Level::Account | Level::Team => "SELECT '', ''",
        Level::Project => "SELECT project_key, '' FROM projects",
        Level::Environment => "SELECT project_key, environment_key FROM environments",
    };
    let mut statement = connection.prepare(sql)?;
    let scopes = statement.query_map([], |row| scope(row, level))?;
    Ok(scopes.collect::<Result<_, _>>()?)
}

/// The rows of a resource's first table, by scope.
///
/// # Errors
/// When there is no such table.
pub fn counts(connection: &Connection, resource: &dyn AnyResource) -> Result<BTreeMap<Scope, i64>> {
    let keys = match resource.level() {
        Level::Account | Level::Team => "'', ''",
        Level::Project => "project_key, ''",
        Level::Environment => "project_key, environment_key",
    };
    let tables = resource.tables();
    let Some(table) = tables.first() else { return Ok(BTreeMap::new()) };
    let sql = format!("SELECT {keys}, count(*) FROM {} GROUP BY 1, 2", table.name);
    let mut statement = connection.prepare(&sql)?;
    let level = resource.level();
    let counts = statement.query_map([], |row| Ok((scope(row, level)?, row.get(2)?)))?;
    Ok(counts.collect::<Result<_, _>>()?)
}

/// The scope in the first two columns of a row. A resource of teams is recorded for the account.
fn scope(row: &rusqlite::Row<'_>, level: Level) -> rusqlite::Result<Scope> {
    Ok(match level {
        Level::Account | Level::Team => Scope::Account,
        Level::Project => Scope::Project(row.get(0)?),
        Level::Environment => {
            Scope::environment(row.get::<_, String>(0)?, row.get::<_, String>(1)?)
        }
    })
}

fn unread(resource: &str, scope: &Scope) -> Error {
    let place =
        if *scope == Scope::Account { "the account".to_owned() } else { format!("`{scope}`") };
    Error::new(Kind::Internal, format!("{resource} was not read for {place}")).resource(resource)
}
