//! The main job through the binary: requests, rows, both outputs, and what a user may choose.

mod support;

use std::collections::BTreeSet;
use std::process::Command;

use flaglake::demo::account::{Account, Environment, Flag, FlagConfig, FlagEnvironment, Project};
use flaglake::demo::generated::{self, Size};
use flaglake::demo::{Answer, Behaviour, Scripted, company};
use rusqlite::Connection;
use support::{Run, binary, ended, rows};

const NOW: i64 = 1_790_000_000_000;

fn company() -> Run {
    Run::new(company::account(NOW), Behaviour::default())
}

#[test]
fn the_demo_needs_no_account_and_fills_the_tables() {
    let folder = tempfile::tempdir().unwrap();
    let output = binary(folder.path()).args(["extract", "--demo"]).output().unwrap();
    let ended = ended(output).succeeded();
    assert!(ended.stdout.contains("flag_statuses"), "{}", ended.stdout);
    assert!(ended.stdout.contains("sqlite3 -box launchdarkly.db"), "{}", ended.stdout);
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(left, ["launchdarkly.db"], "nothing else stays behind");
    let database = Connection::open(folder.path().join("launchdarkly.db")).unwrap();
    for table in [
        "projects",
        "teams",
        "team_maintainers",
        "flags",
        "flag_environments",
        "flag_statuses",
        "tags",
    ] {
        assert!(!rows(&database, &format!("SELECT * FROM {table}")).is_empty(), "{table}");
    }
}

#[test]
fn every_command_that_a_run_proposes_works() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["extract", "--demo", "--output", "a place.db"];
    let output = binary(folder.path()).args(arguments).output().unwrap();
    let stdout = ended(output).succeeded().stdout;
    let commands: Vec<_> = stdout.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    assert_eq!(commands.len(), 4, "{stdout}");
    for command in commands {
        let program = env!("CARGO_BIN_EXE_flaglake");
        let line = command.replace("flaglake report", &format!("'{program}' report"));
        let output = Command::new("sh").args(["-euc", &line]).current_dir(folder.path()).output();
        let ended = ended(output.unwrap()).succeeded();
        assert!(!ended.stdout.is_empty() || folder.path().join("report.html").exists(), "{line}");
    }
}

#[test]
fn what_is_published_is_what_the_account_holds() {
    let run = company();
    run.extract(&[]);
    let expected: BTreeSet<String> = run.server.read(|account| {
        let flags = account.projects.iter().flat_map(|project| {
            project.flags.iter().map(|flag| format!("{:?} | {:?}", project.key, flag.key))
        });
        flags.collect()
    });
    let found = rows(&run.database(), "SELECT project_key, flag_key FROM flags");
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
    let pairs: i64 = run.value("SELECT count(*) FROM flags JOIN environments USING (project_key) WHERE state <> 'archived'");
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_environments"), pairs);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_statuses"), pairs);
    assert!(rows(&run.database(), "PRAGMA foreign_key_check").is_empty());
    assert_eq!(run.value::<String>("PRAGMA integrity_check"), "ok");
}

/// Requests of one project with `live` flags in `environments`, apart from statuses.
fn flag_requests(live: usize, archived: usize, environments: usize) -> usize {
    let size =
        Size { projects: 1, environments, flags: live, archived, deprecated: 1, ..Size::default() };
    let run = Run::new(generated::account(size), Behaviour::default());
    run.extract(&[]);
    assert_eq!(run.requests("/flag-statuses/"), environments);
    run.requests("/flags/")
}

#[test]
fn flags_take_one_request_a_hundred_and_three_environments() {
    // 60 + 1 live and deprecated flags: one page. Two walks are the least that is safe, and
    // archived flags are counted once more after they were walked.
    assert_eq!(flag_requests(60, 5, 2), 2 + 2);
    assert_eq!(flag_requests(60, 5, 3), 2 + 2);
    assert_eq!(flag_requests(60, 5, 6), 2 + 2);
    assert_eq!(flag_requests(60, 5, 7), 3 + 2);
    // 298 flags: each page after the first repeats one row.
    assert_eq!(flag_requests(297, 100, 6), 2 * 3 + 2);
}

#[test]
fn everything_else_takes_one_request_a_list() {
    let size = Size {
        projects: 5,
        environments: 20,
        flags: 2,
        teams: 80,
        maintainers: 25,
        tags: 900,
        ..Size::default()
    };
    let run = Run::new(generated::account(size), Behaviour::default());
    run.extract(&[]);
    assert_eq!(run.requests("/caller-identity"), 1);
    assert_eq!(run.requests("/projects"), 1);
    assert_eq!(run.requests("/tags"), 1);
    assert_eq!(run.requests("/teams"), 1);
}

#[test]
fn environments_beyond_twenty_and_maintainers_beyond_twenty_five_take_one_more_each() {
    let size = Size {
        projects: 2,
        environments: 23,
        flags: 2,
        teams: 3,
        maintainers: 30,
        members: 40,
        ..Size::default()
    };
    let run = Run::new(generated::account(size), Behaviour::default());
    run.extract(&[]);
    assert_eq!(run.requests("/environments"), 2);
    assert_eq!(run.requests("/maintainers"), 3);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM environments"), 46);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM team_maintainers"), 90);
    assert_eq!(run.value::<i64>("SELECT min(maintainer_count) FROM teams"), 30);
}

#[test]
fn every_request_names_the_version_and_the_tool() {
    let run = company();
    run.extract(&[]);
    for request in run.server.requests() {
        assert_eq!(request.api_version.as_deref(), Some("20240415"), "{}", request.path);
        let agent = concat!("flaglake/", env!("CARGO_PKG_VERSION"));
        assert_eq!(request.user_agent.as_deref(), Some(agent));
    }
    assert!(run.server.requests()[0].path.ends_with("/caller-identity"));
}

#[test]
fn two_runs_on_an_unchanged_account_give_the_same_tables() {
    let run = company();
    run.extract(&[]);
    let first = run.tables();
    run.extract(&[]);
    assert_eq!(run.tables(), first);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM extractions"), 2);
}

#[test]
fn rows_that_are_gone_from_the_account_go_from_the_database() {
    let run = company();
    run.extract(&[]);
    let (before, key) = run.server.change(|account| {
        let project = &mut account.projects[0];
        (project.flags.len(), project.flags.remove(0).key)
    });
    run.extract(&[]);
    let project: String = run.server.read(|account| account.projects[0].key.clone());
    let left: i64 =
        run.value(&format!("SELECT count(*) FROM flags WHERE project_key = '{project}'"));
    assert_eq!(left, i64::try_from(before).unwrap() - 1);
    for table in ["flags", "flag_tags", "flag_variations", "flag_environments", "flag_statuses"] {
        let sql = format!(
            "SELECT count(*) FROM {table} WHERE project_key = '{project}' AND flag_key = '{key}'"
        );
        assert_eq!(run.value::<i64>(&sql), 0, "{table}");
    }
}

#[test]
fn selected_projects_are_all_that_is_read() {
    let run = company();
    let keys: Vec<String> =
        run.server.read(|account| account.projects.iter().map(|one| one.key.clone()).collect());
    run.extract(&["--project", &keys[1]]);
    let found = rows(&run.database(), "SELECT project_key FROM projects");
    assert_eq!(found, [format!("{:?}", keys[1])]);
    assert_eq!(run.requests(&format!("/flags/{}", keys[0])), 0);
}

#[test]
fn an_unknown_project_is_a_usage_error_that_suggests_near_names() {
    let run = company();
    let ended = run.run(&["extract", "--error-format", "json", "--project", "storefrnt"]);
    let error = ended.failed(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("`storefront`"), "{error}");
    assert!(!run.path("launchdarkly.db").exists());
}

#[test]
fn skipped_resources_are_not_asked_for_and_keep_their_rows() {
    let run = company();
    run.extract(&[]);
    let tags = run.tables()["tags"].clone();
    run.server.forget_requests();
    run.extract(&["--skip", "tags", "--skip", "teams", "--skip", "flag_statuses"]);
    for part in ["/tags", "/teams", "/flag-statuses/"] {
        assert_eq!(run.requests(part), 0, "{part}");
    }
    assert_eq!(run.tables()["tags"], tags);
    let skipped = rows(
        &run.database(),
        "SELECT resource FROM extraction_resources WHERE outcome = 'skipped' AND is_stale
         ORDER BY 1",
    );
    assert_eq!(skipped, ["\"flag_statuses\"", "\"tags\"", "\"team_maintainers\"", "\"teams\""]);
}

#[test]
fn skipped_tables_lose_the_rows_whose_parents_are_gone() {
    let run = company();
    run.extract(&[]);
    run.server.change(|account| drop(account.projects.remove(0)));
    run.extract(&["--skip", "flag_statuses"]);
    assert!(rows(&run.database(), "PRAGMA foreign_key_check").is_empty());
    assert!(run.value::<i64>("SELECT count(*) FROM flag_statuses") > 0);
}

#[test]
fn plans_without_teams_are_recorded_and_the_run_goes_on() {
    for status in [404, 405] {
        let run = company();
        run.server.behave(|behaviour| {
            behaviour.refused.insert(flaglake::demo::Family::Teams, status);
        });
        let ended = run.extract(&[]);
        assert!(ended.stderr.contains("no teams"), "{}", ended.stderr);
        let sql = "SELECT outcome, http_status FROM extraction_resources WHERE resource = 'teams'";
        assert_eq!(rows(&run.database(), sql), [format!("\"not_available\" | {status}")]);
    }
}

#[test]
fn the_plan_asks_for_projects_only_and_knows_the_number_afterwards() {
    let run = company();
    let ended = run.extract(&["--plan"]);
    assert_eq!(run.requests("/flags/"), 0);
    assert!(ended.stdout.contains("about"), "{}", ended.stdout);
    assert!(!run.path("launchdarkly.db").exists());
    run.extract(&[]);
    run.server.forget_requests();
    let ended = run.extract(&["--plan"]);
    run.server.forget_requests();
    run.extract(&[]);
    let total = format!("total: {} requests", run.server.requests().len());
    assert!(ended.stdout.contains(&total), "{total}\n{}", ended.stdout);
}

#[test]
fn statuses_flag_by_flag_are_the_same_rows() {
    let run = company();
    run.extract(&[]);
    let bulk = run.tables();
    run.extract(&["--flag-status", "per-flag"]);
    assert_eq!(run.tables(), bulk);
}

#[test]
fn a_flag_that_only_some_walks_saw_is_completed() {
    let run = company();
    run.extract(&[]);
    let whole = run.tables();
    // The first walk's page lacks all flags: it looks as if none existed then.
    let empty = Answer::json(200, r#"{"items":[],"totalCount":0,"_links":{}}"#);
    run.server.behave(|behaviour| {
        behaviour.script = vec![Scripted::once("/api/v2/flags/storefront?", empty)]
    });
    run.extract(&[]);
    assert_eq!(run.tables(), whole);
}

/// A project whose one flag takes whatever a test puts into it.
fn hostile() -> Account {
    let mut account = company::account(NOW);
    let values = [
        "9007199254740993",
        "18446744073709551615",
        "1e308",
        "-0.0",
        "null",
        "\"\\u0000\\ud83d\\ude00\"",
        "[[[[{\"a\":[]}]]]]",
    ];
    let deep = format!("{}1{}", "[".repeat(400), "]".repeat(400));
    let mut flag = Flag::new("..x", NOW).with_values(values.into_iter().chain([deep.as_str()]));
    flag.name = "🏁 \u{202e}right to left\" ' \n \u{0} end".into();
    flag.description = Some("d".repeat(10_000));
    flag.tags = vec!["A".into(), "a".into(), String::new()];
    flag.extra = vec![("brandNew".into(), "{\"x\":[1]}".into())];
    let config = FlagEnvironment { config: FlagConfig::on(NOW, 0, 1), status: None };
    let flag = flag.in_environment("Prod", config);
    let twin = Flag::new("..X", NOW).with_values(["true", "false"]);
    let environments = ["Prod", "prod"].map(Environment::new);
    let project = Project::new("case").with_flag(flag).with_flag(twin);
    account.projects = vec![environments.into_iter().fold(project, Project::with_environment)];
    account
}

#[test]
fn values_survive_digit_for_digit() {
    let run = Run::new(hostile(), Behaviour::default());
    run.extract(&[]);
    let sql = "SELECT value FROM flag_variations WHERE flag_key = '..x' ORDER BY variation_index";
    let database = run.database();
    let mut statement = database.prepare(sql).unwrap();
    let values: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(values[..5], ["9007199254740993", "18446744073709551615", "1e308", "-0.0", "null"]);
    assert_eq!(values[5], "\"\\u0000\\ud83d\\ude00\"");
    assert_eq!(values[7].len(), 801);
    let name: String = run.value("SELECT name FROM flags WHERE flag_key = '..x'");
    assert_eq!(name, "🏁 \u{202e}right to left\" ' \n \u{0} end");
    assert_eq!(
        run.value::<i64>("SELECT length(description) FROM flags WHERE flag_key = '..x'"),
        10_000
    );
}

#[test]
fn keys_that_differ_by_case_are_different() {
    let run = Run::new(hostile(), Behaviour::default());
    run.extract(&[]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flags"), 2);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM environments"), 2);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_environments"), 4);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_tags"), 3);
}

#[test]
fn hundreds_of_environments_are_walked_three_at_a_time() {
    let size = Size { projects: 1, environments: 200, flags: 3, ..Size::default() };
    let run = Run::new(generated::account(size), Behaviour::default());
    run.extract(&[]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM environments"), 200);
    let pairs: i64 = run.value("SELECT count(*) * 200 FROM flags WHERE state <> 'archived'");
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_environments"), pairs);
}

#[test]
fn an_empty_account_is_published_as_such() {
    let mut account = company::account(NOW);
    (account.projects, account.teams, account.tags) = (Vec::new(), Vec::new(), Vec::new());
    let run = Run::new(account, Behaviour::default());
    run.extract(&[]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM projects"), 0);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM extractions"), 1);
}

#[test]
fn end_users_keys_are_kept_only_while_they_are_asked_for() {
    let run = company();
    let counted = "SELECT sum(value_count) FROM flag_targets";
    let kept = "SELECT count(*) FROM flag_target_values";
    run.extract(&[]);
    assert!(run.value::<i64>(counted) > 0);
    assert_eq!(run.value::<i64>(kept), 0);
    run.extract(&["--target-values"]);
    assert_eq!(run.value::<i64>(kept), run.value::<i64>(counted));
    run.extract(&[]);
    assert_eq!(run.value::<i64>(kept), 0);
}
