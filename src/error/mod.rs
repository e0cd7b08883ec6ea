//! The errors of this program. Every kind has a stable code and an exit status.

mod kind;
pub mod redact;

use std::fmt;
use std::path::Path;

use serde_json::json;

pub use self::kind::Kind;

/// The result of an operation that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// LaunchDarkly's own words for a request that it refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// A stable name, such as `invalid_request`.
    pub code: String,
    /// A sentence for people, without secrets.
    pub message: String,
}

/// An error: a message, the resource or path concerned, and a hint.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: Kind,
    message: String,
    resource: Option<String>,
    hint: Option<String>,
    status: Option<u16>,
    refusal: Option<Box<Refusal>>,
    is_held: bool,
    is_full: bool,
    is_unconfirmed: bool,
}

impl Error {
    /// An error of `kind`. `message` is shown after `error: `.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Error {
            kind,
            message: redact::text(&message.into()),
            resource: None,
            hint: None,
            status: None,
            refusal: None,
            is_held: false,
            is_full: false,
            is_unconfirmed: false,
        }
    }

    /// An error of invalid arguments or configuration.
    pub fn usage(message: impl Into<String>) -> Self {
        Error::new(Kind::Usage, message)
    }

    /// The error of an answer for `resource` that does not match the API's documentation. `path` is
    /// the JSON path of the wrong value, or empty.
    pub fn unexpected(resource: &str, path: &str, reason: impl fmt::Display) -> Self {
        let place = if path.is_empty() { String::new() } else { format!(" at `{path}`") };
        Error::new(
            Kind::UnexpectedResponse,
            format!("unexpected response for {resource}{place}: {reason}"),
        )
        .resource(resource)
    }

    /// The error of an output at `path` that could not be written.
    pub fn output(path: impl AsRef<Path>, reason: impl fmt::Display) -> Self {
        let path = path.as_ref().display();
        Error::new(Kind::OutputFailed, format!("could not write `{path}`: {reason}"))
    }

    /// Names the file that could not be written, unless the error names one already.
    #[must_use]
    pub fn at(self, path: &Path) -> Self {
        if self.kind != Kind::OutputFailed || self.resource.is_some() {
            return self;
        }
        let hint = self.hint.unwrap_or_default();
        let named = Error::output(path, self.message).resource(path.display().to_string());
        Error { is_full: self.is_full, ..named.hint(hint) }
    }

    /// Sets the resource or path concerned.
    #[must_use]
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        self.resource = Some(resource.into());
        self
    }

    /// Sets the hint: advice for the user.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        let hint = hint.into();
        self.hint = Some(redact::text(&hint)).filter(|hint| !hint.is_empty());
        self
    }

    /// Sets the HTTP status that was received.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Sets LaunchDarkly's own words for the refusal.
    #[must_use]
    pub fn refused(mut self, refusal: Refusal) -> Self {
        self.refusal = Some(Box::new(refusal));
        self
    }

    /// LaunchDarkly's own words, if it refused the request.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_deref()
    }

    /// Marks an error that another run causes. It does not occur once that run has ended.
    #[must_use]
    pub fn held(mut self) -> Self {
        self.is_held = true;
        self
    }

    /// Whether another run causes the error.
    pub const fn is_held(&self) -> bool {
        self.is_held
    }

    /// Marks an error for want of disk space. The run then removes the files that it has written.
    #[must_use]
    pub fn full(mut self) -> Self {
        self.is_full = true;
        self
    }

    /// Whether disk space is missing.
    pub const fn is_full(&self) -> bool {
        self.is_full
    }

    /// Marks an error of a request that LaunchDarkly may have carried out, although its answer is
    /// missing.
    #[must_use]
    pub fn unconfirmed(mut self) -> Self {
        if !self.is_unconfirmed {
            self.message.push_str("; whether LaunchDarkly has carried out the request is unknown");
        }
        self.is_unconfirmed = true;
        self
    }

    /// Whether LaunchDarkly may have carried out the request that failed.
    pub const fn is_unconfirmed(&self) -> bool {
        self.is_unconfirmed
    }

    /// The kind of error.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The HTTP status that caused the error, if LaunchDarkly certainly sent it. Callers may base
    /// decisions on it; it is `None` for a status that another server may have sent.
    pub const fn http_status(&self) -> Option<u16> {
        match self.kind {
            Kind::Unavailable => None,
            _ => self.status,
        }
    }

    /// The HTTP status that was received, from LaunchDarkly or another server: for messages only.
    pub const fn received_status(&self) -> Option<u16> {
        self.status
    }

    /// The resource or path concerned, if any.
    pub fn concerns(&self) -> Option<&str> {
        self.resource.as_deref()
    }

    /// The hint, if there is one.
    pub fn advice(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The error as one line of JSON, for `--error-format json`.
    ///
    /// `status` is the HTTP status that caused the error, or else null.
    pub fn to_json(&self) -> String {
        json!({
            "code": self.kind.code(),
            "message": self.message,
            // It may be a path from the command line.
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
    use super::*;

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
