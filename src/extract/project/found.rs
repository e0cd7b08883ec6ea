//! The flags that a walk has found.

use std::collections::{HashMap, HashSet};

use crate::extract::list::reached;

/// The result of one walk, or of several merged into one.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The flags: the hash of each key, and the time of its creation (milliseconds since 1970), which
    /// tells a flag from another one that was created with the same key.
    pub created: HashMap<u64, i64>,
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
    /// Whether the server sorted and filtered as requested.
    pub is_sorted: bool,
    /// The number of pages of the longest walk.
    pub pages: usize,
}

impl Found {
    /// Whether a flag with this hash of its key was found.
    pub fn has(&self, key: u64) -> bool {
        self.created.contains_key(&key)
    }

    /// Hashes of the flags' keys.
    pub fn keys(&self) -> HashSet<u64> {
        self.created.keys().copied().collect()
    }

    /// Adds what another walk found. The newer count of the server is kept.
    pub fn merge(&mut self, other: &Found) {
        self.created.extend(&other.created);
        self.total = other.total.or(self.total);
        self.deprecated |= other.deprecated;
        self.archived |= other.archived;
        self.uneven |= other.uneven;
        self.pages = self.pages.max(other.pages);
    }

    /// Adds a walk of another list, whose flags count as current ones as well.
    pub fn unite(&mut self, other: &Found) {
        let totals = self.total.zip(other.total);
        let both = totals.map(|(one, other)| one.saturating_add(other));
        self.merge(other);
        self.total = both;
        self.is_sorted &= other.is_sorted;
    }

    /// Compares the number of flags found with the server's count.
    pub fn compare_count(&mut self) {
        let count = i64::try_from(self.created.len()).unwrap_or(i64::MAX);
        self.uneven = self.total.is_some_and(|total| total != count);
    }

    /// Whether another walk of the same list found the same flags and count.
    pub fn agrees(&self, other: &Found) -> bool {
        self.total == other.total && self.created == other.created
    }

    /// Whether there are fewer flags than the server counts.
    pub fn is_short(&self) -> bool {
        self.total.is_some_and(|total| !reached(self.created.len(), total))
    }
}
