//! The result of one pass over a list.

use std::collections::HashSet;

use super::reached;

/// The result of one pass over a list.
pub(super) struct Pass {
    /// Hashes of the items' keys.
    pub seen: HashSet<u64>,
    /// The number of distinct items.
    pub found: usize,
    /// The server's last count.
    pub total: Option<i64>,
    /// Whether the server's count was the same on every page, and no items have shifted.
    is_stable: bool,
    /// The number of pages that brought new items.
    pages: usize,
}

impl Pass {
    /// A pass that continues after `found` items, whose keys are `seen`: they are the first page.
    pub fn after(seen: HashSet<u64>, found: usize, total: Option<i64>) -> Self {
        let pages = usize::from(found > 0);
        Pass { seen, found, total: total.filter(|_| found > 0), is_stable: true, pages }
    }

    /// The pass, which does not count as whole if items have shifted from page to page.
    pub fn unless(self, has_shifted: bool) -> Self {
        Pass { is_stable: self.is_stable && !has_shifted, ..self }
    }

    /// Takes the count and the keys of a page, and passes each item that is new to `take`.
    pub fn page<T>(
        &mut self,
        total: Option<i64>,
        items: Vec<T>,
        key: impl Fn(&T) -> u64,
        mut take: impl FnMut(T),
    ) {
        self.count(total);
        let before = self.found;
        for item in items {
            if self.seen.insert(key(&item)) {
                self.found += 1;
                take(item);
            }
        }
        self.pages += usize::from(self.found > before);
    }

    fn count(&mut self, total: Option<i64>) {
        self.is_stable &= self.total.is_none() || total.is_none() || self.total == total;
        self.total = total.or(self.total);
    }

    /// Whether the pass certainly has the whole list. Items cannot shift within a single page.
    pub fn is_whole(&self) -> bool {
        match self.total {
            Some(total) => self.is_stable && reached(self.found, total),
            None => self.pages <= 1,
        }
    }
}
