//! How a write is repeated: what LaunchDarkly holds is read before anything is sent again.

use tokio::time::sleep;

use super::around::{Around, request_in_words};
use crate::error::Kind;
use crate::launchdarkly::writes::approvals::ApprovalRequest;
use crate::sync::answers::{self, Verdict};
use crate::{Error, Result};

/// The most repetitions of a write.
const RETRIES: u32 = 3;

/// Sends a write, and sends it again after a conflict or a lost answer, unless `read` finds that it
/// is done. `what` names it in the error of a conflict that stays.
///
/// # Errors
/// By the table of codes.
pub async fn write<T>(
    what: &str,
    send: impl AsyncFn() -> Result<T>,
    read: impl AsyncFn() -> Result<Option<T>>,
) -> Result<T> {
    for attempts in 1.. {
        let error = match send().await {
            Ok(done) => return Ok(done),
            Err(error) => again(what, error, attempts)?,
        };
        if let Some(done) = read().await? {
            return Ok(done);
        }
        if attempts > RETRIES {
            return Err(error);
        }
        sleep(answers::pause(attempts)).await;
    }
    Err(Error::new(Kind::Internal, "the attempts have no end"))
}

/// The error to report unless another attempt succeeds; or the error that ends the attempts.
fn again(what: &str, error: Error, attempts: u32) -> Result<Error> {
    if matches!(error.http_status(), Some(400 | 405 | 413 | 422)) && !error.is_unconfirmed() {
        return Err(error);
    }
    match Verdict::of(error) {
        Verdict::Conflict(error) if attempts > RETRIES => Ok(answers::conflict(what, &error)),
        Verdict::Conflict(error) | Verdict::Unknown(error) => Ok(error),
        Verdict::Fatal(error) => Err(error),
        Verdict::Refused(_) => Err(Error::new(Kind::Internal, "the request was refused")),
    }
}

/// The meaning of an error of a change of a flag: an approval is missing, or the change conflicts
/// with one that is pending.
pub fn explained(error: Error, around: Option<&Around>) -> Error {
    let status = error.http_status();
    let is_approval = status == Some(405) || error.kind() == Kind::ApprovalRequired;
    if is_approval {
        return approval_required(&error);
    }
    let words = error.refusal().map(|refusal| refusal.message.to_ascii_lowercase());
    let is_pending = words.is_some_and(|words| {
        ["pending", "scheduled", "conflict"].iter().any(|word| words.contains(word))
    });
    if status == Some(400) && is_pending { pending(&error, around) } else { error }
}

fn approval_required(error: &Error) -> Error {
    let message = error.refusal().map_or_else(|| error.to_string(), |one| one.message.clone());
    let text = format!("LaunchDarkly requires an approval for this change: {message}");
    Error::new(Kind::ApprovalRequired, text)
        .resource(error.concerns().unwrap_or_default())
        .status(error.http_status().unwrap_or(405))
        .hint(
            "`--request-approval` asks for it; nothing was changed. A token whose role has the \
             action `bypassRequiredApproval` needs none",
        )
}

fn pending(error: &Error, around: Option<&Around>) -> Error {
    let message = error.refusal().map_or("", |refusal| refusal.message.as_str());
    let pending = around.map(Around::pending).unwrap_or_default();
    let named =
        if pending.is_empty() { String::new() } else { format!(": {}", pending.join("; ")) };
    Error::new(Kind::Conflict, format!("the change conflicts with a pending one{named}"))
        .resource(error.concerns().unwrap_or_default())
        .status(400)
        .hint(format!(
            "LaunchDarkly: {message}. Apply or withdraw what is pending first; nothing was changed"
        ))
}

/// The error of an approval request that cannot be applied because something else has changed.
pub fn outdated(request: &ApprovalRequest) -> Error {
    let reasons = request.conflicts.iter().flatten().filter_map(|one| one["reason"].as_str());
    let reasons: Vec<_> = reasons.collect();
    let reasons =
        if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join(" ")) };
    let what = request_in_words(request);
    Error::new(Kind::Conflict, format!("{what} cannot be applied{reasons}"))
        .hint("withdraw it, and ask for the approval of a new one")
}
