//! One statement that only reads a PostgreSQL database.

use tokio_postgres::error::{DbError, ErrorPosition, SqlState};
use tokio_postgres::{Client, Error as Failed, Statement};

use crate::terminal::suggest::closest;

/// The transaction cannot write, and sees one state of the database. The settings fix how values are
/// written as text. Between the start and the first row, much time may pass.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL TimeZone = 'UTC'; SET LOCAL extra_float_digits = 1;
    SET LOCAL idle_in_transaction_session_timeout = 0;";

/// The tables and views that this role can name, as it would name them in a query.
const NAMES: &str = "
    SELECT CASE WHEN pg_table_is_visible(c.oid) THEN quote_ident(c.relname)
        ELSE quote_ident(n.nspname) || '.' || quote_ident(c.relname) END
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND has_schema_privilege(n.oid, 'USAGE')
      AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";

/// Begins the transaction. `search_path` is a schema, as SQL.
pub(crate) async fn begin(client: &Client, search_path: Option<&str>) -> Result<(), Failed> {
    let search_path = search_path.map(|schema| format!("SET LOCAL search_path = {schema}"));
    client.batch_execute(&format!("{BEGIN} {}", search_path.unwrap_or_default())).await
}

/// Asks for the columns of the one statement of `sql`; `None` where it has none. The server runs
/// nothing.
pub(crate) async fn describe(client: &Client, sql: &str) -> Result<Option<Statement>, Failed> {
    let statement = client.prepare(sql).await?;
    Ok(Some(statement).filter(|statement| !statement.columns().is_empty()))
}

/// What to do about an error of the statement.
pub(crate) fn hint(error: &Failed) -> Option<&'static str> {
    Some(match *error.code()? {
        SqlState::READ_ONLY_SQL_TRANSACTION | SqlState::ACTIVE_SQL_TRANSACTION => {
            "nothing is written here: write one `SELECT` statement that calls no function which writes"
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

/// A better hint for a statement that the server refuses: the table that may be meant, or the
/// server's own advice on the text, such as a column that may be meant. Takes what [`begin`] took.
pub(crate) async fn advice(
    client: &Client,
    search_path: Option<&str>,
    sql: &str,
    error: &Failed,
) -> Option<String> {
    let said = error.as_db_error()?;
    if *said.code() == SqlState::UNDEFINED_TABLE {
        let name = named(sql, said).unwrap_or_default();
        let name = meant(client, search_path, &name).await?;
        return Some(format!("did you mean `{name}`?"));
    }
    said.hint().filter(|_| said.code().code().starts_with("42")).map(str::to_owned)
}

/// The table that may be meant by `name`. Takes what [`begin`] took.
pub(crate) async fn meant(
    client: &Client,
    search_path: Option<&str>,
    name: &str,
) -> Option<String> {
    // A statement that failed has ended the transaction.
    client.batch_execute("ROLLBACK").await.ok()?;
    begin(client, search_path).await.ok()?;
    let names = client.query(NAMES, &[]).await.unwrap_or_default();
    let names: Vec<String> = names.iter().filter_map(|row| row.try_get(0).ok()).collect();
    closest(name, names.iter().map(String::as_str)).map(str::to_owned)
}

/// The name that an error points at: the server counts characters from 1.
fn named(sql: &str, said: &DbError) -> Option<String> {
    let ErrorPosition::Original(position) = said.position()? else { return None };
    let start = usize::try_from(*position).ok()?.checked_sub(1)?;
    let is_part = |one: &char| one.is_alphanumeric() || "_$.\"".contains(*one);
    Some(sql.chars().skip(start).take_while(is_part).collect())
}
