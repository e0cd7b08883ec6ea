//! The plan for a segment: the members to add and to remove.
//!
//! `member` has the members that LaunchDarkly lists. Of other segments, the state file says what they
//! have.

use super::members::{MANY_MEMBERS, MOST_MEMBERS};
use super::{Members, SegmentKind, SegmentMode};
use crate::Result;
use crate::launchdarkly::writes::segments::Segment;
use crate::sync::context::{Removals, Run};
use crate::sync::guards::guarded;
use crate::sync::reason::Reason;

/// The rows that may be sent.
const SENDABLE: &str =
    "SELECT s.row_number, s.row_key FROM source s LEFT JOIN fate f USING (row_number)
     WHERE f.fate IS NULL";

impl Members {
    /// Fills `member` and `excluded`, and derives `action` from them.
    pub(super) fn make_plan(&self, run: &mut Run<'_>) -> Result<()> {
        self.load_members(run)?;
        if self.options.mode != SegmentMode::Remove {
            reject_excluded(run)?;
        }
        self.plan_rows(run)?;
        self.plan_removals(run)?;
        self.count_removals(run)?;
        self.count_foreign(run)?;
        self.check_size(run)
    }

    /// Whether LaunchDarkly lists all members.
    pub(super) fn is_listed(&self) -> bool {
        self.options.kind == SegmentKind::Standard && self.is_readable
    }

    fn load_members(&self, run: &Run<'_>) -> Result<()> {
        match &self.before {
            Some(segment) if self.is_listed() => load(run, segment, &self.options.context_kind),
            _ => Ok(()),
        }
    }

    /// The members that LaunchDarkly has, as a statement over a row `d`. Where it does not list
    /// them, those that the state file holds. Of an intended key it is not known whether LaunchDarkly
    /// has it.
    fn member(&self, run: &Run<'_>) -> &'static str {
        let is_missing = self.is_readable && self.before.is_none();
        let is_synced = self.options.kind == SegmentKind::Synced;
        if self.is_listed() {
            "SELECT 1 FROM member m WHERE m.row_key = d.row_key"
        } else if run.context.options.full || (is_missing && !is_synced) {
            // One that is not there, or is written as a whole, has no members that count.
            "SELECT 1 WHERE 0"
        } else {
            "SELECT 1 FROM state.sync_rows m
             WHERE m.sync_name = :sync AND m.row_key = d.row_key AND m.status = 'held'"
        }
    }

    /// Decides which rows lead to a change.
    fn plan_rows(&self, run: &mut Run<'_>) -> Result<()> {
        let is_removal = self.options.mode == SegmentMode::Remove;
        // The members of a big segment are not all known, so a removal is always sent.
        let is_missing = self.is_readable && self.before.is_none();
        let removes_unseen = is_removal && !self.is_listed() && !is_missing;
        let action = if is_removal { "remove" } else { "add" };
        let member = self.member(run);
        let due = if removes_unseen {
            "1".to_owned()
        } else if is_removal {
            format!("EXISTS ({member})")
        } else {
            format!("NOT EXISTS ({member})")
        };
        let act = format!(
            "INSERT INTO action (kind, row_number, row_key)
             SELECT '{action}', d.row_number, d.row_key FROM ({SENDABLE}) d
             WHERE {due} ORDER BY d.row_number"
        );
        run.execute(&act)?;
        // Rows that LaunchDarkly refused in an earlier run come last.
        let stored = run.state.stored("action.row_key");
        let retry = format!(
            "UPDATE action SET is_retry = 1 WHERE EXISTS (SELECT 1 FROM state.sync_rows r
                WHERE r.sync_name = :sync AND r.row_key = {stored} AND r.status = 'rejected')"
        );
        run.execute(&retry)?;
        self.keep_others(run)
    }

    /// All other rows are in LaunchDarkly already. They are marked where the list may still change.
    fn keep_others(&self, run: &mut Run<'_>) -> Result<()> {
        let others = format!(
            "FROM ({SENDABLE}) d LEFT JOIN action a ON a.row_number = d.row_number
             WHERE a.position IS NULL"
        );
        run.state.or_failed(
            run.state
                .connection
                .execute_batch("CREATE INDEX IF NOT EXISTS action_row ON action (row_number)"),
        )?;
        if self.is_listed() {
            let keep = format!(
                "INSERT INTO fate SELECT d.row_number, d.row_key, 'unchanged', NULL, NULL {others}"
            );
            return run.execute(&keep).map(drop);
        }
        run.rows_behind = run.state.number(&format!("SELECT count(*) {others}"))?;
        Ok(())
    }

    /// Members that have left the source: those of earlier runs, or all with `--exclusive`.
    fn plan_removals(&self, run: &Run<'_>) -> Result<()> {
        if self.options.mode != SegmentMode::Mirror {
            return Ok(());
        }
        let stored = run.state.stored("m.row_key");
        let ours = format!(
            "EXISTS (SELECT 1 FROM state.sync_rows r WHERE r.sync_name = :sync
                AND r.row_key = {stored} AND r.status IN ('held', 'intended'))"
        );
        let condition = if self.options.exclusive { "1" } else { &ours };
        // An invalid row is no sign that its key has left the source.
        let left = "NOT EXISTS (SELECT 1 FROM source s WHERE s.row_key = m.row_key)";
        let standard = format!(
            "INSERT INTO action (kind, row_key) SELECT 'remove', m.row_key FROM member m
             WHERE {left} AND {condition}"
        );
        let from_state = format!(
            "INSERT INTO action (kind, row_key) SELECT 'remove', m.row_key FROM state.sync_rows m
             WHERE m.sync_name = :sync AND m.status IN ('held', 'intended') AND {left}"
        );
        let sql = if self.is_listed() { &standard } else { &from_state };
        run.execute(sql).map(drop)
    }

    fn count_removals(&self, run: &mut Run<'_>) -> Result<()> {
        let count = run.state.number("SELECT count(*) FROM action WHERE kind = 'remove'")?;
        let held = run.state.held(run.name())?;
        let shown = if self.is_listed() {
            run.state.number("SELECT count(*) FROM member")?
        } else {
            self.included_count().unwrap_or(0)
        };
        let of = match self.options.mode {
            // The rows name any members, and not only those that earlier runs have added.
            SegmentMode::Remove => held.max(shown),
            _ if held > 0 => held,
            _ => shown,
        };
        run.removals = Removals { count: count.unsigned_abs(), of: of.unsigned_abs(), unnamed: 0 };
        Ok(())
    }

    /// Members that neither the source nor an earlier run knows.
    fn count_foreign(&self, run: &mut Run<'_>) -> Result<()> {
        if !self.is_listed() {
            return Ok(());
        }
        let stored = run.state.stored("m.row_key");
        let sql = format!(
            "SELECT count(*) FROM member m
             WHERE NOT EXISTS (SELECT 1 FROM source s WHERE s.row_key = m.row_key)
                AND NOT EXISTS (SELECT 1 FROM state.sync_rows r WHERE r.sync_name = :sync
                    AND r.row_key = {stored} AND r.status IN ('held', 'intended'))"
        );
        let foreign = run.number(&sql)?;
        // With `--exclusive`, they are removed.
        let is_kept = !(self.options.exclusive && self.options.mode == SegmentMode::Mirror);
        run.row.foreign_rows = if is_kept { foreign } else { 0 };
        Ok(())
    }

    /// Refuses a standard segment that would have too many members.
    fn check_size(&self, run: &Run<'_>) -> Result<()> {
        if self.options.kind != SegmentKind::Standard {
            return Ok(());
        }
        let number = |sql: &str| run.state.number(sql);
        let listed = self.before.as_ref().map_or(0, Segment::included_count);
        let before = number("SELECT count(*) FROM member")?.max(listed);
        let added = number("SELECT count(*) FROM action WHERE kind = 'add'")?;
        let after = before + added - number("SELECT count(*) FROM action WHERE kind = 'remove'")?;
        let key = &self.options.place.segment;
        if after > MOST_MEMBERS && added > 0 {
            return Err(guarded(
                format!(
                    "the segment `{key}` would have {after} members, and a standard segment has \
                     at most {MOST_MEMBERS}"
                ),
                "use a big segment: `--kind big` with another `--segment`",
            ));
        }
        if after > MANY_MEMBERS && added > 0 {
            tracing::warn!(
                "The segment `{key}` will have {after} members: more than {MANY_MEMBERS} slow the \
                 start of SDKs; `--kind big` does not."
            );
        }
        Ok(())
    }
}

/// Copies the members and the excluded keys of a segment into the staging tables.
pub(super) fn load(run: &Run<'_>, segment: &Segment, kind: &str) -> Result<()> {
    run.execute("DELETE FROM member")?;
    let included = "INSERT OR IGNORE INTO member VALUES (?1)";
    run.state.for_each(segment.included_of(kind), included, |one, key| one.execute([key]))?;
    let excluded = "INSERT OR IGNORE INTO excluded VALUES (?1)";
    run.state.for_each(segment.excluded_of(kind), excluded, |one, key| one.execute([key]))
}

/// A key that the segment excludes would make LaunchDarkly refuse its whole batch.
fn reject_excluded(run: &Run<'_>) -> Result<()> {
    let reason = Reason::ExcludedInSegment.code();
    let sql = format!(
        "INSERT INTO fate SELECT d.row_number, d.row_key, 'invalid', '{reason}',
            'the segment excludes this key' FROM ({SENDABLE}) d
         JOIN excluded e ON e.row_key = d.row_key"
    );
    run.execute(&sql).map(drop)
}
