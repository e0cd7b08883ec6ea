//! Flags without a configuration or a status are read again, until none is missing.

pub(super) mod configurations;
pub(in crate::extract) mod queries;
pub(super) mod statuses;
