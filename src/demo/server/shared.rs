//! What all connections share.

use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::log::Log;
use crate::demo::Behaviour;
use crate::demo::account::Account;
use crate::demo::fragments::Stored;
use crate::demo::rate_limit::Budgets;

/// The account, the switches, the budgets and the log. Locks are taken in this order and not across an `await`.
pub(super) struct Shared {
    pub stored: RwLock<Stored>,
    pub behaviour: RwLock<Behaviour>,
    budgets: Mutex<Budgets>,
    log: Mutex<Log>,
}

impl Shared {
    pub fn new(account: Account, behaviour: Behaviour) -> Self {
        Shared {
            stored: RwLock::new(Stored::new(account)),
            behaviour: RwLock::new(behaviour),
            budgets: Mutex::default(),
            log: Mutex::default(),
        }
    }

    pub fn budgets(&self) -> MutexGuard<'_, Budgets> {
        self.budgets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A test that panics while it changes the account has failed already; others may go on.
pub(super) fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

/// As [`read`], to change.
pub(super) fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
