//! A whole answer, for requests whose status and headers matter as well as the body.

use reqwest::header::{HeaderMap, LOCATION};
use serde::de::DeserializeOwned;

use super::json_stream::defect::decode;
use super::request::Request;
use crate::{Error, Result};

/// An answer that says that a request succeeded.
#[derive(Debug)]
pub struct Reply {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// The HTTP status, from 200 to 299.
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The body, decompressed. It is empty for status 204.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The header `Location`, which names what a request has created.
    pub fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION)?.to_str().ok()
    }

    /// Decodes the body of the answer to `request`.
    ///
    /// # Errors
    /// `unexpected_response` if the body is not what `T` expects. The request was carried out all
    /// the same.
    pub fn decode<T: DeserializeOwned>(&self, request: &Request) -> Result<T> {
        decode(&self.body).map_err(|defect| {
            let error = Error::unexpected(request.resource, &defect.path, &defect.reason);
            error.status(self.status)
        })
    }
}
