//! What users see of a sync: its summary, and the plan of a dry run.

use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use serde_json::json;

use crate::Result;
use crate::cli::Format;
use crate::commands::progress::Progress;
use crate::commands::schema::{print, printed};
use crate::sync::context::Run;
use crate::sync::plan::{Plan, PlanItem};
use crate::sync::summary::Summary;
use crate::terminal::spelled_out;

/// The items of each action that a dry run prints.
const SHOWN: usize = 10;

/// What is done with the plan of a dry run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Its first items are printed with the summary.
    Text,
    /// It is printed at once, as the start of the object that the summary ends. A plan may be large.
    Stream,
}

/// The plan of a dry run.
#[derive(Debug)]
pub(super) struct Shown {
    way: Way,
    /// The first items of each action.
    items: Vec<PlanItem>,
    /// Whether the start of the object is printed.
    is_started: bool,
}

impl Shown {
    /// Nothing yet.
    pub const fn new(way: Way) -> Self {
        Shown { way, items: Vec::new(), is_started: false }
    }

    /// Takes the plan while it can be read.
    ///
    /// # Errors
    /// `output_failed` when it cannot be read or printed.
    pub fn keep(&mut self, run: &Run<'_>, plan: &Plan, items: &str) -> Result<()> {
        match self.way {
            Way::Text => run.for_each_item(items, &mut |item| {
                if self.items.iter().filter(|one| one.action == item.action).count() < SHOWN {
                    self.items.push(item);
                }
                Ok(())
            }),
            Way::Stream => {
                let mut out = BufWriter::new(io::stdout().lock());
                printed(out.write_all(b"{\"plan\":"))?;
                run.push_plan(plan, items, &mut out)?;
                self.is_started = true;
                printed(out.flush())
            }
        }
    }
}

/// Prints the summary of a sync: one object with `--format json`.
///
/// # Errors
/// When standard output cannot be written.
pub(super) fn summary(
    summary: &Summary,
    shown: &Shown,
    format: Format,
    progress: &Progress,
) -> Result<()> {
    match format {
        Format::Json => print(&format!("{}\n", object(summary, shown))),
        Format::Text if matches!(progress, Progress::Quiet) => Ok(()),
        Format::Text => print(&text(summary, shown)),
    }
}

/// The summary as one object, or the rest of one whose start is printed: the plan of a dry run.
pub(super) fn object(summary: &Summary, shown: &Shown) -> String {
    let object = json!(summary).to_string();
    if shown.is_started { format!(",{}", object.trim_start_matches('{')) } else { object }
}

/// The summary for people, with the first items of the plan of a dry run.
pub(super) fn text(summary: &Summary, shown: &Shown) -> String {
    let mut text = String::new();
    for item in &shown.items {
        let key = item.row_key.as_deref().unwrap_or("-");
        let detail = item.detail.as_ref().map_or("", |detail| detail.get());
        let _ = writeln!(text, "{:<7} {}  {}", item.action, spelled_out(key), spelled_out(detail));
    }
    if !shown.items.is_empty() {
        text.push('\n');
    }
    let kind = if summary.dry_run { " (dry run: nothing was sent)" } else { "" };
    let _ = writeln!(text, "{}: {}{kind}", spelled_out(&summary.sync_name), summary.outcome);
    let mut table = Table::new();
    table.load_style(NOTHING);
    for (name, count) in summary.counts() {
        table.add_row([name.to_owned(), count.to_string()]);
    }
    let _ = writeln!(text, "{table}");
    text
}
