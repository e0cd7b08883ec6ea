//! Rate limits, scripted answers and the log.

use std::time::Duration;

use super::*;
use crate::{Answer, RateLimit, Scripted};

const PATH: &str = "/api/v2/projects";

/// A window that no test outlives.
fn limited(global: u64) -> RateLimit {
    RateLimit {
        window: Duration::from_secs(100_000_000),
        global: Some(global),
        ..RateLimit::default()
    }
}

#[test]
fn headers_tell_what_is_left() {
    let server = serve_company();
    server.behave(|behaviour| behaviour.rate_limit = limited(5));
    get(&server, PATH);
    let got = get(&server, "/api/v2/tags");
    assert_eq!(got.header("x-ratelimit-global-limit"), Some("5"));
    assert_eq!(got.header("x-ratelimit-global-remaining"), Some("3"));
    assert_eq!(got.header("x-ratelimit-route-remaining"), Some("999999"));
    assert_eq!(got.header("x-ratelimit-reset").map(str::len), Some(13));
}

#[test]
fn a_spent_budget_answers_429_and_says_until_when() {
    let server = serve_company();
    server.behave(|behaviour| {
        behaviour.rate_limit = RateLimit { retry_after: true, ..limited(1) };
    });
    assert_eq!(get(&server, PATH).status, 200);
    let got = get(&server, PATH);
    assert_eq!((got.status, &got.json()["code"]), (429, &Value::from("rate_limited")));
    assert!(got.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);
    let log = server.requests();
    assert_eq!(log[0].refused_until_ms, None);
    let reset = log[1].refused_until_ms.unwrap();
    assert_eq!(got.header("x-ratelimit-reset").unwrap(), reset.to_string());
}

#[test]
fn route_and_token_budgets_are_counted_apart() {
    let server = serve_company();
    let generous = limited(1000);
    server.behave(|behaviour| {
        behaviour.rate_limit = RateLimit { route: Some(1), ..generous.clone() };
    });
    let statuses = [PATH, PATH, "/api/v2/tags"].map(|path| get(&server, path).status);
    assert_eq!(statuses, [200, 429, 200]);
    server.behave(|behaviour| behaviour.rate_limit = RateLimit { token: Some(1), ..generous });
    let got = get(&server, PATH);
    assert_eq!(got.header("x-ratelimit-auth-token-remaining"), Some("0"));
    assert_eq!(get(&server, PATH).status, 429);
    assert_eq!(get_as(&server, PATH, "api-other", "").status, 401);
}

#[test]
fn a_429_can_be_silent_or_lie_about_the_time() {
    let server = serve_company();
    server.behave(|behaviour| behaviour.rate_limit = limited(0).without_headers());
    let silent = get(&server, PATH);
    assert_eq!(silent.status, 429);
    assert!(!silent.head.to_lowercase().contains("ratelimit"));
    server.behave(|behaviour| {
        let reset_shift_ms = -200_000_000_000;
        behaviour.rate_limit = RateLimit { reset_shift_ms, clock_skew_ms: 3_600_000, ..limited(0) };
    });
    let past = get(&server, PATH);
    let reset: i64 = past.header("x-ratelimit-reset").unwrap().parse().unwrap();
    assert!(reset < server.requests()[1].arrived_ms);
    assert!(past.header("date").unwrap().ends_with(" GMT"));
    assert_ne!(past.header("date"), silent.header("date"));
}

#[test]
fn scripted_answers_are_used_up() {
    let server = serve_company();
    let gateway = Answer::raw(502, "text/html", "<html>").with_header("x-test", "yes");
    server.behave(|behaviour| {
        behaviour.script = vec![
            Scripted::once("/api/v2/flags/", gateway).query("limit=7").times(2),
            Scripted::once(PATH, Answer::Close),
        ];
    });
    let path = "/api/v2/flags/payments?limit=7";
    let answers =
        [path, "/api/v2/flags/payments?limit=8", path, path].map(|path| get(&server, path));
    assert_eq!(answers.each_ref().map(|got| got.status), [502, 200, 502, 200]);
    assert_eq!((answers[0].header("x-test"), &*answers[0].body), (Some("yes"), "<html>"));
    let request =
        format!("GET {PATH} HTTP/1.1\r\nHost: demo\r\nAuthorization: {DEMO_TOKEN}\r\n\r\n");
    assert!(send(&server, &request).is_none());
    assert_eq!(get(&server, PATH).status, 200);
}

#[test]
fn an_answer_can_break_off_inside_its_body() {
    let server = serve_company();
    let whole = get(&server, PATH).body;
    server.behave(|behaviour| {
        behaviour.script = vec![Scripted::once(PATH, Answer::Truncate(100))];
    });
    let broken = get(&server, PATH);
    assert_eq!(broken.status, 200);
    assert_eq!(broken.header("content-length"), Some(&*whole.len().to_string()));
    assert_eq!(broken.body, whole[..100]);
}

#[test]
fn the_log_has_everything_but_credentials() {
    let server = serve_company();
    get_as(
        &server,
        "/api/v2/flags/payments?env=test&env=staging",
        DEMO_TOKEN,
        "User-Agent: me\r\n",
    );
    get_as(&server, PATH, "api-stolen", "LD-API-Version: beta\r\n");
    let log = server.requests();
    assert_eq!(
        log[0].query,
        [("env", "test"), ("env", "staging")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    assert_eq!(log[0].token.as_deref(), Some("flaglake demo"));
    assert_eq!((log[0].user_agent.as_deref(), log[0].status), (Some("me"), Some(200)));
    assert_eq!((log[1].token.as_deref(), log[1].status), (Some("unknown"), Some(401)));
    assert_eq!(log[1].api_version.as_deref(), Some("beta"));
    assert!(!format!("{log:?}").contains("api-"), "{log:?}");
    server.forget_requests();
    assert!(server.requests().is_empty());
}

#[test]
fn the_log_counts_who_waits_at_the_same_time() {
    let server = serve_company();
    server.behave(|behaviour| behaviour.script = vec![Scripted::once(PATH, Answer::Hang)]);
    let _waiting = asked(&server, PATH);
    while server.requests().is_empty() {
        std::thread::yield_now();
    }
    get(&server, PATH);
    get(&server, PATH);
    let log = server.requests();
    assert_eq!(log.iter().map(|one| one.in_flight).collect::<Vec<_>>(), [1, 2, 2]);
    assert_eq!((log[0].status, log[0].answered_ms), (None, None));
    assert!(log[1].answered_ms.unwrap() >= log[1].arrived_ms);
}

#[test]
fn other_methods_are_not_allowed() {
    let server = serve_company();
    let request = format!(
        "DELETE {PATH} HTTP/1.1\r\nHost: demo\r\nConnection: close\r\nAuthorization: {DEMO_TOKEN}\r\n\r\n"
    );
    assert_eq!(send(&server, &request).unwrap().status, 405);
}

#[tokio::test]
async fn a_server_runs_on_the_callers_runtime_and_stops_when_dropped() {
    let account = company::account(NOW_MS);
    let server = Server::start(account, Behaviour::default()).await.unwrap();
    let address = server.base_uri().replace("http://", "");
    assert!(tokio::net::TcpStream::connect(&address).await.is_ok());
    drop(server);
    tokio::task::yield_now().await;
    assert!(tokio::net::TcpStream::connect(&address).await.is_err());
}

#[test]
fn a_held_request_is_carried_out_and_not_answered() {
    const LIST: &str = "/api/v2/segments/storefront/test";
    let server = serve_company();
    let hold = Scripted::once(LIST, Answer::Hold).method("POST");
    server.behave(|behaviour| behaviour.script = vec![hold]);
    assert_eq!(get(&server, LIST).status, 200, "another method");
    let body = r#"{"key":"some","name":"Some"}"#;
    let head = format!(
        "POST {LIST} HTTP/1.1\r\nHost: demo\r\nAuthorization: {DEMO_TOKEN}\r\nContent-Length: {}\r\n{JSON}\r\n",
        body.len()
    );
    let _waiting = sent(&server, head + body);
    while server.held() == 0 {
        std::thread::yield_now();
    }
    assert_eq!(get(&server, &format!("{LIST}/some")).status, 200);
    assert_eq!(server.requests()[1].status, None);
}
