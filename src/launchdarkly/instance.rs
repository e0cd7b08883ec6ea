//! The address of the API: one of LaunchDarkly's three instances, or another base URI.

use clap::ValueEnum;
use url::{Host, Url};

use crate::error::redact;
use crate::{Error, Result};

/// A LaunchDarkly instance: <https://launchdarkly.com/docs/home/infrastructure/eu>.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Instance {
    /// app.launchdarkly.com
    #[default]
    Commercial,
    /// app.eu.launchdarkly.com
    Eu,
    /// app.launchdarkly.us
    Federal,
}

impl Instance {
    /// The address of the instance's API.
    pub const fn base_uri(self) -> &'static str {
        match self {
            Instance::Commercial => "https://app.launchdarkly.com",
            Instance::Eu => "https://app.eu.launchdarkly.com",
            Instance::Federal => "https://app.launchdarkly.us",
        }
    }

    /// The address of the instance's events host, which takes metric events.
    pub const fn events_uri(self) -> &'static str {
        match self {
            Instance::Commercial => "https://events.launchdarkly.com",
            Instance::Eu => "https://events.eu.launchdarkly.com",
            Instance::Federal => "https://events.launchdarkly.us",
        }
    }
}

/// The address of LaunchDarkly's own pages about the account whose API is at `base_uri`. They are on
/// the same host; behind a proxy, they are those of `instance`.
pub fn web_address(base_uri: &str, instance: Instance) -> &'static str {
    let host = |address: &str| Url::parse(address).ok()?.host_str().map(str::to_owned);
    let mut instances = Instance::value_variants().iter().map(|instance| instance.base_uri());
    let known = instances.find(|address| host(address) == host(base_uri));
    known.unwrap_or(instance.base_uri())
}

/// Parses an address to which the token may be sent: with https, or with http on this machine and on
/// the hosts of `plain`.
///
/// # Errors
/// `usage` for any other text.
pub fn parse_base_uri(text: &str, plain: &[String]) -> Result<Url> {
    let shown = redact::value(text);
    let refuse = |reason: &str| Err(Error::usage(format!("the base URI `{shown}` {reason}")));
    let Ok(mut url) = Url::parse(text) else {
        return refuse("is not a URL such as https://app.launchdarkly.com");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::usage("the base URI must not contain a user name or password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("must not have a query or a fragment");
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) || is_named(&url, plain) => {}
        "http" => return refuse("must use https: http would send the access token unencrypted"),
        _ => return refuse("must start with https://"),
    }
    // A common mistake is to include the API's own prefix.
    let path = url.path().trim_end_matches('/').trim_end_matches("/api/v2").to_owned();
    url.set_path(&path);
    Ok(url)
}

/// Whether the host of `url` is one of `hosts`.
fn is_named(url: &Url, hosts: &[String]) -> bool {
    url.host_str().is_some_and(|host| hosts.iter().any(|one| one.eq_ignore_ascii_case(host)))
}

/// Whether `url` is an address of this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instance_has_its_own_hosts() {
        for (instance, api, events) in [
            (Instance::Commercial, "app.launchdarkly.com", "events.launchdarkly.com"),
            (Instance::Eu, "app.eu.launchdarkly.com", "events.eu.launchdarkly.com"),
            (Instance::Federal, "app.launchdarkly.us", "events.launchdarkly.us"),
        ] {
            assert_eq!(instance.base_uri(), format!("https://{api}"));
            assert_eq!(instance.events_uri(), format!("https://{events}"));
            assert_eq!(
                web_address(instance.base_uri(), Instance::Federal),
                format!("https://{api}")
            );
            assert_eq!(web_address("http://127.0.0.1:1", instance), format!("https://{api}"));
            let name = instance.to_possible_value().unwrap();
            let row = format!("| `{}` | `https://{api}` | `https://{events}` |", name.get_name());
            assert!(include_str!("../../docs/permissions.md").contains(&row), "{row}");
        }
    }

    #[test]
    fn only_https_and_loopback_are_accepted() {
        for good in [
            "https://app.launchdarkly.us/",
            "http://127.0.0.1:8",
            "http://localhost:1",
            "http://[::1]:3",
        ] {
            assert!(parse_base_uri(good, &[]).is_ok(), "{good}");
        }
        let prefixed = parse_base_uri("https://app.launchdarkly.com/api/v2/", &[]).unwrap();
        assert_eq!(prefixed.as_str(), "https://app.launchdarkly.com/");
        for bad in [
            "http://example.com",
            "ftp://localhost",
            "app.launchdarkly.com",
            "https://u:p@h",
            "https://h?a=b",
        ] {
            assert!(parse_base_uri(bad, &[]).is_err(), "{bad}");
        }
    }

    #[test]
    fn http_is_for_hosts_that_are_named() {
        let plain = ["gateway.internal".to_owned(), "[fd00::1]".to_owned()];
        for good in
            ["http://gateway.internal:8080", "http://GATEWAY.internal", "http://[fd00::1]:1"]
        {
            assert!(parse_base_uri(good, &plain).is_ok(), "{good}");
        }
        for bad in ["http://internal", "http://a.gateway.internal", "ftp://gateway.internal"] {
            assert!(parse_base_uri(bad, &plain).is_err(), "{bad}");
        }
    }
}
