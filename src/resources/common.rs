//! Columns that many objects of the API have under one name and one meaning; only the API's field
//! differs.

use crate::model::table::{Column, Lenient, Table};

/// Reads a text that decides nothing from a row of `T`.
type Text<T> = for<'r, 'a> fn(&'r <T as Table>::Row<'a>) -> Option<Lenient<&'r str>>;

/// Reads a number or a time that decides nothing from a row of `T`.
type Number<T> = fn(&<T as Table>::Row<'_>) -> Option<Lenient<i64>>;

/// When the object was created.
pub(super) const fn created_at<T: Table>(source: &'static str, read: Number<T>) -> Column<T> {
    Column::lenient_time("created_at", source, "When it was created.", read)
}

/// When the object last changed.
pub(super) const fn last_modified_at<T: Table>(source: &'static str, read: Number<T>) -> Column<T> {
    Column::lenient_time("last_modified_at", source, "When it last changed.", read)
}

/// The number of the object's version.
pub(super) const fn version<T: Table>(source: &'static str, read: Number<T>) -> Column<T> {
    Column::lenient_int("version", source, "Counts changes to it.", read)
}

/// The member who maintains the object.
pub(super) const fn maintainer_id<T: Table>(source: &'static str, read: Text<T>) -> Column<T> {
    Column::lenient_text("maintainer_id", source, "ID of the member who maintains it.", read)
}

/// The email address of that member.
pub(super) const fn maintainer_email<T: Table>(source: &'static str, read: Text<T>) -> Column<T> {
    let doc = "Email address of the member who maintains it.";
    Column::lenient_text("maintainer_email", source, doc, read).personal()
}

/// The team that maintains the object.
pub(super) const fn maintainer_team_key<T: Table>(
    source: &'static str,
    read: Text<T>,
) -> Column<T> {
    let doc = "Key of the team that maintains it.";
    Column::lenient_text("maintainer_team_key", source, doc, read)
}
