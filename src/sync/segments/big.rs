//! Big segments: their members cannot be listed, so the difference to the state file is sent.

use tokio::time::sleep;
use tracing::warn;

use super::import::MOST_LINES;
use super::members::read;
use super::send::{Position, Refusals, Wire, send, send_to_new};
use super::{Members, SegmentMode};
use crate::Result;
use crate::launchdarkly::writes::segments::{self as api, MemberChange, SegmentPlace};
use crate::sync::answers::pause;
use crate::sync::context::Run;
use crate::sync::guards::guarded;
use crate::sync::places::Checked;

/// Above so many keys, a segment is filled by an import.
const IMPORT_ABOVE: i64 = 5_000;

/// How often LaunchDarkly's count of members is asked for until it agrees.
const LOOKS: u32 = 5;

/// Adding and removing keys of a big segment.
struct Contexts<'m> {
    place: &'m SegmentPlace,
}

impl Wire for Contexts<'_> {
    async fn send(&self, run: &Run<'_>, change: &MemberChange) -> Result<()> {
        send_to_new(run, &api::change_big(self.place, change)).await.map(drop)
    }
}

/// Only an import of a single file can remove members that no run has added.
fn check_exclusive(added: i64) -> Result<()> {
    if added <= MOST_LINES {
        return Ok(());
    }
    Err(guarded(
        format!("`--exclusive` with {added} keys needs more than one import"),
        format!("a single import has at most {MOST_LINES} keys"),
    ))
}

impl Members {
    /// Sends the plan: by an import where the segment is filled, else key by key.
    pub(super) async fn apply_big(&mut self, run: &mut Run<'_>) -> Result<()> {
        let mut is_new = false;
        let has_changes = run.state.number("SELECT EXISTS (SELECT 1 FROM action)")? == 1;
        if has_changes && self.may_be_missing(run)? {
            let kind = self.options.context_kind.clone();
            is_new = self.create(run, Some(&kind)).await?;
        }
        let mut has_changes = self.is_filled(run)?;
        if has_changes {
            self.import(run, is_new).await?;
        }
        let (size, mut refusals) = (Self::batch_size(run), Refusals::default());
        let mut position = Position::default();
        loop {
            let items = Self::next_items(run, &mut position, size)?;
            if items.is_empty() {
                break;
            }
            has_changes = true;
            let wire = Contexts { place: &self.options.place };
            send(&wire, run, items, &mut refusals).await?;
        }
        run.state.drop_rejected_others(run.name(), &run.row.sync_run_id)?;
        if has_changes || run.context.options.verify {
            self.compare_count(run).await
        } else {
            Ok(())
        }
    }

    /// Whether the segment is filled for the first time, or again as a whole, with many keys.
    fn is_filled(&self, run: &Run<'_>) -> Result<bool> {
        if self.options.mode == SegmentMode::Remove {
            return Ok(false);
        }
        let is_whole_list = run.context.options.full || self.before.is_none();
        let held = if is_whole_list { 0 } else { run.state.held(run.name())? };
        let added = run.state.number("SELECT count(*) FROM action WHERE kind = 'add'")?;
        if self.options.exclusive && run.context.options.full {
            check_exclusive(added)?;
        }
        let is_whole = self.options.exclusive && (run.context.options.full || held == 0);
        Ok(held == 0 && (added > IMPORT_ABOVE || (is_whole && added > 0)))
    }

    /// Compares LaunchDarkly's count of members with the state file's. It may take a while to
    /// agree, and members of others are not this sync's concern.
    async fn compare_count(&self, run: &mut Run<'_>) -> Result<()> {
        let held = run.state.held(run.name())?;
        let mut counted = None;
        for look in 0..LOOKS {
            counted = self.count(run).await?;
            if counted.is_none_or(|counted| counted == held) {
                break;
            }
            sleep(pause(look + 1)).await;
        }
        let Some(counted) = counted else { return Ok(()) };
        run.row.foreign_rows = (counted - held).max(0);
        if counted != held {
            warn!(
                "LaunchDarkly counts {counted} members, and this sync has added {held}: it may \
                 still be counting, or others have changed members. If keys are missing, `--full` \
                 sends all of them again."
            );
        }
        Ok(())
    }

    async fn count(&self, run: &Run<'_>) -> Result<Option<i64>> {
        let found = read(&run.context, &self.options.place).await?;
        let Checked::Known(Some(segment)) = found else { return Ok(None) };
        Ok(segment.unbounded_metadata.and_then(|metadata| metadata.included_count))
    }
}
