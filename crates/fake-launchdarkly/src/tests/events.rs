//! Imported events.

use std::time::Duration;

use super::*;
use crate::account::{READER_TOKEN, Token};
use crate::{PayloadMemory, RateLimit, SizeCounted};

const POST: &str = "POST /v2/event-data-import/storefront/production";
const HEADERS: &str = "Content-Type: application/json\r\nX-LaunchDarkly-Event-Schema: 4\r\n\
                       User-Agent: MetricImport-flaglake-int/0.1\r\n";
const EVENT: &str = r#"{"kind":"custom","key":"paid","creationDate":1790000000000,"contextKeys":{"user":"u\u00e9"},"metricValue":7.5,"data":{"a":[1]}}"#;

/// The status of a payload.
fn import(server: &Server, headers: &str, body: impl AsRef<[u8]>) -> u16 {
    write(server, POST, &format!("{HEADERS}{headers}"), body).expect("an answer").status
}

fn payload(id: &str) -> String {
    format!("X-LaunchDarkly-Payload-ID: {id}\r\n")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut encoder = flate2::read::GzEncoder::new(bytes, flate2::Compression::fast());
    encoder.read_to_end(&mut packed).unwrap();
    packed
}

#[test]
fn an_accepted_event_is_kept_as_it_was_sent() {
    let server = serve_company();
    let body = format!("[{EVENT}]");
    assert_eq!(import(&server, &payload("p1"), &body), 202);
    let events = server.events();
    let event = &events[0];
    assert_eq!((events.len(), server.count_events()), (1, 1));
    assert_eq!((&*event.project, &*event.environment), ("storefront", "production"));
    assert_eq!((&*event.key, event.creation_date_ms), ("paid", 1_790_000_000_000));
    assert_eq!(event.context_keys["user"], "ué");
    assert_eq!((event.metric_value, event.data.as_deref()), (Some(7.5), Some(r#"{"a":[1]}"#)));
    assert_eq!(event.payload_id.as_deref(), Some("p1"));
    let request = &server.requests()[0];
    assert_eq!((request.body_bytes, request.payload_id.as_deref()), (body.len(), Some("p1")));
    assert_eq!(request.content_type.as_deref(), Some("application/json"));
}

#[test]
fn malformed_events_are_dropped_without_a_word() {
    let server = serve_company();
    let changes = [
        (r#""key":"paid","#, ""),
        (r#""key":"paid""#, r#""key":"""#),
        (r#""contextKeys":{"user":"u\u00e9"},"#, ""),
        (r#"{"user":"u\u00e9"}"#, "{}"),
        (r#"{"user":"u\u00e9"}"#, r#"{"user":1}"#),
        (r#"{"user":"u\u00e9"}"#, r#"{"user":""}"#),
        (r#""creationDate":1790000000000,"#, ""),
        ("1790000000000", "1790000000"),
        ("1790000000000", "1790000000000000"),
        ("1790000000000", "1790000000000.5"),
        ("1790000000000", r#""1790000000000""#),
        ("7.5", r#""7.5""#),
        (r#"{"a":[1]}"#, "[1]"),
    ];
    let malformed = changes.map(|(from, to)| EVENT.replace(from, to));
    assert!(malformed.iter().all(|event| event != EVENT));
    let body = format!("[{},{EVENT}]", malformed.join(","));
    assert_eq!(import(&server, "", body), 202);
    assert_eq!((server.count_events(), server.count_dropped_events()), (1, malformed.len()));
}

#[test]
fn nothing_is_taken_of_a_payload_that_is_refused() {
    let server = serve_company();
    let other = EVENT.replace("custom", "identify");
    let bodies = [
        format!("[{EVENT},{other}]"),
        format!("[{EVENT},[\"custom\"]]"),
        format!("[{EVENT}"),
        format!("[{EVENT}] x"),
        EVENT.to_owned(),
        String::new(),
    ];
    for body in bodies {
        assert_eq!(import(&server, &payload("p"), &body), 400, "{body}");
    }
    assert_eq!(server.count_events(), 0);
    assert_eq!(import(&server, &payload("p"), format!("[{EVENT}]")), 202);
    assert_eq!(server.count_events(), 1);
}

#[test]
fn each_header_is_required() {
    let server = serve_company();
    let status = |from: &str, to: &str| {
        let headers = HEADERS.replace(from, to);
        assert_ne!(headers, HEADERS);
        write(&server, POST, &headers, format!("[{EVENT}]")).unwrap().status
    };
    assert_eq!(status("X-LaunchDarkly-Event-Schema: 4", "X-Other: 4"), 406);
    assert_eq!(status("Schema: 4", "Schema: 3"), 406);
    assert_eq!(status("MetricImport-flaglake-int/", "flaglake/"), 400);
    assert_eq!(status("-int/0.1", "-int/"), 400);
    assert_eq!(status("application/json", "text/plain"), 400);
    assert_eq!(server.count_events(), 0);
}

#[test]
fn a_payload_in_chunks_is_refused() {
    let server = serve_company();
    let request = format!(
        "{POST} HTTP/1.1\r\nHost: demo\r\nConnection: close\r\nAuthorization: {DEMO_TOKEN}\r\n\
         Transfer-Encoding: chunked\r\n{HEADERS}\r\n{:x}\r\n[{EVENT}]\r\n0\r\n\r\n",
        EVENT.len() + 2
    );
    assert_eq!(send(&server, &request).unwrap().status, 411);
    server.behave(|behaviour| behaviour.writes.chunked_status = 400);
    assert_eq!(send(&server, &request).unwrap().status, 400);
    assert_eq!(server.count_events(), 0);
}

#[test]
fn a_repeated_payload_counts_once_while_it_is_remembered() {
    let server = serve_company();
    let remember = |memory| server.behave(|behaviour| behaviour.writes.payload_memory = memory);
    let send = || assert_eq!(import(&server, &payload("p"), format!("[{EVENT}]")), 202);
    send();
    send();
    assert_eq!(server.count_events(), 1);
    remember(PayloadMemory::For(Duration::from_secs(300)));
    send();
    assert_eq!(server.count_events(), 1);
    server.change(|account| account.now_ms += 300_000);
    send();
    assert_eq!(server.count_events(), 2);
    send();
    remember(PayloadMemory::Never);
    send();
    assert_eq!(server.count_events(), 3);
    import(&server, "", format!("[{EVENT},{EVENT}]"));
    assert_eq!(server.count_events(), 5);
}

#[test]
fn the_limit_counts_the_packed_or_the_unpacked_size() {
    let server = serve_company();
    let body = format!("[{}]", [EVENT; 100].join(","));
    let packed = gzip(body.as_bytes());
    let gzip = "Content-Encoding: gzip\r\n";
    server.behave(|behaviour| behaviour.writes.events_limit = body.len() - 1);
    assert_eq!(import(&server, "", &body), 413);
    assert_eq!(import(&server, gzip, &packed), 202);
    assert_eq!(server.count_events(), 100);
    server.behave(|behaviour| {
        behaviour.writes.events_size = SizeCounted::Unpacked;
        behaviour.writes.too_large_status = 400;
    });
    assert_eq!(import(&server, gzip, &packed), 400);
    assert_eq!(import(&server, gzip, &body), 400);
    assert_eq!(server.count_events(), 100);
}

#[test]
fn events_can_be_counted_without_being_kept() {
    let server = serve_company();
    server.behave(|behaviour| behaviour.writes.keep_events = false);
    assert_eq!(import(&server, "", format!("[{}]", [EVENT; 5000].join(","))), 202);
    assert_eq!((server.count_events(), server.events().len()), (5000, 0));
}

#[test]
fn a_token_without_the_action_is_unauthorized() {
    let server = serve_company();
    server.change(|account| {
        account.tokens.push(Token::new("only", "only").only_actions(["importEventData"]));
        account.tokens.push(Token::new("other", "other").without_action("importEventData"));
        account.tokens.push(Token::new("blind", "blind").without_project("storefront"));
    });
    let body = format!("[{EVENT}]");
    let status =
        |token: &str| write_as(&server, POST, token, HEADERS, body.as_bytes()).unwrap().status;
    assert_eq!([READER_TOKEN, "other", "blind", "unknown"].map(status), [401; 4]);
    assert_eq!(status("only"), 202);
}

#[test]
fn unknown_places_and_methods_are_refused() {
    let server = serve_company();
    let status = |request: &str| write(&server, request, HEADERS, "[]").unwrap().status;
    assert_eq!(status("POST /v2/event-data-import/storefront/none"), 404);
    assert_eq!(status("POST /v2/event-data-import/none/production"), 404);
    assert_eq!(status("POST /api/v2/v2/event-data-import/storefront/production"), 404);
    assert_eq!(status("GET /v2/event-data-import/storefront/production"), 405);
    assert_eq!(status("PUT /v2/event-data-import/storefront/production"), 405);
    assert_eq!(status(POST), 202);
}

#[test]
fn events_have_a_budget() {
    let server = serve_company();
    let rate_limit = RateLimit {
        window: Duration::from_secs(1_000_000_000),
        route: Some(1),
        ..RateLimit::default()
    };
    server.behave(|behaviour| behaviour.rate_limit = rate_limit);
    assert_eq!(import(&server, "", format!("[{EVENT}]")), 202);
    assert_eq!(import(&server, "", format!("[{EVENT}]")), 429);
    assert_eq!(server.count_events(), 1);
}
