//! Publishing: SQLite, Parquet, Delta Lake, history, and recovery after a crash.

mod cloud;
mod contract;
mod crash;
mod delta;
mod demo_past;
mod disk;
mod history;
mod keep_extractions;
mod nightly;
mod other_clouds;
mod outputs;
mod postgres;
mod readers;
mod several;
mod skip_unchanged;
mod space;
mod unchanged;

#[path = "../support/mod.rs"]
mod support;
