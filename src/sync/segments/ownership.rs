//! Whose a member is: a key that a run may have added stays this sync's until it is certain that
//! LaunchDarkly does not have it. Otherwise, it would be a member for ever.

use super::{Members, SegmentMode};
use crate::Result;
use crate::sync::context::Run;

/// The runs that came to their end, and of which no request is on its way.
const FINISHED: &str = "SELECT sync_run_id FROM state.sync_runs
    WHERE sync_name = :sync AND outcome IN ('succeeded', 'rows_rejected')";

/// Records the additions of the plan that meet `condition` as intended. One that an earlier run
/// has intended keeps that run: LaunchDarkly may have it, whatever it answers now.
pub(super) fn intend_actions(run: &Run<'_>, condition: &str) -> Result<()> {
    let stored = run.state.stored("row_key");
    let sql = format!(
        "INSERT INTO state.sync_rows
         SELECT :sync, {stored}, row_hash(row_key), 'intended', :run FROM action WHERE {condition}
         ORDER BY 2
         ON CONFLICT DO UPDATE SET status = 'intended', last_run = excluded.last_run
            WHERE status <> 'intended'"
    );
    run.execute(&sql).map(drop)
}

impl Members {
    /// Held keys that are sent again, with `--full` or because the segment no longer exists, count as held
    /// only once they are sent. They keep the run that has added them.
    pub(super) fn doubt_held(&self, run: &Run<'_>) -> Result<()> {
        if self.is_listed() {
            return Ok(());
        }
        let sql = format!(
            "UPDATE state.sync_rows SET status = 'intended'
             WHERE sync_name = :sync AND status = 'held'
                AND row_key IN (SELECT {} FROM action WHERE kind = 'add')",
            run.state.stored("row_key")
        );
        run.execute(&sql).map(drop)
    }

    /// Drops the keys that are neither in the source nor in LaunchDarkly any more. A request of a
    /// run that was killed may still be on its way: the keys that it intended stay for one more
    /// run that finishes.
    pub(super) fn drop_gone(&self, run: &Run<'_>) -> Result<()> {
        if self.options.mode != SegmentMode::Mirror || !self.is_listed() {
            return Ok(());
        }
        let stored = run.state.stored("f.row_key");
        let source = run.state.stored("s.row_key");
        let is_gone = format!(
            "sync_name = :sync AND row_key NOT IN (SELECT {source} FROM source s)
             AND row_key NOT IN (SELECT {stored} FROM fate f WHERE f.row_key IS NOT NULL)"
        );
        run.execute(&format!(
            "DELETE FROM state.sync_rows
             WHERE {is_gone} AND (status <> 'intended' OR last_run IN ({FINISHED}))"
        ))?;
        run.execute(&format!(
            "UPDATE state.sync_rows SET last_run = :run WHERE {is_gone} AND status = 'intended'"
        ))
        .map(drop)
    }
}
