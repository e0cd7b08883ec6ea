//! The password of a connection, from the places where libpq looks for it, in its order.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use tracing::warn;

use super::settings::Settings;
use crate::error::redact;
use crate::terminal::values::trim_path;
use crate::{Error, Result};

/// The password for these settings, if there is one.
pub(crate) fn find(settings: &Settings) -> Option<SecretString> {
    let given = settings.from_file.clone().or_else(|| settings.password.clone());
    let variable = || std::env::var("PGPASSWORD").ok().filter(|one| !one.is_empty());
    given.or_else(|| variable().map(SecretString::from)).or_else(|| in_file(settings))
}

/// Reads the file of `--postgres-password-file`; its line end is not part of the password.
pub(crate) fn read(path: &Path) -> Result<SecretString> {
    let text = fs::read_to_string(path).map_err(|error| {
        let path = redact::value(&path.to_string_lossy());
        Error::usage(format!("could not read the password from `{path}`: {error}")).hint(
            "`--postgres-password-file` names a file that holds the password and nothing else",
        )
    })?;
    Ok(trim_path(&text).into())
}

/// The password in the password file: <https://www.postgresql.org/docs/current/libpq-pgpass.html>.
fn in_file(settings: &Settings) -> Option<SecretString> {
    let path = file()?;
    let found = fs::metadata(&path).ok().filter(std::fs::Metadata::is_file)?;
    if found.mode() & 0o077 != 0 {
        warn!(
            "`{}` is not used: others may read it. Its mode must be 0600 or less.",
            path.display()
        );
        return None;
    }
    let text = fs::read_to_string(&path).ok()?;
    text.lines().find_map(|line| of_line(line, settings)).map(SecretString::from)
}

fn file() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).filter(|one| !one.is_empty()).map(PathBuf::from);
    variable("PGPASSFILE").or_else(|| variable("HOME").map(|home| home.join(".pgpass")))
}

/// The password of a line, if the line is for these settings.
fn of_line(line: &str, settings: &Settings) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let fields = fields(line);
    let [host, port, database, user, password] = fields.as_slice() else { return None };
    let fits = |field: &Field, value: &str| field.is_any || field.text == value;
    let is_host = fits(host, &settings.host) || (settings.is_socket() && host.text == "localhost");
    let is_rest = fits(port, &settings.port.to_string())
        && fits(database, &settings.database)
        && fits(user, &settings.user);
    (is_host && is_rest).then(|| password.text.clone())
}

#[derive(Default)]
struct Field {
    text: String,
    /// Whether it is a `*` that was not escaped.
    is_any: bool,
}

/// The fields of a line. A backslash escapes a colon or a backslash; the fifth field takes the rest.
fn fields(line: &str) -> Vec<Field> {
    let mut fields = vec![Field::default()];
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        let count = fields.len();
        let Some(last) = fields.last_mut() else { break };
        match character {
            ':' if count < 5 => fields.push(Field::default()),
            '\\' => last.text.extend(characters.next()),
            other => {
                last.is_any = other == '*' && last.text.is_empty();
                last.text.push(other);
            }
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(line: &str, address: &str) -> Option<String> {
        let settings = Settings::parse(address, |_| None).ok().unwrap();
        of_line(line, &settings)
    }

    #[test]
    fn a_line_fits_by_all_of_its_fields() {
        let address = "//me@h/d";
        assert_eq!(password("h:5432:d:me:secret", address).unwrap(), "secret");
        assert_eq!(password("*:*:*:*:a:b", address).unwrap(), "a:b");
        assert_eq!(password(r"*:*:*:*:a\:b\\c", address).unwrap(), r"a:b\c");
        assert_eq!(password("h:5432:d:you:secret", address), None);
        assert_eq!(password("h:1:d:me:secret", address), None);
        assert_eq!(password(r"\*:*:*:*:secret", address), None);
        assert_eq!(password("#*:*:*:*:secret", address), None);
        assert_eq!(password("h:5432:d:me", address), None);
        let socket = "//me@/d?host=/run/x";
        assert_eq!(password("localhost:*:d:me:secret", socket).unwrap(), "secret");
        assert_eq!(password("/run/x:*:d:me:secret", socket).unwrap(), "secret");
    }
}
