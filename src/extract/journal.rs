//! The journal: a run that resumes takes answers from it instead of sending the requests again.
//!
//! Every reader sends its requests through [`Fetch::once`], except where only a fresh answer helps.

use std::sync::atomic::Ordering;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::fetch::Fetch;
use crate::error::Kind;
use crate::launchdarkly::Request;
use crate::stage::{Entry, Task};
use crate::{Error, Result};

/// An answer as the journal keeps it: the part that later decisions need. Its rows are in the
/// stage.
#[derive(Serialize, Deserialize)]
enum Answer<A> {
    Given(A),
    /// LaunchDarkly refused the request with this status, and would refuse it again.
    Refused(u16),
}

/// Statuses that do not change when the same request is sent again. Refusals of the token are among
/// them: the run has continued without the resource, and a resumed run must do the same.
const FINAL: [u16; 5] = [400, 401, 403, 404, 405];

impl Fetch<'_> {
    /// Runs `ask`, unless the journal has the answer from before the run was interrupted. The
    /// answer that `ask` returns is written to the journal together with its rows.
    ///
    /// # Errors
    /// Those of `ask`, and a refusal that the journal holds.
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

    /// Changes the stage, unless the run did so before it was interrupted. A change that deletes rows
    /// must not be repeated: the rows that were read after it come from the journal, and so would
    /// not be written again. `what` names the change.
    pub(super) async fn change_once(&self, what: String, change: Task) -> Result<()> {
        let (entry, known) = self.stage.journal.next(what);
        if known.is_some() {
            return Ok(());
        }
        self.stage.keep_answer(entry, String::new(), Some(change)).await
    }

    /// Decides something, unless the run decided it before it was interrupted: `what` names the
    /// decision.
    pub(super) async fn decide_once(
        &self,
        what: String,
        decide: impl FnOnce() -> bool,
    ) -> Result<bool> {
        let (entry, known) = self.stage.journal.next(what);
        if let Some(known) = known.and_then(|text| serde_json::from_str(&text).ok()) {
            return Ok(known);
        }
        let decision = decide();
        self.stage.keep_answer(entry, text(&decision)?, None).await?;
        Ok(decision)
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

    /// An answer from the journal counts as the request that it took.
    fn recall<A>(&self, request: &Request, answer: Answer<A>) -> Result<A> {
        request.count();
        self.client.counters.requests.fetch_add(1, Ordering::Relaxed);
        self.client.counters.replayed.fetch_add(1, Ordering::Relaxed);
        match answer {
            Answer::Given(answer) => Ok(answer),
            Answer::Refused(status @ (401 | 403)) => {
                Err(self.client.not_permitted(request, status))
            }
            Answer::Refused(status) => {
                let text = format!("status {status}");
                Err(Error::unexpected(request.resource, "", text).status(status))
            }
        }
    }
}

fn text(answer: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string(answer);
    text.map_err(|error| {
        Error::new(Kind::Internal, format!("could not write an answer to the journal: {error}"))
    })
}
