//! LaunchDarkly data in SQL: complete, consistent and true, or nothing is published.
//!
//! # Layout
//!
//! The modules below are listed from the ground up: a module uses only those listed before it. The
//! test `structure` checks this.
//!
//! * [`error`]: every way to fail, with its code and exit status; secrets are removed from messages.
//! * [`terminal`]: text for people: printed safely, and read from arguments and variables.
//! * [`system`]: files, locks, signals, clocks, hashes, and the meaning of SQLite's failures.
//! * [`postgres`]: connections to PostgreSQL servers, for destinations and sources.
//! * [`model`]: tables, resources, scopes, views, history: definitions without input or output.
//! * [`launchdarkly`]: the REST API: HTTP, retries, rate limits, and lists as streams of items.
//! * [`resources`]: one file for each list of the API: its items and the tables they fill.
//! * [`record`]: the tables that say how a run went.
//! * [`stage`]: the staging database of a run, which a later run can resume.
//! * [`guard`] and [`verify`]: the checks before anything is published.
//! * [`extract`]: the readers: which lists are read, in which order, and how none loses an item.
//! * [`catalog`]: everything derived from the tables: DDL, Arrow schemas, dictionary, dbt sources.
//! * [`destinations`]: SQLite and PostgreSQL in one transaction; Parquet and Delta Lake in files that are
//!   there before a manifest names them.
//! * [`sync`]: the other direction: rows of SQL become metrics, events and members of segments.
//! * [`demand`]: one look at the account, or one change of a flag with consent.
//! * [`report`]: the answers of a database as a page, a text or JSON.
//! * [`query`]: one statement over an output, and its rows in several forms.
//! * [`cli`] and [`commands`]: arguments become options; one file for each command.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod error;

pub mod terminal;

pub mod system;

pub mod postgres;

pub mod model;

pub mod launchdarkly;

pub mod resources;

pub mod record;

pub mod stage;

pub mod guard;

pub mod verify;

pub mod extract;

pub mod catalog;

pub mod destinations;

pub mod sync;

pub mod demand;

pub mod report;

pub mod query;

pub mod cli;

pub mod commands;

pub use error::{Error, Result};
