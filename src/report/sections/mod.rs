//! The sections of the report, one file each.

pub mod ages;
pub mod due;
pub mod extraction;
pub mod freshness;
pub mod gaps;
pub mod headline;
pub mod lifecycle;
pub mod message;
pub mod owners;
pub mod recent;
pub mod scorecards;
pub mod statuses;
pub mod target;
pub mod thresholds;
pub mod trend;
pub mod velocity;
pub mod work;
