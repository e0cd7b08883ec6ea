//! The fake, asked over real sockets.

mod access;
mod accounts;
mod approvals;
mod behaviours;
mod big_segments;
mod broken;
mod chance;
mod churn;
mod events;
mod faults;
mod governance;
mod later;
mod links;
mod lists;
mod measures;
mod metrics;
mod past;
mod permissions;
mod segments;
mod statuses;
mod toggles;
mod writes;

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use super::account::{Account, DEMO_TOKEN};
use super::generated::{self, Size};
use super::{Behaviour, Server, company};

/// 2026-11-20T02:00:00Z
const NOW_MS: i64 = generated::NOW_MS;

/// An answer as it came over the wire.
struct Got {
    status: u16,
    head: String,
    body: String,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a JSON body")
    }

    fn header(&self, name: &str) -> Option<&str> {
        let pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        pairs.into_iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

fn serve(account: Account) -> Server {
    Server::spawn(account, Behaviour::default()).expect("a loopback port")
}

fn serve_company() -> Server {
    serve(company::account(NOW_MS))
}

fn serve_generated() -> Server {
    serve(generated::account(Size::default()))
}

fn get(server: &Server, path: &str) -> Got {
    get_as(server, path, DEMO_TOKEN, "LD-API-Version: 20240415\r\n")
}

fn get_as(server: &Server, path: &str, token: &str, headers: &str) -> Got {
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: demo\r\nConnection: close\r\nAuthorization: {token}\r\n{headers}\r\n"
    );
    send(server, &request).expect("an answer")
}

/// A connection on which this path was asked for.
fn asked(server: &Server, path: &str) -> TcpStream {
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: demo\r\nAuthorization: {DEMO_TOKEN}\r\n\r\n");
    sent(server, request)
}

fn sent(server: &Server, request: impl AsRef<[u8]>) -> TcpStream {
    let address = server.base_uri().replace("http://", "");
    let mut stream = TcpStream::connect(address).expect("a listening server");
    stream.write_all(request.as_ref()).expect("an open connection");
    stream
}

const JSON: &str = "Content-Type: application/json\r\n";
const SEMANTIC: &str =
    "Content-Type: application/json; domain-model=launchdarkly.semanticpatch\r\n";

/// Writes with the demo token. `None` where the connection closes without an answer.
fn write(server: &Server, request: &str, headers: &str, body: impl AsRef<[u8]>) -> Option<Got> {
    write_as(server, request, DEMO_TOKEN, headers, body.as_ref())
}

fn write_as(
    server: &Server,
    request: &str,
    token: &str,
    headers: &str,
    body: &[u8],
) -> Option<Got> {
    let length = body.len();
    let head = format!(
        "{request} HTTP/1.1\r\nHost: demo\r\nConnection: close\r\nAuthorization: {token}\r\n\
         Content-Length: {length}\r\n{headers}\r\n"
    );
    send(server, [head.as_bytes(), body].concat())
}

/// The status of a write with the demo token.
fn written(server: &Server, request: &str, headers: &str, body: Value) -> u16 {
    write(server, request, headers, body.to_string()).expect("an answer").status
}

/// `None` where the connection closes without an answer.
fn send(server: &Server, request: impl AsRef<[u8]>) -> Option<Got> {
    let mut stream = sent(server, request);
    let mut bytes = Vec::new();
    // A connection that breaks off may be reset; what arrived before counts.
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8(bytes).expect("UTF-8");
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Got { status, head: head.to_owned(), body: body.to_owned() })
}

fn json(server: &Server, path: &str) -> Value {
    let got = get(server, path);
    assert_eq!(got.status, 200, "{path}: {}", got.body);
    got.json()
}

fn items(page: &Value) -> &[Value] {
    page["items"].as_array().map_or(&[], Vec::as_slice)
}

/// Follows `next` from `path` and returns all items.
fn walk(server: &Server, path: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let page = json(server, &path);
        found.extend_from_slice(items(&page));
        next = page["_links"]["next"]["href"].as_str().map(str::to_owned);
    }
    found
}

fn keys(items: &[Value]) -> Vec<&str> {
    items.iter().filter_map(|item| item["key"].as_str()).collect()
}
