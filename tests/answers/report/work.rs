//! The work list as CSV and as the text of an issue, and whose it is.

use std::collections::{BTreeMap, HashSet};

use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

use crate::report::{change, json, place, report};

/// The records of the CSV, by the names of the columns.
fn csv(folder: &TempDir, more: &[&str]) -> Vec<BTreeMap<String, String>> {
    let arguments = [&["--format", "csv"], more].concat();
    let text = report(folder, &arguments).succeeded().stdout;
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

fn issue(folder: &TempDir, owner: &str) -> String {
    report(folder, &["--format", "issue", "--owner", owner]).succeeded().stdout
}

fn work(folder: &TempDir) -> Vec<Value> {
    json(folder)["work"].as_array().unwrap().clone()
}

fn joined(values: &Value) -> String {
    let texts: Vec<_> = values.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    texts.join("; ")
}

#[test]
fn csv_has_a_record_for_each_flag_of_the_work_list() {
    let folder = place();
    let (records, work) = (csv(&folder, &[]), work(&folder));
    assert_eq!(records.len(), work.len());
    for (record, flag) in records.iter().zip(&work) {
        for key in ["owner", "owner_name", "project_key", "flag_key", "step", "verdict", "value"] {
            assert_eq!(record[key], flag[key].as_str().unwrap_or_default(), "{key}");
        }
        assert_eq!(record["reasons"], joined(&flag["reasons"]));
        assert_eq!(record["repositories"], joined(&flag["repositories"]));
        assert_eq!(record["age_days"], flag["age_days"].to_string());
        let [project, key] = [&record["project_key"], &record["flag_key"]];
        assert!(record["url"].ends_with(&format!("/projects/{project}/flags/{key}")));
        let is_ready = record["step"] == "archive" && record["verdict"] == "safe";
        let command = format!("flaglake flags archive --project {project} {key}");
        assert_eq!(record["command"], if is_ready { command.as_str() } else { "" });
    }
    assert!(records.iter().any(|record| !record["command"].is_empty()));
    let place = "<b>shop</b>: src/<i>cart</i>.rs:3; <b>shop</b>: src/<i>cart</i>.rs:14; ";
    assert!(records.iter().any(|record| record["places"].starts_with(place)));
}

#[test]
fn safe_flags_come_first_and_then_the_oldest() {
    let work = work(&place());
    let rank = |flag: &Value| match flag["verdict"].as_str().unwrap() {
        "safe" => 0,
        "caution" => 1,
        "unknown" => 2,
        _ => 3,
    };
    let owners: Vec<_> = work.chunk_by(|one, next| one["owner"] == next["owner"]).collect();
    let names: HashSet<_> = owners.iter().map(|flags| flags[0]["owner"].to_string()).collect();
    assert_eq!(names.len(), owners.len(), "the flags of an owner stand together");
    for flags in owners {
        let order = |flag: &Value| (rank(flag), -flag["age_days"].as_i64().unwrap());
        assert!(flags.is_sorted_by_key(order), "{flags:?}");
    }
}

#[test]
fn csv_ends_lines_as_the_standard_says_and_holds_no_formula() {
    let folder = place();
    change(&folder, "UPDATE flags SET name = '=1+1' || char(10) || '\"a\", b'");
    let text = report(&folder, &["--format", "csv"]).succeeded().stdout;
    assert!(text.starts_with("owner,owner_name,project_key,flag_key,name,"), "{text}");
    assert_eq!(text.matches("\r\n").count(), work(&folder).len() + 1);
    assert!(text.contains(",\"'=1+1\n\"\"a\"\", b\","), "{text}");
}

#[test]
fn an_owner_is_named_by_key_or_name_in_any_case() {
    let folder = place();
    change(
        &folder,
        "UPDATE scorecards SET subject_name = 'Läst & Groß', scorecard = 'hygiene' WHERE subject = 'team-1'",
    );
    let of = |owner: Option<&str>| {
        work(&folder).iter().filter(|flag| flag["owner"].as_str() == owner).count()
    };
    let team = of(Some("team-1"));
    assert!(team > 0 && of(None) > 0);
    for (name, expected) in [("team-1", team), ("LÄST & GROSS", team), ("nobody", of(None))] {
        assert_eq!(csv(&folder, &["--owner", name]).len(), expected, "{name}");
    }
    assert_eq!(csv(&folder, &["--owner", "PERSON3@example.com"]).len(), of(Some("member-3")));
}

#[test]
fn a_name_of_nobody_is_an_error_that_suggests_others() {
    let folder = place();
    for format in ["csv", "markdown", "issue"] {
        let arguments = ["--format", format, "--owner", "tem-1", "--error-format", "json"];
        let error = report(&folder, &arguments).failed(2, "usage");
        assert_eq!(error["message"], "there is no owner `tem-1`");
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.starts_with("did you mean `team-1` or "), "{hint}");
    }
    let arguments = ["--format", "csv", "--owner", "zzz", "--error-format", "json"];
    let error = report(&folder, &arguments).failed(2, "usage");
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("`person0@example.com`") && hint.ends_with(" more"), "{hint}");
}

#[test]
fn an_owner_with_nothing_to_do_is_told_so() {
    let folder = place();
    change(&folder, "INSERT INTO teams VALUES ('idle', 'Idle team')");
    for name in ["idle", "Idle team"] {
        assert!(csv(&folder, &["--owner", name]).is_empty());
        assert_eq!(issue(&folder, name), "Nothing is ready to be cleaned up.\n");
        let digest = report(&folder, &["--format", "markdown", "--owner", name]).succeeded().stdout;
        assert!(digest.ends_with("Nothing is ready to be cleaned up.\n"), "{digest}");
    }
}

#[test]
fn an_owner_is_refused_where_the_format_has_no_parts_of_owners() {
    let folder = place();
    for (format, hint) in [("html", "report.html#owner="), ("text", "--owner"), ("json", "--owner")]
    {
        let arguments = ["--format", format, "--owner", "team-1", "--error-format", "json"];
        let error = report(&folder, &arguments).failed(2, "usage");
        assert!(error["hint"].as_str().unwrap().contains(hint), "{error}");
    }
    let error =
        report(&folder, &["--format", "issue", "--error-format", "json"]).failed(2, "usage");
    assert_eq!(error["message"], "`--format issue` is for one owner");
}

#[test]
fn an_issue_has_a_task_for_each_flag_of_the_owner() {
    let folder = place();
    let body = issue(&folder, "team-1");
    let work = work(&folder);
    let own: Vec<_> = work.iter().filter(|flag| flag["owner"] == "team-1").collect();
    let tasks: Vec<_> = body.lines().filter(|line| line.starts_with("* [ ] [")).collect();
    assert_eq!(tasks.len(), own.len());
    let of_step = |step: &str| own.iter().filter(|flag| flag["step"] == step).count();
    assert!(body.contains(&format!("## Archive ({})\n", of_step("archive"))), "{body}");
    assert!(body.contains(&format!("## Remove from code ({})\n", of_step("remove_from_code"))));
    let is_safe = |flag: &&&Value| flag["step"] == "archive" && flag["verdict"] == "safe";
    let commands = body.matches("  * Command: `flaglake flags archive --project ").count();
    assert_eq!(commands, own.iter().filter(is_safe).count());
    assert!(body.contains("  * Value that stays: `true`"), "{body}");
    assert!(body.contains("](https://example.com/shop/blob/main/src/cart.rs#L3), `"), "{body}");
    assert!(!body.contains("(javascript:"), "{body}");
}

#[test]
fn an_issue_that_would_be_too_long_says_where_the_rest_is() {
    let folder = place();
    change(
        &folder,
        "UPDATE flags SET maintainer_team_key = 'team-1', maintainer_id = NULL, maintainer_email = NULL",
    );
    let body = issue(&folder, "team-1");
    assert!(body.len() < 32_767, "{}", body.len());
    let shown = body.lines().filter(|line| line.starts_with("* [ ] [")).count();
    let more = work(&folder).len() - shown;
    assert!(shown > 10 && more > 10);
    let rest = format!(
        "And {more} more, for which there is no room here: `flaglake report --format csv --owner team-1`\n"
    );
    assert!(body.ends_with(&rest), "{body}");
}

#[test]
fn a_digest_of_all_owners_has_the_first_flags_of_each() {
    let folder = place();
    change(
        &folder,
        "UPDATE flags SET maintainer_team_key = 'team-1', maintainer_id = NULL, maintainer_email = NULL",
    );
    let digest = |more: &[&str]| {
        report(&folder, &[&["--format", "markdown"], more].concat()).succeeded().stdout
    };
    let flags = |text: &str| text.lines().filter(|line| line.starts_with("| [")).count();
    let (all, work) = (digest(&[]), work(&folder).len());
    assert_eq!(flags(&all), 25);
    let more = work - 25;
    let rest = format!("And {more} more: `flaglake report --format markdown --owner team-1`\n");
    assert!(all.contains(&rest), "{all}");
    assert_eq!(flags(&digest(&["--owner", "team-1"])), work);
}

#[test]
fn only_formats_with_lists_read_them() {
    let folder = place();
    change(&folder, "DROP TABLE blast_radius; CREATE VIEW blast_radius AS SELECT 1 AS mine");
    for format in ["text", "csv", "markdown"] {
        report(&folder, &["--format", format]).succeeded();
    }
    for format in ["html", "json"] {
        let arguments = ["--format", format, "--error-format", "json"];
        let error = report(&folder, &arguments).failed(8, "output_failed");
        assert!(error["hint"].as_str().unwrap().contains("rename"), "{error}");
    }
}

#[test]
fn a_large_value_is_whole_only_in_csv_and_json() {
    let folder = place();
    let value = format!("\"{}\"", "x".repeat(5_000));
    change(&folder, &format!("UPDATE forward_values SET value = '{value}'"));
    assert_eq!(csv(&folder, &[])[0]["value"], value);
    assert_eq!(work(&folder)[0]["value"], value.as_str());
    let short = format!("`{}…`", &value[..200]);
    assert!(issue(&folder, "team-1").contains(&format!("  * Value that stays: {short}")));
    let digest = report(&folder, &["--format", "markdown"]).succeeded().stdout;
    assert!(digest.contains(&format!("| {short} |")));
}

#[test]
fn the_digest_of_an_owner_has_what_happened_to_the_flags_of_this_owner() {
    let folder = place();
    let digest = |since: &str| {
        let arguments = ["--format", "markdown", "--owner", "team-1", "--since", since];
        report(&folder, &arguments).succeeded().stdout
    };
    let created = |days: u32| -> i64 {
        let sql = format!(
            "SELECT count(*) FROM flags WHERE maintainer_team_key = 'team-1'
             AND created_at >= strftime('%Y-%m-%dT%H:%M:%fZ', '2026-11-20T02:00:00', '-{days} days')"
        );
        let connection = Connection::open(folder.path().join("launchdarkly.db")).unwrap();
        connection.query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    assert!(created(300) > created(30));
    for days in [30, 300] {
        let text = digest(&format!("{days}d"));
        assert!(text.contains(&format!("* Created ({}): ", created(days))), "{text}");
    }
}

#[test]
fn markdown_has_values_as_they_are_and_no_character_that_is_not_seen() {
    let folder = place();
    change(
        &folder,
        "UPDATE forward_values SET value = '\"a`b|c\"';
         UPDATE flags SET name = 'a' || char(8238) || 'b'",
    );
    let digest = report(&folder, &["--format", "markdown"]).succeeded().stdout;
    assert!(digest.contains("| ``\"a`b\\|c\"`` |"), "{digest}");
    assert!(digest.contains("1. Next: "), "{digest}");
    let body = issue(&folder, "team-1");
    assert!(body.contains("  * Value that stays: ``\"a`b|c\"``"), "{body}");
    assert!(body.contains("(a\\\\u{202e}b)") && !body.contains('\u{202e}'), "{body}");
}
