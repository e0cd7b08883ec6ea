//! The demo account on days after its story ended.

use std::collections::BTreeSet;

use super::accounts::{references_lead_somewhere, statuses, times_are_in_order};
use super::*;
use crate::company::{Past, end_of_story};

const DAY_MS: i64 = 86_400_000;

fn after(ms: i64) -> Account {
    Past::of(company::account(NOW_MS)).account(NOW_MS + ms)
}

/// The statuses of all flags, with the names of flag and environment.
fn names(account: &Account) -> BTreeSet<String> {
    let flags = account.projects.iter().flat_map(|project| &project.flags);
    let names = flags.flat_map(|flag| {
        let states = flag.environments.iter();
        states.map(|(key, state)| {
            format!("{} {key} {}", flag.key, state.status.as_ref().unwrap().name)
        })
    });
    names.collect()
}

#[test]
fn flags_keep_their_dates_and_statuses_follow_the_definitions() {
    let end = company::account(NOW_MS);
    for days in [0, 1, 5, 40, 400] {
        let later = after(days * DAY_MS + 1);
        assert_eq!(later.now_ms, NOW_MS + days * DAY_MS + 1);
        assert!(statuses(&later).len() >= 3);
        times_are_in_order(&later);
        references_lead_somewhere(&later);
        for (project, then) in end.projects.iter().zip(&later.projects) {
            for (flag, then) in project.flags.iter().zip(&then.flags) {
                let dates = |flag: &crate::account::Flag| {
                    (flag.key.clone(), flag.created_ms, flag.archived_ms, flag.deprecated_ms)
                };
                assert_eq!(dates(flag), dates(then));
            }
        }
        assert_eq!(later.audit_log.len(), end.audit_log.len());
    }
}

#[test]
fn what_happens_daily_goes_on() {
    let end = company::account(NOW_MS);
    // On the same day, nothing has happened yet.
    assert_eq!(names(&after(1)), names(&end));
    let later = after(40 * DAY_MS);
    let requested = |account: &Account, since_ms: i64| {
        let flags = account.projects.iter().flat_map(|project| &project.flags);
        let states = flags.flat_map(|flag| flag.environments.values());
        let times = states.filter_map(|state| state.status.as_ref()?.last_requested_ms);
        times.filter(|at_ms| *at_ms > since_ms).count()
    };
    let week_ms = 7 * DAY_MS;
    assert!(requested(&end, NOW_MS - week_ms) > 100);
    assert_eq!(requested(&later, later.now_ms - week_ms), requested(&end, NOW_MS - week_ms));
    let seen = |account: &Account, since_ms: i64| {
        account.members.iter().filter(|member| member.last_seen_ms > since_ms).count()
    };
    assert!(seen(&end, NOW_MS - week_ms) > 3);
    assert_eq!(seen(&later, later.now_ms - week_ms), seen(&end, NOW_MS - week_ms));
    // No flag is new after a week.
    assert!(names(&end).iter().any(|name| name.ends_with(" new")));
    assert!(!names(&later).iter().any(|name| name.ends_with(" new")));
}

#[test]
fn a_flag_tells_when_the_story_ended() {
    for project in company::account(NOW_MS).projects {
        for flag in project.flags {
            assert_eq!(end_of_story(&project.key, &flag.key, flag.created_ms), Some(NOW_MS));
        }
    }
    assert_eq!(end_of_story("storefront", "no-such-flag", 0), None);
    assert_eq!(end_of_story("no-such-project", "holiday-hours", 0), None);
}
