//! Answers that a test scripts for chosen requests.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::account::Account;
use super::ask::Ask;

/// The outcome of a scripted request.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Exactly this, without rate-limit headers.
    Raw {
        /// Status code.
        status: u16,
        /// Headers; `content-length` is added.
        headers: Vec<(String, String)>,
        /// Body, JSON or not.
        body: Vec<u8>,
    },
    /// The real answer; the connection closes after this many bytes of the body, and always before
    /// the last byte.
    Truncate(usize),
    /// The real answer with only this many bytes of its body, and never the last one, as a valid
    /// HTTP response.
    Cut(usize),
    /// No answer: the connection closes, and the request is not carried out.
    Close,
    /// No answer: the request is carried out, then the connection closes.
    Lost,
    /// No answer: the connection is reset.
    Reset,
    /// No answer: the connection stays open until the client or the server goes.
    Hang,
    /// No answer: the request is carried out, then the connection stays open as with
    /// [`Answer::Hang`]. [`Server::held`](crate::Server::held) counts such requests.
    Hold,
    /// The headers and this many bytes of the real answer's body, then nothing more, as with
    /// [`Answer::Hang`].
    HangAfter(usize),
    /// The real answer, its body in pieces.
    Slow {
        /// Bytes in a piece.
        chunk: usize,
        /// The time between two pieces.
        pause: Duration,
    },
    /// A list without items, padded with blanks: a gzip that decompresses to about a hundred times
    /// its size.
    Bomb {
        /// Decompressed size in bytes.
        bytes: u64,
    },
    /// The real answer, after this delay.
    Delay(Duration),
    /// The real answer, after a change of the account.
    Change(Change),
}

/// A change of the account.
#[derive(Clone)]
pub struct Change(Arc<dyn Fn(&mut Account) + Send + Sync>);

impl Change {
    /// Makes the change.
    pub(super) fn apply(&self, account: &mut Account) {
        (self.0)(account);
    }
}

impl fmt::Debug for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Change")
    }
}

impl Answer {
    /// The real answer, after `change`.
    pub fn change(change: impl Fn(&mut Account) + Send + Sync + 'static) -> Self {
        Answer::Change(Change(Arc::new(change)))
    }

    /// A JSON body with this status and no other headers.
    pub fn json(status: u16, body: impl Into<String>) -> Self {
        Answer::raw(status, "application/json", body.into())
    }

    /// An error with this status, as LaunchDarkly documents it.
    pub fn refusal(status: u16) -> Self {
        let code = match status {
            400 => "invalid_request",
            401 => "unauthorized",
            403 => "forbidden",
            404 => "not_found",
            405 => "method_not_allowed",
            _ => "refused",
        };
        Answer::json(status, format!(r#"{{"code":"{code}","message":"Refused."}}"#))
    }

    /// A body of this content type.
    pub fn raw(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Answer::Raw { status, headers, body: body.into() }
    }

    /// The answer with one more header; of no effect on the others than [`Answer::Raw`].
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        if let Answer::Raw { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

/// A scripted answer and the requests it is for.
#[derive(Clone, Debug)]
pub struct Scripted {
    /// The method; empty for any method.
    pub method: String,
    /// Prefix of the path.
    pub path_prefix: String,
    /// Text that the undecoded query contains; empty for any query.
    pub query_contains: String,
    /// How many more requests it is for.
    pub times: usize,
    /// Their outcome.
    pub answer: Answer,
}

impl Scripted {
    /// For the next request whose path starts with `path_prefix`.
    pub fn once(path_prefix: impl Into<String>, answer: Answer) -> Self {
        let (method, query_contains) = (String::new(), String::new());
        let path_prefix = path_prefix.into();
        Scripted { method, path_prefix, query_contains, times: 1, answer }
    }

    /// For this many requests.
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// Only for requests with this method.
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = method.into();
        self
    }

    /// Only for requests whose query contains `text`, as sent.
    pub fn query(mut self, text: impl Into<String>) -> Self {
        self.query_contains = text.into();
        self
    }
}

/// The answer of the first entry that fits, used up by one.
pub(super) fn take(script: &mut [Scripted], ask: &Ask) -> Option<Answer> {
    let fits = |entry: &&mut Scripted| {
        entry.times > 0
            && (entry.method.is_empty() || entry.method == ask.method)
            && ask.path.starts_with(&entry.path_prefix)
            && ask.query.contains(&entry.query_contains)
    };
    let entry = script.iter_mut().find(fits)?;
    entry.times -= 1;
    Some(entry.answer.clone())
}
