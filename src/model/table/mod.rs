//! The definition of a table, from which everything else about it is derived.

mod column;
pub mod ddl;
mod lenient;
pub mod postgres;
mod sink;

pub use column::{Column, ColumnInfo, Personal};
pub use lenient::Lenient;
pub use sink::{MAX_COLUMNS, Sink, Written, write_row, write_rows, write_with_parts};

/// The logical type of a column, with one SQLite and one Arrow counterpart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A string.
    Text,
    /// JSON text, digit for digit as received.
    Json,
    /// A 64-bit signed integer.
    Int,
    /// A 64-bit floating-point number.
    Real,
    /// True or false.
    Bool,
    /// A time in UTC, to the millisecond.
    Time,
}

/// One cell, borrowed from the API object it was read from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Not known or not set; never zero.
    Null,
    /// A [`Type::Text`] or [`Type::Json`] cell.
    Text(&'a str),
    /// A [`Type::Int`] cell.
    Int(i64),
    /// A [`Type::Real`] cell.
    Real(f64),
    /// A [`Type::Bool`] cell.
    Bool(bool),
    /// A [`Type::Time`] cell: milliseconds since 1970 in UTC.
    Time(i64),
}

/// A table: its name, its meaning, its key and its columns.
pub trait Table: Sized + Sync + 'static {
    /// One row, borrowing from the API object it is read from.
    type Row<'a>;

    /// The table's name, plural.
    const NAME: &'static str;
    /// The meaning of one row, in one sentence.
    const DOC: &'static str;
    /// The primary key.
    const KEY: &'static [&'static str];
    /// The table whose rows contain this one's rows: they are replaced together.
    const PART_OF: Option<&'static str> = None;
    /// Other tables whose primary key this table carries under the same names.
    const PARENTS: &'static [&'static str] = &[];
    /// The column that tells which of two copies of a row is newer.
    const VERSION: Option<&'static str> = None;
    /// The time of creation, which tells an object from an earlier one with the same key.
    const CREATED: Option<&'static str> = None;
    /// Whether rows of earlier extractions are kept, because a run reads only new rows.
    const ACCUMULATES: bool = false;
    /// Whether a SQLite output keeps every version of each row, in `<table>_history`.
    const HISTORY: bool = false;
    /// A SQL condition that every row must meet, for a table that users may change.
    const CHECK: Option<&'static str> = None;
    /// The columns, in order.
    const COLUMNS: &'static [Column<Self>];

    /// The definition without the row type.
    fn info() -> TableInfo {
        TableInfo {
            name: Self::NAME,
            doc: Self::DOC,
            key: Self::KEY.to_vec(),
            part_of: Self::PART_OF,
            parents: Self::PARENTS,
            version: Self::VERSION,
            created: Self::CREATED,
            accumulates: Self::ACCUMULATES,
            check: Self::CHECK,
            history: Self::HISTORY,
            columns: Self::COLUMNS.iter().map(|column| column.info).collect(),
        }
    }
}

/// A table's definition without its row type; see [`Table`] for the fields.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(missing_docs, reason = "each field is the constant of the same name in `Table`")]
pub struct TableInfo {
    pub name: &'static str,
    pub doc: &'static str,
    pub key: Vec<&'static str>,
    pub part_of: Option<&'static str>,
    pub parents: &'static [&'static str],
    pub version: Option<&'static str>,
    pub created: Option<&'static str>,
    pub accumulates: bool,
    pub check: Option<&'static str>,
    pub history: bool,
    pub columns: Vec<ColumnInfo>,
}

impl TableInfo {
    /// Every table that this one refers to by carrying its primary key.
    pub fn references(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.part_of.into_iter().chain(self.parents.iter().copied())
    }

    /// The position of the column called `name`.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}
