//! LaunchDarkly data in SQL: complete, consistent and true, or nothing is published.
//!
//! # Layout
//!
//! The data's path, one module a stage:
//!
//! * [`launchdarkly`]: the API: HTTP, retries, limits; bytes in, typed pages out.
//! * [`resource`] and [`resources`]: one file per list endpoint: its items and their tables.
//! * [`table`]: what a table is: a name, a key, and typed columns.
//! * [`extract`]: which lists are walked, in which order, and how a walk loses nothing.
//! * [`stage`]: the staging database, beside the output.
//! * [`verify`] and [`guard`]: the checks before anything is published.
//! * [`publish`]: SQLite in one transaction, or Parquet with its manifest last.
//!
//! Around it:
//!
//! * [`history`] and [`project_daily`]: what is kept of earlier runs.
//! * [`record`]: what a run did, as tables of their own.
//! * [`view`] and [`thresholds`]: answers, as views that people wrote, and the numbers they go by.
//! * [`catalog`]: everything derived from the tables: DDL, Arrow, dictionary, dbt.
//! * [`commands`] and [`cli`]: one file per command; strings become options.
//! * [`report`]: what a database says: a page, a text or JSON.
//! * [`output`] and [`progress`]: where rows go, and what a person sees meanwhile.
//! * [`personal`]: what becomes of names and addresses.
//! * [`terminal`] and [`redact`]: how text that others chose is shown, without secrets.
//! * [`values`]: how values that people give are read.
//! * [`lock`] and [`interrupt`]: one run at a time on one output, and how it is ended early.
//! * [`demo`]: a fake LaunchDarkly: the demo account, and the tests' server.
//! * [`files`]: where paths lead, and what the system's refusals mean.
//! * [`error`] and [`database`]: every way to fail, its code and its exit status.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod catalog;
pub mod cli;
pub mod commands;
pub mod database;
pub mod demo;
pub mod error;
pub mod extract;
pub mod files;
pub mod guard;
pub mod history;
pub mod interrupt;
pub mod launchdarkly;
pub mod lock;
pub mod output;
pub mod personal;
pub mod progress;
pub mod project_daily;
pub mod publish;
pub mod record;
pub mod redact;
pub mod report;
pub mod resource;
pub mod resources;
pub mod stage;
pub mod table;
pub mod terminal;
pub mod thresholds;
pub mod values;
pub mod verify;
pub mod view;

pub use error::{Error, Result};
