//! The page sizes in use.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::page::with_offset;
use super::walk::Ask;
use crate::launchdarkly::Request;
use crate::model::resource::Resource;
use crate::{Error, Result, resources};

/// Page sizes to try after the server has refused a larger one.
const SMALLER: [usize; 4] = [100, 50, 20, 10];

/// The page size of each resource's list: the documented maximum, or less once the server has
/// refused that.
#[derive(Debug)]
pub(super) struct Limits {
    sizes: BTreeMap<&'static str, AtomicUsize>,
    /// Stands for lists that have no pages. No request sends it.
    none: AtomicUsize,
}

impl Default for Limits {
    fn default() -> Self {
        let limits = resources::ALL.iter().filter_map(|resource| {
            Some((resource.name(), AtomicUsize::new(resource.paging().limit()?)))
        });
        Limits { sizes: limits.collect(), none: AtomicUsize::new(1) }
    }
}

impl Limits {
    /// The page size of a resource's list.
    pub(super) fn of<R: Resource>(&self) -> &AtomicUsize {
        self.sizes.get(R::NAME).unwrap_or(&self.none)
    }
}

/// Reads one page. Where the server answers 400, tries smaller pages, and keeps the size that works
/// in `limit`.
///
/// # Errors
/// The first refusal, if the server refuses every size; any other error of `read` at once.
pub(super) async fn sized<A>(
    request: &Request,
    limit: &AtomicUsize,
    ask: Ask,
    read: impl AsyncFn(Request) -> Result<A>,
) -> Result<A> {
    let largest = limit.load(Ordering::Relaxed);
    let sizes = SMALLER.into_iter().filter(|size| *size < largest);
    let mut refusal = None;
    for size in std::iter::once(largest).chain(sizes) {
        let request = with_offset(request.clone(), ask.offset).with("limit", size);
        match read(request).await {
            Err(error) if error.http_status() == Some(400) => refusal = refusal.or(Some(error)),
            Err(error) => return Err(error),
            Ok(page) => {
                // A smaller page was accepted: the size was the reason for the refusal.
                limit.fetch_min(size, Ordering::Relaxed);
                return Ok(page);
            }
        }
    }
    Err(refusal.unwrap_or_else(|| Error::unexpected(request.resource, "", "status 400")))
}
