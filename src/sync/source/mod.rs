//! Where rows come from. One file for each kind of source; `REGISTRY` lists them.

mod arrow;
mod csv;
mod jsonl;
mod object;
mod parquet;
mod sqlite;

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use futures::future::LocalBoxFuture;

use super::cell::Cell;
use crate::error::{Kind, redact};
use crate::terminal::values::trim_path;
use crate::{Error, Result};

/// Takes the cells of one row.
pub type Each<'e> = dyn FnMut(&[Cell<'_>]) -> Result<()> + 'e;

/// A source that is open: its rows can be read once.
pub trait Rows {
    /// The names of the columns; `None` where each row names its own.
    fn columns(&self) -> Option<&[String]>;

    /// Reads all rows, and gives the cells of the columns `wanted` to `each`, in this order.
    ///
    /// # Errors
    /// `usage` when the source cannot be read to its end; and those of `each`.
    fn read<'r>(
        self: Box<Self>,
        wanted: &'r [String],
        each: &'r mut Each<'_>,
    ) -> LocalBoxFuture<'r, Result<()>>;
}

/// A source that is read without waiting for anything else.
trait Blocking {
    /// As for [`Rows::columns`].
    fn columns(&self) -> Option<&[String]>;

    /// As for [`Rows::read`].
    fn read(self, wanted: &[String], each: &mut Each<'_>) -> Result<()>;
}

impl<B: Blocking + 'static> Rows for B {
    fn columns(&self) -> Option<&[String]> {
        Blocking::columns(self)
    }

    fn read<'r>(
        self: Box<Self>,
        wanted: &'r [String],
        each: &'r mut Each<'_>,
    ) -> LocalBoxFuture<'r, Result<()>> {
        Box::pin(async move { Blocking::read(*self, wanted, each) })
    }
}

/// What to read from a database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selected {
    /// Everything: for sources that are one table.
    #[default]
    All,
    /// The table or view of this name.
    Table(String),
    /// The rows of a query.
    Query(String),
}

/// Opens the source at a place.
type Open = for<'o> fn(&'o str, &'o Selected) -> LocalBoxFuture<'o, Result<Box<dyn Rows>>>;

/// A kind of source.
struct SourceKind {
    scheme: &'static str,
    /// The endings of paths that are of this kind without a scheme.
    endings: &'static [&'static str],
    /// Whether it is a database, so that a table or a query must be named.
    is_database: bool,
    /// Whether `-` is standard input.
    takes_standard_input: bool,
    open: Open,
}

/// All kinds of sources.
static REGISTRY: [SourceKind; 4] = [
    SourceKind {
        scheme: "sqlite",
        endings: &[".db", ".sqlite", ".sqlite3"],
        is_database: true,
        takes_standard_input: false,
        open: |place, selected| Box::pin(async move { sqlite::open(place, selected) }),
    },
    SourceKind {
        scheme: "parquet",
        endings: &[".parquet"],
        is_database: false,
        takes_standard_input: false,
        open: |place, _| Box::pin(parquet::open(place)),
    },
    SourceKind {
        scheme: "csv",
        endings: &[".csv"],
        is_database: false,
        takes_standard_input: true,
        open: |place, _| Box::pin(async move { csv::open(place) }),
    },
    SourceKind {
        scheme: "jsonl",
        endings: &[".jsonl", ".ndjson"],
        is_database: false,
        takes_standard_input: true,
        open: |place, _| Box::pin(async move { jsonl::open(place) }),
    },
];

const FORMS: &str = "use `sqlite:FILE` (with `--query` or `--table`), `parquet:FILE|FOLDER`, \
                     `parquet:s3://bucket/prefix`, `csv:FILE` or `jsonl:FILE` (`-` is standard \
                     input)";

/// The address of a source, such as `csv:users.csv`.
#[derive(Clone)]
pub struct Source {
    kind: &'static SourceKind,
    place: String,
}

impl fmt::Debug for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", redact::value(&format!("{}:{}", self.kind.scheme, self.place)))
    }
}

impl FromStr for Source {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let text = trim_path(text);
        let refuse = |reason: &str| {
            let shown = redact::value(text);
            Error::usage(format!("`{shown}` is not a source{reason}")).hint(FORMS)
        };
        let of_scheme = REGISTRY.iter().find_map(|kind| {
            let place = text.strip_prefix(kind.scheme)?.strip_prefix(':')?;
            Some((kind, place))
        });
        let of_ending = || {
            let ends = |kind: &&SourceKind| kind.endings.iter().any(|end| text.ends_with(end));
            REGISTRY.iter().find(ends).filter(|_| !text.contains(':')).map(|kind| (kind, text))
        };
        let (kind, place) = of_scheme.or_else(of_ending).ok_or_else(|| refuse(""))?;
        if place.is_empty() {
            return Err(refuse(": it names no file"));
        }
        if place == "-" && !kind.takes_standard_input {
            return Err(refuse(": only CSV and JSON Lines are read from standard input"));
        }
        Ok(Source { kind, place: place.to_owned() })
    }
}

impl Source {
    /// Whether the rows come from standard input.
    pub fn is_standard_input(&self) -> bool {
        self.place == "-"
    }

    /// The file or folder that the rows come from, if it is on this machine.
    pub fn path(&self) -> Option<&Path> {
        let is_file = !self.is_standard_input() && !self.place.contains("://");
        is_file.then(|| Path::new(&self.place))
    }

    /// Opens the source.
    ///
    /// # Errors
    /// `usage` when it cannot be read, or when `selected` does not fit it.
    pub async fn open(&self, selected: &Selected) -> Result<Box<dyn Rows>> {
        self.check(selected)?;
        (self.kind.open)(&self.place, selected).await
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

/// A value of bytes that are no text.
const NOT_TEXT: Cell<'static> = Cell::Other("bytes that are not UTF-8");

/// The error of a source that cannot be read.
fn unreadable(place: &str, reason: impl fmt::Display) -> Error {
    let place = redact::value(place);
    Error::new(Kind::Usage, format!("could not read `{place}`: {reason}"))
        .resource(place)
        .hint("nothing was sent; correct the source, and run again")
}

/// A file, or standard input.
fn reader(place: &str) -> Result<Box<dyn std::io::Read>> {
    if place == "-" {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    let file = std::fs::File::open(PathBuf::from(place));
    let file = file.map_err(|error| unreadable(place, error))?;
    Ok(Box::new(file))
}

#[cfg(test)]
mod tests;
