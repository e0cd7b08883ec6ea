//! The object around a list, and what is left of it when its items are read.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::launchdarkly::lenient::bounded::present;

/// The object around every list of LaunchDarkly.
///
/// `totalCount` is optional in nearly every schema, and links to pages that do not exist are
/// absent: <https://launchdarkly.com/docs/api>.
#[derive(Debug, Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
pub struct Envelope<T> {
    /// Items that were not read while streaming.
    #[serde(default, deserialize_with = "present")]
    pub(super) items: Option<Vec<T>>,
    /// The number of items over all pages.
    #[serde(rename = "totalCount", alias = "total_count", default)]
    pub total_count: Option<i64>,
    #[serde(rename = "_links", default)]
    pub(super) links: Option<Links>,
}

/// Links to the neighbouring pages, relative to the host.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Links {
    pub(super) next: Option<Link>,
}

/// One link.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Link {
    /// Its address.
    #[serde(default)]
    pub href: Option<String>,
}

/// The end of a list: the remaining items, and the fields of the envelope.
#[derive(Debug)]
pub struct End<T> {
    /// The items that [`PageReader::push`](super::page::PageReader::push) has not returned.
    pub items: Vec<T>,
    /// The number of items over all pages, if the server tells it.
    pub total_count: Option<i64>,
    /// The link to the next page, if there is one.
    pub next: Option<String>,
    /// Whether the body had a field `items`.
    pub has_items: bool,
    /// Whether the body had a field `_links`.
    pub has_links: bool,
    /// The size of the body, decompressed.
    pub bytes: u64,
}
