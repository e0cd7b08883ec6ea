//! What is known about a flag in an environment besides its configuration.

use futures::join;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tracing::warn;

use crate::error::Kind;
use crate::launchdarkly::writes::approvals::{self, ApprovalRequest, kinds};
use crate::launchdarkly::writes::flags::{self, FlagPlace, ScheduledChange};
use crate::launchdarkly::writes::places::Keyed;
use crate::launchdarkly::{Client, Request};
use crate::model::time;
use crate::{Error, Result};

/// The environments that are asked about at the same time.
pub const AT_ONCE: usize = 4;

/// A list in one answer.
#[derive(Deserialize)]
struct Items<T> {
    #[serde(default = "Option::default")]
    items: Option<Vec<T>>,
}

/// Everything around a flag in one environment. `None` is what the token or the plan hides.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// The keys of the flags that have this one as a prerequisite.
    pub dependents: Option<Vec<String>>,
    /// The approval requests whose change is still to be made.
    pub requests: Option<Vec<ApprovalRequest>>,
    /// The changes that LaunchDarkly will make at a time.
    pub scheduled: Option<Vec<ScheduledChange>>,
}

impl Around {
    /// Reads everything.
    ///
    /// # Errors
    /// Only those that would end every other request as well.
    pub async fn read(client: &Client, place: &FlagPlace, environment: &str) -> Result<Self> {
        let (dependents, requests, scheduled) = join!(
            dependents(client, place, environment),
            open_requests(client, place, environment),
            items::<ScheduledChange>(client, flags::scheduled_changes(place, environment)),
        );
        Ok(Around {
            dependents: known(dependents, "the flags that depend on it")?,
            requests: known(requests, "its approval requests")?,
            scheduled: known(scheduled, "its scheduled changes")?,
        })
    }

    /// The same without one approval request.
    #[must_use]
    pub fn without(mut self, id: &str) -> Self {
        self.requests.iter_mut().for_each(|all| all.retain(|request| request.id != id));
        self
    }

    /// What is pending, and whether more may be, in a few words.
    pub fn pending_in_words(&self) -> String {
        let unknown = [
            (self.requests.is_none(), "approval requests are not known"),
            (self.scheduled.is_none(), "scheduled changes are not known"),
        ];
        let unknown = unknown.into_iter().filter(|(is, _)| *is).map(|(_, text)| text.to_owned());
        let parts: Vec<_> = self.pending().into_iter().chain(unknown).collect();
        if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
    }

    /// The pending requests and scheduled changes, each in a few words.
    pub fn pending(&self) -> Vec<String> {
        let requests = self.requests.iter().flatten().map(request_in_words);
        requests.chain(self.scheduled.iter().flatten().map(scheduled_in_words)).collect()
    }
}

/// An approval request in a few words.
pub fn request_in_words(request: &ApprovalRequest) -> String {
    let (id, status) = (&request.id, &request.review_status);
    let does = request.kinds().join(", ");
    let description = request.description.as_deref().map(|text| format!(" “{text}”"));
    format!("approval request {id} ({does}; {status}){}", description.unwrap_or_default())
}

fn scheduled_in_words(change: &ScheduledChange) -> String {
    let does = kinds(&change.instructions).join(", ");
    let at = time::text(change.execution_date);
    format!("scheduled change {} ({does}) at {at}", change.id)
}

/// The keys of the flags that have this one as a prerequisite.
///
/// # Errors
/// By the table of codes.
pub async fn dependents(
    client: &Client,
    place: &FlagPlace,
    environment: &str,
) -> Result<Vec<String>> {
    let found = items::<Keyed>(client, flags::dependents(place, environment)).await?;
    Ok(found.into_iter().map(|flag| flag.key).collect())
}

/// The approval requests whose change is still to be made.
///
/// # Errors
/// By the table of codes.
pub async fn open_requests(
    client: &Client,
    place: &FlagPlace,
    environment: &str,
) -> Result<Vec<ApprovalRequest>> {
    let request = approvals::of_flag(place, environment);
    let mut found = items::<ApprovalRequest>(client, request).await?;
    found.retain(ApprovalRequest::is_open);
    Ok(found)
}

async fn items<T: DeserializeOwned>(client: &Client, request: Request) -> Result<Vec<T>> {
    let list: Items<T> = client.object(&request).await?;
    Ok(list.items.unwrap_or_default())
}

/// What was read, or a warning that `what` is not known. The plan may lack the feature, the role the
/// permission, and an endpoint in beta may change.
///
/// # Errors
/// An error that would end every other request as well.
pub fn known<T>(outcome: Result<T>, what: &str) -> Result<Option<T>> {
    let is_local = |error: &Error| {
        let is_its_own = [Kind::InvalidPermissions, Kind::UnexpectedResponse];
        // With a status, LaunchDarkly has answered: others may work.
        let is_failing = error.kind() == Kind::Unavailable && error.received_status().is_some();
        is_its_own.contains(&error.kind()) || is_failing
    };
    match outcome {
        Err(error) if is_local(&error) => {
            warn!("{} are not known: {error}.", capitalised(what));
            Ok(None)
        }
        outcome => outcome.map(Some),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
