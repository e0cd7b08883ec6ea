//! The flag statuses of an environment: one unpaged request, streamed into the stage.

use tracing::{info, warn};

use super::settle::in_use;
use super::{Extraction, FlagStatusMode, request};
use crate::error::Kind;
use crate::launchdarkly::Receive;
use crate::record::{Outcome, Tally};
use crate::resource::Scope;
use crate::resources::flag_statuses::{FlagStatus, FlagStatuses};
use crate::stage::Jobs;
use crate::{Error, Result};

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

impl Extraction<'_> {
    /// Reads the statuses of all flags in one environment; returns whether they came in bulk.
    pub(super) async fn statuses(&self, scope: Scope) -> Result<bool> {
        let tally = self.tally::<FlagStatuses>(&scope);
        let is_bulk = self.statuses_of_scope(&scope, &tally).await?;
        tally.complete();
        Ok(is_bulk)
    }

    async fn statuses_of_scope(&self, scope: &Scope, tally: &Tally) -> Result<bool> {
        if self.selection.flag_status == FlagStatusMode::PerFlag {
            tally.note(|facts| facts.passes = 1);
            return self.one_by_one(scope, tally).await.map(|_| false);
        }
        match self.bulk(scope, tally).await {
            Err(error) if is_refusal(&error) => {
                self.fall_back(scope, tally, error).await.map(|()| false)
            }
            outcome => outcome.map(|()| true),
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
    async fn fall_back(&self, scope: &Scope, tally: &Tally, refused: Error) -> Result<()> {
        if refused.http_status() == Some(404) && self.is_gone(scope).await? {
            return self.leave_environment_out(scope).await;
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
            Ok((found, asked)) if found > 0 || asked == 0 => {
                tally.remark("read flag by flag: the list was refused");
                Ok(())
            }
            Ok(_) if refused.kind() == Kind::InvalidPermissions => Err(refused),
            Ok(_) => {
                warn!(scope = scope.to_string(), "Flag statuses are not available.");
                tally.note(|facts| facts.outcome = Outcome::NotAvailable);
                Ok(())
            }
        }
    }

    /// Returns how many statuses were found, of how many flags.
    async fn one_by_one(&self, scope: &Scope, tally: &Tally) -> Result<(usize, usize)> {
        let project = scope.project_key().to_owned();
        let flags = self.stage.ask(move |writer| in_use(writer, &project)).await?;
        let asked = flags.len();
        Ok((self.each_status(scope, flags, tally).await?, asked))
    }
}

/// Whether the endpoint will not answer, whatever is asked.
fn is_refusal(error: &Error) -> bool {
    error.kind() == Kind::InvalidPermissions || matches!(error.http_status(), Some(400 | 404 | 405))
}
