//! A field whose type differs from the documentation: a required field ends the run; any other is
//! NULL and reported.

use fake_launchdarkly::account::Account;
use fake_launchdarkly::{Answer, Behaviour, Scripted};

use crate::support::Run;

/// An account whose one member is `fields`.
fn run_with(fields: &str) -> Run {
    let item = format!(r#"{{"_id":"m1","_pendingInvite":false,"role":"reader"{fields}}}"#);
    let body = format!(r#"{{"items":[{item}],"totalCount":1,"_links":{{}}}}"#);
    let script = vec![Scripted::once("/api/v2/members", Answer::json(200, body)).times(1000)];
    let account = Account::new(jiff::Timestamp::now().as_millisecond());
    Run::new(account, Behaviour { script, ..Behaviour::default() })
}

const MEMBERS: [&str; 2] = ["--resources", "members"];

#[test]
fn a_value_that_decides_nothing_is_null_and_told_once() {
    let run = run_with(r#","email":"a@example.com","firstName":7,"version":1e300"#);
    let ended = run.extract(&MEMBERS);
    let nulls: i64 =
        run.value("SELECT count(*) FROM members WHERE first_name IS NULL AND version IS NULL");
    assert_eq!(nulls, 1);
    let detail: String =
        run.value("SELECT detail FROM extraction_resources WHERE resource = 'members'");
    for column in ["members.first_name", "members.version"] {
        assert!(
            detail.contains(&format!("{column}: 1 value is not of the documented")),
            "{detail}"
        );
        assert_eq!(ended.stderr.matches(column).count(), 1, "{}", ended.stderr);
    }
}

#[test]
fn a_value_that_decides_ends_the_run_with_its_path() {
    let run = run_with(r#","_verified":7"#);
    let ended = run.run(&[&["extract"], &MEMBERS[..]].concat());
    assert_eq!(ended.status, 7, "{}", ended.stderr);
    assert!(ended.stderr.contains("items[0]._verified"), "{}", ended.stderr);
    assert!(!run.path("launchdarkly.db").exists(), "nothing is published");
}

#[test]
fn an_empty_identifier_and_a_time_of_zero_are_not_set() {
    let run = run_with(r#","email":"a@example.com","creationDate":0,"_lastSeen":0"#);
    run.extract(&MEMBERS);
    let unset: i64 =
        run.value("SELECT count(*) FROM members WHERE created_at IS NULL AND last_seen_at IS NULL");
    assert_eq!(unset, 1);
}
