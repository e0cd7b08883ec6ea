//! The address of a source, such as `csv:users.csv`.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use super::{Place, REGISTRY, Rows, Selected, SourceKind, postgres};
use crate::error::redact;
use crate::postgres::password;
use crate::postgres::settings::Settings;
use crate::system::interrupt::Interrupt;
use crate::terminal::address::{Meant, refuse};
use crate::terminal::values::trim_path;
use crate::{Error, Result};

const FORMS: &str = "use `sqlite:FILE` or `postgres://USER@HOST/DATABASE` (with `--query` or \
                     `--table`), `parquet:FILE|FOLDER`, `parquet:s3://bucket/prefix`, `csv:FILE` or \
                     `jsonl:FILE` (`-` is standard input)";

/// The address of a source.
#[derive(Clone)]
pub struct Source {
    kind: &'static SourceKind,
    place: Place,
}

impl fmt::Debug for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Server(settings) => write!(formatter, "{}", settings.address()),
            Place::Files { path, .. } => {
                let scheme = self.kind.schemes.first().unwrap_or(&"");
                write!(formatter, "{}", redact::value(&format!("{scheme}:{path}")))
            }
        }
    }
}

impl FromStr for Source {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let text = trim_path(text);
        let refuse = |meant: Meant| refuse(text, "a source", &meant).hint(FORMS);
        let (kind, place) = kind_of(text).ok_or_else(|| refuse(Meant::Rule("")))?;
        if place.is_empty() {
            return Err(refuse(Meant::Rule("it names no file")));
        }
        if place == "-" && !kind.takes_standard_input {
            let only = "only CSV and JSON Lines are read from standard input";
            return Err(refuse(Meant::Rule(only)));
        }
        Ok(Source { kind, place: (kind.parse)(place).map_err(refuse)? })
    }
}

/// The kind that the scheme or the ending of `text` names, and the text after the scheme.
fn kind_of(text: &str) -> Option<(&'static SourceKind, &str)> {
    let of_scheme = |scheme: &str| REGISTRY.iter().find(|kind| kind.schemes.contains(&scheme));
    if let Some((scheme, place)) = text.split_once(':') {
        return of_scheme(scheme).map(|kind| (kind, place));
    }
    let ends = |kind: &&SourceKind| kind.endings.iter().any(|end| text.ends_with(end));
    REGISTRY.iter().find(ends).map(|kind| (kind, text))
}

impl Source {
    /// Whether the rows come from standard input.
    pub fn is_standard_input(&self) -> bool {
        matches!(&self.place, Place::Files { path, .. } if path == "-")
    }

    /// The file or folder that the rows come from, if it is on this machine.
    pub fn path(&self) -> Option<&Path> {
        match &self.place {
            Place::Files { path, .. } if path != "-" && !path.contains("://") => {
                Some(Path::new(path))
            }
            _ => None,
        }
    }

    /// Whether the address contains a password. An argument must not: every user of the machine can
    /// read it.
    pub fn has_password(&self) -> bool {
        matches!(&self.place, Place::Server(settings) if settings.password.is_some())
    }

    /// The same source, whose password is in `file`.
    ///
    /// # Errors
    /// `usage` where the file cannot be read, or the source takes no password.
    pub fn with_password_file(&self, file: &Path) -> Result<Self> {
        let Place::Server(settings) = &self.place else {
            return Err(Error::usage("`--postgres-password-file` is for PostgreSQL")
                .hint(format!("`{self}` takes no password")));
        };
        let from_file = Some(password::read(file)?);
        let settings = Settings { from_file, ..Settings::clone(settings) };
        Ok(Source { place: Place::Server(Box::new(settings)), ..self.clone() })
    }

    /// Opens the source. If the process is told to end while a server works, the server is told, too.
    ///
    /// # Errors
    /// `usage` when it cannot be read, or when `selected` does not fit it.
    pub async fn open(&self, selected: &Selected, interrupt: &Interrupt) -> Result<Box<dyn Rows>> {
        self.check(selected)?;
        match &self.place {
            Place::Files { path, open } => open(path, selected).await,
            Place::Server(settings) => postgres::open(settings, selected, interrupt).await,
        }
    }

    /// Checks what is to be read.
    ///
    /// # Errors
    /// `usage` when `selected` does not fit the source.
    pub fn check(&self, selected: &Selected) -> Result<()> {
        match (self.kind.is_database, selected) {
            (true, Selected::All) => Err(Error::usage(format!("what to read from `{self}`?"))
                .hint("name a table with `--table NAME`, or write a query with `--query SQL`")),
            (false, Selected::Table(_) | Selected::Query(_)) => {
                Err(Error::usage("`--table` and `--query` are for databases")
                    .hint(format!("`{self}` is read as one table")))
            }
            _ => Ok(()),
        }
    }
}
