//! The names that almost every resource uses: the traits of resources and tables, the types of
//! lenient fields, and the shared columns.

pub(super) use serde::Deserialize;

pub(super) use super::decode::length;
pub(super) use super::keys::{InScope, Part, parts, tag_table};
pub(super) use super::{common, keys};
pub(super) use crate::Result;
pub(super) use crate::launchdarkly::lenient::bounded::list;
pub(super) use crate::launchdarkly::lenient::{
    Identifier, JsonField, JsonList, JsonObject, Moment, NumberField, TextField, identifier,
    identifiers, object, required_identifier, time,
};
pub(super) use crate::model::resource::{Dropped, Group, ListResource, Paging, Resource, dropped};
pub(super) use crate::model::scope::{Level, Scope};
pub(super) use crate::model::table::{
    Column, Lenient, Sink, Table, TableInfo, Written, write_row, write_rows, write_with_parts,
};
