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

/// Whether a column holds personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personal {
    /// It holds none.
    No,
    /// The whole value is about one person, such as an email address or a name.
    Whole,
    /// It may contain email addresses, such as the statements of a policy.
    Mentions,
}

/// The part of a column that schemas and documentation are generated from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColumnInfo {
    /// The column's name, the same in every output.
    pub name: &'static str,
    /// The documented API field it holds (`Schema.field`), or `-` where flaglake computes it.
    pub source: &'static str,
    /// Its meaning, in one sentence.
    pub doc: &'static str,
    /// Its logical type.
    pub ty: Type,
    /// Whether it may be NULL, that is unknown or not set.
    pub nullable: bool,
    /// Whether it is NULL, too, if LaunchDarkly sends another type than it documents.
    pub lenient: bool,
    /// Whether it holds personal data.
    pub personal: Personal,
    /// Whether a change of it alone makes no new version of the row: see [`Column::volatile`].
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
    /// A string that is never NULL.
    text:     Text,    Text, false, false, (for<'r, 'a> fn(&'r T::Row<'a>) -> &'r str);
    /// A string that may be NULL.
    text_opt: TextOpt, Text, true, false,  (for<'r, 'a> fn(&'r T::Row<'a>) -> Option<&'r str>);
    /// JSON text that is never NULL.
    json:     Json,    Json, false, false, (for<'r, 'a> fn(&'r T::Row<'a>) -> &'r str);
    /// JSON text that may be NULL.
    json_opt: JsonOpt, Json, true, false,  (for<'r, 'a> fn(&'r T::Row<'a>) -> Option<&'r str>);
    /// An integer that is never NULL.
    int:      Int,     Int,  false, false, (fn(&T::Row<'_>) -> i64);
    /// An integer that may be NULL.
    int_opt:  IntOpt,  Int,  true, false,  (fn(&T::Row<'_>) -> Option<i64>);
    /// A number that is never NULL.
    real:     Real,    Real, false, false, (fn(&T::Row<'_>) -> f64);
    /// A boolean that is never NULL.
    bool:     Bool,    Bool, false, false, (fn(&T::Row<'_>) -> bool);
    /// A boolean that may be NULL.
    bool_opt: BoolOpt, Bool, true, false,  (fn(&T::Row<'_>) -> Option<bool>);
    /// A time (milliseconds since 1970, UTC) that is never NULL.
    time:     Time,    Time, false, false, (fn(&T::Row<'_>) -> i64);
    /// A time (milliseconds since 1970, UTC) that may be NULL.
    time_opt: TimeOpt, Time, true, false,  (fn(&T::Row<'_>) -> Option<i64>);
    /// A lenient string: see [`Lenient`].
    lenient_text: LenientText, Text, true, true, (for<'r, 'a> fn(&'r T::Row<'a>) -> Option<Lenient<&'r str>>);
    /// Lenient JSON text: see [`Lenient`].
    lenient_json: LenientJson, Json, true, true, (for<'r, 'a> fn(&'r T::Row<'a>) -> Option<Lenient<&'r RawValue>>);
    /// A lenient integer: see [`Lenient`].
    lenient_int:  LenientInt,  Int,  true, true, (fn(&T::Row<'_>) -> Option<Lenient<i64>>);
    /// A lenient boolean: see [`Lenient`].
    lenient_bool: LenientBool, Bool, true, true, (fn(&T::Row<'_>) -> Option<Lenient<bool>>);
    /// A lenient time: see [`Lenient`].
    lenient_time: LenientTime, Time, true, true, (fn(&T::Row<'_>) -> Option<Lenient<i64>>);
}

impl<T: Table> Column<T> {
    /// Marks a column that identifies a person.
    #[must_use]
    pub const fn personal(mut self) -> Self {
        self.info.personal = Personal::Whole;
        self
    }

    /// Marks a column whose text may contain email addresses.
    #[must_use]
    pub const fn mentions_people(mut self) -> Self {
        self.info.personal = Personal::Mentions;
        self
    }

    /// Marks a column whose change alone makes no new version of its row ([`Table::HISTORY`]).
    ///
    /// These are columns that change with traffic; columns that count or date changes which other
    /// columns show or which are not changes of this row (LaunchDarkly increases a flag's version
    /// in all of its environments, and in one of them for a rule, which has its own table); and
    /// columns that depend on other objects, such as a maintainer's email address, or
    /// LaunchDarkly's verdict on a flag. A version holds the value that such a column had when the
    /// version was first seen.
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
