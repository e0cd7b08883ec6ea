//! Sends changes of members batch by batch, and finds the rows of a batch that are at fault.

use rusqlite::{Row, params};
use tokio::time::sleep;

use super::Members;
use super::refusals::{MOST_REFUSALS, Refusals};
use crate::Result;
use crate::launchdarkly::writes::segments::MemberChange;
use crate::launchdarkly::{Reply, Request};
use crate::model::privacy::Mode;
use crate::sync::answers::{ATTEMPTS, Verdict, conflict, pause};
use crate::sync::context::{Progress, Run};
use crate::sync::reason::{Reason, Rejection};
use crate::sync::state::Status;

/// The most keys of a request. LaunchDarkly documents 1,500 operations, of a request or of an
/// instruction; this is within both.
pub(super) const MOST_KEYS: usize = 1_000;

/// A member to add or to remove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// The row's number; for a removal that comes from no row, a negative number.
    pub number: i64,
    pub key: String,
    pub is_addition: bool,
    /// Whether it is counted: a member that is added a second time, because someone removed it, is
    /// not.
    pub is_counted: bool,
}

/// How one kind of segment takes changes.
pub(super) trait Wire {
    /// Sends one change.
    async fn send(&self, run: &Run<'_>, change: &MemberChange) -> Result<()>;

    /// Those of `items` that LaunchDarkly does not have yet. Where members cannot be listed, all of
    /// them: adding one again has no effect.
    async fn outstanding(&self, run: &Run<'_>, items: Vec<Item>) -> Result<Vec<Item>> {
        let _ = run;
        Ok(items)
    }
}

/// Sends a request about a segment, which is not found for a moment after it was created.
pub(super) async fn send_to_new(run: &Run<'_>, request: &Request) -> Result<Reply> {
    let mut attempts = 0;
    loop {
        let sent = run.context.client.send(request).await;
        attempts += 1;
        match sent {
            Err(error) if error.http_status() == Some(404) && attempts < ATTEMPTS => {
                sleep(pause(attempts)).await;
            }
            sent => return sent,
        }
    }
}

/// A batch, and how often it was tried.
struct Attempted {
    items: Vec<Item>,
    attempts: u32,
}

/// Sends `items`, and records the outcome of each.
pub(super) async fn send(
    wire: &impl Wire,
    run: &mut Run<'_>,
    items: Vec<Item>,
    refusals: &mut Refusals,
) -> Result<()> {
    let mut batches = vec![Attempted { items, attempts: 0 }];
    while let Some(Attempted { items, attempts }) = batches.pop() {
        run.context.interrupt.check()?;
        if items.is_empty() {
            continue;
        }
        run.verify_lease(None).await?;
        intend(run, &items)?;
        let sent = run.context.interrupt.or(wire.send(run, &change(&items))).await;
        let error = match sent {
            Ok(()) => {
                settle(run, &items)?;
                continue;
            }
            Err(error) => error,
        };
        let attempts = attempts + 1;
        match Verdict::of(error) {
            Verdict::Refused(why) => {
                refused(wire, run, items, &why, refusals, &mut batches).await?
            }
            Verdict::Conflict(error) if attempts >= ATTEMPTS => {
                return Err(conflict("the segment", &error));
            }
            Verdict::Unknown(error) if attempts >= ATTEMPTS => return Err(error),
            verdict @ (Verdict::Conflict(_) | Verdict::Unknown(_)) => {
                if matches!(verdict, Verdict::Unknown(_)) {
                    refusals.doubt(keys(&items, true));
                }
                sleep(pause(attempts)).await;
                let items = done_apart(wire, run, items).await?;
                batches.push(Attempted { items, attempts });
            }
            Verdict::Fatal(error) => return Err(error),
        }
    }
    Ok(())
}

/// Halves a batch that was refused, down to the rows at fault.
async fn refused(
    wire: &impl Wire,
    run: &mut Run<'_>,
    items: Vec<Item>,
    why: &Rejection,
    refusals: &mut Refusals,
    batches: &mut Vec<Attempted>,
) -> Result<()> {
    if let [item] = items.as_slice() {
        refusals.count(why);
        return reject(run, item, why, refusals);
    }
    if refusals.are_enough(why) {
        let message = format!("not tried after {MOST_REFUSALS} refusals with the same message");
        let why = Rejection::new(Reason::NotTried, message);
        return items.iter().try_for_each(|item| reject(run, item, &why, refusals));
    }
    // Someone else may have caused the refusal, or made a part of the change.
    let mut first = done_apart(wire, run, items).await?;
    let second = first.split_off(first.len() / 2);
    batches.push(Attempted { items: second, attempts: 0 });
    batches.push(Attempted { items: first, attempts: 0 });
    Ok(())
}

/// Settles the items that LaunchDarkly has by now, and returns the others.
async fn done_apart(wire: &impl Wire, run: &mut Run<'_>, items: Vec<Item>) -> Result<Vec<Item>> {
    let outstanding = wire.outstanding(run, items.clone()).await?;
    let done: Vec<_> = items.into_iter().filter(|item| !outstanding.contains(item)).collect();
    settle(run, &done)?;
    Ok(outstanding)
}

fn change(items: &[Item]) -> MemberChange {
    let keys = |is_addition| {
        let items = items.iter().filter(move |item| item.is_addition == is_addition);
        items.map(|item| item.key.clone()).collect()
    };
    MemberChange { add: keys(true), remove: keys(false) }
}

fn keys(items: &[Item], is_addition: bool) -> impl Iterator<Item = &str> {
    let items = items.iter().filter(move |item| item.is_addition == is_addition);
    items.map(|item| item.key.as_str())
}

/// Intent before effect: from here on, these keys are this sync's, even if the process is killed
/// before LaunchDarkly's answer arrives; and of keys that are removed it is not known whether
/// LaunchDarkly has them.
fn intend(run: &Run<'_>, items: &[Item]) -> Result<()> {
    run.state.intend(run.name(), keys(items, true), &run.row.sync_run_id)?;
    run.state.doubt(run.name(), keys(items, false))
}

fn settle(run: &mut Run<'_>, items: &[Item]) -> Result<()> {
    run.state.mark(run.name(), keys(items, true), Status::Held, &run.row.sync_run_id)?;
    run.state.release(run.name(), keys(items, false))?;
    let count = |is_addition| {
        let counted =
            items.iter().filter(|item| item.is_counted && item.is_addition == is_addition);
        i64::try_from(counted.count()).unwrap_or(i64::MAX)
    };
    run.row.added += count(true);
    run.row.removed += count(false);
    // In the mode `remove`, a removal comes from a row, which is counted as well.
    let from_rows =
        items.iter().filter(|item| !item.is_addition && item.is_counted && item.number > 0);
    run.row.updated += i64::try_from(from_rows.count()).unwrap_or(i64::MAX);
    Progress::add(&run.context.progress.sent, items.len());
    Ok(())
}

/// LaunchDarkly's words may quote the key, which the state file is not to have.
fn without_key(run: &Run<'_>, item: &Item, why: &Rejection) -> Rejection {
    let mut why = why.clone();
    if run.state.privacy.mode() != Mode::Keep {
        why.message = why.message.replace(&item.key, "***");
    }
    why
}

/// A key that an earlier request may have added stays this sync's.
fn reject(run: &Run<'_>, item: &Item, why: &Rejection, refusals: &Refusals) -> Result<()> {
    let why = without_key(run, item, why);
    run.reject(item.number, Some(&item.key), &why)?;
    if item.is_addition && !refusals.is_doubtful(&item.key) {
        run.state.disown(run.name(), &item.key, &run.row.sync_run_id)?;
    }
    Ok(())
}

/// Where reading the plan has come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Position {
    removal: i64,
    addition: i64,
    retry: i64,
}

impl Members {
    /// The next items of the plan, at most `most`: removals first, since a standard segment may be
    /// nearly full; rows that LaunchDarkly refused in an earlier run last.
    pub(super) fn next_items(
        run: &Run<'_>,
        position: &mut Position,
        most: usize,
    ) -> Result<Vec<Item>> {
        let mut items = read(run, Turn::Removals, &mut position.removal, most)?;
        let additions = read(run, Turn::Additions, &mut position.addition, most - items.len())?;
        items.extend(additions);
        if items.is_empty() {
            // Rows that were refused before are not mixed with others.
            return read(run, Turn::Retries, &mut position.retry, most);
        }
        Ok(items)
    }

    /// The keys of one request.
    pub(super) fn batch_size(run: &Run<'_>) -> usize {
        run.context.options.batch_size.unwrap_or(MOST_KEYS).clamp(1, MOST_KEYS)
    }
}

/// A part of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Removals,
    Additions,
    Retries,
}

impl Turn {
    const fn condition(self) -> &'static str {
        match self {
            Turn::Removals => "kind = 'remove'",
            Turn::Additions => "kind = 'add' AND is_retry = 0",
            Turn::Retries => "kind = 'add' AND is_retry = 1",
        }
    }
}

/// Reads the items of a part after `position`, and moves it.
fn read(run: &Run<'_>, turn: Turn, position: &mut i64, most: usize) -> Result<Vec<Item>> {
    let sql = format!(
        "SELECT position, row_number, row_key FROM action
         WHERE {} AND position > ?1 ORDER BY position LIMIT ?2",
        turn.condition()
    );
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let items = run.state.connection.prepare_cached(&sql).and_then(|mut statement| {
        let items = statement.query_map(params![*position, most], |row| item(row, turn))?;
        items.collect::<rusqlite::Result<Vec<_>>>()
    });
    let items = run.state.or_failed(items)?;
    if let Some((last, _)) = items.last() {
        *position = *last;
    }
    Ok(items.into_iter().map(|(_, item)| item).collect())
}

fn item(row: &Row<'_>, turn: Turn) -> rusqlite::Result<(i64, Item)> {
    let position: i64 = row.get(0)?;
    let number: Option<i64> = row.get(1)?;
    let number = number.unwrap_or(-position);
    let is_addition = turn != Turn::Removals;
    Ok((position, Item { number, key: row.get(2)?, is_addition, is_counted: true }))
}
