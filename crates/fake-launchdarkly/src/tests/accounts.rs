//! The demo account and the generated ones.

use std::collections::BTreeSet;

use super::*;
use crate::account::{Flag, FlagConfig, FlagStatus, Serve, State};

const DAY_MS: i64 = 86_400_000;

fn flags(account: &Account) -> impl Iterator<Item = &Flag> {
    account.projects.iter().flat_map(|project| &project.flags)
}

/// Whether contexts are served different variations: rules count until one that everybody matches.
fn has_several_variations(config: &FlagConfig) -> bool {
    let mut served = BTreeSet::new();
    let targets = config.targets.iter().chain(&config.context_targets);
    served.extend(targets.map(|target| target.variation));
    for rule in config.rules.iter().filter(|rule| rule.disabled != Some(true)) {
        served.extend(variations(&rule.serve));
        if rule.clauses == "[]" {
            return served.len() > 1;
        }
    }
    served.extend(config.fallthrough.iter().flat_map(variations));
    served.len() > 1
}

fn variations(serve: &Serve) -> Vec<i64> {
    match serve {
        Serve::Variation(variation) => vec![*variation],
        Serve::Rollout(rollout) => {
            let weights = rollout.weights.iter().filter(|(_, weight)| *weight > 0);
            weights.map(|(variation, _)| *variation).collect()
        }
    }
}

/// The status that LaunchDarkly's definitions give a flag at `now_ms`.
fn defined(flag: &Flag, config: &FlagConfig, status: &FlagStatus, now_ms: i64) -> &'static str {
    let recent = |at_ms: i64| now_ms - at_ms < 7 * DAY_MS;
    match status.last_requested_ms {
        None if recent(flag.created_ms) => "new",
        None => "inactive",
        Some(at_ms) if !recent(at_ms) => "inactive",
        Some(_) if !config.on || recent(config.last_modified_ms) => "active",
        Some(_) if has_several_variations(config) => "active",
        Some(_) => "launched",
    }
}

#[test]
fn every_status_of_the_demo_follows_from_the_definitions() {
    assert_eq!(statuses(&company::account(NOW_MS)).len(), 4);
}

/// The statuses of an account, each of which follows from the definitions.
pub(super) fn statuses(account: &Account) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    for flag in flags(account) {
        for (environment, state) in &flag.environments {
            let status = state.status.as_ref().unwrap();
            let expected = defined(flag, &state.config, status, account.now_ms);
            assert_eq!(status.name, expected, "{} in {environment}", flag.key);
            seen.insert(status.name.clone());
        }
    }
    seen
}

#[test]
fn times_of_the_demo_account_are_in_order() {
    times_are_in_order(&company::account(NOW_MS));
}

/// Nothing of a flag happened before it was created, or later than now.
pub(super) fn times_are_in_order(account: &Account) {
    for flag in flags(account) {
        let is_in_order = |at: i64| flag.created_ms <= at && at <= account.now_ms;
        for state in flag.environments.values() {
            assert!(is_in_order(state.config.last_modified_ms), "{}", flag.key);
            let requested = state.status.as_ref().and_then(|status| status.last_requested_ms);
            assert!(requested.is_none_or(is_in_order), "{}", flag.key);
        }
        let ended = flag.archived_ms.or(flag.deprecated_ms);
        assert!(ended.is_none_or(is_in_order), "{}", flag.key);
    }
}

#[test]
fn the_demo_account_has_something_for_every_question() {
    let account = company::account(NOW_MS);
    let count = |is: &dyn Fn(&Flag) -> bool| flags(&account).filter(|flag| is(flag)).count();
    assert_eq!(account.projects.len(), 4);
    assert!(account.projects.iter().any(|project| project.environments.len() > 3));
    assert!((110..=130).contains(&flags(&account).count()));
    for state in [State::Live, State::Deprecated, State::Archived] {
        assert!(count(&|flag| flag.state() == state) >= 3, "{state:?}");
    }
    let departed =
        |flag: &Flag| flag.maintainer_id.as_ref().is_some_and(|id| account.member(id).is_none());
    let configs = |flag: &Flag, is: &dyn Fn(&FlagConfig) -> bool| {
        flag.environments.values().any(|state| is(&state.config))
    };
    assert!(count(&departed) >= 3);
    assert!(count(&|flag| flag.maintainer_id.is_none() && flag.maintainer_team.is_none()) >= 5);
    assert!(count(&|flag| flag.description.is_none()) >= 5);
    assert!(count(&|flag| flag.tags.is_empty()) >= 5);
    assert!(count(&|flag| !flag.temporary) >= 5);
    assert!(count(&|flag| flag.purpose.as_deref() == Some("migration")) >= 1);
    assert!(count(&|flag| !flag.custom_properties.is_empty()) >= 5);
    assert!(count(&|flag| flag.name.contains('"')) >= 1);
    assert!(count(&|flag| !flag.name.is_ascii()) >= 1);
    assert!(count(&|flag| configs(flag, &|config| !config.prerequisites.is_empty())) >= 3);
    assert!(count(&|flag| configs(flag, &|config| !config.rules.is_empty())) >= 5);
    assert!(count(&|flag| configs(flag, &|config| config.debug_until_ms.is_some())) >= 1);
}

#[test]
fn references_in_the_demo_account_lead_somewhere() {
    references_lead_somewhere(&company::account(NOW_MS));
}

/// Maintaining teams, prerequisites and members of teams exist.
pub(super) fn references_lead_somewhere(account: &Account) {
    for project in &account.projects {
        let keys: BTreeSet<&str> = project.flags.iter().map(|flag| flag.key.as_str()).collect();
        assert_eq!(keys.len(), project.flags.len(), "{}", project.key);
        for flag in &project.flags {
            let team = flag.maintainer_team.as_deref();
            assert!(team.is_none_or(|key| account.team(key).is_some()), "{}", flag.key);
            assert!(!flag.variations.is_empty(), "{}", flag.key);
            for state in flag.environments.values() {
                let needed = state.config.prerequisites.iter().map(|(key, _)| key.as_str());
                assert!(needed.into_iter().all(|key| keys.contains(key)), "{}", flag.key);
            }
        }
    }
    for team in &account.teams {
        assert!(team.member_ids.iter().all(|id| account.member(id).is_some()), "{}", team.key);
    }
}

#[test]
fn accounts_are_the_same_each_time() {
    assert_eq!(everything(&serve_company()), everything(&serve_company()));
    assert_eq!(everything(&serve_generated()), everything(&serve_generated()));
    let other = serve(generated::account(Size { seed: 2, ..Size::default() }));
    assert_ne!(everything(&serve_generated()), everything(&other));
}

#[test]
fn a_warm_server_answers_as_a_cold_one() {
    let warm = serve_generated();
    warm.warm_up();
    assert_eq!(everything(&warm), everything(&serve_generated()));
}

#[test]
fn generated_accounts_have_the_size_asked_for() {
    let size = Size { projects: 3, flags: 40, same_millisecond: 25, ..Size::default() };
    let account = generated::account(size);
    assert_eq!((account.projects.len(), account.tags.len(), account.members.len()), (3, 40, 25));
    for project in &account.projects {
        assert_eq!(project.flags.len(), 40 + 30 + 10);
        let mut times: Vec<i64> = project.flags.iter().map(|flag| flag.created_ms).collect();
        times.sort_unstable();
        let longest = times.chunk_by(|left, right| left == right).map(<[i64]>::len).max();
        assert_eq!(longest, Some(25));
    }
}

/// The bodies of all that an extraction would ask for.
fn everything(server: &Server) -> Vec<String> {
    let mut paths: Vec<String> =
        ["caller-identity", "projects?expand=environments", "tags", "teams", "members"]
            .map(|path| format!("/api/v2/{path}"))
            .to_vec();
    server.read(|account| {
        for project in &account.projects {
            paths.push(format!("/api/v2/flags/{}?limit=100", project.key));
            for environment in &project.environments {
                let (project, environment) = (&project.key, &environment.key);
                paths.push(format!("/api/v2/flag-statuses/{project}/{environment}"));
                paths
                    .push(format!("/api/v2/flags/{project}?limit=100&summary=0&env={environment}"));
            }
        }
    });
    paths.iter().map(|path| json(server, path).to_string()).collect()
}

#[test]
fn a_generated_audit_log_has_as_many_entries_as_asked_for() {
    let account = generated::account(Size { audit_entries: 500, ..Size::default() });
    let now = generated::NOW_MS;
    let dates: BTreeSet<_> = account.audit_log.iter().map(|entry| entry.date_ms).collect();
    let ids: BTreeSet<_> = account.audit_log.iter().map(|entry| &entry.id).collect();
    assert_eq!((account.audit_log.len(), ids.len()), (500, 500));
    assert!(dates.iter().all(|date| (now - 80 * 86_400_000..now).contains(date)));
}
