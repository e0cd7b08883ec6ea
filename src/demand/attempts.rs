//! How a write is repeated: what LaunchDarkly holds is read before anything is sent again.

use super::around::{Around, request_in_words};
use crate::error::Kind;
use crate::launchdarkly::Client;
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
    client: &Client,
    what: &str,
    send: impl AsyncFn() -> Result<T>,
    read: impl AsyncFn() -> Result<Option<T>>,
) -> Result<T> {
    let mut is_unknown = false;
    for attempts in 1.. {
        let error = match send().await {
            Ok(done) => return Ok(done),
            Err(error) => again(what, error, attempts).map_err(|one| doubtful(one, is_unknown))?,
        };
        is_unknown |= error.is_unconfirmed();
        let found = read().await;
        if let Some(done) = found.map_err(|one| doubtful(one, is_unknown))? {
            return Ok(done);
        }
        if attempts > RETRIES {
            return Err(error);
        }
        let waited = client.wait(answers::pause(attempts)).await;
        waited.map_err(|one| doubtful(one, is_unknown))?;
    }
    Err(Error::new(Kind::Internal, "the attempts have no end"))
}

/// The error that ends the attempts, where it may not be known whether one of them was carried out.
fn doubtful(error: Error, is_unknown: bool) -> Error {
    if !is_unknown {
        return unchanged(error);
    }
    let error = match error.kind() {
        Kind::Interrupted => Error::new(Kind::Interrupted, "interrupted"),
        // What `read` found is certain.
        Kind::Guarded | Kind::Conflict => return error,
        _ => error,
    };
    error.unconfirmed().hint("look at it before you repeat the command")
}

/// The error of a signal, in the words of a command that has changed nothing.
pub fn unchanged(error: Error) -> Error {
    if error.kind() != Kind::Interrupted {
        return error;
    }
    Error::new(Kind::Interrupted, "interrupted; nothing was changed")
}

/// The error of a read after a change that was made.
pub fn unread(error: Error) -> Error {
    let text = match error.kind() {
        Kind::Interrupted => {
            "the change was made; interrupted while its result was read".to_owned()
        }
        _ => format!("the change was made, but reading the result failed: {error}"),
    };
    Error::new(error.kind(), text)
        .resource(error.concerns().unwrap_or_default())
        .hint("look at it in LaunchDarkly")
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
/// with one that is pending. `can_request` is whether the command can ask for the approval.
pub fn explained(error: Error, around: Option<&Around>, can_request: bool) -> Error {
    let status = error.http_status();
    let is_approval = status == Some(405) || error.kind() == Kind::ApprovalRequired;
    if is_approval {
        return approval_required(&error, can_request);
    }
    let words = error.refusal().map(|refusal| refusal.message.to_ascii_lowercase());
    let is_pending = words.is_some_and(|words| {
        ["pending", "scheduled", "conflict"].iter().any(|word| words.contains(word))
    });
    if status == Some(400) && is_pending { pending(&error, around) } else { error }
}

fn approval_required(error: &Error, can_request: bool) -> Error {
    let asks = if can_request { "`--request-approval` asks for it; " } else { "" };
    let text = match error.refusal() {
        Some(refusal) => {
            format!("LaunchDarkly requires an approval for this change: {}", refusal.message)
        }
        None => error.to_string(),
    };
    Error::new(Kind::ApprovalRequired, text)
        .resource(error.concerns().unwrap_or_default())
        .status(error.http_status().unwrap_or(405))
        .hint(format!(
            "{asks}nothing was changed. A token whose role has the action \
             `bypassRequiredApproval` needs none"
        ))
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
