//! Deletes old versions of rows from a SQLite output.

use std::time::Duration;

use rusqlite::Connection;
use tracing::warn;

use super::moment::STARTED_AT;
use crate::catalog::history;

/// The longest credible time between two runs. After a longer one, the clock may be wrong.
const GAP: &str = "+31 days";

/// Deletes versions that ended more than `age` before the run started. Deleted versions cannot be
/// restored, so a run whose clock may be ahead deletes no more than the previous run would have.
pub(super) fn forget_older(connection: &Connection, age: Duration) -> rusqlite::Result<()> {
    let start = believed_start(connection)?;
    for table in history::versions() {
        let sql = format!(
            "DELETE FROM main.{} WHERE valid_to < strftime('%Y-%m-%dT%H:%M:%fZ', ?1, ?2)",
            table.name
        );
        connection.execute(&sql, [&start, &format!("-{} seconds", age.as_secs())])?;
    }
    Ok(())
}

/// The start of this run, or of the previous run if that is much earlier.
fn believed_start(connection: &Connection) -> rusqlite::Result<String> {
    let sql = format!(
        "SELECT {STARTED_AT}, last_started_at,
             {STARTED_AT} > strftime('%Y-%m-%dT%H:%M:%fZ', last_started_at, '{GAP}')
         FROM temp.publication"
    );
    let row = connection.query_row(&sql, [], |row| {
        Ok((row.get(0)?, row.get::<_, Option<String>>(1)?, row.get::<_, Option<bool>>(2)?))
    });
    let (started_at, last, is_far): (String, _, _) = row?;
    match last {
        Some(last) if is_far == Some(true) => {
            warn!(
                started_at,
                last,
                "The previous run started more than 31 days ago, or the clock is ahead: this run deletes only versions that ended more than `--history-retention` before the previous run."
            );
            Ok(last)
        }
        _ => Ok(started_at),
    }
}
