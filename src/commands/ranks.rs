//! The order of errors: several runs in one end with the worst exit status of them.

use crate::error::Kind;

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
pub(super) fn rank(kind: Kind) -> usize {
    RANKS.iter().position(|one| *one == kind).unwrap_or(RANKS.len())
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
}
