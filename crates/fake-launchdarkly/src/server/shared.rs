//! The state that all connections share.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::log::Log;
use crate::Behaviour;
use crate::account::Account;
use crate::churn::Turmoil;
use crate::faults::Fates;
use crate::fragments::Stored;
use crate::rate_limit::Budgets;

/// The account, what changes it, the switches, the budgets, the faults and the log. Locks are taken
/// in this order and not across an `await`.
pub(super) struct Shared {
    pub stored: RwLock<Stored>,
    turmoil: Mutex<Turmoil>,
    pub behaviour: RwLock<Behaviour>,
    budgets: Mutex<Budgets>,
    fates: Mutex<Fates>,
    log: Mutex<Log>,
    in_flight: AtomicUsize,
    held: AtomicUsize,
}

/// One request that waits for its answer, until this is dropped.
pub(super) struct InFlight<'a> {
    all: &'a AtomicUsize,
    /// How many there were when it arrived, itself included.
    pub count: usize,
}

impl Shared {
    pub fn new(account: Account, behaviour: Behaviour) -> Self {
        Shared {
            stored: RwLock::new(Stored::new(account)),
            turmoil: Mutex::default(),
            behaviour: RwLock::new(behaviour),
            budgets: Mutex::default(),
            fates: Mutex::default(),
            log: Mutex::default(),
            in_flight: AtomicUsize::new(0),
            held: AtomicUsize::new(0),
        }
    }

    pub fn turmoil(&self) -> MutexGuard<'_, Turmoil> {
        locked(&self.turmoil)
    }

    pub fn budgets(&self) -> MutexGuard<'_, Budgets> {
        locked(&self.budgets)
    }

    pub fn fates(&self) -> MutexGuard<'_, Fates> {
        locked(&self.fates)
    }

    pub fn log(&self) -> MutexGuard<'_, Log> {
        locked(&self.log)
    }

    /// Counts a request that is never answered.
    pub fn hold(&self) {
        self.held.fetch_add(1, Ordering::Relaxed);
    }

    pub fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }

    pub fn enter(&self) -> InFlight<'_> {
        let count = self.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        InFlight { all: &self.in_flight, count }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.all.fetch_sub(1, Ordering::Relaxed);
    }
}

fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ignores poisoning: a test that panics while it changes the account has failed already, and
/// others may continue.
pub(super) fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

/// Like [`read`], for writing.
pub(super) fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
