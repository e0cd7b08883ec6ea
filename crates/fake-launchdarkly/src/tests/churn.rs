//! An account that changes while it is read.

use super::*;
use crate::Churn;
use crate::account::State;
use crate::churn::Turmoil;
use crate::fragments::Stored;

const PATH: &str = "/api/v2/flags/project-000?limit=100&env=production&summary=0";

fn serve_churning(churn: Churn) -> Server {
    let server = serve_generated();
    server.behave(|behaviour| behaviour.churn = Some(churn));
    server
}

/// An account after this many changes.
fn churned(seed: u64, changes: usize) -> (Stored, Turmoil) {
    let mut stored = Stored::new(generated::account(Size::default()));
    stored.render();
    let mut turmoil = Turmoil::default();
    turmoil.stir(Churn::everything(seed, changes as f64), &mut stored, "/", "");
    (stored, turmoil)
}

/// Every flag in full, as answers have it.
fn rendered(stored: &Stored) -> String {
    let mut text = String::new();
    for (project, owner) in stored.account.projects.iter().enumerate() {
        for flag in stored.order(project, 0) {
            stored.push_flag(project, flag, &mut text);
            for environment in 0..owner.environments.len() {
                stored.push_config(project, flag, environment, true, &mut text);
            }
        }
    }
    text
}

#[test]
fn the_same_requests_see_the_same_changes() {
    let journal = |seed| {
        let server = serve_churning(Churn::everything(seed, 0.5));
        let bodies: Vec<String> = (0..40).map(|_| get(&server, PATH).body).collect();
        (server.churn_journal(), bodies)
    };
    let one = journal(1);
    assert_eq!(one, journal(1));
    assert_ne!(one.0, journal(2).0);
    assert!((10..30).contains(&one.0.len()), "{} changes", one.0.len());
}

#[test]
fn the_journal_has_each_change_and_the_request_that_saw_it() {
    let server = serve_churning(Churn::flags(1, 1.0));
    for _ in 0..3 {
        get(&server, PATH);
    }
    get_as(&server, PATH, "api-unknown", "");
    assert_eq!(server.changes(), 4);
    let journal = server.churn_journal();
    assert!(journal[2].starts_with("3: "), "{journal:?}");
    assert!(journal[2].ends_with(&format!(", before {PATH}")), "{journal:?}");
}

#[test]
fn the_fake_never_serves_outdated_json() {
    for changes in [1, 20, 300] {
        let (stored, _) = churned(changes as u64, changes);
        assert_eq!(rendered(&stored), rendered(&Stored::new(stored.account.clone())));
    }
}

#[test]
fn no_storm_empties_the_account() {
    for seed in 0..5 {
        let (stored, turmoil) = churned(seed, 3000);
        assert_eq!(turmoil.journal().len(), 3000);
        let projects = &stored.account.projects;
        assert!(!projects.is_empty());
        assert!(projects.iter().all(|project| !project.environments.is_empty()));
        let kept = projects.iter().flat_map(|project| &project.flags);
        assert!(kept.filter(|flag| flag.state() != State::Archived).count() >= 2);
        assert!(!stored.account.tags.is_empty() && !stored.account.teams.is_empty());
    }
}

#[test]
fn a_storm_has_changes_of_every_kind() {
    let (_, turmoil) = churned(1, 2000);
    let journal = turmoil.journal().join("\n");
    let flags = ["archived", "restored", "created", "deleted", "deprecated", "renamed", "toggled"];
    let others = ["project", "environment", "tag", "team"]
        .map(|kind| [format!("created {kind} "), format!("deleted {kind} ")]);
    for kind in flags.iter().map(|kind| format!(": {kind} ")).chain(others.into_iter().flatten()) {
        assert!(journal.contains(&kind), "{kind}");
    }
    assert!(journal.contains("deleted and created again"));
}

#[test]
fn keys_stay_unique_and_new_flags_are_the_newest() {
    let (stored, _) = churned(3, 500);
    for project in &stored.account.projects {
        let mut keys: Vec<&str> = project.flags.iter().map(|flag| flag.key.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), project.flags.len());
        let created = project.flags.iter().filter(|flag| flag.key.starts_with("created-"));
        assert!(
            created
                .into_iter()
                .all(|flag| flag.created_ms > NOW_MS && flag.created_ms <= stored.account.now_ms)
        );
    }
}
