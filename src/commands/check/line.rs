//! A line of `flaglake check`.

use serde_json::json;

use crate::terminal::spelled_out;
use crate::terminal::width::hanging;
use crate::{Error, Result};

/// How one check ended.
pub(in crate::commands) enum Outcome {
    Passed(String),
    /// There is nothing to check, or an extraction does not need it.
    Skipped(String),
    Failed(Error),
}

/// One check.
pub(in crate::commands) struct Line {
    pub name: &'static str,
    pub outcome: Outcome,
}

impl Line {
    /// A check with this outcome.
    pub fn of(name: &'static str, outcome: Result<String>) -> Self {
        let outcome = outcome.map_or_else(Outcome::Failed, Outcome::Passed);
        Line { name, outcome }
    }

    /// A check that was skipped.
    pub fn skipped(name: &'static str, text: impl Into<String>) -> Self {
        Line { name, outcome: Outcome::Skipped(text.into()) }
    }

    /// For people: names take `width` columns, and a line at most `columns`.
    pub fn to_text(&self, width: usize, columns: Option<usize>) -> String {
        let (mark, text) = match &self.outcome {
            Outcome::Passed(text) => ("ok", text.clone()),
            Outcome::Skipped(text) => ("--", text.clone()),
            Outcome::Failed(error) => ("FAILED", with_hint(error)),
        };
        let start = format!("{mark:<6} {:<width$} ", self.name);
        hanging(&start, &spelled_out(&text), columns)
    }

    /// For programs.
    pub fn to_json(&self) -> serde_json::Value {
        let (outcome, message, error) = match &self.outcome {
            Outcome::Passed(text) => ("passed", text.clone(), None),
            Outcome::Skipped(text) => ("skipped", text.clone(), None),
            Outcome::Failed(error) => ("failed", error.to_string(), Some(error)),
        };
        json!({
            "check": self.name,
            "outcome": outcome,
            "message": message,
            "code": error.map(|error| error.kind().code()),
            "hint": error.and_then(Error::advice),
            "status": error.and_then(Error::received_status),
        })
    }
}

/// An error with its hint.
pub(in crate::commands) fn with_hint(error: &Error) -> String {
    let hint = error.advice().map(|hint| format!(" — {hint}"));
    format!("{error}{}", hint.unwrap_or_default())
}
