//! The guard before anything is published: an account that shrinks without proof ends the run.
//!
//! A token whose role was narrowed is answered 200 with fewer projects, flags or teams. That looks
//! like a deletion, and would end the history of everything that is hidden.

mod limit;
mod proof;
mod thing;
mod verdict;

pub use limit::{Limit, MaxRemovals};
pub use proof::Proofs;
pub use thing::Thing;
pub use verdict::{Change, Removed, judge, no_project};

/// The comparison of a run with the extraction before it, and the limit for removals.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    /// How many removals without proof are published.
    pub limit: MaxRemovals,
    /// The projects that were selected; empty for all. Others are not compared.
    pub projects: Vec<String>,
}
