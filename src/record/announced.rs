//! How much LaunchDarkly says there is to read. Progress shows it; it is never published.

/// What the first pages of the lists of a tally have announced, and how much of it has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Announced {
    /// The rows that LaunchDarkly counts.
    pub rows: i64,
    /// The requests that bring them.
    pub requests: u64,
    /// Whether no other list of the tally is still to announce rows.
    pub is_whole: bool,
    /// The parts in which they come: a flag comes once for each group of environments.
    parts: i64,
    arrived: i64,
}

impl Announced {
    /// Adds a list of `total` rows, of which the first page has `page`, and which is walked `walks`
    /// times for different parts of each row.
    pub fn add(&mut self, total: i64, page: usize, walks: usize) {
        let (rows, walks) = (u64::try_from(total).unwrap_or(0), walks as u64);
        let pages = rows.div_ceil((page as u64).max(1)).max(1);
        self.rows = self.rows.saturating_add(total.max(0));
        self.requests = self.requests.saturating_add(pages.saturating_mul(walks));
        let parts = i64::try_from(rows.saturating_mul(walks)).unwrap_or(i64::MAX);
        self.parts = self.parts.saturating_add(parts);
    }

    /// Adds parts that have come.
    pub fn arrive(&mut self, parts: usize) {
        self.arrived = self.arrived.saturating_add(i64::try_from(parts).unwrap_or(i64::MAX));
    }

    /// The rows that have come, of those that were announced. A row of which some parts have come
    /// counts in proportion; a row that comes again does not count again.
    pub fn arrived(&self) -> i64 {
        if self.parts == 0 {
            return 0;
        }
        let arrived = i128::from(self.arrived.min(self.parts)) * i128::from(self.rows);
        i64::try_from(arrived / i128::from(self.parts)).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_counts_once_in_however_many_parts_it_comes() {
        let mut flags = Announced::default();
        flags.add(250, 100, 4);
        assert_eq!((flags.rows, flags.requests, flags.arrived()), (250, 12, 0));
        flags.arrive(500);
        assert_eq!(flags.arrived(), 125);
        flags.arrive(500);
        flags.arrive(250);
        assert_eq!(flags.arrived(), 250);
    }

    #[test]
    fn an_empty_list_is_one_request() {
        let mut tags = Announced::default();
        tags.add(0, 0, 1);
        assert_eq!((tags.rows, tags.requests, tags.arrived()), (0, 1, 0));
    }

    #[test]
    fn a_count_that_makes_no_sense_is_none() {
        let mut tags = Announced::default();
        tags.add(-5, 20, 1);
        tags.add(i64::MAX, 1, 2);
        tags.arrive(usize::MAX);
        assert_eq!((tags.rows, tags.arrived()), (i64::MAX, i64::MAX));
    }
}
