//! README.md and `docs/` are correct: tests run every command and every query, compare every table
//! with the definitions, and follow every link.

mod commands;
mod examples;
mod links;
mod options;
mod queries;
mod sync;
mod tables;

use crate::support::page;
use std::sync::Mutex;
use std::{env, fs};

/// Fails unless `change` leaves the page as it is; `UPDATE_DOCS=1` writes the changed page.
#[track_caller]
fn keep_equal(name: &str, change: impl Fn(&mut String)) {
    static ONE_WRITER: Mutex<()> = Mutex::new(());
    let _guard = ONE_WRITER.lock();
    let actual = page::read(name);
    let mut expected = actual.clone();
    change(&mut expected);
    if env::var_os("UPDATE_DOCS").is_some() {
        return replace(name, &expected);
    }
    let mut lines = actual.lines().zip(expected.lines()).enumerate();
    if let Some((index, (is, should))) = lines.find(|(_, (is, should))| is != should) {
        panic!(
            "{name} is stale: run UPDATE_DOCS=1 cargo test --test program documents\n\
             line {} is        {is}\nand should be {should}",
            index + 1
        );
    }
    assert_eq!(actual.len(), expected.len(), "{name} is stale at its end");
}

/// Replaces a page in one step, because other tests read it at the same time.
fn replace(name: &str, text: &str) {
    let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
    let new = format!("{path}.new");
    fs::write(&new, text).unwrap();
    fs::rename(&new, path).unwrap();
}
