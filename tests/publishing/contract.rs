//! A destination that only this test knows: the contract suffices, and no command is touched.

use std::fmt::{self, Display, Formatter};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Parser;
use flaglake::Result;
use flaglake::cli::{Cli, Command, ExtractArguments};
use flaglake::commands::extract;
use flaglake::commands::progress::Progress;
use flaglake::destinations::address::Address;
use flaglake::destinations::contract::{Answer, Capabilities, Destination, Known, Place, Verified};
use flaglake::destinations::{Account, Degraded, Retention, Rows, choose_id, stage_record};
use flaglake::record::{Record, RunRow};
use flaglake::stage::Staged;
use flaglake::system::interrupt::Interrupt;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use tempfile::TempDir;

use crate::support::{binary, ended};

/// Rows as CSV files in a folder, one file for each table.
#[derive(Clone, Debug)]
struct CsvFolder(PathBuf);

impl Display for CsvFolder {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "csv:{}", self.0.display())
    }
}

impl Place for CsvFolder {
    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
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

    fn table(&self, name: &str, _: Option<&str>, _: &str) -> String {
        format!("'{}/{name}.csv'", self.0.display())
    }

    fn command(&self, sql: &str) -> String {
        format!("duckdb -c \"{sql}\"")
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

/// The arguments of `flaglake extract --demo` to `folder`, with others.
fn arguments(folder: &Path, others: &[&str]) -> ExtractArguments {
    let all = ["flaglake", "extract", "--demo", "--resources", "core"].iter().chain(others);
    let Command::Extract(mut arguments) = Cli::try_parse_from(all).unwrap().command else {
        panic!("another command")
    };
    arguments.output = Address::new(CsvFolder(folder.to_owned()));
    *arguments
}

async fn run(arguments: &ExtractArguments) -> Result<()> {
    extract::run(arguments, &Progress::Quiet).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_third_destination_publishes_the_same_rows() {
    let folder = TempDir::new().unwrap();
    let csv = folder.path().join("csv");
    run(&arguments(&csv, &[])).await.unwrap();
    let sqlite = ["extract", "--demo", "--resources", "core"];
    ended(binary(folder.path()).args(sqlite).output().unwrap()).succeeded();
    let database = Connection::open(folder.path().join("launchdarkly.db")).unwrap();
    for table in ["projects", "environments", "flags", "flag_variations", "teams", "tags"] {
        let expected = rows(&database, table);
        let found = fs::read_to_string(csv.join(format!("{table}.csv"))).unwrap();
        let found: Vec<_> = found.lines().collect();
        assert!(found.len() > 3, "{table}");
        assert_eq!(found.len(), expected.len(), "{table}");
        let keys = |rows: &[&str]| rows.iter().map(|row| first(row)).collect::<Vec<_>>();
        let expected: Vec<_> = expected.iter().map(String::as_str).collect();
        assert_eq!(keys(&found), keys(&expected), "{table}");
    }
}

/// The first two cells of a row: its key. Times follow the clock of each run.
fn first(row: &str) -> String {
    row.split(',').take(2).collect::<Vec<_>>().join(",")
}

#[tokio::test(flavor = "multi_thread")]
async fn options_follow_the_capabilities_of_a_destination() {
    let folder = TempDir::new().unwrap();
    for option in [["--history-retention", "365d"], ["--keep-extractions", "3"]] {
        let error = run(&arguments(folder.path(), &option)).await.unwrap_err();
        assert_eq!(error.kind(), flaglake::error::Kind::Usage, "{option:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
