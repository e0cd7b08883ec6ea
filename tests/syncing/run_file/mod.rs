//! `sync run FILE.toml`: several syncs, one summary, the worst exit status.

mod ends;

use serde_json::{Value, json};

use crate::setup::{
    command, members, place, set, sync, sync_without_writes, write, write_events, write_users,
};
use crate::shared::RUN;
use crate::support::{Ended, Run, ended};

const FILE: &str = r#"
state = "nightly.db"

[connection]
retries = 0

[[sync]]
name = "users"
object = "segment"
from = "csv:users.csv"
project = "web"
environment = "production"
segment = "beta"
segment_name = "Beta users"

[[sync]]
name = "definitions"
object = "metrics"
from = "csv:metrics.csv"
project = "web"

[[sync]]
name = "orders"
object = "events"
from = "csv:events.csv"
project = "web"
environment = "production"
id = "id"
"#;

fn filled(file: &str) -> Run {
    let run = place();
    write_users(&run, ["a", "b"]);
    write_events(&run, ["x"]);
    write(&run, "metrics.csv", "key,event_key\nsignup,x\n");
    write(&run, "syncs.toml", file);
    run
}

#[track_caller]
fn all(ended: &Ended) -> Value {
    let line = ended.stdout.lines().last().unwrap_or_else(|| panic!("{}", ended.stderr));
    serde_json::from_str(line).expect(line)
}

/// The outcome of each sync.
fn outcomes(all: &Value) -> Vec<String> {
    let syncs = all["syncs"].as_array().unwrap().iter();
    let pair = |one: &Value| {
        let text = |name: &str| one[name].as_str().unwrap().to_owned();
        format!("{}: {}", text("sync_name"), text("outcome"))
    };
    syncs.map(pair).collect()
}

#[test]
fn all_syncs_of_a_file_run_and_a_second_time_write_nothing() {
    let run = filled(FILE);
    let summary = all(&sync(&run, &RUN, &[]).succeeded());
    assert_eq!(
        outcomes(&summary),
        ["users: succeeded", "definitions: succeeded", "orders: succeeded"]
    );
    assert_eq!(
        (summary["outcome"].as_str(), summary["exit_status"].as_i64()),
        (Some("succeeded"), Some(0))
    );
    assert_eq!((members(&run), run.server.count_events()), (set(["a", "b"]), 1));
    assert_eq!(crate::setup::segment(&run)["name"], "Beta users");
    assert!(run.path("nightly.db").exists() && !run.path("flaglake-sync.db").exists());
    sync_without_writes(&run, &RUN, &[]).succeeded();
}

#[test]
fn names_choose_syncs() {
    let run = filled(FILE);
    let summary = all(&sync(&run, &["run", "syncs.toml", "orders"], &[]).succeeded());
    assert_eq!(outcomes(&summary), ["orders: succeeded"]);
    assert!(members(&run).is_empty());
    let error = sync_without_writes(&run, &["run", "syncs.toml", "order"], &[]).failed(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("`orders`"), "{error}");
}

#[test]
fn a_dry_run_of_a_file_has_the_plan_of_each_sync() {
    let run = filled(&FILE.replace(
        "from = \"csv:metrics.csv\"\nproject = \"web\"",
        "from = \"csv:metrics.csv\"\nproject = \"wbe\"",
    ));
    let ended = sync_without_writes(&run, &RUN, &["--dry-run"]);
    ended.failed(2, "usage");
    assert_eq!(ended.stdout.lines().count(), 1);
    let all = all(&ended);
    assert_eq!(outcomes(&all), ["users: succeeded", "definitions: usage", "orders: succeeded"]);
    assert_eq!(all["exit_status"], 2);
    let counts = |number: usize| all["syncs"][number]["plan"]["counts"].clone();
    assert_eq!([0, 1, 2].map(counts), [json!({"add": 2}), json!(null), json!({"create": 1})]);
    let items = &all["syncs"][0]["plan"]["items"];
    assert_eq!((&items[1]["row_key"], items[2].is_null()), (&json!("b"), true));
}

#[test]
fn a_dry_run_of_a_file_sends_nothing() {
    let run = filled(FILE);
    let summary = all(&sync_without_writes(&run, &RUN, &["--dry-run"]).succeeded());
    let added = summary["syncs"][0]["added"].as_i64();
    assert_eq!((added, summary["syncs"][0]["dry_run"].as_bool()), (Some(2), Some(true)));
    assert!(!run.path("nightly.db").exists());
}

#[test]
fn the_command_line_overrides_the_file() {
    let run = filled(&FILE.replace("retries = 0", "retries = 0\nbase_uri = \"https://192.0.2.1\""));
    let address = run.server.base_uri();
    let more = ["--base-uri", address.as_str(), "--state", "other.db"];
    sync(&run, &RUN, &more).succeeded();
    assert!(run.path("other.db").exists() && !run.path("nightly.db").exists());
}

#[test]
fn variables_are_replaced_and_missing_ones_named() {
    let run = filled(&FILE.replace("\"csv:users.csv\"", "\"csv:${FOLDER}/users.csv\""));
    let missing = sync_without_writes(&run, &RUN, &[]);
    let error = missing.failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("`FOLDER`"), "{error}");
    // The values of those that are set are not shown.
    let both = FILE.replace("\"csv:users.csv\"", "\"csv:${FOLDER}/${MISSING}\"");
    write(&run, "both.toml", both);
    let mut command_of_both = command(&run, &["run", "both.toml"], &[]);
    let failed = ended(command_of_both.env("FOLDER", "hush-hush").output().unwrap());
    let error = failed.failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("`MISSING`"), "{error}");
    assert!(!failed.stderr.contains("hush-hush"), "{error}");
    let mut command = command(&run, &RUN, &[]);
    command.env("FOLDER", run.folder.path());
    ended(command.output().unwrap()).succeeded();
    assert_eq!(members(&run), set(["a", "b"]));
}

#[test]
fn unknown_keys_are_errors_with_suggestions() {
    for (old, new, suggestion) in [
        ("state =", "sate =", "`state`"),
        ("[connection]", "[conection]", "`connection`"),
        ("retries", "retrys", "`retries`"),
        ("id = ", "ids = ", "`id`"),
        ("segment_name", "segmentname", "`segment_name`"),
        ("object = \"metrics\"", "object = \"metric\"", "`metrics`"),
    ] {
        let run = filled(&FILE.replacen(old, new, 1));
        let error = sync_without_writes(&run, &RUN, &[]).failed(2, "usage");
        assert!(error["hint"].as_str().unwrap().contains(suggestion), "{new}: {error}");
    }
}

#[test]
fn other_mistakes_in_the_file_are_errors_too() {
    let twice = format!(
        "{FILE}\n[[sync]]\nname = \"users\"\nobject = \"metrics\"\nproject = \"web\"\nfrom = \"csv:metrics.csv\"\n"
    );
    for text in [
        "",
        "[[sync]]",
        "not toml",
        "sync = 1",
        &FILE.replace("id = \"id\"", "token = \"x\""),
        &FILE.replace("id = \"id\"", "id = \"id\"\nbatch_size = \"many\""),
        &FILE.replace("id = \"id\"", "id = \"id\"\nbase_uri = \"https://192.0.2.1\""),
        &FILE.replace("segment = \"beta\"\n", ""),
        &twice,
    ] {
        let run = filled(text);
        sync_without_writes(&run, &RUN, &[]).failed(2, "usage");
    }
    sync_without_writes(&place(), &RUN, &[]).failed(2, "usage");
}

#[test]
fn lists_and_tables_of_the_file_are_repeated_options() {
    let file = FILE.replace(
        "id = \"id\"",
        "id = \"id\"\nmap = { event_key = \"kind\" }\nset = { metric_value = 2.5 }",
    );
    let run = filled(&file);
    let text = std::fs::read_to_string(run.path("events.csv")).unwrap();
    write(&run, "events.csv", text.replace("event_key", "kind"));
    sync(&run, &RUN, &[]).succeeded();
    assert_eq!(run.server.events()[0].metric_value, Some(2.5));
}

#[test]
fn for_people_each_sync_has_its_summary() {
    let run = filled(FILE);
    let text = run.run(&["sync", "run", "syncs.toml"]).succeeded().stdout;
    for name in ["users: succeeded", "definitions: succeeded", "orders: succeeded"] {
        assert!(text.contains(name), "{text}");
    }
    assert!(run.run(&["sync", "run", "syncs.toml", "--quiet"]).succeeded().stdout.is_empty());
}
