//! Support for tests that run the binary: a folder, a fake LaunchDarkly, and the published rows.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod browser;
pub mod cloud;
pub mod docker;
pub mod feed;
pub mod http;
pub mod lake;
pub mod mutate;
pub mod packages;
pub mod page;
pub mod place;
pub mod postgres;
pub mod python;
pub mod sample;
pub mod schedule;
pub mod terminal;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use fake_launchdarkly::account::{Account, DEMO_TOKEN};
use fake_launchdarkly::{Behaviour, Server};
use flaglake::model::resource::Group;
use flaglake::model::table::TableInfo;
use flaglake::model::view;
use flaglake::resources;
use flaglake::resources::flag_statuses::STATUS_SINCE;
use rusqlite::Connection;
use rusqlite::types::Value;
use tempfile::TempDir;

/// The rows of every table, each as text, in the order of the key.
pub type Tables = BTreeMap<String, Vec<String>>;

/// An empty folder, and a fake LaunchDarkly to read from.
pub struct Run {
    pub folder: TempDir,
    pub server: Server,
}

/// How a run of the binary ended.
#[derive(Debug)]
pub struct Ended {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn new(account: Account, behaviour: Behaviour) -> Self {
        let server = Server::spawn(account, behaviour).unwrap();
        Run { folder: TempDir::new().unwrap(), server }
    }

    /// The binary with `arguments`, in the folder, against the server, with the demo token.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = binary(self.folder.path());
        command.args(arguments).env("LD_BASE_URI", self.server.base_uri());
        command.env("LAUNCHDARKLY_ACCESS_TOKEN", DEMO_TOKEN);
        // The resources that most tests need; `tests/reading/resources` names others.
        command.env("FLAGLAKE_RESOURCES", "core");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        ended(self.command(arguments).output().unwrap())
    }

    /// Extracts to `launchdarkly.db`, which must work.
    pub fn extract(&self, arguments: &[&str]) -> Ended {
        let all: Vec<_> = ["extract"].iter().chain(arguments).copied().collect();
        self.run(&all).succeeded()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn database(&self) -> Connection {
        Connection::open(self.path("launchdarkly.db")).unwrap()
    }

    /// The first column of the first row.
    pub fn value<T: rusqlite::types::FromSql>(&self, sql: &str) -> T {
        self.database().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// The data of every table, without tables about the run itself.
    pub fn tables(&self) -> Tables {
        tables(&self.database())
    }

    /// How many requests went to paths that contain `part`.
    pub fn requests(&self, part: &str) -> usize {
        self.server.requests().iter().filter(|request| request.path.contains(part)).count()
    }
}

/// The variable that leaves out the demo's extractions of earlier days, which take seconds, and
/// its value.
pub const NO_DEMO_PAST: (&str, &str) = ("FLAGLAKE_NO_DEMO_PAST", "1");

/// The binary in `folder`, with nothing of this process's environment but the system's paths. The
/// demo is extracted as it is today only.
pub fn binary(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flaglake"));
    command.current_dir(folder).env_clear().stdin(Stdio::null());
    command.env(NO_DEMO_PAST.0, NO_DEMO_PAST.1);
    for name in ["PATH", "HOME", "TMPDIR", "LLVM_PROFILE_FILE"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

/// A program that is not a part of the project, with the system's paths only; `None` with a message
/// where it is not installed.
pub fn program(name: &str) -> Option<Command> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let Some(found) =
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|one| one.is_file())
    else {
        let test = std::thread::current().name().unwrap_or_default().to_owned();
        let _ = writeln!(std::io::stderr(), "skipped {test}: there is no `{name}`");
        return None;
    };
    let mut command = Command::new(found);
    command.env_clear().env("PATH", path).stdin(Stdio::null());
    Some(command)
}

pub fn ended(output: Output) -> Ended {
    Ended {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

impl Ended {
    #[track_caller]
    pub fn succeeded(self) -> Self {
        assert_eq!(self.status, 0, "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// The error as JSON, after checking exit status and code.
    #[track_caller]
    pub fn failed(&self, status: i32, code: &str) -> serde_json::Value {
        assert_eq!(self.status, status, "{}\n{}", self.stdout, self.stderr);
        let line = self.stderr.lines().last().unwrap_or_default();
        let error: serde_json::Value = serde_json::from_str(line).expect(line);
        assert_eq!(error["code"], code, "{line}");
        error
    }
}

/// The tables of the core's resources, but for what tells of the runs.
pub fn tables(connection: &Connection) -> Tables {
    let core = resources::ALL.iter().filter(|resource| resource.group() == Group::Core);
    tables_of(connection, core.flat_map(|resource| resource.tables()))
}

/// These tables, but for what tells of the runs.
pub fn tables_of(connection: &Connection, tables: impl IntoIterator<Item = TableInfo>) -> Tables {
    let rows = tables.into_iter().map(|table| {
        let columns = table.columns.iter().map(|column| column.name);
        let columns: Vec<_> = columns.filter(|name| *name != STATUS_SINCE).collect();
        let (columns, key) = (columns.join(", "), table.key.join(", "));
        let sql = format!("SELECT {columns} FROM {} ORDER BY {key}", table.name);
        (table.name.to_owned(), rows(connection, &sql))
    });
    rows.collect()
}

/// Drops flaglake's views, so that a test may take columns from under them.
pub fn drop_views(connection: &Connection) {
    for view in view::all() {
        connection.execute_batch(&format!("DROP VIEW IF EXISTS {}", view.name)).unwrap();
    }
}

/// Every row as text.
pub fn rows(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        let cells = (0..columns).map(|index| cell(&row.get(index).unwrap()));
        Ok(cells.collect::<Vec<_>>().join(" | "))
    };
    statement.query_map([], row).unwrap().map(Result::unwrap).collect()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "NULL".into(),
        Value::Integer(int) => int.to_string(),
        Value::Real(real) => real.to_string(),
        Value::Text(text) => format!("{text:?}"),
        other => panic!("no column holds {other:?}"),
    }
}

/// Every Rust file under `folder`.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found = Vec::new();
    for path in entries {
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}
