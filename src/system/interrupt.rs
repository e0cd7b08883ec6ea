//! SIGINT and SIGTERM: a run ends within a second, unless it is publishing its data.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, InterruptHandle};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use crate::error::Kind;
use crate::terminal::say_last;
use crate::{Error, Result};

/// Keeps SIGXFSZ from ending the process. A write beyond the limit of file sizes then fails like
/// any other write. Without a handler, the process would end without a message and without cleaning
/// up.
pub fn outlive_size_limit() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
    let Ok(runtime) = runtime else { return };
    let _context = runtime.enter();
    // The handler stays in place after the runtime has ended.
    let _ = signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()));
}

/// Whether this process was told to end; shared by all long operations.
#[derive(Clone, Debug)]
pub struct Interrupt {
    state: Arc<Mutex<State>>,
    told: watch::Sender<bool>,
    work: Work,
    is_part: bool,
}

/// What is interrupted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Work {
    /// Data that becomes visible at the end, as a whole.
    #[default]
    Publishing,
    /// Rows that are sent one after the other.
    Sending,
    /// Nothing but reading.
    Reading,
}

#[derive(Default)]
struct State {
    is_told: bool,
    is_committed: bool,
    databases: Vec<InterruptHandle>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "told: {}, committed: {}", self.is_told, self.is_committed)
    }
}

/// The interval between interruptions: a statement that starts right after one is not affected by
/// it.
const AGAIN: Duration = Duration::from_millis(50);

/// A second signal counts only this long after the first.
const INSISTENCE: Duration = Duration::from_secs(1);

impl Default for Interrupt {
    fn default() -> Self {
        let told = watch::Sender::new(false);
        Interrupt { state: Arc::default(), told, work: Work::default(), is_part: false }
    }
}

impl Interrupt {
    /// Listens for signals on the current tokio runtime.
    pub fn listen() -> Self {
        Interrupt::listen_during(Work::default())
    }

    /// Listens for signals, and says of an interruption what is true of this work.
    pub fn listen_during(work: Work) -> Self {
        let interrupt = Interrupt { work, ..Interrupt::default() };
        let listener = interrupt.clone();
        tokio::spawn(async move {
            // Without handlers, a signal ends the process at once.
            let kinds = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
            let [Ok(mut one), Ok(mut other)] = kinds else { return };
            arrival(&mut one, &mut other).await;
            tokio::select! {
                () = listener.keep_stopping() => {}
                () = insistence() => {
                    let code = Kind::Interrupted.code();
                    let when = match work {
                        Work::Publishing => ", maybe after publishing",
                        Work::Sending | Work::Reading => "",
                    };
                    say_last(&format!("error: interrupted again{when} [{code}]"));
                    std::process::exit(i32::from(Kind::Interrupted.exit_status()));
                }
            }
        });
        interrupt
    }

    /// The same signals for a part of the work: what it commits is not visible yet, so that a later
    /// signal still counts.
    #[must_use]
    pub fn of_part(&self) -> Self {
        Interrupt { is_part: true, ..self.clone() }
    }

    /// Does `work`, and stops it if the process is told to end.
    ///
    /// # Errors
    /// Those of `work`, and `interrupted`.
    pub async fn or<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            outcome = work => outcome,
            () = self.told() => Err(self.interrupted()),
        }
    }

    /// Waits until the process is told to end.
    pub async fn told(&self) {
        let mut told = self.told.subscribe();
        if told.wait_for(|told| *told).await.is_err() {
            std::future::pending().await
        }
    }

    /// Ends the statements of `connection` when the process is told to end.
    pub fn watch(&self, connection: &Connection) {
        self.lock().databases.push(connection.get_interrupt_handle());
    }

    /// Checks that the work may continue.
    ///
    /// # Errors
    /// `interrupted` if the process was told to end.
    pub fn check(&self) -> Result<()> {
        if self.lock().is_told { Err(self.interrupted()) } else { Ok(()) }
    }

    /// Ignores all later signals, because the data is about to become visible: the run must report
    /// whether it did.
    ///
    /// # Errors
    /// `interrupted` if the process was told to end before.
    pub fn commit(&self) -> Result<()> {
        let mut state = self.lock();
        if state.is_told {
            return Err(self.interrupted());
        }
        state.is_committed = !self.is_part;
        Ok(())
    }

    /// Lets signals end the work again, after data has become visible and more work follows. A
    /// signal that has come since counts then.
    pub fn reopen(&self) {
        self.lock().is_committed = false;
    }

    /// Stops all work again and again. It never returns; publishing that has begun is not stopped.
    async fn keep_stopping(&self) {
        loop {
            self.stop();
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Stops all work; returns whether that was before publishing.
    fn stop(&self) -> bool {
        let mut state = self.lock();
        if state.is_committed {
            return false;
        }
        state.is_told = true;
        state.databases.iter().for_each(InterruptHandle::interrupt);
        // Unlike `send`, this stores the value even without a receiver.
        self.told.send_replace(true);
        true
    }

    fn interrupted(&self) -> Error {
        let (message, hint) = match self.work {
            Work::Publishing => {
                ("interrupted; nothing was published", "the previous data is untouched; run again")
            }
            Work::Sending => (
                "interrupted; what was sent until then stays",
                "run the same command again: it continues",
            ),
            Work::Reading => ("interrupted", ""),
        };
        Error::new(Kind::Interrupted, message).hint(hint)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn arrival(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}

/// Waits for a signal at least a second after the first: shells and `timeout` send the first one
/// twice.
async fn insistence() {
    tokio::time::sleep(INSISTENCE).await;
    // New listeners: the old ones would report signals that arrived during the sleep.
    let kinds = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
    match kinds {
        [Ok(mut one), Ok(mut other)] => arrival(&mut one, &mut other).await,
        _ => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_signal_before_the_commit_stops_it() {
        let early = Interrupt::default();
        assert!(early.stop());
        assert_eq!(early.commit().unwrap_err().kind(), Kind::Interrupted);
        assert!(early.check().is_err());
        let late = Interrupt::default();
        late.commit().unwrap();
        assert!(!late.stop());
        late.check().unwrap();
    }

    #[test]
    fn a_running_statement_ends_when_told() {
        let connection = Connection::open_in_memory().unwrap();
        let interrupt = Interrupt::default();
        interrupt.watch(&connection);
        let stopper = interrupt.clone();
        let thread = std::thread::spawn(move || while stopper.stop() && !stopper.done() {});
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
                       SELECT count(*) FROM n";
        assert!(connection.query_row(endless, [], |row| row.get::<_, i64>(0)).is_err());
        interrupt.lock().databases.clear();
        thread.join().unwrap();
    }

    impl Interrupt {
        fn done(&self) -> bool {
            self.lock().databases.is_empty()
        }
    }
}
