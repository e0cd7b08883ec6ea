//! The flag statuses of an environment: one unpaged request, streamed into the stage, or one
//! request for each flag where that is refused.

use futures::stream::{self, StreamExt, TryStreamExt};
use tracing::{info, warn};

use super::completeness::queries::in_use;
use super::completeness::{AT_ONCE, remark_count};
use crate::error::Kind;
use crate::extract::deleted::listed_now::is_environment_deleted;
use crate::extract::deleted::{Deleted, if_found};
use crate::extract::fetch::{Fetch, request};
use crate::extract::unavailable::is_unavailable;
use crate::launchdarkly::{Endpoint, Receive, Request};
use crate::model::scope::Scope;
use crate::record::{Outcome, Tally};
use crate::resources::flag_statuses::{FlagStatus, FlagStatuses, ONE_PATH};
use crate::resources::selection::FlagStatusMode;
use crate::stage::{Jobs, Task, rows};
use crate::{Error, Result};

/// The remark that follows the number of flags without a status.
pub(super) const NO_STATUS: &str = "flags have no status";

/// Passes statuses to the stage as they arrive.
struct Feed {
    jobs: Jobs,
    scope: Scope,
    received: i64,
}

impl Receive<FlagStatus> for Feed {
    async fn receive(&mut self, items: Vec<FlagStatus>) -> Result<()> {
        self.received += i64::try_from(items.len()).unwrap_or(i64::MAX);
        self.jobs.write::<FlagStatuses>(self.scope.clone(), items).await
    }

    /// Staged rows stay: the repeated request brings the same rows.
    fn restart(&mut self) {
        self.received = 0;
    }
}

/// How the statuses of an environment were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StatusesRead {
    /// By the list. Flags that it lacks can be requested one by one.
    InBulk,
    /// By one request for each flag.
    EachFlag {
        /// Flags whose own endpoint answered 404.
        without: Vec<String>,
    },
    /// Not at all: the environment was deleted, or statuses are not available.
    Not,
}

impl StatusesRead {
    /// Flags whose own request has shown that they have no status.
    pub fn without(&self) -> &[String] {
        match self {
            StatusesRead::EachFlag { without } => without,
            StatusesRead::InBulk | StatusesRead::Not => &[],
        }
    }
}

/// Reads flag statuses.
#[derive(Clone, Copy)]
pub(super) struct StatusReader<'p> {
    /// Access to the account and the stage.
    pub fetch: &'p Fetch<'p>,
    /// Leaves out environments that are deleted during the run.
    pub deleted: &'p Deleted<'p>,
}

impl StatusReader<'_> {
    /// Reads the statuses of all flags in one environment.
    pub async fn read(&self, scope: Scope) -> Result<StatusesRead> {
        let tally = self.fetch.tally::<FlagStatuses>(&scope);
        if self.fetch.selection.flag_status == FlagStatusMode::PerFlag {
            tally.note(|facts| facts.passes = 1);
            let (_, without) = self.one_by_one(&scope, &tally).await?;
            return Ok(StatusesRead::EachFlag { without });
        }
        match self.bulk(&scope, &tally).await {
            Err(error) if is_endpoint_refused(&error) => {
                self.fall_back(&scope, &tally, error).await
            }
            outcome => outcome.map(|()| StatusesRead::InBulk),
        }
    }

    async fn bulk(&self, scope: &Scope, tally: &Tally) -> Result<()> {
        tally.note(|facts| facts.passes += 1);
        let request = request::<FlagStatuses>(&scope.keys()).counted(&tally.requests);
        let jobs = self.fetch.stage.jobs().clone();
        let feed = Feed { jobs, scope: scope.clone(), received: 0 };
        let ask = async {
            let (feed, end) = self.fetch.client.list(&request, feed).await?;
            // Go servers omit an empty list. A body with neither field is not a list of statuses.
            if end.has_items || end.has_links {
                Ok((feed.received, None))
            } else {
                Err(Error::unexpected(request.resource, "items", "missing field `items`"))
            }
        };
        let received: i64 = self.fetch.once(&request, ask).await?;
        tally.note(|facts| facts.rows += received);
        Ok(())
    }

    /// Requests the status of each flag where the list of an environment is refused.
    ///
    /// # Errors
    /// `refused`, if the requests for single flags are refused as well.
    async fn fall_back(
        &self,
        scope: &Scope,
        tally: &Tally,
        refused: Error,
    ) -> Result<StatusesRead> {
        let status = refused.http_status();
        if status == Some(404) && is_environment_deleted(self.fetch, scope).await? {
            return self.deleted.leave_environment_out(scope).await.map(|()| StatusesRead::Not);
        }
        let environment = scope.to_string();
        info!(scope = environment, "The list of flag statuses is refused; asking for each flag.");
        tally.note(|facts| facts.http_status = status.map(i64::from));
        match self.one_by_one(scope, tally).await {
            Err(error) if is_endpoint_refused(&error) => Err(refused),
            Err(error) => Err(error),
            Ok((asked, without)) if without.len() < asked || asked == 0 => {
                tally.remark("read flag by flag: the list was refused");
                Ok(StatusesRead::EachFlag { without })
            }
            Ok(_) if refused.kind() == Kind::InvalidPermissions => Err(refused),
            Ok((_, without)) => Ok(not_available(scope, tally, without.len())),
        }
    }

    /// Requests the status of each flag in use. Returns how many flags that are, and which of them
    /// have no status.
    async fn one_by_one(&self, scope: &Scope, tally: &Tally) -> Result<(usize, Vec<String>)> {
        let project = scope.project_key().to_owned();
        let flags = self
            .fetch
            .stage
            .ask_in(scope.project_key(), move |writer| in_use(writer, &project))
            .await?;
        let asked = flags.len();
        Ok((asked, self.each(scope, flags, tally).await?))
    }

    /// Reads the statuses of some flags one by one; returns the flags that have none.
    pub async fn each(
        &self,
        scope: &Scope,
        flags: Vec<String>,
        tally: &Tally,
    ) -> Result<Vec<String>> {
        let ask = async |flag: String| {
            let found = self.one(scope, &flag, tally).await?;
            Ok::<_, Error>((!found).then_some(flag))
        };
        let statuses = stream::iter(flags.into_iter().map(ask)).buffer_unordered(AT_ONCE);
        let without: Vec<Option<String>> = statuses.try_collect().await?;
        Ok(without.into_iter().flatten().collect())
    }

    async fn one(&self, scope: &Scope, flag_key: &str, tally: &Tally) -> Result<bool> {
        let keys = [scope.project_key(), scope.environment_key(), flag_key];
        let request = Request::get(Endpoint::of::<FlagStatuses>().at(ONE_PATH), &keys)
            .counted(&tally.requests);
        let ask = async {
            let status = self.fetch.client.object::<FlagStatus>(&request).await?;
            let rows = rows::<FlagStatuses>(scope.clone(), vec![status.requested(flag_key)]);
            Ok(((), Some(Box::new(rows) as Task)))
        };
        let found = if_found(self.fetch.once(&request, ask).await)?.is_some();
        tally.note(|facts| facts.rows += i64::from(found));
        Ok(found)
    }
}

/// Records that an environment has no statuses: its list is refused, and no flag has one.
fn not_available(scope: &Scope, tally: &Tally, flags: usize) -> StatusesRead {
    warn!(scope = scope.to_string(), "Flag statuses are not available.");
    tally.note(|facts| facts.outcome = Outcome::NotAvailable);
    remark_count(tally, flags, NO_STATUS);
    StatusesRead::Not
}

/// Whether the server refuses every request to this endpoint. In addition to the refusals after
/// which a run goes on without a resource, that is a 400, as there is another endpoint to try.
fn is_endpoint_refused(error: &Error) -> bool {
    is_unavailable(error) || error.http_status() == Some(400)
}
