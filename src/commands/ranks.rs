//! The order of errors: several runs in one end with the worst exit status of them.

use tracing::error;

use crate::error::Kind;
use crate::{Error, Result};

/// The kinds, the worst first.
const RANKS: [Kind; 15] = [
    Kind::Interrupted,
    Kind::Internal,
    Kind::Usage,
    Kind::InvalidCredentials,
    Kind::InvalidPermissions,
    Kind::OutputFailed,
    Kind::UnexpectedResponse,
    Kind::Unavailable,
    Kind::RateLimited,
    Kind::Conflict,
    Kind::Guarded,
    Kind::ApprovalRequired,
    Kind::RowsRejected,
    Kind::Degraded,
    Kind::ScorecardFailed,
];

/// The position of a kind; 0 is the worst.
fn rank(kind: Kind) -> usize {
    RANKS.iter().position(|one| *one == kind).unwrap_or(RANKS.len())
}

/// Outcome and exit status of several runs, of which some failed with these kinds of errors.
pub(super) fn outcome(failed: impl Iterator<Item = Kind>) -> (&'static str, u8) {
    let worst = failed.min_by_key(|kind| rank(*kind));
    worst.map_or(("succeeded", 0), |kind| (kind.code(), kind.exit_status()))
}

/// Fails with the worst error of `all` runs, if there is one; it also says how many failed. The
/// others are printed here. `noun` is what the runs are, in the plural.
pub(super) fn worst(noun: &str, all: usize, mut errors: Vec<(String, Error)>) -> Result<()> {
    errors.sort_by_key(|(_, error)| rank(error.kind()));
    let count = errors.len();
    let mut errors = errors.into_iter();
    let Some((name, worst)) = errors.next() else { return Ok(()) };
    for (name, error) in errors {
        error!("{name}: {error} [{}]", error.kind().code());
    }
    let message = match count {
        1 => format!("{name}: {worst}"),
        _ => format!("{count} of {all} {noun} did not succeed; the worst is {name}: {worst}"),
    };
    Err(Error::new(worst.kind(), message).hint(worst.advice().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_a_rank() {
        for kind in Kind::ALL {
            assert!(rank(kind) < RANKS.len(), "{kind:?}");
        }
        let ranked = RANKS.map(Kind::exit_status);
        assert_eq!(ranked, [130, 1, 2, 3, 4, 8, 7, 6, 5, 13, 12, 10, 11, 14, 9]);
    }

    #[test]
    fn the_worst_error_of_two_wins_in_either_order() {
        let mut ranked = Kind::ALL;
        ranked.sort_by_key(|kind| rank(*kind));
        for (index, worse) in ranked.into_iter().enumerate() {
            for better in ranked.into_iter().skip(index + 1) {
                for pair in [[worse, better], [better, worse]] {
                    assert_eq!(outcome(pair.into_iter()), (worse.code(), worse.exit_status()));
                    let named = |kind: Kind| (format!("{kind:?}"), Error::new(kind, "no"));
                    let error = worst("syncs", 3, pair.map(named).to_vec()).unwrap_err();
                    assert_eq!(error.kind(), worse);
                    let expected =
                        format!("2 of 3 syncs did not succeed; the worst is {worse:?}: no");
                    assert_eq!(error.to_string(), expected);
                }
            }
        }
        assert!(worst("syncs", 3, Vec::new()).is_ok());
        assert_eq!(outcome(std::iter::empty()), ("succeeded", 0));
    }
}
