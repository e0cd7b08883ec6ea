//! A PostgreSQL database. The rows arrive as text, the only form that every type has, while they
//! are staged: neither side holds all of them.

mod array;
mod errors;
mod value;

use futures::StreamExt;
use futures::future::LocalBoxFuture;
use tokio_postgres::{Client, SimpleQueryMessage, SimpleQueryRow};

use self::errors::{failed, search_path, unknown_table};
use self::value::Reading;
use super::{Each, NOT_TEXT, Rows, Selected};
use crate::model::table::postgres::list;
use crate::postgres::reading;
use crate::postgres::session::Session;
use crate::postgres::settings::Settings;
use crate::sync::cell::Cell;
use crate::system::interrupt::Interrupt;
use crate::{Error, Result};

struct Database {
    session: Session,
    settings: Settings,
    interrupt: Interrupt,
    from: From,
    columns: Vec<String>,
    readings: Vec<Reading>,
}

/// What is read.
enum From {
    /// The name of a table, as SQL.
    Table(String),
    Query(String),
}

/// Connects, and finds the columns of a table or a query.
pub(super) async fn open(
    settings: &Settings,
    selected: &Selected,
    interrupt: &Interrupt,
) -> Result<Box<dyn Rows>> {
    let opened = interrupt.or(async { Ok(Session::open(settings).await) }).await?;
    let session = opened.map_err(|failure| errors::not_connected(settings, &failure))?;
    let described = session.or(interrupt, describe(&session.client, settings, selected)).await;
    let (from, columns, readings) = match described {
        Ok(described) => described,
        Err(error) => {
            session.close().await;
            return Err(error);
        }
    };
    let (settings, interrupt) = (settings.clone(), interrupt.clone());
    Ok(Box::new(Database { session, settings, interrupt, from, columns, readings }))
}

/// Begins the transaction, and asks for the columns and their types.
async fn describe(
    client: &Client,
    settings: &Settings,
    selected: &Selected,
) -> Result<(From, Vec<String>, Vec<Reading>)> {
    let search_path = search_path(settings);
    let begun = reading::begin(client, search_path.as_deref()).await;
    begun.map_err(|error| failed(settings, &error))?;
    let from = match selected {
        Selected::Table(name) => From::Table(table(client, settings, name).await?),
        Selected::Query(query) => From::Query(query.clone()),
        Selected::All => From::Query(String::new()),
    };
    let sql = from.select(None);
    let statement = match reading::describe(client, &sql).await {
        Ok(Some(statement)) => statement,
        Ok(None) => return Err(not_reading(settings)),
        Err(error) => return Err(errors::refused(client, settings, &sql, &error).await),
    };
    let columns = statement.columns().iter();
    let readings = columns.clone().map(|column| Reading::of(column.type_())).collect();
    Ok((from, columns.map(|column| column.name().to_owned()).collect(), readings))
}

fn not_reading(settings: &Settings) -> Error {
    Error::usage("the query is not one that reads rows")
        .resource(settings.address())
        .hint("write one `SELECT` statement")
}

/// The name of a table as SQL, found by the rules of SQL: in the search path unless its schema is
/// named, and in lower case unless it is quoted.
async fn table(client: &Client, settings: &Settings, name: &str) -> Result<String> {
    let found = client.query_one("SELECT to_regclass($1)::text", &[&name]).await;
    let found = found.and_then(|row| row.try_get::<_, Option<String>>(0));
    match found.map_err(|error| failed(settings, &error))? {
        Some(name) => Ok(name),
        None => Err(unknown_table(client, settings, name).await),
    }
}

impl From {
    /// The statement that reads `columns`, or all of them if none are named. Of a table, only the
    /// columns that are needed are read.
    fn select(&self, columns: Option<&[&str]>) -> String {
        match self {
            From::Query(query) => query.clone(),
            From::Table(table) => {
                let columns = columns.map(|columns| list(columns.iter().copied()));
                format!("SELECT {} FROM {table}", columns.as_deref().unwrap_or("*"))
            }
        }
    }
}

impl Database {
    /// The columns of the statement that reads those `wanted`: for each of them its position, if
    /// there is such a column, and the statement.
    fn statement(&self, wanted: &[String]) -> (Vec<Option<(usize, &Reading)>>, String) {
        let at = |name: &String| self.columns.iter().position(|column| column == name);
        let found: Vec<_> = wanted.iter().filter(|name| at(name).is_some()).collect();
        let place = |name: &String| match self.from {
            From::Query(_) => at(name),
            From::Table(_) => found.iter().position(|one| *one == name),
        };
        let readings = |name: &String| Some((place(name)?, self.readings.get(at(name)?)?));
        let names: Vec<_> = found.iter().map(|name| name.as_str()).collect();
        (wanted.iter().map(readings).collect(), self.from.select(Some(&names)))
    }

    async fn read_all(&self, wanted: &[String], each: &mut Each<'_>) -> Result<()> {
        let broken = |error| failed(&self.settings, &error);
        let (readings, sql) = self.statement(wanted);
        let rows = self.session.client.simple_query_raw(&sql).await.map_err(broken)?;
        let mut rows = std::pin::pin!(rows);
        while let Some(message) = rows.next().await {
            if let SimpleQueryMessage::Row(row) = message.map_err(broken)? {
                give(&row, &readings, each)?;
            }
        }
        Ok(())
    }
}

/// Gives a row to `each`.
fn give(
    row: &SimpleQueryRow,
    readings: &[Option<(usize, &Reading)>],
    each: &mut Each<'_>,
) -> Result<()> {
    let texts: Vec<_> = readings.iter().map(|one| text(row, one.map(|(at, _)| at))).collect();
    let pairs = || readings.iter().map(|one| one.map(|(_, reading)| reading)).zip(&texts);
    // Values whose text is not the one that the server sent.
    let rewritten: Vec<_> = pairs()
        .map(|(reading, text)| reading?.rewritten(text.as_ref().ok()?.as_deref()?))
        .collect();
    let cells = pairs().zip(&rewritten).map(|((reading, text), rewritten)| match (reading, text) {
        (Some(reading), Ok(Some(text))) => reading.cell(text, rewritten.as_deref()),
        (_, Err(NotText)) => NOT_TEXT,
        _ => Cell::Null,
    });
    each(&cells.collect::<Vec<_>>())
}

/// A value in a database whose encoding is not known.
struct NotText;

fn text(
    row: &SimpleQueryRow,
    at: Option<usize>,
) -> Result<Option<std::borrow::Cow<'_, str>>, NotText> {
    let Some(at) = at else { return Ok(None) };
    row.try_get(at).map(|text| text.map(Into::into)).map_err(|_| NotText)
}

impl Rows for Database {
    fn columns(&self) -> Option<&[String]> {
        Some(&self.columns)
    }

    fn read<'r>(
        self: Box<Self>,
        wanted: &'r [String],
        each: &'r mut Each<'_>,
    ) -> LocalBoxFuture<'r, Result<()>> {
        Box::pin(async move {
            let read = self.session.or(&self.interrupt, self.read_all(wanted, each)).await;
            // The transaction ends with the connection; it has nothing to commit.
            self.session.close().await;
            read
        })
    }
}
