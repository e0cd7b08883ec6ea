//! The guard: before anything is published, it stops a run that would remove many objects without
//! proof that they were deleted.
//!
//! If the role of a token loses permissions, LaunchDarkly answers 200 with fewer projects, flags or
//! teams. Without the guard, the hidden objects would be published as deleted, and their history
//! would end.

mod limit;
mod proof;
mod thing;
mod verdict;

pub use limit::{Limit, MaxRemovals};
pub use proof::Proofs;
pub use thing::Thing;
pub use verdict::{Change, Removed, judge, no_project};

/// The settings for the comparison of a run with the previous extraction.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    /// How many removals may be published without proof.
    pub limit: MaxRemovals,
    /// The selected projects; empty for all. Objects in other projects are not compared.
    pub projects: Vec<String>,
}
