//! The section `[scorecards]` of the configuration file, in each destination.

use std::process::Command;

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::generated::{self, Size};
use serde_json::Value;

use crate::support::{Run, rows};

const FILE: &str = "[scorecards]
critical_environments = ['*']
exempt_tags = ['tag-00*']
thresholds.flag_lifetime = 400
[scorecards.projects.project-001]
thresholds.flag_lifetime = 7
";

fn account() -> Run {
    let size = Size { projects: 2, environments: 2, flags: 12, tags: 4, ..Size::default() };
    let run = Run::new(generated::account(size), Behaviour::default());
    std::fs::write(run.path("flaglake.toml"), FILE).unwrap();
    run
}

#[test]
fn the_file_decides_and_what_it_leaves_out_is_as_by_default() {
    let run = account();
    run.extract(&[]);
    run.database()
        .execute_batch("UPDATE scorecard_thresholds SET value = 99 WHERE threshold = 'inactive'")
        .unwrap();
    let values = "SELECT threshold, value FROM scorecard_thresholds
                  WHERE threshold IN ('inactive', 'flag_lifetime') ORDER BY 1";
    run.extract(&[]);
    assert_eq!(rows(&run.database(), values), ["\"flag_lifetime\" | 90", "\"inactive\" | 99"]);
    run.extract(&["--config", "flaglake.toml"]);
    assert_eq!(rows(&run.database(), values), ["\"flag_lifetime\" | 400", "\"inactive\" | 30"]);
    let own = "SELECT project_key, value FROM project_thresholds WHERE is_own";
    assert_eq!(rows(&run.database(), own), ["\"project-001\" | 7"]);
    assert!(run.value::<i64>("SELECT count(*) FROM critical_environments WHERE NOT is_marked") > 0);
    // Without the file, they stay.
    run.extract(&[]);
    assert_eq!(rows(&run.database(), own), ["\"project-001\" | 7"]);
    std::fs::write(run.path("flaglake.toml"), "[scorecards]").unwrap();
    run.extract(&["--config", "flaglake.toml"]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM scorecard_settings"), 0);
}

#[test]
fn each_extraction_records_what_was_in_force() {
    let run = account();
    run.extract(&[]);
    run.extract(&["--config", "flaglake.toml"]);
    let sql =
        "SELECT project_key, value FROM extraction_settings JOIN extractions USING (extraction_id)
               WHERE setting = 'flag_lifetime' ORDER BY extraction_id, project_key";
    assert_eq!(
        rows(&run.database(), sql),
        ["\"\" | \"90\"", "\"\" | \"400\"", "\"project-001\" | \"7\""]
    );
}

#[test]
fn a_wrong_file_ends_the_run_before_anything_is_read() {
    let run = account();
    std::fs::write(run.path("flaglake.toml"), "[scorecards]\nteam_rul = 'most_flags'").unwrap();
    let ended = run.run(&["extract", "--config", "flaglake.toml", "--error-format", "json"]);
    let error = ended.failed(2, "usage");
    assert!(error["hint"].as_str().unwrap_or_default().contains("team_rule"), "{error}");
    assert!(run.server.requests().is_empty());
}

#[test]
fn a_misspelled_project_is_a_warning() {
    let run = account();
    assert!(!run.extract(&["--config", "flaglake.toml"]).stderr.contains("no project"));
    let file = "[scorecards.projects.project-0O1.thresholds]\nflag_lifetime = 7";
    std::fs::write(run.path("flaglake.toml"), file).unwrap();
    let warned = run.extract(&["--config", "flaglake.toml"]).stderr;
    assert!(warned.contains("no project `project-0O1`; did you mean `project-001`?"), "{warned}");
    let selected = ["--config", "flaglake.toml", "--project", "project-000"];
    assert!(!run.extract(&selected).stderr.contains("no project"));
}

#[test]
fn the_summary_counts_what_was_in_force() {
    let run = account();
    let shown = run.extract(&["--config", "flaglake.toml", "--verbose"]).stdout;
    let recorded: i64 = run.value("SELECT count(*) FROM extraction_settings");
    let line = shown.lines().find(|line| line.contains("extraction_settings")).unwrap();
    assert!(line.ends_with(&format!(" {recorded} ")), "{line}: {recorded}");
}

/// The scorecards of an output, as Python reads them.
fn scorecards(run: &Run, sql: &str) -> Vec<Value> {
    let script = "import duckdb, json, sys
rows = duckdb.sql(sys.argv[1]).fetchall()
print(json.dumps([list(row) for row in rows]))";
    let output = Command::new("python3")
        .args(["-c", script, sql])
        .current_dir(run.path("."))
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

#[test]
fn settings_give_the_same_scorecards_in_sqlite_and_parquet() {
    let run = account();
    run.extract(&["--config", "flaglake.toml"]);
    run.extract(&["--config", "flaglake.toml", "--output", "parquet:lake"]);
    let parquet = scorecards(
        &run,
        "SELECT scorecard, subject_kind, subject, status, total, counted FROM 'lake/scorecards/*/*/*.parquet'
         ORDER BY 1, 2, 3",
    );
    if parquet.is_empty() {
        eprintln!("skipped: python3 with duckdb is not installed");
        return;
    }
    let sql = "SELECT json_array(scorecard, subject_kind, subject, status, total, counted) FROM scorecards
               ORDER BY scorecard, subject_kind, subject";
    let database = run.database();
    let mut statement = database.prepare(sql).unwrap();
    let sqlite = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let sqlite: Vec<Value> =
        sqlite.map(|row| serde_json::from_str(&row.unwrap()).unwrap()).collect();
    assert_eq!(parquet, sqlite);
    assert!(sqlite.len() > 20);
}
