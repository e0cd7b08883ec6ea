//! Imports that replace all members of a big segment, those of others included.

use super::Members;
use super::import::fits_one_file;
use crate::error::Kind;
use crate::launchdarkly::writes::imports::ImportMode;
use crate::sync::context::{Removals, Run};
use crate::sync::guards::guarded;
use crate::{Error, Result};

impl Members {
    /// Whether the segment certainly does not exist.
    pub(super) fn is_missing(&self) -> bool {
        self.is_readable && self.before.is_none()
    }

    /// How the segment is filled. Only an import of a single file can remove members that no run
    /// has added.
    pub(super) fn import_mode(&self, run: &Run<'_>) -> Result<ImportMode> {
        let fits = fits_one_file(run)?;
        if self.options.exclusive && !fits {
            return Err(guarded(
                "`--exclusive` with so many keys needs more than one import, and only a single one \
                 can remove the members of others",
                "a single import has at most 1,000,000 keys and 40 MB",
            ));
        }
        let replaces = fits && (self.is_missing() || self.options.exclusive);
        Ok(if replaces { ImportMode::Replace } else { ImportMode::Merge })
    }

    /// Counts the members that an import would remove. They cannot be listed: all but those that
    /// this sync certainly holds, and sends again, may leave.
    pub(super) fn count_replaced(&self, run: &mut Run<'_>) -> Result<()> {
        let Some(members) = self.included_count() else {
            return Err(guarded(
                "`--exclusive` removes the members of others, and LaunchDarkly does not say how \
                 many members there are",
                "use a token that may read the segment (`viewProject`), or leave `--exclusive` out",
            ));
        };
        let kept = run.number(&format!(
            "SELECT count(*) FROM action a JOIN state.sync_rows r ON r.sync_name = :sync
                AND r.row_key = {} AND r.status = 'held' WHERE a.kind = 'add'",
            run.state.stored("a.row_key")
        ))?;
        let named = run.removals.count;
        let count = (members - kept).max(0).unsigned_abs().max(named);
        run.removals =
            Removals { count, of: members.max(0).unsigned_abs(), unnamed: count - named };
        run.execute(&format!(
            "INSERT INTO action (kind, body)
             VALUES ('replace', json_object('members', {members}, 'removed', {count}))"
        ))
        .map(drop)
    }

    /// How the segment is filled now that it is known whether this run has created it.
    pub(super) fn mode_now(&self, planned: ImportMode, is_new: bool) -> Result<ImportMode> {
        let was_missing = planned == ImportMode::Replace && !is_new && self.created_by_others;
        if !was_missing {
            return Ok(planned);
        }
        if !self.options.exclusive {
            return Ok(ImportMode::Merge);
        }
        // Created by a request of this run whose answer was lost, or by someone else.
        if self.included_count() == Some(0) {
            return Ok(planned);
        }
        let segment = &self.options.place.segment;
        let message = format!("someone else has created the segment `{segment}` during the run");
        Err(Error::new(Kind::Conflict, message)
            .resource(segment.clone())
            .hint("run again: `--dry-run` shows what `--exclusive` would remove"))
    }

    /// Says what `--exclusive` does not do: only an import removes members that cannot be listed.
    pub(super) fn warn_of_others(&self, run: &Run<'_>) -> Result<()> {
        let held = run.state.held(run.name())?;
        let others = self.included_count().map(|members| (members - held).max(0));
        if !self.options.exclusive || others == Some(0) {
            return Ok(());
        }
        let segment = &self.options.place.segment;
        let count = others.map_or_else(|| "Any".to_owned(), |count| count.to_string());
        tracing::warn!(
            "{count} members of `{segment}` that no run of this sync has added stay: members of a \
             big segment cannot be listed, so that `--exclusive` removes them only with `--full`."
        );
        Ok(())
    }
}
