//! Where the cursor stands: rows behind it were sent by an earlier run.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::time::Duration;

use super::Identity;
use super::outbox::Outbox;
use crate::Result;
use crate::sync::context::Run;
use crate::sync::cursor::{Cursor, larger};
use crate::sync::reason::{Reason, Rejection};

/// The start of the keys in the state file that stand for the cursor values of rejected rows.
const REJECTED: &str = "!";

/// Where the cursor stands, and which rows behind it are looked at all the same.
///
/// Rows before the position were sent, or their cursor values are recorded as rejected. Rows at the
/// position are looked at, and known by their keys: another row with the same value may come late.
#[derive(Debug, Default)]
pub(super) struct Progress {
    position: Option<Cursor>,
    /// Rows before this are not looked at, if no run has sent anything yet.
    start: Option<Cursor>,
    lag: Option<Duration>,
    /// The cursor values of rows that were rejected.
    rejected: HashSet<String>,
    /// The cursor values of rows that this run rejects.
    pub rejected_now: HashSet<String>,
    /// A value of this run's rows: all others must be of its kind.
    first: Option<Cursor>,
    /// The smallest value that `--limit` has cut off.
    pub cut_off: Option<Cursor>,
}

impl Progress {
    /// Reads where the cursor stands: at the largest value that was sent, batches of killed runs
    /// included.
    pub fn load(identity: &Identity, run: &Run<'_>, outbox: &Outbox) -> Result<Self> {
        let mut progress = Progress { lag: identity.lag, ..Progress::default() };
        if identity.cursor.is_none() || run.context.options.full {
            return Ok(progress);
        }
        let stored = run.state.sync(run.name())?.and_then(|sync| sync.cursor);
        let sent = stored.iter().map(String::as_str).chain(outbox.cursors());
        progress.position = sent.filter_map(Cursor::from_json).fold(None, larger);
        progress.start = identity.cursor_from.as_deref().map(Cursor::parse);
        progress.rejected = rejected(run)?;
        Ok(progress)
    }

    /// Whether an earlier run has sent the row, or it is before the start.
    ///
    /// # Errors
    /// `bad_type` if the value cannot be compared with those of other rows.
    pub fn is_behind(&mut self, cursor: &Cursor) -> std::result::Result<bool, Rejection> {
        let first = self.first.get_or_insert_with(|| cursor.clone());
        if cursor.compare(first).is_none() {
            return Err(other_kind());
        }
        let Some(position) = &self.position else {
            let Some(start) = &self.start else { return Ok(false) };
            return cursor.compare(start).map(Ordering::is_lt).ok_or_else(other_kind);
        };
        let is_behind = match self.lag {
            None => cursor.compare(position).ok_or_else(other_kind)?.is_lt(),
            Some(lag) => is_before(cursor, position, lag).ok_or_else(other_kind)?,
        };
        let is_retried = || !self.rejected.is_empty() && self.rejected.contains(&cursor.to_json());
        Ok(is_behind && !is_retried())
    }

    /// Notes that a row with this cursor value is rejected, so that it is looked at again.
    pub fn note_rejected(&mut self, cursor: Option<&Cursor>) {
        if let Some(cursor) = cursor {
            self.rejected_now.insert(cursor.to_json());
        }
    }

    /// Notes that a row with this cursor value is not sent by this run, so that the cursor does not
    /// pass it.
    pub fn note_cut_off(&mut self, cursor: Option<&Cursor>) {
        let Some(cursor) = cursor else { return };
        let is_smaller = self
            .cut_off
            .as_ref()
            .is_none_or(|held| cursor.compare(held).is_some_and(Ordering::is_lt));
        if is_smaller {
            self.cut_off = Some(cursor.clone());
        }
    }

    /// Whether rows are not sent by this run.
    pub const fn is_cut_off(&self) -> bool {
        self.cut_off.is_some()
    }

    /// Where the cursor may move to after a batch that ends at `cursor`.
    pub fn allowed(&self, cursor: Cursor) -> Cursor {
        match &self.cut_off {
            Some(held) if held.compare(&cursor).is_some_and(Ordering::is_lt) => held.clone(),
            _ => cursor,
        }
    }
}

fn other_kind() -> Rejection {
    let message = "the cursor is of another kind than that of other rows, or than where it stands";
    Rejection::new(Reason::BadType, message)
}

/// Whether a row is further behind than the lag. Values that are no times have no lag.
fn is_before(cursor: &Cursor, position: &Cursor, lag: Duration) -> Option<bool> {
    let lag = i64::try_from(lag.as_millis()).unwrap_or(i64::MAX);
    match (cursor.time_ms(), position.time_ms()) {
        (Some(one), Some(other)) => Some(one < other.saturating_sub(lag)),
        _ => cursor.compare(position).map(Ordering::is_lt),
    }
}

fn rejected(run: &Run<'_>) -> Result<HashSet<String>> {
    let sql = "SELECT substr(row_key, 2) FROM state.sync_rows
               WHERE sync_name = ?1 AND status = 'rejected' AND row_key LIKE '!%'";
    let keys = run.state.connection.prepare(sql).and_then(|mut statement| {
        statement.query_map([run.name()], |row| row.get(0))?.collect::<rusqlite::Result<_>>()
    });
    run.state.or_failed(keys)
}

/// The key in the state file that stands for the cursor value of a rejected row.
pub(super) fn rejected_key(cursor: &str) -> String {
    format!("{REJECTED}{cursor}")
}

#[cfg(test)]
mod tests;
