//! One authorised request, in the form that routes receive.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::account::{ApiVersion, Token};
use super::fragments::Stored;
use super::{Behaviour, Family};

/// Why a request is not answered with data.
#[derive(Debug)]
pub(super) struct Refusal {
    /// Status code.
    pub status: u16,
    /// The body's `code`.
    pub code: &'static str,
    /// The body's `message`.
    pub message: String,
}

impl Refusal {
    /// The documented example of an answer with this status.
    pub fn documented(status: u16) -> Self {
        let (code, message) = match status {
            400 => ("invalid_request", "Invalid request body"),
            401 => ("unauthorized", "Invalid access token"),
            403 => ("forbidden", "Forbidden. Access to the requested resource was denied."),
            404 => ("not_found", "Invalid resource identifier"),
            405 => ("method_not_allowed", "Method not allowed"),
            409 => ("optimistic_locking_error", "Conflict. Optimistic lock error. Try again."),
            413 => ("request_too_large", "Request body too large"),
            429 => ("rate_limited", "You've exceeded the API rate limit. Try again later."),
            503 => ("service_unavailable", "Requested service unavailable"),
            _ => ("internal_server_error", "Internal server error"),
        };
        Refusal { status, code, message: message.to_owned() }
    }

    /// A refusal with a code and a message of its own.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Refusal { status, code, message: message.into() }
    }

    /// 400 with a message of its own.
    pub fn invalid(message: impl Into<String>) -> Self {
        Refusal { message: message.into(), ..Refusal::documented(400) }
    }
}

/// A body, or why there is none.
pub(super) type Outcome = Result<String, Refusal>;

/// One authorised request to a known route.
pub(super) struct Call<'a> {
    /// The family of the route.
    pub family: Family,
    /// The account with its rendered parts.
    pub stored: &'a Stored,
    /// The switches.
    pub behaviour: &'a Behaviour,
    /// The token of the request.
    pub token: &'a Token,
    /// The API version of the answer.
    pub version: ApiVersion,
    /// The path as sent.
    pub path: &'a str,
    /// The decoded path segments that match the pattern's braces.
    pub arguments: &'a [String],
    /// The decoded query.
    pub query: &'a Query,
}

impl Call<'_> {
    /// The argument in the pattern's braces with this position.
    pub fn argument(&self, position: usize) -> &str {
        self.arguments.get(position).map_or("", String::as_str)
    }

    /// Whether `name` is to be expanded.
    pub fn expands(&self, name: &str) -> bool {
        let named = |value: &str| value.split(',').any(|one| one.trim() == name);
        !self.behaviour.ignore_expand && self.query.all("expand").any(named)
    }

    /// The position of the project that the path's first argument names, if the token may see it.
    pub fn project(&self) -> Result<usize, Refusal> {
        let key = self.argument(0);
        if self.token.profile.hidden_projects.contains(key) {
            return Err(Refusal::documented(403));
        }
        let position = self.stored.account.projects.iter().position(|project| project.key == key);
        position.ok_or_else(|| Refusal::documented(404))
    }
}

/// A decoded query, in the order it was sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Query {
    pub pairs: Vec<(String, String)>,
}

impl Query {
    /// Decodes a query as forms are, `+` for a space.
    pub fn parse(text: &str) -> Self {
        let pairs = url::form_urlencoded::parse(text.as_bytes());
        Query { pairs: pairs.map(|(name, value)| (name.into(), value.into())).collect() }
    }

    /// The first value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// All values of `name`.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs.iter().filter(move |(one, _)| one == name).map(|(_, value)| value.as_str())
    }
}

/// Characters that need no escape anywhere in a URL.
const ESCAPED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// `text` as a path segment or a part of a query.
pub(super) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, &ESCAPED).to_string()
}
