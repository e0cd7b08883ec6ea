//! Publishing: SQLite, Parquet, history, and recovery after a crash.

mod cloud;
mod contract;
mod crash;
mod disk;
mod history;
mod keep_extractions;
mod outputs;
mod postgres;
mod readers;
mod skip_unchanged;
mod space;
mod unchanged;

#[path = "../support/mod.rs"]
mod support;
