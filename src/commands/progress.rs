//! Progress during a run: bars on a terminal, a line every 10 seconds elsewhere.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{HumanCount, MultiProgress, ProgressBar, ProgressStyle};
use tokio::task::JoinHandle;
use tokio::time::{Instant, interval};
use tracing_subscriber::fmt::MakeWriter;

use crate::launchdarkly::Client;
use crate::model::resource::Group;
use crate::record::Record;
use crate::resources;
use crate::resources::selection::Selection;
use crate::sync::context::Progress as Counts;
use crate::terminal::{counted, has_ended, say, spelled_out, without_secrets, write_log};

/// How often bars move.
const TICK: Duration = Duration::from_millis(100);
/// How often a line is written where there is no terminal.
const LINE: Duration = Duration::from_secs(10);

/// The display of one run.
#[derive(Clone, Debug)]
pub enum Progress {
    /// Nothing is shown.
    Quiet,
    /// A line every 10 seconds.
    Lines,
    /// One bar overall, one for each resource.
    Bars(MultiProgress),
}

impl Progress {
    /// Bars on a terminal, lines elsewhere, and nothing if `quiet`.
    pub fn new(quiet: bool) -> Self {
        match (quiet, io::stderr().is_terminal()) {
            (true, _) => Progress::Quiet,
            (false, true) => Progress::Bars(MultiProgress::new()),
            (false, false) => Progress::Lines,
        }
    }

    /// Prints a line that is not overwritten by the bars.
    pub fn say(&self, text: &str) {
        match self {
            Progress::Quiet => {}
            Progress::Lines => say(&spelled_out(text)),
            Progress::Bars(bars) => say_above(bars, &spelled_out(text)),
        }
    }

    /// Shows the progress of `client` and `record`. Never returns.
    pub async fn watch(&self, client: &Client, record: &Record, selection: &Selection) {
        match self {
            Progress::Quiet => std::future::pending().await,
            Progress::Lines => write_lines(client, record).await,
            Progress::Bars(bars) => move_bars(bars, client, record, selection).await,
        }
    }

    /// Shows the progress of a sync until the task is aborted.
    pub fn watch_sync(&self, client: &Arc<Client>, counts: &Arc<Counts>) -> JoinHandle<()> {
        let (progress, client, counts) = (self.clone(), Arc::clone(client), Arc::clone(counts));
        tokio::spawn(async move {
            match progress {
                Progress::Quiet => {}
                Progress::Lines => write_sync_lines(&client, &counts).await,
                Progress::Bars(bars) => move_sync_bar(&bars, &client, &counts).await,
            }
        })
    }

    /// Removes the bars.
    pub fn clear(&self) {
        if let Progress::Bars(bars) = self {
            // A terminal that is closed needs no clearing.
            let _ = bars.clear();
        }
    }
}

/// Writes lines above the bars. A terminal that is closed is no reason to stop:
/// `MultiProgress::suspend` would panic there.
fn say_above(bars: &MultiProgress, text: &str) {
    let _ = bars.println(text);
}

async fn write_lines(client: &Client, record: &Record) {
    let started = Instant::now();
    let mut ticks = interval(LINE);
    ticks.tick().await;
    loop {
        ticks.tick().await;
        let rows: i64 = record.totals().values().map(|(_, rows)| rows).sum();
        let requests = client.counters.requests.load(Ordering::Relaxed);
        let seconds = started.elapsed().as_secs();
        let waiting = waiting(client);
        let (rows, requests) = (counted(rows, "row"), counted(requests, "request"));
        say(&format!("{seconds} s: {rows}, {requests}{waiting}"));
    }
}

async fn move_bars(bars: &MultiProgress, client: &Client, record: &Record, selection: &Selection) {
    let overall = bars.add(bar("{spinner} {elapsed_precise} {msg}"));
    let mut each = BTreeMap::new();
    for resource in selection.resources() {
        let line =
            || bars.add(bar("  {prefix:<17} {msg:.dim}").with_prefix(line_of(resource.name())));
        each.entry(line_of(resource.name())).or_insert_with(line);
    }
    let mut ticks = interval(TICK);
    loop {
        ticks.tick().await;
        let totals = record.totals();
        for (line, bar) in &each {
            let mut within = totals.iter().filter(|(name, _)| line_of(name) == *line).peekable();
            let started = within.peek().is_some();
            let sum = within.fold((0, 0), |sum, (_, counts)| (sum.0 + counts.0, sum.1 + counts.1));
            bar.set_message(if started { count(sum) } else { "waiting".into() });
        }
        let rows: i64 = totals.values().map(|(_, rows)| rows).sum();
        let requests = client.counters.requests.load(Ordering::Relaxed);
        overall.set_message(format!("{}{}", count((requests, rows)), waiting(client)));
        overall.tick();
    }
}

async fn write_sync_lines(client: &Client, counts: &Counts) {
    let started = Instant::now();
    let mut ticks = interval(LINE);
    ticks.tick().await;
    loop {
        ticks.tick().await;
        let seconds = started.elapsed().as_secs();
        say(&format!("{seconds} s: {}{}", sync_counts(client, counts), waiting(client)));
    }
}

async fn move_sync_bar(bars: &MultiProgress, client: &Client, counts: &Counts) {
    let bar = bars.add(bar("{spinner} {elapsed_precise} {msg}"));
    let mut ticks = interval(TICK);
    loop {
        ticks.tick().await;
        bar.set_message(format!("{}{}", sync_counts(client, counts), waiting(client)));
        bar.tick();
    }
}

fn sync_counts(client: &Client, counts: &Counts) -> String {
    let count = |count: &AtomicU64| HumanCount(count.load(Ordering::Relaxed));
    format!(
        "{} read, {} sent, {} rejected, {}",
        counted(count(&counts.read), "row"),
        count(&counts.sent),
        count(&counts.rejected),
        counted(count(&client.counters.requests), "request")
    )
}

/// The line that shows a resource. Resources outside the core share one, because there are many.
fn line_of(resource: &'static str) -> &'static str {
    match resources::find(resource) {
        Some(one) if one.group() != Group::Core => "other lists",
        _ => resource,
    }
}

fn bar(template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template);
    ProgressBar::new_spinner()
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}

fn count((requests, rows): (u64, i64)) -> String {
    let rows = counted(HumanCount(rows.unsigned_abs()), "row");
    format!("{rows}, {}", counted(HumanCount(requests), "request"))
}

/// The time until which the rate limit pauses requests; empty if it does not.
fn waiting(client: &Client) -> String {
    let Some(wait) = client.limiter.paused_for() else { return String::new() };
    let until = jiff::Zoned::now() + wait;
    format!(", rate limited until {}", until.strftime("%H:%M:%S"))
}

impl<'w> MakeWriter<'w> for Progress {
    type Writer = LogWriter;

    fn make_writer(&'w self) -> LogWriter {
        LogWriter(self.clone())
    }
}

/// Writes the log without tearing the bars.
#[derive(Debug)]
pub struct LogWriter(Progress);

impl Write for LogWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &self.0 {
            Progress::Bars(_) if has_ended() => {}
            Progress::Bars(bars) => say_above(bars, &without_secrets(bytes)),
            _ => write_log(bytes),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        // Standard error is not buffered.
        Ok(())
    }
}
