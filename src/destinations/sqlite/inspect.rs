//! The data of earlier runs in a SQLite output. A run reads it before it publishes, because
//! publishing replaces it.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;

use super::Sqlite;
use super::removals::is_of;
use crate::Result;
use crate::destinations::AUDIT_LOG;
use crate::destinations::degraded::{Degraded, LastRead, degraded};
use crate::destinations::previous::Previous;
use crate::destinations::removals::{UNSELECTED, has_unselected, is_same_account};
use crate::model::time::milliseconds;
use crate::record::NewestEntries;
use crate::record::{Outcome, Record};

impl Sqlite {
    /// Whether there is an extraction called `id`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn has(&self, id: &str) -> Result<bool> {
        if !self.path.exists() {
            return Ok(false);
        }
        self.patiently(|connection| {
            if !connection.table_exists(None, "extractions")? {
                return Ok(false);
            }
            let sql = "SELECT count(*) FROM extractions WHERE extraction_id = ?1";
            Ok(connection.query_row(sql, [id], |row| row.get::<_, i64>(0))? > 0)
        })
    }

    /// The newest known entries of the account's audit log: those that did not occur earlier than
    /// `lookback` before the newest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn newest_entries(
        &self,
        account_id: Option<&str>,
        lookback: Duration,
    ) -> Result<NewestEntries> {
        if !self.path.exists() {
            return Ok(NewestEntries::default());
        }
        self.patiently(|connection| {
            if !is_of(connection, account_id)?
                || !connection.table_exists(Some("main"), AUDIT_LOG)?
            {
                return Ok(NewestEntries::default());
            }
            let now = Timestamp::now();
            newest_entries(connection, now.as_millisecond(), lookback)
        })
    }

    /// The projects of `account` in the output, including those that later runs did not select.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn known_projects(&self, account: Option<&str>) -> Result<BTreeSet<String>> {
        if !self.path.exists() {
            return Ok(BTreeSet::new());
        }
        self.patiently(|connection| {
            if !is_of(connection, account)? || !connection.table_exists(Some("main"), "projects")? {
                return Ok(BTreeSet::new());
            }
            let mut sql = "SELECT project_key FROM main.projects".to_owned();
            if has_unselected(connection)? {
                sql = format!("{sql} UNION {UNSELECTED}");
            }
            let mut statement = connection.prepare(&sql)?;
            statement.query_map([], |row| row.get(0))?.collect()
        })
    }

    /// The refused resources of `record` that an earlier extraction of `account` has.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn degraded(&self, record: &Record, account: Option<&str>) -> Result<Vec<Degraded>> {
        if !self.path.exists() {
            return Ok(Vec::new());
        }
        let before = self.patiently(|connection| last_read(connection, account))?;
        Ok(degraded(record, &before, true))
    }

    /// The row counts of the last extraction; empty if they cannot be read.
    pub fn previous(&self) -> Previous {
        let read = self.open().and_then(|connection| super::previous::read(&connection));
        read.unwrap_or_default()
    }
}

/// A time in the format of the tables.
fn written(milliseconds: i64) -> String {
    let time = Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MIN);
    format!("{time:.3}")
}

fn newest_entries(
    connection: &Connection,
    now: i64,
    lookback: Duration,
) -> rusqlite::Result<NewestEntries> {
    let sql = format!("SELECT max(occurred_at) FROM main.{AUDIT_LOG} WHERE occurred_at <= ?1");
    let newest: Option<String> = connection.query_row(&sql, [written(now)], |row| row.get(0))?;
    let occurred_at = newest.as_deref().and_then(milliseconds);
    let lookback = i64::try_from(lookback.as_millis()).unwrap_or(i64::MAX);
    let since = occurred_at.map_or(0, |newest| newest.saturating_sub(lookback));
    let sql = format!("SELECT entry_id FROM main.{AUDIT_LOG} WHERE occurred_at >= ?1");
    let mut statement = connection.prepare(&sql)?;
    let ids = statement.query_map([written(since.max(0))], |row| row.get(0))?;
    Ok(NewestEntries { occurred_at, ids: ids.collect::<rusqlite::Result<_>>()? })
}

/// The resources that the extractions of `account` in a SQLite output have read.
fn last_read(connection: &Connection, account: Option<&str>) -> rusqlite::Result<LastRead> {
    if !connection.table_exists(Some("main"), "extraction_resources")? {
        return Ok(LastRead::new());
    }
    let mut statement = connection.prepare(
        "SELECT resource, scope, account_id, max(started_at)
         FROM main.extraction_resources JOIN main.extractions USING (extraction_id)
         WHERE outcome = ?1 GROUP BY 1, 2, 3",
    )?;
    let mut rows = statement.query([Outcome::Complete.name()])?;
    let mut read = LastRead::new();
    while let Some(row) = rows.next()? {
        let (last, started_at): (Option<String>, String) = (row.get(2)?, row.get(3)?);
        if is_same_account(last.as_deref(), account) {
            let newest = read.entry((row.get(0)?, row.get(1)?)).or_default();
            *newest = newest.clone().max(started_at);
        }
    }
    Ok(read)
}
