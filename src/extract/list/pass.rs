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

#[cfg(test)]
mod tests {
    use super::*;

    /// A pass over pages of keys, each with the server's count.
    fn pass(pages: &[(&[u64], Option<i64>)]) -> Pass {
        let mut pass = Pass::after(HashSet::new(), 0, None);
        for (keys, total) in pages {
            pass.page(*total, keys.to_vec(), |key| *key, drop);
        }
        pass
    }

    #[test]
    fn a_list_is_whole_when_the_counted_items_have_come() {
        assert!(pass(&[(&[1, 2], Some(3)), (&[3], Some(3))]).is_whole());
        assert!(!pass(&[(&[1, 2], Some(4)), (&[3], Some(4))]).is_whole());
        assert!(!pass(&[(&[1, 2], Some(3)), (&[2], Some(3))]).is_whole());
    }

    #[test]
    fn a_count_that_changes_during_a_pass_proves_nothing() {
        assert!(!pass(&[(&[1, 2], Some(4)), (&[3], Some(3))]).is_whole());
    }

    #[test]
    fn shifted_items_make_a_pass_count_for_nothing() {
        let pages: [(&[u64], _); 2] = [(&[1, 2], Some(3)), (&[3], Some(3))];
        assert!(pass(&pages).unless(false).is_whole());
        assert!(!pass(&pages).unless(true).is_whole());
    }

    #[test]
    fn without_a_count_a_single_page_is_whole() {
        assert!(pass(&[(&[1, 2], None), (&[], None)]).is_whole());
        assert!(!pass(&[(&[1, 2], None), (&[3], None)]).is_whole());
    }

    #[test]
    fn a_pass_continues_after_a_nested_first_page() {
        let mut pass = Pass::after(HashSet::from([1, 2]), 2, Some(3));
        let mut taken = Vec::new();
        pass.page(Some(3), vec![2, 3], |key| *key, |key| taken.push(key));
        assert_eq!((pass.found, taken, pass.is_whole()), (3, vec![3], true));
    }
}
