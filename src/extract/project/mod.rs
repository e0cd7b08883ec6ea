//! Projects: the list of projects, and the contents of each.

mod again;
pub(super) mod completeness;
mod flag_pages;
pub(super) mod flags;
mod found;
pub(super) mod hidden;
pub(super) mod list;
pub(super) mod plan;
pub(super) mod reader;
mod selection;
mod sighting;
mod signs;
mod statuses;
