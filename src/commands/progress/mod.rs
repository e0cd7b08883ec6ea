//! Progress during a run: bars on a terminal, a line every 10 seconds elsewhere.

mod estimate;

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{HumanCount, MultiProgress, ProgressBar, ProgressStyle};
use tokio::task::JoinHandle;
use tokio::time::{Instant, interval};
use tracing_subscriber::fmt::MakeWriter;

use self::estimate::{Estimate, Rows, sum, time_left};
use crate::launchdarkly::Client;
use crate::model::resource::Group;
use crate::record::{Reading, Record};
use crate::resources::selection::Selection;
use crate::resources::{self, PageRows};
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
            Progress::Lines => write_lines(client, record, selection).await,
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

async fn write_lines(client: &Client, record: &Record, selection: &Selection) {
    let started = Instant::now();
    let mut ticks = interval(LINE);
    ticks.tick().await;
    loop {
        ticks.tick().await;
        let readings = record.readings();
        let estimate = Estimate::new(&readings, record, selection);
        let elapsed = started.elapsed();
        say(&format!(
            "{} s: {}",
            elapsed.as_secs(),
            overall(&readings, &estimate, client, elapsed)
        ));
    }
}

async fn move_bars(bars: &MultiProgress, client: &Client, record: &Record, selection: &Selection) {
    let started = Instant::now();
    let all = bars.add(bar("{spinner} {elapsed_precise} {msg}"));
    let each = bars_of_lines(bars, selection);
    let mut ticks = interval(TICK);
    loop {
        ticks.tick().await;
        let readings = record.readings();
        let estimate = Estimate::new(&readings, record, selection);
        for (line, bar) in &each {
            let rows = line.map_or_else(|| other_lists(&readings), |one| estimate.rows(one));
            bar.set_message(rows.map_or_else(|| "waiting".into(), in_words));
        }
        all.set_message(overall(&readings, &estimate, client, started.elapsed()));
        all.tick();
    }
}

/// A bar for each line.
fn bars_of_lines(bars: &MultiProgress, selection: &Selection) -> Vec<(Line, ProgressBar)> {
    let mut each = Vec::new();
    for line in lines(selection) {
        let bar = bars.add(bar("  {prefix:<17} {msg:.dim}"));
        each.push((line, bar.with_prefix(line.unwrap_or("other lists"))));
    }
    each
}

/// A resource of the core, or all others.
type Line = Option<&'static str>;

/// The lines of a run: one for each resource of the core, and one for all others (`None`), because
/// there are many.
fn lines(selection: &Selection) -> Vec<Line> {
    let mut lines = Vec::new();
    let is_core = |resource: &&dyn PageRows| resource.group() == Group::Core;
    lines.extend(selection.resources().filter(is_core).map(|resource| Some(resource.name())));
    if selection.resources().any(|resource| !is_core(&resource)) {
        lines.push(None);
    }
    lines
}

/// The rows of the resources outside the core.
fn other_lists(readings: &[Reading]) -> Option<Rows> {
    let is_other = |reading: &&Reading| {
        let resource = resources::find(reading.resource);
        resource.is_some_and(|resource| resource.group() != Group::Core)
    };
    let others = || readings.iter().filter(is_other);
    others().next()?;
    let received = sum(others().map(|reading| reading.rows));
    let requests = others().map(|reading| reading.requests).sum();
    Some(Rows { requests, received, ..Rows::default() })
}

/// The rows, the requests, and about how long the rest takes.
fn overall(
    readings: &[Reading],
    estimate: &Estimate<'_>,
    client: &Client,
    elapsed: Duration,
) -> String {
    let received = sum(readings.iter().map(|reading| reading.rows));
    let sent = client.counters.requests.load(Ordering::Relaxed);
    let rows = in_words(Rows { requests: sent, received, ..Rows::default() });
    let waiting = waiting(client);
    let Some(requests) = estimate.requests().filter(|all| *all > sent) else {
        return rows + &waiting;
    };
    let replayed = client.counters.replayed.load(Ordering::Relaxed);
    let left = time_left(elapsed, sent.saturating_sub(replayed), requests - sent)
        .map(|left| format!(", {left}"));
    let requests = HumanCount(requests);
    format!("{rows} of about {requests}{}{waiting}", left.unwrap_or_default())
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

fn bar(template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template);
    ProgressBar::new_spinner()
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}

fn in_words(rows: Rows) -> String {
    let of = match rows.total {
        Some(total) if total > rows.received => {
            let about = if rows.is_about { "about " } else { "" };
            format!("{} of {about}", HumanCount(rows.received.unsigned_abs()))
        }
        _ => String::new(),
    };
    let most = rows.total.unwrap_or_default().max(rows.received);
    let requests = counted(HumanCount(rows.requests), "request");
    format!("{of}{}, {requests}", counted(HumanCount(most.unsigned_abs()), "row"))
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
