//! Big segments: their members cannot be listed, so the difference to the state file is sent.

use tokio::time::sleep;
use tracing::warn;

use super::import::has_lines;
use super::members::read;
use super::refusals::Refusals;
use super::send::{Position, Wire, send, send_to_new};
use super::{Members, SegmentKind, SegmentMode};
use crate::Result;
use crate::launchdarkly::writes::imports::ImportMode;
use crate::launchdarkly::writes::segments::{self as api, MemberChange, SegmentPlace};
use crate::sync::answers::pause;
use crate::sync::context::Run;
use crate::sync::places::Checked;

/// Above so many keys, a segment is filled by an import.
const IMPORT_ABOVE: i64 = 5_000;

/// How often LaunchDarkly's count of members is asked for until it agrees.
const LOOKS: u32 = 4;

/// The same with `--verify`, after something was sent: for about a minute.
const LOOKS_TO_VERIFY: u32 = 14;

/// Adding and removing keys of a big segment.
struct Contexts<'m> {
    place: &'m SegmentPlace,
}

impl Wire for Contexts<'_> {
    async fn send(&self, run: &Run<'_>, change: &MemberChange) -> Result<()> {
        send_to_new(run, &api::change_big(self.place, change)).await.map(drop)
    }
}

impl Members {
    /// Decides whether and how the segment is filled by an import.
    pub(super) fn plan_import(&mut self, run: &mut Run<'_>) -> Result<()> {
        if self.options.kind != SegmentKind::Big {
            return Ok(());
        }
        if self.is_filled(run)? {
            self.import = Some(self.import_mode(run)?);
        }
        match self.import {
            Some(ImportMode::Replace) if !self.is_missing() => self.count_replaced(run),
            Some(ImportMode::Replace) => Ok(()),
            _ => self.warn_of_others(run),
        }
    }

    /// Sends the plan: by an import where the segment is filled, else key by key.
    pub(super) async fn apply_big(&mut self, run: &mut Run<'_>) -> Result<()> {
        let mut is_new = false;
        let has_changes = run.state.number("SELECT EXISTS (SELECT 1 FROM action)")? == 1;
        if has_changes && self.may_be_missing(run)? {
            let kind = self.options.context_kind.clone();
            is_new = self.create(run, Some(&kind)).await?;
        }
        let mut has_changes = self.import.is_some();
        if let Some(planned) = self.import {
            self.import(run, self.mode_now(planned, is_new)?).await?;
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
        // With `--exclusive`, members of others are a fault, whenever they came.
        match (has_changes || self.options.exclusive, run.context.options.verify) {
            (true, true) => self.compare_count(run, LOOKS_TO_VERIFY).await,
            (true, false) | (false, true) => self.compare_count(run, LOOKS).await,
            (false, false) => Ok(()),
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
        let is_whole = self.options.exclusive || run.context.options.full;
        Ok(held == 0 && (added > IMPORT_ABOVE || (is_whole && has_lines(run)?)))
    }

    /// Compares LaunchDarkly's count of members with the state file's. It may take a while to
    /// agree, and members of others are not this sync's concern.
    async fn compare_count(&self, run: &mut Run<'_>, looks: u32) -> Result<()> {
        let held = run.state.held(run.name())?;
        let mut counted = self.count(run).await?;
        for look in 1..looks {
            if counted.is_none_or(|counted| counted == held) {
                break;
            }
            let paused = async {
                sleep(pause(look)).await;
                Ok(())
            };
            run.context.interrupt.or(paused).await?;
            counted = self.count(run).await?;
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn longest(looks: u32) -> Duration {
        (1..looks).map(pause).sum()
    }

    #[test]
    fn a_count_is_waited_for_a_moment_and_verified_for_a_minute() {
        assert_eq!(longest(LOOKS), Duration::from_millis(1_400));
        let minute = Duration::from_secs(55)..=Duration::from_secs(60);
        assert!(minute.contains(&longest(LOOKS_TO_VERIFY)), "{:?}", longest(LOOKS_TO_VERIFY));
    }
}
