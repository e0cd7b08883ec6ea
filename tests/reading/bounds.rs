//! Limits on the resources that a server can consume: bytes, items and time; and on the targets of
//! links.

use std::time::Duration;

use crate::support::Run;
use fake_launchdarkly::{Answer, Behaviour, Scripted, company};
use serde_json::{Value, json};

const NOW: i64 = 1_790_000_000_000;
const TAGS: &str = "/api/v2/tags";

fn scripted(prefix: &str, answer: Answer) -> Run {
    let script = vec![Scripted::once(prefix, answer).times(1000)];
    Run::new(company::account(NOW), Behaviour { script, ..Behaviour::default() })
}

/// The error of a run that has no retries, and does not write.
#[track_caller]
fn fails(run: &Run, arguments: &[&str], status: i32, code: &str) -> Value {
    let fixed = ["extract", "--error-format", "json", "--retries", "0"];
    let all: Vec<_> = fixed.iter().chain(arguments).copied().collect();
    let error = run.run(&all).failed(status, code);
    assert!(!run.path("launchdarkly.db").exists());
    error
}

fn text<'v>(error: &'v Value, field: &str) -> &'v str {
    error[field].as_str().unwrap_or_default()
}

#[track_caller]
fn assert_too_large(prefix: &str, answer: Answer) {
    let run = scripted(prefix, answer);
    let error = fails(&run, &["--max-response-mb", "1"], 7, "unexpected_response");
    assert!(text(&error, "message").contains("larger than 1 MB"), "{error}");
    assert!(text(&error, "hint").contains("--max-response-mb"), "{error}");
}

#[test]
fn an_answer_that_is_too_large_is_refused() {
    let long = "a".repeat(1_000_000);
    let body = json!({"items": [&long], "_links": {}}).to_string();
    assert_too_large(TAGS, Answer::json(200, body));
    let body = json!({"accountId": "1", "tokenName": long}).to_string();
    assert_too_large("/api/v2/caller-identity", Answer::json(200, body));
}

#[test]
fn a_small_answer_that_unpacks_to_a_large_one_is_refused() {
    let packed = bomb(br#"{"items":["#, b' ', 4_000_000);
    assert!(packed.len() < 30_000, "{}", packed.len());
    let answer = Answer::raw(200, "application/json", packed);
    assert_too_large(TAGS, answer.with_header("Content-Encoding", "gzip"));
}

#[test]
fn an_answer_as_large_as_allowed_is_read() {
    let blank = " ".repeat(900_000);
    let body = format!(r#"{{"items":["one"{blank}],"totalCount":1,"_links":{{}}}}"#);
    scripted(TAGS, Answer::json(200, body)).extract(&["--max-response-mb", "1"]);
}

#[test]
fn a_page_of_too_many_items_is_refused() {
    let body = json!({"items": vec!["t"; 100_001], "_links": {}}).to_string();
    let error = fails(&scripted(TAGS, Answer::json(200, body)), &[], 7, "unexpected_response");
    assert!(text(&error, "message").contains("100000 items"), "{error}");
    assert_eq!(text(&error, "resource"), "tags");
}

#[test]
fn a_link_to_another_host_or_back_is_never_followed() {
    let asked = {
        let run = Run::new(company::account(NOW), Behaviour::default());
        run.extract(&[]);
        let tags = run.server.requests().into_iter().find(|one| one.path == TAGS).unwrap();
        let pairs: Vec<_> =
            tags.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{TAGS}?{}", pairs.join("&"))
    };
    let other = Run::new(company::account(NOW), Behaviour::default());
    let elsewhere = format!("{}{TAGS}?offset=1&secret=sdk-1234", other.server.base_uri());
    for (href, wrong) in [
        (elsewhere.as_str(), "another host"),
        ("//app.launchdarkly.com/api/v2/tags?offset=1", "another host"),
        (&asked, "same page"),
    ] {
        let links = json!({"next": {"href": href}});
        let body = json!({"items": ["one"], "totalCount": 2, "_links": links}).to_string();
        let run = scripted(TAGS, Answer::json(200, body));
        let error = fails(&run, &[], 7, "unexpected_response");
        let message = text(&error, "message");
        assert!(message.contains(wrong) && message.contains("_links.next"), "{error}");
        assert!(!error.to_string().contains("1234"), "{error}");
        assert_eq!(run.requests("offset"), 0);
    }
    assert!(other.server.requests().is_empty());
}

#[test]
fn an_answer_that_takes_too_long_names_the_option() {
    for option in ["--read-timeout", "--request-timeout"] {
        let run = scripted(TAGS, Answer::Delay(Duration::from_secs(60)));
        let error = fails(&run, &[option, "200ms"], 6, "unavailable");
        assert!(text(&error, "hint").contains(option), "{error}");
    }
}

#[test]
fn a_timeout_of_no_time_is_a_usage_error() {
    let run = Run::new(company::account(NOW), Behaviour::default());
    for option in ["--connect-timeout", "--read-timeout", "--request-timeout"] {
        fails(&run, &[option, "0s"], 2, "usage");
    }
    assert!(run.server.requests().is_empty());
}

/// A gzip file that unpacks to `start`, and then to `byte` at least `times`: one deflate block
/// with fixed codes, its repetitions 13 bits for 258 bytes. Its end is missing.
fn bomb(start: &[u8], byte: u8, times: usize) -> Vec<u8> {
    let mut bits = vec![true, true, false];
    for literal in start.iter().chain([&byte]) {
        assert!(*literal < 144, "others have longer codes");
        push(&mut bits, 0x30 + u32::from(*literal), 8);
    }
    for _ in 0..times.div_ceil(258) {
        // A length of 258, at a distance of 1.
        push(&mut bits, 0b1100_0101, 8);
        push(&mut bits, 0, 5);
    }
    let header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let pack = |bits: &[bool]| {
        bits.iter().enumerate().fold(0, |byte, (place, bit)| byte | u8::from(*bit) << place)
    };
    header.into_iter().chain(bits.chunks(8).map(pack)).collect()
}

/// Huffman codes start with their highest bit.
fn push(bits: &mut Vec<bool>, code: u32, length: u32) {
    bits.extend((0..length).rev().map(|place| code >> place & 1 == 1));
}
