//! One authorised request that writes, in the form that routes receive.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::MultiGzDecoder;
use serde_json::Value;

use crate::account::{Account, ApiVersion, Token};
use crate::ask::{Ask, LARGEST_BODY};
use crate::call::{Call, Query, Refusal};
use crate::fragments::Stored;
use crate::{Behaviour, Family};

/// The answer to a write that was carried out.
#[derive(Debug)]
pub(crate) struct Done {
    /// Status code.
    pub status: u16,
    /// Headers beside those that every answer has.
    pub headers: Vec<(&'static str, String)>,
    /// JSON, or nothing.
    pub body: String,
}

impl Done {
    /// 200.
    pub fn ok(body: impl Into<String>) -> Self {
        Done::new(200, body)
    }

    /// 204, without a body.
    pub fn empty() -> Self {
        Done::new(204, "")
    }

    /// This status and body.
    pub fn new(status: u16, body: impl Into<String>) -> Self {
        Done { status, headers: Vec::new(), body: body.into() }
    }

    /// The answer with one more header.
    pub fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// The answer to a write, or why it was not carried out.
pub(crate) type WriteOutcome = Result<Done, Refusal>;

/// One authorised request to a route that writes.
pub(crate) struct WriteCall<'a> {
    /// The family of the route.
    pub family: Family,
    /// The account with its rendered parts.
    pub stored: &'a mut Stored,
    /// The switches.
    pub behaviour: &'a Behaviour,
    /// The token of the request.
    pub token: &'a Token,
    /// The request as it arrived.
    pub ask: &'a Ask,
    /// The decoded path segments that match the pattern's braces.
    pub arguments: &'a [String],
    /// The decoded query.
    pub query: &'a Query,
}

impl WriteCall<'_> {
    /// The same request with other arguments, for what it is about in the end.
    pub fn about<'b>(&'b mut self, family: Family, arguments: &'b [String]) -> WriteCall<'b> {
        let WriteCall { behaviour, token, ask, query, .. } = *self;
        WriteCall { family, stored: self.stored, behaviour, token, ask, arguments, query }
    }

    /// The same request as one that reads.
    pub fn reading(&self) -> Call<'_> {
        let version = self.ask.api_version.as_deref().map(ApiVersion::parse);
        Call {
            family: self.family,
            stored: self.stored,
            behaviour: self.behaviour,
            token: self.token,
            version: version.unwrap_or(self.token.default_version),
            path: &self.ask.path,
            arguments: self.arguments,
            query: self.query,
        }
    }

    /// The argument in the pattern's braces with this position.
    pub fn argument(&self, position: usize) -> &str {
        self.arguments.get(position).map_or("", String::as_str)
    }

    /// The account.
    pub fn account(&self) -> &Account {
        &self.stored.account
    }

    /// Refuses a token that may not perform `action`.
    pub fn permit(&self, action: &str) -> Result<(), Refusal> {
        if self.token.profile.allows(action) {
            return Ok(());
        }
        Err(Refusal::documented(self.behaviour.writes.denied_status))
    }

    /// The position of the project that the path's first argument names, if the token may see it.
    pub fn project(&self) -> Result<usize, Refusal> {
        self.project_named(self.argument(0))
    }

    /// The position of the project with this key, if the token may see it.
    pub fn project_named(&self, key: &str) -> Result<usize, Refusal> {
        if self.token.profile.hidden_projects.contains(key) {
            return Err(Refusal::documented(403));
        }
        let position = self.account().projects.iter().position(|project| project.key == key);
        position.ok_or_else(|| Refusal::documented(404))
    }

    /// Refuses a project or an environment that is not there, by the path's first two arguments.
    pub fn place(&self) -> Result<(), Refusal> {
        let project = &self.account().projects[self.project()?];
        match project.environment(self.argument(1)) {
            Some(_) => Ok(()),
            None => Err(Refusal::documented(404)),
        }
    }

    /// The body, decompressed.
    pub fn body(&self) -> Result<Cow<'_, [u8]>, Refusal> {
        let sent = self.ask.body.as_deref().unwrap_or_default();
        match self.ask.encoding.as_deref() {
            None | Some("identity") => Ok(Cow::Borrowed(sent)),
            Some("gzip") => unpacked(sent).map(Cow::Owned),
            Some(other) => Err(Refusal::invalid(format!("unknown content encoding {other}"))),
        }
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value, Refusal> {
        serde_json::from_slice(&self.body()?)
            .map_err(|error| Refusal::invalid(format!("the body is not JSON: {error}")))
    }
}

fn unpacked(packed: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let most = LARGEST_BODY as u64 + 1;
    MultiGzDecoder::new(packed)
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(|_| Refusal::invalid("the body is not gzip"))?;
    if bytes.len() > LARGEST_BODY { Err(Refusal::documented(413)) } else { Ok(bytes) }
}
