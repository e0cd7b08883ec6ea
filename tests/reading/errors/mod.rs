//! Every code can be reached, says what to do, and leaves the previous data alone.

mod arguments;
mod proxies;

use crate::support::{Ended, Run, ended};
use fake_launchdarkly::account::{READER_TOKEN, Token};
use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Answer, Behaviour, Family, Scripted, company};
use serde_json::Value;

const NOW: i64 = 1_790_000_000_000;

fn company() -> Run {
    Run::new(company::account(NOW), Behaviour::default())
}

/// `extract` with JSON errors and no retries.
fn fails(run: &Run, arguments: &[&str]) -> Ended {
    let fixed = ["extract", "--error-format", "json", "--retries", "0"];
    run.run(&fixed.iter().chain(arguments).copied().collect::<Vec<_>>())
}

fn scripted(prefix: &str, answer: Answer) -> Run {
    let script = vec![Scripted::once(prefix, answer).times(1000)];
    Run::new(company::account(NOW), Behaviour { script, ..Behaviour::default() })
}

fn refused(family: Family, status: u16) -> Run {
    let refused = [(family, status)].into();
    Run::new(company::account(NOW), Behaviour { refused, ..Behaviour::default() })
}

fn text<'v>(error: &'v Value, field: &str) -> &'v str {
    error[field].as_str().unwrap_or_default()
}

#[test]
fn a_token_that_is_refused_is_invalid_credentials() {
    let run = company();
    let output = run
        .command(&["extract", "--error-format", "json"])
        .env("LAUNCHDARKLY_ACCESS_TOKEN", "api-wrong")
        .output();
    let error = ended(output.unwrap()).failed(3, "invalid_credentials");
    assert_eq!(error["status"], 401);
    assert_eq!(run.server.requests().len(), 1, "nothing else is asked");
}

#[test]
fn no_token_at_all_is_invalid_credentials_and_nothing_is_sent() {
    let run = company();
    let output = run
        .command(&["extract", "--error-format", "json"])
        .env_remove("LAUNCHDARKLY_ACCESS_TOKEN")
        .output();
    let error = ended(output.unwrap()).failed(3, "invalid_credentials");
    assert!(text(&error, "hint").contains("LAUNCHDARKLY_ACCESS_TOKEN"), "{error}");
    assert!(run.server.requests().is_empty());
}

#[test]
fn a_refusal_names_resource_permission_and_what_to_do() {
    for (family, name, status) in [
        (Family::Projects, "projects", 403),
        (Family::Tags, "tags", 403),
        (Family::Teams, "teams", 403),
        (Family::Teams, "teams", 401),
        (Family::Flags, "flags", 403),
        (Family::Flags, "flags", 401),
    ] {
        let error = fails(&refused(family, status), &[]).failed(4, "invalid_permissions");
        assert_eq!(text(&error, "resource"), name);
        assert_eq!(error["status"], status);
        assert!(text(&error, "message").contains("permission"), "{error}");
        let way_on = format!("--skip {name}");
        let optional = name != "projects";
        assert_eq!(text(&error, "hint").contains(&way_on), optional, "{error}");
    }
}

#[test]
fn statuses_refused_both_ways_are_invalid_permissions() {
    let refused = [(Family::FlagStatuses, 403), (Family::FlagStatus, 403)].into();
    let run = Run::new(company::account(NOW), Behaviour { refused, ..Behaviour::default() });
    let error = fails(&run, &[]).failed(4, "invalid_permissions");
    assert_eq!(text(&error, "resource"), "flag_statuses");
}

#[test]
fn a_weak_token_reads_what_it_may() {
    let run = company();
    let mut command = run.command(&["extract", "--skip", "teams"]);
    ended(command.env("LAUNCHDARKLY_ACCESS_TOKEN", READER_TOKEN).output().unwrap()).succeeded();
}

#[test]
fn a_token_revoked_during_the_run_is_invalid_credentials() {
    let revoked = Answer::json(401, r#"{"code":"unauthorized","message":"Invalid access token"}"#);
    let mut account = company::account(NOW);
    account.tokens.push(Token::new("api-passing", "passing"));
    let script = vec![
        Scripted::once("/api/v2/flags", revoked.clone()).times(1000),
        Scripted::once("/api/v2/caller-identity", Answer::json(200, "{}")),
        Scripted::once("/api/v2/caller-identity", revoked).times(1000),
    ];
    let run = Run::new(account, Behaviour { script, ..Behaviour::default() });
    fails(&run, &[]).failed(3, "invalid_credentials");
}

#[test]
fn endless_rate_limits_are_rate_limited() {
    let limited = Answer::json(429, r#"{"code":"rate_limited"}"#).with_header("Retry-After", "0");
    let run = scripted("/api/v2/tags", limited);
    let error = fails(&run, &["--max-wait", "1s"]).failed(5, "rate_limited");
    assert_eq!((text(&error, "resource"), &error["status"]), ("tags", &Value::from(429)));
}

#[test]
fn a_wait_beyond_max_wait_ends_at_once() {
    let limited = Answer::json(429, "{}").with_header("Retry-After", "3600");
    fails(&scripted("/api/v2/projects", limited), &[]).failed(5, "rate_limited");
}

#[test]
fn a_wait_beyond_max_wait_ends_a_run_despite_queued_requests() {
    let size = generated::Size { projects: 40, environments: 25, flags: 1, ..Size::default() };
    let limited = Answer::json(429, "{}").with_header("Retry-After", "3600");
    let path = "/api/v2/projects/project-007/environments";
    let script = vec![Scripted::once(path, limited)];
    let run = Run::new(generated::account(size), Behaviour { script, ..Behaviour::default() });
    fails(&run, &["--max-wait", "5s"]).failed(5, "rate_limited");
}

#[test]
fn nobody_there_is_unavailable() {
    let run = company();
    let output = run
        .command(&["extract", "--error-format", "json", "--retries", "0"])
        .env("LD_BASE_URI", "http://127.0.0.1:1")
        .output();
    let error = ended(output.unwrap()).failed(6, "unavailable");
    assert!(text(&error, "hint").contains("--base-uri"), "{error}");
}

#[test]
fn server_errors_are_unavailable_after_retries() {
    let html = Answer::raw(502, "text/html", "<html>Bad gateway</html>");
    let error = fails(&scripted("/api/v2/projects", html), &[]).failed(6, "unavailable");
    assert_eq!(error["status"], 502);
}

#[test]
fn a_wrong_type_is_an_unexpected_response_with_its_path() {
    let body = r#"{"items":[{"_id":"1","key":"k","name":"n","includeInSnippetByDefault":true,"tags":"sdk-yes"}],"_links":{}}"#;
    let ended = fails(&scripted("/api/v2/projects", Answer::json(200, body)), &[]);
    let error = ended.failed(7, "unexpected_response");
    assert!(text(&error, "message").contains("items[0].tags"), "{error}");
    assert!(!ended.stderr.contains("sdk-yes"), "{}", ended.stderr);
}

#[test]
fn a_list_without_items_is_an_unexpected_response() {
    for path in ["/api/v2/projects", "/api/v2/tags", "/api/v2/flags/", "/api/v2/flag-statuses/"] {
        let answer = Answer::json(200, r#"{"hello":"world"}"#);
        fails(&scripted(path, answer), &[]).failed(7, "unexpected_response");
    }
}

#[test]
fn fewer_rows_than_reported_are_not_published_unless_asked_for() {
    let size = Size {
        projects: 1,
        environments: 1,
        flags: 3,
        archived: 0,
        deprecated: 0,
        ..Size::default()
    };
    let body = r#"{"items":["a"],"totalCount":2,"_links":{}}"#;
    let script = vec![Scripted::once("/api/v2/tags", Answer::json(200, body)).times(1000)];
    let run = Run::new(generated::account(size), Behaviour { script, ..Behaviour::default() });
    let error = fails(&run, &[]).failed(7, "unexpected_response");
    assert!(text(&error, "message").contains("reports 2"), "{error}");
    run.extract(&["--allow-unverified"]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM tags"), 1);
    let detail: String =
        run.value("SELECT detail FROM extraction_resources WHERE resource = 'tags'");
    assert!(detail.contains("unverified"), "{detail}");
}

#[test]
fn a_failed_run_leaves_the_previous_data_and_nothing_else() {
    let run = company();
    run.extract(&[]);
    let before = std::fs::read(run.path("launchdarkly.db")).unwrap();
    run.server.behave(|behaviour| behaviour.refused.extend([(Family::Flags, 403)]));
    fails(&run, &[]).failed(4, "invalid_permissions");
    assert_eq!(std::fs::read(run.path("launchdarkly.db")).unwrap(), before);
    assert_eq!(std::fs::read_dir(run.folder.path()).unwrap().count(), 1);
}

#[test]
fn an_unavailable_server_leaves_data_and_a_checkpoint() {
    let run = company();
    run.extract(&[]);
    let before = std::fs::read(run.path("launchdarkly.db")).unwrap();
    run.server.behave(|behaviour| behaviour.refused.extend([(Family::FlagStatuses, 500)]));
    fails(&run, &[]).failed(6, "unavailable");
    assert_eq!(std::fs::read(run.path("launchdarkly.db")).unwrap(), before);
    // The checkpoint is the staging database, and the rows that are not in its tables yet.
    for name in [".launchdarkly.db.stage", ".launchdarkly.db.stage-rows"] {
        assert!(run.path(name).exists(), "{name}");
    }
    assert_eq!(std::fs::read_dir(run.folder.path()).unwrap().count(), 3);
}
