//! The row counts of the last extraction.

use std::collections::BTreeMap;

use crate::model::scope::Scope;

/// The row counts of the last extraction, for the estimate of `--plan`.
#[derive(Clone, Debug, Default)]
pub struct Previous {
    /// The flags of each project.
    pub flags: BTreeMap<String, FlagCounts>,
    /// Tags of the account.
    pub tags: i64,
    /// Teams of the account.
    pub teams: i64,
    /// Teams with more maintainers than the list of teams carries.
    pub crowded_teams: i64,
    /// The rows of the first table of each list, by scope.
    pub lists: BTreeMap<&'static str, BTreeMap<Scope, i64>>,
}

/// How many flags a project has.
#[derive(Clone, Copy, Debug, Default)]
pub struct FlagCounts {
    /// Live and deprecated ones.
    pub current: i64,
    /// Those of them that are deprecated.
    pub deprecated: i64,
    /// Archived ones.
    pub archived: i64,
}
