//! A server's audit log, for tests of the decisions.

use super::walk::{Ask, PAGE, Page};

/// The behaviour of a server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Server {
    /// Whether a page links to the next one.
    pub(super) links: bool,
    /// Whether `before` includes its own millisecond.
    pub(super) inclusive: bool,
    pub(super) honours_after: bool,
    pub(super) honours_before: bool,
    /// Whether links have a cursor instead of `before`.
    pub(super) cursor: bool,
    /// The largest page.
    pub(super) page: usize,
}

impl Default for Server {
    fn default() -> Self {
        Server {
            links: false,
            inclusive: false,
            honours_after: true,
            honours_before: true,
            cursor: false,
            page: PAGE,
        }
    }
}

impl Server {
    /// One page of a log, which is in order, newest first.
    pub(super) fn page(self, log: &[(u64, i64)], ask: &Ask, after: i64) -> Page {
        let value = |name: &str| match ask {
            Ask::Link(link) => {
                let value = link.iter().find(|(other, _)| other == name);
                value.and_then(|(_, value)| value.parse::<i64>().ok())
            }
            Ask::Before(before) => Some(*before).filter(|_| name == "before"),
            Ask::Newest => None,
        };
        let before = value("before").filter(|_| self.honours_before).unwrap_or(i64::MAX);
        let skip = value("cursor").unwrap_or_default() as usize;
        let fits = |(_, date): &&(u64, i64)| {
            (*date < before || (self.inclusive && *date == before))
                && (!self.honours_after || *date > after)
        };
        let rows: Vec<_> = log.iter().filter(fits).skip(skip).copied().collect();
        let entries: Vec<_> = rows.iter().take(self.page).copied().collect();
        let more = rows.len() > entries.len();
        let next = (more && (self.links || self.cursor)).then(|| {
            let pair = |name: &str, value: i64| (name.to_owned(), value.to_string());
            if self.cursor {
                let cursor = pair("cursor", (skip + self.page) as i64);
                [Some(cursor), value("before").map(|before| pair("before", before))]
                    .into_iter()
                    .flatten()
                    .collect()
            } else {
                vec![pair("before", entries.last().unwrap().1)]
            }
        });
        Page { entries, next, ..Page::default() }
    }
}

/// A log with these gaps between entries, in milliseconds; the newest entry is the first.
pub(super) fn log(gaps: &[i64]) -> Vec<(u64, i64)> {
    let mut date = 1_000_000;
    let entry = |(id, gap): (usize, &i64)| {
        date -= gap;
        (id as u64, date)
    };
    gaps.iter().enumerate().map(entry).collect()
}
