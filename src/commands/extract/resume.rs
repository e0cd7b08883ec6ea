//! The stage that a run fills: a new one, or that of an earlier run which did not publish.

use serde_json::json;

use super::one::Run;
use super::outputs::Output;
use crate::launchdarkly::identity::CallerIdentity;
use crate::stage::{Checkpoint, Stage};
use crate::system::hash::hash;
use crate::terminal::counted;
use crate::{Result, catalog, record};

impl Run<'_> {
    pub(super) async fn stage(
        &self,
        identity: &CallerIdentity,
        outputs: &[Output],
    ) -> Result<Stage> {
        let tables = || self.selection.tables().into_iter().chain(record::tables()).collect();
        let arguments = self.arguments;
        let path = outputs.first().map(|output| output.address.stage_path()).unwrap_or_default();
        let checkpoint = Checkpoint {
            fingerprint: self.fingerprint(identity),
            started_at: self.clock.now(),
            resume_within: (!arguments.no_resume).then_some(arguments.resume_within),
            privacy: self.privacy.clone(),
        };
        let is_left = path.exists() && !arguments.no_resume;
        let mut stage = Stage::open(&path, tables(), &checkpoint)?;
        if is_published(&stage.published_as, outputs)? {
            // The last run ended after its data became visible in an output, but before it removed
            // its stage.
            stage.remove().await;
            stage =
                Stage::open(&path, tables(), &Checkpoint { resume_within: None, ..checkpoint })?;
        }
        let known = stage.journal.len();
        if known > 0 {
            let since = jiff::Timestamp::from_millisecond(stage.started_at).unwrap_or_default();
            let text =
                format!("Resuming the run of {since:.0}: it has {}.", counted(known, "answer"));
            self.progress.say(&text);
        } else if is_left {
            self.progress.say("Starting from the beginning: the earlier run cannot be resumed.");
        }
        Ok(stage)
    }

    /// Account, selection and version: what must be the same for a run to go on with another's
    /// stage. A program of another build may have other tables, or another hash.
    fn fingerprint(&self, identity: &CallerIdentity) -> String {
        let run = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "definitions": hash(&catalog::sqlite::script(&catalog::tables())),
            "base_url": self.session.base_uri.as_str(),
            "account_id": identity.account_id,
            // Another token may see more, or less.
            "token": self.session.client.token_fingerprint(),
            "selection": self.selection.fingerprint(),
            "personal_data": self.privacy.fingerprint(),
            // The entries of the audit log that the stage has depend on what each output has.
            "outputs": self.arguments.output.iter().map(ToString::to_string).collect::<Vec<_>>(),
        });
        format!("{:016x}", hash(&run.to_string()))
    }
}

/// Whether an output has the extraction, if there is one.
fn is_published(id: &str, outputs: &[Output]) -> Result<bool> {
    if id.is_empty() {
        return Ok(false);
    }
    let mut has = outputs.iter().map(|output| output.publisher.has(id));
    has.try_fold(false, |any, has| Ok(any || has?))
}
