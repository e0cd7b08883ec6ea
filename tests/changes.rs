//! The account changes between two requests of a run: what stayed all through is there, what is
//! published fits together.

mod support;

use flaglake::demo::account::{Account, Environment, Member};
use flaglake::demo::generated::{self, Size};
use flaglake::demo::{Answer, Behaviour, Family, Scripted};
use support::{Run, rows};

fn size() -> Size {
    let size = Size { projects: 1, environments: 5, flags: 130, archived: 20, ..Size::default() };
    Size { deprecated: 3, tags: 40, teams: 3, ..size }
}

/// A run in which `change` takes place right before the answer to the `number`th request to
/// `path`.
fn changed(
    size: Size,
    path: &str,
    number: usize,
    change: impl Fn(&mut Account) + Send + Sync + 'static,
) -> Run {
    let mut script = vec![];
    if number > 1 {
        // The requests before it are answered as they are, by the same means.
        script.push(Scripted::once(path, Answer::change(|_| ())).times(number - 1));
    }
    script.push(Scripted::once(path, Answer::change(change)));
    let maximum = [(Family::Tags, 10), (Family::Projects, 2)].into();
    let run =
        Run::new(generated::account(size), Behaviour { script, maximum, ..Behaviour::default() });
    run.extract(&[]);
    assert!(rows(&run.database(), "PRAGMA foreign_key_check").is_empty());
    run
}

/// The account's flags as it is now.
fn flags(run: &Run) -> Vec<String> {
    let mut flags = run.server.read(|account| {
        let flags = account.projects.iter().flat_map(|project| &project.flags);
        flags.map(|flag| format!("{:?}", flag.key)).collect::<Vec<_>>()
    });
    flags.sort();
    flags
}

const FLAGS: &str = "SELECT flag_key FROM flags ORDER BY flag_key";
const STRAYS: &str =
    "SELECT flag_key FROM flag_environments JOIN flags USING (project_key, flag_key)
                      WHERE state = 'archived'";

#[test]
fn no_tag_is_lost_when_another_is_deleted_between_pages() {
    let run = changed(size(), "/api/v2/tags", 2, |account| drop(account.tags.remove(0)));
    let mut tags = run.server.read(|account| account.tags.clone());
    tags.sort();
    let tags: Vec<_> = tags.iter().map(|tag| format!("{tag:?}")).collect();
    assert_eq!(rows(&run.database(), "SELECT tag FROM tags ORDER BY tag"), tags);
}

#[test]
fn no_project_is_lost_when_another_is_deleted_between_pages() {
    let size = Size { projects: 5, environments: 1, flags: 2, ..Size::default() };
    let run = changed(size, "/api/v2/projects", 2, |account| drop(account.projects.remove(0)));
    assert_eq!(run.value::<i64>("SELECT count(*) FROM projects"), 4);
}

#[test]
fn no_environment_is_lost_when_another_is_deleted_between_pages() {
    let size = Size { projects: 1, environments: 25, flags: 2, ..Size::default() };
    let path = "/api/v2/projects/";
    let run = changed(size, path, 1, |account| drop(account.projects[0].environments.remove(0)));
    assert_eq!(run.value::<i64>("SELECT count(*) FROM environments"), 24);
}

#[test]
fn no_flag_is_lost_whenever_others_are_archived_created_and_deleted() {
    for number in 1..=6 {
        let run = changed(size(), "/api/v2/flags/", number, |account| {
            let now = account.now_ms;
            let flags = &mut account.projects[0].flags;
            let mut twin = flags[50].clone();
            (twin.key, twin.created_ms) = ("brand-new".into(), now);
            flags[40].archived_ms = Some(now);
            flags[40].version += 1;
            flags.remove(3);
            flags.push(twin);
        });
        let (kept, found) = (flags(&run), rows(&run.database(), FLAGS));
        let lost: Vec<_> =
            kept.iter().filter(|key| *key != "\"brand-new\"" && !found.contains(key)).collect();
        assert!(lost.is_empty(), "request {number}: {lost:?}");
        assert!(rows(&run.database(), STRAYS).is_empty(), "request {number}");
    }
}

#[test]
fn a_flag_restored_between_the_walks_is_found_with_all_its_configurations() {
    for number in 2..=5 {
        let run = changed(size(), "/api/v2/flags/", number, |account| {
            let flags = &mut account.projects[0].flags;
            if let Some(flag) = flags.iter_mut().find(|flag| flag.archived_ms.is_some()) {
                flag.archived_ms = None;
                flag.version += 1;
            }
        });
        assert_eq!(rows(&run.database(), FLAGS), flags(&run), "request {number}");
        let whole = "SELECT flag_key FROM flags LEFT JOIN flag_environments USING (project_key, flag_key)
                     WHERE state <> 'archived' GROUP BY flag_key HAVING count(environment_key) <> 5";
        assert!(rows(&run.database(), whole).is_empty(), "request {number}");
    }
}

#[test]
fn an_environment_created_meanwhile_breaks_nothing() {
    for number in 1..=4 {
        let run = changed(size(), "/api/v2/flags/", number, |account| {
            account.projects[0].environments.push(Environment::new("late"));
        });
        assert_eq!(run.value::<i64>("SELECT count(*) FROM environments"), 5);
    }
}

#[test]
fn an_environment_deleted_meanwhile_is_left_out() {
    let path = "/api/v2/flag-statuses/";
    let run = changed(size(), path, 1, |account| {
        account.projects[0].environments.clear();
    });
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_statuses"), 0);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM environments"), 0);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_environments"), 0);
}

/// What `extraction_resources` says of a resource in a scope.
fn detail(run: &Run, resource: &str, scope: &str) -> String {
    let sql = format!(
        "SELECT coalesce(group_concat(detail), '') FROM extraction_resources
         WHERE resource = '{resource}' AND scope = '{scope}'"
    );
    run.value(&sql)
}

#[test]
fn a_project_deleted_meanwhile_is_left_out_and_recorded_whenever_it_happens() {
    let size = Size { projects: 3, environments: 5, flags: 30, ..Size::default() };
    let size = Size { deprecated: 0, ..size };
    let places = [("/api/v2/flags/project-001", 4), ("/api/v2/flag-statuses/project-001", 5)];
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
fn a_project_deleted_while_its_environments_are_read_is_left_out() {
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

#[test]
fn a_flag_created_anew_under_its_key_is_the_new_one_whenever_it_happens() {
    for number in 1..=6 {
        let run = changed(size(), "/api/v2/flags/", number, |account| {
            let now = account.now_ms;
            let flag = &mut account.projects[0].flags[60];
            (flag.created_ms, flag.version, flag.archived_ms) = (now, 1, None);
            flag.environments.clear();
        });
        let key = run.server.read(|account| account.projects[0].flags[60].key.clone());
        let sql = format!("SELECT version, state FROM flags WHERE flag_key = '{key}'");
        let is_new = rows(&run.database(), &sql) == ["1 | \"live\""];
        let old = format!(
            "SELECT environment_key FROM flag_environments JOIN flags USING (project_key, flag_key)
             WHERE flag_key = '{key}' AND last_modified_at < created_at"
        );
        assert!(!is_new || rows(&run.database(), &old).is_empty(), "request {number}: a mixture");
        assert!(is_new || number > 4, "request {number}");
    }
}

#[test]
fn statuses_without_a_flag_and_flags_without_a_status_are_counted() {
    let size = Size { projects: 1, environments: 2, flags: 12, archived: 0, ..Size::default() };
    let size = Size { deprecated: 0, ..size };
    // Created after the flags were read, and before their statuses are.
    let run = changed(size, "/api/v2/flag-statuses/", 1, |account| {
        let now = account.now_ms;
        let mut flag = account.projects[0].flags[3].clone();
        (flag.key, flag.created_ms) = ("brand-new".into(), now);
        account.projects[0].flags.push(flag);
    });
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flags"), 13);
    let known = detail(&run, "flags", "project-000");
    assert!(known.contains("1 flags were known by their statuses only"), "{known}");
    let run = changed(size, "/api/v2/flag-statuses/", 1, |account| {
        for environment in ["production", "staging"] {
            let flag = &mut account.projects[0].flags[3];
            let mut state = flag.environment(environment).into_owned();
            state.status = None;
            flag.environments.insert(environment.to_owned(), state);
        }
    });
    let environments = rows(&run.database(), "SELECT environment_key FROM environments");
    let without: i64 = run.value(
        "SELECT count(*) FROM extraction_resources WHERE resource = 'flag_statuses'
         AND detail LIKE '%1 flags have no status%' AND distinct_rows = 11",
    );
    assert!(without > 0, "{environments:?}");
}

#[test]
fn a_flag_restored_and_archived_again_between_two_looks_is_found() {
    let flag = "archived-for-a-moment";
    let archive = move |archived: Option<i64>| {
        Answer::change(move |account| {
            let flags = &mut account.projects[0].flags;
            if let Some(one) = flags.iter_mut().find(|one| one.key == flag) {
                (one.archived_ms, one.version) = (archived, one.version + 1);
            }
        })
    };
    let mut account = generated::account(size());
    let mut one = account.projects[0].flags[50].clone();
    (one.key, one.archived_ms) = (flag.to_owned(), Some(account.now_ms));
    account.projects[0].flags.push(one);
    // In the list of archived flags whenever live ones are read, and the other way round.
    let path = "/api/v2/flags/project-000";
    let script = vec![
        Scripted::once(path, archive(None)).query("archived"),
        Scripted::once(path, archive(Some(account.now_ms))).query("env=development"),
    ];
    let run = Run::new(account, Behaviour { script, ..Behaviour::default() });
    run.extract(&[]);
    let found = format!("SELECT state FROM flags WHERE flag_key = '{flag}'");
    assert_eq!(rows(&run.database(), &found), ["\"archived\""]);
}

/// The demo account, of which `change` is made ahead of the first answer to `path`.
fn changed_at(path: &str, change: impl Fn(&mut Account) + Send + Sync + 'static) -> Run {
    let script = vec![Scripted::once(path, Answer::change(change))];
    let behaviour = Behaviour { script, ..Behaviour::default() };
    Run::new(flaglake::demo::company::account(1_790_000_000_000), behaviour)
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
        let run = changed_at(path, |account| {
            let project = account.project_mut("storefront").unwrap();
            project.environments.retain(|one| one.key != "preview");
            project.flags.iter_mut().for_each(|flag| drop(flag.environments.remove("preview")));
        });
        run.extract(&["--resources", "all"]);
        let sql = "SELECT count(*) FROM extraction_resources
                   WHERE scope = 'storefront/preview' OR outcome <> 'complete'";
        assert_eq!(run.value::<i64>(sql), 0, "{path}");
    }
}

#[test]
fn a_list_in_which_one_goes_and_another_comes_between_pages_loses_none() {
    for page in 2..4 {
        let mut script = vec![];
        script.push(Scripted::once("/api/v2/members", Answer::change(|_| ())).times(page - 1));
        let change = Answer::change(|account| {
            account.members.remove(0);
            account.members.push(Member::new("late@example.com", 1));
        });
        script.push(Scripted::once("/api/v2/members", change));
        let behaviour = Behaviour {
            script,
            maximum: [(Family::Members, 8)].into(),
            over_limit: flaglake::demo::OverLimit::Clamp,
            ..Behaviour::default()
        };
        let run = Run::new(flaglake::demo::company::account(1_790_000_000_000), behaviour);
        let stayed = run.server.read(|account| {
            account.members.iter().skip(1).map(|one| one.id.clone()).collect::<Vec<_>>()
        });
        run.extract(&["--resources", "members"]);
        for id in stayed {
            let sql = format!("SELECT count(*) FROM members WHERE member_id = '{id}'");
            assert_eq!(run.value::<i64>(&sql), 1, "page {page}: {id}");
        }
    }
}

#[test]
fn an_overlap_takes_no_further_request() {
    for (members, requests) in [(8, 1), (15, 2), (16, 2), (17, 3), (20, 3), (24, 3)] {
        let mut account = Account::new(1_790_000_000_000);
        let members = (0..members).map(|one| Member::new(format!("m{one}@example.com"), 1));
        account.members = members.collect();
        let maximum = [(Family::Members, 8)].into();
        let run = Run::new(account, Behaviour { maximum, ..Behaviour::default() });
        run.extract(&["--resources", "members"]);
        assert_eq!(run.requests("/members"), requests);
    }
}
