//! What a table is. Everything else about it is derived from here.

use serde_json::value::RawValue;

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

/// A field that decides nothing: where LaunchDarkly sends another type than it documents, the
/// column is NULL, and that is counted; the run goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lenient<T> {
    /// What the field holds.
    Value(T),
    /// The field is there, but empty: an identifier `""`, a time `0`.
    Unset,
    /// The field holds another type than the documented one, or more than the type can; or it is
    /// missing although it is documented as always there.
    #[default]
    Unexpected,
}

impl<T> Lenient<T> {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Lenient::Value(value) => Some(value),
            Lenient::Unset | Lenient::Unexpected => None,
        }
    }

    /// The same state, with what `form` makes of the value.
    pub fn map<'a, U>(&'a self, form: impl FnOnce(&'a T) -> U) -> Lenient<U> {
        match self {
            Lenient::Value(value) => Lenient::Value(form(value)),
            Lenient::Unset => Lenient::Unset,
            Lenient::Unexpected => Lenient::Unexpected,
        }
    }
}

/// What a column's reader found.
enum Cell<'a> {
    Value(Value<'a>),
    Unexpected,
}

impl<'a> Cell<'a> {
    fn lenient<T>(field: Option<Lenient<T>>, form: impl FnOnce(T) -> Value<'a>) -> Self {
        match field {
            Some(Lenient::Value(value)) => Cell::Value(form(value)),
            Some(Lenient::Unexpected) => Cell::Unexpected,
            Some(Lenient::Unset) | None => Cell::Value(Value::Null),
        }
    }
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
    LenientText(for<'r, 'a> fn(&'r T::Row<'a>) -> Option<Lenient<&'r str>>),
    LenientJson(for<'r, 'a> fn(&'r T::Row<'a>) -> Option<Lenient<&'r RawValue>>),
    LenientInt(fn(&T::Row<'_>) -> Option<Lenient<i64>>),
    LenientBool(fn(&T::Row<'_>) -> Option<Lenient<bool>>),
    LenientTime(fn(&T::Row<'_>) -> Option<Lenient<i64>>),
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
    /// Whether it is NULL as well where LaunchDarkly sent another type than it documents.
    pub lenient: bool,
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
    ($($(#[$doc:meta])* $name:ident: $variant:ident, $ty:ident, $nullable:literal, $lenient:literal, ($($read:tt)*);)*) => {
        impl<T: Table> Column<T> {
            $($(#[$doc])*
            pub const fn $name(
                name: &'static str,
                source: &'static str,
                doc: &'static str,
                read: $($read)*,
            ) -> Self {
                let (ty, nullable, lenient) = (Type::$ty, $nullable, $lenient);
                let (personal, volatile) = (Personal::No, false);
                let info =
                    ColumnInfo { name, source, doc, ty, nullable, lenient, personal, volatile };
                Column { info, read: Read::$variant(read) }
            })*
        }
    };
}

constructors! {
    /// A string that is always there.
    text:     Text,    Text, false, false, (for<'r, 'a> fn(&'r T::Row<'a>) -> &'r str);
    /// A string that may be missing.
    text_opt: TextOpt, Text, true, false,  (for<'r, 'a> fn(&'r T::Row<'a>) -> Option<&'r str>);
    /// JSON text that is always there.
    json:     Json,    Json, false, false, (for<'r, 'a> fn(&'r T::Row<'a>) -> &'r str);
    /// JSON text that may be missing.
    json_opt: JsonOpt, Json, true, false,  (for<'r, 'a> fn(&'r T::Row<'a>) -> Option<&'r str>);
    /// An integer that is always there.
    int:      Int,     Int,  false, false, (fn(&T::Row<'_>) -> i64);
    /// An integer that may be missing.
    int_opt:  IntOpt,  Int,  true, false,  (fn(&T::Row<'_>) -> Option<i64>);
    /// A number that is always there.
    real:     Real,    Real, false, false, (fn(&T::Row<'_>) -> f64);
    /// A boolean that is always there.
    bool:     Bool,    Bool, false, false, (fn(&T::Row<'_>) -> bool);
    /// A boolean that may be missing.
    bool_opt: BoolOpt, Bool, true, false,  (fn(&T::Row<'_>) -> Option<bool>);
    /// A moment (milliseconds since 1970, UTC) that is always there.
    time:     Time,    Time, false, false, (fn(&T::Row<'_>) -> i64);
    /// A moment (milliseconds since 1970, UTC) that may be missing.
    time_opt: TimeOpt, Time, true, false,  (fn(&T::Row<'_>) -> Option<i64>);
    /// A string that decides nothing.
    lenient_text: LenientText, Text, true, true, (for<'r, 'a> fn(&'r T::Row<'a>) -> Option<Lenient<&'r str>>);
    /// JSON text that decides nothing.
    lenient_json: LenientJson, Json, true, true, (for<'r, 'a> fn(&'r T::Row<'a>) -> Option<Lenient<&'r RawValue>>);
    /// An integer that decides nothing.
    lenient_int:  LenientInt,  Int,  true, true, (fn(&T::Row<'_>) -> Option<Lenient<i64>>);
    /// A boolean that decides nothing.
    lenient_bool: LenientBool, Bool, true, true, (fn(&T::Row<'_>) -> Option<Lenient<bool>>);
    /// A moment that decides nothing.
    lenient_time: LenientTime, Time, true, true, (fn(&T::Row<'_>) -> Option<Lenient<i64>>);
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

    fn cell<'r>(&self, row: &'r T::Row<'_>) -> Cell<'r> {
        let value = match self.read {
            Read::Text(read) | Read::Json(read) => Value::Text(read(row)),
            Read::TextOpt(read) | Read::JsonOpt(read) => read(row).map_or(Value::Null, Value::Text),
            Read::Int(read) => Value::Int(read(row)),
            Read::IntOpt(read) => read(row).map_or(Value::Null, Value::Int),
            Read::Real(read) => Value::Real(read(row)),
            Read::Bool(read) => Value::Bool(read(row)),
            Read::BoolOpt(read) => read(row).map_or(Value::Null, Value::Bool),
            Read::Time(read) => Value::Time(read(row)),
            Read::TimeOpt(read) => read(row).map_or(Value::Null, Value::Time),
            Read::LenientText(read) => return Cell::lenient(read(row), Value::Text),
            Read::LenientJson(read) => {
                return Cell::lenient(read(row), |json| Value::Text(json.get()));
            }
            Read::LenientInt(read) => return Cell::lenient(read(row), Value::Int),
            Read::LenientBool(read) => return Cell::lenient(read(row), Value::Bool),
            Read::LenientTime(read) => return Cell::lenient(read(row), Value::Time),
        };
        Cell::Value(value)
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

    /// Notes that `column` of the row just written is NULL because LaunchDarkly sent another type
    /// than it documents.
    ///
    /// # Errors
    /// When the destination cannot note it.
    fn note_unexpected(
        &mut self,
        table: &'static str,
        column: &'static str,
        cells: &[Value<'_>],
    ) -> Result<()> {
        let _ = (table, column, cells);
        Ok(())
    }

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
    let mut unexpected: u64 = 0;
    for (index, (cell, column)) in cells.iter_mut().zip(T::COLUMNS).enumerate() {
        match column.cell(row) {
            Cell::Value(value) => *cell = value,
            Cell::Unexpected => unexpected |= 1 << index,
        }
    }
    let cells = &cells[..T::COLUMNS.len()];
    let written = sink.write(T::NAME, cells)?;
    if unexpected > 0 && written == Written::Fresh {
        let columns = T::COLUMNS.iter().enumerate();
        let columns = columns.filter(|(index, _)| unexpected & (1 << index) != 0);
        columns
            .into_iter()
            .try_for_each(|(_, column)| sink.note_unexpected(T::NAME, column.info.name, cells))?;
    }
    Ok(written)
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
