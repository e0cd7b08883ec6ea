//! The account to read, and the limits of the client.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{EnumValueParser, StringValueParser};
use clap::parser::ValueSource;
use clap::{ArgMatches, Args};
use url::Url;

use super::headings::{CONNECTION, LIMITS};
use super::values::{boolish, parse_path, parse_time, parse_timeout};
use crate::launchdarkly::ClientOptions;
use crate::launchdarkly::client::Timeouts;
use crate::launchdarkly::instance::{Instance, is_loopback, parse_base_uri};
use crate::launchdarkly::retry::RetryPolicy;
use crate::terminal::values::{List, Trimmed, trim};
use crate::{Error, Result};

/// IDs of options that others replace.
const BASE_URI: &str = "base_uri";
const INSTANCE: &str = "instance";
const DEMO: &str = "demo";
const ACCESS_TOKEN_FILE: &str = "access_token_file";
const ACCESS_TOKEN_VARIABLE: &str = "access_token_variable";
/// An option of commands that send events.
pub(super) const EVENTS_URI: &str = "events_uri";

/// The account to connect to, and the limits of the client.
#[derive(Args, Clone, Debug)]
pub struct Connection {
    /// Use the built-in demo account; no access token is needed
    #[arg(long, env = "FLAGLAKE_DEMO", value_parser = boolish(), help_heading = CONNECTION)]
    pub demo: bool,
    /// The LaunchDarkly instance
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<Instance>::new()), default_value_t, env = "FLAGLAKE_INSTANCE", help_heading = CONNECTION)]
    pub instance: Instance,
    /// Another address of the API, such as that of a proxy
    #[arg(long, value_name = "URL", env = "LD_BASE_URI", hide_env_values = true,
        value_parser = Trimmed(StringValueParser::new()), help_heading = CONNECTION, hide_short_help = true)]
    pub base_uri: Option<String>,
    /// Connect to this host without encryption where its address starts with http://, such as a
    /// gateway inside of your own network; may be repeated, or a list with commas
    #[arg(long, value_name = "HOST", env = "FLAGLAKE_ALLOW_HTTP", value_parser = parse_hosts,
        help_heading = CONNECTION, hide_short_help = true)]
    pub allow_http: Vec<List<String>>,
    /// Read the access token from a file; `-` is standard input. Without it, the token comes
    /// from LAUNCHDARKLY_ACCESS_TOKEN or LD_ACCESS_TOKEN
    #[arg(long, value_name = "PATH", env = "FLAGLAKE_ACCESS_TOKEN_FILE",
        value_parser = parse_path, help_heading = CONNECTION)]
    pub access_token_file: Option<PathBuf>,
    /// Read the access token from this variable, unless a file is named
    #[arg(long, value_name = "NAME", env = "FLAGLAKE_ACCESS_TOKEN_VARIABLE",
        value_parser = parse_variable, help_heading = CONNECTION, hide_short_help = true)]
    pub access_token_variable: Option<String>,
    /// Use this account of the configuration file; `extract` takes several
    #[arg(long, value_name = "NAME", env = "FLAGLAKE_CONFIG_ACCOUNT",
        value_parser = |text: &str| List::parse(text, |name| Ok::<_, String>(name.to_owned())),
        help_heading = CONNECTION, hide_short_help = true)]
    pub account: Vec<List<String>>,
    /// Maximum number of concurrent requests
    #[arg(long, value_name = "N", default_value_t = 8, env = "FLAGLAKE_CONCURRENCY",
        value_parser = Trimmed(clap::value_parser!(u16).range(1..=256)), help_heading = LIMITS, hide_short_help = true)]
    pub concurrency: u16,
    /// Percentage of the remaining rate limit that a run uses; the rest is for other programs
    #[arg(long, value_name = "PERCENT", default_value_t = 50, env = "FLAGLAKE_RATE_LIMIT_SHARE",
        value_parser = Trimmed(clap::value_parser!(u8).range(1..=100)), help_heading = LIMITS, hide_short_help = true)]
    pub rate_limit_share: u8,
    /// Longest time for one request, waits included, such as 90s or 15m
    #[arg(long, value_name = "TIME", default_value = "15m", env = "FLAGLAKE_MAX_WAIT",
        value_parser = Trimmed(parse_time), help_heading = LIMITS, hide_short_help = true)]
    pub max_wait: Duration,
    /// Retries of one request that fails for other reasons than rate limits
    #[arg(long, value_name = "N", default_value_t = 10, env = "FLAGLAKE_RETRIES",
        value_parser = Trimmed(usize::from_str), help_heading = LIMITS, hide_short_help = true)]
    pub retries: usize,
    /// Longest time to connect
    #[arg(long, value_name = "TIME", default_value = "10s", env = "FLAGLAKE_CONNECT_TIMEOUT",
        value_parser = Trimmed(parse_timeout), help_heading = LIMITS, hide_short_help = true)]
    pub connect_timeout: Duration,
    /// Longest time for the first byte of an answer, and between bytes
    #[arg(long, value_name = "TIME", default_value = "60s", env = "FLAGLAKE_READ_TIMEOUT",
        value_parser = Trimmed(parse_timeout), help_heading = LIMITS, hide_short_help = true)]
    pub read_timeout: Duration,
    /// Longest time for one attempt at a request
    #[arg(long, value_name = "TIME", default_value = "10m", env = "FLAGLAKE_REQUEST_TIMEOUT",
        value_parser = Trimmed(parse_timeout), help_heading = LIMITS, hide_short_help = true)]
    pub request_timeout: Duration,
    /// Largest answer, in megabytes, decompressed
    #[arg(long, value_name = "N", default_value_t = 256, env = "FLAGLAKE_MAX_RESPONSE_MB",
        value_parser = Trimmed(clap::value_parser!(u32).range(1..)), help_heading = LIMITS, hide_short_help = true)]
    pub max_response_mb: u32,
}

impl Connection {
    /// The accounts of the configuration file that are asked for.
    pub fn accounts(&self) -> Vec<String> {
        self.account.iter().flat_map(|list| list.0.iter().cloned()).collect()
    }

    /// The API's address. An argument overrides a variable; `--base-uri` overrides `--instance`.
    ///
    /// # Errors
    /// `usage` when the address is not a URL.
    pub fn address(&self) -> Result<Url> {
        // Not parsed by clap, whose errors show the value: it might hold a password.
        let text = self.base_uri.as_deref().unwrap_or(self.instance.base_uri());
        self.parse(text)
    }

    /// Parses an address to which the token may be sent.
    ///
    /// # Errors
    /// `usage` when it is none.
    pub fn parse(&self, text: &str) -> Result<Url> {
        parse_base_uri(text, &self.plain_hosts()).map_err(|error| match Url::parse(text) {
            Ok(url) if url.scheme() == "http" && url.has_host() && is_bare(&url) => {
                let host = url.host_str().unwrap_or_default();
                error.hint(format!("for a gateway in your own network: `--allow-http {host}`"))
            }
            _ => error,
        })
    }

    /// The hosts that may be connected to without encryption.
    fn plain_hosts(&self) -> Vec<String> {
        self.allow_http.iter().flat_map(|list| list.0.iter().cloned()).collect()
    }

    /// The client's options for the API at `base_uri`.
    pub fn client_options(&self, base_uri: Url) -> ClientOptions {
        ClientOptions {
            base_uri,
            events_uri: None,
            concurrency: usize::from(self.concurrency),
            rate_limit_share: self.rate_limit_share,
            retry: RetryPolicy { retries: self.retries, max_wait: self.max_wait },
            timeouts: Timeouts {
                connect: self.connect_timeout,
                read: self.read_timeout,
                request: self.request_timeout,
            },
            largest_response: u64::from(self.max_response_mb) * 1_000_000,
        }
    }
}

/// An `--instance` overrides an address that is from a weaker place: an argument is stronger than a
/// variable, and that than the file. Likewise for the places of the token.
pub fn resolve_address(connection: &mut Connection, matches: &ArgMatches) {
    for id in overridden(matches) {
        match id {
            BASE_URI => connection.base_uri = None,
            DEMO => connection.demo = false,
            ACCESS_TOKEN_FILE => connection.access_token_file = None,
            // The other options beat these in any case.
            _ => {}
        }
    }
}

/// The options, by their IDs, that another option replaces, because it comes from a stronger place:
/// an argument overrides a variable, and a variable overrides the configuration file.
pub fn overridden(matches: &ArgMatches) -> Vec<&'static str> {
    let strength = |name| match source(matches, name) {
        Some(ValueSource::CommandLine) => 2,
        Some(ValueSource::EnvVariable) => 1,
        _ => 0,
    };
    let is_set = |name| source(matches, name).is_some();
    let (instance, address) = (strength(INSTANCE), strength(BASE_URI));
    let is_by_instance = instance > address;
    let is_by_variable = strength(ACCESS_TOKEN_VARIABLE) > strength(ACCESS_TOKEN_FILE);
    let is_overridden = |id: &&'static str| match *id {
        BASE_URI => is_by_instance,
        INSTANCE => is_set(BASE_URI) && !is_by_instance,
        EVENTS_URI => strength(EVENTS_URI) < address.max(instance),
        DEMO => strength(DEMO) < address.max(instance),
        ACCESS_TOKEN_FILE => is_by_variable,
        _ => is_set(ACCESS_TOKEN_FILE) && !is_by_variable,
    };
    let all = [BASE_URI, INSTANCE, EVENTS_URI, DEMO, ACCESS_TOKEN_FILE, ACCESS_TOKEN_VARIABLE];
    all.into_iter().filter(is_overridden).collect()
}

/// Where the value of an option comes from; `None` where it has none, or the command does not have
/// the option.
pub fn source(matches: &ArgMatches, id: &str) -> Option<ValueSource> {
    matches.try_get_raw(id).ok()?;
    matches.value_source(id)
}

/// Refuses variables that replace the token or the address that an account of the configuration file
/// has of its `own`: the data of one account would be published as that of another, or a change
/// would be made in another. An argument is meant for this account.
///
/// # Errors
/// `usage` where a variable does.
pub fn check_own(own: &BTreeSet<String>, matches: &ArgMatches) -> Result<()> {
    for group in
        [&[ACCESS_TOKEN_FILE, ACCESS_TOKEN_VARIABLE][..], &[BASE_URI, INSTANCE, DEMO, EVENTS_URI]]
    {
        let has_own = group.iter().any(|id| own.contains(*id));
        let is_variable = |id: &&&str| {
            source(matches, id) == Some(ValueSource::EnvVariable) && !is_local(matches, id)
        };
        if let Some(id) = group.iter().find(is_variable).filter(|_| has_own) {
            let option = id.replace('_', "-");
            return Err(Error::usage(format!(
                "the variable of `--{option}` would replace what the account of the file has"
            ))
            .hint("unset the variable, or give the option as an argument"));
        }
    }
    Ok(())
}

/// Whether an option is an address of this machine: of a gateway that is meant for all accounts.
fn is_local(matches: &ArgMatches, id: &str) -> bool {
    let text = matches.try_get_one::<String>(id).ok().flatten();
    [BASE_URI, EVENTS_URI].contains(&id)
        && text.and_then(|text| Url::parse(text).ok()).is_some_and(|url| is_loopback(&url))
}

/// Whether an address is one but for its scheme.
fn is_bare(url: &Url) -> bool {
    let has_user = !url.username().is_empty() || url.password().is_some();
    !has_user && url.query().is_none() && url.fragment().is_none()
}

/// The name of a variable. A token in its place is not repeated in the error.
fn parse_variable(text: &str) -> Result<String, String> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let name = trim(text);
    if !name.is_empty() && name.bytes().all(is_name) {
        return Ok(name.to_owned());
    }
    Err("the name of a variable has letters, digits and `_`".to_owned())
}

/// Names of hosts, without a scheme, a port or a path.
fn parse_hosts(text: &str) -> Result<List<String>, String> {
    List::parse(text, |name| match url::Host::parse(name) {
        Ok(_) => Ok(name.to_owned()),
        Err(_) => Err("it is the name of a host, without `http://` and port".to_owned()),
    })
}
