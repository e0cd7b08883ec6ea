//! The settings of a connection: from the address, then from libpq's environment variables:
//! <https://www.postgresql.org/docs/current/libpq-envars.html>.

use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use secrecy::SecretString;

use crate::terminal::address::{Meant, Parsed};
use crate::terminal::suggest;

/// The port that PostgreSQL listens on by default.
const PORT: u16 = 5432;

/// The folders in which distributions put the server's socket.
const SOCKETS: [&str; 2] = ["/var/run/postgresql", "/tmp"];

/// Longest time to connect, unless `PGCONNECT_TIMEOUT` is set.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// The parameters that an address may have.
const PARAMETERS: [&str; 9] = [
    "schema",
    "host",
    "port",
    "user",
    "dbname",
    "password",
    "sslmode",
    "sslrootcert",
    "connect_timeout",
];

/// How a connection is encrypted: <https://www.postgresql.org/docs/current/libpq-ssl.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SslMode {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl SslMode {
    fn parse(text: &str) -> Parsed<Self> {
        Ok(match text {
            "disable" => SslMode::Disable,
            "allow" => SslMode::Allow,
            "prefer" => SslMode::Prefer,
            "require" => SslMode::Require,
            "verify-ca" => SslMode::VerifyCa,
            "verify-full" => SslMode::VerifyFull,
            _ => {
                return Err(Meant::Rule(
                    "`sslmode` is `disable`, `allow`, `prefer`, `require`, `verify-ca` or `verify-full`",
                ));
            }
        })
    }
}

/// Where to connect, and how. `Debug` does not show the password.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// A name or an IP address; the folder of a socket starts with a slash.
    pub host: String,
    pub port: u16,
    pub user: String,
    pub database: String,
    /// The schema that the address names.
    pub schema: Option<String>,
    /// The password in the address.
    pub password: Option<SecretString>,
    /// The password from `--postgres-password-file`.
    pub from_file: Option<SecretString>,
    pub ssl_mode: SslMode,
    /// The file with the certificates that the server's must be signed by, or `system`.
    pub ssl_root: Option<PathBuf>,
    pub connect_timeout: Duration,
}

/// The parts of an address.
#[derive(Default)]
struct Parts(Vec<(String, String)>);

impl Parts {
    /// Reads the text after the scheme: `//USER@HOST:PORT/DATABASE?NAME=VALUE`.
    fn parse(text: &str) -> Parsed<Self> {
        let Some(rest) = text.strip_prefix("//") else {
            return Err(Meant::Rule("it is written `postgres://USER@HOST/DATABASE?schema=NAME`"));
        };
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = place.split_once('/').unwrap_or((place, ""));
        let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = user.split_once(':').unwrap_or((user, ""));
        let (host, port) = host_and_port(host);
        let mut parts = Parts::default();
        for (name, value) in [
            ("user", user),
            ("password", password),
            ("host", host),
            ("port", port),
            ("dbname", database),
        ] {
            parts.add(name, value)?;
        }
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if !PARAMETERS.contains(&name) {
                let hint = suggest::hint(name, PARAMETERS);
                return Err(Meant::Quoting(format!("`{name}` is not a known parameter; {hint}")));
            }
            parts.add(name, value)?;
        }
        Ok(parts)
    }

    fn add(&mut self, name: &str, value: &str) -> Parsed<()> {
        let value = percent_decode_str(value).decode_utf8();
        let value = value.map_err(|_| Meant::Rule("a value in it is not UTF-8"))?;
        if value.contains('\0') {
            return Err(Meant::Rule("a value in it has a zero byte"));
        }
        if !value.is_empty() {
            self.0.push((name.to_owned(), value.into_owned()));
        }
        Ok(())
    }

    /// The last value of a parameter: the query overrides what is before it, as in libpq.
    fn get(&self, name: &str) -> Option<String> {
        self.0.iter().rev().find(|(one, _)| one == name).map(|(_, value)| value.clone())
    }
}

/// A host and a port; an IPv6 address is in brackets.
fn host_and_port(text: &str) -> (&str, &str) {
    if let Some((host, rest)) = text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        return (host, rest.strip_prefix(':').unwrap_or_default());
    }
    text.rsplit_once(':').unwrap_or((text, ""))
}

impl Settings {
    /// Reads the text after the scheme; `variable` reads the environment.
    pub(crate) fn parse(text: &str, variable: impl Fn(&str) -> Option<String>) -> Parsed<Self> {
        let parts = Parts::parse(text)?;
        let get = |name: &str, of: &str| parts.get(name).or_else(|| variable(of));
        let user =
            get("user", "PGUSER").or_else(|| variable("USER")).or_else(|| variable("LOGNAME"));
        let user = user.ok_or(Meant::Rule("it names no user, and neither does `PGUSER`"))?;
        let host = get("host", "PGHOST").unwrap_or_else(default_host);
        if host.contains(',') {
            return Err(Meant::Rule("flaglake connects to one host"));
        }
        let schema = parts.get("schema");
        schema.as_deref().map_or(Ok(()), check_schema)?;
        Ok(Settings {
            host,
            port: port(get("port", "PGPORT"))?,
            database: get("dbname", "PGDATABASE").unwrap_or_else(|| user.clone()),
            user,
            schema,
            password: parts.get("password").map(SecretString::from),
            from_file: None,
            ssl_mode: get("sslmode", "PGSSLMODE")
                .map_or(Ok(SslMode::Prefer), |mode| SslMode::parse(&mode))?,
            ssl_root: get("sslrootcert", "PGSSLROOTCERT").map(PathBuf::from),
            connect_timeout: connect_timeout(get("connect_timeout", "PGCONNECT_TIMEOUT"))?,
        })
    }

    /// Whether the host is the folder of a socket.
    pub(crate) fn is_socket(&self) -> bool {
        self.host.starts_with('/')
    }
}

/// A name of at most 63 bytes, which PostgreSQL would cut, that is none of its own schemas.
fn check_schema(schema: &str) -> Parsed<()> {
    if schema.len() > 63 {
        return Err(Meant::Rule("the name of a schema has at most 63 bytes"));
    }
    if schema.starts_with("pg_") || schema == "information_schema" {
        return Err(Meant::Rule("that schema is PostgreSQL's own"));
    }
    Ok(())
}

fn default_host() -> String {
    let has_socket = |folder: &&str| std::path::Path::new(folder).join(".s.PGSQL.5432").exists();
    SOCKETS.into_iter().find(has_socket).unwrap_or("localhost").to_owned()
}

fn port(text: Option<String>) -> Parsed<u16> {
    let port = text.map_or(Some(PORT), |text| text.parse().ok());
    port.filter(|port| *port > 0).ok_or(Meant::Rule("the port is a number from 1 to 65535"))
}

/// Zero and less mean no limit in libpq; the longest limit here is an hour.
fn connect_timeout(text: Option<String>) -> Parsed<Duration> {
    let Some(text) = text else { return Ok(CONNECT_TIMEOUT) };
    match text.parse::<i32>() {
        Ok(seconds) if seconds > 0 => Ok(Duration::from_secs(seconds.unsigned_abs().into())),
        Ok(_) => Ok(Duration::from_secs(3600)),
        Err(_) => Err(Meant::Rule("`connect_timeout` is a number of seconds")),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn parse(text: &str, variables: &[(&str, &str)]) -> Result<Settings, String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(one, _)| *one == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Settings::parse(text, variable).map_err(|meant| match meant {
            Meant::Rule(rule) => rule.to_owned(),
            Meant::Quoting(sentence) => sentence,
        })
    }

    #[test]
    fn every_part_of_an_address_is_read() {
        let one =
            parse("//me:s%40c@db.example:6432/flags?schema=ld&sslmode=verify-full", &[]).unwrap();
        assert_eq!((one.host.as_str(), one.port), ("db.example", 6432));
        assert_eq!((one.user.as_str(), one.database.as_str()), ("me", "flags"));
        assert_eq!((one.schema.as_deref(), one.ssl_mode), (Some("ld"), SslMode::VerifyFull));
        assert_eq!(one.password.as_ref().unwrap().expose_secret(), "s@c");
        assert!(!format!("{one:?}").contains("s@c"));
        let six = parse("//me@[::1]:5433/x", &[]).unwrap();
        assert_eq!((six.host.as_str(), six.port), ("::1", 5433));
        let socket = parse("//me@/x?host=/run/pg&port=1", &[]).unwrap();
        assert!(socket.is_socket() && socket.port == 1);
    }

    #[test]
    fn variables_fill_what_the_address_lacks() {
        let variables = [
            ("PGHOST", "h"),
            ("PGPORT", "1234"),
            ("PGUSER", "u"),
            ("PGDATABASE", "d"),
            ("PGSSLMODE", "require"),
            ("PGSSLROOTCERT", "/ca.crt"),
            ("PGCONNECT_TIMEOUT", "7"),
        ];
        let one = parse("//", &variables).unwrap();
        assert_eq!((one.host.as_str(), one.port, one.user.as_str()), ("h", 1234, "u"));
        assert_eq!((one.database.as_str(), one.ssl_mode), ("d", SslMode::Require));
        assert_eq!(one.ssl_root.unwrap(), PathBuf::from("/ca.crt"));
        assert_eq!(one.connect_timeout, Duration::from_secs(7));
        assert_eq!(parse("//a@b/c", &variables).unwrap().host, "b");
        assert_eq!(parse("//a@b", &[]).unwrap().database, "a");
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, meant) in [
            ("h/d", "postgres://USER@HOST"),
            ("//h/d", "names no user"),
            ("//u@h/d?schem=x", "did you mean `schema`?"),
            ("//u@h/d?sslmode=on", "`sslmode` is"),
            ("//u@h:0/d", "the port"),
            ("//u@h:x/d", "the port"),
            ("//u@a,b/d", "one host"),
            ("//u@h/d?schema=pg_catalog", "PostgreSQL's own"),
        ] {
            let error = parse(text, &[]).unwrap_err();
            assert!(error.contains(meant), "{text}: {error}");
        }
    }
}
