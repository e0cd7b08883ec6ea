//! SIGINT and SIGTERM: a run ends within a second, unless its data is about to become visible.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, InterruptHandle};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use crate::error::Kind;
use crate::terminal::say_last;
use crate::{Error, Result};

/// Keeps SIGXFSZ from ending the process: a write beyond the limit of file sizes fails instead, and
/// ends as every error does. Without a handler, nothing would be said, and nothing be removed.
pub fn outlive_size_limit() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
    let Ok(runtime) = runtime else { return };
    let _context = runtime.enter();
    // The handler stays when the runtime has ended.
    let _ = signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()));
}

/// Whether this process was told to end; shared by everything that takes long.
#[derive(Clone, Debug)]
pub struct Interrupt {
    state: Arc<Mutex<State>>,
    told: watch::Sender<bool>,
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

/// A statement that starts right after an interruption runs on: it is interrupted again.
const AGAIN: Duration = Duration::from_millis(50);

/// A second signal counts from this long after the first.
const INSISTENCE: Duration = Duration::from_secs(1);

impl Default for Interrupt {
    fn default() -> Self {
        Interrupt { state: Arc::default(), told: watch::Sender::new(false) }
    }
}

impl Interrupt {
    /// Listens for signals from now on, on the current tokio runtime.
    pub fn listen() -> Self {
        let interrupt = Interrupt::default();
        let listener = interrupt.clone();
        tokio::spawn(async move {
            // Without handlers, a signal ends the process by itself.
            let kinds = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
            let [Ok(mut one), Ok(mut other)] = kinds else { return };
            arrival(&mut one, &mut other).await;
            tokio::select! {
                () = listener.keep_stopping() => {}
                () = insistence() => {
                    let code = Kind::Interrupted.code();
                    say_last(&format!("error: interrupted again, maybe after publishing [{code}]"));
                    std::process::exit(i32::from(Kind::Interrupted.exit_status()));
                }
            }
        });
        interrupt
    }

    /// Does `work` unless the process is told to end.
    ///
    /// # Errors
    /// Those of `work`, and `interrupted`.
    pub async fn or<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            outcome = work => outcome,
            () = self.told() => Err(interrupted()),
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

    /// Whether the work may go on.
    ///
    /// # Errors
    /// `interrupted` when the process was told to end.
    pub fn check(&self) -> Result<()> {
        if self.lock().is_told { Err(interrupted()) } else { Ok(()) }
    }

    /// From here on, the data becomes visible: whether it did must be known, so that no signal
    /// counts any more.
    ///
    /// # Errors
    /// `interrupted` when one came before.
    pub fn commit(&self) -> Result<()> {
        let mut state = self.lock();
        if state.is_told {
            return Err(interrupted());
        }
        state.is_committed = true;
        Ok(())
    }

    /// Stops everything, for ever: where the data is becoming visible, that is waited for.
    async fn keep_stopping(&self) {
        loop {
            self.stop();
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Stops everything; returns whether it was in time.
    fn stop(&self) -> bool {
        let mut state = self.lock();
        if state.is_committed {
            return false;
        }
        state.is_told = true;
        state.databases.iter().for_each(InterruptHandle::interrupt);
        // Whoever waits is told; there may be nobody.
        self.told.send_replace(true);
        true
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

/// A signal a while after the first: shells and `timeout` send the first one twice.
async fn insistence() {
    tokio::time::sleep(INSISTENCE).await;
    // Fresh listeners: those of before remember what came meanwhile.
    let kinds = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
    match kinds {
        [Ok(mut one), Ok(mut other)] => arrival(&mut one, &mut other).await,
        _ => std::future::pending().await,
    }
}

fn interrupted() -> Error {
    Error::new(Kind::Interrupted, "interrupted; nothing was published")
        .hint("the previous data is untouched; run again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_before_the_commit_stops_it_and_one_after_does_not() {
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
