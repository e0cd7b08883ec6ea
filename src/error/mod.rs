//! Every way this program fails, each with a stable code and exit status.

pub mod redact;

use std::fmt;
use std::path::Path;

use serde_json::json;

/// The result of anything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, as scripts see it: a stable code and an exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A bug in flaglake.
    Internal,
    /// Bad arguments or configuration; nothing was sent.
    Usage,
    /// There is no access token, or `GET /caller-identity` refused it.
    InvalidCredentials,
    /// The access token is good, but a resource refused it.
    InvalidPermissions,
    /// Retries were spent on 429 answers.
    RateLimited,
    /// DNS, TLS, timeouts, 5xx answers, or answers that are not LaunchDarkly's, after retries.
    Unavailable,
    /// A body that is not what the API documents.
    UnexpectedResponse,
    /// The output could not be written, or is not flaglake's.
    OutputFailed,
    /// A scorecard fails, and `report --fail-on` asked.
    ScorecardFailed,
    /// A guard stopped the run: more would have been removed than is allowed.
    Guarded,
    /// The data is published, but a resource that was readable is refused, and
    /// `--fail-on degraded` asked.
    Degraded,
    /// SIGINT or SIGTERM.
    Interrupted,
}

impl Kind {
    /// Every kind, in the order of exit statuses.
    pub const ALL: [Kind; 12] = [
        Kind::Internal,
        Kind::Usage,
        Kind::InvalidCredentials,
        Kind::InvalidPermissions,
        Kind::RateLimited,
        Kind::Unavailable,
        Kind::UnexpectedResponse,
        Kind::OutputFailed,
        Kind::ScorecardFailed,
        Kind::Guarded,
        Kind::Degraded,
        Kind::Interrupted,
    ];

    /// A stable, machine-readable name. Scripts match on this.
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
            Kind::Guarded => "guarded",
            Kind::Degraded => "degraded",
            Kind::Interrupted => "interrupted",
        }
    }

    /// Whether the same run may succeed later without anybody doing anything: what it has read is
    /// kept for the next one.
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
            Kind::Guarded => 12,
            Kind::Degraded => 14,
            Kind::Interrupted => 130,
        }
    }
}

/// An error: what happened, to what, and what to do next.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: Kind,
    message: String,
    resource: Option<String>,
    hint: Option<String>,
    status: Option<u16>,
    is_held: bool,
    is_full: bool,
    is_unconfirmed: bool,
}

impl Error {
    /// An error of `kind`; `message` reads well after `error: `.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Error {
            kind,
            message: redact::text(&message.into()),
            resource: None,
            hint: None,
            status: None,
            is_held: false,
            is_full: false,
            is_unconfirmed: false,
        }
    }

    /// Bad arguments or configuration.
    pub fn usage(message: impl Into<String>) -> Self {
        Error::new(Kind::Usage, message)
    }

    /// A body from `resource` that is not what the API documents; `path` is the JSON path.
    pub fn unexpected(resource: &str, path: &str, reason: impl fmt::Display) -> Self {
        let place = if path.is_empty() { String::new() } else { format!(" at `{path}`") };
        Error::new(
            Kind::UnexpectedResponse,
            format!("unexpected response for {resource}{place}: {reason}"),
        )
        .resource(resource)
    }

    /// The output at `path` could not be written.
    pub fn output(path: impl AsRef<Path>, reason: impl fmt::Display) -> Self {
        let path = path.as_ref().display();
        Error::new(Kind::OutputFailed, format!("could not write `{path}`: {reason}"))
    }

    /// Names the file that could not be written, where it is not named yet.
    #[must_use]
    pub fn at(self, path: &Path) -> Self {
        if self.kind != Kind::OutputFailed || self.resource.is_some() {
            return self;
        }
        let hint = self.hint.unwrap_or_default();
        let named = Error::output(path, self.message).resource(path.display().to_string());
        Error { is_full: self.is_full, ..named.hint(hint) }
    }

    /// Names the resource or path concerned.
    #[must_use]
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        self.resource = Some(resource.into());
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(redact::text(&hint.into()));
        self
    }

    /// Adds the HTTP status that was received.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Says that another run is the cause: it passes.
    #[must_use]
    pub fn held(mut self) -> Self {
        self.is_held = true;
        self
    }

    /// Whether another run is the cause.
    pub const fn is_held(&self) -> bool {
        self.is_held
    }

    /// Says that there is no room: what the run has put on the disk must make room.
    #[must_use]
    pub fn full(mut self) -> Self {
        self.is_full = true;
        self
    }

    /// Whether there is no room for what was to be written.
    pub const fn is_full(&self) -> bool {
        self.is_full
    }

    /// Says that LaunchDarkly may have carried out the request although its answer is missing.
    #[must_use]
    pub fn unconfirmed(mut self) -> Self {
        if !self.is_unconfirmed {
            self.message.push_str("; whether LaunchDarkly has carried out the request is unknown");
        }
        self.is_unconfirmed = true;
        self
    }

    /// Whether the request may have been carried out all the same.
    pub const fn is_unconfirmed(&self) -> bool {
        self.is_unconfirmed
    }

    /// What went wrong.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The HTTP status that LaunchDarkly answered, if one caused this: what callers decide by. A
    /// status that something else may have answered is none.
    pub const fn http_status(&self) -> Option<u16> {
        match self.kind {
            Kind::Unavailable => None,
            _ => self.status,
        }
    }

    /// The HTTP status that was received, whoever answered: for people and logs only.
    pub const fn received_status(&self) -> Option<u16> {
        self.status
    }

    /// The resource concerned, if any.
    pub fn concerns(&self) -> Option<&str> {
        self.resource.as_deref()
    }

    /// What to do next, if there is advice.
    pub fn advice(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The error as one line of JSON, for `--error-format json`.
    ///
    /// `status` is the HTTP status where one caused the error, else null.
    pub fn to_json(&self) -> String {
        json!({
            "code": self.kind.code(),
            "message": self.message,
            // It may be a path that somebody gave.
            "resource": self.resource.as_deref().map(redact::value),
            "hint": self.hint,
            "status": self.status,
            "exit_status": self.kind.exit_status(),
        })
        .to_string()
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

    #[test]
    fn json_carries_every_field() {
        let error = Error::unexpected("flags", "items[0].key", "missing").hint("look").status(200);
        let value: serde_json::Value = serde_json::from_str(&error.to_json()).unwrap();
        assert_eq!(value["code"], "unexpected_response");
        assert_eq!(value["resource"], "flags");
        assert_eq!(value["hint"], "look");
        assert_eq!((&value["status"], &value["exit_status"]), (&json!(200), &json!(7)));
    }
}
