//! Views give the answers that were worked out by hand.

mod account;
mod definitions;
mod lifecycle;
mod lifetimes;
mod ownership;
mod readiness;
mod removal;
mod scorecards;
mod staleness;
mod values;
