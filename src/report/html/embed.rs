//! Embedding data in a page: escapes JSON and hashes scripts, so that data cannot run as code.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

/// JSON for a `<script type="application/json">`: no text in it can end the element, or begin
/// another, and it is JavaScript as well.
///
/// # Errors
/// Never, unless there is a bug.
pub fn json(value: &impl Serialize) -> serde_json::Result<String> {
    let text = serde_json::to_string(value)?;
    let mut safe = String::with_capacity(text.len() + text.len() / 16);
    for character in text.chars() {
        match character {
            // JSON has these characters in strings only, and a string may hold their escapes.
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            other => safe.push(other),
        }
    }
    Ok(safe)
}

/// The Content-Security-Policy of a page: the browser loads nothing from the network, and runs
/// only `scripts`.
pub fn policy(scripts: &[&str], styles: &[&str]) -> String {
    let hashes =
        |sources: &[&str]| sources.iter().map(|text| hash(text)).collect::<Vec<_>>().join(" ");
    format!(
        "default-src 'none'; script-src {}; style-src {}; connect-src 'none'; base-uri 'none'; \
         form-action 'none'",
        hashes(scripts),
        hashes(styles)
    )
}

fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(digest(&SHA256, text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_json_ends_no_element_and_keeps_its_value() {
        let hostile = "</script><!-- & \u{2028}\u{2029} \" \\ \u{202e}";
        let safe = json(&[hostile]).unwrap();
        assert!(!safe.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{safe}");
        let back: Vec<String> = serde_json::from_str(&safe).unwrap();
        assert_eq!(back, [hostile]);
    }

    #[test]
    fn the_policy_names_the_hash_of_every_script() {
        let policy = policy(&["alert('Hello, world.');"], &[]);
        // The example of <https://www.w3.org/TR/CSP2/#script-src-hash-usage>.
        assert!(
            policy.contains("'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"),
            "{policy}"
        );
        assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"));
    }
}
