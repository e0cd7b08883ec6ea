//! Answers: the views, the figures of each day, the report.

mod daily;
mod inputs;
mod report;
mod views;

#[path = "../support/mod.rs"]
mod support;
