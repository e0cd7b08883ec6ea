//! The other direction: events and members of segments, against the least work that the same rows
//! can take.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use fake_launchdarkly::account::DEMO_TOKEN;
use fake_launchdarkly::{Behaviour, RateLimit, Server, company};
use rusqlite::{Connection, params};
use serde::Serialize;
use tempfile::TempDir;

use crate::Result;
use crate::measure::{self, Usage};
use crate::report::{Target, mebibytes, seconds, targets};

/// The memory target of a run, in bytes.
const MOST: u64 = 64 * 1024 * 1024;
/// The rows of a source that a second should suffice for.
const ROWS_A_SECOND: f64 = 100_000.0;
/// The processor time in which a million keys are compared.
const DIFFERENCE: Duration = Duration::from_secs(5);

/// A server that takes writes without limits and keeps no events, and a folder for sources.
struct Account {
    server: Server,
    folder: TempDir,
}

/// Measures `rows` events, and the members of a big segment.
pub fn run(rows: u32) -> Result {
    let target = Account::new()?;
    let source = target.events(rows)?;
    let (floor, ()) = measure::on_this_thread(|| floor(&source, &target.path("floor.db")))?;
    let first = target.sync_events(&source)?;
    let again = target.sync_events(&source)?;
    println!("\n{rows} events, and {rows} members of a big segment\n");
    targets([
        against("processor, events", first.processor, floor, Some(2.0)),
        against("wall time, events at 100,000/s", first.wall, at_speed(rows), Some(1.0)),
        memory("peak memory, events", &first),
        against("processor, events that were sent", again.processor, floor, None),
    ]);
    target.segment(rows)
}

impl Account {
    fn new() -> Result<Self> {
        let rate_limit =
            RateLimit { global: None, route: None, token: None, ..RateLimit::default() };
        let mut behaviour =
            Behaviour { rate_limit: rate_limit.without_headers(), ..Behaviour::default() };
        behaviour.writes.keep_events = false;
        let server = Server::spawn(company::account(1_790_000_000_000), behaviour)?;
        Ok(Account { server, folder: TempDir::new()? })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A database with events.
    fn events(&self, rows: u32) -> Result<PathBuf> {
        let path = self.path("events.db");
        let connection = Connection::open(&path)?;
        connection.execute_batch(
            "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; BEGIN;
             CREATE TABLE events (event_id TEXT, event_key TEXT, context_key TEXT,
                occurred_at INTEGER, metric_value REAL)",
        )?;
        let mut insert = connection.prepare("INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5)")?;
        for row in 0..rows {
            let id = format!("{:016x}", u64::from(row).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let user = format!("user-{:06}", row % 100_000);
            let at = 1_780_000_000_000_i64 + i64::from(row);
            insert.execute(params![id, "order placed", user, at, f64::from(row % 1000) / 8.0])?;
        }
        drop(insert);
        connection.execute_batch("COMMIT")?;
        Ok(path)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flaglake"));
        command.env_clear().env("LAUNCHDARKLY_ACCESS_TOKEN", DEMO_TOKEN);
        command.args(["sync"]).args(arguments).args(["--quiet", "--project", "storefront"]);
        command.args(["--environment", "staging", "--base-uri", &self.server.base_uri()]);
        command.arg("--state").arg(self.path("state.db"));
        command
    }

    fn sync_events(&self, source: &Path) -> Result<Usage> {
        let from = format!("sqlite:{}", source.display());
        measure::run(
            &self.command(&["events", "--from", &from, "--table", "events", "--id", "event_id"]),
        )
    }

    /// Fills a big segment, and then changes a hundredth of it.
    fn segment(&self, rows: u32) -> Result {
        let path = self.path("members.csv");
        let keys = |from: u32| -> String {
            let lines = (from..from + rows).map(|row| format!("member-{row:08}\n"));
            std::iter::once("context_key\n".to_owned()).chain(lines).collect()
        };
        let from = format!("csv:{}", path.display());
        let arguments = ["segment", "--from", &from, "--segment", "cohort", "--kind", "big"];
        std::fs::write(&path, keys(0))?;
        let filled = measure::run(&self.command(&arguments))?;
        std::fs::write(&path, keys(rows / 100))?;
        let changed = [&arguments[..], &["--max-removals", "100%"]].concat();
        let changed = measure::run(&self.command(&changed))?;
        let allowed = DIFFERENCE.mul_f64(f64::from(rows) / 1e6);
        targets([
            memory("peak memory, import of members", &filled),
            against("processor, difference of members", changed.processor, allowed, Some(1.0)),
            memory("peak memory, difference of members", &changed),
        ]);
        Ok(())
    }
}

fn at_speed(rows: u32) -> Duration {
    Duration::from_secs_f64(f64::from(rows) / ROWS_A_SECOND)
}

fn against(name: &'static str, measured: Duration, other: Duration, most: Option<f64>) -> Target {
    let ratio = measured.as_secs_f64() / other.as_secs_f64();
    Target {
        name: name.to_owned(),
        measured: seconds(measured),
        against: seconds(other),
        ratio,
        most,
    }
}

fn memory(name: &'static str, usage: &Usage) -> Target {
    let ratio = usage.peak as f64 / MOST as f64;
    Target {
        name: name.to_owned(),
        measured: mebibytes(usage.peak),
        against: mebibytes(MOST),
        ratio,
        most: Some(1.0),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event<'e> {
    kind: &'e str,
    key: &'e str,
    context_keys: [(&'e str, &'e str); 1],
    creation_date: i64,
    metric_value: f64,
}

/// The least work: reads the same rows, serialises each once, and inserts one key a row.
fn floor(source: &Path, path: &Path) -> Result {
    let source = Connection::open(source)?;
    let known = Connection::open(path)?;
    known.execute_batch(
        "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -1000000; BEGIN;
         CREATE TABLE keys (row_key TEXT PRIMARY KEY) WITHOUT ROWID",
    )?;
    let mut insert = known.prepare("INSERT INTO keys VALUES (?1)")?;
    let mut statement = source.prepare("SELECT * FROM events")?;
    let mut rows = statement.query([])?;
    let mut body = Vec::new();
    while let Some(row) = rows.next()? {
        let text = |column| row.get_ref(column).and_then(|value| Ok(value.as_str()?));
        let event = Event {
            kind: "custom",
            key: text(1)?,
            context_keys: [("user", text(2)?)],
            creation_date: row.get(3)?,
            metric_value: row.get(4)?,
        };
        serde_json::to_writer(&mut body, &event)?;
        insert.execute([text(0)?])?;
        if body.len() > 1_000_000 {
            body.clear();
        }
    }
    drop(insert);
    known.execute_batch("COMMIT")?;
    Ok(())
}
