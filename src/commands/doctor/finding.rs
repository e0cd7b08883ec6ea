//! A line of `flaglake doctor`.

use serde_json::json;
use unicode_width::UnicodeWidthStr;

use crate::Error;
use crate::destinations::address::Address;
use crate::error::redact;
use crate::terminal::spelled_out;
use crate::terminal::width::hanging;

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Ok,
    /// A run works, but something may be wrong.
    Warning,
    /// A run fails.
    Problem,
}

impl Level {
    const fn name(self) -> &'static str {
        match self {
            Level::Ok => "ok",
            Level::Warning => "warning",
            Level::Problem => "problem",
        }
    }
}

/// What was found about one thing. No secret is in it.
#[derive(Debug)]
pub(super) struct Finding {
    pub level: Level,
    pub error: Option<Error>,
    /// The output that it is about.
    output: Option<String>,
    name: &'static str,
    text: String,
    hint: Option<String>,
}

impl Finding {
    /// Nothing is wrong.
    pub fn ok(name: &'static str, text: impl AsRef<str>) -> Self {
        let text = safe(text.as_ref());
        Finding { level: Level::Ok, error: None, output: None, name, text, hint: None }
    }

    /// Something may be wrong.
    pub fn warning(name: &'static str, text: impl AsRef<str>, hint: &str) -> Self {
        let hint = Some(safe(hint)).filter(|hint| !hint.is_empty());
        Finding { level: Level::Warning, hint, ..Finding::ok(name, text) }
    }

    /// A run would fail with this error.
    pub fn problem(name: &'static str, error: Error) -> Self {
        let hint = error.advice().map(safe);
        let text = error.to_string();
        Finding { level: Level::Problem, hint, error: Some(error), ..Finding::ok(name, text) }
    }

    /// The same about an output.
    #[must_use]
    pub fn of(self, output: &Address) -> Self {
        Finding { output: Some(safe(&output.to_string())), ..self }
    }

    /// The output that it is about.
    pub fn output(&self) -> Option<&str> {
        self.output.as_deref()
    }

    /// Whether it says the same as another.
    pub fn says(&self, other: &Finding) -> bool {
        (self.name, self.level, &self.text) == (other.name, other.level, &other.text)
    }

    /// For people, in lines of at most `width` columns; with the name of the output, if
    /// `names_output`.
    pub fn to_text(&self, width: Option<usize>, names_output: bool) -> String {
        let start = format!("{:<8} {:<12} ", self.level.name(), self.name);
        let indent = " ".repeat(start.width());
        let hint = self.hint.as_ref().map(|hint| hanging(&indent, &format!("hint: {hint}"), width));
        let output = self.output.as_ref().filter(|_| names_output && self.name != "output");
        let output = output.map(|output| format!("`{output}`: ")).unwrap_or_default();
        hanging(&start, &(output + &self.text), width) + &hint.unwrap_or_default()
    }

    /// For programs.
    pub fn to_json(&self) -> serde_json::Value {
        json!({
            "name": self.name,
            "output": self.output,
            "level": self.level.name(),
            "message": self.text,
            "hint": self.hint,
            "code": self.error.as_ref().map(|error| error.kind().code()),
        })
    }
}

/// One line without secrets.
fn safe(text: &str) -> String {
    spelled_out(&redact::text(text))
}
