//! Syncing: rows that reach LaunchDarkly once, or are listed with the reason why not.

mod events;
mod setup;

#[path = "../support/mod.rs"]
mod support;
