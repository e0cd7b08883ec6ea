//! The flag statuses of an environment: one unpaged request, streamed into the stage.

use futures::stream::{self, StreamExt, TryStreamExt};
use tracing::{info, warn};

use crate::error::Kind;
use crate::extract::project::completeness::configurations::{AT_ONCE, remark_count};
use crate::extract::project::completeness::queries::in_use;
use crate::extract::project::flags::unless_gone;
use crate::extract::{Extraction, request};
use crate::launchdarkly::{Receive, Request};
use crate::model::resource::Resource;
use crate::model::scope::Scope;
use crate::record::{Outcome, Tally};
use crate::resources::flag_statuses::{FlagStatus, FlagStatuses, ONE_PATH};
use crate::resources::selection::FlagStatusMode;
use crate::stage::{Jobs, Task, rows};
use crate::{Error, Result};

/// How the number of flags without a status is recorded.
pub(in crate::extract) const NO_STATUS: &str = "flags have no status";

/// Hands statuses to the stage as they arrive.
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

    /// What was staged stays: the same rows come again.
    fn restart(&mut self) {
        self.received = 0;
    }
}

/// How the statuses of an environment were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::extract) enum StatusesRead {
    /// By the list. It may lack flags, which can be asked for one by one.
    InBulk,
    /// Flag by flag. These flags had none when they were asked for.
    EachFlag {
        /// Flags whose own endpoint answered 404.
        without: Vec<String>,
    },
    /// Not at all: the environment was deleted, or there are none to be had.
    Not,
}

impl StatusesRead {
    /// Flags that had no status when they were asked for by themselves.
    pub(in crate::extract) fn without(&self) -> &[String] {
        match self {
            StatusesRead::EachFlag { without } => without,
            StatusesRead::InBulk | StatusesRead::Not => &[],
        }
    }
}

impl Extraction<'_> {
    /// Reads the statuses of all flags in one environment.
    pub(in crate::extract) async fn statuses(&self, scope: Scope) -> Result<StatusesRead> {
        let tally = self.tally::<FlagStatuses>(&scope);
        if self.selection.flag_status == FlagStatusMode::PerFlag {
            tally.note(|facts| facts.passes = 1);
            let (_, without) = self.one_by_one(&scope, &tally).await?;
            return Ok(StatusesRead::EachFlag { without });
        }
        match self.bulk(&scope, &tally).await {
            Err(error) if is_refusal(&error) => self.fall_back(&scope, &tally, error).await,
            outcome => outcome.map(|()| StatusesRead::InBulk),
        }
    }

    async fn bulk(&self, scope: &Scope, tally: &Tally) -> Result<()> {
        tally.note(|facts| facts.passes += 1);
        let request = request::<FlagStatuses>(&scope.keys()).counted(&tally.requests);
        let ask = async {
            let feed = Feed { jobs: self.stage.jobs().clone(), scope: scope.clone(), received: 0 };
            let (feed, end) = self.client.list(&request, feed).await?;
            // Go servers leave an empty list out; but a body with neither is no list of statuses.
            match end.has_items || end.has_links {
                true => Ok((feed.received, None)),
                false => Err(Error::unexpected(request.resource, "items", "missing field `items`")),
            }
        };
        let received: i64 = self.once(&request, ask).await?;
        tally.note(|facts| facts.rows += received);
        Ok(())
    }

    /// Asks for each flag on its own where the bulk list is refused. If that is refused as
    /// well, the first refusal stands.
    async fn fall_back(
        &self,
        scope: &Scope,
        tally: &Tally,
        refused: Error,
    ) -> Result<StatusesRead> {
        if refused.http_status() == Some(404) && self.is_gone(scope).await? {
            return self.leave_environment_out(scope).await.map(|()| StatusesRead::Not);
        }
        info!(
            scope = scope.to_string(),
            "The list of flag statuses is refused; asking for each flag."
        );
        let status = refused.http_status();
        tally.note(|facts| facts.http_status = status.map(i64::from));
        match self.one_by_one(scope, tally).await {
            Err(error) if is_refusal(&error) => Err(refused),
            Err(error) => Err(error),
            Ok((asked, without)) if without.len() < asked || asked == 0 => {
                tally.remark("read flag by flag: the list was refused");
                Ok(StatusesRead::EachFlag { without })
            }
            Ok(_) if refused.kind() == Kind::InvalidPermissions => Err(refused),
            Ok((_, without)) => {
                warn!(scope = scope.to_string(), "Flag statuses are not available.");
                tally.note(|facts| facts.outcome = Outcome::NotAvailable);
                remark_count(tally, without.len(), NO_STATUS);
                Ok(StatusesRead::Not)
            }
        }
    }

    /// Returns how many flags were asked for, and which of them have no status.
    async fn one_by_one(&self, scope: &Scope, tally: &Tally) -> Result<(usize, Vec<String>)> {
        let project = scope.project_key().to_owned();
        let flags = self.stage.ask(move |writer| in_use(writer, &project)).await?;
        let asked = flags.len();
        Ok((asked, self.each_status(scope, flags, tally).await?))
    }

    /// Reads statuses one by one; returns the flags that have none.
    pub(in crate::extract) async fn each_status(
        &self,
        scope: &Scope,
        flags: Vec<String>,
        tally: &Tally,
    ) -> Result<Vec<String>> {
        let ask = async |flag: String| {
            let found = self.one_status(scope, &flag, tally).await?;
            Ok::<_, Error>((!found).then_some(flag))
        };
        let statuses = stream::iter(flags.into_iter().map(ask)).buffer_unordered(AT_ONCE);
        let without: Vec<Option<String>> = statuses.try_collect().await?;
        Ok(without.into_iter().flatten().collect())
    }

    async fn one_status(&self, scope: &Scope, flag_key: &str, tally: &Tally) -> Result<bool> {
        let keys = [scope.project_key(), scope.environment_key(), flag_key];
        let request = Request::new(FlagStatuses::NAME, FlagStatuses::PERMISSION, ONE_PATH, &keys)
            .counted(&tally.requests);
        let ask = async {
            let status = self.client.object::<FlagStatus>(&request).await?.requested(flag_key);
            let rows = rows::<FlagStatuses>(scope.clone(), vec![status]);
            Ok(((), Some(Box::new(rows) as Task)))
        };
        let found = unless_gone(self.once(&request, ask).await)?.is_some();
        tally.note(|facts| facts.rows += i64::from(found));
        Ok(found)
    }
}

/// Whether the endpoint will not answer, whatever is asked.
fn is_refusal(error: &Error) -> bool {
    error.kind() == Kind::InvalidPermissions || matches!(error.http_status(), Some(400 | 404 | 405))
}
