//! Columns that many objects of the API have under one name and one meaning; only the API's field
//! differs.

use crate::model::table::{Column, Lenient, Table};

/// Reads a text that decides nothing from a row of `T`.
type Text<T> = for<'r, 'a> fn(&'r <T as Table>::Row<'a>) -> Option<Lenient<&'r str>>;

/// Reads a number or a time that decides nothing from a row of `T`.
type Number<T> = fn(&<T as Table>::Row<'_>) -> Option<Lenient<i64>>;

/// The object's name.
pub(super) const fn name<T: Table>(source: &'static str, read: Text<T>) -> Column<T> {
    Column::lenient_text("name", source, "Its name.", read)
}

/// The object's description.
pub(super) const fn description<T: Table>(source: &'static str, read: Text<T>) -> Column<T> {
    Column::lenient_text("description", source, "What it is for.", read)
}

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

/// The email address of the member that the row is about.
pub(super) const fn member_email<T: Table>(source: &'static str, read: Text<T>) -> Column<T> {
    Column::lenient_text("email", source, "The member's email address.", read).personal()
}

/// The first name of the member that the row is about.
pub(super) const fn member_first_name<T: Table>(source: &'static str, read: Text<T>) -> Column<T> {
    Column::lenient_text("first_name", source, "The member's first name.", read).personal()
}

/// The last name of the member that the row is about.
pub(super) const fn member_last_name<T: Table>(source: &'static str, read: Text<T>) -> Column<T> {
    Column::lenient_text("last_name", source, "The member's last name.", read).personal()
}

/// The base role of the member that the row is about.
pub(super) const fn member_role<T: Table>(source: &'static str, read: Text<T>) -> Column<T> {
    Column::lenient_text("role", source, "The member's base role.", read)
}

/// A custom role of the object.
pub(super) const fn custom_role_id<T: Table>(
    source: &'static str,
    read: for<'r, 'a> fn(&'r T::Row<'a>) -> &'r str,
) -> Column<T> {
    let doc = "ID, not key, of the custom role; see `custom_roles`.";
    Column::text("custom_role_id", source, doc, read)
}
