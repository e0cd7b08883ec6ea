//! The demo account as it was on each of the last 90 days.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::Value;

use super::accounts::{references_lead_somewhere, statuses, times_are_in_order};
use super::*;
use crate::account::Flag;
use crate::company::Past;

const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;
/// Times of the API are later than this; other numbers are smaller.
const FIRST_TIME_MS: i64 = 1_000_000_000_000;

/// The account of today.
static TODAY: LazyLock<Account> = LazyLock::new(|| company::account(NOW_MS));

static PAST: LazyLock<Past> = LazyLock::new(|| Past::of(TODAY.clone()));

/// The account every 47 hours, so at all hours of the day, oldest first; the last is today's.
static ACCOUNTS: LazyLock<Vec<Account>> =
    LazyLock::new(|| (0..=46).rev().map(|number| ago(number * 47 * HOUR_MS)).collect());

fn ago(ms: i64) -> Account {
    PAST.account(NOW_MS - ms)
}

fn flags(account: &Account) -> BTreeMap<(&str, &str), &Flag> {
    let flags = account.projects.iter().flat_map(|project| {
        project.flags.iter().map(|flag| ((project.key.as_str(), flag.key.as_str()), flag))
    });
    flags.collect()
}

/// The lists of an account, by family and place.
fn lists(account: &Account) -> BTreeMap<(String, Vec<String>), Vec<Value>> {
    let all = crate::lists::all(account);
    let parsed = all.map(|((family, arguments), items)| {
        let items = items.iter().map(|item| serde_json::from_str(item).unwrap());
        ((format!("{family:?}"), arguments), items.collect())
    });
    parsed.collect()
}

/// Calls `look` with each time in a value, and the name of its field.
fn each_time(name: &str, value: &Value, look: &mut dyn FnMut(&str, i64)) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, one)| each_time(name, one, look)),
        Value::Array(items) => items.iter().for_each(|one| each_time(name, one, look)),
        value => {
            if let Some(time) = value.as_i64().filter(|time| *time > FIRST_TIME_MS) {
                look(name, time);
            }
        }
    }
}

#[test]
fn today_is_the_account_itself() {
    assert_eq!(format!("{:?}", ago(0)), format!("{:?}", *TODAY));
}

#[test]
fn a_moment_ago_the_account_was_as_it_is_today() {
    let then = ago(1);
    let parts = |one: &Account| format!("{:#?}", (&one.projects, &one.teams, &one.tags));
    for (then, today) in parts(&then).lines().zip(parts(&TODAY).lines()) {
        assert_eq!(then, today);
    }
    let (then, today) = (lists(&then), lists(&TODAY));
    let changed: BTreeSet<_> = today
        .keys()
        .filter(|place| then[*place] != today[*place])
        .map(|one| one.0.clone())
        .collect();
    // They have what is seen at this very moment.
    assert_eq!(
        changed,
        ["AccessTokens", "BigSegmentStores", "ContextKinds"].map(str::to_owned).into()
    );
}

#[test]
fn statuses_of_the_past_follow_from_the_definitions() {
    for account in &*ACCOUNTS {
        assert!(statuses(account).len() >= 3);
    }
}

#[test]
fn nothing_in_the_past_is_later_than_its_moment() {
    for account in &*ACCOUNTS {
        let now_ms = account.now_ms;
        times_are_in_order(account);
        references_lead_somewhere(account);
        assert!(account.audit_log.iter().all(|entry| entry.date_ms <= now_ms));
        for member in &account.members {
            assert!(
                member.created_ms <= now_ms && member.last_seen_ms <= now_ms,
                "{}",
                member.email
            );
        }
        for team in &account.teams {
            assert!(team.created_ms <= team.last_modified_ms, "{}", team.key);
            assert!(team.last_modified_ms <= Some(now_ms), "{}", team.key);
        }
        for (place, items) in lists(account) {
            each_time("", &items.into(), &mut |name, time| {
                // Until the moment, a change is only planned.
                assert!(time <= now_ms || name == "executionDate", "{place:?}: {name}");
            });
        }
    }
}

#[test]
fn what_was_there_stays_itself() {
    for pair in ACCOUNTS.windows(2) {
        let [before, after] = pair else { panic!() };
        let after_flags = flags(after);
        for (key, old) in flags(before) {
            let new = after_flags[&key];
            assert_eq!((old.created_ms, &old.name), (new.created_ms, &new.name));
            assert!(old.version <= new.version, "{key:?}");
            assert!(old.archived_ms.is_none_or(|_| old.archived_ms == new.archived_ms), "{key:?}");
            let ids =
                |flag: &Flag| flag.variations.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
            assert_eq!(ids(old), ids(new));
            for (environment, state) in &old.environments {
                let (old, new) = (&state.config, &new.environments[environment].config);
                assert!(old.version <= new.version, "{key:?} {environment}");
                assert!(old.last_modified_ms <= new.last_modified_ms, "{key:?} {environment}");
                // A change has a time.
                if old.last_modified_ms == new.last_modified_ms {
                    assert_eq!((old.on, old.version), (new.on, new.version), "{key:?}");
                }
            }
        }
        let entries: BTreeSet<_> = after.audit_log.iter().map(|entry| &entry.id).collect();
        assert!(before.audit_log.iter().all(|entry| entries.contains(&entry.id)));
        let members: BTreeSet<_> = after.members.iter().map(|member| &member.id).collect();
        assert!(before.members.iter().all(|member| members.contains(&member.id)));
    }
}

#[test]
fn items_of_lists_stay_themselves() {
    let ids = |account: &Account| {
        let items = lists(account).into_iter().flat_map(|(place, items)| {
            let id = |item: Value| item.get("_id").or(item.get("id")).map(Value::to_string);
            items.into_iter().filter_map(move |item| Some((place.clone(), id(item)?)))
        });
        items.collect::<BTreeSet<_>>()
    };
    for pair in ACCOUNTS.windows(2) {
        let (before, after) = (ids(&pair[0]), ids(&pair[1]));
        assert!(before.is_subset(&after), "{:?}", before.difference(&after).collect::<Vec<_>>());
    }
}

#[test]
fn flags_come_and_go_in_90_days() {
    let then = ago(90 * DAY_MS);
    let archived = |account: &Account| {
        flags(account).values().filter(|flag| flag.archived_ms.is_some()).count()
    };
    assert!(flags(&then).len() + 30 < flags(&TODAY).len());
    assert_eq!(archived(&then) + 2, archived(&TODAY));
    assert!(then.audit_log.len() * 3 < TODAY.audit_log.len());
}

/// The resource of a flag: its project, an environment, and the flag.
fn place(resource: &str) -> Option<[&str; 3]> {
    let mut parts = resource.split(':').map(|part| part.split(['/', ';']).nth(1));
    Some([parts.next()??, parts.next()??, parts.next()??])
}

#[test]
fn flags_are_turned_on_and_off_when_the_audit_log_says() {
    let recent = TODAY.audit_log.iter().filter(|entry| entry.date_ms > NOW_MS - 90 * DAY_MS);
    // All would take long.
    let mut seen = 0;
    for entry in recent.filter(|entry| entry.accesses[0].0 == "updateOn").step_by(7) {
        let [project, environment, flag] = place(&entry.accesses[0].1).unwrap();
        let config = |at_ms: i64| {
            let account = PAST.account(at_ms);
            let flag = account.project(project).unwrap().flag(flag).unwrap();
            flag.environments[environment].config.clone()
        };
        let (before, after) = (config(entry.date_ms - 1), config(entry.date_ms));
        // An applied approval request is not the last change.
        if after.last_modified_ms == entry.date_ms {
            assert_ne!(before.on, after.on, "{} {flag}", entry.title_verb);
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen}");
}
