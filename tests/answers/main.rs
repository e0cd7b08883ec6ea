//! Answers: the views, the figures of each day, the report.

mod configuration;
mod configuration_file;
mod daily;
mod inputs;
mod query;
mod report;
mod subject_daily;
mod views;

#[path = "../support/mod.rs"]
mod support;
