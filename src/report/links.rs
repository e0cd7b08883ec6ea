//! Links to the pages of flags in LaunchDarkly.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::launchdarkly::instance::{Instance, web_address};

/// What is escaped in a key: all but the characters that keys consist of.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// The address of a flag, with `{project_key}` and `{flag_key}` in it.
pub fn flag_url(base_url: &str) -> String {
    let address = web_address(base_url, Instance::Commercial);
    format!("{address}/projects/{{project_key}}/flags/{{flag_key}}")
}

/// The address of one flag, from that of any flag.
pub fn of_flag(flag_url: &str, project_key: &str, flag_key: &str) -> String {
    flag_url
        .replace("{project_key}", &encoded(project_key))
        .replace("{flag_key}", &encoded(flag_key))
}

/// An address that leads to a page, for HTML and Markdown; none if it has another scheme, such as
/// `javascript:`.
pub fn of_page(address: &str) -> Option<String> {
    let address =
        Url::parse(address).ok().filter(|one| ["http", "https"].contains(&one.scheme()))?;
    // Parentheses would end a link in Markdown.
    Some(address.as_str().replace('(', "%28").replace(')', "%29"))
}

/// A key or an ID in a fragment of an address.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_instance_that_was_read() {
        for (base_url, address) in [
            ("https://app.launchdarkly.com/", "https://app.launchdarkly.com"),
            ("https://app.eu.launchdarkly.com", "https://app.eu.launchdarkly.com"),
            ("https://app.launchdarkly.us/", "https://app.launchdarkly.us"),
            ("http://127.0.0.1:4000/", "https://app.launchdarkly.com"),
            ("javascript:alert(1)", "https://app.launchdarkly.com"),
        ] {
            let expected = format!("{address}/projects/{{project_key}}/flags/{{flag_key}}");
            assert_eq!(flag_url(base_url), expected, "{base_url}");
        }
    }

    #[test]
    fn only_addresses_of_pages_are_links() {
        let page = "https://git.example/shop/a.rs#L3";
        assert_eq!(of_page(page).as_deref(), Some(page));
        let escaped = of_page("http://git.example/a (1)/<b>").unwrap();
        assert_eq!(escaped, "http://git.example/a%20%281%29/%3Cb%3E");
        for other in ["javascript:alert(1)", "data:text/html,a", "shop/a.rs", ""] {
            assert_eq!(of_page(other), None, "{other}");
        }
    }
}
