//! Syncing: rows that reach LaunchDarkly once, or are listed with the reason why not.

mod bucket;
mod disk;
mod events;
mod files;
mod forget;
mod guards;
mod identity;
mod metrics;
mod nothing_else;
mod permissions;
mod policy;
mod postgres;
mod rejected;
mod run_file;
mod run_file_checks;
mod secrets;
mod segments;
mod setup;
mod shared;
mod sources;
mod state_file;
mod stopped_early;

#[path = "../support/mod.rs"]
mod support;
