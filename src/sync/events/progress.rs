//! Where the cursor stands: rows behind it were sent by an earlier run.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::time::Duration;

use super::Identity;
use super::outbox::Outbox;
use crate::Result;
use crate::sync::context::Run;
use crate::sync::cursor::{Cursor, Kind, larger};
use crate::sync::reason::{Reason, Rejection};

/// The start of the keys in the state file that stand for the cursor values of rejected rows. No ID
/// may start so.
pub(super) const REJECTED: &str = "!flaglake:rejected-cursor:";

/// The condition that a row of `sync_rows` has such a key: JSON follows, which has no `~` in front.
pub(super) const IS_REJECTED: &str = "status = 'rejected'
    AND row_key > '!flaglake:rejected-cursor:' AND row_key < '!flaglake:rejected-cursor:~'";

/// Where the cursor stands, and which rows behind it are looked at all the same.
///
/// Rows before the position were sent, or their cursor values are recorded as rejected. Rows at the
/// position are looked at, and known by their keys: another row with the same value may come late.
#[derive(Debug, Default)]
pub(super) struct Progress {
    position: Option<Cursor>,
    /// Rows before this are not looked at, if no run has sent anything yet.
    start: Option<Cursor>,
    /// A value that all others must compare with: where the cursor stands, or is to start.
    anchor: Option<Cursor>,
    lag: Option<Duration>,
    /// The cursor values of rows that were rejected.
    rejected: HashSet<String>,
    /// The cursor values of rows that this run rejects.
    pub rejected_now: HashSet<String>,
    /// The kinds of the values so far, with the number of rows: the first one first.
    kinds: Vec<(Kind, u64)>,
    /// The smallest value of each kind that `--limit` has cut off.
    cut_off: Vec<Cursor>,
    is_cut_off: bool,
}

impl Progress {
    /// Reads where the cursor stands: at the largest value that LaunchDarkly has accepted. Rows of
    /// batches that are not settled are ahead of it, and known by their keys.
    pub fn load(identity: &Identity, run: &Run<'_>, outbox: &Outbox) -> Result<Self> {
        let mut progress = Progress { lag: identity.lag, ..Progress::default() };
        if identity.cursor.is_none() || run.context.options.full {
            return Ok(progress);
        }
        let stored = run.state.sync(run.name())?.and_then(|sync| sync.cursor);
        progress.position = stored.as_deref().and_then(Cursor::from_json);
        progress.start = identity.cursor_from.as_deref().map(Cursor::parse);
        let open = outbox.cursors().filter_map(Cursor::from_json);
        let sent = progress.position.iter().cloned().chain(open).fold(None, larger);
        progress.anchor = sent.or_else(|| progress.start.clone());
        progress.rejected = rejected(run)?;
        Ok(progress)
    }

    /// Whether an earlier run has sent the row, or it is before the start.
    ///
    /// # Errors
    /// `bad_type` if the value cannot be compared with where the cursor stands, or is no time and
    /// has to be one.
    pub fn is_behind(&mut self, cursor: &Cursor) -> std::result::Result<bool, Rejection> {
        self.check(cursor)?;
        self.count(cursor.kind());
        let is_behind = match (&self.position, &self.start) {
            (Some(position), _) => is_before(cursor, position, self.lag),
            (None, Some(start)) => is_before(cursor, start, None),
            (None, None) => false,
        };
        let is_retried =
            || !self.rejected.is_empty() && self.rejected.contains(&cursor.order().to_json());
        Ok(is_behind && !is_retried())
    }

    fn check(&self, cursor: &Cursor) -> std::result::Result<(), Rejection> {
        if self.anchor.as_ref().is_some_and(|anchor| cursor.compare(anchor).is_none()) {
            return Err(other_kind());
        }
        let are_times = || cursor.time_ms().and(self.time_of_position()).is_some();
        if self.lag.is_some() && !are_times() {
            let message = "`--lag` needs a cursor of times: ISO 8601 text, or milliseconds";
            return Err(Rejection::new(Reason::BadType, message));
        }
        Ok(())
    }

    /// Before anything is sent, the position is at the beginning of time.
    fn time_of_position(&self) -> Option<i64> {
        self.position.as_ref().map_or(Some(i64::MIN), Cursor::time_ms)
    }

    fn count(&mut self, kind: Kind) {
        match self.kinds.iter_mut().find(|(one, _)| *one == kind) {
            Some((_, count)) => *count += 1,
            None => self.kinds.push((kind, 1)),
        }
    }

    /// The kind that all values must be of, where rows have several and only their number decides:
    /// that of most rows. Of two that are as frequent, it is the first one.
    pub fn decided_kind(&self) -> Option<Kind> {
        if self.anchor.is_some() || self.kinds.len() < 2 {
            return None;
        }
        let most = self.kinds.iter().map(|(_, count)| *count).max()?;
        self.kinds.iter().find(|(_, count)| *count == most).map(|(kind, _)| *kind)
    }

    /// Notes that a row with this cursor value is rejected, so that it is looked at again.
    pub fn note_rejected(&mut self, cursor: Option<&Cursor>) {
        if let Some(cursor) = cursor {
            self.rejected_now.insert(cursor.order().to_json());
        }
    }

    /// Notes that a row with this cursor value is not sent by this run, so that the cursor does not
    /// pass it.
    pub fn note_cut_off(&mut self, cursor: Option<&Cursor>) {
        self.is_cut_off = true;
        let Some(cursor) = cursor else { return };
        match self.cut_off.iter_mut().find(|held| held.kind() == cursor.kind()) {
            None => self.cut_off.push(cursor.clone()),
            Some(held) if cursor.compare(held).is_some_and(Ordering::is_lt) => {
                held.clone_from(cursor);
            }
            Some(_) => {}
        }
    }

    /// Whether rows are not sent by this run.
    pub const fn is_cut_off(&self) -> bool {
        self.is_cut_off
    }

    /// Where the cursor may move to after a batch that ends at `cursor`.
    pub fn allowed(&self, cursor: Cursor) -> Cursor {
        self.cut_off.iter().fold(cursor, |allowed, held| {
            if held.compare(&allowed).is_some_and(Ordering::is_lt) { held.clone() } else { allowed }
        })
    }
}

/// A row whose cursor cannot be compared with others.
pub(super) fn other_kind() -> Rejection {
    let message = "the cursor is of another kind than that of other rows, or than where it stands";
    Rejection::new(Reason::BadType, message)
}

/// Whether a row is behind a position that it compares with, by more than the lag.
fn is_before(cursor: &Cursor, position: &Cursor, lag: Option<Duration>) -> bool {
    let Some(lag) = lag else {
        return cursor.compare(position).is_some_and(Ordering::is_lt);
    };
    let lag = i64::try_from(lag.as_millis()).unwrap_or(i64::MAX);
    let end = position.time_ms().map(|ms| ms.saturating_sub(lag));
    cursor.time_ms().zip(end).is_some_and(|(one, end)| one < end)
}

fn rejected(run: &Run<'_>) -> Result<HashSet<String>> {
    let sql = format!(
        "SELECT substr(row_key, length(?2) + 1) FROM state.sync_rows
         WHERE sync_name = ?1 AND {IS_REJECTED}"
    );
    let keys = run.state.connection.prepare(&sql).and_then(|mut statement| {
        let rows = statement.query_map([run.name(), REJECTED], |row| row.get(0))?;
        rows.collect::<rusqlite::Result<_>>()
    });
    run.state.or_failed(keys)
}

/// The key in the state file that stands for the cursor value of a rejected row.
pub(super) fn rejected_key(cursor: &str) -> String {
    format!("{REJECTED}{cursor}")
}

#[cfg(test)]
mod tests;
