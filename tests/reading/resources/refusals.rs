//! A refused resource is recorded, and the run continues without it.

use fake_launchdarkly::{Answer, Family, Scripted};

use crate::resources::{company, outcome};
use crate::support::rows;

#[test]
fn a_refused_resource_is_recorded_and_keeps_its_rows() {
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
        assert_eq!(
            ended.stderr.matches("extractions go on without").count(),
            2,
            "{}",
            ended.stderr
        );
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
fn a_resource_refused_in_one_environment_is_read_in_others() {
    let run = company();
    run.extract(&["--resources", "segments"]);
    let sql = "SELECT project_key, environment_key, segment_key FROM segments ORDER BY 1, 2, 3";
    let before = rows(&run.database(), sql);
    let refused = |path: &str| Scripted::once(path, Answer::refusal(403)).times(99);
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
    // In other environments, deleted rows are deleted.
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
fn what_a_server_refuses_to_expand_is_left_out_in_every_project() {
    let run = company();
    // The first of many projects at once are all answered 400.
    let refused = Scripted::once("/api/v2/flags/", Answer::refusal(400)).times(999);
    run.server.behave(|behaviour| behaviour.script = vec![refused.query("archiveChecks")]);
    run.extract(&["--resources", "core"]);
    assert_eq!(outcome(&run, "flags"), [r#""complete" | NULL | 0 | 1"#]);
    let refused =
        |path: &str, text: &str| Scripted::once(path, Answer::refusal(400)).times(999).query(text);
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
    let refused = Scripted::once("/api/v2/tokens", Answer::refusal(400)).times(999);
    run.server.behave(|behaviour| behaviour.script = vec![refused.query("showAll")]);
    let arguments = ["extract", "--resources", "access_tokens", "--error-format", "json"];
    let error = run.run(&arguments).failed(7, "unexpected_response");
    assert_eq!(error["resource"], "access_tokens");
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
