//! Objects deleted during the run are left out, and recorded.

use fake_launchdarkly::account::{Account, Environment, Member};
use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Answer, Behaviour, Scripted};

use crate::changes::{changed, detail, size};
use crate::support::{Run, rows};

#[test]
fn an_environment_created_during_the_run_breaks_nothing() {
    for number in 1..=4 {
        let run = changed(size(), "/api/v2/flags/", number, |account| {
            account.projects[0].environments.push(Environment::new("late"));
        });
        assert_eq!(run.value::<i64>("SELECT count(*) FROM environments"), 5);
    }
}

#[test]
fn an_environment_deleted_during_the_run_is_left_out() {
    let path = "/api/v2/flag-statuses/";
    let run = changed(size(), path, 1, |account| {
        account.projects[0].environments.clear();
    });
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_statuses"), 0);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM environments"), 0);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_environments"), 0);
}

#[test]
fn a_project_deleted_during_the_run_is_left_out_and_recorded() {
    let size = Size { projects: 3, environments: 5, flags: 30, ..Size::default() };
    let size = Size { deprecated: 0, ..size };
    let places = [("/api/v2/flags/project-001", 3), ("/api/v2/flag-statuses/project-001", 5)];
    for (path, requests) in places {
        for number in 1..=requests {
            let run = changed(size, path, number, |account| {
                account.projects.retain(|project| project.key != "project-001");
            });
            let projects = rows(&run.database(), "SELECT project_key FROM projects ORDER BY 1");
            assert_eq!(projects, ["\"project-000\"", "\"project-002\""], "{path} {number}");
            let noted = detail(&run, "projects", "");
            assert!(noted.contains("project project-001 was deleted"), "{path} {number}: {noted}");
            let others = "SELECT count(*) FROM flag_statuses WHERE project_key = 'project-002'";
            assert_eq!(run.value::<i64>(others), 5 * 30, "{path} {number}");
        }
    }
}

#[test]
fn a_project_deleted_while_it_is_read_is_left_out() {
    let size = Size { projects: 3, environments: 25, flags: 2, ..Size::default() };
    let path = "/api/v2/projects/project-001/environments";
    let run = changed(size, path, 1, |account| drop(account.projects.remove(1)));
    assert_eq!(run.value::<i64>("SELECT count(*) FROM projects"), 2);
    assert!(detail(&run, "projects", "").contains("project-001 was deleted"));
}

#[test]
fn a_team_deleted_while_its_maintainers_are_read_is_left_out() {
    let mut account = generated::account(size());
    let members: Vec<_> =
        (0..30).map(|number| Member::new(format!("member-{number:03}"), number)).collect();
    account.teams[1].maintainer_ids = members.iter().map(|member| member.id.clone()).collect();
    account.members.extend(members);
    let key = account.teams[1].key.clone();
    let gone = key.clone();
    let change = Answer::change(move |account| account.teams.retain(|team| team.key != gone));
    let script = vec![Scripted::once(format!("/api/v2/teams/{key}"), change)];
    let run = Run::new(account, Behaviour { script, ..Behaviour::default() });
    run.extract(&[]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM teams"), 2);
    assert!(detail(&run, "teams", "").contains(&format!("team {key} was deleted")));
}

/// The demo account, of which `change` is made ahead of the first answer to `path`.
fn changed_at(path: &str, change: impl Fn(&mut Account) + Send + Sync + 'static) -> Run {
    let script = vec![Scripted::once(path, Answer::change(change))];
    let behaviour = Behaviour { script, ..Behaviour::default() };
    Run::new(fake_launchdarkly::company::account(1_790_000_000_000), behaviour)
}

#[test]
fn a_project_deleted_while_its_other_lists_are_read_is_left_out() {
    for path in ["/api/v2/flag-statuses/storefront/", "/api/v2/metrics/storefront"] {
        let run =
            changed_at(path, |account| account.projects.retain(|one| one.key != "storefront"));
        run.extract(&["--resources", "all"]);
        let count = |table: &str| {
            let sql = format!("SELECT count(*) FROM {table} WHERE project_key = 'storefront'");
            run.value::<i64>(&sql)
        };
        for table in ["projects", "flags", "segments", "metrics", "experiments"] {
            assert_eq!(count(table), 0, "{path}: {table}");
        }
        assert!(count("audit_log_entries") > 0, "{path}: the log still tells of it");
        let refused = "SELECT count(*) FROM extraction_resources WHERE outcome <> 'complete'";
        assert_eq!(run.value::<i64>(refused), 0, "{path}");
    }
}

#[test]
fn an_environment_deleted_while_its_lists_are_read_is_left_out() {
    let paths = ["/api/v2/flag-statuses/storefront/preview", "/api/v2/segments/storefront/preview"];
    for path in paths {
        let delete_preview = |account: &mut Account| {
            let project = account.project_mut("storefront").unwrap();
            project.environments.retain(|one| one.key != "preview");
            project.flags.iter_mut().for_each(|flag| drop(flag.environments.remove("preview")));
        };
        for strict in [&[][..], &["--strict"]] {
            let run = changed_at(path, delete_preview);
            run.extract(&[&["--resources", "all"], strict].concat());
            let sql = "SELECT count(*) FROM extraction_resources
                       WHERE scope = 'storefront/preview' OR outcome <> 'complete'";
            assert_eq!(run.value::<i64>(sql), 0, "{path} {strict:?}");
            let rows = "SELECT count(*) FROM segments WHERE environment_key = 'preview'";
            assert_eq!(run.value::<i64>(rows), 0, "{path} {strict:?}");
        }
    }
}
