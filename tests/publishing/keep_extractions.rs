//! Parquet: history consists of whole extractions; the number kept, and the data carried from one
//! to the next.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use crate::support::{Run, lake};
use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMicrosecondType;
use fake_launchdarkly::account::Account;
use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Answer, Behaviour, Family, Scripted};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

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

/// The IDs of which there are files, and those that count; of all accounts, with their folders.
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

/// The account's folder and the ID of its newest extraction.
fn newest_of(run: &Run, account: &str) -> String {
    let account = format!("account_id={account}");
    let pointer = lake::pointer(&run.path("lake"), &account);
    format!("{account}/{}", pointer["extraction_id"].as_str().unwrap())
}

fn newest(run: &Run) -> String {
    newest_of(run, &fake_launchdarkly::account::account_id())
}

/// The newest extraction's file of a table.
fn part(run: &Run, table: &str) -> PathBuf {
    let folders = newest(run).replace('/', "/extraction_id=");
    run.path(&format!("lake/{table}/{folders}/part-0.parquet"))
}

fn manifest(run: &Run, extraction: &str) -> PathBuf {
    run.path(&format!("lake/_extractions/{extraction}.json"))
}

#[test]
fn the_newest_extractions_stay_and_older_ones_go_whole() {
    let run = account();
    for _ in 0..3 {
        run.extract(&["--output", LAKE]);
    }
    let before = extractions(&run).1;
    assert_eq!(before.len(), 3, "all are kept, unless it is said otherwise");
    run.extract(&["--output", LAKE, "--keep-extractions", "2"]);
    let (files, manifests) = extractions(&run);
    let expected = BTreeSet::from([before.last().unwrap().clone(), newest(&run)]);
    assert_eq!((&files, &manifests), (&expected, &expected));
    run.extract(&["--output", LAKE, "--keep-extractions", "1"]);
    assert_eq!(extractions(&run).1, BTreeSet::from([newest(&run)]));
}

/// Dates an extraction far ahead, as a run does whose clock is wrong.
fn date_ahead(run: &Run, extraction: &str) {
    let mut body = lake::json(&manifest(run, extraction));
    body["started_at"] = "2099-01-01T00:00:00.000Z".into();
    fs::write(manifest(run, extraction), body.to_string()).unwrap();
}

#[test]
fn an_extraction_dated_ahead_does_not_remove_earlier_ones() {
    let run = account();
    for _ in 0..3 {
        run.extract(&["--output", LAKE]);
    }
    let before: Vec<_> = extractions(&run).1.into_iter().collect();
    date_ahead(&run, &before[1]);
    run.extract(&["--output", LAKE, "--keep-extractions", "3"]);
    let expected = BTreeSet::from([before[0].clone(), before[2].clone(), newest(&run)]);
    assert_eq!(extractions(&run).1, expected);
}

#[test]
fn extractions_of_another_account_are_not_counted_and_stay() {
    let run = account();
    run.server.change(|account| account.account_id = "one".into());
    run.extract(&["--output", LAKE]);
    let first = newest_of(&run, "one");
    run.server.change(|account| account.account_id = "another".into());
    for _ in 0..2 {
        run.extract(&["--output", LAKE, "--keep-extractions", "1"]);
    }
    let (files, manifests) = extractions(&run);
    let expected = BTreeSet::from([first.clone(), newest_of(&run, "another")]);
    assert_eq!((&files, &manifests), (&expected, &expected));
    assert_eq!(newest_of(&run, "one"), first, "each account has a pointer of its own");
}

#[test]
fn what_is_left_of_a_removed_extraction_goes_with_the_next_run() {
    let run = account();
    for _ in 0..2 {
        run.extract(&["--output", LAKE]);
    }
    let (before, complete) = extractions(&run);
    let first = before.first().unwrap().clone();
    assert_eq!(before, complete);
    // As a run leaves it that is killed after it has removed the manifest.
    fs::remove_file(manifest(&run, &first)).unwrap();
    run.extract(&["--output", LAKE]);
    let (files, complete) = extractions(&run);
    assert_eq!(files, complete);
    assert!(!files.contains(&first) && files.len() == 2, "{files:?}");
}

#[test]
fn a_file_of_somebody_else_stays_where_an_extraction_is_removed() {
    let run = account();
    run.extract(&["--output", LAKE]);
    let folder = part(&run, "projects").parent().unwrap().to_owned();
    let others = ["notes.txt", "part-0.parquet.bak", "part-a.parquet"];
    others.iter().for_each(|name| fs::write(folder.join(name), "mine").unwrap());
    run.extract(&["--output", LAKE, "--keep-extractions", "1"]);
    run.extract(&["--output", LAKE]);
    let left = fs::read_dir(&folder).unwrap().map(|one| one.unwrap().file_name());
    let left: BTreeSet<_> = left.map(|name| name.into_string().unwrap()).collect();
    assert_eq!(left, others.map(str::to_owned).into());
}

#[test]
fn an_extraction_of_another_version_stays_and_blocks_views() {
    let run = account();
    for _ in 0..3 {
        run.extract(&["--output", LAKE, "--resources", "core,audit_log"]);
    }
    let second = extractions(&run).1.into_iter().nth(1).unwrap();
    fs::write(manifest(&run, &second), "{\"format\": 2}").unwrap();
    let arguments = ["--output", LAKE, "--keep-extractions", "1"];
    let ended = run.extract(&[&arguments[..], &["--resources", "core,audit_log"]].concat());
    assert!(ended.stderr.contains(&second), "{}", ended.stderr);
    assert!(ended.stderr.contains("change_actors"), "{}", ended.stderr);
    let (files, manifests) = extractions(&run);
    let expected = BTreeSet::from([second, newest(&run)]);
    assert_eq!((&files, &manifests), (&expected, &expected), "what it holds cannot be told");
    assert!(!part(&run, "change_actors").exists() && part(&run, "stale_percentages").exists());
}

#[test]
fn an_empty_or_torn_manifest_is_removed_and_the_pointer_fixed() {
    for torn in ["", "{\"extraction_id\": \"x20"] {
        let run = account();
        run.extract(&["--output", LAKE]);
        let kept = newest(&run);
        run.extract(&["--output", LAKE]);
        let lost = newest(&run);
        fs::write(manifest(&run, &lost), torn).unwrap();
        fs::write(run.path(&format!("lake/_latest/{}.json", account_folder())), torn).unwrap();
        let ended = run.extract(&["--output", LAKE]);
        assert!(ended.stderr.contains(&lost), "{}", ended.stderr);
        let (files, complete) = extractions(&run);
        assert_eq!(files, complete, "its files are removed");
        assert_eq!(complete, BTreeSet::from([kept, newest(&run)]));
    }
}

fn account_folder() -> String {
    format!("account_id={}", fake_launchdarkly::account::account_id())
}

#[test]
fn each_output_forgets_in_its_own_way_and_says_so() {
    let run = account();
    let error = run.run(&["extract", "--keep-extractions", "3", "--error-format", "json"]);
    let error = error.failed(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("--history-retention"), "{error}");
    let arguments = ["extract", "-o", LAKE, "--history-retention", "9d", "--error-format", "json"];
    let error = run.run(&arguments).failed(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("--keep-extractions"), "{error}");
    let none = ["extract", "-o", LAKE, "--keep-extractions", "0", "--error-format", "json"];
    run.run(&none).failed(2, "usage");
    assert!(run.server.requests().is_empty());
}

/// The start of each run, and since when each status has been seen by the newest.
fn since(run: &Run) -> (Vec<String>, BTreeSet<String>) {
    let starts = extractions(run).1.into_iter().map(|extraction| {
        let manifest = lake::json(&manifest(run, &extraction));
        manifest["started_at"].as_str().unwrap().to_owned()
    });
    (starts.collect(), seen(run).into_values().flatten().collect())
}

/// Since when each status has been seen by the newest run, by `project/environment`.
fn seen(run: &Run) -> BTreeMap<String, BTreeSet<String>> {
    let file = fs::File::open(part(run, "flag_statuses")).unwrap();
    let file = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let mut seen = BTreeMap::<_, BTreeSet<_>>::new();
    for batch in file.build().unwrap().map(Result::unwrap) {
        let text = |name| batch.column_by_name(name).unwrap().as_string::<i32>().clone();
        let (projects, environments) = (text("project_key"), text("environment_key"));
        let times = batch.column_by_name("status_since").unwrap();
        for (row, time) in times.as_primitive::<TimestampMicrosecondType>().iter().enumerate() {
            let time = jiff::Timestamp::from_microsecond(time.unwrap()).unwrap();
            let scope = format!("{}/{}", projects.value(row), environments.value(row));
            seen.entry(scope).or_default().insert(format!("{time:.3}"));
        }
    }
    seen
}

/// That every status has been seen since `start`, in environments whose name starts with `scope`.
#[track_caller]
fn seen_since(run: &Run, scope: &str, start: &str) {
    let seen: Vec<_> = seen(run).into_iter().filter(|(name, _)| name.starts_with(scope)).collect();
    assert!(!seen.is_empty());
    for (name, since) in seen {
        assert_eq!(since, BTreeSet::from([start.to_owned()]), "{name}");
    }
}

fn set_status(account: &mut Account, name: &str) {
    for state in account.projects[0].flags[0].environments.values_mut() {
        state.status.as_mut().unwrap().name = name.to_owned();
    }
}

#[test]
fn a_status_counts_from_the_first_extraction_that_saw_it() {
    let run = account();
    run.server.change(|account| set_status(account, "new"));
    run.extract(&["--output", LAKE]);
    let first = since(&run).0.remove(0);
    assert_eq!(since(&run).1, BTreeSet::from([first.clone()]));
    run.server.change(|account| set_status(account, "changed"));
    run.extract(&["--output", LAKE]);
    let second = since(&run).0.remove(1);
    assert_eq!(since(&run).1, BTreeSet::from([first.clone(), second.clone()]));
    run.extract(&["--output", LAKE, "--skip", "flag_statuses"]);
    run.extract(&["--output", LAKE, "--keep-extractions", "1"]);
    assert_eq!(since(&run).1, BTreeSet::from([first, second]), "by the newest that has statuses");
}

#[test]
fn an_extraction_dated_ahead_does_not_decide_status_since() {
    let run = account();
    for status in ["launched", "inactive", "launched"] {
        run.server.change(|account| set_status(account, status));
        run.extract(&["--output", LAKE]);
    }
    // By its date, the last comes after all others: it may have been published before the second.
    date_ahead(&run, &newest(&run));
    for _ in 0..2 {
        run.extract(&["--output", LAKE]);
        let (starts, since) = since(&run);
        assert_eq!(since, BTreeSet::from([starts[0].clone(), starts[3].clone()]));
    }
}

#[test]
fn a_flag_created_again_starts_a_new_status_since_in_parquet() {
    let run = account();
    run.extract(&["--output", LAKE]);
    let now = jiff::Timestamp::now().as_millisecond();
    run.server.change(|account| account.projects[0].flags[0].created_ms = now);
    run.extract(&["--output", LAKE]);
    let (starts, since) = since(&run);
    assert_eq!(since, starts.into_iter().collect(), "the others have been seen since the first");
}

#[test]
fn an_unreadable_file_does_not_stop_publishing() {
    let run = account();
    run.extract(&["--output", LAKE]);
    fs::write(part(&run, "flag_statuses"), "half a file").unwrap();
    let ended = run.extract(&["--output", LAKE]);
    assert!(ended.stderr.contains("status_since"), "{}", ended.stderr);
    assert_eq!(since(&run).1, BTreeSet::from([since(&run).0.remove(1)]));
}

#[test]
fn runs_of_some_projects_keep_the_status_since_of_others() {
    let run = projects(3);
    run.extract(&["--output", LAKE]);
    let first = since(&run).0.remove(0);
    run.extract(&["--output", LAKE, "--project", "project-001"]);
    seen_since(&run, "project-001/", &first);
    run.server.change(|account| {
        for flag in &mut account.projects[2].flags {
            for state in flag.environments.values_mut() {
                state.status.as_mut().unwrap().name = "changed".to_owned();
            }
        }
    });
    run.extract(&["--output", LAKE, "--project", "project-002"]);
    let third = since(&run).0.remove(2);
    run.extract(&["--output", LAKE, "--project", "project-001", "--skip", "flag_statuses"]);
    run.extract(&["--output", LAKE]);
    seen_since(&run, "project-000/", &first);
    seen_since(&run, "project-001/", &first);
    // By the newest extraction that has the project, not by older ones.
    let active = seen(&run).remove("project-002/production").unwrap();
    assert_eq!(active, BTreeSet::from([third]));
}

#[test]
fn statuses_refused_in_one_run_keep_their_status_since() {
    let run = account();
    run.extract(&["--output", LAKE]);
    let first = since(&run).0.remove(0);
    for path in ["/api/v2/flag-statuses/project-000/production", "/api/v2/flag-statuses"] {
        run.server.behave(|behaviour| {
            behaviour.refused.insert(Family::FlagStatus, 404);
            let refusal = Answer::json(404, r#"{"code":"not_found","message":"no"}"#);
            behaviour.script.push(Scripted::once(path, refusal).times(1000));
        });
        run.extract(&["--output", LAKE]);
        run.server.behave(|behaviour| {
            behaviour.refused.clear();
            behaviour.script.clear();
        });
        run.extract(&["--output", LAKE]);
        seen_since(&run, "project-000/production", &first);
        seen_since(&run, "project-000/staging", &first);
    }
}

#[test]
fn an_environment_created_again_starts_a_new_status_since() {
    let run = account();
    run.extract(&["--output", LAKE]);
    let first = since(&run).0.remove(0);
    let mut environment = None;
    run.server.change(|account| environment = account.projects[0].environments.pop());
    run.extract(&["--output", LAKE]);
    let environment = environment.unwrap();
    let (gone, kept) = (environment.key.clone(), seen(&run).into_keys().next().unwrap());
    run.server.change(|account| account.projects[0].environments.push(environment));
    run.extract(&["--output", LAKE]);
    seen_since(&run, &kept, &first);
    seen_since(&run, &format!("project-000/{gone}"), &since(&run).0[2]);
}
