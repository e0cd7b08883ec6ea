//! Runs small Python scripts: some readers, and the emulator of S3, exist in Python only.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// Whether Python has all of `modules`; says so where a test has to be skipped.
pub fn has(modules: &[&str]) -> bool {
    let import = format!("import {}", modules.join(", "));
    let output = Command::new("python3").args(["-c", &import]).output();
    if output.is_ok_and(|output| output.status.success()) {
        return true;
    }
    // Not by `eprintln!`, which is shown for tests that fail only.
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    let _ = writeln!(std::io::stderr(), "skipped {test}: python3 cannot `{import}`");
    false
}

pub fn script(source: &str) -> Command {
    let mut command = Command::new("python3");
    command.args(["-c", source]);
    command
}

/// Runs a script that must work; returns the JSON that it prints.
#[track_caller]
pub fn run(source: &str, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Value {
    let output = script(source).args(arguments).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    serde_json::from_slice(&output.stdout).expect(&errors)
}

/// Runs a script with `input`; what it prints, or what was wrong.
pub fn run_with_input(source: &str, input: &str) -> Result<Value, String> {
    let mut command = script(source);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    serde_json::from_slice(&output.stdout)
        .map_err(|_| String::from_utf8_lossy(&output.stderr).into())
}

/// A home folder, in `folder`, where DuckDB finds an extension, such as its reader of SQLite, instead
/// of downloading it; `None` where the package that has it is not installed.
pub fn home_with_duckdb_extension(folder: &Path, extension: &str) -> Option<PathBuf> {
    has(&["duckdb", &format!("duckdb_extension_{extension}")]).then(|| {
        let script = include_str!("../python/link_duckdb_extension.py");
        run(script, [folder.as_os_str(), extension.as_ref()]);
        folder.to_owned()
    })
}
