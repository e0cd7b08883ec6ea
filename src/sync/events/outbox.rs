//! The batches of earlier runs that are not settled, and what is done with them.

use super::Unknown;
use crate::Result;
use crate::sync::context::Run;
use crate::sync::state::{BatchState, OpenBatch};

/// How old a batch may be to be sent again with the same payload ID. How long LaunchDarkly
/// remembers the IDs is not documented.
const LONGEST_AGE_MS: i64 = 60 * 60 * 1000;

/// How far ahead of the clock a batch may be, since the clocks of two machines differ.
const AHEAD_MS: i64 = 60 * 1000;

/// Whether it is not known that a batch is young enough to be sent again: one that is ahead of the
/// clock may be of any age.
pub(super) fn is_doubtful(batch: &OpenBatch, now_ms: i64) -> bool {
    let age_ms = now_ms.saturating_sub(batch.created_at);
    !(-AHEAD_MS..=LONGEST_AGE_MS).contains(&age_ms)
}

/// The batches of earlier runs, by what is done with them.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    /// They were never sent: their rows are sent as any others.
    pub discarded: Vec<OpenBatch>,
    /// They are sent again, byte for byte.
    pub resent: Vec<OpenBatch>,
    /// Whether LaunchDarkly has them is not known, and the user decides.
    pub unknown: Vec<OpenBatch>,
    /// The user has decided that they count as sent.
    pub skipped: Vec<OpenBatch>,
    /// LaunchDarkly has accepted them, and their rows are not in `sync_rows` yet.
    pub accepted: Vec<OpenBatch>,
}

impl Outbox {
    /// Reads the batches that are not settled.
    pub fn load(run: &Run<'_>, choice: Option<Unknown>, now_ms: i64) -> Result<Self> {
        let mut outbox = Outbox::default();
        if !run.context.options.dry_run {
            run.state.fold_acknowledged(run.name(), &run.row.sync_run_id)?;
        }
        for batch in run.state.open_batches(run.name())? {
            let is_unknown = batch.state == BatchState::Unknown || is_doubtful(&batch, now_ms);
            let place = match (batch.state, choice) {
                (BatchState::Ready, _) => &mut outbox.discarded,
                (BatchState::Acknowledged, _) => &mut outbox.accepted,
                _ if !is_unknown => &mut outbox.resent,
                (_, Some(Unknown::Resend)) => &mut outbox.resent,
                (_, Some(Unknown::Skip)) => &mut outbox.skipped,
                (_, None) => &mut outbox.unknown,
            };
            place.push(batch);
        }
        Ok(outbox)
    }

    /// The cursors of batches that were, or may have been, sent.
    pub fn cursors(&self) -> impl Iterator<Item = &str> {
        let sent = self.resent.iter().chain(&self.unknown).chain(&self.skipped);
        sent.filter_map(|batch| batch.cursor.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_sent_again_within_an_hour_of_its_making() {
        const NOW_MS: i64 = 1_790_000_000_000;
        for (age_ms, expected) in [
            (0, false),
            (LONGEST_AGE_MS, false),
            (LONGEST_AGE_MS + 1, true),
            (-5_000, false),
            (-24 * LONGEST_AGE_MS, true),
            (i64::MIN, true),
        ] {
            let batch = OpenBatch {
                payload_id: String::new(),
                state: BatchState::Sending,
                created_at: NOW_MS.saturating_sub(age_ms),
                keys: Vec::new(),
                cursor: None,
            };
            assert_eq!(is_doubtful(&batch, NOW_MS), expected, "{age_ms}");
        }
    }
}
