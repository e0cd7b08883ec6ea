//! Parquet keeps history as complete extractions: how many are kept, and which data a run takes
//! from earlier ones.

mod manifests;
mod removal;
mod status_since;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::generated::{self, Size};

use crate::support::Run;
use crate::support::lake;

const LAKE: &str = "parquet:lake";

fn account() -> Run {
    projects(1)
}

fn projects(projects: usize) -> Run {
    let size =
        Size { projects, environments: 2, flags: 6, archived: 2, deprecated: 1, ..Size::default() };
    let size = Size { teams: 1, members: 6, maintainers: 2, tags: 4, ..size };
    Run::new(generated::account(size), Behaviour::default())
}

/// The extractions of all accounts, as account folder and ID: those with files, and those with a
/// manifest.
fn extractions(run: &Run) -> (BTreeSet<String>, BTreeSet<String>) {
    let lake = run.path("lake");
    let files = lake::files(&lake).into_keys().map(|(_, folders)| folders);
    let files = files.map(|folders| folders.replace("extraction_id=", "")).collect();
    let accounts = fs::read_dir(lake.join("_extractions")).unwrap();
    let accounts = accounts.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let complete = accounts.flat_map(|account| {
        let ids = lake::complete(&lake, &account).into_iter();
        ids.map(move |id| format!("{account}/{id}")).collect::<Vec<_>>()
    });
    (files, complete.collect())
}

/// The newest extraction of an account, as account folder and ID.
fn newest_of(run: &Run, account: &str) -> String {
    let account = format!("account_id={account}");
    let pointer = lake::pointer(&run.path("lake"), &account);
    format!("{account}/{}", pointer["extraction_id"].as_str().unwrap())
}

fn newest(run: &Run) -> String {
    newest_of(run, &fake_launchdarkly::account::account_id())
}

/// The file of a table in the newest extraction.
fn part(run: &Run, table: &str) -> PathBuf {
    let folders = newest(run).replace('/', "/extraction_id=");
    run.path(&format!("lake/{table}/{folders}/part-0.parquet"))
}

fn manifest(run: &Run, extraction: &str) -> PathBuf {
    run.path(&format!("lake/_extractions/{extraction}.json"))
}

/// Gives an extraction a start in the far future, as a run with a wrong clock does.
fn date_ahead(run: &Run, extraction: &str) {
    let mut body = lake::json(&manifest(run, extraction));
    body["started_at"] = "2099-01-01T00:00:00.000Z".into();
    fs::write(manifest(run, extraction), body.to_string()).unwrap();
}
