//! One statement that only reads a SQLite database.

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, ErrorCode, Statement};

use crate::terminal::suggest::closest;

/// The pragmas that only look, whatever argument they have.
const LOOKS: [&str; 9] = [
    "table_info",
    "table_xinfo",
    "table_list",
    "index_list",
    "index_info",
    "index_xinfo",
    "foreign_key_list",
    "database_list",
    "compile_options",
];

/// Why a statement is refused.
#[derive(Debug)]
pub enum Refused {
    /// It writes, has no rows, or is more than one.
    NotReading,
    /// SQLite refuses it; with the name that may be meant.
    Failed(rusqlite::Error, Option<String>),
}

/// Makes a connection one that only reads. Each name of a table or view that a statement reads is
/// given to `read`.
///
/// # Errors
/// Those of SQLite.
pub fn only(
    connection: &mut Connection,
    mut read: impl FnMut(&str) + Send + 'static,
) -> rusqlite::Result<()> {
    connection.authorizer(None::<fn(AuthContext<'_>) -> Authorization>)?;
    // Functions of a statement cannot write either.
    connection.pragma_update(None, "query_only", true)?;
    connection.authorizer(Some(move |context: AuthContext<'_>| {
        if let AuthAction::Read { table_name, .. } = context.action {
            read(table_name);
        }
        let may = is_reading(&context.action);
        if may { Authorization::Allow } else { Authorization::Deny }
    }))
}

/// Whether an action only reads. SQLite calls `ATTACH` reading, although it may create a file.
fn is_reading(action: &AuthAction<'_>) -> bool {
    match action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => true,
        AuthAction::Function { function_name } => *function_name != "load_extension",
        AuthAction::Pragma { pragma_name, pragma_value } => {
            let name = pragma_name.to_ascii_lowercase();
            LOOKS.contains(&name.as_str()) || (name == "user_version" && pragma_value.is_none())
        }
        _ => false,
    }
}

/// Prepares the one statement of `sql`.
///
/// # Errors
/// If it is refused.
pub fn prepare<'c>(connection: &'c Connection, sql: &str) -> Result<Statement<'c>, Refused> {
    let statement = connection.prepare(sql).map_err(|error| refused(connection, sql, error))?;
    let reads = statement.readonly() && statement.column_count() > 0;
    if reads { Ok(statement) } else { Err(Refused::NotReading) }
}

fn refused(connection: &Connection, sql: &str, error: rusqlite::Error) -> Refused {
    // A function that is denied has another code than a statement.
    let is_denied = error.sqlite_error_code() == Some(ErrorCode::AuthorizationForStatementDenied)
        || error.to_string().starts_with("not authorized");
    if is_denied || matches!(error, rusqlite::Error::MultipleStatement) {
        return Refused::NotReading;
    }
    let meant = meant(connection, sql, &error);
    Refused::Failed(error, meant)
}

/// The error in words, with its place in the statement, which is not repeated.
pub fn words(error: &rusqlite::Error) -> String {
    let rusqlite::Error::SqlInputError { msg, sql, offset, .. } = error else {
        return error.to_string();
    };
    let before = usize::try_from(*offset).ok().and_then(|offset| sql.get(..offset));
    let Some(before) = before else { return msg.clone() };
    let line = before.split('\n').count();
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("{msg} (line {line}, column {column})")
}

/// The table or column that may be meant by a name that SQLite does not know.
fn meant(connection: &Connection, sql: &str, error: &rusqlite::Error) -> Option<String> {
    let text = error.to_string();
    let (unknown, names) = if let Some((_, rest)) = text.split_once("no such table: ") {
        (rest, tables(connection))
    } else {
        let (_, rest) = text.split_once("no such column: ")?;
        (rest, columns(connection, sql))
    };
    let unknown = unknown.split([' ', ';']).next().unwrap_or_default();
    let unknown = unknown.rsplit('.').next().unwrap_or_default();
    closest(unknown, names.iter().map(String::as_str)).map(str::to_owned)
}

fn tables(connection: &Connection) -> Vec<String> {
    texts(connection, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")
}

/// The columns of the tables and views that a statement seems to name.
fn columns(connection: &Connection, sql: &str) -> Vec<String> {
    let sql = sql.to_ascii_lowercase();
    let is_part = |one: char| one.is_alphanumeric() || one == '_';
    let words: Vec<_> = sql.split(|one| !is_part(one)).collect();
    let mut named = tables(connection);
    named.retain(|name| words.contains(&name.to_ascii_lowercase().as_str()));
    let quoted = |name: &String| name.replace('\'', "''");
    let of = |name: &String| format!("SELECT name FROM pragma_table_xinfo('{}')", quoted(name));
    named.iter().flat_map(|name| texts(connection, &of(name))).collect()
}

fn texts(connection: &Connection, sql: &str) -> Vec<String> {
    let read = connection.prepare(sql).and_then(|mut statement| {
        statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()
    });
    read.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE flags (flag_key, name)").unwrap();
        only(&mut connection, |_| {}).unwrap();
        connection
    }

    #[test]
    fn statements_that_do_more_than_read_are_refused() {
        let database = database();
        for sql in [
            "",
            "-- nothing",
            "INSERT INTO flags VALUES (1, 2)",
            "INSERT INTO flags VALUES (1, 2) RETURNING name",
            "ATTACH 'x.db' AS x",
            "DETACH main",
            "PRAGMA user_version = 7",
            "PRAGMA query_only = 0",
            "PRAGMA journal_mode = DELETE",
            "PRAGMA wal_checkpoint",
            "VACUUM INTO 'x.db'",
            "CREATE TEMP TABLE t (a)",
            "BEGIN",
            "SELECT load_extension('x')",
            "SELECT 1; DROP TABLE flags",
            "SELECT 1; SELECT 2",
            "EXPLAIN DELETE FROM flags",
        ] {
            let refused = prepare(&database, sql).unwrap_err();
            assert!(matches!(refused, Refused::NotReading), "{sql}: {refused:?}");
        }
    }

    #[test]
    fn statements_that_read_are_accepted() {
        let database = database();
        for sql in [
            "SELECT 1;",
            "SELECT 1; -- end",
            "VALUES (1)",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3) SELECT * FROM n",
            "PRAGMA table_info(flags)",
            "PRAGMA user_version",
            "SELECT * FROM pragma_table_info('flags'), json_each('[1]')",
            "EXPLAIN QUERY PLAN SELECT * FROM flags",
        ] {
            assert!(prepare(&database, sql).is_ok(), "{sql}");
        }
    }

    #[test]
    fn a_name_that_may_be_meant_is_found() {
        for (sql, expected, place) in [
            ("SELECT * FROM flag", "flags", "no such table: flag"),
            ("SELECT\n  flag_kye FROM flags", "flag_key", "(line 2, column 3)"),
            ("SELECT f.nam FROM flags AS f", "name", "(line 1, column 8)"),
        ] {
            let Err(Refused::Failed(error, meant)) = prepare(&database(), sql).map(drop) else {
                panic!("{sql}")
            };
            assert_eq!(meant.as_deref(), Some(expected), "{sql}");
            assert!(words(&error).contains(place), "{}", words(&error));
        }
    }
}
