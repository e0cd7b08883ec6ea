//! A connection for a schema, and the meaning of the server's errors for a run.

use tokio_postgres::error::SqlState;

use super::address::Schema;
use crate::postgres::session::{Session, hint, words};
use crate::{Error, Result};

/// Connects to the database of a schema.
pub(super) async fn open(schema: &Schema) -> Result<Session> {
    let opened = Session::open(&schema.server).await;
    opened.map_err(|failure| {
        let hint = failure.hint().unwrap_or("run again");
        refused(schema, &failure.reason(), hint)
    })
}

/// The error of a statement.
pub(super) fn broken(schema: &Schema, error: &tokio_postgres::Error) -> Error {
    refused(schema, &words(error), hint(error).unwrap_or_else(|| hint_of_statement(error)))
}

/// `output_failed` for a schema.
pub(super) fn refused(schema: &Schema, reason: &str, hint: &str) -> Error {
    Error::output(schema.to_string(), reason).resource(schema.to_string()).hint(hint)
}

fn hint_of_statement(error: &tokio_postgres::Error) -> &'static str {
    let Some(code) = error.code() else { return "run again" };
    match *code {
        SqlState::INSUFFICIENT_PRIVILEGE => {
            "the user needs CREATE on the database or the schema, and owns flaglake's tables"
        }
        SqlState::LOCK_NOT_AVAILABLE => {
            "another run or another program holds a lock: wait for it to end, or raise `--busy-timeout`"
        }
        SqlState::DISK_FULL => "the server's disk is full: make room, and run again",
        SqlState::READ_ONLY_SQL_TRANSACTION => "the server only allows reading: name the primary",
        _ => "nothing was published, and the previous data is unchanged: run again",
    }
}
