//! Statements in SQLite's SQL: on a SQLite output as it is, or on a copy of what they read.

use std::ops::ControlFlow;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, Row};

use super::Query;
use super::names::Empty;
use super::page::Page;
use super::value::Value;
use crate::error::Kind;
use crate::report::input::Input;
use crate::system::reading::{self, Refused};
use crate::{Error, Result};

/// The advice where no name is like the one that is meant.
const HINT: &str =
    "the statement is in SQLite's SQL; `flaglake schema TABLE` explains a table or view";

/// Opens the data that the statement reads.
pub(super) async fn open(
    query: &Query<'_>,
    input: &Input<'_>,
    account: Option<&str>,
) -> Result<Connection> {
    if query.address.report_input().is_some() {
        return opened(input, account, query, &[]).await;
    }
    let bug = |error: rusqlite::Error| Error::new(Kind::Internal, error.to_string());
    let empty = Empty::create().map_err(bug)?;
    let names = empty.read_by(query.sql);
    let names = names.map_err(|refused| error(query, input, refused))?;
    if names.is_empty() {
        // It asks for the names of the tables, for instance.
        return Ok(empty.connection);
    }
    opened(input, account, query, &names).await
}

async fn opened(
    input: &Input<'_>,
    account: Option<&str>,
    query: &Query<'_>,
    names: &[&'static str],
) -> Result<Connection> {
    let connection = input.open_any(account, query.account, names).await?;
    // What a statement sorts may be larger than the memory, unlike what a report does.
    let stored = connection.pragma_update(None, "temp_store", "FILE");
    stored.map(|()| connection).map_err(|error| input.unreadable(&error))
}

/// Runs the statement.
pub(super) fn run(
    query: &Query<'_>,
    input: &Input<'_>,
    mut connection: Connection,
    page: &mut Page<'_>,
) -> Result<()> {
    reading::only(&mut connection, |_| {}).map_err(|error| input.unreadable(&error))?;
    let prepared = reading::prepare(&connection, query.sql);
    let mut statement = prepared.map_err(|refused| error(query, input, refused))?;
    let columns: Vec<_> = statement.column_names().map(str::to_owned).collect();
    if page.begin(&columns)?.is_break() {
        return Ok(());
    }
    let failed = |failed| error(query, input, Refused::Failed(failed, None));
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        if give(row, columns.len(), page).map_err(failed)?.is_break() {
            break;
        }
    }
    query.interrupt.check()
}

/// Gives a row to the page.
fn give(row: &Row<'_>, columns: usize, page: &mut Page<'_>) -> rusqlite::Result<ControlFlow<()>> {
    let values = (0..columns).map(|index| row.get_ref(index).map(value));
    Ok(page.row(&values.collect::<rusqlite::Result<Vec<_>>>()?))
}

fn value(value: ValueRef<'_>) -> Value<'_> {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(whole) => Value::Number(whole.to_string().into()),
        ValueRef::Real(real) => Value::of_real(real),
        ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes)),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.into()),
    }
}

fn error(query: &Query<'_>, input: &Input<'_>, refused: Refused) -> Error {
    match refused {
        Refused::NotReading => query.not_reading(),
        Refused::Failed(error, meant) if !is_of_data(&error) => {
            let hint = meant.map(|name| format!("did you mean `{name}`?"));
            query.failed(&reading::words(&error), hint.unwrap_or_else(|| HINT.to_owned()))
        }
        Refused::Failed(error, _) => input.unreadable(&error),
    }
}

/// Whether the data or the system is the reason for an error, and not the statement.
fn is_of_data(error: &rusqlite::Error) -> bool {
    use ErrorCode::{
        CannotOpen, DatabaseBusy, DatabaseCorrupt, DatabaseLocked, DiskFull, NotADatabase,
        OperationInterrupted, OutOfMemory, PermissionDenied, ReadOnly, SystemIoFailure,
    };
    matches!(
        error.sqlite_error_code(),
        Some(
            CannotOpen
                | DatabaseBusy
                | DatabaseCorrupt
                | DatabaseLocked
                | DiskFull
                | NotADatabase
                | OperationInterrupted
                | OutOfMemory
                | PermissionDenied
                | ReadOnly
                | SystemIoFailure
        )
    )
}
