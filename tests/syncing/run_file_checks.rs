//! The file of `sync run` is checked as a whole, and says of each mistake where it is.

use serde_json::Value;

use crate::setup::{place, summary, sync, sync_without_writes, write, write_events, write_users};
use crate::shared::{RUN, USERS};
use crate::support::Run;
use fake_launchdarkly::Answer;

const EVENTS: &str = r#"
[[sync]]
name = "orders"
object = "events"
from = "csv:events.csv"
project = "web"
environment = "production"
"#;

fn filled(file: &str) -> Run {
    let run = place();
    write_users(&run, ["a"]);
    write_events(&run, ["x"]);
    write(&run, "syncs.toml", file);
    run
}

#[test]
fn no_sync_starts_if_the_options_of_one_do_not_fit() {
    let segment = USERS.replace("\"users\"", "\"others\"").replace("beta", "gamma");
    for (second, meant) in [
        (EVENTS.to_owned(), "how is a row told"),
        (format!("{EVENTS}id = \"id\"\nmap = {{ evnt_key = \"id\" }}\n"), "evnt_key"),
        (format!("{EVENTS}id = \"id\"\ntable = \"t\"\n"), "--table"),
        (format!("{EVENTS}id = \"id\"\nquery_file = \"missing.sql\"\n"), "missing.sql"),
        (format!("{EVENTS}id = \"id\"\nrejected = \"events.csv\"\n"), "--rejected"),
        (format!("{segment}limit = 1\n"), "--limit"),
        (format!("{segment}kind = \"synced\"\n"), "--integration-key"),
    ] {
        for names in [&[][..], &["users"]] {
            let run = filled(&format!("{USERS}{second}"));
            let ended = sync_without_writes(&run, &[&RUN[..], names].concat(), &[]);
            let error = ended.failed(2, "usage");
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(meant) && message.contains("the sync `o"), "{message}");
            assert!(run.server.requests().is_empty());
            let object = summary(&ended);
            assert_eq!((&object["outcome"], &object["exit_status"]), (&"usage".into(), &2.into()));
        }
    }
}

#[test]
fn mistakes_in_the_file_are_told_in_words() {
    for (line, words) in [
        ("from = \"csv:users.csv\"", "from = [\"csv:users.csv\"] => takes one value"),
        ("from = \"csv:users.csv\"", "from = { a = \"b\" } => is no text"),
        ("name = \"users\"", "name = \"\" => is empty"),
        ("name = \"users\"", "name = \"a\"\nsync_name = \"b\" => both"),
        ("name = \"users\"", "dry_run = true => command line"),
        ("name = \"users\"", "retries = 1 => belongs in `[connection]`"),
    ] {
        let (new, meant) = words.split_once(" => ").unwrap();
        let run = filled(&USERS.replace(line, new));
        let error = sync_without_writes(&run, &RUN, &[]).failed(2, "usage");
        assert!(error["message"].as_str().unwrap().contains(meant), "{error}");
    }
    let place = "project = \"web\"\nenvironment = \"production\"";
    let of_id = USERS.replace(place, "client_side_id = \"0123456789abcdef01234567\"");
    let run = filled(&of_id.replace("name = \"users\"", ""));
    let error = sync_without_writes(&run, &RUN, &[]).failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("needs a `name`"), "{error}");
}

#[test]
fn an_error_is_printed_once() {
    let run = filled(USERS);
    write_users(&run, [""; 0]);
    let ended = run.run(&["sync", "run", "syncs.toml"]);
    assert_eq!(ended.status, 12);
    assert_eq!(ended.stderr.matches("the source has no rows").count(), 1, "{}", ended.stderr);
    let run = filled(&format!("{USERS}{EVENTS}id = \"id\"\n"));
    write_users(&run, [""; 0]);
    crate::setup::script(&run, crate::setup::EVENTS, 0, Answer::refusal(403));
    let ended = run.run(&["sync", "run", "syncs.toml"]);
    for text in ["users: the source has no rows", "orders: "] {
        let count = ended.stderr.matches(text).count();
        assert_eq!(count, 1, "{text}: {}", ended.stderr);
    }
    assert!(!ended.stderr.lines().any(|line| line.trim() == "hint:"), "{}", ended.stderr);
}

#[test]
fn failed_ones_that_would_repeat_accepted_rows_are_left_out() {
    let run = filled(&format!("{EVENTS}append_all = true\n"));
    let lines = "id,event_key,context_key,occurred_at\nx,x,u,2024-02-03T04:05:06Z\ny,y,u,never\n";
    write(&run, "events.csv", lines);
    sync(&run, &RUN, &[]).failed(11, "rows_rejected");
    let again = sync_without_writes(&run, &RUN, &["--failed"]).succeeded();
    assert!(again.stderr.contains("append_all"), "{}", again.stderr);
    let object: Value = serde_json::from_str(&again.stdout).unwrap();
    assert_eq!(object["syncs"], Value::Array(Vec::new()));
    assert_eq!(run.server.count_events(), 1);
}
