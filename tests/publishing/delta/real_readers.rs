//! deltalake, Polars and DuckDB in one process that stays: starting it takes longer than reading.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde::Deserialize;

use super::log::{self, Objects};
use crate::support::python;

/// The rows of each extraction in a table.
type Rows = BTreeMap<String, u64>;

/// What the readers find.
#[derive(Debug, Deserialize)]
struct Facts {
    readers: BTreeMap<String, BTreeMap<String, Rows>>,
    /// What a strict reader finds, by account.
    strict: BTreeMap<String, Strict>,
}

#[derive(Debug, Deserialize)]
struct Strict {
    extraction: String,
    tables: BTreeMap<String, AtVersion>,
}

#[derive(Debug, Deserialize)]
struct AtVersion {
    /// The rows of the extraction, as its manifest says.
    rows: u64,
    found: Rows,
}

/// The readers.
pub struct Readers {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Readers {
    /// `None` where they are not installed.
    pub fn start() -> Option<Self> {
        let modules = ["deltalake", "duckdb", "duckdb_extension_delta", "polars", "pyarrow"];
        if !python::has(&modules) {
            return None;
        }
        let mut script = python::script(include_str!("../../python/read_deltas.py"));
        let mut process = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let input = process.stdin.take();
        Some(Readers { process, input, output })
    }

    fn read(&mut self, lake: &Path) -> Facts {
        writeln!(self.input.as_ref().unwrap(), "{}", lake.display()).unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).expect(&line)
    }

    /// Checks that all readers find in each table the rows that `expected` tells of, and that a
    /// strict reader finds one whole extraction of each account. Returns these extractions.
    #[track_caller]
    pub fn check(&mut self, lake: &Path, expected: &BTreeMap<String, Rows>) -> Vec<String> {
        let facts = self.read(lake);
        assert_eq!(facts.readers.len(), 3);
        for (reader, found) in &facts.readers {
            assert_eq!(found, expected, "{reader}");
        }
        for Strict { extraction, tables } in facts.strict.values() {
            for (name, AtVersion { rows, found }) in tables {
                let own = found.get(extraction).copied().unwrap_or_default();
                assert_eq!(own, *rows, "{name} at {extraction}: {found:?}");
                let has_others = found.keys().any(|id| id != extraction);
                assert!(!has_others || super::kills::accumulates(name), "{name}: {found:?}");
            }
            assert!(tables.len() > 10, "{tables:?}");
        }
        facts.strict.into_values().map(|strict| strict.extraction).collect()
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.process.wait();
    }
}

/// The rows of each extraction in the newest version of each table, by the logs.
pub fn by_logs(objects: &Objects) -> BTreeMap<String, Rows> {
    let tables = log::tables(objects).into_iter();
    let rows = |table: log::Table| {
        let mut rows = Rows::new();
        for live in table.newest().iter().filter(|live| live.rows > 0) {
            *rows.entry(live.extraction.clone()).or_default() += live.rows;
        }
        rows
    };
    tables.map(|(name, table)| (name, rows(table))).collect()
}
