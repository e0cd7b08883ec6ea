//! Links to the pages of flags in LaunchDarkly.

use crate::launchdarkly::instance::{Instance, web_address};

/// The address of a flag, with `{project_key}` and `{flag_key}` in it.
pub fn flag_url(base_url: &str) -> String {
    let address = web_address(base_url, Instance::Commercial);
    format!("{address}/projects/{{project_key}}/flags/{{flag_key}}")
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
}
