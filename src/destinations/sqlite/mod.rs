//! One transaction on the live file: readers see the old data or the new, and are never blocked.

mod address;
mod archived;
mod conflicts;
mod connection;
mod daily;
mod destination;
mod history;
mod identity;
mod inspect;
mod migrate;
mod moment;
mod place;
mod previous;
mod removals;
mod replace;
mod retention;
mod stale;
mod status_since;
mod views;

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tracing::debug;

pub(super) use self::address::{KIND, parse_path};

use self::connection::{connect, finish, finish_new, give_up, prepare};
use self::identity::State;
use self::place::Standing;
use self::replace::replace;
use super::Rows;
use super::new_file::NewFile;
use crate::launchdarkly::identity::DEMO_ACCOUNT_ID;
use crate::record::Record;
use crate::stage::Staged;
use crate::system::interrupt::Interrupt;
use crate::system::{database, files};
use crate::verify::ReferenceCheck;
use crate::{Error, Result};

/// The data to publish, and the conditions for it.
struct Publication<'p> {
    staged: &'p Staged,
    record: &'p Record,
    check: ReferenceCheck,
    /// Looks at what the output holds before anything of it is replaced, and may refuse.
    inspect: &'p dyn Fn(&Connection) -> Result<()>,
    interrupt: &'p Interrupt,
}

/// A SQLite output that was looked at.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    /// The object that was there.
    standing: Standing,
    /// The last extraction, as it was recorded there.
    state: State,
    /// How long to wait for another program that is writing.
    busy_timeout: Duration,
    interrupt: Interrupt,
    /// How long ago a version of a row may have ended.
    pub(super) history_retention: Option<Duration>,
}

impl Sqlite {
    /// Makes sure that `path` is a flaglake database, or nothing yet.
    ///
    /// # Errors
    /// `output_failed` when it is something else.
    pub fn check(path: &Path, busy_timeout: Duration, interrupt: &Interrupt) -> Result<Self> {
        let (standing, state) = (place::check_file(path)?, State::default());
        let (path, interrupt) = (path.to_owned(), interrupt.clone());
        let history_retention = None;
        let mut sqlite =
            Sqlite { path, standing, state, busy_timeout, interrupt, history_retention };
        if let Standing::File(_) = standing {
            identity::check_header(&sqlite.path)?;
            sqlite.state =
                sqlite.patiently(|connection| identity::read(&sqlite.path, connection))??;
        }
        Ok(sqlite)
    }

    /// Opens the file, which must exist. A connection that may write leaves no log behind.
    fn open(&self) -> rusqlite::Result<Connection> {
        connect(&self.path)
    }

    /// Asks the database something; waits, but not deaf to signals, while another program writes.
    fn patiently<T>(&self, ask: impl Fn(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        self.standing.check(&self.path)?;
        self.wait(|| self.open().and_then(|connection| ask(&connection)))
    }

    /// Does something with the database; waits, but not deaf to signals, while another program
    /// writes.
    fn wait<T>(&self, step: impl Fn() -> rusqlite::Result<T>) -> Result<T> {
        let patience = Instant::now() + self.busy_timeout;
        loop {
            self.interrupt.check()?;
            match step() {
                Err(error) if database::is_busy(&error) && Instant::now() < patience => {}
                outcome => return outcome.map_err(|error| database::failed(&self.path, &error)),
            }
        }
    }

    /// Makes sure that the file holds the data of `account`, or none: what it keeps of earlier runs
    /// would be lost. A real account replaces the demo's data, but the demo replaces no real data.
    ///
    /// # Errors
    /// `output_failed` when it is another account's.
    pub fn check_account(&self, account: Option<&str>, is_demo: bool) -> Result<()> {
        let Some(last) = self.state.account_id.clone() else { return Ok(()) };
        let is_other = last.is_some() && account.is_some() && last.as_deref() != account;
        match last {
            last if is_demo && last.as_deref() != account => {
                Err(Error::output(&self.path, "it holds the data of a real account")
                    .hint("name another file for the demo: `--output demo.db`"))
            }
            Some(last) if is_other && last != DEMO_ACCOUNT_ID => {
                let reason = format!("it holds the data of another account, {last}");
                Err(Error::output(&self.path, reason)
                    .hint("is this the right token? name another file, or remove this one"))
            }
            _ => Ok(()),
        }
    }

    /// Publishes the stage, once `inspect` has seen the output, and `check` has passed.
    ///
    /// # Errors
    /// `output_failed`, a reference that leads nowhere, or that of `inspect`; the output is as
    /// before then.
    pub fn publish(
        &self,
        staged: &Staged,
        record: &Record,
        check: ReferenceCheck,
        inspect: impl Fn(&Connection) -> Result<()>,
        interrupt: &Interrupt,
    ) -> Result<Rows> {
        // The inspected file must be the one to which the run publishes.
        self.standing.check(&self.path)?;
        let publication = Publication { staged, record, check, inspect: &inspect, interrupt };
        match self.standing {
            Standing::File(_) => self.publish_to_file(publication),
            Standing::Vacant | Standing::Empty(_) => self.publish_new(publication),
        }
    }

    /// Builds a new file beside its place.
    fn publish_new(&self, publication: Publication<'_>) -> Result<Rows> {
        let failed = |error| database::failed(&self.path, &error);
        let new = NewFile::beside(&self.path).map_err(|error| files::failed(&self.path, &error))?;
        let connection = connect(&new.path).map_err(failed)?;
        prepare(&connection, true, publication.staged).map_err(failed)?;
        publication.interrupt.watch(&connection);
        self.begin(&connection)?;
        let (rows, _) = self.write(&connection, publication)?;
        finish_new(connection).map_err(failed)?;
        self.standing.check(&self.path)?;
        let moved = match self.standing {
            Standing::Vacant => new.take_vacant_place(&self.path),
            _ => new.take_place(&self.path),
        };
        moved.map_err(|error| self.not_moved(&error))?;
        Ok(rows)
    }

    fn not_moved(&self, error: &io::Error) -> Error {
        if error.kind() == io::ErrorKind::AlreadyExists {
            return place::changed(&self.path, "another file was put there at the last moment");
        }
        files::failed(&self.path, error)
    }

    /// Writes to the file that is there.
    fn publish_to_file(&self, publication: Publication<'_>) -> Result<Rows> {
        let connection =
            connect(&self.path).map_err(|error| database::failed(&self.path, &error))?;
        // Setting up would already change another program's database.
        self.check_unchanged(&connection)?;
        self.wait(|| prepare(&connection, false, publication.staged))?;
        publication.interrupt.watch(&connection);
        self.begin(&connection)?;
        let written =
            self.check_unchanged(&connection).and_then(|()| self.write(&connection, publication));
        match written {
            Ok((rows, is_guarded)) => {
                finish(connection, &self.path, is_guarded);
                self.standing.check(&self.path)?;
                Ok(rows)
            }
            Err(error) => {
                give_up(connection);
                Err(error)
            }
        }
    }

    /// Makes sure that the database is the one that was looked at, and is as it was: what was read
    /// since then follows from what it holds.
    fn check_unchanged(&self, connection: &Connection) -> Result<()> {
        self.standing.check(&self.path)?;
        let state = self.wait(|| identity::read(&self.path, connection))??;
        if state == self.state {
            return Ok(());
        }
        Err(place::changed(&self.path, "its data was replaced while the run was going on"))
    }

    /// Writes everything and commits. Returns as well whether personal data of earlier runs was
    /// treated.
    fn write(&self, connection: &Connection, publication: Publication<'_>) -> Result<(Rows, bool)> {
        let failed = |error| database::failed(&self.path, &error);
        let Publication { staged, record, check, inspect, interrupt } = publication;
        inspect(connection)?;
        let outcome = replace(connection, staged, record).map_err(failed)?;
        if let Some(age) = self.history_retention {
            retention::forget_older(connection, age).map_err(failed)?;
        }
        debug!("Everything is copied.");
        check.finish()?;
        debug!("References are verified.");
        self.standing.check(&self.path)?;
        interrupt.commit()?;
        connection.execute_batch("COMMIT").map_err(failed)?;
        Ok(outcome)
    }

    /// Begins the transaction; waits, but not deaf to signals, while another program writes.
    fn begin(&self, connection: &Connection) -> Result<()> {
        self.wait(|| connection.execute_batch("BEGIN IMMEDIATE"))
    }
}
