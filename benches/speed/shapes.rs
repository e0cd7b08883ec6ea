//! Accounts of different shapes: the time and the number of requests against the least possible.

use std::time::Duration;

use fake_launchdarkly::generated::Size;

use crate::Result;
use crate::account::{Extracted, Served};
use crate::end_to_end::{CONCURRENCY, LATENCY};
use crate::report::{Target, seconds, targets};

/// An account, and what is read of it.
struct Shape {
    name: &'static str,
    resources: &'static str,
    size: Size,
}

/// Runs each shape once, with latency. `part` is the share of each account to generate.
pub fn run(part: usize) -> Result {
    println!("\nAccounts of four shapes, at {} ms latency:", LATENCY.as_millis());
    let figures = shapes(part).iter().map(figures).collect::<Result<Vec<_>>>()?;
    targets(figures.into_iter().flatten());
    Ok(())
}

fn shapes(part: usize) -> [Shape; 4] {
    let shape = |name, projects, flags, environments| {
        let size = Size { projects, flags, environments, archived: 0, deprecated: 0, ..empty() };
        Shape { name, resources: "core", size }
    };
    let log = Size { projects: 0, audit_entries: 20_000 / part, ..empty() };
    [
        shape("few large projects", 2, 3000 / part, 3),
        shape("many small projects", 300 / part, 20, 3),
        shape("many environments", 1, 500, 40 / part.min(4)),
        Shape { name: "large audit log", resources: "audit_log", size: log },
    ]
}

fn empty() -> Size {
    Size { tags: 20, teams: 0, ..Size::default() }
}

fn figures(shape: &Shape) -> Result<[Target; 2]> {
    let account = Served::new(shape.size)?;
    account.set_latency(LATENCY);
    let extracted = account.extracted("sqlite", shape.resources)?;
    Ok([wall(shape, &extracted), requests(shape, &extracted)])
}

/// The server has no rate limit, so latency is the only bound.
fn wall(shape: &Shape, extracted: &Extracted) -> Target {
    let ideal = LATENCY.mul_f64(extracted.requests as f64 / CONCURRENCY);
    let ideal = ideal.max(Duration::from_millis(1));
    Target {
        name: format!("{}: wall time", shape.name),
        measured: seconds(extracted.usage.wall),
        against: format!("{} × 50 ms / 8 = {}", extracted.requests, seconds(ideal)),
        ratio: extracted.usage.wall.as_secs_f64() / ideal.as_secs_f64(),
        most: Some(1.15),
    }
}

fn requests(shape: &Shape, extracted: &Extracted) -> Target {
    let floor = floor(shape);
    // One light request a project proves that no flag was missed.
    let light = shape.size.projects;
    Target {
        name: format!("{}: requests", shape.name),
        measured: extracted.requests.to_string(),
        against: format!("{floor} + {light}"),
        ratio: extracted.requests as f64 / (floor + light) as f64,
        most: Some(1.02),
    }
}

/// The least number of requests: each list once, at its documented page size.
fn floor(shape: &Shape) -> usize {
    let Size { projects, environments, flags, tags, audit_entries, .. } = shape.size;
    let identity = 1;
    if shape.resources == "audit_log" {
        // A page begins with the last entry of the one before. Without that, entries of the same
        // millisecond could be lost.
        return identity + pages(audit_entries.saturating_sub(1), 19);
    }
    let account = pages(projects, 1000) + pages(tags, 1000) + pages(0, 100);
    // A list of projects has the first 20 environments of each.
    let more_environments = environments.saturating_sub(20).div_ceil(1000);
    // Archived flags are a list of their own.
    let flags = environments.div_ceil(3) * pages(flags, 100) + 1;
    identity + account + projects * (more_environments + flags + environments)
}

/// An empty list takes a request, too.
fn pages(rows: usize, page: usize) -> usize {
    rows.div_ceil(page).max(1)
}
