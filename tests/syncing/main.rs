//! Syncing: rows that reach LaunchDarkly once, or are listed with the reason why not.

mod events;
mod guards;
mod metrics;
mod nothing_else;
mod permissions;
mod rejected;
mod secrets;
mod segments;
mod setup;

#[path = "../support/mod.rs"]
mod support;
