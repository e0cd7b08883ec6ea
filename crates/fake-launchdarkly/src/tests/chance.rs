//! Faults by chance.

use super::*;
use crate::{Fault, Faults};

const PATH: &str = "/api/v2/projects";

fn serve_faulty(faults: Faults) -> Server {
    let server = serve_company();
    server.behave(|behaviour| behaviour.faults = Some(faults));
    server
}

fn asked_once(fault: Fault) -> Option<Got> {
    let server = serve_faulty(Faults::only(fault, 1, 100));
    let request = format!(
        "GET {PATH} HTTP/1.1\r\nHost: demo\r\nConnection: close\r\nAuthorization: {DEMO_TOKEN}\r\n\r\n"
    );
    send(&server, &request)
}

/// Statuses of many requests, 0 where there was no answer.
fn statuses(server: &Server) -> Vec<u16> {
    let path = |number: usize| format!("{PATH}?limit={}", number % 40 + 1);
    for number in 0..200 {
        let _ = std::io::copy(&mut closing(server, &path(number)), &mut std::io::sink());
    }
    server.requests().iter().map(|request| request.status.unwrap_or(0)).collect()
}

fn closing(server: &Server, path: &str) -> TcpStream {
    sent(
        server,
        format!(
            "GET {path} HTTP/1.1\r\nHost: demo\r\nConnection: close\r\nAuthorization: {DEMO_TOKEN}\r\n\r\n"
        ),
    )
}

#[test]
fn the_same_seed_fails_the_same_requests() {
    let [one, same, other] = [1, 1, 2].map(|seed| statuses(&serve_faulty(Faults::all(seed, 50))));
    assert_eq!(one, same);
    assert_ne!(one, other);
}

#[test]
fn as_many_requests_fail_as_were_asked_for() {
    let faults = Faults::only(Fault::ServerError, 7, 30);
    let failed = statuses(&serve_faulty(faults)).iter().filter(|status| **status == 500).count();
    assert!((45..75).contains(&failed), "{failed} of 200");
}

#[test]
fn after_four_faults_in_a_row_comes_an_answer() {
    let server = serve_faulty(Faults::only(Fault::BadGateway, 1, 100));
    let statuses: Vec<u16> = (0..11).map(|_| get(&server, PATH).status).collect();
    assert_eq!(statuses, [502, 502, 502, 502, 200, 502, 502, 502, 502, 200, 502]);
    assert_eq!(get(&server, &format!("{PATH}?limit=7")).status, 502);
}

#[test]
fn each_fault_is_what_its_name_says() {
    let failed = |fault| asked_once(fault).unwrap();
    for fault in [Fault::ServerError, Fault::BadGateway, Fault::Unavailable] {
        assert!(failed(fault).status >= 500, "{fault:?}");
    }
    for fault in [Fault::HtmlPage, Fault::EmptyBody, Fault::CutJson, Fault::BrokenBody] {
        let got = failed(fault);
        assert_eq!(got.status, 200, "{fault:?}");
        assert!(serde_json::from_str::<Value>(&got.body).is_err(), "{fault:?}");
    }
    assert_eq!(failed(Fault::SlowBody).json()["totalCount"], 4);
    for fault in [Fault::Closed, Fault::Reset] {
        assert!(asked_once(fault).is_none(), "{fault:?}");
    }
    let server = serve_faulty(Faults::only(Fault::BinaryBody, 1, 100));
    let mut bytes = Vec::new();
    closing(&server, PATH).read_to_end(&mut bytes).unwrap();
    assert!(String::from_utf8(bytes).is_err());
}

/// How far the reset is ahead of the server's clock and of the true one, in milliseconds.
fn distances(fault: Fault, name: &str) -> (i64, i64) {
    let server = serve_faulty(Faults::only(fault, 1, 100));
    let got = get(&server, PATH);
    assert_eq!(got.status, 429);
    let reset: i64 = got.header(name).unwrap().parse().unwrap();
    let date = jiff::fmt::rfc2822::parse(got.header("date").unwrap()).unwrap();
    let arrived_ms = server.requests()[0].arrived_ms;
    (reset - date.timestamp().as_millisecond(), reset - arrived_ms)
}

#[test]
fn rate_limits_reset_in_a_moment_by_the_servers_own_clock() {
    const HOUR_MS: i64 = 3_600_000;
    let global = "x-ratelimit-reset";
    let cases = [
        (Fault::ResetSoon, global, 0),
        (Fault::TokenBudget, "x-ratelimit-auth-token-reset", 0),
        (Fault::ClockAhead, global, 3),
        (Fault::ClockBehind, global, -3),
    ];
    for (fault, name, hours) in cases {
        let (by_server, by_truth) = distances(fault, name);
        // `Date` has whole seconds.
        assert!((200..1400).contains(&by_server), "{fault:?}: {by_server}");
        assert!((by_truth - hours * HOUR_MS).abs() < HOUR_MS, "{fault:?}: {by_truth}");
    }
    assert!(distances(Fault::ResetPast, global).0 < -HOUR_MS / 2);
}

#[test]
fn a_rate_limit_may_state_only_when_to_retry() {
    let plain = asked_once(Fault::RetryAfter).unwrap();
    assert!(["0", "1"].contains(&plain.header("retry-after").unwrap()));
    assert!(!plain.head.to_lowercase().contains("ratelimit"));
    let token = asked_once(Fault::TokenBudget).unwrap();
    assert_eq!(token.header("x-ratelimit-auth-token-remaining"), Some("0"));
    assert_eq!(token.header("x-ratelimit-reset"), None);
}
