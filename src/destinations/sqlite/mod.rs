//! SQLite: one transaction on the live file. Readers see either the old or the new data, and are
//! never blocked.

mod address;
mod archived;
mod conflicts;
mod connection;
mod copy_file;
mod daily;
mod destination;
mod difference;
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
mod stored;
mod views;

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tracing::debug;

pub(super) use self::address::{KIND, at};
pub(super) use self::connection::APPLICATION_ID;
pub use self::copy_file::Copy;

use self::connection::{connect, finish, finish_new, give_up, prepare};
use self::identity::State;
use self::place::Standing;
use self::replace::replace;
use super::Rows;
use super::new_file::NewFile;
use super::one_account::Conflict;
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
    /// Inspects the output before anything in it is replaced. An error stops the run.
    inspect: &'p dyn Fn(&Connection) -> Result<()>,
    interrupt: &'p Interrupt,
}

/// A SQLite output that was inspected.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    /// The file that was there when it was inspected.
    standing: Standing,
    /// The last extraction that it recorded then.
    state: State,
    /// How long to wait for another program that is writing.
    busy_timeout: Duration,
    interrupt: Interrupt,
    /// Versions of rows that ended longer ago than this are deleted.
    pub(super) history_retention: Option<Duration>,
}

impl Sqlite {
    /// Checks that `path` is a flaglake database, or does not exist.
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

    /// Opens the file, which must exist. The connection can write even if it only reads: it then
    /// leaves no log behind.
    fn open(&self) -> rusqlite::Result<Connection> {
        connect(&self.path)
    }

    /// Runs a query. Waits while another program writes, but reacts to signals.
    fn patiently<T>(&self, ask: impl Fn(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        self.standing.check(&self.path)?;
        self.wait(|| self.open().and_then(|connection| ask(&connection)))
    }

    /// Runs a step on the database. Waits while another program writes, but reacts to signals.
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

    /// Checks that the file holds no data of another account, because publishing would delete it. A
    /// real account may replace the data of the demo account, but not the reverse.
    ///
    /// # Errors
    /// `output_failed` when it does.
    pub fn check_account(&self, account: Option<&str>, is_demo: bool) -> Result<()> {
        let Some(last) = &self.state.account_id else { return Ok(()) };
        let Some(conflict) = Conflict::between(last.as_deref(), account, is_demo) else {
            return Ok(());
        };
        let hint = match conflict {
            Conflict::RealAccount => "name another file for the demo: `--output demo.db`",
            Conflict::OtherAccount(_) => {
                "if the token is the right one, name another file, or remove this one"
            }
        };
        Err(Error::output(&self.path, conflict.reason()).hint(hint))
    }

    /// Publishes the stage after `inspect` and `check` have succeeded.
    ///
    /// # Errors
    /// `output_failed`, a reference without a target, or the error of `inspect`. The output is
    /// unchanged then.
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

    /// Builds a new file under a temporary name, and renames it.
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
            return place::changed(
                &self.path,
                "another program created a file there during the run",
            );
        }
        files::failed(&self.path, error)
    }

    /// Writes to the existing file.
    fn publish_to_file(&self, publication: Publication<'_>) -> Result<Rows> {
        let connection =
            connect(&self.path).map_err(|error| database::failed(&self.path, &error))?;
        // This check comes first, because `prepare` would already change another program's
        // database.
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

    /// Checks that the database is still the one that was inspected, with the same last extraction:
    /// the run decided what to read by its contents.
    fn check_unchanged(&self, connection: &Connection) -> Result<()> {
        self.standing.check(&self.path)?;
        let state = self.wait(|| identity::read(&self.path, connection))??;
        if state == self.state {
            return Ok(());
        }
        Err(place::changed(&self.path, "another run replaced its data during this run"))
    }

    /// Writes everything and commits. Also returns whether personal data of earlier runs was hashed
    /// or removed.
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

    /// Begins the transaction. Waits while another program writes, but reacts to signals.
    fn begin(&self, connection: &Connection) -> Result<()> {
        self.wait(|| connection.execute_batch("BEGIN IMMEDIATE"))
    }
}
