//! Columns. A column's constructor fixes its type, its nullability and the function that reads it.

use serde_json::value::RawValue;

use super::lenient::{Cell, Lenient};
use super::{Table, Type, Value};

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

    pub(super) fn cell<'r>(&self, row: &'r T::Row<'_>) -> Cell<'r> {
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
