//! `status_since` in Parquet: each run continues from the newest extraction with the statuses of an
//! environment.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMicrosecondType;
use fake_launchdarkly::account::Account;
use fake_launchdarkly::{Answer, Family, Scripted};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::{LAKE, account, date_ahead, extractions, manifest, newest, part, projects};
use crate::support::Run;
use crate::support::lake;

/// The start of each run, and all values of `status_since` in the newest extraction.
fn since(run: &Run) -> (Vec<String>, BTreeSet<String>) {
    let starts = extractions(run).1.into_iter().map(|extraction| {
        let manifest = lake::json(&manifest(run, &extraction));
        manifest["started_at"].as_str().unwrap().to_owned()
    });
    (starts.collect(), seen(run).into_values().flatten().collect())
}

/// The values of `status_since` in the newest extraction, by `project/environment`.
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

/// Checks that `status_since` is `start` in all environments whose name starts with `scope`.
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
    assert_eq!(
        since(&run).1,
        BTreeSet::from([first, second]),
        "the newest extraction with statuses counts"
    );
}

#[test]
fn an_extraction_dated_ahead_does_not_decide_status_since() {
    let run = account();
    for status in ["launched", "inactive", "launched"] {
        run.server.change(|account| set_status(account, status));
        run.extract(&["--output", LAKE]);
    }
    // The last extraction has the latest date, so it is unknown whether it was published before the
    // second.
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
    assert_eq!(since, starts.into_iter().collect(), "other flags keep the start of the first run");
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
    // The newest extraction with the project counts, not an older one.
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
