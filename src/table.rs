//! What a table is. Everything else about it is derived from here.

use crate::Result;

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
    /// A moment in UTC, to the millisecond.
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

/// How to read a column from a row.
///
/// The variant fixes the column's type and nullability, so the declared schema and the
/// extracted value cannot disagree.
enum Read<T: Table> {
    Text(for<'r, 'a> fn(&'r T::Row<'a>) -> &'r str),
    TextOpt(for<'r, 'a> fn(&'r T::Row<'a>) -> Option<&'r str>),
    Json(for<'r, 'a> fn(&'r T::Row<'a>) -> &'r str),
    JsonOpt(for<'r, 'a> fn(&'r T::Row<'a>) -> Option<&'r str>),
    Int(fn(&T::Row<'_>) -> i64),
    IntOpt(fn(&T::Row<'_>) -> Option<i64>),
    Real(fn(&T::Row<'_>) -> f64),
    Bool(fn(&T::Row<'_>) -> bool),
    BoolOpt(fn(&T::Row<'_>) -> Option<bool>),
    Time(fn(&T::Row<'_>) -> i64),
    TimeOpt(fn(&T::Row<'_>) -> Option<i64>),
}

/// What a column says about people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personal {
    /// Nothing.
    No,
    /// All of it is about one person: an address, a name.
    Whole,
    /// It may mention people by their addresses, such as the statements of a policy.
    Mentions,
}

/// The part of a column that schemas and documents are made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColumnInfo {
    /// The column's name, the same in every output.
    pub name: &'static str,
    /// The documented API field it holds (`Schema.field`), or `-` where flaglake makes it.
    pub source: &'static str,
    /// What it means, in one sentence.
    pub doc: &'static str,
    /// Its logical type.
    pub ty: Type,
    /// Whether it may be NULL: not known, or not set.
    pub nullable: bool,
    /// What it says about people.
    pub personal: Personal,
    /// Whether it may change without the row becoming another: see [`Column::volatile`].
    pub volatile: bool,
}

/// A column: one line that names it, explains it and reads it from a row.
pub struct Column<T: Table> {
    /// Its definition.
    pub info: ColumnInfo,
    read: Read<T>,
}

/// Declares one constructor per column type.
macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident: $variant:ident, $ty:ident, $nullable:literal, ($($read:tt)*);)*) => {
        impl<T: Table> Column<T> {
            $($(#[$doc])*
            pub const fn $name(
                name: &'static str,
                source: &'static str,
                doc: &'static str,
                read: $($read)*,
            ) -> Self {
                let (ty, nullable) = (Type::$ty, $nullable);
                let personal = Personal::No;
                let info = ColumnInfo { name, source, doc, ty, nullable, personal, volatile: false };
                Column { info, read: Read::$variant(read) }
            })*
        }
    };
}

constructors! {
    /// A string that is always there.
    text:     Text,    Text, false, (for<'r, 'a> fn(&'r T::Row<'a>) -> &'r str);
    /// A string that may be missing.
    text_opt: TextOpt, Text, true,  (for<'r, 'a> fn(&'r T::Row<'a>) -> Option<&'r str>);
    /// JSON text that is always there.
    json:     Json,    Json, false, (for<'r, 'a> fn(&'r T::Row<'a>) -> &'r str);
    /// JSON text that may be missing.
    json_opt: JsonOpt, Json, true,  (for<'r, 'a> fn(&'r T::Row<'a>) -> Option<&'r str>);
    /// An integer that is always there.
    int:      Int,     Int,  false, (fn(&T::Row<'_>) -> i64);
    /// An integer that may be missing.
    int_opt:  IntOpt,  Int,  true,  (fn(&T::Row<'_>) -> Option<i64>);
    /// A number that is always there.
    real:     Real,    Real, false, (fn(&T::Row<'_>) -> f64);
    /// A boolean that is always there.
    bool:     Bool,    Bool, false, (fn(&T::Row<'_>) -> bool);
    /// A boolean that may be missing.
    bool_opt: BoolOpt, Bool, true,  (fn(&T::Row<'_>) -> Option<bool>);
    /// A moment (milliseconds since 1970, UTC) that is always there.
    time:     Time,    Time, false, (fn(&T::Row<'_>) -> i64);
    /// A moment (milliseconds since 1970, UTC) that may be missing.
    time_opt: TimeOpt, Time, true,  (fn(&T::Row<'_>) -> Option<i64>);
}

impl<T: Table> Column<T> {
    /// Marks a column that identifies a person.
    #[must_use]
    pub const fn personal(mut self) -> Self {
        self.info.personal = Personal::Whole;
        self
    }

    /// Marks a column whose text may mention people by their addresses.
    #[must_use]
    pub const fn mentions_people(mut self) -> Self {
        self.info.personal = Personal::Mentions;
        self
    }

    /// Marks a column that does not make a new version of its row ([`Table::HISTORY`]) by changing
    /// alone: what moves with traffic; what counts or dates changes that other columns show, or
    /// that are no change of this row (LaunchDarkly counts a flag's version up in all of its
    /// environments, and in one of them for a rule, which has a table of its own); and what
    /// follows from other objects, such as a maintainer's address, or LaunchDarkly's verdict on a
    /// flag. A version holds the value that such a column had when the version was first seen.
    #[must_use]
    pub const fn volatile(mut self) -> Self {
        self.info.volatile = true;
        self
    }

    fn value<'r>(&self, row: &'r T::Row<'_>) -> Value<'r> {
        match self.read {
            Read::Text(read) | Read::Json(read) => Value::Text(read(row)),
            Read::TextOpt(read) | Read::JsonOpt(read) => read(row).map_or(Value::Null, Value::Text),
            Read::Int(read) => Value::Int(read(row)),
            Read::IntOpt(read) => read(row).map_or(Value::Null, Value::Int),
            Read::Real(read) => Value::Real(read(row)),
            Read::Bool(read) => Value::Bool(read(row)),
            Read::BoolOpt(read) => read(row).map_or(Value::Null, Value::Bool),
            Read::Time(read) => Value::Time(read(row)),
            Read::TimeOpt(read) => read(row).map_or(Value::Null, Value::Time),
        }
    }
}

/// A table: its name, its meaning, its key and its columns.
pub trait Table: Sized + Sync + 'static {
    /// One row, borrowing from the API object it is read from.
    type Row<'a>;

    /// The table's name, plural.
    const NAME: &'static str;
    /// What one row is, in one sentence.
    const DOC: &'static str;
    /// The primary key.
    const KEY: &'static [&'static str];
    /// The table whose row this one's rows are a part of: they are replaced together.
    const PART_OF: Option<&'static str> = None;
    /// Other tables whose primary key this table carries under the same names.
    const PARENTS: &'static [&'static str] = &[];
    /// The column that tells which of two sightings of a row is newer.
    const VERSION: Option<&'static str> = None;
    /// The column that tells an object from an earlier one with the same key: when it was created.
    const CREATED: Option<&'static str> = None;
    /// Whether rows of earlier extractions stay: what is read is only what is new.
    const ACCUMULATES: bool = false;
    /// Whether a SQLite output keeps every version of each row, in `<table>_history`.
    const HISTORY: bool = false;
    /// A condition in SQL that every row fulfils, where people may change rows.
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

/// What became of a row that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// The row is new, or newer than the one that was there: its parts must be written too.
    Fresh,
    /// The row that was there is as new or newer, and stays with its parts.
    Kept,
    /// The row is one of an object that was deleted: another with its key has taken its place.
    Outdated,
}

/// A destination for rows. One virtual call a row; none a cell.
pub trait Sink {
    /// Writes one row. A row that replaces an older one takes that one's parts away with it.
    ///
    /// # Errors
    /// When the destination refuses the row.
    fn write(&mut self, table: &'static str, cells: &[Value<'_>]) -> Result<Written>;

    /// Whether rows of `table` are wanted: they may be costly to make.
    fn wants(&self, table: &str) -> bool;
}

/// The most columns a table may have; a row is built on the stack.
pub const MAX_COLUMNS: usize = 48;

/// Writes one row of `T`.
///
/// # Errors
/// When the sink refuses the row.
pub fn write_row<T: Table>(sink: &mut dyn Sink, row: &T::Row<'_>) -> Result<Written> {
    let mut cells = [Value::Null; MAX_COLUMNS];
    for (cell, column) in cells.iter_mut().zip(T::COLUMNS) {
        *cell = column.value(row);
    }
    sink.write(T::NAME, &cells[..T::COLUMNS.len()])
}

/// Writes rows of `T`.
///
/// # Errors
/// When the sink refuses a row.
pub fn write_rows<'a, T: Table>(
    sink: &mut dyn Sink,
    rows: impl IntoIterator<Item = T::Row<'a>>,
) -> Result<()> {
    rows.into_iter().try_for_each(|row| write_row::<T>(sink, &row).map(drop))
}
