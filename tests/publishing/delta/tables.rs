//! The tables of several runs and accounts.

use std::collections::BTreeSet;
use std::fs;

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::account::Account;
use fake_launchdarkly::generated::{self, Size};

use super::log::{self, Table};
use crate::support::{Run, lake};

pub const OUTPUT: [&str; 2] = ["--output", "delta:lake"];

/// A small account, with some audit log entries.
pub fn account() -> Run {
    let size = Size { projects: 2, environments: 2, flags: 5, archived: 1, ..Size::default() };
    let size = Size { teams: 1, members: 3, maintainers: 1, tags: 2, ..size };
    let account = Account { account_id: "first".into(), ..generated::account(size) };
    Run::new(account, Behaviour::default())
}

pub fn extract(run: &Run, arguments: &[&str]) {
    run.extract(&OUTPUT.iter().chain(arguments).copied().collect::<Vec<_>>());
}

pub fn table(run: &Run, name: &str) -> Table {
    log::table(&log::objects(&run.path("lake")), name)
}

fn accounts(table: &Table) -> Vec<&str> {
    table.newest().iter().map(|live| live.account.as_str()).collect()
}

#[test]
fn tables_hold_the_rows_of_sqlite() {
    let run = account();
    extract(&run, &[]);
    run.extract(&[]);
    let objects = log::objects(&run.path("lake"));
    log::assert_readable(&objects);
    let tables = log::tables(&objects);
    for (name, expected) in run.tables() {
        let Some(table) = tables.get(&name) else { continue };
        let files =
            table.newest().iter().map(|live| lake::rows(&run.path("lake").join(&live.file)));
        assert_eq!(files.flatten().collect::<Vec<_>>(), expected, "{name}");
    }
    assert!(tables.len() > 30, "{}", tables.len());
}

#[test]
fn a_run_replaces_the_rows_of_its_account_only() {
    let run = account();
    for (number, id) in ["one", "two", "one"].into_iter().enumerate() {
        run.server.change(|account| {
            account.account_id = id.into();
            account.projects[0].name = format!("run {number}");
        });
        extract(&run, &[]);
    }
    let objects = log::objects(&run.path("lake"));
    log::assert_readable(&objects);
    for (name, table) in log::tables(&objects) {
        let expected = if name.starts_with("extraction") { 3 } else { 2 };
        assert_eq!(accounts(&table).into_iter().collect::<BTreeSet<_>>().len(), 2, "{name}");
        assert_eq!(table.newest().len(), expected, "{name}");
        let [first, second] = [0, 1].map(|version| table.versions[version].as_slice());
        assert!(second.ends_with(first) || second.starts_with(first), "{name}");
    }
    let projects = log::table(&objects, "projects");
    let files = projects.newest().iter().map(|live| lake::rows(&run.path("lake").join(&live.file)));
    let text: Vec<_> = files.map(|rows| rows.join("\n")).collect();
    assert!(text[0].contains("run 2") && text[1].contains("run 1"), "{text:?}");
}

#[test]
fn a_table_that_a_run_does_not_read_keeps_its_rows() {
    let run = account();
    let all = ["--resources", "core,members"];
    extract(&run, &all);
    extract(&run, &[]);
    let (members, flags) = (table(&run, "members"), table(&run, "flags"));
    assert_eq!((members.versions.len(), flags.versions.len()), (1, 2));
    assert!(members.extractions() < flags.extractions());
}

#[test]
fn a_report_on_tables_is_that_of_sqlite() {
    let run = account();
    extract(&run, &[]);
    run.extract(&[]);
    let text = |input| {
        let report = run.run(&["report", "--format", "text", "--input", input]).succeeded().stdout;
        // The name of the input, and what says when which run was.
        let facts = report.lines().filter(|line| line.contains("flags") && !line.contains("20"));
        facts.map(str::to_owned).collect::<Vec<_>>()
    };
    let facts = text("delta:lake");
    assert!(facts.len() > 5, "{facts:?}");
    assert_eq!(facts, text("launchdarkly.db"));
}

#[test]
fn a_manifest_names_the_version_of_each_table() {
    let run = account();
    extract(&run, &[]);
    extract(&run, &[]);
    let (root, objects) = (run.path("lake"), log::objects(&run.path("lake")));
    let (tables, account) = (log::tables(&objects), lake::account(&root));
    for (id, version) in lake::complete(&root, &account).into_iter().zip(0..) {
        let manifest = lake::json(&lake::manifest(&root, &id));
        for table in manifest["tables"].as_array().unwrap() {
            let name = table["name"].as_str().unwrap();
            let files = tables[name].versions[version].iter().map(|live| live.extraction.clone());
            assert!(files.collect::<Vec<_>>().contains(&id), "{name}");
            // These two are committed after the manifest has said it of all others.
            let is_last = ["extractions", "latest_extraction"].contains(&name);
            assert_eq!(
                table["delta_version"].as_u64() == Some(version as u64),
                !is_last,
                "{table}"
            );
        }
    }
    assert!(fs::read_dir(root.join("_extractions").join(account)).unwrap().count() == 2);
}
