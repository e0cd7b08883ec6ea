//! The extraction that the report describes.

use clap::ValueEnum;
use rusqlite::Connection;
use serde::Serialize;
use url::Url;

use crate::destinations::address::quoted;
use crate::launchdarkly::identity::DEMO_ACCOUNT_ID;
use crate::launchdarkly::instance::{Instance, is_loopback};

/// The output that commands read without an option.
const DEFAULTS: [&str; 2] = ["launchdarkly.db", "sqlite:launchdarkly.db"];

/// The newest extraction.
#[derive(Debug, Serialize)]
pub struct Extraction {
    /// Its ID.
    pub extraction_id: String,
    /// When it started, UTC. Ages in the report are counted up to this time.
    pub started_at: String,
    /// When it was published. UTC.
    pub finished_at: String,
    /// The LaunchDarkly account, if it is known.
    pub account_id: Option<String>,
    /// The address of the API that was read.
    pub base_url: String,
    /// The version of flaglake that read it.
    pub tool_version: String,
    /// The treatment of names and email addresses: `keep`, `hash` or `drop`.
    pub personal_data: String,
    /// The option of a command that reads the same output, after a space; empty where it reads it
    /// without.
    #[serde(skip)]
    pub input: String,
    /// The option of `flaglake report` for the account, after a space, where the output was asked for
    /// one of several.
    #[serde(skip)]
    pub account: String,
}

impl Extraction {
    /// Says where it was read: from the output `input`, as the account of this ID if one was named.
    pub fn read_from(&mut self, input: Option<&str>, account: Option<&str>) {
        let option = |name: &str, value: &str| format!(" --{name} {}", quoted(value));
        let input = input.filter(|input| !DEFAULTS.contains(input));
        self.input = input.map(|input| option("input", input)).unwrap_or_default();
        self.account = account.map(|account| option("account", account)).unwrap_or_default();
    }

    /// A command that writes a report on the same, with more `options`.
    pub fn report_command(&self, options: &str) -> String {
        format!("flaglake report{}{} {options}", self.input, self.account)
    }

    /// Whether it is of the demo account.
    pub fn is_demo(&self) -> bool {
        self.account_id.as_deref() == Some(DEMO_ACCOUNT_ID)
    }

    /// The options with which a command connects to the account, each after a space; none where it
    /// does without them. The token is the user's.
    pub fn options(&self) -> String {
        if self.is_demo() {
            return " --demo".to_owned();
        }
        let is_it = |one: &&Instance| one.base_uri() == self.base_url.trim_end_matches('/');
        match Instance::value_variants().iter().find(is_it) {
            Some(Instance::Commercial) => String::new(),
            Some(Instance::Eu) => " --instance eu".to_owned(),
            Some(Instance::Federal) => " --instance federal".to_owned(),
            None => format!(" --base-uri {}{}", quoted(&self.base_url), plain(&self.base_url)),
        }
    }
}

/// The option for a gateway without encryption.
fn plain(base_url: &str) -> String {
    let url = Url::parse(base_url).ok().filter(|url| url.scheme() == "http" && !is_loopback(url));
    let host = url.as_ref().and_then(Url::host_str);
    host.map(|host| format!(" --allow-http {}", quoted(host))).unwrap_or_default()
}

/// Reads it.
///
/// # Errors
/// When the database cannot be read, or holds no extraction.
pub fn read(connection: &Connection) -> rusqlite::Result<Extraction> {
    let sql = "SELECT extraction_id, started_at, finished_at, account_id, base_url, tool_version,
                      personal_data
               FROM extractions
               WHERE extraction_id = (SELECT extraction_id FROM latest_extraction)";
    connection.query_row(sql, [], |row| {
        Ok(Extraction {
            extraction_id: row.get(0)?,
            started_at: row.get(1)?,
            finished_at: row.get(2)?,
            account_id: row.get(3)?,
            base_url: row.get(4)?,
            tool_version: row.get(5)?,
            personal_data: row.get(6)?,
            input: String::new(),
            account: String::new(),
        })
    })
}

#[cfg(test)]
impl Extraction {
    /// One of the account `account_id`, read from `base_url`.
    pub(in crate::report) fn example(account_id: &str, base_url: &str) -> Self {
        Extraction {
            extraction_id: "20261120T020000Z".to_owned(),
            started_at: "2026-11-20T02:00:00.000Z".to_owned(),
            finished_at: "2026-11-20T02:03:04.000Z".to_owned(),
            account_id: Some(account_id.to_owned()),
            base_url: base_url.to_owned(),
            tool_version: "0.1.0".to_owned(),
            personal_data: "keep".to_owned(),
            input: String::new(),
            account: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_lead_to_the_account_that_was_read() {
        for (base_url, options) in [
            ("https://app.launchdarkly.com", ""),
            ("https://app.eu.launchdarkly.com", " --instance eu"),
            ("https://app.launchdarkly.us/", " --instance federal"),
            ("https://gateway.example/ld", " --base-uri https://gateway.example/ld"),
            ("http://127.0.0.1:4000", " --base-uri http://127.0.0.1:4000"),
            ("http://gateway:8080", " --base-uri http://gateway:8080 --allow-http gateway"),
        ] {
            assert_eq!(Extraction::example("one", base_url).options(), options);
            assert_eq!(Extraction::example(DEMO_ACCOUNT_ID, base_url).options(), " --demo");
        }
        for instance in Instance::value_variants() {
            let options = Extraction::example("one", instance.base_uri()).options();
            let name = options.trim_start_matches(" --instance ");
            let parsed = Instance::from_str(name, false).unwrap_or_default();
            assert_eq!(parsed, *instance);
        }
    }
}
