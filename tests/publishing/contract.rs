//! A third destination, which only this test defines. It shows that the contract is sufficient, and
//! that no command needs a change.

use std::fmt::{self, Display, Formatter};
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use fake_launchdarkly::account::DEMO_TOKEN;
use fake_launchdarkly::generated::NOW_MS;
use fake_launchdarkly::{Behaviour, Server, company};
use flaglake::Result;
use flaglake::cli::{Cli, Command, ExtractArguments};
use flaglake::commands::progress::Progress;
use flaglake::commands::{extract, summary};
use flaglake::destinations::address::Address;
use flaglake::destinations::contract::{Answer, Capabilities, Destination, Known, Place, Verified};
use flaglake::destinations::{Account, Degraded, Retention, Rows, choose_id, stage_record};
use flaglake::error::Kind;
use flaglake::record::{Record, RunRow};
use flaglake::stage::Staged;
use flaglake::system::interrupt::Interrupt;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use tempfile::TempDir;

/// Writes rows as CSV files to a folder, one file for each table.
#[derive(Clone, Debug)]
struct CsvFolder(PathBuf);

impl Display for CsvFolder {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "csv:{}", self.0.display())
    }
}

impl Place for CsvFolder {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            name: "CSV",
            keeps_history: false,
            keeps_extractions: false,
            has_views: false,
        }
    }

    fn beside(&self, what: &str) -> PathBuf {
        self.0.join(format!(".{what}"))
    }

    fn check(&self) -> Result<()> {
        fs::create_dir_all(&self.0).unwrap();
        Ok(())
    }

    fn open(&self, _: Duration, _: &Interrupt) -> Result<Box<dyn Destination>> {
        Ok(Box::new(self.clone()))
    }
}

impl Destination for CsvFolder {
    fn forget(&mut self, _: Retention) {}

    fn check_layout(&self) -> Answer<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn check_account<'a>(&'a mut self, _: &'a Account<'a>, _: bool) -> Answer<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn holds_extractions(&self) -> bool {
        self.0.join("extractions.csv").exists()
    }

    fn has(&self, id: &str) -> Result<bool> {
        let file = fs::read_to_string(self.0.join("extractions.csv"));
        Ok(file.is_ok_and(|text| text.contains(id)))
    }

    fn inspect<'a>(&'a self, _: Option<&'a str>, _: Duration) -> Answer<'a, Known> {
        Box::pin(async { Ok(Known::default()) })
    }

    fn degraded<'a>(&'a self, _: &'a Record, _: Option<&'a str>) -> Answer<'a, Vec<Degraded>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn publish<'a>(&'a self, run: Verified<'a>, extraction: &'a mut RunRow) -> Answer<'a, Rows> {
        Box::pin(async move {
            choose_id(extraction, |id| self.has(id))?;
            let check = stage_record(run.staged, run.record, extraction, run.interrupt)?;
            check.finish()?;
            run.interrupt.commit()?;
            let tables = run.staged.tables.iter();
            Ok(tables.map(|table| (table.name, self.write(run.staged, table.name))).collect())
        })
    }
}

impl CsvFolder {
    fn write(&self, staged: &Staged, table: &str) -> usize {
        let rows = rows(&staged.connection, table);
        fs::write(self.0.join(format!("{table}.csv")), rows.join("\n")).unwrap();
        rows.len()
    }
}

/// The rows of a table in the order of all columns, each as text.
fn rows(connection: &Connection, table: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let columns = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        Ok((0..columns).map(|index| cell(row.get_ref_unwrap(index))).collect::<Vec<_>>().join(","))
    };
    let mut rows: Vec<String> = statement.query_map([], row).unwrap().map(Result::unwrap).collect();
    rows.sort();
    rows
}

fn cell(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) | ValueRef::Blob(text) => {
            format!("{:?}", String::from_utf8_lossy(text))
        }
    }
}

/// The demo account at a fixed time, and the arguments to read it into `output`.
struct Reading {
    folder: TempDir,
    server: Server,
}

impl Reading {
    fn new() -> Self {
        let server = Server::spawn(company::account(NOW_MS), Behaviour::default()).unwrap();
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("token"), DEMO_TOKEN).unwrap();
        Reading { folder, server }
    }

    fn csv(&self) -> PathBuf {
        self.folder.path().join("csv")
    }

    fn arguments(&self, others: &[&str]) -> ExtractArguments {
        let token = self.folder.path().join("token").display().to_string();
        let uri = self.server.base_uri();
        let mut all = vec!["flaglake", "extract", "--resources", "core", "--base-uri", &uri];
        all.extend(["--access-token-file", &token].iter().chain(others));
        match Cli::try_parse_from(all).unwrap().command {
            Command::Extract(arguments) => *arguments,
            command => panic!("{command:?}"),
        }
    }

    /// Reads the account into CSV files.
    fn run(&self, others: &[&str]) -> Result<()> {
        let mut arguments = self.arguments(others);
        arguments.output = vec![Address::new(CsvFolder(self.csv()))];
        extracted(&arguments)
    }
}

/// Runs the command in this process.
fn extracted(arguments: &ExtractArguments) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(extract::run(&extract::jobs(arguments.clone()), &Progress::Quiet))
}

#[test]
fn a_third_destination_publishes_the_same_rows() {
    let reading = Reading::new();
    reading.run(&[]).unwrap();
    let output = reading.folder.path().join("x.db").display().to_string();
    let arguments = reading.arguments(&["--output", &output]);
    extracted(&arguments).unwrap();
    let database = Connection::open(&output).unwrap();
    let mut compared = 0;
    // `status_since` is the time of each run.
    let tables = arguments.selection().tables().into_iter();
    for table in tables.filter(|table| table.name != "flag_statuses") {
        let found = fs::read_to_string(reading.csv().join(format!("{}.csv", table.name))).unwrap();
        assert_eq!(found, rows(&database, table.name).join("\n"), "{}", table.name);
        compared += found.lines().count();
    }
    assert!(compared > 1000, "{compared}");
    // Only data is left: neither the stage nor the lock.
    let names = fs::read_dir(reading.csv()).unwrap().map(|one| one.unwrap().file_name());
    assert!(names.map(|name| name.into_string().unwrap()).all(|name| name.ends_with(".csv")));
}

#[test]
fn a_plan_publishes_nothing_in_a_third_destination() {
    let reading = Reading::new();
    reading.run(&["--plan"]).unwrap();
    assert!(!reading.csv().exists());
    assert!(reading.server.requests().len() < 20);
}

#[test]
fn the_summary_has_no_queries_for_what_cannot_be_read() {
    let address = Address::new(CsvFolder("data".into()));
    let place = summary::Place { destination: &address, account: None };
    let extraction = RunRow { requests: 7, ..RunRow::default() };
    let (rows, took) = (&[("flags", 3)][..], Duration::from_secs(1));
    let note = Some("Noted.");
    let extraction = &extraction;
    let summary = summary::Summary { extraction, rows, took, is_whole: false, note };
    let text = summary::text(place, summary);
    assert!(text.contains("7 requests in 1.0 s. The data is in csv:data\nNoted.\n"), "{text}");
    // flaglake cannot read what it has written there.
    assert!(!text.contains("flaglake"), "{text}");
}

#[test]
fn options_follow_the_capabilities_of_a_destination() {
    let reading = Reading::new();
    for (option, value, names) in [
        ("--history-retention", "365d", "SQLite and PostgreSQL"),
        ("--keep-extractions", "3", "Parquet and Delta Lake"),
    ] {
        let error = reading.run(&[option, value]).unwrap_err();
        assert_eq!(error.kind(), Kind::Usage);
        assert_eq!(error.to_string(), format!("`{option}` is for {names}"));
        assert_eq!(error.advice(), Some("CSV keeps no data of earlier runs"));
        assert!(!reading.csv().exists());
    }
    assert!(reading.server.requests().is_empty());
}
