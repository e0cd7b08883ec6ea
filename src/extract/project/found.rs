//! The flags that a walk has found.

use std::collections::{HashMap, HashSet};

use crate::extract::list::reached;

/// The result of one walk, or of several merged into one.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Hashes of the flags' keys.
    pub keys: HashSet<u64>,
    /// The server's count of flags, from the first page.
    pub total: Option<i64>,
    /// Whether a deprecated flag was among them.
    pub deprecated: bool,
    /// Whether an archived flag was among them.
    pub archived: bool,
    /// Whether every flag had the requested state.
    pub admitted: bool,
    /// Whether a walk found more or fewer flags than the server counted on the first page.
    pub uneven: bool,
    /// The time of creation of each flag, by the hash of its key. It tells a flag from another one
    /// that was created with the same key.
    pub created: HashMap<u64, i64>,
    /// Whether the server sorted and filtered as requested.
    pub is_sorted: bool,
    /// The number of pages of the longest walk.
    pub pages: usize,
}

impl Found {
    /// Adds keys. The first set is moved, not copied.
    pub fn see(&mut self, keys: HashSet<u64>) {
        if self.keys.is_empty() {
            self.keys = keys;
        } else {
            self.keys.extend(keys);
        }
    }

    /// Adds what another walk found. The newer count of the server is kept.
    pub fn merge(&mut self, other: &Found) {
        self.keys.extend(&other.keys);
        self.total = other.total.or(self.total);
        self.deprecated |= other.deprecated;
        self.archived |= other.archived;
        self.uneven |= other.uneven;
        self.pages = self.pages.max(other.pages);
        self.created.extend(&other.created);
    }

    /// Adds a walk of another list, whose flags count as current ones as well.
    pub fn unite(&mut self, other: &Found) {
        let totals = self.total.zip(other.total);
        let both = totals.map(|(one, other)| one.saturating_add(other));
        self.merge(other);
        self.total = both;
        self.is_sorted &= other.is_sorted;
    }

    /// Adds the facts of a further page of the same walk; its keys follow with [`Self::see`].
    pub fn join(&mut self, page: &Found) {
        self.pages += page.pages;
        self.deprecated |= page.deprecated;
        self.archived |= page.archived;
        self.admitted &= page.admitted;
        self.created.extend(&page.created);
    }

    /// Compares the number of flags found with the server's count.
    pub fn compare_count(&mut self) {
        let count = i64::try_from(self.keys.len()).unwrap_or(i64::MAX);
        self.uneven = self.total.is_some_and(|total| total != count);
    }

    /// Whether another walk of the same list found the same flags and count.
    pub fn agrees(&self, other: &Found) -> bool {
        self.total == other.total && self.keys == other.keys
    }

    /// Whether another walk of the same list found the same flags: none was deleted and created
    /// again.
    pub fn has_same_flags(&self, other: &Found) -> bool {
        self.keys == other.keys && self.created == other.created
    }

    /// Whether there are fewer flags than the server counts.
    pub fn is_short(&self) -> bool {
        self.total.is_some_and(|total| !reached(self.keys.len(), total))
    }
}
