//! Corporate networks: proxies, private certificate authorities, and gateways without TLS.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::generated::{self, Size};

use crate::support::{Ended, Run, ended, program};

fn run() -> Run {
    let size = Size { projects: 1, environments: 1, flags: 5, ..Size::default() };
    Run::new(generated::account(size), Behaviour::default())
}

/// Extracts from an address, with variables and further arguments.
fn extract(run: &Run, address: &str, variables: &[(&str, &str)], arguments: &[&str]) -> Ended {
    let quick = ["--max-wait", "2s", "--retries", "1", "--error-format", "json"];
    let all = [&["extract"], &quick[..], arguments].concat();
    let mut command = run.command(&all);
    command.env("LD_BASE_URI", address).envs(variables.iter().copied());
    ended(command.output().unwrap())
}

/// The address of the fake as that of a proxy.
fn proxy(run: &Run) -> String {
    run.server.base_uri()
}

#[test]
fn a_gateway_without_tls_needs_consent_for_its_host() {
    let run = run();
    let proxy = proxy(&run);
    let variables = [("HTTP_PROXY", proxy.as_str())];
    let gateway = "http://gateway.internal";
    for others in [&[][..], &["--allow-http", "other.internal"], &["--allow-http", "internal"]] {
        let refused = extract(&run, gateway, &variables, others);
        let error = refused.failed(2, "usage");
        let hint = error["hint"].as_str().unwrap_or_default();
        assert!(hint.contains("--allow-http gateway.internal"), "{error}");
    }
    assert!(run.server.requests().is_empty());
    for consent in
        [&["--allow-http", "gateway.internal"][..], &["--allow-http", "a.b,gateway.internal"]]
    {
        extract(&run, gateway, &variables, consent).succeeded();
    }
    let variable = [variables[0], ("FLAGLAKE_ALLOW_HTTP", "gateway.internal")];
    extract(&run, gateway, &variable, &[]).succeeded();
    assert!(run.value::<i64>("SELECT count(*) FROM flags") > 0);
    for wrong in ["http://gateway.internal", "a b", ""] {
        extract(&run, gateway, &variables, &["--allow-http", wrong]).failed(2, "usage");
    }
}

#[test]
fn a_host_without_a_proxy_is_connected_to_directly() {
    let run = run();
    let variables = [("HTTP_PROXY", "http://127.0.0.1:9"), ("NO_PROXY", "gateway.internal")];
    let gateway = "http://gateway.internal";
    let failed = extract(&run, gateway, &variables, &["--allow-http", "gateway.internal"]);
    let error = failed.failed(6, "unavailable");
    assert!(!error["message"].as_str().unwrap().contains("127.0.0.1"), "{error}");
    // This machine is never behind a proxy.
    extract(&run, &run.server.base_uri(), &variables[..1], &[]).succeeded();
}

/// A front with TLS, whose certificate is of a private authority. Ends when dropped.
struct Front {
    process: Child,
    port: String,
}

impl Front {
    /// `None` where Python or OpenSSL is not installed.
    fn start(run: &Run) -> Option<Self> {
        let mut openssl = program("sh")?;
        program("openssl")?;
        let script = "set -e
            openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca -keyout ca.key -out ca.crt
            openssl req -newkey rsa:2048 -nodes -subj /CN=server -keyout server.key -out server.csr
            printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE' > names
            openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.crt";
        let made = openssl.args(["-c", script]).current_dir(run.folder.path()).output().unwrap();
        assert!(made.status.success(), "{made:?}");
        let behind = run.server.base_uri();
        let behind = behind.rsplit(':').next().unwrap().trim_end_matches('/').to_owned();
        let mut python: Command = program("python3")?;
        python.args([
            "-c",
            include_str!("../python/tls_front.py"),
            "0",
            "server.crt",
            "server.key",
        ]);
        python.arg(behind).current_dir(run.folder.path()).stdout(Stdio::piped());
        let mut process = python.spawn().unwrap();
        let mut port = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Some(Front { process, port: port.trim().to_owned() })
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_private_authority_is_trusted_where_it_is_named() {
    let run = run();
    let Some(front) = Front::start(&run) else { return };
    let address = format!("https://localhost:{}", front.port);
    let error = extract(&run, &address, &[], &[]).failed(6, "unavailable");
    let hint = error["hint"].as_str().unwrap_or_default();
    assert!(hint.contains("SSL_CERT_FILE"), "{error}");
    assert!(run.server.requests().is_empty(), "no token before the certificate is trusted");
    extract(&run, &address, &[("SSL_CERT_FILE", "ca.crt")], &[]).succeeded();
    assert!(run.value::<i64>("SELECT count(*) FROM flags") > 0);
}
