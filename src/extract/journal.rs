//! Asking what was not answered before: the one way from a resource to the client.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Extraction;
use super::list::with_offset;
use super::walk::{Ask, Page};
use crate::error::Kind;
use crate::launchdarkly::Request;
use crate::launchdarkly::json_stream::page::End;
use crate::launchdarkly::retry::refused;
use crate::stage::{Entry, Task};
use crate::{Error, Result};

/// What the reading goes by, once an answer's rows are in the stage.
#[derive(Serialize, Deserialize)]
enum Answer<A> {
    Given(A),
    /// LaunchDarkly will not answer this, whoever asks.
    Refused(u16),
}

/// A page of a list, reduced to what the walk goes by.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Listed<I> {
    /// The items, or what is to be known of each.
    pub items: Vec<I>,
    /// How many the server counts.
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

/// Page sizes to try after one that the server refuses.
const SMALLER: [usize; 4] = [100, 50, 20, 10];

/// Statuses that do not change when the same is asked again. What a token may not read is kept as
/// well: a run goes on with what it left out.
const FINAL: [u16; 5] = [400, 401, 403, 404, 405];

impl Extraction<'_> {
    /// Does `ask`, unless the run was answered before it stopped. What `ask` returns is kept: the
    /// answer, and the rows that it brought.
    pub(super) async fn once<A>(
        &self,
        request: &Request,
        ask: impl Future<Output = Result<(A, Option<Task>)>>,
    ) -> Result<A>
    where
        A: Serialize + DeserializeOwned,
    {
        let (entry, known) = self.stage.journal.next(request.target()?);
        if let Some(answer) = known.and_then(|text| serde_json::from_str(&text).ok()) {
            return self.recall(request, answer);
        }
        match ask.await {
            Ok((answer, rows)) => {
                self.stage.keep_answer(entry, text(&Answer::Given(&answer))?, rows).await?;
                Ok(answer)
            }
            Err(error) => {
                self.keep_refusal(entry, &error).await?;
                Err(error)
            }
        }
    }

    async fn keep_refusal(&self, entry: Entry, error: &Error) -> Result<()> {
        let is_answer = matches!(error.kind(), Kind::UnexpectedResponse | Kind::InvalidPermissions);
        match error.http_status().filter(|status| is_answer && FINAL.contains(status)) {
            Some(status) => {
                let answer = text(&Answer::<()>::Refused(status))?;
                self.stage.keep_answer(entry, answer, None).await
            }
            None => Ok(()),
        }
    }

    /// An answer that was given before counts as the request that it took.
    fn recall<A>(&self, request: &Request, answer: Answer<A>) -> Result<A> {
        request.count();
        self.client.counters.requests.fetch_add(1, Ordering::Relaxed);
        let refused = |status| match status {
            401 | 403 => refused(request, status),
            _ => Error::unexpected(request.resource, "", format!("status {status}")).status(status),
        };
        match answer {
            Answer::Given(answer) => Ok(answer),
            Answer::Refused(status) => Err(refused(status)),
        }
    }

    /// Asks for a page, with smaller ones where the server refuses the size.
    pub(super) async fn sized<A>(
        &self,
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
                    // Only now is it known that the size was what was wrong.
                    limit.fetch_min(size, Ordering::Relaxed);
                    return Ok(page);
                }
            }
        }
        Err(refusal.unwrap_or_else(|| Error::unexpected(request.resource, "", "status 400")))
    }
}

fn text(answer: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string(answer);
    text.map_err(|error| Error::new(Kind::Internal, format!("an answer cannot be kept: {error}")))
}
