//! Answers that break, hang or grow.

use std::io::ErrorKind;
use std::time::Duration;

use super::*;
use crate::{Answer, Scripted};

const PATH: &str = "/api/v2/projects";

fn serve_scripted(answer: Answer) -> Server {
    let server = serve_company();
    server.behave(|behaviour| behaviour.script = vec![Scripted::once(PATH, answer)]);
    server
}

/// The bytes received until the stream ends or is idle, and whether the connection is still open.
fn received(stream: &mut TcpStream) -> (String, bool) {
    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut piece) {
            Ok(0) => return (String::from_utf8(bytes).unwrap(), false),
            Ok(length) => bytes.extend_from_slice(&piece[..length]),
            // The stream is idle.
            Err(_) => return (String::from_utf8(bytes).unwrap(), true),
        }
    }
}

#[test]
fn a_hanging_request_is_never_answered_and_ends_with_the_server() {
    let server = serve_scripted(Answer::Hang);
    let mut stream = asked(&server, PATH);
    assert_eq!(received(&mut stream), (String::new(), true));
    drop(server);
    stream.set_read_timeout(None).unwrap();
    assert!(matches!(stream.read(&mut [0; 1]), Ok(0) | Err(_)));
}

#[test]
fn an_answer_can_fall_silent_inside_its_body() {
    let whole = get(&serve_company(), PATH).body;
    let server = serve_scripted(Answer::HangAfter(100));
    let mut stream = asked(&server, PATH);
    let mut text = String::new();
    while !text.ends_with(&whole[..100]) {
        let (more, open) = received(&mut stream);
        text.push_str(&more);
        assert!(open, "{text}");
    }
    assert!(text.to_lowercase().contains(&format!("content-length: {}", whole.len())), "{text}");
    assert_eq!(received(&mut stream), (String::new(), true));
}

#[test]
fn a_connection_can_be_reset() {
    let server = serve_scripted(Answer::Reset);
    let error = asked(&server, PATH).read(&mut [0; 1]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert_eq!(get(&server, PATH).status, 200);
}

#[test]
fn a_slow_body_is_complete() {
    let whole = get(&serve_company(), PATH).body;
    let server = serve_scripted(Answer::Slow { chunk: 1000, pause: Duration::from_millis(1) });
    let slow = get(&server, PATH);
    assert_eq!(slow.header("content-length"), Some(&*whole.len().to_string()));
    assert_eq!(slow.body, whole);
}

#[test]
fn json_can_end_early_in_a_complete_body() {
    let whole = get(&serve_company(), PATH).body;
    for (asked, got) in [(100, 100), (1_000_000, whole.len() - 1)] {
        let cut = get(&serve_scripted(Answer::Cut(asked)), PATH);
        assert_eq!(cut.header("content-length"), Some(&*got.to_string()));
        assert_eq!(cut.body, whole[..got]);
    }
}

#[test]
fn a_broken_body_lacks_at_least_its_last_byte() {
    let whole = get(&serve_company(), PATH).body;
    let broken = get(&serve_scripted(Answer::Truncate(1_000_000)), PATH);
    assert_eq!(broken.body, whole[..whole.len() - 1]);
}

#[test]
fn a_bomb_unfolds_to_a_list_of_blanks() {
    let server = serve_scripted(Answer::Bomb { bytes: 1_000_000 });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let text = runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let response = client.get(format!("{}{PATH}", server.base_uri())).send().await.unwrap();
        response.text().await.unwrap()
    });
    assert!((999_000..=1_001_000).contains(&text.len()), "{}", text.len());
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), serde_json::json!({"items": []}));
}
