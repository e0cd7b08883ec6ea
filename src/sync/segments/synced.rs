//! Synced segments: members of a cohort of an integration of one's own.

use super::Members;
use super::refusals::Refusals;
use super::send::{Position, Wire, send};
use crate::launchdarkly::instance::Instance;
use crate::launchdarkly::writes::segments::MemberChange;
use crate::launchdarkly::writes::synced::{Cohort, change};
use crate::sync::context::Run;
use crate::{Error, Result};

/// The targets of a cohort.
struct Targets<'m> {
    cohort: Cohort<'m>,
}

impl Wire for Targets<'_> {
    async fn send(&self, run: &Run<'_>, members: &MemberChange) -> Result<()> {
        run.context.client.send(&change(&self.cohort, members)).await.map(drop)
    }
}

impl Members {
    /// Checks what a synced segment needs.
    pub(super) fn check_synced(&mut self) -> Result<()> {
        self.is_readable = false;
        if self.environment_id.is_some() {
            return Ok(());
        }
        Err(Error::usage("the client-side ID of the environment is not known")
            .hint("a synced segment needs a token that may read the environment (`viewProject`)"))
    }

    /// Sends the difference to the state file.
    pub(super) async fn apply_synced(&mut self, run: &mut Run<'_>) -> Result<()> {
        let (mut position, mut refusals) = (Position::default(), Refusals::default());
        let size = Self::batch_size(run);
        let place = &self.options.place;
        let wire = Targets {
            cohort: Cohort {
                integration: self.options.integration.as_deref().unwrap_or_default(),
                environment_id: self.environment_id.as_deref().unwrap_or_default(),
                id: &place.segment,
                name: self.options.name.as_deref().unwrap_or(&place.segment),
                context_kind: &self.options.context_kind,
            },
        };
        loop {
            let items = Self::next_items(run, &mut position, size)?;
            if items.is_empty() {
                break;
            }
            send(&wire, run, items, &mut refusals).await?;
        }
        run.state.drop_rejected_others(run.name(), &run.row.sync_run_id)
    }
}

/// Refuses synced segments where LaunchDarkly does not have them:
/// <https://launchdarkly.com/docs/home/infrastructure/eu>.
///
/// # Errors
/// `usage` for the EU and the federal instance.
pub fn check_instance(instance: Instance) -> Result<()> {
    match instance {
        Instance::Commercial => Ok(()),
        Instance::Eu | Instance::Federal => {
            Err(Error::usage("this instance of LaunchDarkly has no synced segments")
                .hint("use `--kind big`"))
        }
    }
}
