//! The targets of figures follow the thresholds.

use serde_json::{Value, json};

use crate::support::Run;
use fake_launchdarkly::{Behaviour, company};

/// The figure with its target, where a threshold has this value.
fn figure(run: &Run, id: &str, threshold: &str, value: f64) -> Value {
    let sql = "UPDATE scorecard_thresholds SET value = ?1 WHERE threshold = ?2";
    run.database().execute(sql, (value, threshold)).unwrap();
    let text = run.run(&["report", "--format", "json"]).succeeded().stdout;
    let report: Value = serde_json::from_str(&text).unwrap();
    let figures = report["headline"].as_array().unwrap();
    figures.iter().find(|figure| figure["id"] == id).unwrap().clone()
}

#[test]
fn a_target_is_a_share_of_the_flags_that_a_scorecard_counts() {
    let run =
        Run::new(company::account(jiff::Timestamp::now().as_millisecond()), Behaviour::default());
    run.extract(&[]);
    run.database()
        .execute_batch("INSERT INTO scorecard_settings VALUES ('exempt_tags', '', 0, 'payments')")
        .unwrap();
    // Settings count from the next run on.
    run.extract(&[]);
    let judged = "state <> 'archived' AND (project_key, flag_key) NOT IN (
        SELECT project_key, flag_key FROM flag_tags WHERE tag = 'payments')";
    let count = |condition: &str| -> i64 {
        run.value(&format!("SELECT count(*) FROM flags WHERE {judged} AND {condition}"))
    };
    let (temporary, live) = (count("temporary"), count("state = 'live'"));
    assert!(count("TRUE") < run.value("SELECT count(*) FROM flags WHERE state <> 'archived'"));
    for (percent, is_met) in [(0.0, json!(false)), (50.0, Value::Null), (100.0, json!(true))] {
        let stale = figure(&run, "stale_flags", "stale_percentage_warn", percent);
        assert_eq!(stale["target"]["most"], json!(temporary * percent as i64 / 100), "{stale}");
        assert_eq!(stale["target"]["is_met"], is_met, "{stale}");
    }
    // Both stages count together: neither alone is above the target.
    let ready = figure(&run, "ready_for_code_removal", "removal_backlog_warn", 20.0);
    let other = figure(&run, "ready_to_archive", "removal_backlog_warn", 20.0);
    let (one, both) = (ready["value"].as_i64().unwrap(), live * 20 / 100);
    assert_eq!(ready["target"]["most"], json!(both));
    assert_eq!(ready["target"]["is_met"], other["target"]["is_met"]);
    assert_eq!(
        ready["target"]["is_met"] == json!(false),
        one + other["value"].as_i64().unwrap() > both
    );
}
