//! Links to the pages of flags in LaunchDarkly.

use clap::ValueEnum;
use url::Url;

use crate::launchdarkly::instance::Instance;

/// The address of a flag, with `{project_key}` and `{flag_key}` in it. The pages of an account are
/// on the host of its API; behind a proxy, the commercial instance is assumed.
pub fn flag_url(base_url: &str) -> String {
    let instances = Instance::value_variants().iter().map(|instance| instance.base_uri());
    let host = |address: &str| Url::parse(address).ok()?.host_str().map(str::to_owned);
    let known = instances.into_iter().find(|address| host(address) == host(base_url));
    let address = known.unwrap_or(Instance::Commercial.base_uri());
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
