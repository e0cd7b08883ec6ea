//! Checks the link to the next page. No link is ever followed.

use percent_encoding::percent_decode_str;
use url::Url;

/// Returns the defect of the link `next` on the page at `asked`, if it has one. The text does not
/// show the address, which might hold a secret.
///
/// LaunchDarkly's links are relative to its host. They lack the path of a proxy, which `base` has.
pub fn defect(base: &Url, asked: &Url, next: &str) -> Option<&'static str> {
    let Ok(link) = asked.join(next) else { return Some("it is not a URL") };
    if link.origin() != base.origin() {
        return Some("it leads to another host, port or scheme than the base URI");
    }
    let same = path(base, &link) == path(base, asked) && query(&link) == query(asked);
    same.then_some("it leads back to the same page")
}

/// The path below the path of `base`, decoded.
fn path(base: &Url, url: &Url) -> Vec<u8> {
    let prefix = base.path().trim_end_matches('/');
    let path = url.path().strip_prefix(prefix).filter(|rest| rest.starts_with('/'));
    percent_decode_str(path.unwrap_or(url.path())).collect()
}

/// The query parameters that distinguish pages, sorted. The server may add `summary` and omit an
/// offset of 0.
fn query(url: &Url) -> Vec<(String, String)> {
    let pairs = url.query_pairs().into_owned();
    let matters = |(name, value): &(String, String)| match name.as_str() {
        "limit" | "summary" => false,
        "offset" => value != "0",
        _ => true,
    };
    let mut pairs: Vec<_> = pairs.filter(matters).collect();
    pairs.sort();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: &str = "/api/v2/flags/a%20b?env=x&env=y&filter=state%3Alive&limit=100&offset=100";

    fn of(base: &str, next: &str) -> Option<&'static str> {
        let base = Url::parse(base).unwrap();
        let asked = Url::parse(&format!("{}{ASKED}", base.as_str().trim_end_matches('/'))).unwrap();
        defect(&base, &asked, next)
    }

    #[test]
    fn the_next_page_is_right_behind_a_proxy_too() {
        let next = "/api/v2/flags/a%20b?env=x&env=y&filter=state%3Alive&limit=100&offset=200";
        for base in ["https://app.launchdarkly.com", "https://proxy.example/to/ld"] {
            assert_eq!(of(base, next), None);
        }
        let whole = format!("https://app.launchdarkly.com:443{next}");
        assert_eq!(of("https://app.launchdarkly.com", &whole), None);
        let below = format!("https://proxy.example/to/ld{next}");
        assert_eq!(of("https://proxy.example/to/ld", &below), None);
    }

    #[test]
    fn another_host_port_or_scheme_is_wrong() {
        for next in [
            "https://evil.example/api/v2/flags/x?offset=200",
            "//evil.example/api/v2/flags/x?offset=200",
            "https://app.launchdarkly.com:8443/api/v2/flags/x?offset=200",
            "http://app.launchdarkly.com/api/v2/flags/x?offset=200",
            "javascript:alert(1)",
            "https://app.launchdarkly.com@evil.example/",
        ] {
            let found = of("https://app.launchdarkly.com", next);
            assert!(found.is_some_and(|found| found.contains("another host")), "{next}");
        }
        assert_eq!(of("https://app.launchdarkly.com", "https://:"), Some("it is not a URL"));
    }

    #[test]
    fn the_same_page_is_wrong_however_it_is_written() {
        for next in [
            ASKED,
            "/api/v2/flags/a b?offset=100&summary=true&env=x&env=y&filter=state:live&limit=20",
            "",
        ] {
            for base in ["https://app.launchdarkly.com", "https://proxy.example/to/ld"] {
                let found = of(base, next);
                assert!(found.is_some_and(|found| found.contains("same page")), "{base} {next}");
            }
        }
    }

    #[test]
    fn an_offset_of_0_may_be_left_out() {
        let base = Url::parse("http://localhost:1").unwrap();
        let asked = base.join("/api/v2/tags?limit=1000").unwrap();
        assert!(defect(&base, &asked, "/api/v2/tags?limit=1000&offset=0").is_some());
        assert!(defect(&base, &asked, "/api/v2/tags?limit=1000&offset=1000").is_none());
    }
}
