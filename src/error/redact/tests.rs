//! Secrets are masked, and other text stays.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;

#[test]
fn user_information_is_masked_and_the_host_stays() {
    for (given, masked) in [
        ("postgres://u:pw@host/db", "postgres://***@host/db"),
        ("postgres://u:p@ss@host", "postgres://***@host"),
        ("postgres://u:p/a?b#c@host", "postgres://***@host"),
        ("postgres://u:a//b@host", "postgres://***@host"),
        ("postgres://u:%70%77@host", "postgres://***@host"),
        ("postgres%3A%2F%2Fu%3Apw%40host", "postgres://***@host"),
        ("postgres%253A%252F%252Fu%253Apw%2540host", "postgres://***@host"),
        ("parquet:s3://key:pw@bucket/prefix", "parquet:s3://***@bucket/prefix"),
        ("jdbc:postgresql://u:pw@host/db", "jdbc:postgresql://***@host/db"),
        ("--output=postgres://u:pw@host", "--output=postgres://***@host"),
        ("https://token@host", "https://***@host"),
        ("scheme:u:pw@host", "***@host"),
        ("scheme:u:a//b@host", "***@host"),
        ("sqlite:u:pw@host", "sqlite:***@host"),
        ("u:pw@host:8080", "***@host:8080"),
        ("//u:pw@h", "//***@h"),
        ("http:/u:pw@host", "***@host"),
        ("parquet:s3://u:pw", "parquet:s3://***"),
        ("delta:s3://u:pw", "delta:s3://***"),
        ("postgres://u:12pw/x", "postgres://***"),
        ("http://u:p w@host", "http://***@host"),
    ] {
        assert_eq!(value(given), masked, "{given}");
    }
}

#[test]
fn secret_fields_are_masked_to_the_end_of_a_value() {
    for (given, masked) in [
        (
            "postgres://host/db?sslmode=on&password=pw&x=1",
            "postgres://host/db?sslmode=on&password=***",
        ),
        ("postgres://host/db?sslpassword=pw", "postgres://host/db?sslpassword=***"),
        ("https://host?token=pw", "https://host?token=***"),
        ("host=h user=u password=pw dbname=d", "host=h user=u password=***"),
        ("host=h PASSWORD = 'p w'", "host=h PASSWORD =***"),
        ("Server=h;Pwd=pw;Encrypt=on", "Server=h;Pwd=***"),
        ("--access-token=pw", "--access-token=***"),
        (
            "https://h.blob.core.windows.net/c?sv=1&sig=pw",
            "https://h.blob.core.windows.net/c?sv=1&sig=***",
        ),
    ] {
        assert_eq!(value(given), masked, "{given}");
    }
}

#[test]
fn tokens_and_keys_are_masked() {
    let key = "api-12345678-abcd-1234-abcd-1234567890ab";
    assert_eq!(value(key), "***");
    assert_eq!(value(&format!("--token {key}, x")), "--token ***, x");
}

#[test]
fn text_without_secrets_stays() {
    for text in [
        "",
        "sqlite:launchdarkly.db",
        "/data/flags@2026.db",
        "parquet:lake@v1",
        "parquet:s3://bucket/prefix@v1",
        "https://app.launchdarkly.com:443/x",
        "http://[::1]:80",
        "postgres://***@host:x",
        "bob@example.com",
        "api-gateway",
        "--concurrency=8",
        "--access-token-file=/run/token",
        "100% of a=b",
    ] {
        assert_eq!(value(text), text);
        assert_eq!(super::text(text), text);
    }
}

#[test]
fn secrets_are_masked_inside_a_sentence() {
    for (given, masked) in [
        (
            "could not reach (http://u:p(w@host/x): refused, see https://host/y",
            "could not reach (http://u:p(w@host/x): refused, see https://host/y",
        ),
        ("`postgres://u:pw@host` is no output", "`postgres://***@host` is no output"),
        ("invalid value 'host=h password=pw' for x", "invalid value 'host=h password=*** for x"),
        ("a password='p w' and token=\"x y\" end", "a password=*** and token=*** end"),
        (
            r#"{"message":"http://u:pw@host","level":"x"}"#,
            r#"{"message":"http://***@host","level":"x"}"#,
        ),
    ] {
        let expected = masked.replace("u:p(w@", "***@");
        assert_eq!(text(given), expected, "{given}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 512,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// With any surroundings and any characters.
    #[test]
    fn a_password_never_appears(
        before in "[ -~]{0,6}", after in "[ -~]{0,6}", tail in "(/db|:5432/db\\?a=b|)", form in 0usize..9,
    ) {
        let secret = "QqZzQq";
        let password = format!("{before}{secret}{after}");
        let escaped = utf8_percent_encode(&password, NON_ALPHANUMERIC).to_string();
        let given = match form {
            0 => format!("postgres://user:{password}@host{tail}"),
            1 => format!("postgres://user:{escaped}@host{tail}"),
            2 => format!("parquet:s3://user:{password}@host{tail}"),
            3 => format!("scheme:user:{password}@host{tail}"),
            4 => format!("//user:{password}@host{tail}"),
            5 => format!("https://host{tail}?password={password}"),
            6 => format!("host=h sslpassword={password} dbname=d"),
            7 => format!("host=h password='{password}' dbname=d"),
            _ => format!("user:{password}@host{tail}"),
        };
        let masked = value(&given);
        prop_assert!(!masked.contains(secret), "{given} -> {masked}");
        let whole = utf8_percent_encode(&given, NON_ALPHANUMERIC).to_string();
        prop_assert!(!value(&whole).contains(secret), "{whole}");
    }

    #[test]
    fn a_password_never_appears_in_a_sentence(
        before in "[!#-&(-~]{0,6}", after in "[!#-&(-~]{0,6}", form in 0usize..5,
    ) {
        let secret = "QqZzQq";
        let password = format!("{before}{secret}{after}");
        let quoted = match form {
            0 => format!("`postgres://user:{password}@host/db`"),
            1 => format!("(https://user:{password}@host/db)"),
            2 => format!("'user:{password}@host'"),
            3 => format!("https://host/?sslpassword={password}"),
            _ => format!("x:user:{password}@host"),
        };
        let masked = text(&format!("could not open {quoted}: no such file"));
        prop_assert!(!masked.contains(secret), "{quoted} -> {masked}");
        prop_assert!(masked.ends_with("no such file"));
    }

    #[test]
    fn no_text_causes_a_panic(given in any::<String>()) {
        let _ = (value(&given), text(&given));
    }
}
