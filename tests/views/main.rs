//! Views give the answers that were worked out by hand.

mod account;
mod definitions;
mod fallbacks;
mod governance;
mod lifecycle;
mod lifetimes;
mod ownership;
mod readiness;
mod removal;
mod scorecards;
mod staleness;
mod statuses;
mod upkeep;
mod values;
