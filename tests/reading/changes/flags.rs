//! Flags that are created, archived, restored and deleted.

use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Answer, Behaviour, Scripted};

use crate::changes::{FLAGS, STRAYS, changed, flags, size};
use crate::support::{Run, rows};

#[test]
fn no_flag_is_lost_while_others_change() {
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
fn a_flag_restored_between_walks_has_all_configurations() {
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
fn a_flag_created_again_is_published_as_the_new_one() {
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

fn few_flags() -> Size {
    let size = Size { projects: 1, environments: 2, flags: 12, archived: 0, ..Size::default() };
    Size { deprecated: 0, ..size }
}

#[test]
fn a_flag_created_ahead_of_statuses_is_whole() {
    // Created after the flags were read, and before their statuses are.
    let run = changed(few_flags(), "/api/v2/flag-statuses/", 1, |account| {
        let now = account.now_ms;
        let mut flag = account.projects[0].flags[3].clone();
        (flag.key, flag.created_ms) = ("brand-new".into(), now);
        account.projects[0].flags.push(flag);
    });
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flags"), 13);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_environments"), 2 * 13);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_statuses"), 2 * 13);
}

#[test]
fn flags_without_a_status_are_counted() {
    let run = changed(few_flags(), "/api/v2/flag-statuses/", 1, |account| {
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
fn a_flag_restored_and_archived_again_is_found() {
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

#[test]
fn a_short_list_is_counted_again_if_flags_of_another_project_move() {
    let size = Size { projects: 2, environments: 2, flags: 12, archived: 3, ..Size::default() };
    let mut account = generated::account(Size { deprecated: 1, ..size });
    let mut one = account.projects[0].flags[5].clone();
    (one.key, one.archived_ms) = ("archived-for-a-moment".into(), Some(account.now_ms));
    account.projects[0].flags.push(one);
    let archive = |archived: Option<i64>| {
        Answer::change(move |account| {
            let flags = account.projects[0].flags.iter_mut();
            for flag in flags.filter(|flag| flag.key == "archived-for-a-moment") {
                (flag.archived_ms, flag.version) = (archived, flag.version + 1);
            }
        })
    };
    let create = Answer::change(|account| {
        let mut flag = account.projects[1].flags[3].clone();
        (flag.key, flag.created_ms) = ("brand-new".into(), account.now_ms);
        account.projects[1].flags.push(flag);
    });
    // In use while archived flags are walked, and archived whenever current ones are seen.
    let script = vec![
        Scripted::once("/api/v2/flags/project-000", archive(None)).query("archived"),
        Scripted::once("/api/v2/flag-statuses/project-000", archive(Some(account.now_ms))),
        Scripted::once("/api/v2/flag-statuses/project-001", create),
    ];
    let run = Run::new(account, Behaviour { script, ..Behaviour::default() });
    run.extract(&[]);
    let found = "SELECT state FROM flags WHERE flag_key = 'archived-for-a-moment'";
    assert_eq!(rows(&run.database(), found), ["\"archived\""]);
}

#[test]
fn deprecated_flags_that_neither_list_nor_statuses_have_are_found() {
    let size = Size { projects: 2, environments: 4, flags: 12, archived: 3, ..Size::default() };
    let account = generated::account(Size { deprecated: 2, ..size });
    let deprecated = account.projects.iter().flat_map(|project| &project.flags);
    let deprecated = deprecated.filter(|flag| flag.deprecated_ms.is_some());
    let keys: Vec<String> = deprecated.map(|flag| flag.key.clone()).collect();
    // Of none, of all, and of one project's only, which shows the other one's.
    for lacking in [&keys[..0], &keys[..2], &keys] {
        let statuses_lack = lacking.iter().cloned().collect();
        let behaviour =
            Behaviour { list_includes_deprecated: false, statuses_lack, ..Behaviour::default() };
        let run = Run::new(account.clone(), behaviour);
        run.extract(&[]);
        let deprecated = "SELECT count(*) FROM flags WHERE state = 'deprecated'";
        assert_eq!(run.value::<i64>(deprecated), 4, "{lacking:?}");
        assert_eq!(run.value::<i64>("SELECT count(*) FROM flags"), 2 * (12 + 3 + 2));
    }
}

#[test]
fn hidden_deprecated_flags_take_no_request_each() {
    let size = Size { projects: 1, environments: 4, flags: 20, archived: 3, ..Size::default() };
    let account = generated::account(Size { deprecated: 60, ..size });
    let behaviour = Behaviour { list_includes_deprecated: false, ..Behaviour::default() };
    let run = Run::new(account, behaviour);
    run.extract(&[]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flags WHERE state = 'deprecated'"), 60);
    assert!(run.server.requests().len() < 40, "{}", run.server.requests().len());
}
