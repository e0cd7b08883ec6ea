//! What an answer that reports a failure means for the rows of the request.

use std::time::Duration;

use super::reason::{Reason, Rejection};
use crate::Error;
use crate::error::Kind;

/// The meaning of a failed write.
#[derive(Debug)]
pub enum Verdict {
    /// LaunchDarkly refused the content of the request: nothing of it was carried out.
    Refused(Rejection),
    /// Someone else changed the object at the same time, or it exists already (409).
    Conflict(Error),
    /// It is not known whether the request was carried out.
    Unknown(Error),
    /// The run cannot go on.
    Fatal(Error),
}

impl Verdict {
    /// The meaning of the error of a write.
    pub fn of(error: Error) -> Self {
        match error.http_status() {
            _ if error.is_unconfirmed() => Verdict::Unknown(error),
            Some(400 | 413 | 422) => Verdict::Refused(refusal(&error)),
            Some(409) => Verdict::Conflict(error),
            Some(403 | 405) if is_about_approval(&error) => Verdict::Fatal(approval(&error)),
            _ => Verdict::Fatal(error),
        }
    }
}

/// LaunchDarkly's words as the reason of a row.
pub fn refusal(error: &Error) -> Rejection {
    let (code, message) = match error.refusal() {
        Some(refusal) if !refusal.code.is_empty() => {
            (refusal.code.clone(), refusal.message.clone())
        }
        _ => (error.http_status().unwrap_or_default().to_string(), error.to_string()),
    };
    Rejection::new(Reason::Refused(code), message)
}

/// The words of a refusal for want of an approval. A token may also lack the permission to ask for
/// one, or the plan may have none: that is another matter.
const APPROVAL_REQUIRED: [&str; 9] = [
    "approval is required",
    "approvals are required",
    "approval required",
    "require approval",
    "requires approval",
    "require an approval",
    "requires an approval",
    "must be approved",
    "bypassrequired",
];

/// LaunchDarkly has no code for it: <https://launchdarkly.com/docs/home/releases/approvals>.
fn is_about_approval(error: &Error) -> bool {
    error.refusal().is_some_and(|one| {
        let message = one.message.to_ascii_lowercase();
        APPROVAL_REQUIRED.iter().any(|words| message.contains(words))
    })
}

fn approval(error: &Error) -> Error {
    let message = error.refusal().map_or("", |refusal| refusal.message.as_str());
    Error::new(
        Kind::ApprovalRequired,
        format!("LaunchDarkly requires an approval for this change: {message}"),
    )
    .resource(error.concerns().unwrap_or_default())
    .status(error.http_status().unwrap_or_default())
    .hint(
        "an unattended sync needs an environment without approvals for segments, or a token whose \
         role has the action `bypassRequiredSegmentApproval`",
    )
}

/// The error of a conflict that stayed after all attempts.
pub fn conflict(what: &str, error: &Error) -> Error {
    Error::new(Kind::Conflict, format!("{what} kept changing while it was written: {error}"))
        .resource(error.concerns().unwrap_or_default())
        .status(409)
        .hint("another program writes to it; run again when that has ended")
}

/// The number of attempts at a change that meets conflicts.
pub const ATTEMPTS: u32 = 6;

/// How long to wait before the attempt after this many.
pub fn pause(attempts: u32) -> Duration {
    Duration::from_millis(100) * 2_u32.saturating_pow(attempts.min(6))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Refusal;

    fn error(status: u16, code: &str, message: &str) -> Error {
        let refusal = Refusal { code: code.to_owned(), message: message.to_owned() };
        Error::unexpected("segments", "", "no").status(status).refused(refusal)
    }

    #[test]
    fn the_status_and_the_words_decide() {
        let live = "Flag configuration updates require approval: action 'updateOn' not allowed";
        for (found, expected) in [
            (error(400, "invalid_request", "no"), "Refused"),
            (error(409, "optimistic_locking_error", "no"), "Conflict"),
            (error(405, "method_not_allowed", live), "ApprovalRequired"),
            (error(403, "forbidden", "approval is required"), "ApprovalRequired"),
            (error(405, "method_not_allowed", "no"), "Fatal"),
            (error(404, "not_found", "no"), "Fatal"),
            (error(400, "invalid_request", "no").unconfirmed(), "Unknown"),
        ] {
            let verdict = format!("{:?}", Verdict::of(found));
            assert!(verdict.contains(expected), "{expected}: {verdict}");
        }
    }

    #[test]
    fn a_refusal_has_the_code_of_launchdarkly() {
        let why = refusal(&error(400, "invalid_request", "the key is too long"));
        assert_eq!(why.reason.code(), "refused:invalid_request");
        assert_eq!(why.message, "the key is too long");
        assert_eq!(refusal(&error(413, "", "")).reason.code(), "refused:413");
    }
}
