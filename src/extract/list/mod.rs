//! Lists that are read by offset, until every item that the server counts has come.
//!
//! There is one walker for all of these lists. It passes the items of each page to a [`Sink`]:
//! [`Items`] collects them, [`Keys`] keeps their keys only, and [`StagedRows`] writes their rows to
//! the stage.

mod pass;
mod plain;
mod sinks;
mod walker;

use std::sync::atomic::AtomicUsize;

use super::fetch::Fetch;
use super::memory::Memory;
use crate::error::Kind;
use crate::launchdarkly::Request;
use crate::model::resource::Resource;
use crate::record::Tally;
use crate::{Error, Result};

pub(super) use self::plain::{Plain, RefusedQueries};
use self::sinks::{Items, Sink};
pub(super) use self::sinks::{Keyed, Keys, StagedRows};

/// A list to be read whole.
pub(super) struct List<'l> {
    /// The request without `limit` and `offset`.
    pub request: Request,
    /// The request without optional parameters, for a server that refuses them.
    pub plain: Option<Plain<'l>>,
    /// The page size; `None` for a list that is documented to come in one answer.
    pub limit: Option<&'l AtomicUsize>,
    /// The server's count of items, where the first page came inside another object.
    pub total: Option<i64>,
    /// Whether the answers must be current: then they are neither taken from the journal nor kept.
    pub now: bool,
    /// Bounds the pages in memory; `None` for lists whose items are all kept in memory.
    pub memory: Option<&'l Memory>,
}

impl<'l> List<'l> {
    /// The list of a resource, whose items are kept in memory.
    pub fn of<R: Resource>(fetch: &'l Fetch<'_>, request: Request) -> Self {
        let limit = Some(fetch.limits.of::<R>());
        List { request, plain: None, limit, total: None, now: false, memory: None }
    }
}

/// Whether there are as many distinct items as the server counts.
pub(super) fn reached(distinct: usize, total: i64) -> bool {
    i64::try_from(distinct).is_ok_and(|distinct| distinct >= total)
}

/// Ends the run because fewer items came than the server counts, unless unverified data is allowed.
///
/// # Errors
/// `unexpected_response`.
pub(super) fn short(
    fetch: &Fetch<'_>,
    resource: &str,
    tally: &Tally,
    distinct: usize,
) -> Result<()> {
    let facts = tally.facts();
    let reported = facts.reported_total.unwrap_or_default();
    let message = format!(
        "{resource}: LaunchDarkly reports {reported}, but {} walks found {distinct}",
        facts.passes
    );
    if fetch.selection.allow_unverified {
        tally.remark("fewer rows than reported: published unverified");
        return Ok(());
    }
    Err(Error::new(Kind::UnexpectedResponse, message).resource(resource).hint(
        "a role that hides some of them can cause this; `--allow-unverified` publishes those that \
         were found",
    ))
}
