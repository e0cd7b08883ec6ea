//! Standard segments: the difference to the real list is sent, until the list is as planned.

use std::cell::Cell;
use std::collections::HashSet;

use rusqlite::Row;
use serde::Deserialize;
use tokio::time::sleep;
use tracing::warn;

use super::members::read;
use super::plan::load;
use super::refusals::Refusals;
use super::send::{Item, Position, Wire, send, send_to_new};
use super::{Members, SegmentMode};
use crate::error::Kind;
use crate::launchdarkly::writes::segments::{self as api, MemberChange, Segment, SegmentPlace};
use crate::sync::answers::{ATTEMPTS, Verdict, pause};
use crate::sync::context::Run;
use crate::sync::places::Checked;
use crate::{Error, Result};

/// How often the list is compared again after changes.
const MOST_ROUNDS: u32 = 7;

/// The semantic patch of a standard segment.
struct Patch<'m> {
    place: &'m SegmentPlace,
    kind: &'m str,
    is_readable: bool,
    /// The segment's version after the last change.
    version: Cell<i64>,
}

/// The version in the answer to a change.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Changed {
    version: i64,
}

impl Wire for Patch<'_> {
    async fn send(&self, run: &Run<'_>, change: &MemberChange) -> Result<()> {
        let comment = run.context.options.comment.as_deref();
        let request = api::change(self.place, self.kind, change, comment);
        let reply = send_to_new(run, &request).await?;
        let changed: Changed = reply.decode(&request).unwrap_or_default();
        self.version.set(changed.version.max(self.version.get()));
        Ok(())
    }

    async fn outstanding(&self, run: &Run<'_>, items: Vec<Item>) -> Result<Vec<Item>> {
        if !self.is_readable {
            return Ok(items);
        }
        let Checked::Known(Some(segment)) = read(&run.context, self.place).await? else {
            return Ok(items);
        };
        let members: HashSet<_> = segment.included_of(self.kind).collect();
        let is_open = |item: &Item| members.contains(item.key.as_str()) != item.is_addition;
        Ok(items.into_iter().filter(is_open).collect())
    }
}

impl Members {
    /// Sends the plan, and then the differences that others have made during that.
    pub(super) async fn apply_standard(&mut self, run: &mut Run<'_>) -> Result<()> {
        let mut position = Position::default();
        let size = Self::batch_size(run);
        let mut refusals = Refusals::default();
        let mut items = Self::next_items(run, &mut position, size)?;
        self.adopt(run)?;
        let has_changes = !items.is_empty();
        if has_changes && self.may_be_missing(run)? {
            self.create(run, None).await?;
        }
        let wire = Patch {
            place: &self.options.place,
            kind: &self.options.context_kind,
            is_readable: self.is_readable,
            version: Cell::new(0),
        };
        while !items.is_empty() {
            send(&wire, run, items, &mut refusals).await?;
            items = Self::next_items(run, &mut position, size)?;
        }
        if has_changes && self.is_readable {
            self.compare_again(&wire, run, size, &mut refusals).await?;
        }
        self.adopt(run)?;
        self.drop_gone(run)
    }

    /// Other people may add or remove members between our reads and writes: compares again until
    /// there is no difference.
    async fn compare_again(
        &self,
        wire: &Patch<'_>,
        run: &mut Run<'_>,
        size: usize,
        refusals: &mut Refusals,
    ) -> Result<()> {
        let mut is_stale = false;
        for round in 0..MOST_ROUNDS {
            if round > 0 {
                sleep(pause(round)).await;
            }
            let Checked::Known(Some(segment)) = read(&run.context, &self.options.place).await?
            else {
                return Ok(());
            };
            // An answer from before the last change says nothing.
            is_stale = segment.version < wire.version.get();
            if is_stale {
                continue;
            }
            load(run, &segment, &self.options.context_kind)?;
            let mut items = outstanding(run, self.options.mode)?;
            if items.is_empty() {
                return Ok(());
            }
            while !items.is_empty() {
                let rest = items.split_off(items.len().min(size));
                send(wire, run, items, refusals).await?;
                items = rest;
            }
        }
        let segment = &self.options.place.segment;
        if is_stale {
            warn!("LaunchDarkly still shows `{segment}` as it was before the last change.");
            return Ok(());
        }
        Err(Error::new(Kind::Conflict, format!("other changes of `{segment}` undo this sync's"))
            .resource(segment.clone())
            .hint("another program or another sync writes the same members"))
    }

    /// Whether the segment is to be created before anything is sent. Without a permission to look,
    /// it is tried in the first run.
    pub(super) fn may_be_missing(&self, run: &Run<'_>) -> Result<bool> {
        let is_unseen = self.before.is_none() && self.options.mode != SegmentMode::Remove;
        Ok(is_unseen && (self.is_readable || run.state.held(run.name())? == 0))
    }

    /// Creates the segment. That it exists by now is no failure.
    pub(super) async fn create(&mut self, run: &Run<'_>, unbounded: Option<&str>) -> Result<bool> {
        let place = &self.options.place;
        let name = self.options.name.as_deref().unwrap_or(&place.segment);
        let request = api::create(place, name, unbounded);
        let mut attempts = 0;
        loop {
            run.verify_lease(None).await?;
            let sent = run.context.interrupt.or(run.context.client.send(&request)).await;
            let Err(error) = sent else { return Ok(true) };
            attempts += 1;
            match Verdict::of(error) {
                Verdict::Conflict(_) => {
                    return self.adopt_existing(run).await.map(|()| false);
                }
                Verdict::Unknown(error) if attempts >= ATTEMPTS => return Err(error),
                Verdict::Unknown(_) => sleep(pause(attempts)).await,
                Verdict::Refused(why) => {
                    let message =
                        format!("LaunchDarkly refused to create the segment: {}", why.message);
                    let hint = unbounded.map_or("", |_| "are big segments a part of your plan?");
                    return Err(Error::unexpected(api::NAME, "", message).hint(hint));
                }
                Verdict::Fatal(error) => return Err(error),
            }
        }
    }

    /// The segment was created by someone else, or by a request whose answer was lost.
    async fn adopt_existing(&mut self, run: &Run<'_>) -> Result<()> {
        let found: Checked<Option<Segment>> = read(&run.context, &self.options.place).await?;
        self.before = found.known().flatten();
        self.created_by_others = true;
        self.check_segment()
    }

    /// Records the members that the source has and that were there already as this sync's.
    pub(super) fn adopt(&self, run: &Run<'_>) -> Result<()> {
        if self.options.mode == SegmentMode::Remove || !self.is_listed() {
            return Ok(());
        }
        let stored = run.state.stored("f.row_key");
        let adopt = format!(
            "INSERT INTO state.sync_rows
             SELECT :sync, {stored}, row_hash(f.row_key), 'held', :run FROM fate f WHERE f.fate = 'unchanged'
             ON CONFLICT DO UPDATE SET status = 'held', last_run = excluded.last_run
                WHERE status <> 'held'"
        );
        run.execute(&adopt).map(drop)
    }
}

/// The difference between the rows and the members that were just read.
fn outstanding(run: &Run<'_>, mode: SegmentMode) -> Result<Vec<Item>> {
    let additions = "SELECT s.row_number, s.row_key, 1, coalesce(f.fate = 'unchanged', 0)
         FROM source s LEFT JOIN fate f USING (row_number)
         WHERE (f.fate IS NULL OR f.fate = 'unchanged')
            AND NOT EXISTS (SELECT 1 FROM member m WHERE m.row_key = s.row_key)
            AND NOT EXISTS (SELECT 1 FROM excluded e WHERE e.row_key = s.row_key)";
    let removals = "SELECT coalesce(a.row_number, -a.position), a.row_key, 0, 0 FROM action a
         JOIN member m ON m.row_key = a.row_key
         LEFT JOIN fate f ON f.row_number = coalesce(a.row_number, -a.position)
         WHERE a.kind = 'remove' AND f.fate IS NULL";
    let sql = match mode {
        SegmentMode::Remove => removals.to_owned(),
        SegmentMode::Add => additions.to_owned(),
        SegmentMode::Mirror => format!("{removals} UNION ALL {additions}"),
    };
    let items = run.state.connection.prepare(&sql).and_then(|mut statement| {
        statement.query_map([], found)?.collect::<rusqlite::Result<Vec<_>>>()
    });
    let items = run.state.or_failed(items)?;
    // A member that was there before and has vanished is added after all.
    let additions = items.iter().filter(|item| item.is_addition);
    let add_after_all = "DELETE FROM fate WHERE row_number = ?1 AND fate = 'unchanged'";
    run.state
        .for_each(additions, add_after_all, |statement, item| statement.execute([item.number]))?;
    Ok(items)
}

fn found(row: &Row<'_>) -> rusqlite::Result<Item> {
    Ok(Item {
        number: row.get(0)?,
        key: row.get(1)?,
        is_addition: row.get(2)?,
        is_counted: row.get(3)?,
    })
}
