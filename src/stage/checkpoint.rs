//! The owner of a stage: only a run with the same options resumes it, within a limited time.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tracing::debug;

use super::file::{configure, is_own};
use super::journal::{self, Journal};
use super::pending::{self, Pending};
use super::unexpected;
use crate::Result;
use crate::model::privacy::Privacy;
use crate::system::files;

/// Identifies the run that a stage belongs to.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// Account, selection and version: only a run for which they are equal may resume.
    pub fingerprint: String,
    /// The start of the run, in milliseconds since 1970. No data in the stage is older.
    pub started_at: i64,
    /// The longest age of a run that is resumed; `None` to always start from the beginning.
    pub resume_within: Option<Duration>,
    /// The treatment of personal data.
    pub privacy: Privacy,
}

/// A stage to resume, and the answers that its run received.
pub(super) struct Found {
    pub connection: Connection,
    pub pending: Pending,
    pub journal: Journal,
    pub started_at: i64,
    pub published_as: String,
}

impl Found {
    /// A new, empty stage.
    pub fn new(connection: Connection, pending: Pending, started_at: i64) -> Self {
        let (journal, published_as) = (Journal::default(), String::new());
        Found { connection, pending, journal, started_at, published_as }
    }
}

const DDL: &str = "CREATE TABLE checkpoint (
    fingerprint TEXT NOT NULL, started_at INTEGER NOT NULL, boot TEXT NOT NULL);";

impl Checkpoint {
    /// The checkpoint of a run that neither resumes another run nor is resumed.
    pub const fn none() -> Self {
        let fingerprint = String::new();
        Checkpoint { fingerprint, started_at: 0, resume_within: None, privacy: Privacy::Keep }
    }

    /// Records in a new stage that it belongs to this run.
    pub(super) fn write(&self, connection: &Connection) -> rusqlite::Result<()> {
        connection.execute_batch(DDL)?;
        connection.execute_batch(journal::DDL)?;
        connection.execute_batch(unexpected::DDL)?;
        connection.execute_batch(pending::DDL)?;
        let boot = boot().unwrap_or_default();
        let row = (&self.fingerprint, self.started_at, boot);
        connection.execute("INSERT INTO checkpoint VALUES (?1, ?2, ?3)", row).map(drop)
    }

    /// The stage at `path`, if this run may resume it: it has the same fingerprint, is young
    /// enough, and is not corrupt. Any other file there is ignored.
    pub(super) fn find(&self, path: &Path) -> Option<Found> {
        let within = self.resume_within.filter(|_| is_own(path))?;
        let rows = files::with_suffix(path, pending::SUFFIX);
        let within = Some(within).filter(|_| is_own(&rows))?;
        let found = self.open(path, within).inspect_err(|error| debug!(%error, "No checkpoint."));
        found.ok().flatten()
    }

    fn open(&self, path: &Path, within: Duration) -> Result<Option<Found>> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        let connection = Connection::open_with_flags(path, flags)?;
        configure(&connection)?;
        let sql = "SELECT fingerprint, started_at, boot FROM checkpoint";
        let (fingerprint, started_at, boot): (String, i64, String) =
            connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let is_ours = fingerprint == self.fingerprint && is_this(&boot);
        if !is_ours || !self.is_young(started_at, within) || !is_whole(&connection)? {
            return Ok(None);
        }
        let journal = Journal::read(&connection)?;
        let pending = Pending::open(path, &connection)?;
        let sql = "SELECT coalesce(max(extraction_id), '') FROM extractions";
        let published_as = connection.query_row(sql, [], |row| row.get(0))?;
        Ok(Some(Found { connection, pending, journal, started_at, published_as }))
    }

    /// A run that started in the future is not young: a clock was wrong.
    fn is_young(&self, started_at: i64, within: Duration) -> bool {
        let age = self.started_at - started_at;
        u128::try_from(age).is_ok_and(|age| age <= within.as_millis())
    }
}

/// The ID of the machine's current boot, if the system has one. A stage is not synchronised to the
/// disk while it is written, so it survives the end of the process, but not a loss of power.
pub(super) fn boot() -> Result<String, std::io::Error> {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
}

fn is_this(boot_then: &str) -> bool {
    boot().unwrap_or_default() == boot_then
}

fn is_whole(connection: &Connection) -> rusqlite::Result<bool> {
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    Ok(verdict == "ok")
}
