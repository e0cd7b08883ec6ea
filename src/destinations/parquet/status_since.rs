//! Computes `status_since` in Parquet, from the newest extraction with the statuses of the
//! environment.

use std::collections::BTreeSet;

use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMicrosecondType;
use arrow_array::{Array, RecordBatch};
use rusqlite::{Connection, Statement, params};
use tracing::warn;

use super::Parquet;
use super::manifest::Known;
use super::read::{NOT_OURS, text};
use crate::Result;
use crate::destinations::status_since::is_kept;
use crate::model::resource::Resource;
use crate::model::time::milliseconds;
use crate::record::RunRow;
use crate::resources::flag_statuses::{FlagStatuses, STATUS_SINCE};
use crate::stage::Staged;
use crate::system::database;

/// How many extractions are searched at most: four days of hourly runs, or three months of daily
/// runs.
const REACH: usize = 100;

/// The table of the statuses of earlier extractions. It is on disk, because an account may be
/// large.
const DDL: &str = "CREATE TEMP TABLE seen (
    project_key TEXT, flag_key TEXT, environment_key TEXT, status TEXT, status_since INTEGER,
    PRIMARY KEY (project_key, flag_key, environment_key)) WITHOUT ROWID";

/// The statement that fills `status_since`. The time is never after the start of this run, even if
/// the clock of an earlier run was ahead.
fn fill() -> String {
    let time = |milliseconds: &str| {
        format!("strftime('%Y-%m-%dT%H:%M:%fZ', {milliseconds} / 1000.0, 'unixepoch')")
    };
    let (started_at, since) = (time("?1"), time("status_since"));
    format!(
        "UPDATE flag_statuses AS new SET status_since = coalesce((
             SELECT min(since, {started_at}) FROM (SELECT *, {since} AS since FROM seen) AS old
             JOIN flags AS flag USING (project_key, flag_key)
             WHERE old.project_key = new.project_key AND old.flag_key = new.flag_key
               AND old.environment_key = new.environment_key AND {}
         ), {started_at})",
        is_kept("since", None)
    )
}

/// The columns of a file that are read.
const COLUMNS: [&str; 5] = ["project_key", "flag_key", "environment_key", "status", STATUS_SINCE];

impl Parquet {
    /// Fills [`STATUS_SINCE`] in the stage. If the newest extraction with the statuses of the
    /// environment has the same status, its time is kept; otherwise, it is the start of this run.
    ///
    /// # Errors
    /// `output_failed` when the stage cannot be written. An earlier extraction that cannot be read
    /// is only a warning.
    pub(in crate::destinations) async fn date_statuses(
        &self,
        staged: &Staged,
        extraction: &RunRow,
    ) -> Result<()> {
        if !staged.tables.iter().any(|table| table.name == FlagStatuses::NAME) {
            return Ok(());
        }
        let failed = |error| database::failed(staged.path(), &error);
        let connection = &staged.connection;
        connection
            .execute_batch(&format!("DROP TABLE IF EXISTS temp.seen; {DDL}; BEGIN"))
            .map_err(failed)?;
        if let Err(error) = self.read_seen(connection, extraction.started_at).await {
            warn!(%error, "Flag statuses of earlier extractions could not all be read: some `status_since` start with this run.");
        }
        connection.execute(&fill(), [extraction.started_at]).map_err(failed)?;
        connection.execute_batch("COMMIT; DROP TABLE temp.seen").map_err(failed)
    }

    /// Searches backwards from the newest extraction until each environment is found. Stops at one
    /// that cannot be read: it may have seen changes, of which older extractions know nothing.
    async fn read_seen(&self, connection: &Connection, now: i64) -> Result<()> {
        let mut wanted = wanted(connection)?;
        let newest = self.earlier.newest_first(now).into_iter();
        for (_, known) in newest.filter(|(_, known)| known.holds_rows()).take(REACH) {
            if wanted.is_empty() {
                break;
            }
            self.see(connection, known, &mut wanted).await?;
        }
        Ok(())
    }

    /// Whether an extraction has statuses, which no other program has removed.
    async fn has_statuses(&self, known: &Known) -> Result<bool> {
        for file in known.files(FlagStatuses::NAME) {
            if !self.is_there(file).await? {
                return Ok(false);
            }
        }
        Ok(known.has(FlagStatuses::NAME))
    }

    /// Copies the statuses of `wanted` environments from an extraction, and removes these
    /// environments from `wanted`.
    async fn see(
        &self,
        connection: &Connection,
        known: &Known,
        wanted: &mut BTreeSet<String>,
    ) -> Result<()> {
        let Some(started_at) = milliseconds(&known.started_at) else { return Ok(()) };
        if !self.has_statuses(known).await? {
            return Ok(());
        }
        let scopes = self.scopes(known).await?;
        let found: BTreeSet<_> = wanted.iter().filter(|one| scopes.has(one)).cloned().collect();
        wanted.retain(|one| !found.contains(one) && scopes.may_be_earlier(one));
        if found.is_empty() {
            return Ok(());
        }
        let sql = "INSERT OR IGNORE INTO seen VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut insert = connection.prepare(sql)?;
        for file in known.files(FlagStatuses::NAME) {
            for batch in self.store.batches(file, &COLUMNS).await? {
                let batch = batch.map_err(|error| self.store.unreadable(file, error))?;
                let kept = keep(&mut insert, &batch, &found, started_at)?;
                kept.ok_or_else(|| self.store.unreadable(file, NOT_OURS))?;
            }
        }
        Ok(())
    }
}

/// The environments whose statuses this run has.
fn wanted(connection: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    let sql = "SELECT DISTINCT project_key || '/' || environment_key FROM flag_statuses";
    let mut statement = connection.prepare(sql)?;
    let scopes = statement.query_map([], |row| row.get(0))?;
    scopes.collect()
}

/// Writes the statuses of `scopes` in a batch; `None` where it lacks a column. Files of an earlier
/// version of flaglake have no `status_since`: then it is `started_at`, the start of the run that
/// wrote them.
fn keep(
    insert: &mut Statement<'_>,
    batch: &RecordBatch,
    scopes: &BTreeSet<String>,
    started_at: i64,
) -> rusqlite::Result<Option<()>> {
    let [Some(projects), Some(flags), Some(environments), Some(statuses)] =
        ["project_key", "flag_key", "environment_key", "status"].map(|name| text(batch, name))
    else {
        return Ok(None);
    };
    let since = batch.column_by_name(STATUS_SINCE);
    let since = since.and_then(|since| since.as_primitive_opt::<TimestampMicrosecondType>());
    let is_wanted = |row: &usize| {
        scopes.contains(&format!("{}/{}", projects.value(*row), environments.value(*row)))
    };
    for row in (0..batch.num_rows()).filter(is_wanted) {
        let since = since.filter(|since| since.is_valid(row));
        let since = since.map(|since| since.value(row).div_euclid(1000));
        insert.execute(params![
            projects.value(row),
            flags.value(row),
            environments.value(row),
            statuses.value(row),
            since.unwrap_or(started_at),
        ])?;
    }
    Ok(Some(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The `status_since` that a run with the start `now` gives a status which an earlier run has
    /// seen since `since`.
    fn filled(since: i64, now: i64) -> String {
        let connection = Connection::open_in_memory().unwrap();
        let tables = "
            CREATE TABLE flags (project_key, flag_key, created_at);
            INSERT INTO flags VALUES ('p', 'f', '1970-01-01T00:00:00.100Z');
            CREATE TABLE flag_statuses (project_key, flag_key, environment_key, status, status_since);
            INSERT INTO flag_statuses VALUES ('p', 'f', 'e', 'inactive', NULL);";
        connection.execute_batch(&format!("{tables} {DDL}")).unwrap();
        let sql = "INSERT INTO seen VALUES ('p', 'f', 'e', 'inactive', ?1)";
        connection.execute(sql, [since]).unwrap();
        connection.execute(&fill(), [now]).unwrap();
        let sql = "SELECT status_since FROM flag_statuses";
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_status_is_not_seen_since_a_moment_after_the_run() {
        assert_eq!(filled(200, 300), "1970-01-01T00:00:00.200Z");
        assert_eq!(filled(300_000, 300), "1970-01-01T00:00:00.300Z", "its clock was ahead");
        assert_eq!(filled(50, 300), "1970-01-01T00:00:00.300Z", "it was another flag's");
    }
}
