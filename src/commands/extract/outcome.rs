//! How a run of `flaglake extract` ended: what is known of it, even where it failed.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::past::Past;
use crate::cli::ExtractFailOn;
use crate::destinations::address::Address;
use crate::destinations::{Degraded, Rows};
use crate::error::Kind;
use crate::launchdarkly::client::Counters;
use crate::record::RunRow;
use crate::{Error, Result};

/// What a run has published in an output.
pub struct Published {
    /// The record of the run.
    pub extraction: RunRow,
    /// The rows of each table.
    pub rows: Rows,
    /// The resources that it was refused, and earlier runs have read.
    pub degraded: Vec<Degraded>,
}

/// An output after publishing.
pub struct Written {
    /// Where it is.
    pub address: Address,
    /// What was published, or why nothing was.
    pub result: Result<Published>,
}

/// What is known of a run.
pub struct Outcome {
    /// The name of the account in the configuration file, if it is from one.
    pub name: Option<String>,
    /// The outputs that it is for, as `--input` takes them where that is possible.
    pub named: Vec<String>,
    /// The past of the demo that was made before, if one was.
    pub past: Option<Past>,
    /// When it started, on this machine's clock.
    pub started: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// Requests, retries, and milliseconds of waiting.
    pub counts: [i64; 3],
    /// The record of the run, once everything was read. The outputs may give it different IDs.
    pub extraction: Option<RunRow>,
    /// The resources that were not read, or not all.
    pub refused: Vec<&'static str>,
    /// The outputs, once the run began to publish.
    pub outputs: Vec<Written>,
    /// The files that were written from an output: a page, or a copy.
    pub files: Vec<PathBuf>,
    /// The error that the run ends with.
    pub error: Option<Error>,
}

impl Outcome {
    /// A run to these outputs that starts now.
    pub fn new(name: Option<String>, outputs: &[Address]) -> Self {
        Outcome {
            name,
            named: outputs.iter().map(as_input).collect(),
            past: None,
            started: Timestamp::now(),
            took: Duration::ZERO,
            counts: [0; 3],
            extraction: None,
            refused: Vec::new(),
            outputs: Vec::new(),
            files: Vec::new(),
            error: None,
        }
    }

    /// Notes what the client has done.
    pub fn count(&mut self, counters: &Counters) {
        self.counts = counters.all();
    }

    /// What was published, with the output that has it.
    pub fn published(&self) -> impl Iterator<Item = (&Written, &Published)> {
        self.outputs.iter().filter_map(|one| Some((one, one.result.as_ref().ok()?)))
    }

    /// `succeeded`, or the code of the error.
    pub fn code(&self) -> &'static str {
        self.error.as_ref().map_or("succeeded", |error| error.kind().code())
    }

    /// The exit status.
    pub fn exit_status(&self) -> u8 {
        self.error.as_ref().map_or(0, |error| error.kind().exit_status())
    }

    /// The error of the first output that failed, or of what is refused now, if that was asked for.
    pub fn judge(&mut self, fail_on: Option<ExtractFailOn>) {
        let failed = self.outputs.iter().find_map(|one| one.result.as_ref().err());
        self.error = match failed {
            Some(error) => Some(self.of_output(error)),
            None => self.published().find_map(|(_, one)| one.degradation(fail_on)),
        };
    }

    /// The error of an output. Where another one is published, it says so.
    fn of_output(&self, error: &Error) -> Error {
        let published: Vec<_> =
            self.published().map(|(one, _)| format!("`{}`", one.address)).collect();
        if published.is_empty() {
            return error.clone();
        }
        let hint = error.advice().map(|hint| format!("{hint}; ")).unwrap_or_default();
        error.clone().hint(format!("{hint}the data is published in {}", published.join(", ")))
    }

    /// The object that `--format json` prints.
    pub fn to_json(&self) -> Value {
        let [requests, retries, waited] = self.counts;
        let run = self.extraction.as_ref();
        json!({
            "account_name": self.name,
            "outcome": self.code(),
            "exit_status": self.exit_status(),
            "message": self.error.as_ref().map(ToString::to_string),
            "hint": self.error.as_ref().and_then(Error::advice),
            "flaglake_version": env!("CARGO_PKG_VERSION"),
            "base_url": run.map(|run| &run.base_url),
            "account_id": run.map(|run| &run.account_id),
            "started_at": time(self.started),
            "duration_seconds": self.took.as_secs_f64(),
            "requests": requests,
            "retries": retries,
            "rate_limited_seconds": seconds(waited),
            "not_read": self.refused,
            "outputs": self.outputs.iter().map(Written::to_json).collect::<Vec<_>>(),
            "files": self.files,
        })
    }
}

impl Written {
    /// The output's address, as `--input` takes it where that is possible.
    pub fn output(&self) -> String {
        as_input(&self.address)
    }

    fn to_json(&self) -> Value {
        let (published, error) = (self.result.as_ref().ok(), self.result.as_ref().err());
        let run = published.map(|published| &published.extraction);
        let degraded = published.map(|one| one.degraded.iter().map(degraded).collect::<Vec<_>>());
        json!({
            "output": self.output(),
            "outcome": self.outcome(),
            "message": error.map(ToString::to_string),
            "hint": error.and_then(Error::advice),
            "extraction_id": run.map(|run| &run.extraction_id),
            "same_as": run.and_then(|run| run.same_as.as_ref()),
            "schema_version": run.map(|run| run.schema_version),
            "data_started_at": run.and_then(|run| of_milliseconds(run.started_at)),
            "data_finished_at": run.and_then(|run| of_milliseconds(run.finished_at)),
            "rows": published.map(Published::rows),
            "degraded": degraded,
        })
    }

    /// `published`, `unchanged`, or the code of the error.
    fn outcome(&self) -> &'static str {
        match &self.result {
            Ok(published) if published.extraction.same_as.is_some() => "unchanged",
            Ok(_) => "published",
            Err(error) => error.kind().code(),
        }
    }
}

impl Published {
    fn rows(&self) -> serde_json::Map<String, Value> {
        self.rows.iter().map(|(table, rows)| ((*table).to_owned(), json!(rows))).collect()
    }

    /// The error of what was readable and is refused now, if that was asked for.
    fn degradation(&self, fail_on: Option<ExtractFailOn>) -> Option<Error> {
        let (first, _) = (self.degraded.first()?, fail_on?);
        let names = self.degraded.iter().map(|one| one.resource).collect::<Vec<_>>().join(", ");
        let id = &self.extraction.extraction_id;
        let message = format!(
            "extraction {id} is published, but without what could be read before and is refused \
             now: {names}"
        );
        Some(Error::new(Kind::Degraded, message).resource(first.resource).hint(
            "the data is published; give the token's role what it needs again, or leave the \
             resource out with `--skip`",
        ))
    }
}

/// An address as `--input` takes it where that is possible.
fn as_input(address: &Address) -> String {
    address.input().unwrap_or_else(|| address.to_string())
}

fn degraded(one: &Degraded) -> Value {
    json!({
        "resource": one.resource,
        "scopes": one.scopes,
        "read_at": one.read_at,
        "keeps_rows": one.keeps_rows,
        "status": one.status,
    })
}

/// A time as in JSON: RFC 3339, with milliseconds.
fn time(time: Timestamp) -> String {
    format!("{time:.3}")
}

fn of_milliseconds(milliseconds: i64) -> Option<String> {
    Timestamp::from_millisecond(milliseconds).ok().map(time)
}

#[expect(clippy::cast_precision_loss, reason = "a wait is short")]
fn seconds(milliseconds: i64) -> f64 {
    milliseconds as f64 / 1000.0
}
