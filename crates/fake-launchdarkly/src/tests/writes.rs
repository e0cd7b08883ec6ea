//! The faults of every n-th write.

use super::*;
use crate::{Answer, Scripted};

const POST: &str = "POST /v2/event-data-import/storefront/production";
const HEADERS: &str = "Content-Type: application/json\r\nX-LaunchDarkly-Event-Schema: 4\r\n\
                       User-Agent: MetricImport-flaglake-int/0.1\r\n";
const BODY: &str =
    r#"[{"kind":"custom","key":"paid","creationDate":1790000000000,"contextKeys":{"user":"u"}}]"#;

fn import(server: &Server) -> Option<u16> {
    write(server, POST, HEADERS, BODY).map(|got| got.status)
}

#[test]
fn every_nth_answer_can_be_lost_after_the_write() {
    let server = serve_company();
    server.behave(|behaviour| behaviour.writes.lost_answers = Some(2));
    assert_eq!([0; 4].map(|_| import(&server)), [Some(202), None, Some(202), None]);
    assert_eq!(server.count_events(), 4);
    assert_eq!(server.requests()[1].status, None);
}

#[test]
fn every_nth_write_can_fail_before_or_after_it_is_made() {
    let server = serve_company();
    server.behave(|behaviour| behaviour.writes.fail_before = Some((2, 503)));
    assert_eq!([0; 2].map(|_| import(&server)), [Some(202), Some(503)]);
    assert_eq!(server.count_events(), 1);
    server.behave(|behaviour| {
        behaviour.writes.fail_before = None;
        behaviour.writes.fail_after = Some((1, 500));
    });
    assert_eq!(import(&server), Some(500));
    assert_eq!(server.count_events(), 2);
}

#[test]
fn a_scripted_answer_is_lost_after_the_write_or_before_it() {
    let server = serve_company();
    let script = |answer| {
        server.behave(|behaviour| behaviour.script = vec![Scripted::once("/v2/", answer)]);
        (import(&server), server.count_events())
    };
    assert_eq!(script(Answer::Close), (None, 0));
    assert_eq!(script(Answer::Lost), (None, 1));
    assert_eq!(script(Answer::refusal(400)), (Some(400), 1));
}

#[test]
fn a_body_above_the_bound_is_not_read() {
    let server = serve_company();
    let head = format!(
        "{POST} HTTP/1.1\r\nHost: demo\r\nConnection: close\r\nAuthorization: {DEMO_TOKEN}\r\n\
         Content-Length: {}\r\n{HEADERS}\r\n",
        (64 << 20) + 1
    );
    let got = send(&server, &head).unwrap();
    assert_eq!(got.status, 413);
}
