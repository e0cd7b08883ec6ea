//! Shapes that several resources share, and the liberties the API takes with them.

use std::fmt::{self, Formatter};

use serde::de::{Error, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::launchdarkly::lenient::bounded::list;
use crate::launchdarkly::lenient::{Identifier, object};
use crate::launchdarkly::lenient::{parse_time, without_credentials};
use crate::model::table::Lenient;

/// A list inside an item. It may be only the first page of a longer list.
#[derive(Debug, Deserialize, Serialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub struct Nested<T> {
    /// The items that this page holds.
    #[serde(default, deserialize_with = "list")]
    pub items: Vec<T>,
    /// The number of items in the whole list, if the server reports it.
    #[serde(rename = "totalCount")]
    pub total_count: Option<i64>,
    /// Links that do not have the documented form are ignored; the count tells whether more follow.
    #[serde(rename = "_links", default, deserialize_with = "object")]
    links: Option<NestedLinks>,
}

#[derive(Debug, Default, Deserialize, Serialize)]
struct NestedLinks {
    #[serde(default, deserialize_with = "object")]
    next: Option<LenientLink>,
}

/// A link that is optional: another type than the documented one counts as no link.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct LenientLink {
    /// The address that it points to.
    pub(super) href: Option<Lenient<String>>,
}

impl<T> Nested<T> {
    /// A list about which nothing is known, because the server did not expand it.
    pub fn unknown() -> Self {
        Nested { items: Vec::new(), total_count: None, links: None }
    }

    /// The link to the list's next page, if there is one.
    pub fn next(&self) -> Option<&str> {
        let href = self.links.as_ref()?.next.as_ref()?.href.as_ref()?;
        href.value().map(String::as_str)
    }

    /// Whether the page is known to be the whole list. Without a count it is not known.
    pub fn is_complete(&self) -> bool {
        let count = length(self.items.len());
        self.next().is_none() && self.total_count.is_some_and(|total| count >= total)
    }
}

/// A member as other objects mention one: only ID and email address.
#[derive(Debug, Deserialize)]
pub struct MemberMention {
    #[serde(rename = "_id")]
    pub(super) id: Option<Lenient<Identifier>>,
    pub(super) email: Option<Lenient<Identifier>>,
}

/// A member of a list of members.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberSummary {
    /// Empty where the list entry names no member.
    #[serde(rename = "_id")]
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) email: Lenient<Identifier>,
    pub(crate) first_name: Option<Lenient<String>>,
    pub(crate) last_name: Option<Lenient<String>>,
    #[serde(default)]
    pub(crate) role: Lenient<String>,
}

/// A length as the value of a column.
pub fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Reads only the length of a list. Such lists can name thousands of end users, who must not be
/// stored.
///
/// `null` counts as an empty list; a missing list is `None`.
pub fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    deserializer.deserialize_option(CountVisitor).map(Some)
}

struct CountVisitor;

impl<'de> Visitor<'de> for CountVisitor {
    type Value = i64;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_none<E>(self) -> Result<i64, E> {
        Ok(0)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<i64, D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<i64, A::Error> {
        let mut count = 0;
        while elements.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(count)
    }
}

/// Reads a URL without user info, query and fragment, because they may hold credentials.
///
/// A text that is not such a URL is dropped, because its credentials cannot be located.
pub fn bare_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.and_then(|text| without_credentials(&text)))
}

/// Reads a list as JSON, digit for digit; `null` is an empty one.
///
/// # Errors
/// When the value is not a list.
pub fn json_list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<RawValue>, D::Error> {
    let json = Box::<RawValue>::deserialize(deserializer)?;
    if json.get().starts_with(['[', 'n']) {
        return Ok(json);
    }
    Err(D::Error::custom("expected a list"))
}

/// A value the API omits where it is `null`.
pub fn null() -> Box<RawValue> {
    RawValue::NULL.to_owned()
}

/// The only times that are text are those of flag statuses; others are epoch milliseconds.
///
/// Never requested is `null`, absent, empty, or Go's zero time.
pub fn text_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    parse_time(&text).ok_or_else(|| D::Error::custom("not an ISO 8601 time"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::launchdarkly::lenient::bounded::LONGEST_LIST;

    #[test]
    fn times_are_read_in_every_form_the_api_writes() {
        #[derive(Deserialize)]
        struct Item {
            #[serde(default, deserialize_with = "text_time")]
            at: Option<i64>,
        }
        let at = |body: &str| serde_json::from_str::<Item>(body).map(|item| item.at).ok();
        assert_eq!(at(r#"{"at":"2020-02-05T18:17:01.514Z"}"#), Some(Some(1_580_926_621_514)));
        assert_eq!(
            at(r#"{"at":"2020-02-05 18:17:01.514000+00:00"}"#),
            Some(Some(1_580_926_621_514))
        );
        assert_eq!(at(r#"{"at":"2020-02-05T19:17:01+01:00"}"#), Some(Some(1_580_926_621_000)));
        for never in [r"{}", r#"{"at":null}"#, r#"{"at":""}"#, r#"{"at":"0001-01-01T00:00:00Z"}"#] {
            assert_eq!(at(never), Some(None), "{never}");
        }
        assert_eq!(at(r#"{"at":"yesterday"}"#), None);
    }

    #[test]
    fn a_list_is_counted_without_being_kept() {
        #[derive(Deserialize)]
        struct Item {
            #[serde(default, deserialize_with = "count")]
            included: Option<i64>,
        }
        let count = |body: &str| serde_json::from_str::<Item>(body).map(|item| item.included);
        assert_eq!(count("{}").unwrap(), None);
        assert_eq!(count(r#"{"included":null}"#).unwrap(), Some(0));
        assert_eq!(count(r#"{"included":[]}"#).unwrap(), Some(0));
        assert_eq!(count(r#"{"included":["a\u0000","b",{"c":[1,2]}]}"#).unwrap(), Some(3));
        let many = format!(r#"{{"included":["0"{}]}}"#, r#","0""#.repeat(LONGEST_LIST));
        assert_eq!(count(&many).unwrap(), Some(100_001));
        assert!(count(r#"{"included":"a"}"#).is_err());
        assert!(count(r#"{"included":["a""#).is_err());
    }

    #[test]
    fn urls_lose_what_may_be_a_credential() {
        for (url, bare) in [
            ("https://u:p@git.example/a/b?token=t#access_token=t", Some("https://git.example/a/b")),
            ("https://t@git.example:8443/a", Some("https://git.example:8443/a")),
            ("https://u:p\\@git.example/a", None),
            ("https://git.example/c/${sha}", Some("https://git.example/c/${sha}")),
            ("https://git.example/${path}?at=${sha}#L1", Some("https://git.example/${path}")),
            ("ssh://git@git.example/a.git", Some("ssh://git.example/a.git")),
            ("git@git.example:a/b.git", None),
            ("data:text/plain,secret", None),
            ("javascript:secret", None),
            ("file:///home/me", None),
            ("not a url", None),
            ("", None),
        ] {
            assert_eq!(without_credentials(url).as_deref(), bare, "{url}");
        }
    }

    #[test]
    fn a_list_has_an_end() {
        #[derive(Deserialize)]
        struct Item {
            #[serde(default, deserialize_with = "list")]
            tags: Vec<u8>,
        }
        let count = |body: &str| serde_json::from_str::<Item>(body).map(|item| item.tags.len());
        let zeros = |count: usize| format!("{{\"tags\":[0{}]}}", ",0".repeat(count - 1));
        assert_eq!(count("{}").unwrap(), 0);
        assert_eq!(count(r#"{"tags":null}"#).unwrap(), 0);
        assert_eq!(count(&zeros(LONGEST_LIST)).unwrap(), LONGEST_LIST);
        let error = count(&zeros(LONGEST_LIST + 1)).unwrap_err();
        assert!(error.is_data() && error.to_string().contains("100000 elements"), "{error}");
        assert!(count(r#"{"tags":{}}"#).unwrap_err().to_string().contains("expected a list"));
    }
}
