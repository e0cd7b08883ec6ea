//! The way to LaunchDarkly: proxies, certificates, and how long a connection takes.

use std::env;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::Url;

use super::finding::Finding;
use crate::cli::Connection;
use crate::error::{Kind, redact};
use crate::launchdarkly::instance::is_loopback;
use crate::{Error, Result};

/// The variables that name a proxy, or what needs none.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"];

/// The variables that name certificates to trust.
const ROOTS: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// Looks at the network.
pub(super) async fn look(connection: &Connection) -> Vec<Finding> {
    if connection.demo {
        return vec![Finding::ok("network", "none is used: the demo account is in this process")];
    }
    let address = match connection.address() {
        Ok(address) => address,
        Err(error) => return vec![Finding::problem("network", error)],
    };
    let proxies = proxies();
    let is_direct = is_loopback(&address) || proxies.is_empty();
    let mut findings = vec![proxy(&proxies, &address), certificates(&address)];
    if is_direct {
        findings.push(reach(&address, connection.connect_timeout).await);
    }
    findings
}

/// The variables that are set, in capitals or not, with their values without credentials.
fn proxies() -> Vec<String> {
    let both = PROXIES.iter().flat_map(|name| [(*name).to_owned(), name.to_lowercase()]);
    let set = both.filter_map(|name| {
        let value = env::var_os(&name)?.to_string_lossy().into_owned();
        Some(format!("{name}={}", redact::value(&value))).filter(|_| !value.is_empty())
    });
    set.collect()
}

fn proxy(proxies: &[String], address: &Url) -> Finding {
    let set = proxies.join(", ");
    let text = match proxies {
        [] => "none".to_owned(),
        _ if is_loopback(address) => format!("{set}; not used for this machine"),
        _ => format!("{set}; connections through it are not timed"),
    };
    Finding::ok("proxy", text)
}

fn certificates(address: &Url) -> Finding {
    if address.scheme() == "http" {
        return Finding::ok("certificates", "not used: the address is not HTTPS");
    }
    let set = ROOTS.iter().filter(|name| env::var_os(name).is_some()).copied();
    let set: Vec<_> = set.collect();
    match set.as_slice() {
        [] => Finding::ok("certificates", "those that this machine trusts"),
        set => Finding::ok("certificates", format!("those of {}", set.join(" and "))),
    }
}

/// Resolves the name, and connects.
async fn reach(address: &Url, limit: Duration) -> Finding {
    let host = address.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let port = address.port_or_known_default().unwrap_or(443);
    match connect(host, port, limit).await {
        Ok(text) => Finding::ok("network", text),
        Err(error) => Finding::problem("network", error),
    }
}

async fn connect(host: &str, port: u16, limit: Duration) -> Result<String> {
    let start = Instant::now();
    let found = timeout(limit, lookup_host((host, port))).await.map_err(|_| slow(host, limit))?;
    let found: Vec<SocketAddr> =
        found.map_err(|error| unreachable(host, &error.to_string()))?.collect();
    let looked_up = start.elapsed();
    let start = Instant::now();
    let connecting = TcpStream::connect(found.as_slice());
    let connected = timeout(limit, connecting).await.map_err(|_| slow(host, limit))?;
    let stream = connected.map_err(|error| unreachable(host, &error.to_string()))?;
    let peer = stream.peer_addr().map(|peer| peer.to_string()).unwrap_or_default();
    Ok(format!(
        "{host} has {} address{}, found in {} ms; connected to {peer} in {} ms",
        found.len(),
        if found.len() == 1 { "" } else { "es" },
        looked_up.as_millis(),
        start.elapsed().as_millis(),
    ))
}

fn slow(host: &str, limit: Duration) -> Error {
    unreachable(host, &format!("no answer within {} s", limit.as_secs()))
}

fn unreachable(host: &str, reason: &str) -> Error {
    Error::new(Kind::Unavailable, format!("could not connect to `{host}`: {reason}")).hint(
        "check the network, the proxy settings (`HTTPS_PROXY`, `NO_PROXY`), and `--instance` or \
         `--base-uri`",
    )
}
