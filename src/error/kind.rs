//! The kinds of errors: a stable code and an exit status each.

/// The kind of an error: a stable code and an exit status, for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A bug in flaglake.
    Internal,
    /// Invalid arguments or configuration. Nothing was sent.
    Usage,
    /// There is no access token, or LaunchDarkly does not accept it.
    InvalidCredentials,
    /// The access token is valid but does not permit a request.
    InvalidPermissions,
    /// The retries are used up by answers with status 429.
    RateLimited,
    /// No usable answer after retries: DNS, TLS, timeouts, status 5xx, or answers of another
    /// server.
    Unavailable,
    /// An answer that does not match the API's documentation.
    UnexpectedResponse,
    /// The output could not be written, or is not one of flaglake.
    OutputFailed,
    /// A scorecard fails, and `report --fail-on` asks for an error in that case.
    ScorecardFailed,
    /// LaunchDarkly requires an approval, or a change has no consent. Nothing was changed.
    ApprovalRequired,
    /// Some rows were refused or are invalid; all others were written.
    RowsRejected,
    /// A guard stopped the run: it would have removed more than is allowed, for instance. Nothing
    /// was written.
    Guarded,
    /// LaunchDarkly kept reporting a conflict (409) after retries, or a plan no longer applies.
    Conflict,
    /// The data is published, but a resource that an earlier run could read is refused, and
    /// `--fail-on degraded` asks for an error in that case.
    Degraded,
    /// SIGINT or SIGTERM arrived.
    Interrupted,
}

impl Kind {
    /// All kinds, in the order of exit statuses.
    pub const ALL: [Kind; 15] = [
        Kind::Internal,
        Kind::Usage,
        Kind::InvalidCredentials,
        Kind::InvalidPermissions,
        Kind::RateLimited,
        Kind::Unavailable,
        Kind::UnexpectedResponse,
        Kind::OutputFailed,
        Kind::ScorecardFailed,
        Kind::ApprovalRequired,
        Kind::RowsRejected,
        Kind::Guarded,
        Kind::Conflict,
        Kind::Degraded,
        Kind::Interrupted,
    ];

    /// A stable name for scripts.
    pub const fn code(self) -> &'static str {
        match self {
            Kind::Internal => "internal",
            Kind::Usage => "usage",
            Kind::InvalidCredentials => "invalid_credentials",
            Kind::InvalidPermissions => "invalid_permissions",
            Kind::RateLimited => "rate_limited",
            Kind::Unavailable => "unavailable",
            Kind::UnexpectedResponse => "unexpected_response",
            Kind::OutputFailed => "output_failed",
            Kind::ScorecardFailed => "scorecard_failed",
            Kind::ApprovalRequired => "approval_required",
            Kind::RowsRejected => "rows_rejected",
            Kind::Guarded => "guarded",
            Kind::Conflict => "conflict",
            Kind::Degraded => "degraded",
            Kind::Interrupted => "interrupted",
        }
    }

    /// Whether the same run may succeed later without any change. The data that it has read is
    /// kept, so that the next run can resume.
    pub const fn is_passing(self) -> bool {
        matches!(self, Kind::RateLimited | Kind::Unavailable | Kind::Interrupted)
    }

    /// The exit status of the process; 0 is success.
    pub const fn exit_status(self) -> u8 {
        match self {
            Kind::Internal => 1,
            Kind::Usage => 2,
            Kind::InvalidCredentials => 3,
            Kind::InvalidPermissions => 4,
            Kind::RateLimited => 5,
            Kind::Unavailable => 6,
            Kind::UnexpectedResponse => 7,
            Kind::OutputFailed => 8,
            Kind::ScorecardFailed => 9,
            Kind::ApprovalRequired => 10,
            Kind::RowsRejected => 11,
            Kind::Guarded => 12,
            Kind::Conflict => 13,
            Kind::Degraded => 14,
            Kind::Interrupted => 130,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_and_exit_statuses_are_distinct() {
        let codes: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.code()).collect();
        let statuses: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.exit_status()).collect();
        assert_eq!((codes.len(), statuses.len()), (Kind::ALL.len(), Kind::ALL.len()));
        assert!(!statuses.contains(&0));
    }
}
