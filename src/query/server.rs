//! Statements in PostgreSQL's SQL, which run on the server of the output.

use std::borrow::Cow;
use std::ops::ControlFlow;

use futures::StreamExt;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error as Broken, SimpleQueryMessage, SimpleQueryRow};

use super::Query;
use super::page::Page;
use super::value::Value;
use crate::destinations::contract::OnServer;
use crate::error::Kind;
use crate::model::table::postgres::quoted;
use crate::postgres::reading;
use crate::postgres::session::{Failure, Session, hint, words};
use crate::{Error, Result};

/// The advice where the server has none.
const HINT: &str =
    "the statement is in PostgreSQL's SQL; `flaglake schema TABLE` explains a table or view";

/// Runs the statement in a transaction that cannot write, and that is never committed.
pub(super) async fn run(query: &Query<'_>, place: OnServer<'_>, page: &mut Page<'_>) -> Result<()> {
    let opening = async { Ok(Session::open(place.settings).await) };
    let opened = query.interrupt.or(opening).await?;
    let session = opened.map_err(|failure| not_connected(query, &failure))?;
    let running = read(query, &session.client, place.schema, page);
    let outcome = session.or(query.interrupt, running).await;
    if outcome.as_ref().is_ok_and(ControlFlow::is_break) {
        session.cancel().await;
    }
    session.close().await;
    outcome.map(drop)
}

async fn read(
    query: &Query<'_>,
    client: &Client,
    schema: &str,
    page: &mut Page<'_>,
) -> Result<ControlFlow<()>> {
    let search_path = format!("{}, public", quoted(schema));
    let begun = reading::begin(client, Some(&search_path)).await;
    begun.map_err(|error| failed(query, &error))?;
    check_account(query, client).await?;
    let statement = match reading::describe(client, query.sql).await {
        Ok(Some(statement)) => statement,
        Ok(None) => return Err(query.not_reading()),
        Err(error) => return Err(refused(query, client, &search_path, &error).await),
    };
    let columns = statement.columns();
    let names: Vec<_> = columns.iter().map(|column| column.name().to_owned()).collect();
    let types: Vec<_> = columns.iter().map(|column| column.type_().clone()).collect();
    if page.begin(&names)?.is_break() {
        return Ok(ControlFlow::Continue(()));
    }
    stream(client, query.sql, &types, page).await.map_err(|error| failed(query, &error))
}

/// Reads the rows as text, the only form that every type has. Breaks where there may be more.
async fn stream(
    client: &Client,
    sql: &str,
    types: &[Type],
    page: &mut Page<'_>,
) -> Result<ControlFlow<()>, Broken> {
    let rows = client.simple_query_raw(sql).await?;
    let mut rows = std::pin::pin!(rows);
    while let Some(message) = rows.next().await {
        if let SimpleQueryMessage::Row(row) = message?
            && give(&row, types, page).is_break()
        {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn give(row: &SimpleQueryRow, types: &[Type], page: &mut Page<'_>) -> ControlFlow<()> {
    let text = |index| row.try_get(index).unwrap_or(Some("(bytes that are not UTF-8)"));
    let values = types.iter().enumerate().map(|(index, ty)| match text(index) {
        Some(text) => value(ty, text),
        None => Value::Null,
    });
    page.row(&values.collect::<Vec<_>>())
}

fn value<'t>(ty: &Type, text: &'t str) -> Value<'t> {
    let is_finite = text.ends_with(|last: char| last.is_ascii_digit());
    match *ty {
        Type::BOOL => Value::Bool(text == "t"),
        Type::INT2 | Type::INT4 | Type::INT8 | Type::OID => Value::Number(text.into()),
        Type::NUMERIC | Type::FLOAT4 | Type::FLOAT8 if is_finite => Value::Number(text.into()),
        Type::BYTEA => bytes(text).map_or(Value::Text(text.into()), Value::Bytes),
        _ => Value::Text(text.into()),
    }
}

/// The bytes of `\x6869`.
fn bytes(text: &str) -> Option<Cow<'static, [u8]>> {
    let digits = text.strip_prefix("\\x")?;
    let pairs = (0..digits.len()).step_by(2).map(|at| digits.get(at..at + 2));
    let bytes = pairs.map(|pair| u8::from_str_radix(pair?, 16).ok());
    bytes.collect::<Option<Vec<_>>>().map(Cow::Owned)
}

/// Checks that the schema holds the account that was asked about.
async fn check_account(query: &Query<'_>, client: &Client) -> Result<()> {
    let Some(wanted) = query.account else { return Ok(()) };
    let sql = "SELECT account_id FROM latest_extraction WHERE account_id IS NOT NULL";
    let held = client.query(sql, &[]).await.map_err(|error| failed(query, &error))?;
    let held: Vec<String> = held.iter().filter_map(|row| row.try_get(0).ok()).collect();
    if held.iter().any(|one| one == wanted) {
        return Ok(());
    }
    let name = query.address.to_string();
    let error = Error::usage(format!("`{name}` does not hold the account `{wanted}`"));
    let names: Vec<_> = held.iter().map(|one| format!("`{one}`")).collect();
    Err(error.resource(name).hint(format!("it holds {}", names.join(", "))))
}

fn not_connected(query: &Query<'_>, failure: &Failure) -> Error {
    let name = query.address.to_string();
    let message = format!("could not read `{name}`: {}", failure.reason());
    Error::new(Kind::OutputFailed, message)
        .resource(name)
        .hint(failure.hint().unwrap_or("run again"))
}

/// The error of a statement, or of a connection that was lost.
fn failed(query: &Query<'_>, error: &Broken) -> Error {
    let advice = hint(error).or_else(|| reading::hint(error)).unwrap_or(HINT);
    if error.code().is_some() {
        return query.failed(&words(error), advice);
    }
    let name = query.address.to_string();
    let message = format!("could not read `{name}`: {}", words(error));
    Error::new(Kind::OutputFailed, message).resource(name).hint(advice)
}

/// The error of a statement that the server refuses, with the name that may be meant.
async fn refused(query: &Query<'_>, client: &Client, search_path: &str, error: &Broken) -> Error {
    let refused = failed(query, error);
    match reading::advice(client, Some(search_path), query.sql, error).await {
        Some(hint) => refused.hint(hint),
        None => refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_digit_of_a_number_is_lost() {
        for (ty, text) in
            [(Type::NUMERIC, "12345678901234567890.10"), (Type::INT8, "-9223372036854775808")]
        {
            assert_eq!(value(&ty, text), Value::Number(text.into()));
        }
        assert_eq!(value(&Type::NUMERIC, "NaN"), Value::Text("NaN".into()));
        assert_eq!(value(&Type::BYTEA, "\\x00ff"), Value::Bytes(b"\x00\xff"[..].into()));
        assert_eq!(value(&Type::BOOL, "f"), Value::Bool(false));
    }
}
