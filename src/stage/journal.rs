//! The answers that a stopped run has received: the run that resumes it does not request them again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

/// One sending of a request: a run may send the same request several times.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// The request's path and query.
    pub target: String,
    /// How many times the run had sent it before.
    pub number: u32,
}

/// The answers of the run that stopped, and the requests of this run.
#[derive(Debug, Default)]
pub struct Journal {
    state: Mutex<State>,
    is_resumed: bool,
}

#[derive(Debug, Default)]
struct State {
    answers: HashMap<Entry, String>,
    asked: HashMap<String, u32>,
}

/// The table in the staging database.
pub(super) const DDL: &str = "CREATE TABLE answers (
    target TEXT NOT NULL, number INTEGER NOT NULL, answer TEXT NOT NULL,
    PRIMARY KEY (target, number)) WITHOUT ROWID;";

/// Adds an answer.
pub(super) const INSERT: &str = "INSERT OR REPLACE INTO answers VALUES (?1, ?2, ?3)";

impl Journal {
    /// Reads the answers of the run that `connection`'s stage belongs to.
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let mut statement = connection.prepare("SELECT target, number, answer FROM answers")?;
        let rows = statement.query_map([], |row| {
            Ok((Entry { target: row.get(0)?, number: row.get(1)? }, row.get(2)?))
        })?;
        let answers = rows.collect::<rusqlite::Result<_>>()?;
        let state = Mutex::new(State { answers, asked: HashMap::new() });
        Ok(Journal { state, is_resumed: true })
    }

    /// Whether the run resumes one that stopped.
    pub const fn is_resumed(&self) -> bool {
        self.is_resumed
    }

    /// The next entry for `target`, with the answer that the stopped run received to it.
    pub fn next(&self, target: String) -> (Entry, Option<String>) {
        let mut state = self.lock();
        let asked = state.asked.entry(target.clone()).or_default();
        let entry = Entry { target, number: *asked };
        *asked += 1;
        let answer = state.answers.remove(&entry);
        (entry, answer)
    }

    /// The number of answers that are not used yet.
    pub fn len(&self) -> usize {
        self.lock().answers.len()
    }

    /// Whether all answers are used.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
