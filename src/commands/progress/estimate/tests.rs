//! Tests of estimates over records that are half read.

use std::sync::atomic::Ordering;

use super::*;
use crate::model::scope::Scope;
use crate::resources::projects::Projects;
use crate::resources::tags::Tags;

/// A run of the resources that are listed here, with the projects and numbers of environments.
fn run(projects: &[(&str, usize)]) -> (Record, Selection) {
    let record = Record::new(false);
    record.plan(projects.iter().map(|(key, count)| ((*key).to_owned(), *count)).collect());
    let names = [Projects::NAME, Tags::NAME, Flags::NAME, FlagStatuses::NAME];
    let selection = Selection { resources: names.into(), ..Selection::default() };
    (record, selection)
}

/// Sends requests for a list, of which the first page announces its rows.
fn read(record: &Record, resource: &'static str, scope: &Scope, requests: u64, rows: (i64, usize)) {
    let tally = record.tally(resource, scope);
    tally.requests.fetch_add(requests, Ordering::Relaxed);
    tally.announce(|announced| {
        announced.add(rows.0, 100, 1);
        announced.arrive(rows.1);
        announced.is_whole = true;
    });
}

fn estimate(record: &Record, selection: &Selection) -> (Option<u64>, Option<Rows>) {
    let readings = record.readings();
    let estimate = Estimate::new(&readings, record, selection);
    (estimate.requests(), estimate.rows(Flags::NAME))
}

#[test]
fn nothing_is_estimated_before_flags_are_counted() {
    let (record, selection) = run(&[]);
    assert_eq!(estimate(&record, &selection), (None, None));
    let (record, selection) = run(&[("web", 3)]);
    record.tally(Flags::NAME, &Scope::project("web"));
    let flags = Rows { is_about: true, ..Rows::default() };
    assert_eq!(estimate(&record, &selection), (None, Some(flags)));
}

#[test]
fn projects_that_were_not_begun_are_taken_to_be_like_the_others() {
    let (record, selection) = run(&[("app", 2), ("shop", 2), ("web", 4)]);
    record.tally(Projects::NAME, &Scope::Account).requests.store(1, Ordering::Relaxed);
    read(&record, Flags::NAME, &Scope::project("web"), 1, (250, 100));
    read(&record, Flags::NAME, &Scope::project("shop"), 1, (50, 50));
    let rows = Rows { requests: 2, received: 150, total: Some(450), is_about: true };
    // One for projects; three, one and two for flags; one for each environment.
    assert_eq!(estimate(&record, &selection), (Some(1 + 6 + 8), Some(rows)));
}

#[test]
fn a_total_is_exact_once_all_flags_are_counted() {
    let (record, selection) = run(&[("web", 1)]);
    read(&record, Flags::NAME, &Scope::project("web"), 3, (250, 250));
    let rows = Rows { requests: 3, received: 250, total: Some(250), is_about: false };
    assert_eq!(estimate(&record, &selection), (Some(3 + 1), Some(rows)));
}

#[test]
fn a_total_is_no_more_than_an_estimate_before_archived_flags_are_counted() {
    let (record, selection) = run(&[("web", 1)]);
    read(&record, Flags::NAME, &Scope::project("web"), 3, (250, 250));
    let tally = record.tally(Flags::NAME, &Scope::project("web"));
    tally.announce(|announced| announced.is_whole = false);
    assert!(estimate(&record, &selection).1.is_some_and(|rows| rows.is_about));
}

#[test]
fn counts_that_make_no_sense_are_no_reason_to_stop() {
    let (record, selection) = run(&[("shop", 1), ("web", 1)]);
    for project in ["shop", "web"] {
        read(&record, Flags::NAME, &Scope::project(project), 1, (i64::MAX, 100));
    }
    let (requests, rows) = estimate(&record, &selection);
    assert_eq!(rows.and_then(|rows| rows.total), Some(i64::MAX / 2));
    assert!(requests > Some(i64::MAX.unsigned_abs() / 100), "{requests:?}");
}

#[test]
fn requests_that_were_not_expected_count() {
    let (record, selection) = run(&[("web", 1)]);
    read(&record, Flags::NAME, &Scope::project("web"), 7, (50, 50));
    assert_eq!(estimate(&record, &selection).0, Some(7 + 1));
    record.tally(Flags::NAME, &Scope::project("web")).complete();
    let statuses = record.tally(FlagStatuses::NAME, &Scope::environment("web", "test"));
    statuses.requests.store(4, Ordering::Relaxed);
    assert_eq!(estimate(&record, &selection).0, Some(7 + 4));
}

#[test]
fn statuses_may_take_a_request_for_each_flag() {
    let (record, mut selection) = run(&[("web", 2)]);
    selection.flag_status = FlagStatusMode::PerFlag;
    read(&record, Flags::NAME, &Scope::project("web"), 1, (100, 100));
    assert_eq!(estimate(&record, &selection).0, Some(1 + 2 * 100));
}

#[test]
fn the_time_left_is_told_in_whole_units() {
    let left = |seconds, sent, left| time_left(Duration::from_secs(seconds), sent, left);
    assert_eq!(left(1, 50, 50), None, "too early");
    assert_eq!(left(10, 4, 96), None, "too few requests");
    assert_eq!(left(10, 100, 0), None, "nothing is left");
    assert_eq!(left(60, 0, 0), None);
    assert_eq!(left(10, 90, 10).as_deref(), Some("a few seconds left"));
    assert_eq!(left(10, 50, 100).as_deref(), Some("about 20 s left"));
    assert_eq!(left(60, 100, 200).as_deref(), Some("about 2 min left"));
    assert_eq!(left(3600, 100, 200).as_deref(), Some("about 2 h left"));
}
