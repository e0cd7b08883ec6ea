//! Views give the answers that were worked out by hand.

mod account;
mod definitions;
mod fallbacks;
mod staleness;
mod statuses;
