//! Views give the answers that were worked out by hand.

mod account;
mod definitions;
mod fallbacks;
mod governance;
mod staleness;
mod statuses;
mod upkeep;
