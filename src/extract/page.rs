//! One page of a list: its request, and the form in which the journal keeps it.

use serde::{Deserialize, Serialize};

use super::walk::Page;
use crate::launchdarkly::Request;
use crate::launchdarkly::json_stream::page::End;
use crate::record::Tally;
use crate::{Error, Result};

/// A page of a list as the journal keeps it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Listed<I> {
    /// The items, or the part of each that the walk needs.
    pub items: Vec<I>,
    /// The server's count of all items of the list.
    pub total: Option<i64>,
    /// Whether there is a link to a next page.
    pub next: bool,
}

impl<I> Listed<I> {
    /// The page with these items, whose envelope was `end`.
    pub fn new<T>(items: Vec<I>, end: &End<T>) -> Self {
        Listed { items, total: end.total_count, next: end.next.is_some() }
    }

    /// The page as a walk sees it; `row` gives an item's hash and time of creation.
    pub fn page(&self, row: impl Fn(&I) -> (u64, i64)) -> Page {
        Page { rows: self.items.iter().map(row).collect(), total: self.total, next: self.next }
    }
}

/// Refuses a body without `items`: it is not a list, even if it has other fields.
///
/// # Errors
/// `unexpected_response`.
pub(super) fn require_items<T>(request: &Request, end: &End<T>) -> Result<()> {
    if end.has_items {
        return Ok(());
    }
    Err(Error::unexpected(request.resource, "items", "missing field `items`"))
}

/// The request for the page at an offset. The request for the first page has no `offset`.
pub(super) fn with_offset(request: Request, offset: usize) -> Request {
    if offset == 0 { request } else { request.with("offset", offset) }
}

/// Adds the items of a page to the tally, and the server's count if it gave one.
pub(super) fn items_received(tally: &Tally, count: usize, total: Option<i64>) {
    tally.note(|facts| {
        facts.rows += i64::try_from(count).unwrap_or(i64::MAX);
        facts.reported_total = total.or(facts.reported_total);
    });
}
