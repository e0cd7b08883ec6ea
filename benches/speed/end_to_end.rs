//! The binary against the floor, against its memory target, and against the network.

use std::time::Duration;

use fake_launchdarkly::generated::Size;

use crate::Result;
use crate::account::{Answer, Served, bytes};
use crate::measure::{self, Usage, least};
use crate::report::{Target, mebibytes, seconds, targets};
use crate::{floor, report};

const RUNS: usize = 3;
/// The default of `--concurrency`.
pub const CONCURRENCY: f64 = 8.0;
pub const LATENCY: Duration = Duration::from_millis(50);
/// The memory target of a run, in bytes.
pub const MOST: u64 = 64 * 1024 * 1024;

pub fn run(account: &Served, answers: &[Answer]) -> Result {
    let (floor, rows) = floor_time(account, answers)?;
    report::size(answers.len(), bytes(answers), rows);
    let sqlite = runs(account, "sqlite")?;
    let parquet = runs(account, "parquet")?;
    targets([
        against_floor("processor, SQLite", &sqlite, floor, Some(2.5)),
        against_floor("processor, Parquet", &parquet, floor, None),
        against_most("peak memory, SQLite", &sqlite),
        against_most("peak memory, Parquet", &parquet),
        against_network(account)?,
        all_resources(account, "sqlite", "peak memory, SQLite, all resources")?,
        all_resources(account, "parquet", "peak memory, Parquet, all resources")?,
    ]);
    Ok(())
}

/// With ten times the flags, peak memory may grow by a fifth.
pub fn run_large(size: Size) -> Result {
    let flags = size.flags * 10;
    let (archived, deprecated) = (size.archived * 10, size.deprecated * 10);
    let account = Served::new(Size { flags, archived, deprecated, ..size })?;
    println!("\nTen times the flags:");
    let measure = |kind| Ok::<_, Box<dyn std::error::Error>>([account.extract(kind)?.0]);
    let grown = |name, usage: &[Usage]| Target { most: Some(1.2), ..against_most(name, usage) };
    targets([
        grown("peak memory, SQLite", &measure("sqlite")?),
        grown("peak memory, Parquet", &measure("parquet")?),
    ]);
    Ok(())
}

fn runs(account: &Served, kind: &str) -> Result<Vec<Usage>> {
    (0..RUNS).map(|_| Ok(account.extract(kind)?.0)).collect()
}

fn floor_time(account: &Served, answers: &[Answer]) -> Result<(Duration, u64)> {
    let path = account.folder.path().join("floor.db");
    let mut rows = 0;
    let time = least(RUNS, || {
        let (time, inserted) = measure::on_this_thread(|| floor::run(answers, &path))?;
        rows = inserted;
        std::fs::remove_file(&path)?;
        Ok(time)
    })?;
    Ok((time, rows))
}

fn against_floor(name: &'static str, runs: &[Usage], floor: Duration, most: Option<f64>) -> Target {
    let least = runs.iter().map(|usage| usage.processor).min().unwrap_or_default();
    let ratio = least.as_secs_f64() / floor.as_secs_f64();
    Target {
        name: name.to_owned(),
        measured: seconds(least),
        against: format!("floor {}", seconds(floor)),
        ratio,
        most,
    }
}

/// Compares the peak memory of a run of all resources with the same memory target.
fn all_resources(account: &Served, kind: &str, name: &'static str) -> Result<Target> {
    Ok(against_most(name, &[account.extract_resources(kind, "all")?.0]))
}

/// Compares the largest peak of the runs with the memory target.
fn against_most(name: &'static str, runs: &[Usage]) -> Target {
    let peak = runs.iter().map(|usage| usage.peak).max().unwrap_or_default();
    let ratio = peak as f64 / MOST as f64;
    Target {
        name: name.to_owned(),
        measured: mebibytes(peak),
        against: mebibytes(MOST),
        ratio,
        most: Some(1.0),
    }
}

/// Compares a run with the ideal: requests of equal duration at the default concurrency.
fn against_network(account: &Served) -> Result<Target> {
    account.set_latency(LATENCY);
    let (usage, requests) = account.extract("sqlite")?;
    account.set_latency(Duration::ZERO);
    let ideal = LATENCY.mul_f64(requests as f64 / CONCURRENCY);
    let ratio = usage.wall.as_secs_f64() / ideal.as_secs_f64();
    let against = format!("{requests} × 50 ms / 8 = {}", seconds(ideal));
    let measured = seconds(usage.wall);
    Ok(Target {
        name: "wall time at 50 ms latency".to_owned(),
        measured,
        against,
        ratio,
        most: Some(1.2),
    })
}
