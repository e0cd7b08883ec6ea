//! The file of `--metrics-file`: metrics of the last run and of the published data, in the text
//! format of Prometheus: <https://prometheus.io/docs/instrumenting/exposition_formats/>.

use std::fmt::{self, Display, Formatter};
use std::io::ErrorKind;
use std::path::Path;

use super::outcome::{Outcome, Published};
use crate::report::file::Place;
use crate::system::files;
use crate::{Error, Result};

/// A metric: its name, what it means, and whether it is about the published data. Those stay as they
/// are while runs fail, so that the age of the data is always known.
struct Metric {
    name: &'static str,
    help: &'static str,
    is_of_data: bool,
}

const fn of_run(name: &'static str, help: &'static str) -> Metric {
    Metric { name, help, is_of_data: false }
}

const fn of_data(name: &'static str, help: &'static str) -> Metric {
    Metric { name, help, is_of_data: true }
}

const END: Metric = of_run("flaglake_run_end_timestamp_seconds", "When the last run ended.");
const STATUS: Metric =
    of_run("flaglake_run_exit_status", "Exit status of the last run; 0 is success.");
const DURATION: Metric = of_run("flaglake_run_duration_seconds", "Duration of the last run.");
const REQUESTS: Metric =
    of_run("flaglake_run_requests", "Requests that the last run sent, retries included.");
const RETRIES: Metric = of_run("flaglake_run_retries", "Requests that the last run repeated.");
const WAITED: Metric = of_run(
    "flaglake_run_rate_limited_seconds",
    "Time that the last run waited because LaunchDarkly asked for it.",
);
const DATA: Metric = of_data(
    "flaglake_data_timestamp_seconds",
    "When the run started that read the published data: no row is older.",
);
const ROWS: Metric = of_data(
    "flaglake_data_rows",
    "Rows of each table that the run read: only new ones of the audit log and of the record of runs.",
);
const DEGRADED: Metric = of_data(
    "flaglake_data_degraded",
    "1 for each resource that an earlier run could read and that was refused since.",
);

/// All metrics, in the order of the file.
const ALL: [Metric; 9] = [END, STATUS, DURATION, REQUESTS, RETRIES, WAITED, DATA, ROWS, DEGRADED];

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sample {
    name: &'static str,
    /// The labels as the file has them. The account is the first.
    labels: String,
    value: String,
}

impl Display for Sample {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}{{{}}} {}", self.name, self.labels, self.value)
    }
}

/// Replaces the file. What the runs say nothing about stays: data that was not published again, and
/// accounts that did not run.
///
/// # Errors
/// `output_failed` where it cannot be read or written.
pub(super) fn write(path: &Path, outcomes: &[Outcome]) -> Result<()> {
    let not_written = |error: Error| {
        Error::new(error.kind(), format!("the metrics of the run are not written: {error}"))
            .hint(error.advice().unwrap_or_default())
    };
    let old = match std::fs::read_to_string(path) {
        Ok(old) => old,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(not_written(files::failed(path, &error))),
    };
    let place = Place::find(path, None).map_err(not_written)?;
    place.write(&text(&old, outcomes)).map_err(not_written)
}

/// The new contents of a file whose contents are `old`.
fn text(old: &str, outcomes: &[Outcome]) -> String {
    let kept = old.lines().filter_map(parse).filter(|one| stays(one, outcomes));
    let mut samples: Vec<_> = kept.chain(outcomes.iter().flat_map(samples)).collect();
    samples.sort_by(|one, other| one.labels.cmp(&other.labels));
    ALL.iter().map(|metric| block(metric, &samples)).collect()
}

fn block(metric: &Metric, samples: &[Sample]) -> String {
    let lines = samples.iter().filter(|one| one.name == metric.name);
    let lines: String = lines.map(ToString::to_string).collect();
    if lines.is_empty() {
        return lines;
    }
    let Metric { name, help, .. } = metric;
    format!("# HELP {name} {help}\n# TYPE {name} gauge\n{lines}")
}

/// A line that an earlier run has written; `None` for any other.
fn parse(line: &str) -> Option<Sample> {
    let (name, rest) = line.split_once('{')?;
    let (labels, value) = rest.rsplit_once("} ")?;
    let name = ALL.iter().map(|metric| metric.name).find(|known| *known == name)?;
    value.parse::<f64>().ok()?;
    Some(Sample { name, labels: labels.to_owned(), value: value.to_owned() })
}

/// Whether a line of the old file is still true after these runs.
fn stays(old: &Sample, outcomes: &[Outcome]) -> bool {
    let is_of = |label: &String| {
        old.labels
            .strip_prefix(label.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(','))
    };
    let Some(outcome) = outcomes.iter().find(|one| is_of(&account(one))) else { return true };
    let is_of_data = ALL.iter().any(|metric| metric.name == old.name && metric.is_of_data);
    // An output that is not named any more would look old for ever.
    let mut named = outcome.named.iter();
    is_of_data
        && named.any(|one| is_of(&output(outcome, one)))
        && !outcome.published().any(|(written, _)| is_of(&output(outcome, &written.output())))
}

/// The label of an account.
fn account(outcome: &Outcome) -> String {
    label("account", outcome.name.as_deref().unwrap_or_default())
}

/// The labels of an output.
fn output(outcome: &Outcome, name: &str) -> String {
    format!("{},{}", account(outcome), label("output", name))
}

fn label(name: &str, value: &str) -> String {
    let value = value.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n");
    format!("{name}=\"{value}\"")
}

/// What a run says.
fn samples(outcome: &Outcome) -> Vec<Sample> {
    let [requests, retries, waited] = outcome.counts;
    let end = outcome.started.as_millisecond()
        + i64::try_from(outcome.took.as_millis()).unwrap_or_default();
    let of_run = [
        (END, seconds(end)),
        (STATUS, outcome.exit_status().to_string()),
        (DURATION, format!("{:.3}", outcome.took.as_secs_f64())),
        (REQUESTS, requests.to_string()),
        (RETRIES, retries.to_string()),
        (WAITED, seconds(waited)),
    ];
    let labels = account(outcome);
    let of_run =
        of_run.map(|(metric, value)| Sample { name: metric.name, labels: labels.clone(), value });
    let of_data = outcome.published().flat_map(|(written, published)| {
        of_published(&output(outcome, &written.output()), published)
    });
    of_run.into_iter().chain(of_data).collect()
}

/// What a run says about the data in an output.
fn of_published(labels: &str, published: &Published) -> Vec<Sample> {
    let sample = |metric: &Metric, labels: String, value: String| Sample {
        name: metric.name,
        labels,
        value,
    };
    let started = seconds(published.extraction.started_at);
    let rows = published.rows.iter().map(|(table, rows)| {
        sample(&ROWS, format!("{labels},{}", label("table", table)), rows.to_string())
    });
    let degraded = published.degraded.iter().map(|one| {
        sample(&DEGRADED, format!("{labels},{}", label("resource", one.resource)), "1".to_owned())
    });
    [sample(&DATA, labels.to_owned(), started)].into_iter().chain(rows).chain(degraded).collect()
}

/// Milliseconds as seconds.
fn seconds(milliseconds: i64) -> String {
    format!("{}.{:03}", milliseconds.div_euclid(1000), milliseconds.rem_euclid(1000))
}
