//! One request: what is asked, and for which resource.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Position, Url};

use crate::{Error, Result};

/// What a key may not stand for itself in, as a segment of a path. Tabs and line ends are among
/// it: a URL's own parser drops them.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b':')
    .remove(b'@');

/// A GET request to the API.
#[derive(Clone, Debug)]
pub struct Request {
    /// The resource it is for, as errors name it.
    pub resource: &'static str,
    /// The permission the endpoint needs, as errors name it.
    pub permission: &'static str,
    /// The endpoint's pattern: requests that share it share a rate limit.
    pub route: &'static str,
    segments: Vec<String>,
    query: Vec<(Cow<'static, str>, String)>,
    counter: Option<Arc<AtomicU64>>,
    /// Whether the endpoint is in beta.
    pub is_beta: bool,
    /// Whether a run may leave the resource out.
    pub is_optional: bool,
}

impl Request {
    /// A request to `route`, whose `{…}` parts are filled with `keys` in order.
    pub fn new(
        resource: &'static str,
        permission: &'static str,
        route: &'static str,
        keys: &[&str],
    ) -> Self {
        let mut keys = keys.iter();
        let fill = |part: &str| match part.starts_with('{') {
            true => keys.next().copied().unwrap_or_default().to_owned(),
            false => part.to_owned(),
        };
        let segments = route.split('/').filter(|part| !part.is_empty()).map(fill).collect();
        Request {
            resource,
            permission,
            route,
            segments,
            query: Vec::new(),
            counter: None,
            is_beta: false,
            is_optional: true,
        }
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl ToString) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Says that nothing can be read without the resource.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.is_optional = false;
        self
    }

    /// Asks for the shape of endpoints in beta, which answer 403 to any other.
    #[must_use]
    pub fn beta(mut self) -> Self {
        self.is_beta = true;
        self
    }

    /// Counts every attempt at this request in `counter`.
    #[must_use]
    pub fn counted(mut self, counter: &Arc<AtomicU64>) -> Self {
        self.counter = Some(Arc::clone(counter));
        self
    }

    /// What is asked, without the host: two requests with the same target are the same.
    ///
    /// # Errors
    /// As [`Self::url`].
    pub fn target(&self) -> Result<String> {
        let nowhere = Url::parse("http://localhost")
            .map_err(|error| Error::unexpected(self.resource, "", error))?;
        let url = self.url(&nowhere)?;
        Ok(url[Position::BeforePath..].to_owned())
    }

    /// Notes one attempt.
    pub fn count(&self) {
        if let Some(counter) = &self.counter {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The whole address, every key percent-encoded.
    ///
    /// # Errors
    /// When a key is `.` or `..`, which no URL can carry as a segment of its own.
    pub fn url(&self, base: &Url) -> Result<Url> {
        if let Some(dots) = self.segments.iter().find(|part| matches!(part.as_str(), "." | "..")) {
            return Err(Error::unexpected(self.resource, "key", format!("a key is `{dots}`")));
        }
        let mut url = base.clone();
        let encoded =
            self.segments.iter().map(|part| utf8_percent_encode(part, SEGMENT).to_string());
        let path = encoded.collect::<Vec<_>>().join("/");
        url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        Ok(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_filters_are_encoded() {
        let request =
            Request::new("flags", "viewProject", "/api/v2/flags/{project}", &["a/b %?\"'"])
                .with("filter", "state:archived,creationDate:{\"before\":5}")
                .with("env", "x")
                .with("env", "y&z");
        let url = request.url(&Url::parse("http://localhost:1/proxy").unwrap()).unwrap();
        assert_eq!(
            url.as_str(),
            "http://localhost:1/proxy/api/v2/flags/a%2Fb%20%25%3F%22'?filter=state%3Aarchived%2C\
             creationDate%3A%7B%22before%22%3A5%7D&env=x&env=y%26z"
        );
    }

    #[test]
    fn nothing_in_a_key_is_lost_and_none_climbs() {
        for (key, segment) in [
            ("new\nline\t\r\0", "new%0Aline%09%0D%00"),
            (".\n.", ".%0A."),
            ("\t..", "%09.."),
            ("%2e%2E", "%252e%252E"),
            ("../..", "..%2F.."),
            ("..\\", "..%5C"),
            ("", ""),
        ] {
            let request = Request::new("flags", "", "/api/v2/flags/{project}/{flag}", &[key, "x"]);
            let url = request.url(&Url::parse("http://localhost/").unwrap()).unwrap();
            assert_eq!(url.path(), format!("/api/v2/flags/{segment}/x"), "{key:?}");
        }
    }

    #[test]
    fn a_key_that_would_climb_is_refused() {
        let request = Request::new("flags", "", "/api/v2/flags/{project}", &[".."]);
        assert!(request.url(&Url::parse("http://localhost").unwrap()).is_err());
        let request = Request::new("flags", "", "/api/v2/flags/{project}", &["..x"]);
        let url = request.url(&Url::parse("http://localhost").unwrap()).unwrap();
        assert_eq!(url.path(), "/api/v2/flags/..x");
    }
}
