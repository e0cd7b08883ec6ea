//! A walk by offset whose pages are all requested at once, after the first has told how many there
//! are. No input or output.
//!
//! Rows may shift from page to page while the pages are read. The pages therefore count only if
//! they are what a list that stands still would return: [`Rest::is_whole`].

use std::collections::HashSet;

use super::Page;

/// The pages of a list behind its first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest {
    /// How many rows the server puts on a page.
    size: usize,
    /// The server's count of the rows of the list.
    total: usize,
}

impl Rest {
    /// The rest of a list whose first page is `first`; `None` if the first page does not tell how
    /// many rows follow, or the server did not sort.
    pub fn after(first: &Page) -> Option<Self> {
        let (size, total) = (first.rows.len(), usize::try_from(first.total?).ok()?);
        (size > 0 && total > size && is_sorted(&first.rows)).then_some(Rest { size, total })
    }

    /// The offset of each page.
    pub fn offsets(self) -> impl Iterator<Item = usize> {
        (self.size..self.total).step_by(self.size)
    }

    /// Whether `first` and `rest` are the pages of one state of the list: every page is full and
    /// has the same count, rows are sorted across pages, and no row is on two pages.
    pub fn is_whole(self, first: &Page, rest: &[Page]) -> bool {
        let pages = || std::iter::once(first).chain(rest);
        let is_full = self.offsets().zip(rest).all(|(offset, page)| {
            page.rows.len() == self.size.min(self.total - offset) && page.total == first.total
        });
        let rows: Vec<_> = pages().flat_map(|page| &page.rows).copied().collect();
        let distinct: HashSet<_> = rows.iter().map(|(key, _)| key).collect();
        is_full && is_sorted(&rows) && distinct.len() == self.total
    }

    /// Whether the server seems to ignore the offset or to count other rows: a page begins like the
    /// first, or is empty.
    pub fn is_ignored(self, first: &Page, rest: &[Page]) -> bool {
        let start = |page: &Page| page.rows.first().map(|(key, _)| *key);
        rest.iter().any(|page| page.rows.is_empty() || start(page) == start(first))
    }
}

/// Whether rows are sorted by their time of creation, newest first.
fn is_sorted(rows: &[(u64, i64)]) -> bool {
    rows.is_sorted_by(|(_, one), (_, next)| one >= next)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page of a list of `total` rows, newest first, that begins at `offset`.
    fn page(total: usize, offset: usize, size: usize) -> Page {
        let rows = (offset..total.min(offset + size)).map(|row| (row as u64, -(row as i64)));
        Page { rows: rows.collect(), total: Some(total as i64), next: false }
    }

    fn pages(total: usize, size: usize) -> (Rest, Page, Vec<Page>) {
        let first = page(total, 0, size);
        let rest = Rest::after(&first).unwrap();
        (rest, first, rest.offsets().map(|offset| page(total, offset, size)).collect())
    }

    #[test]
    fn the_first_page_tells_the_offsets_of_the_others() {
        let offsets = |total| pages(total, 100).0.offsets().collect::<Vec<_>>();
        assert_eq!(offsets(101), [100]);
        assert_eq!(offsets(300), [100, 200]);
        assert_eq!(offsets(301), [100, 200, 300]);
    }

    #[test]
    fn nothing_follows_a_page_that_has_all_rows_or_no_count() {
        assert_eq!(Rest::after(&page(100, 0, 100)), None);
        assert_eq!(Rest::after(&Page { total: None, ..page(200, 0, 100) }), None);
        assert_eq!(Rest::after(&Page { rows: vec![], ..page(200, 0, 100) }), None);
    }

    #[test]
    fn an_unsorted_list_is_not_read_at_once() {
        let mut first = page(200, 0, 100);
        first.rows.swap(3, 4);
        assert_eq!(Rest::after(&first), None);
    }

    #[test]
    fn pages_of_a_list_that_stands_still_are_whole() {
        for total in [101, 199, 200, 201, 1000] {
            let (rest, first, others) = pages(total, 100);
            assert!(rest.is_whole(&first, &others), "{total}");
        }
    }

    #[test]
    fn pages_that_repeat_the_first_or_are_empty_show_that_offsets_do_not_work() {
        let (rest, first, others) = pages(250, 100);
        assert!(!rest.is_ignored(&first, &others));
        assert!(rest.is_ignored(&first, &[first.clone(), first.clone()]));
        let empty = Page { rows: vec![], ..first.clone() };
        assert!(rest.is_ignored(&first, &[others[0].clone(), empty]));
    }

    #[test]
    fn pages_of_a_list_that_changes_are_not_whole() {
        let changes: [fn(&mut Vec<Page>); 6] = [
            // A row before the second page was removed, or added.
            |others| others[0] = page(250, 101, 100),
            |others| others[0] = page(250, 99, 100),
            |others| others[1].total = Some(251),
            |others| others[1].total = None,
            |others| others[1].rows.truncate(3),
            |others| others[0].rows.swap(0, 1),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let (rest, first, mut others) = pages(250, 100);
            change(&mut others);
            assert!(!rest.is_whole(&first, &others), "{number}");
        }
    }
}
