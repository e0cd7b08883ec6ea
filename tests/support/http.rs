//! One request to the fake, without the product's client.

use std::io::{Read, Write};
use std::net::TcpStream;

use fake_launchdarkly::Server;

/// The body that the server sends for `path`, which must be there.
pub fn get(server: &Server, path: &str, token: &str, version: &str) -> String {
    let address = server.base_uri().replace("http://", "");
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: fake\r\nConnection: close\r\nAuthorization: {token}\r\n\
         LD-API-Version: {version}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 "), "{path}: {text}");
    body.to_owned()
}
