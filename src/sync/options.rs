//! The options of one sync, whatever its object.

use std::path::PathBuf;
use std::time::Duration;

use super::fields::Mapping;
use super::place::StatePlace;
use super::source::{Selected, Source};
use crate::guard::Limit;
use crate::model::privacy::Privacy;

/// The options of one sync.
#[derive(Clone, Debug)]
pub struct Options {
    /// The name of the sync; without one, object and target.
    pub name: Option<String>,
    /// Where the rows come from.
    pub source: Source,
    /// What to read there.
    pub selected: Selected,
    /// The columns and constants that fill the fields.
    pub mapping: Mapping,
    /// The state file.
    pub state: StatePlace,
    /// Whether the state file must exist.
    pub require_state: bool,
    /// What the guards allow.
    pub limits: Limits,
    /// The rows of one request.
    pub batch_size: Option<usize>,
    /// A comment for LaunchDarkly's audit log.
    pub comment: Option<String>,
    /// Whether everything is sent, as if nothing were held.
    pub full: bool,
    /// Whether only the plan is made.
    pub dry_run: bool,
    /// A CSV file for rejected rows.
    pub rejected: Option<PathBuf>,
    /// A file for the plan.
    pub plan: Option<PathBuf>,
    /// A file with the plan that must still be the right one.
    pub apply: Option<PathBuf>,
    /// Only the first rows are sent, this many.
    pub limit: Option<u64>,
    /// Runs that are older are pruned.
    pub keep_runs: Option<Duration>,
    /// Whether to wait until LaunchDarkly shows what was sent.
    pub verify: bool,
    /// How the state file keeps keys.
    pub privacy: Privacy,
}

/// What the guards allow.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// Whether a source without rows is meant.
    pub allow_empty: bool,
    /// The number of rows that the source must have.
    pub expect_rows: Option<u64>,
    /// How many fewer rows than in the last run the source may have.
    pub max_drop: Option<Limit>,
    /// How many members may be removed, in place of the usual limits.
    pub max_removals: Option<Limit>,
    /// How many rows may be invalid before anything is sent.
    pub max_rejected: Option<Limit>,
    /// How many rows may be rejected for the run to count as a success.
    pub tolerate_rejected: Option<Limit>,
}
