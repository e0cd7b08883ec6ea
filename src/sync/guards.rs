//! The guards: conditions that stop a run before its first write.

use super::context::{Removals, Run};
use super::options::Limits;
use crate::error::Kind;
use crate::guard::Limit;
use crate::terminal::counted;
use crate::{Error, Result};

/// A fall of the number of rows of at most so many is not looked at, unless `--max-drop` is given.
const SMALL_DROP: i64 = 10;

/// The error of a guard.
pub fn guarded(message: impl Into<String>, hint: impl Into<String>) -> Error {
    Error::new(Kind::Guarded, message).hint(hint)
}

/// Checks the rows that were read.
///
/// # Errors
/// `guarded` when there are none, or another number than is expected.
pub fn check_rows(run: &Run<'_>, is_mirror: bool) -> Result<()> {
    let limits = &run.context.options.limits;
    let read = run.row.rows_read;
    if read == 0 && !limits.allow_empty {
        return Err(guarded(
            "the source has no rows",
            "check the source; `--allow-empty` allows that it has none",
        ));
    }
    if let Some(expected) = limits.expect_rows
        && u64::try_from(read) != Ok(expected)
    {
        return Err(guarded(
            format!("the source has {}, and `--expect-rows` says {expected}", counted(read, "row")),
            "did the program that writes the source stop early?",
        ));
    }
    check_drop(run, limits, is_mirror)?;
    check_invalid(run)
}

/// Compares the number of rows with the last run's.
fn check_drop(run: &Run<'_>, limits: &Limits, is_mirror: bool) -> Result<()> {
    let allowed = limits.max_drop.or(is_mirror.then_some(Limit::Percent(50)));
    let (Some(allowed), None) = (allowed, run.context.options.limit) else { return Ok(()) };
    let Some(last) = run.state.last_run(run.name())? else { return Ok(()) };
    let dropped = last.rows_read - run.row.rows_read;
    let is_small = limits.max_drop.is_none() && dropped <= SMALL_DROP;
    if dropped <= 0 || is_small || (run.row.rows_read == 0 && limits.allow_empty) {
        return Ok(());
    }
    if allowed.is_exceeded(dropped.unsigned_abs(), last.rows_read.unsigned_abs()) {
        return Err(guarded(
            format!(
                "the source has {}, the last run read {}",
                counted(run.row.rows_read, "row"),
                last.rows_read
            ),
            "is the source complete? `--max-drop N|P%` allows a larger fall",
        ));
    }
    Ok(())
}

/// Compares the number of invalid rows with `--max-rejected`. The plan may find more of them.
///
/// # Errors
/// `guarded` when there are more than the limit allows.
pub fn check_invalid(run: &Run<'_>) -> Result<()> {
    let (invalid, read) = (run.row.rows_invalid, run.row.rows_read);
    let is_exceeded = |limit: Limit| limit.is_exceeded(invalid.unsigned_abs(), read.unsigned_abs());
    match run.context.options.limits.max_rejected {
        Some(limit) if is_exceeded(limit) => Err(guarded(
            format!("{invalid} of {read} rows are invalid, and `--max-rejected` allows {limit}"),
            "`--rejected FILE.csv` lists them with their reasons",
        )),
        _ => Ok(()),
    }
}

/// Refuses removals by a mirror whose source has no valid row: it counts as empty.
///
/// # Errors
/// `guarded` where there would be such removals.
pub fn check_valid(run: &Run<'_>, is_mirror: bool) -> Result<()> {
    let read = run.row.rows_read;
    let has_none = is_mirror && read > 0 && run.row.rows_invalid == read;
    if !has_none || run.removals.count == 0 || run.context.options.limits.allow_empty {
        return Ok(());
    }
    Err(guarded(
        format!("none of the {read} rows of the source is valid, so that it counts as empty"),
        "`--rejected FILE.csv` lists them with their reasons; `--allow-empty` allows that",
    ))
}

/// Checks how many members would be removed.
///
/// # Errors
/// `guarded` when there are more than the limits allow.
pub fn check_removals(removals: Removals, limits: &Limits) -> Result<()> {
    let Removals { count, of, .. } = removals;
    if !is_too_many(count, of, limits.max_removals) {
        return Ok(());
    }
    let message = match of {
        0 => {
            format!("{} would be removed, of a number that is not known", counted(count, "member"))
        }
        of => format!("{count} of {of} members would be removed"),
    };
    Err(guarded(
        message,
        "is the source complete? `--dry-run` shows the plan, and `--max-removals N|P%` allows more",
    ))
}

/// The usual limits: more than 10 keys that are more than 20 percent; or more than 1,000 keys, or
/// 2 percent where that is more.
fn is_too_many(count: u64, of: u64, limit: Option<Limit>) -> bool {
    match limit {
        Some(limit) => limit.is_exceeded(count, of),
        None => {
            let is_share = count > 10 && Limit::Percent(20).is_exceeded(count, of);
            let is_mass = count > 1_000 && Limit::Percent(2).is_exceeded(count, of);
            is_share || is_mass
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_limits_are_a_fifth_a_thousand_and_a_fiftieth() {
        for (count, of, expected) in [
            (0, 0, false),
            (10, 10, false),
            (11, 11, true),
            (11, 55, false),
            (11, 54, true),
            (1_000, 20_000, false),
            (1_001, 20_000, true),
            (2_000, 100_000, false),
            (2_001, 100_000, true),
        ] {
            assert_eq!(is_too_many(count, of, None), expected, "{count} of {of}");
        }
    }

    #[test]
    fn a_limit_replaces_all_usual_ones() {
        assert!(is_too_many(3, 1_000, Some(Limit::Count(2))));
        assert!(!is_too_many(900, 1_000, Some(Limit::Percent(90))));
        assert!(is_too_many(1, 1_000, Some(Limit::Count(0))));
    }
}
