//! The locks of the outputs, which a job holds through all of its runs.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::system::lock::Lock;

/// The locks that a job has taken, by their paths.
#[derive(Debug, Default)]
pub(super) struct Locks(RefCell<BTreeMap<PathBuf, Arc<Lock>>>);

impl Locks {
    /// The lock at `path`, if the job has it.
    pub fn at(&self, path: &Path) -> Option<Arc<Lock>> {
        self.0.borrow().get(path).cloned()
    }

    /// Keeps a lock until the job ends.
    pub fn keep(&self, path: PathBuf, lock: Lock) -> Arc<Lock> {
        let lock = Arc::new(lock);
        self.0.borrow_mut().insert(path, Arc::clone(&lock));
        lock
    }

    /// Gives up a lock, so that other runs may write to the output.
    pub fn release(&self, path: &Path) {
        self.0.borrow_mut().remove(path);
    }
}
