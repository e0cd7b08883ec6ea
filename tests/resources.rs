//! Resources beyond the core: groups, refusals, stale rows, beta endpoints, request counts.

mod support;

use std::collections::BTreeMap;

use flaglake::demo::account::{Account, Environment, Project};
use flaglake::demo::{Answer, Behaviour, Family, Scripted, company};
use flaglake::resource::{Group, Level, Paging};
use flaglake::resources::{self, LISTS};
use rusqlite::Connection;
use support::{Run, rows};

const NOW: i64 = 1_790_000_000_000;

fn company() -> Run {
    Run::new(company::account(NOW), Behaviour::default())
}

/// Outcome, status and staleness of a resource in the newest extraction.
fn outcome(run: &Run, resource: &str) -> Vec<String> {
    let sql = format!(
        "SELECT DISTINCT outcome, http_status, is_stale, rows_read_at IS NOT NULL
         FROM extraction_resources WHERE resource = '{resource}' AND extraction_id =
             (SELECT extraction_id FROM extractions ORDER BY started_at DESC LIMIT 1) ORDER BY 1"
    );
    rows(&run.database(), &sql)
}

#[test]
fn a_run_that_names_nothing_reads_core_and_default() {
    let run = company();
    let mut command = run.command(&["extract"]);
    let ended = support::ended(command.env_remove("FLAGLAKE_RESOURCES").output().unwrap());
    ended.succeeded();
    for resource in resources::ALL {
        let complete = outcome(&run, resource.name()).iter().all(|row| row.contains("complete"));
        assert_eq!(complete, resource.group() <= Group::Default, "{}", resource.name());
    }
}

#[test]
fn names_bring_what_they_need_and_skip_takes_it_along() {
    let run = company();
    run.extract(&["--resources", "flag_statuses"]);
    assert!(run.value::<i64>("SELECT count(*) FROM flags") > 0);
    assert_eq!(run.requests("/tags"), 0);
    run.extract(&["--resources", "core", "--skip", "flags"]);
    assert_eq!(outcome(&run, "flag_statuses"), [r#""skipped" | NULL | 1 | 1"#]);
}

#[test]
fn an_unknown_resource_is_refused_with_a_likely_one() {
    let run = company();
    let arguments = ["extract", "--resources", "segmnts", "--error-format", "json"];
    let error = run.run(&arguments).failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("`segments`"), "{error}");
    let arguments = ["extract", "--skip", "projects", "--error-format", "json"];
    let error = run.run(&arguments).failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("everything else needs it"), "{error}");
}

#[test]
fn what_is_refused_is_recorded_and_warned_of_once_and_its_rows_stay() {
    for (status, code) in [
        (401, "invalid_permissions"),
        (403, "invalid_permissions"),
        (404, "not_available"),
        (405, "not_available"),
    ] {
        let run = company();
        run.extract(&["--resources", "core,members,segments"]);
        let count = |table: &str| run.value::<i64>(&format!("SELECT count(*) FROM {table}"));
        let before = (count("members"), count("team_members"), count("segments"));
        assert!(before.0 > 0 && before.1 > 0 && before.2 > 0);
        let refused = [(Family::Members, status), (Family::Segments, status)];
        run.server.behave(|behaviour| behaviour.refused.extend(refused));
        let ended = run.extract(&["--resources", "core,members,segments"]);
        assert_eq!(ended.stderr.matches("Going on without").count(), 2, "{}", ended.stderr);
        assert_eq!((count("members"), count("team_members"), count("segments")), before);
        let expected = format!("\"{code}\" | {status} | 1 | 1");
        for resource in ["members", "segments"] {
            assert_eq!(outcome(&run, resource), std::slice::from_ref(&expected));
        }
        let sql = "SELECT count(DISTINCT rows_read_at) FROM extraction_resources
                   WHERE resource = 'members'";
        assert_eq!(run.value::<i64>(sql), 1, "the rows are still those of the first run");
    }
}

#[test]
fn what_was_never_read_is_not_stale_and_has_no_parquet_file() {
    let run = company();
    run.server.behave(|behaviour| behaviour.refused.extend([(Family::Members, 403)]));
    run.extract(&["--resources", "core,members"]);
    assert_eq!(outcome(&run, "members"), [r#""invalid_permissions" | 403 | 0 | 0"#]);
    run.extract(&["--resources", "core,members", "--output", "parquet:lake"]);
    assert!(!run.path("lake/members").exists() && !run.path("lake/team_members").exists());
    assert!(run.path("lake/flags").exists());
}

#[test]
fn strict_ends_the_run_and_nothing_is_published() {
    for (status, exit, code) in [(403, 4, "invalid_permissions"), (404, 7, "unexpected_response")] {
        let run = company();
        run.server.behave(|behaviour| behaviour.refused.extend([(Family::Members, status)]));
        let arguments =
            ["extract", "--resources", "core,members", "--strict", "--error-format", "json"];
        let error = run.run(&arguments).failed(exit, code);
        assert_eq!(error["resource"], "members");
        assert!(!run.path("launchdarkly.db").exists());
    }
}

#[test]
fn a_resource_that_one_environment_refuses_is_read_in_the_others() {
    let run = company();
    run.extract(&["--resources", "segments"]);
    let sql = "SELECT project_key, environment_key, segment_key FROM segments ORDER BY 1, 2, 3";
    let before = rows(&run.database(), sql);
    let refused = |path: &str| Scripted::once(path, Answer::json(403, "{}")).times(99);
    run.server.behave(|behaviour| {
        behaviour.script = vec![refused("/api/v2/segments/storefront/production")];
    });
    run.extract(&["--resources", "segments"]);
    assert_eq!(rows(&run.database(), sql), before, "the rows of the refused one stay");
    let sql = "SELECT scope FROM extraction_resources WHERE resource = 'segments' AND is_stale";
    let stale = rows(&run.database(), sql);
    assert!(stale.contains(&"\"storefront/production\"".to_owned()), "{stale:?}");
    let complete = outcome(&run, "segments");
    assert_eq!(complete.len(), 2, "{complete:?}");
    // Elsewhere, rows that are gone go.
    run.server.change(|account| {
        let key = |environment: &str| {
            (Family::Segments, vec!["storefront".to_owned(), environment.to_owned()])
        };
        account.lists.insert(key("production"), Vec::new());
        account.lists.insert(key("staging"), Vec::new());
    });
    run.extract(&["--resources", "segments"]);
    let count = |environment: &str| {
        run.value::<i64>(&format!(
            "SELECT count(*) FROM segments
             WHERE project_key = 'storefront' AND environment_key = '{environment}'"
        ))
    };
    assert!(count("production") > 0 && count("staging") == 0);
}

#[test]
fn only_endpoints_in_beta_are_asked_for_their_beta() {
    let run = company();
    run.extract(&["--resources", "all"]);
    let mut versions = BTreeMap::<bool, usize>::new();
    for request in run.server.requests() {
        let path = request.path.trim_start_matches("/api/v2");
        let is_beta = ["/applications", "/metric-groups", "/release-pipelines", "/views"]
            .iter()
            .any(|part| path.contains(part))
            || path.starts_with("/integration-capabilities/");
        let version = request.api_version.as_deref();
        assert_eq!(version == Some("beta"), is_beta, "{path}");
        assert!(is_beta || version == Some("20240415"), "{path}");
        *versions.entry(is_beta).or_default() += 1;
    }
    assert_eq!(versions.len(), 2);
}

#[test]
fn every_list_takes_one_request_a_scope_and_page() {
    let run = company();
    run.extract(&["--resources", "all"]);
    let sql = "SELECT (SELECT count(*) FROM teams), (SELECT count(*) FROM projects),
               (SELECT count(*) FROM environments)";
    let scopes: [i64; 3] = run
        .database()
        .query_row(sql, [], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))
        .unwrap();
    for list in LISTS {
        let requests: i64 = run.value(&format!(
            "SELECT sum(requests) FROM extraction_resources WHERE resource = '{}'",
            list.name()
        ));
        let expected = match list.level() {
            Level::Account => 1,
            Level::Team => scopes[0],
            Level::Project => scopes[1],
            Level::Environment => scopes[2],
        };
        assert_eq!(requests, expected, "{}", list.name());
    }
}

#[test]
fn launchdarklys_own_verdict_is_asked_for_and_kept() {
    let run = company();
    run.extract(&["--resources", "flags"]);
    let verdicts = "SELECT sum(ld_ready_for_code_removal), sum(ld_ready_to_archive),
                           sum(ld_ready_to_archive IS NULL) FROM flags";
    let row = |row: &rusqlite::Row<'_>| Ok([row.get(0)?, row.get(1)?, row.get(2)?]);
    let counts: [i64; 3] = run.database().query_row(verdicts, [], row).unwrap();
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
}

#[test]
fn lists_are_whole_whatever_the_server_does_with_pages() {
    let run = company();
    run.extract(&["--resources", "all", "--skip", "audit_log"]);
    let wanted = all(&run.database());
    let paged = LISTS.iter().filter(|list| matches!(list.paging(), Paging::Offset(_)));
    assert!(paged.count() > 5);
    let behaviours: [fn(&mut Behaviour); 4] = [
        |behaviour| behaviour.omit_total_count = true,
        |behaviour| behaviour.omit_page_links = true,
        |behaviour| behaviour.ignore_limit = true,
        |behaviour| behaviour.over_limit = flaglake::demo::OverLimit::Reject,
    ];
    for (index, change) in behaviours.iter().enumerate() {
        run.server.behave(|behaviour| {
            *behaviour = Behaviour::default();
            for family in [Family::Members, Family::Segments, Family::Metrics, Family::Roles] {
                behaviour.maximum.insert(family, 10);
            }
            change(behaviour);
        });
        run.extract(&["--resources", "all", "--skip", "audit_log"]);
        assert!(all(&run.database()) == wanted, "behaviour {index}");
    }
}

/// Every row of every table but those that tell of the run.
fn all(database: &Connection) -> support::Tables {
    support::tables_of(database, resources::tables())
}

#[test]
fn both_outputs_hold_the_same_rows_of_every_resource() {
    let run = company();
    run.extract(&["--resources", "all", "--target-values"]);
    run.extract(&["--resources", "all", "--target-values", "--output", "parquet:lake"]);
    let (sqlite, parquet) = (all(&run.database()), support::lake::tables(&run.path("lake")));
    // The list of segments says only of some servers which flags use them.
    assert_eq!(empty(&sqlite), ["segment_flags"]);
    for (table, rows) in sqlite {
        assert_eq!(parquet[&table], rows, "{table}");
    }
}

/// The tables beyond the core that the demo account leaves empty.
fn empty(tables: &support::Tables) -> Vec<&str> {
    let lists = LISTS.iter().flat_map(|list| list.tables());
    let names: Vec<_> = lists.map(|table| table.name).collect();
    let empty =
        tables.iter().filter(|(table, rows)| rows.is_empty() && names.contains(&table.as_str()));
    empty.map(|(table, _)| table.as_str()).collect()
}

#[test]
fn an_account_with_nothing_in_it_has_every_table() {
    let project = Project::new("p").with_environment(Environment::new("e"));
    let run = Run::new(Account::new(NOW).with_project(project), Behaviour::default());
    run.extract(&["--resources", "all", "--strict"]);
    let outcomes = rows(&run.database(), "SELECT DISTINCT outcome FROM extraction_resources");
    assert_eq!(outcomes, ["\"complete\""]);
}

#[test]
fn the_list_of_resources_names_all_of_them_for_people_and_programs() {
    let run = company();
    let text = run.run(&["resources"]).succeeded().stdout;
    let json = run.run(&["resources", "--format", "json"]).succeeded().stdout;
    let json: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(json.len(), resources::ALL.len());
    for (resource, value) in resources::ALL.iter().zip(json) {
        assert!(text.contains(resource.name()), "{}", resource.name());
        assert_eq!(value["endpoint"], resource.path());
        assert!(!resource.requests().is_empty(), "{}", resource.name());
    }
    assert!(run.server.requests().is_empty());
}

#[test]
fn the_policy_grants_what_is_documented_and_names_the_rest() {
    let run = company();
    let ended = run.run(&["check", "--print-policy", "--resources", "all"]).succeeded();
    let policy: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(
        policy,
        serde_json::json!([
            {"effect": "allow", "resources": ["proj/*"], "actions": ["viewProject"]},
            {"effect": "allow", "resources": ["team/*"], "actions": ["viewTeam"]},
        ])
    );
    assert!(
        ended.stderr.contains("members") && ended.stderr.contains("Reader"),
        "{}",
        ended.stderr
    );
    let ended = run.run(&["check", "--print-policy", "--resources", "flags"]).succeeded();
    assert!(!ended.stdout.contains("viewTeam") && ended.stderr.is_empty());
    assert!(run.server.requests().is_empty(), "nothing is sent");
}

#[test]
fn check_looks_at_every_resource_that_is_wanted() {
    let run = company();
    let ended = run.run(&["check", "--resources", "all"]).succeeded();
    for resource in resources::ALL {
        let line = ended
            .stdout
            .lines()
            .find(|line| line.split_whitespace().nth(1) == Some(resource.name()));
        assert!(line.is_some_and(|line| line.starts_with("ok ")), "{}: {line:?}", resource.name());
    }
    run.server.behave(|behaviour| behaviour.refused.extend([(Family::Webhooks, 403)]));
    let ended = run.run(&["check", "--resources", "webhooks"]).succeeded();
    assert!(ended.stdout.contains("extractions go on without"), "{}", ended.stdout);
    let arguments = ["check", "--resources", "webhooks", "--strict", "--error-format", "json"];
    run.run(&arguments).failed(4, "invalid_permissions");
}

#[test]
fn what_a_server_refuses_to_expand_is_left_out_in_every_project() {
    let run = company();
    // The first of many projects at once are all answered 400.
    let refused = Scripted::once("/api/v2/flags/", Answer::json(400, "{}")).times(999);
    run.server.behave(|behaviour| behaviour.script = vec![refused.query("archiveChecks")]);
    run.extract(&["--resources", "core"]);
    assert_eq!(outcome(&run, "flags"), [r#""complete" | NULL | 0 | 1"#]);
    let refused = |path: &str, text: &str| {
        Scripted::once(path, Answer::json(400, "{}")).times(999).query(text)
    };
    let script = vec![refused("/api/v2/members", "expand"), refused("/api/v2/segments/", "sort")];
    run.server.behave(|behaviour| behaviour.script = script);
    run.extract(&["--resources", "members,segments"]);
    assert_eq!(outcome(&run, "segments"), [r#""complete" | NULL | 0 | 1"#]);
    // One at a time: all but the first are asked without at once, and say so as well.
    let one = ["--concurrency", "1", "--resources", "members,segments", "--project", "storefront"];
    run.extract(&one);
    let sql = "SELECT count(*), count(detail) FROM extraction_resources
               WHERE resource = 'segments' AND outcome = 'complete' AND extraction_id =
                   (SELECT max(extraction_id) FROM extractions)";
    assert_eq!(rows(&run.database(), sql), ["6 | 6"]);
    let sql = "SELECT count(*) FROM extraction_resources WHERE resource IN ('members', 'segments')
               AND outcome = 'complete' AND detail LIKE '%expand or sort%'";
    assert!(run.value::<i64>(sql) > 1, "it is recorded");
}

#[test]
fn a_parameter_that_decides_which_items_come_is_not_left_out() {
    let run = company();
    let refused = Scripted::once("/api/v2/tokens", Answer::json(400, "{}")).times(999);
    run.server.behave(|behaviour| behaviour.script = vec![refused.query("showAll")]);
    let arguments = ["extract", "--resources", "access_tokens", "--error-format", "json"];
    let error = run.run(&arguments).failed(7, "unexpected_response");
    assert_eq!(error["resource"], "access_tokens");
}

#[test]
fn a_list_that_is_documented_whole_is_read_whole_when_it_comes_in_pages() {
    let run = company();
    let webhook = |id: usize| format!(r#"{{"_id":"{id}","on":true,"url":"https://x.example"}}"#);
    let page = |ids: [usize; 2], next: &str| {
        let items = ids.map(webhook).join(",");
        Answer::json(200, format!(r#"{{"_links":{{{next}}},"items":[{items}]}}"#))
    };
    let next = r#""next":{"href":"/api/v2/webhooks?offset=2"}"#;
    let script = vec![
        Scripted::once("/api/v2/webhooks", page([3, 4], "")).query("offset=2").times(9),
        Scripted::once("/api/v2/webhooks", page([1, 2], next)).times(9),
    ];
    run.server.behave(|behaviour| behaviour.script = script);
    run.extract(&["--resources", "webhooks"]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM webhooks"), 4);
}

#[test]
fn no_words_of_the_server_are_kept_of_a_refusal() {
    let run = company();
    let words = r#"{"code":"not_found","message":"ada@shop.example may not"}"#;
    let script = vec![Scripted::once("/api/v2/members", Answer::json(404, words)).times(9)];
    run.server.behave(|behaviour| behaviour.script = script);
    let ended = run.extract(&["--resources", "members", "--personal-data", "drop"]);
    assert!(!ended.stderr.contains("ada@"), "{}", ended.stderr);
    let detail: String =
        run.value("SELECT detail FROM extraction_resources WHERE resource = 'members'");
    assert_eq!(detail, "LaunchDarkly answered 404");
}

#[test]
fn a_database_of_an_earlier_version_is_brought_up_to_date_with_its_history_and_views() {
    let run = company();
    run.extract(&["--resources", "core"]);
    let database = run.database();
    support::drop_views(&database);
    database
        .execute_batch(
            "CREATE VIEW my_flags AS SELECT flag_key, state FROM flags;
             ALTER TABLE flags DROP COLUMN ld_ready_to_archive;
             ALTER TABLE extractions DROP COLUMN personal_data;
             ALTER TABLE extraction_resources DROP COLUMN is_stale;
             ALTER TABLE extraction_resources DROP COLUMN rows_read_at;
             DROP TABLE members; DROP TABLE team_members;
             PRAGMA user_version = 1;",
        )
        .unwrap();
    drop(database);
    run.extract(&["--resources", "core", "--skip", "flag_statuses"]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM extractions"), 2);
    assert!(run.value::<i64>("SELECT count(*) FROM my_flags") > 100);
    assert_eq!(outcome(&run, "flag_statuses"), [r#""skipped" | NULL | 1 | 1"#]);
    assert_eq!(run.value::<i64>("PRAGMA user_version"), flaglake::catalog::SCHEMA_VERSION);
}
