//! The address of a SQLite file.

use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Sqlite;
use super::place::check_file;
use crate::Result;
use crate::destinations::address::Address;
use crate::destinations::address::parse::{Meant, Parsed, place};
use crate::destinations::contract::{Capabilities, Destination, Place};
use crate::destinations::new_file::NewFile;

use crate::destinations::Kind;
use crate::destinations::previous::Previous;
use crate::system::files;
use crate::system::interrupt::Interrupt;

/// `sqlite:PATH`, or a path that ends in `.db`, `.sqlite` or `.sqlite3`.
pub(in crate::destinations) const KIND: Kind = Kind {
    schemes: &["sqlite"],
    parse,
    of_path,
    capabilities: Capabilities {
        name: "SQLite",
        keeps_history: true,
        keeps_extractions: false,
        has_views: true,
    },
};

/// One SQLite file.
#[derive(Debug)]
struct File(PathBuf);

/// The address of the file at `path`.
pub(in crate::destinations) fn at(path: PathBuf) -> Address {
    Address::new(File(path))
}

fn of_path(path: &str) -> Option<Address> {
    let extension = Path::new(path).extension().and_then(|one| one.to_str());
    let is_database = matches!(extension, Some("db" | "sqlite" | "sqlite3"));
    is_database.then(|| at(path.into()))
}

/// Parses the text after `sqlite:`.
fn parse(text: &str) -> Parsed<Address> {
    parse_path(text).map(at)
}

/// The path after `sqlite:`.
fn parse_path(text: &str) -> Parsed<PathBuf> {
    if text.trim().is_empty() {
        return Err(Meant::Rule("there is no path after `sqlite:`"));
    }
    if let Some(rest) = text.strip_prefix("//") {
        let (relative, absolute) = (place("sqlite:", rest), place("sqlite:/", rest));
        return Err(Meant::Quoting(format!(
            "a path follows `sqlite:`: `{relative}`, or absolute `{absolute}`"
        )));
    }
    // SQLite gives these a meaning other than the path of a file.
    if text.starts_with(':') || text.starts_with("file:") || text.contains("://") {
        return Err(Meant::Rule("a path to a file follows `sqlite:`"));
    }
    Ok(text.into())
}

impl Display for File {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0.display())
    }
}

impl Place for File {
    fn capabilities(&self) -> Capabilities {
        KIND.capabilities
    }

    fn resolved(&self) -> Option<Address> {
        files::resolve(&self.0).ok().map(at)
    }

    fn beside(&self, what: &str) -> PathBuf {
        files::beside(&self.0, what)
    }

    fn local_folder(&self) -> Option<PathBuf> {
        Some(files::folder(&self.0).to_owned())
    }

    fn check(&self) -> Result<()> {
        check_file(&self.0).map(drop)
    }

    fn remove_remains(&self) {
        NewFile::remove_remains(&self.0);
    }

    fn open(&self, patience: Duration, interrupt: &Interrupt) -> Result<Box<dyn Destination>> {
        Ok(Box::new(Sqlite::check(&self.0, patience, interrupt)?))
    }

    fn previous(&self, patience: Duration, interrupt: &Interrupt) -> Result<Previous> {
        Ok(Sqlite::check(&self.0, patience, interrupt)?.previous())
    }

    fn report_input(&self) -> Option<&Path> {
        Some(&self.0)
    }

    fn input(&self) -> Option<String> {
        Some(self.to_string())
    }
}
