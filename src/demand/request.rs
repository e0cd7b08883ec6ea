//! Asks for LaunchDarkly's approval of a change.

use tracing::warn;

use super::around::open_requests;
use super::attempts;
use super::toggle::{Change, Toggle};
use crate::launchdarkly::Client;
use crate::launchdarkly::writes::approvals::{self, ApprovalRequest};
use crate::sync::answers;
use crate::{Error, Result};

/// How often a request whose answer was lost is looked for before another one is made: for three
/// seconds.
const LOOKS: u32 = 5;

/// An approval request for a change.
#[derive(Clone, Debug)]
pub enum Asked {
    /// It was made.
    Created(ApprovalRequest),
    /// There was one already, with the same instructions.
    Found(ApprovalRequest),
}

impl Asked {
    /// The request.
    pub const fn request(&self) -> &ApprovalRequest {
        match self {
            Asked::Created(request) | Asked::Found(request) => request,
        }
    }

    /// Its name in outcomes.
    pub const fn name(&self) -> &'static str {
        match self {
            Asked::Created(_) => "requested",
            Asked::Found(_) => "pending",
        }
    }
}

impl Change {
    /// Asks for the approval of the change, unless that was done before. Only one request is made,
    /// even when its answer is lost.
    ///
    /// # Errors
    /// By the table of codes.
    pub async fn request(&self, client: &Client) -> Result<Asked> {
        let toggle = &self.toggle;
        let mut earlier = self.around.requests.iter().flatten();
        if let Some(found) = earlier.find(|request| is_for(request, toggle)) {
            return Ok(Asked::Found(found.clone()));
        }
        if self.around.requests.is_none() {
            warn!(
                "Pending approval requests are not known: there may be one for this change already."
            );
        }
        let description = description(toggle);
        let instructions = toggle.change().instructions();
        let (place, environment) = (&toggle.place, &toggle.environment);
        let request = approvals::create(place, environment, &instructions, &description);
        let send = async || client.send(&request).await?.decode(&request).and_then(identified);
        let read = async || self.find(client, &description).await;
        let made = attempts::write(client, "the approval request", send, read).await;
        made.map(Asked::Created).map_err(unavailable)
    }

    /// The request whose answer was lost, if it was made.
    async fn find(&self, client: &Client, description: &str) -> Result<Option<ApprovalRequest>> {
        let toggle = &self.toggle;
        // A request that was just made may not be listed for a moment.
        for look in 1..=LOOKS {
            let found = open_requests(client, &toggle.place, &toggle.environment).await?;
            let ours = found.into_iter().find(|one| self.is_ours(one, description));
            if ours.is_some() || look == LOOKS {
                return Ok(ours);
            }
            client.wait(answers::pause(look)).await?;
        }
        Ok(None)
    }

    /// Whether a request is the one that was just made. Where there was none before, its description
    /// does not matter: LaunchDarkly may store it in another form.
    fn is_ours(&self, request: &ApprovalRequest, description: &str) -> bool {
        let stored = request.description.as_deref().map(str::trim);
        let is_new = self.around.requests.is_some();
        is_for(request, &self.toggle) && (is_new || stored == Some(description.trim()))
    }
}

/// The request in an answer, which must have an ID.
fn identified(request: ApprovalRequest) -> Result<ApprovalRequest> {
    if !request.id.is_empty() {
        return Ok(request);
    }
    let error = Error::unexpected(approvals::NAME, "_id", "the new request has no ID");
    Err(error.hint("look at the pending requests before you ask again: `flaglake approvals list`"))
}

/// The error of a request that LaunchDarkly does not take: the plan may have no approvals.
fn unavailable(error: Error) -> Error {
    match error.http_status() {
        Some(400 | 404 | 405 | 422) => {
            error.hint("approvals may be no part of this LaunchDarkly plan; nothing was changed")
        }
        _ => error,
    }
}

/// Whether a pending request is for the same change. One that was declined does not count.
fn is_for(request: &ApprovalRequest, toggle: &Toggle) -> bool {
    let is_same = request.kinds() == [toggle.change().instruction()];
    is_same && request.status == "pending" && request.review_status != "declined"
}

/// What reviewers read.
fn description(toggle: &Toggle) -> String {
    let (word, flag, environment) = (toggle.word(), &toggle.place.flag, &toggle.environment);
    let default = || format!("Turn {word} {flag} in {environment}");
    toggle.comment.clone().unwrap_or_else(default)
}
