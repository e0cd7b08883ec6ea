//! Parquet: whole extractions are the history; how many stay, and what is carried from one to the next.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use arrow::array::AsArray;
use arrow::datatypes::TimestampMillisecondType;
use flaglake::demo::account::Account;
use flaglake::demo::generated::{self, Size};
use flaglake::demo::{Answer, Behaviour, Family, Scripted};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use support::{Run, lake};

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

/// The IDs of which there are files, and those that count.
fn extractions(run: &Run) -> (BTreeSet<String>, BTreeSet<String>) {
    let lake = run.path("lake");
    let files = lake::files(&lake).into_keys();
    let files = files.map(|(_, id)| id.trim_start_matches("extraction_id=").to_owned()).collect();
    let manifests = fs::read_dir(lake.join("_extractions")).unwrap();
    let names = manifests.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    (files, names.map(|name| name.trim_end_matches(".json").to_owned()).collect())
}

fn newest(run: &Run) -> String {
    let latest = fs::read(run.path("lake/_latest.json")).unwrap();
    let latest: serde_json::Value = serde_json::from_slice(&latest).unwrap();
    latest["extraction_id"].as_str().unwrap().to_owned()
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

#[test]
fn extractions_of_another_account_are_not_counted_and_stay() {
    let run = account();
    run.extract(&["--output", LAKE]);
    let first = newest(&run);
    run.server.change(|account| account.account_id = "another".into());
    for _ in 0..2 {
        run.extract(&["--output", LAKE, "--keep-extractions", "1"]);
    }
    let (files, manifests) = extractions(&run);
    let expected = BTreeSet::from([first, newest(&run)]);
    assert_eq!((&files, &manifests), (&expected, &expected));
}

#[test]
fn an_extraction_that_is_removed_loses_its_manifest_first_and_what_is_left_goes_with_the_next_run()
{
    let run = account();
    run.extract(&["--output", LAKE]);
    let first = newest(&run);
    // No folder, and so not to be removed as one: the run gets no further than to this table.
    let partition = run.path(&format!("lake/tags/extraction_id={first}"));
    fs::remove_dir_all(&partition).unwrap();
    fs::write(&partition, "in the way").unwrap();
    let ended = run.extract(&["--output", LAKE, "--keep-extractions", "1"]);
    assert!(ended.stderr.contains("Older extractions may be left"), "{}", ended.stderr);
    let (files, manifests) = extractions(&run);
    assert_eq!(manifests, BTreeSet::from([newest(&run)]), "nothing says that it is complete");
    assert_eq!(files, BTreeSet::from([first, newest(&run)]), "its data is still there");
    fs::remove_file(&partition).unwrap();
    run.extract(&["--output", LAKE, "--keep-extractions", "2"]);
    let (files, manifests) = extractions(&run);
    assert_eq!(files, manifests);
    assert_eq!(files.len(), 2);
}

#[test]
fn an_extraction_whose_manifest_cannot_be_read_stays_and_keeps_no_other() {
    let run = account();
    for _ in 0..3 {
        run.extract(&["--output", LAKE]);
    }
    let second = extractions(&run).1.into_iter().nth(1).unwrap();
    let name = format!("_extractions/{second}.json");
    fs::write(run.path(&format!("lake/{name}")), "half").unwrap();
    let ended = run.extract(&["--output", LAKE, "--keep-extractions", "1"]);
    assert!(ended.stderr.contains(&name), "{}", ended.stderr);
    let (files, manifests) = extractions(&run);
    let expected = BTreeSet::from([second, newest(&run)]);
    assert_eq!((&files, &manifests), (&expected, &expected), "whose it is cannot be told");
}

#[test]
fn a_run_that_cannot_read_the_newest_manifest_names_it() {
    let run = account();
    run.extract(&["--output", LAKE]);
    let name = format!("_extractions/{}.json", newest(&run));
    fs::write(run.path(&format!("lake/{name}")), "half").unwrap();
    let arguments = ["extract", "--output", LAKE, "--error-format", "json"];
    let error = run.run(&arguments).failed(8, "output_failed");
    assert!(error["message"].as_str().unwrap().contains(&name), "{error}");
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
    let ids = extractions(run).1.into_iter();
    let starts = ids.map(|id| {
        let manifest = fs::read(run.path(&format!("lake/_extractions/{id}.json"))).unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
        manifest["started_at"].as_str().unwrap().to_owned()
    });
    (starts.collect(), seen(run).into_values().flatten().collect())
}

/// Since when each status has been seen by the newest run, by `project/environment`.
fn seen(run: &Run) -> BTreeMap<String, BTreeSet<String>> {
    let path =
        run.path(&format!("lake/flag_statuses/extraction_id={}/part-0.parquet", newest(run)));
    let file = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap();
    let mut seen = BTreeMap::<_, BTreeSet<_>>::new();
    for batch in file.build().unwrap().map(Result::unwrap) {
        let text = |name| batch.column_by_name(name).unwrap().as_string::<i32>().clone();
        let (projects, environments) = (text("project_key"), text("environment_key"));
        let times = batch.column_by_name("status_since").unwrap();
        for (row, time) in times.as_primitive::<TimestampMillisecondType>().iter().enumerate() {
            let time = jiff::Timestamp::from_millisecond(time.unwrap()).unwrap();
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
fn a_status_has_been_seen_since_the_first_of_the_extractions_that_saw_it() {
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
    run.server.change(|account| account.account_id = "another".into());
    run.extract(&["--output", LAKE]);
    let (starts, since) = since(&run);
    assert_eq!(since, BTreeSet::from([starts.into_iter().max().unwrap()]));
}

#[test]
fn a_flag_made_anew_under_its_key_has_no_past_in_parquet_either() {
    let run = account();
    run.extract(&["--output", LAKE]);
    let now = jiff::Timestamp::now().as_millisecond();
    run.server.change(|account| account.projects[0].flags[0].created_ms = now);
    run.extract(&["--output", LAKE]);
    let (starts, since) = since(&run);
    assert_eq!(since, starts.into_iter().collect(), "the others have been seen since the first");
}

#[test]
fn a_file_that_cannot_be_read_does_not_keep_a_run_from_publishing() {
    let run = account();
    run.extract(&["--output", LAKE]);
    let path = format!("lake/flag_statuses/extraction_id={}/part-0.parquet", newest(&run));
    fs::write(run.path(&path), "half a file").unwrap();
    let ended = run.extract(&["--output", LAKE]);
    assert!(ended.stderr.contains("status_since"), "{}", ended.stderr);
    assert_eq!(since(&run).1, BTreeSet::from([since(&run).0.remove(1)]));
}

#[test]
fn runs_of_some_projects_do_not_make_the_statuses_of_others_start_anew() {
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
    // By the newest that has the project, whatever older ones have seen.
    let active = seen(&run).remove("project-002/production").unwrap();
    assert_eq!(active, BTreeSet::from([third]));
}

#[test]
fn statuses_that_one_run_may_not_read_do_not_start_anew_in_the_next() {
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
fn an_environment_made_anew_under_its_key_has_no_past() {
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
