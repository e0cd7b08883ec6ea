//! The log for people: one sentence per line, without time and module.

use std::fmt::{self, Write};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::terminal::spelled_out;

/// Writes `warning: …` and `error: …`. Used unless the user asked for a more detailed log.
pub(super) struct Sentences;

impl<S, N> FormatEvent<S, N> for Sentences
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut sentence = Sentence::default();
        event.record(&mut sentence);
        let word = word(*event.metadata().level());
        writeln!(writer, "{word}: {}", spelled_out(&sentence.to_string()))
    }
}

const fn word(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warning",
        _ => "note",
    }
}

/// A message and its fields.
#[derive(Default)]
struct Sentence {
    message: String,
    fields: String,
}

impl fmt::Display for Sentence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        if self.fields.is_empty() { Ok(()) } else { write!(formatter, " ({})", self.fields) }
    }
}

impl Sentence {
    fn add(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.message.push_str(value);
            return;
        }
        let separator = if self.fields.is_empty() { "" } else { ", " };
        // Writing to a `String` cannot fail.
        let _ = write!(self.fields, "{separator}{}: {value}", field.name());
    }
}

impl Visit for Sentence {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, &format!("{value:?}"));
    }
}
