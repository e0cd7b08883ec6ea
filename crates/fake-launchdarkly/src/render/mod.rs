//! The JSON of each thing, as the API documents it and recorded answers show it.

pub(super) mod audit;
pub(super) mod config;
pub(super) mod flag;
pub(super) mod people;
pub(super) mod project;
pub(super) mod status;
mod summary;
pub(super) mod verdict;
