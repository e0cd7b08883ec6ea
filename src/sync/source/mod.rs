//! Where rows come from. One file for each kind of source; `REGISTRY` lists them.

mod address;
mod arrow;
mod csv;
mod jsonl;
mod object;
mod parquet;
mod postgres;
mod sqlite;

use std::fmt;
use std::path::PathBuf;

use futures::future::LocalBoxFuture;

pub use self::address::Source;

use super::cell::Cell;
use crate::error::{Kind, redact};
use crate::postgres::settings::Settings;
use crate::terminal::address::Parsed;
use crate::terminal::values::variable;
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

/// Opens the file, folder or bucket at a place.
type Open = for<'o> fn(&'o str, &'o Selected) -> LocalBoxFuture<'o, Result<Box<dyn Rows>>>;

/// Where the rows of a source are.
#[derive(Clone)]
enum Place {
    /// A file, a folder or a bucket.
    Files { path: String, open: Open },
    /// A database server.
    Server(Box<Settings>),
}

/// A kind of source.
struct SourceKind {
    schemes: &'static [&'static str],
    /// The endings of paths that are of this kind without a scheme.
    endings: &'static [&'static str],
    /// Whether it is a database, so that a table or a query must be named.
    is_database: bool,
    /// Whether `-` is standard input.
    takes_standard_input: bool,
    /// Reads the text after the scheme.
    parse: fn(&str) -> Parsed<Place>,
}

/// All kinds of sources.
static REGISTRY: [SourceKind; 5] = [
    SourceKind {
        schemes: &["sqlite"],
        endings: &[".db", ".sqlite", ".sqlite3"],
        is_database: true,
        takes_standard_input: false,
        parse: |path| {
            files(path, |path, selected| Box::pin(async move { sqlite::open(path, selected) }))
        },
    },
    SourceKind {
        schemes: &["postgres", "postgresql"],
        endings: &[],
        is_database: true,
        takes_standard_input: false,
        parse: |text| {
            let settings = Settings::parse(text, |name| variable(name).ok().flatten())?;
            Ok(Place::Server(Box::new(settings)))
        },
    },
    SourceKind {
        schemes: &["parquet"],
        endings: &[".parquet"],
        is_database: false,
        takes_standard_input: false,
        parse: |path| files(path, |path, _| Box::pin(parquet::open(path))),
    },
    SourceKind {
        schemes: &["csv"],
        endings: &[".csv"],
        is_database: false,
        takes_standard_input: true,
        parse: |path| files(path, |path, _| Box::pin(async move { csv::open(path) })),
    },
    SourceKind {
        schemes: &["jsonl"],
        endings: &[".jsonl", ".ndjson"],
        is_database: false,
        takes_standard_input: true,
        parse: |path| files(path, |path, _| Box::pin(async move { jsonl::open(path) })),
    },
];

fn files(path: &str, open: Open) -> Parsed<Place> {
    Ok(Place::Files { path: path.to_owned(), open })
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
