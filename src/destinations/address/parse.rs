//! Reads the address of an output or an input, such as `sqlite:PATH`.

use std::path::PathBuf;
use std::str::FromStr;

use super::Address;
use crate::destinations::parquet::bucket::SCHEMES;
use crate::destinations::{REGISTRY, sqlite};
use crate::error::redact;
use crate::terminal::address::refuse;
pub(in crate::destinations) use crate::terminal::address::{Meant, Parsed};
use crate::terminal::values::trim_path;
use crate::{Error, Result};

const FORMS: &str = "use `sqlite:PATH`, `parquet:FOLDER`, `parquet:s3://bucket/prefix` (`gs://` \
                     and `az://` likewise), `delta:` in place of `parquet:`, `postgres://HOST/DATABASE?schema=NAME`, or a path that \
                     ends in .db, .sqlite or .sqlite3";

impl FromStr for Address {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parsed = match scheme(trim_path(text)) {
            Some((scheme, place)) => registered(scheme, place),
            None => path(text).and_then(|_| of_path(trim_path(text))),
        };
        parsed.map_err(|meant| refuse(text, "an output", &meant).hint(FORMS))
    }
}

/// Parses the address of an output to read. A path without a scheme is a SQLite database, whatever
/// its name ends in.
///
/// # Errors
/// `usage` when it is anything else.
pub fn parse_input(text: &str) -> Result<Address> {
    let parsed = match scheme(trim_path(text)) {
        Some((scheme, place)) => registered(scheme, place),
        None => path(text).map(sqlite::at),
    };
    parsed.map_err(|meant| refuse(text, "an input", &meant))
}

/// Whether a scheme is one of outputs.
fn is_output(scheme: &str) -> bool {
    REGISTRY.iter().any(|kind| kind.schemes.contains(&scheme))
}

/// The address in the destination that `scheme` names.
fn registered(scheme: &str, place: &str) -> Parsed<Address> {
    let kind = REGISTRY.iter().find(|kind| kind.schemes.contains(&scheme));
    kind.map_or_else(|| Err(unknown(scheme, place)), |kind| (kind.parse)(place))
}

/// The address that a path without a scheme is.
fn of_path(path: &str) -> Parsed<Address> {
    REGISTRY.iter().find_map(|kind| (kind.of_path)(path)).ok_or(Meant::Rule(""))
}

/// The scheme that `text` starts with, and what follows it. A colon after a slash or a drive letter
/// belongs to a path.
pub(in crate::destinations) fn scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, place) = text.trim_start().split_once(':')?;
    let is_part = |character: char| character.is_ascii_alphanumeric() || "+.-_".contains(character);
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(is_part);
    let is_drive = scheme.len() == 1 && place.starts_with(['\\', '/']) && !place.starts_with("//");
    (is_scheme && !is_drive).then_some((scheme, place))
}

fn path(text: &str) -> Parsed<PathBuf> {
    let text = trim_path(text);
    match text.strip_prefix("//") {
        Some(rest) => {
            Err(Meant::Quoting(format!("for an absolute path, write `{}`", place("/", rest))))
        }
        None if text.is_empty() => Err(Meant::Rule("it is empty")),
        None if text.contains("://") => Err(Meant::Rule("it is an address, not a path")),
        None => Ok(text.into()),
    }
}

/// The address to suggest: `rest` without the slashes at its start.
pub(in crate::destinations) fn place(start: &str, rest: &str) -> String {
    redact::value(&format!("{start}{}", rest.trim_start_matches('/')))
}

fn unknown(scheme: &str, rest: &str) -> Meant {
    Meant::Quoting(suggestion(scheme, rest))
}

fn suggestion(scheme: &str, rest: &str) -> String {
    let lower = scheme.to_ascii_lowercase();
    if is_output(&lower) {
        return format!("write `{}`", redact::value(&format!("{lower}:{rest}")));
    }
    if SCHEMES.contains(&lower.as_str()) {
        let bucket = place(&format!("parquet:{lower}://"), rest);
        return format!("for Parquet files in a bucket, write `{bucket}`");
    }
    let known = format!("`{scheme}:` is not a known scheme");
    if rest.is_empty() || rest.starts_with("//") {
        return known;
    }
    let (file, path) = (place("sqlite:", rest), redact::value(&format!("./{scheme}:{rest}")));
    format!("{known}; for a SQLite file, write `{file}`, or `{path}` if the colon is in its name")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_documented_form_is_understood() {
        let parse = |text: &str| text.parse::<Address>().unwrap().to_string();
        assert_eq!(parse("sqlite:a/b"), "a/b");
        assert_eq!(parse("lake.sqlite3"), "lake.sqlite3");
        assert_eq!(parse("x/lake.db"), "x/lake.db");
        assert_eq!(parse("parquet:lake"), "lake/");
        assert_eq!(parse("parquet:s3://bucket/prefix"), "s3://bucket/prefix");
        assert_eq!(parse("delta:lake"), "lake/");
        assert_eq!(parse("delta:s3://bucket/prefix"), "s3://bucket/prefix");
    }

    #[test]
    fn anything_else_is_a_usage_error_with_the_forms() {
        for text in [
            "",
            "lake",
            "sqlite:",
            "sqlite::memory:",
            "sqlite:file:x",
            "csv:lake",
            "parquet:ftp://x/y",
            "parquet:",
            "duckdb:x.db",
            "sqlite3:x.db",
            "postgres:x",
            "dir/postgres://h/x.db",
            "//x.db",
            "parquet:s3://",
            "delta:",
        ] {
            let error = text.parse::<Address>().unwrap_err();
            assert_eq!(error.kind(), crate::error::Kind::Usage, "{text}");
            assert!(error.advice().unwrap().contains("sqlite:PATH"), "{text}");
        }
    }

    #[test]
    fn a_form_that_is_nearly_right_says_what_is_meant() {
        for (text, meant) in [
            ("sqlite://x.db", "`sqlite:x.db`"),
            ("sqlite://x.db", "`sqlite:/x.db`"),
            ("sqlite:///abs/x.db", "`sqlite:/abs/x.db`"),
            ("SQLite:x.db", "`sqlite:x.db`"),
            ("duckdb:x.db", "`sqlite:x.db`"),
            ("sqlite3:x.db", "`sqlite:x.db`"),
            ("sqlite3:x.db", "`./sqlite3:x.db`"),
            ("//abs/x.db", "`/abs/x.db`"),
            ("parquet://lake", "`parquet:lake`"),
            ("parquet:///abs/lake", "`parquet:/abs/lake`"),
            ("parquet:s3:bucket", "`parquet:s3://bucket`"),
            ("parquet:s3:/bucket/x", "`parquet:s3://bucket/x`"),
            ("s3://bucket/x", "`parquet:s3://bucket/x`"),
            ("gs:bucket", "`parquet:gs://bucket`"),
            ("parquet:a:b", "`parquet:./a:b`"),
            ("delta://lake", "`delta:lake`"),
            ("delta:s3:bucket", "`delta:s3://bucket`"),
            ("parquet:s3://key:secret@bucket", "credentials"),
        ] {
            let error = text.parse::<Address>().unwrap_err();
            assert!(error.to_string().contains(meant), "{text}: {error}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn no_suggestion_holds_a_password() {
        let starts = [
            "", "sqlite:", "parquet:", "delta:", "SQLite:", "Parquet:", "duckdb:", "s3:", "//", " ",
        ];
        let starts = starts.iter().flat_map(|start| [start.to_string(), format!("{start}//")]);
        for start in starts.chain(["sqlite:sqlite:".into(), "parquet:s3:".into()]) {
            for user in ["admin:", "hunter2:", "a.b:", "DOMAIN\\admin:", "x1:"] {
                for end in ["@db.example.com/flags", "@host", "@h:5432/x.db", "%40host/x", "@h//x"]
                {
                    let text = format!("{start}{user}hunter2{end}");
                    let said = text.parse::<Address>().map_err(|error| error.to_string());
                    let input = parse_input(&text).map_err(|error| error.to_string());
                    for error in said.err().iter().chain(input.err().iter()) {
                        assert!(!error.contains("hunter2"), "{text}: {error}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_colon_after_a_slash_or_a_drive_belongs_to_a_path() {
        for text in ["./a:b.db", "dir/a:b.db", "/abs/sqlite:x.db", "C:\\lake\\x.db", "2026:x.db"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
            assert_eq!(parse_input(text).unwrap().to_string(), text);
        }
        assert_eq!("parquet:./a:b".parse::<Address>().unwrap().to_string(), "./a:b/");
        assert_eq!("sqlite:a:b".parse::<Address>().unwrap().to_string(), "a:b");
        assert_eq!("\u{feff}sqlite:a:b\r\n".parse::<Address>().unwrap().to_string(), "a:b");
    }

    #[test]
    fn an_input_is_any_output_or_the_path_of_a_database() {
        for (text, path) in [("any/name", "any/name"), ("sqlite:x", "x")] {
            let input = parse_input(text).unwrap();
            assert_eq!(input.report_input(), Some(Path::new(path)), "{text}");
        }
        let lake = parse_input("parquet:lake").unwrap();
        assert_eq!((lake.to_string().as_str(), lake.report_input()), ("lake/", None));
        for text in ["", "sqlite:", "sqlite://x.db", "//x.db", "duckdb:x.db", "s3://bucket/x"] {
            assert!(parse_input(text).is_err(), "{text}");
        }
    }
}
