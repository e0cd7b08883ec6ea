//! What a night costs in each destination: the first one, one with 1 % of the flags changed, and
//! one without a change. What differs between destinations is publishing. The server's own
//! processor time is not counted.

use std::process::Command;

use fake_launchdarkly::account::DEMO_TOKEN;
use tempfile::TempDir;

use crate::Result;
use crate::account::Served;
use crate::end_to_end::MOST;
use crate::measure::{self, Usage};
use crate::postgres::{Database, server};
use crate::report::{Target, mebibytes, seconds, targets};

const NIGHTS: [&str; 3] = ["first night", "1 % changed", "unchanged"];

/// One destination.
struct Output {
    name: &'static str,
    address: String,
    /// The database of a PostgreSQL output.
    database: Option<Database>,
}

impl Output {
    /// Extracts. Prints what a server writes to its log: after a checkpoint, that is the most.
    fn extract(&self, account: &Served, night: &str) -> Result<Usage> {
        let Some(database) = &self.database else { return extract(account, &self.address) };
        database.run("CHECKPOINT");
        let start = database.value("SELECT pg_current_wal_insert_lsn()");
        let usage = extract(account, &self.address)?;
        let sql = format!("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '{start}')");
        let written = database.value(&sql).parse()?;
        println!("{night}, {}: {} of log", self.name, mebibytes(written));
        Ok(usage)
    }
}

pub fn run(account: &Served) -> Result {
    println!("\nEach night, in each destination:");
    let folder = TempDir::new_in(account.folder.path())?;
    let outputs = outputs(&folder);
    let mut all = Vec::new();
    for (index, night) in NIGHTS.into_iter().enumerate() {
        if index == 1 {
            change(account);
        }
        let usages = outputs.iter().map(|output| output.extract(account, night));
        let usages = usages.collect::<Result<Vec<_>>>()?;
        let sqlite = usages.first().ok_or("no destination")?;
        let figures = outputs.iter().zip(&usages);
        all.extend(
            figures.flat_map(|(output, usage)| figures_of(night, output.name, usage, sqlite)),
        );
    }
    targets(all);
    Ok(())
}

/// SQLite comes first: the others are compared with it.
fn outputs(folder: &TempDir) -> Vec<Output> {
    let path = folder.path().display();
    let mut outputs = vec![
        Output { name: "SQLite", address: format!("sqlite:{path}/nights.db"), database: None },
        Output { name: "Parquet", address: format!("parquet:{path}/lake"), database: None },
    ];
    if let Some(server) = server() {
        let database = server.database();
        let address = database.address();
        outputs.push(Output { name: "PostgreSQL", address, database: Some(database) });
    }
    outputs
}

fn change(account: &Served) {
    account.server.change(|account| {
        let flags = account.projects.iter_mut().flat_map(|project| &mut project.flags);
        for flag in flags.step_by(100) {
            flag.name.push_str(" of today");
            flag.version += 1;
        }
    });
    account.server.warm_up();
}

fn extract(account: &Served, output: &str) -> Result<Usage> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flaglake"));
    command.env_clear().env("LAUNCHDARKLY_ACCESS_TOKEN", DEMO_TOKEN);
    command.env("TMPDIR", account.folder.path());
    command.args(["extract", "--quiet", "--base-uri", &account.server.base_uri()]);
    command.args(["--resources", "core", "--output", output]);
    measure::run(&command)
}

fn figures_of(night: &str, output: &str, usage: &Usage, sqlite: &Usage) -> [Target; 3] {
    let time = |what, ours: std::time::Duration, of_sqlite: std::time::Duration| Target {
        name: format!("{night}, {output}: {what}"),
        measured: seconds(ours),
        against: format!("SQLite {}", seconds(of_sqlite)),
        ratio: ours.as_secs_f64() / of_sqlite.as_secs_f64(),
        most: None,
    };
    [
        time("wall time", usage.wall, sqlite.wall),
        time("processor", usage.processor, sqlite.processor),
        Target {
            name: format!("{night}, {output}: peak memory"),
            measured: mebibytes(usage.peak),
            against: mebibytes(MOST),
            ratio: usage.peak as f64 / MOST as f64,
            most: Some(1.0),
        },
    ]
}
