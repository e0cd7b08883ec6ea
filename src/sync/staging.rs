//! The rows of a run, in the temporary database of its connection.
//!
//! `source` has each valid row, `fate` each row that is not sent, and `action` what is to be done
//! where that is not simply to send every other row.

use rusqlite::{CachedStatement, Connection, params};

use super::cursor::Cursor;
use super::reason::{Reason, Rejection};
use super::state::State;
use crate::Result;

/// Creates the tables.
pub(super) fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "CREATE TABLE source (
            row_number INTEGER PRIMARY KEY, row_key TEXT, payload_hash INTEGER, body TEXT,
            cursor, cursor_order);
         CREATE TABLE fate (
            row_number INTEGER PRIMARY KEY, row_key TEXT, fate TEXT NOT NULL, reason TEXT,
            message TEXT);
         CREATE TABLE action (
            position INTEGER PRIMARY KEY, kind TEXT NOT NULL, row_number INTEGER, row_key TEXT,
            body TEXT, is_retry INTEGER NOT NULL DEFAULT 0);
         CREATE INDEX action_kind ON action (kind, is_retry);
         CREATE TABLE member (row_key TEXT PRIMARY KEY) WITHOUT ROWID;
         CREATE TABLE excluded (row_key TEXT PRIMARY KEY) WITHOUT ROWID;",
    )
}

/// Why a row is not sent, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It cannot be sent.
    Invalid,
    /// LaunchDarkly refused it, or it was not tried.
    Rejected,
    /// It is equal to an earlier row.
    Duplicate,
    /// LaunchDarkly has it already.
    Unchanged,
}

impl Fate {
    /// Its name in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Fate::Invalid => "invalid",
            Fate::Rejected => "rejected",
            Fate::Duplicate => "duplicate",
            Fate::Unchanged => "unchanged",
        }
    }
}

/// A valid row.
#[derive(Clone, Copy, Debug)]
pub struct Staged<'r> {
    /// 1 for the first row of the source.
    pub number: i64,
    /// The row key.
    pub key: Option<&'r str>,
    /// A hash of everything that would be sent.
    pub hash: i64,
    /// What would be sent, as JSON; `None` where the key is all there is.
    pub body: Option<&'r str>,
    /// The value of the cursor column.
    pub cursor: Option<&'r Cursor>,
}

/// Adds rows, with statements that are prepared once.
pub struct Stager<'c> {
    source: CachedStatement<'c>,
    fate: CachedStatement<'c>,
}

const INSERT_FATE: &str = "INSERT OR REPLACE INTO fate VALUES (?1, ?2, ?3, ?4, ?5)";

impl<'c> Stager<'c> {
    /// Prepares the statements.
    ///
    /// # Errors
    /// When they cannot be prepared.
    pub fn new(state: &'c State) -> Result<Self> {
        Ok(Stager {
            source: state
                .connection
                .prepare_cached("INSERT INTO source VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?,
            fate: state.connection.prepare_cached(INSERT_FATE)?,
        })
    }

    /// Adds a valid row.
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn add(&mut self, row: Staged<'_>) -> Result<()> {
        let order = row.cursor.map(Cursor::order);
        self.source.execute(params![row.number, row.key, row.hash, row.body, row.cursor, order])?;
        Ok(())
    }

    /// Adds a row that is not sent.
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn reject(&mut self, number: i64, key: Option<&str>, rejection: &Rejection) -> Result<()> {
        let fate = fate_of(&rejection.reason).name();
        let code = rejection.reason.code();
        self.fate.execute(params![number, key, fate, code, rejection.message])?;
        Ok(())
    }
}

fn fate_of(reason: &Reason) -> Fate {
    if reason.is_invalid() { Fate::Invalid } else { Fate::Rejected }
}

/// Statements over the rows in the order of their keys read this index and not the rows.
const INDEX: &str = "CREATE INDEX source_key ON source (row_key, payload_hash)";

/// The keys of several rows. Rows are equal if their hashes are.
const DUPLICATES: &str = "
    CREATE TABLE duplicate AS
        SELECT row_key, min(row_number) AS first, min(payload_hash) = max(payload_hash) AS is_equal
        FROM source WHERE row_key IS NOT NULL GROUP BY row_key HAVING count(*) > 1;
    CREATE UNIQUE INDEX duplicate_key ON duplicate (row_key)";

impl State {
    /// Indexes the rows, and finds those with the same key: equal ones are sent once, differing ones are all rejected.
    ///
    /// # Errors
    /// `output_failed` when there is no room.
    pub fn fold_duplicates(&self) -> Result<()> {
        let reject = Reason::DuplicateKey.code();
        self.or_failed(self.connection.execute_batch(INDEX))?;
        if !self.or_failed(self.has_duplicates())? {
            return Ok(());
        }
        let sql = format!(
            "{DUPLICATES};
             INSERT INTO fate SELECT row_number, row_key, 'duplicate', NULL, NULL
                FROM source JOIN duplicate USING (row_key) WHERE is_equal AND row_number > first;
             INSERT INTO fate SELECT row_number, row_key, 'invalid', '{reject}',
                'another row has the same key and other values'
                FROM source JOIN duplicate USING (row_key) WHERE NOT is_equal"
        );
        self.or_failed(self.connection.execute_batch(&sql))
    }

    /// Gives rows with the same key keys of their own: the second one of two ends in `#2`.
    ///
    /// # Errors
    /// `output_failed` when there is no room.
    pub fn number_duplicates(&self) -> Result<()> {
        self.or_failed(self.connection.execute_batch(INDEX))?;
        if !self.or_failed(self.has_duplicates())? {
            return Ok(());
        }
        let sql = "
            CREATE TABLE repeated AS
                SELECT row_number, count(*) OVER before + 1 AS occurrence FROM source
                WHERE row_key IN (SELECT row_key FROM source GROUP BY row_key HAVING count(*) > 1)
                WINDOW before AS (PARTITION BY row_key ORDER BY row_number
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING);
            UPDATE source SET row_key = row_key || '#' || occurrence FROM repeated
                WHERE source.row_number = repeated.row_number AND occurrence > 1";
        self.or_failed(self.connection.execute_batch(sql))
    }

    /// Whether two rows have the same key. Most sources have none: to compare each key with the one
    /// before it takes a third of the time of grouping them.
    fn has_duplicates(&self) -> rusqlite::Result<bool> {
        let sql = "SELECT row_key FROM source WHERE row_key IS NOT NULL ORDER BY row_key";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut previous = String::new();
        let mut is_first = true;
        while let Some(row) = rows.next()? {
            let key = row.get_ref(0)?.as_str()?;
            if key == previous && !is_first {
                return Ok(true);
            }
            is_first = false;
            previous.clear();
            previous.push_str(key);
        }
        Ok(false)
    }

    /// Records that a row is not sent.
    ///
    /// # Errors
    /// `output_failed` when there is no room.
    pub fn set_fate(
        &self,
        number: i64,
        key: Option<&str>,
        fate: Fate,
        why: Option<&Rejection>,
    ) -> Result<()> {
        let code = why.map(|why| why.reason.code());
        let message = why.map(|why| why.message.as_str());
        let statement = self.connection.prepare_cached(INSERT_FATE);
        let inserted = statement
            .and_then(|mut one| one.execute(params![number, key, fate.name(), code, message]));
        self.or_failed(inserted).map(drop)
    }

    /// The key of a row of the source.
    ///
    /// # Errors
    /// `output_failed` when it cannot be read.
    pub fn row_key(&self, number: i64) -> Result<Option<String>> {
        let sql = "SELECT row_key FROM source WHERE row_number = ?1";
        let statement = self.connection.prepare_cached(sql);
        let key = statement.and_then(|mut one| one.query_row([number], |row| row.get(0)));
        self.or_failed(key)
    }

    /// Records that a row is rejected.
    ///
    /// # Errors
    /// `output_failed` when there is no room.
    pub fn reject(&self, number: i64, key: Option<&str>, why: &Rejection) -> Result<()> {
        self.set_fate(number, key, fate_of(&why.reason), Some(why))
    }

    /// The number of rows of the source with a fate.
    ///
    /// # Errors
    /// `output_failed` when it cannot be read.
    pub fn count_fate(&self, fate: Fate) -> Result<i64> {
        self.number(&format!(
            "SELECT count(*) FROM fate WHERE fate = '{}' AND row_number > 0",
            fate.name()
        ))
    }

    /// The number that a statement returns.
    ///
    /// # Errors
    /// `output_failed` when it cannot be read.
    pub fn number(&self, sql: &str) -> Result<i64> {
        self.or_failed(self.connection.query_row(sql, [], |row| row.get(0)))
    }
}
