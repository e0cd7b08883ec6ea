//! Versions of rows over several runs against an account that changes: opened, closed, or left.

mod support;

use flaglake::demo::account::{Account, Flag, FlagStatus, Project};
use flaglake::demo::generated::{self, Size};
use flaglake::demo::{Answer, Behaviour, Family, Scripted};
use flaglake::history::{self, History};
use support::{Run, rows};

const PROJECT: &str = "project-000";

fn account() -> Run {
    let size = Size {
        projects: 2,
        environments: 2,
        flags: 6,
        archived: 2,
        deprecated: 1,
        ..Size::default()
    };
    let size = Size { teams: 2, members: 6, maintainers: 2, tags: 4, ..size };
    Run::new(generated::account(size), Behaviour::default())
}

/// Changes the account.
fn change(run: &Run, change: impl FnOnce(&mut Account)) {
    run.server.change(change);
}

fn project(account: &mut Account) -> &mut Project {
    account.project_mut(PROJECT).unwrap()
}

/// The first flag of the first project, which is live.
fn flag(account: &mut Account) -> &mut Flag {
    &mut project(account).flags[0]
}

fn flag_key(run: &Run) -> String {
    run.server.read(|account| account.projects[0].flags[0].key.clone())
}

/// When each run started, oldest first.
fn starts(run: &Run) -> Vec<String> {
    rows(&run.database(), "SELECT started_at FROM extractions ORDER BY started_at")
}

/// How many versions there are of each table, and how many of them hold.
fn counts(run: &Run) -> Vec<(&'static str, i64, i64)> {
    let count = |History { versions, .. }: &History| {
        let sql = |what| format!("SELECT count({what}) FROM {}", versions.name);
        let all: i64 = run.value(&sql("*"));
        (versions.name, all, all - run.value::<i64>(&sql("valid_to")))
    };
    history::all().iter().map(count).collect()
}

/// How many versions were closed and opened since `before`.
fn difference(run: &Run, before: &[(&str, i64, i64)]) -> Vec<String> {
    let now = counts(run);
    let changes = now.iter().zip(before).filter(|(now, before)| now != before);
    let text = changes.map(|((name, all, held), (_, before_all, before_held))| {
        format!("{name} {:+} {:+}", all - before_all, held - before_held)
    });
    text.collect()
}

/// What holds is what the tables hold.
#[track_caller]
fn agrees(run: &Run) {
    let database = run.database();
    for History { of, versions } in history::all() {
        let stable = of.columns.iter().filter(|column| !column.volatile).map(|column| column.name);
        let (stable, key) = (stable.collect::<Vec<_>>().join(", "), of.key.join(", "));
        let table = format!("SELECT {stable} FROM {} ORDER BY {key}", of.name);
        let held =
            format!("SELECT {stable} FROM {} WHERE valid_to IS NULL ORDER BY {key}", versions.name);
        assert_eq!(rows(&database, &table), rows(&database, &held), "{}", of.name);
        let overlap = format!(
            "SELECT * FROM (SELECT valid_from, valid_to, lead(valid_from) OVER (PARTITION BY {key}
             ORDER BY valid_from) AS next FROM {}) WHERE next < coalesce(valid_to, '9999')",
            versions.name
        );
        assert!(rows(&database, &overlap).is_empty(), "{}", versions.name);
    }
}

#[test]
fn a_run_without_changes_adds_no_version() {
    let run = account();
    run.extract(&[]);
    let before = counts(&run);
    assert!(before.iter().all(|(_, all, held)| all == held && *all > 0), "{before:?}");
    run.extract(&[]);
    assert_eq!(counts(&run), before);
    agrees(&run);
}

#[test]
fn a_change_closes_one_version_and_opens_the_next_at_the_start_of_its_run() {
    let run = account();
    run.extract(&[]);
    let before = counts(&run);
    change(&run, |account| {
        flag(account).name = "renamed".into();
        let state = flag(account).environments.get_mut("production").unwrap();
        state.config.on = !state.config.on;
        project(account).environments[0].critical = false;
        account.teams[0].maintainer_ids.remove(0);
    });
    run.extract(&[]);
    let expected = [
        "environments_history +1 +0",
        "team_maintainers_history +0 -1",
        "flags_history +1 +0",
        "flag_environments_history +1 +0",
    ];
    assert_eq!(difference(&run, &before), expected);
    agrees(&run);
    let starts = starts(&run);
    let sql = format!(
        "SELECT valid_from, valid_to, name = 'renamed' FROM flags_history
         WHERE project_key = '{PROJECT}' AND flag_key = '{}' ORDER BY valid_from",
        flag_key(&run)
    );
    let versions =
        [format!("{} | {} | 0", starts[0], starts[1]), format!("{} | NULL | 1", starts[1])];
    assert_eq!(rows(&run.database(), &sql), versions);
    let sql = "SELECT count(*) FROM flags_history JOIN extractions USING (extraction_id) WHERE started_at <> valid_from";
    assert_eq!(run.value::<i64>(sql), 0);
}

#[test]
fn what_is_volatile_alone_makes_no_version() {
    let run = account();
    run.extract(&[]);
    let before = counts(&run);
    change(&run, |account| {
        let now = account.now_ms;
        account
            .members
            .iter_mut()
            .for_each(|member| member.email = format!("new-{}", member.email));
        flag(account).version += 1;
        let state = flag(account).environments.get_mut("production").unwrap();
        state.config.version += 1;
        state.config.last_modified_ms = now;
        state.config.context_kinds.push("device".into());
        state.status.as_mut().unwrap().last_requested_ms = Some(now);
    });
    run.extract(&[]);
    // The addresses of maintainers are their teams' own columns, and the flags' only by the way.
    assert_eq!(difference(&run, &before), ["team_maintainers_history +4 +0"]);
}

#[test]
fn deletions_close_versions_and_what_is_created_anew_opens_others() {
    let run = account();
    run.extract(&[]);
    let before = counts(&run);
    let (old, key) =
        (run.server.read(|account| account.projects[0].flags[0].clone()), flag_key(&run));
    change(&run, |account| drop(project(account).flags.remove(0)));
    run.extract(&[]);
    let gone =
        ["flags_history +0 -1", "flag_environments_history +0 -2", "flag_statuses_history +0 -2"];
    assert_eq!(difference(&run, &before), gone);
    agrees(&run);
    change(&run, |account| {
        let created_ms = account.now_ms;
        project(account).flags.insert(0, Flag { created_ms, ..old.clone() });
    });
    run.extract(&[]);
    let again =
        ["flags_history +1 +0", "flag_environments_history +2 +0", "flag_statuses_history +2 +0"];
    assert_eq!(difference(&run, &before), again);
    agrees(&run);
    // Deleted and created anew between two runs.
    change(&run, |account| flag(account).created_ms += 1);
    run.extract(&[]);
    let sql =
        format!("SELECT count(DISTINCT created_at) FROM flags_history WHERE flag_key = '{key}'");
    assert_eq!(run.value::<i64>(&sql), 3);
    change(&run, |account| drop(account.projects.remove(0)));
    run.extract(&[]);
    let sql = format!(
        "SELECT count(*) FROM environments_history WHERE project_key = '{PROJECT}' AND valid_to IS NULL"
    );
    assert_eq!(run.value::<i64>(&sql), 0, "a deleted project takes its environments along");
    agrees(&run);
}

#[test]
fn what_is_not_read_is_left_as_it_is() {
    let run = account();
    run.extract(&[]);
    let before = counts(&run);
    change(&run, |account| {
        account.teams[0].maintainer_ids.clear();
        let environments = account.projects.iter_mut().flat_map(|one| &mut one.flags);
        for state in environments.flat_map(|flag| flag.environments.values_mut()) {
            state.status = Some(FlagStatus::never_requested("new"));
        }
    });
    run.server.behave(|behaviour| {
        let refused = [Family::Teams, Family::FlagStatuses, Family::FlagStatus];
        behaviour.refused.extend(refused.map(|family| (family, 404)));
    });
    run.extract(&[]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_statuses"), 0);
    assert_eq!(difference(&run, &before), [""; 0], "refused");
    run.extract(&["--skip", "flag_statuses,teams"]);
    assert_eq!(difference(&run, &before), [""; 0], "skipped");
    run.server.behave(|behaviour| behaviour.refused.clear());
    run.extract(&["--project", "project-001"]);
    let half = difference(&run, &before);
    assert!(half.contains(&"team_maintainers_history +0 -2".to_owned()), "{half:?}");
    let sql = "SELECT count(*) FROM flag_statuses_history WHERE valid_to IS NOT NULL";
    let changed: i64 = run.value(sql);
    assert!(changed > 0);
    assert_eq!(
        run.value::<i64>(&format!("{sql} AND project_key = '{PROJECT}'")),
        0,
        "not selected"
    );
    run.extract(&[]);
    assert!(run.value::<i64>(sql) > changed);
    agrees(&run);
}

#[test]
fn the_environment_whose_statuses_are_refused_keeps_its_versions() {
    let run = account();
    run.extract(&[]);
    change(&run, |account| {
        for state in flag(account).environments.values_mut() {
            state.status = Some(FlagStatus::never_requested("changed"));
        }
    });
    run.server.behave(|behaviour| {
        let path = format!("/api/v2/flag-statuses/{PROJECT}/production");
        let refusal = Answer::json(404, r#"{"code":"not_found","message":"no"}"#);
        behaviour.script.push(Scripted::once(path, refusal).times(1000));
    });
    run.extract(&[]);
    let sql = "SELECT environment_key FROM flag_statuses_history WHERE valid_to IS NOT NULL";
    assert_eq!(rows(&run.database(), sql), ["\"staging\""]);
}

#[test]
fn a_status_has_been_seen_since_the_first_run_that_saw_it() {
    let run = account();
    run.extract(&[]);
    let since = |run: &Run| {
        let sql = format!(
            "SELECT status_since FROM flag_statuses WHERE project_key = '{PROJECT}'
             AND flag_key = '{}' AND environment_key = 'production'",
            flag_key(run)
        );
        rows(&run.database(), &sql).remove(0)
    };
    run.extract(&[]);
    assert_eq!(since(&run), starts(&run)[0], "carried over");
    change(&run, |account| {
        let state = flag(account).environments.get_mut("production").unwrap();
        state.status.as_mut().unwrap().default = Some("\"another\"".into());
    });
    run.extract(&[]);
    assert_eq!(since(&run), starts(&run)[0], "something else changed");
    change(&run, |account| {
        let state = flag(account).environments.get_mut("production").unwrap();
        state.status.as_mut().unwrap().name = "changed".into();
    });
    run.extract(&[]);
    assert_eq!(since(&run), starts(&run)[3], "the status changed");
    run.server.behave(|behaviour| {
        behaviour.refused.extend([Family::FlagStatuses, Family::FlagStatus].map(|one| (one, 404)));
    });
    run.extract(&[]);
    run.server.behave(|behaviour| behaviour.refused.clear());
    run.extract(&[]);
    assert_eq!(since(&run), starts(&run)[3], "a run that could not read it has seen nothing else");
    let sql = "SELECT count(*) FROM flag_statuses WHERE status_since IS NULL";
    assert_eq!(run.value::<i64>(sql), 0);
}

#[test]
fn another_accounts_past_does_not_stay() {
    let run = account();
    run.extract(&[]);
    change(&run, |account| {
        account.account_id = "another".into();
        account.projects.pop();
    });
    run.extract(&[]);
    agrees(&run);
    for (name, all, held) in counts(&run) {
        assert_eq!(all, held, "{name}");
    }
    let sql = "SELECT count(*) FROM project_daily WHERE project_key <> 'project-000'";
    assert_eq!(run.value::<i64>(sql), 0);
    let sql = "SELECT count(*) FROM flag_statuses WHERE status_since < (SELECT max(started_at) FROM extractions)";
    assert_eq!(run.value::<i64>(sql), 0);
}

/// Extracts with personal data treated so.
fn treat(run: &Run, mode: &str) {
    let mut command = run.command(&["extract", "--personal-data", mode]);
    command.env("FLAGLAKE_PERSONAL_DATA_KEY", "a key that is long enough for anybody");
    support::ended(command.output().unwrap()).succeeded();
}

#[test]
fn another_treatment_of_personal_data_makes_no_version_and_reaches_those_there_are() {
    let run = account();
    change(&run, |account| flag(account).description = Some("ask ada@shop.example.".into()));
    treat(&run, "keep");
    change(&run, |account| account.teams[1].maintainer_ids.truncate(1));
    treat(&run, "keep");
    let before = counts(&run);
    let addresses = |run: &Run| -> i64 {
        run.value(
            "SELECT (SELECT count(*) FROM team_maintainers_history WHERE email LIKE '%@%')
                  + (SELECT count(*) FROM flags_history WHERE maintainer_email LIKE '%@%' OR description LIKE '%@%')",
        )
    };
    assert!(addresses(&run) > 4);
    for mode in ["hash", "drop", "keep", "drop", "hash"] {
        treat(&run, mode);
        assert_eq!(difference(&run, &before), [""; 0], "{mode}");
        agrees(&run);
        assert!(mode == "keep" || addresses(&run) == 0, "{mode}");
    }
    change(&run, |account| flag(account).description = Some("ask nobody".into()));
    treat(&run, "keep");
    assert_eq!(difference(&run, &before), ["flags_history +1 +0"], "a change is one in any case");
}

const VIEWS: &str = "SELECT name FROM sqlite_schema WHERE type = 'view'";

/// Makes the database what an older flaglake would have left.
fn age(run: &Run, version: i64) {
    let database = run.database();
    let tables = history::tables().iter().map(|table| table.name).chain(["scorecard_thresholds"]);
    for name in tables {
        database.execute_batch(&format!("DROP TABLE {name}")).unwrap();
    }
    for name in rows(&database, VIEWS) {
        database.execute_batch(&format!("DROP VIEW {name}")).unwrap();
    }
    database.execute_batch("ALTER TABLE flag_statuses DROP COLUMN status_since").unwrap();
    if version == 1 {
        for column in [
            "flags DROP COLUMN ld_ready_to_archive",
            "flags DROP COLUMN ld_ready_for_code_removal",
            "extraction_resources DROP COLUMN rows_read_at",
            "extraction_resources DROP COLUMN is_stale",
        ] {
            database.execute_batch(&format!("ALTER TABLE {column}")).unwrap();
        }
    }
    database.pragma_update(None, "user_version", version).unwrap();
}

#[test]
fn a_database_of_an_older_flaglake_begins_its_history_with_what_it_holds() {
    for version in [1, 2] {
        let run = account();
        run.extract(&[]);
        let before = counts(&run);
        age(&run, version);
        change(&run, |account| flag(account).name = "renamed".into());
        run.extract(&[]);
        assert_eq!(difference(&run, &before), ["flags_history +1 +0"], "{version}");
        agrees(&run);
        assert_eq!(run.value::<i64>("PRAGMA user_version"), 3);
        let first = starts(&run).remove(0);
        for table in ["flags_history WHERE valid_to IS NOT NULL", "environments_history"] {
            let found = rows(&run.database(), &format!("SELECT DISTINCT valid_from FROM {table}"));
            assert_eq!(found, std::slice::from_ref(&first), "{version} {table}");
        }
        let since = rows(&run.database(), "SELECT DISTINCT status_since FROM flag_statuses");
        assert_eq!(since, [first], "{version}");
    }
}

#[test]
fn a_column_that_an_older_flaglake_did_not_have_is_filled_without_a_new_version() {
    let run = account();
    run.extract(&[]);
    let before = counts(&run);
    let database = run.database();
    for name in rows(&database, VIEWS) {
        database.execute_batch(&format!("DROP VIEW {name}")).unwrap();
    }
    for table in ["flags", "flags_history"] {
        database.execute_batch(&format!("ALTER TABLE {table} DROP COLUMN kind")).unwrap();
    }
    drop(database);
    run.extract(&[]);
    assert_eq!(counts(&run), before);
    agrees(&run);
}

#[test]
fn versions_that_ended_longer_ago_than_the_retention_go() {
    let run = account();
    run.extract(&[]);
    change(&run, |account| flag(account).name = "renamed".into());
    run.extract(&["--history-retention", "1d"]);
    let closed = "SELECT count(*) FROM flags_history WHERE valid_to IS NOT NULL";
    assert_eq!(run.value::<i64>(closed), 1, "younger than the retention");
    let sql =
        "UPDATE flags_history SET valid_to = strftime('%Y-%m-%dT%H:%M:%fZ', valid_to, '-366 days')";
    run.database().execute_batch(sql).unwrap();
    run.extract(&[]);
    assert_eq!(run.value::<i64>(closed), 1, "everything is kept, unless it is said otherwise");
    run.extract(&["--history-retention", "365d"]);
    assert_eq!(run.value::<i64>(closed), 0);
    agrees(&run);
    assert_eq!(starts(&run).len(), 4, "the record of the runs stays");
}

#[test]
fn what_is_gone_is_closed_although_its_statuses_were_not_read() {
    let run = account();
    run.extract(&[]);
    let key = flag_key(&run);
    change(&run, |account| {
        project(account).flags.remove(0);
        project(account).environments.pop();
    });
    run.extract(&["--skip", "flag_statuses"]);
    let open = "SELECT count(*) FROM flag_statuses_history AS version WHERE valid_to IS NULL AND ";
    let gone = format!("{open} project_key = '{PROJECT}' AND flag_key = '{key}'");
    assert_eq!(run.value::<i64>(&gone), 0);
    let gone = format!(
        "{open} (project_key, environment_key) NOT IN (SELECT project_key, environment_key FROM environments)"
    );
    assert_eq!(run.value::<i64>(&gone), 0);
    assert!(run.value::<i64>(&format!("{open} TRUE")) > 0, "the others are as they were");
}

/// How many statuses of the first flag hold, by environment.
fn held(run: &Run) -> Vec<String> {
    let sql = format!(
        "SELECT environment_key FROM flag_statuses_history WHERE valid_to IS NULL
         AND project_key = '{PROJECT}' AND flag_key = '{}' ORDER BY 1",
        flag_key(run)
    );
    rows(&run.database(), &sql)
}

#[test]
fn an_archived_flag_has_no_status_although_statuses_were_not_read() {
    for skip in [true, false] {
        let run = account();
        run.extract(&[]);
        let before = counts(&run);
        change(&run, |account| flag(account).archived_ms = Some(account.now_ms));
        run.server.behave(|behaviour| {
            let refused = [Family::FlagStatuses, Family::FlagStatus];
            behaviour.refused.extend(refused.map(|family| (family, 404)));
        });
        run.extract(if skip { &["--skip", "flag_statuses"] } else { &[] });
        let closed = [
            "flags_history +1 +0",
            "flag_environments_history +0 -2",
            "flag_statuses_history +0 -2",
        ];
        assert_eq!(difference(&run, &before), closed, "skipped: {skip}");
        let sql =
            "SELECT count(*) FROM flag_statuses_history JOIN extractions ON started_at = valid_to
                   WHERE is_latest";
        assert_eq!(run.value::<i64>(sql), 2);
        run.extract(if skip { &["--skip", "flag_statuses"] } else { &[] });
        assert_eq!(difference(&run, &before), closed, "once");
        run.server.behave(|behaviour| behaviour.refused.clear());
        change(&run, |account| flag(account).archived_ms = None);
        run.extract(&[]);
        assert_eq!(held(&run).len(), 2, "it is in use again");
        agrees(&run);
    }
}

#[test]
fn an_archived_flag_has_no_status_where_those_of_an_environment_are_refused() {
    let run = account();
    run.extract(&[]);
    // As if LaunchDarkly told the statuses of archived flags as well.
    run.server.behave(|behaviour| {
        behaviour.statuses_include_archived = true;
        let path = format!("/api/v2/flag-statuses/{PROJECT}/production");
        let refusal = Answer::json(404, r#"{"code":"not_found","message":"no"}"#);
        behaviour.script.push(Scripted::once(path, refusal).times(1000));
    });
    change(&run, |account| flag(account).archived_ms = Some(account.now_ms));
    run.extract(&[]);
    assert_eq!(held(&run), ["\"staging\""], "what was found counts");
}

#[test]
fn a_flag_made_anew_under_its_key_does_not_inherit_since_when_its_status_is_seen() {
    let run = account();
    run.extract(&[]);
    let now = jiff::Timestamp::now().as_millisecond();
    change(&run, |account| flag(account).created_ms = now);
    run.extract(&[]);
    let sql = format!(
        "SELECT count(*) FROM flag_statuses JOIN latest_extraction
         WHERE project_key = '{PROJECT}' AND flag_key = '{}' AND status_since < started_at",
        flag_key(&run)
    );
    assert_eq!(run.value::<i64>(&sql), 0);
    let others =
        "SELECT count(*) FROM flag_statuses JOIN latest_extraction WHERE status_since < started_at";
    assert!(run.value::<i64>(others) > 0);
}
