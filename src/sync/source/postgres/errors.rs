//! The errors of a source on a server.

use tokio_postgres::error::{DbError, ErrorPosition, SqlState};
use tokio_postgres::{Client, Error as Failed};

use crate::Error;
use crate::postgres::session::{Failure, hint, words};
use crate::postgres::settings::Settings;
use crate::sync::source::unreadable;
use crate::terminal::suggest::closest;

/// The tables and views that this role can name, as it would name them in a query.
const NAMES: &str = "
    SELECT CASE WHEN pg_table_is_visible(c.oid) THEN quote_ident(c.relname)
        ELSE quote_ident(n.nspname) || '.' || quote_ident(c.relname) END
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND has_schema_privilege(n.oid, 'USAGE')
      AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";

/// The error of a connection that was not made.
pub(super) fn not_connected(settings: &Settings, failure: &Failure) -> Error {
    let error = unreadable(&settings.address(), failure.reason());
    match failure.hint() {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// The error of a statement, or of a connection that was lost.
pub(super) fn failed(settings: &Settings, error: &Failed) -> Error {
    let unread = unreadable(&settings.address(), words(error));
    match hint(error).or_else(|| hint_of_statement(error)) {
        Some(hint) => unread.hint(hint),
        None => unread,
    }
}

fn hint_of_statement(error: &Failed) -> Option<&'static str> {
    Some(match *error.code()? {
        SqlState::READ_ONLY_SQL_TRANSACTION | SqlState::ACTIVE_SQL_TRANSACTION => {
            "a source is only read: write one `SELECT` statement that calls no function which writes"
        }
        SqlState::SYNTAX_ERROR => "write one `SELECT` statement",
        SqlState::INSUFFICIENT_PRIVILEGE => {
            "the role needs USAGE on the schema, and SELECT on the columns that are read"
        }
        SqlState::QUERY_CANCELED => {
            "somebody cancelled the query, or it took longer than the role's `statement_timeout`"
        }
        _ => return None,
    })
}

/// The error of a query that the server refuses, with the table that may be meant.
pub(super) async fn refused(
    client: &Client,
    settings: &Settings,
    query: &str,
    error: &Failed,
) -> Error {
    let refused = failed(settings, error);
    let Some(said) = error.as_db_error() else { return refused };
    if *said.code() == SqlState::UNDEFINED_TABLE {
        let name = named(query, said).unwrap_or_default();
        return with_suggestion(client, refused, &name).await;
    }
    // The server's own advice on the text of a query, such as a column that may be meant.
    match said.hint() {
        Some(hint) if said.code().code().starts_with("42") => refused.hint(hint),
        _ => refused,
    }
}

/// The error of a table that does not exist.
pub(super) async fn unknown_table(client: &Client, settings: &Settings, name: &str) -> Error {
    let error = unreadable(&settings.address(), format!("there is no table `{name}`"));
    let error = error.hint(
        "`--table` is read as in SQL: quote a name with capitals, and name the schema (`SCHEMA.NAME`) \
         where the search path does not have it",
    );
    with_suggestion(client, error, name).await
}

async fn with_suggestion(client: &Client, error: Error, name: &str) -> Error {
    // A statement that failed has ended the transaction.
    let names = match client.batch_execute("ROLLBACK").await {
        Ok(()) => client.query(NAMES, &[]).await.unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let names: Vec<String> = names.iter().filter_map(|row| row.try_get(0).ok()).collect();
    match closest(name, names.iter().map(String::as_str)) {
        Some(name) => error.hint(format!("did you mean `{name}`?")),
        None => error,
    }
}

/// The name that an error points at: the server counts characters from 1.
fn named(query: &str, said: &DbError) -> Option<String> {
    let ErrorPosition::Original(position) = said.position()? else { return None };
    let start = usize::try_from(*position).ok()?.checked_sub(1)?;
    let is_part = |one: &char| one.is_alphanumeric() || "_$.\"".contains(*one);
    Some(query.chars().skip(start).take_while(is_part).collect())
}
