//! Names and addresses of people: kept, hashed or dropped, in every table of both outputs.

use std::fs;
use std::path::Path;

use crate::support::{Ended, Run, ended};
use fake_launchdarkly::{Behaviour, company};
use flaglake::model::privacy::Privacy;

const NOW: i64 = 1_790_000_000_000;
const KEY: &str = "a key that is long enough for anybody";

fn company() -> Run {
    Run::new(company::account(NOW), Behaviour::default())
}

/// Every address, first name and last name of the account.
fn people(run: &Run) -> Vec<String> {
    let mut people = Vec::new();
    run.server.read(|account| {
        for member in &account.members {
            people.push(member.email.clone());
            people.extend(member.first_name.clone());
            people.extend(member.last_name.clone());
        }
    });
    assert!(people.len() > 40);
    people
}

fn extract(run: &Run, mode: &str, more: &[&str]) -> Ended {
    let mut command = run.command(&["extract", "--resources", "all", "--personal-data", mode]);
    command.args(more).env("FLAGLAKE_PERSONAL_DATA_KEY", KEY);
    ended(command.output().unwrap()).succeeded()
}

/// Where in a database a text of `people` is: `table.column`.
fn places(path: &Path, people: &[String]) -> Vec<String> {
    let database = rusqlite::Connection::open(path).unwrap();
    let mut places = Vec::new();
    let kept = flaglake::catalog::kept().into_iter();
    // The other kept tables (thresholds, daily figures) have no columns with personal data.
    let kept = kept.filter(|table| table.name.ends_with("_history"));
    for table in flaglake::catalog::tables().into_iter().chain(kept) {
        for column in &table.columns {
            let sql = format!("SELECT DISTINCT {} FROM {}", column.name, table.name);
            let cells = crate::support::rows(&database, &sql);
            // A name is a word of its own: `Ada` is no part of `adapter`.
            let has = |cell: &String| people.iter().any(|text| mentions(cell, text));
            if let Some(cell) = cells.iter().find(|cell| has(cell)) {
                places.push(format!("{}.{}: {cell}", table.name, column.name));
            }
        }
    }
    places
}

fn mentions(cell: &str, text: &str) -> bool {
    let is_word = |character: Option<char>| character.is_none_or(|one| !one.is_alphanumeric());
    cell.match_indices(text).any(|(at, _)| {
        is_word(cell[..at].chars().next_back()) && is_word(cell[at + text.len()..].chars().next())
    })
}

#[test]
fn no_name_and_no_address_remains_in_any_table() {
    let run = company();
    let people = people(&run);
    extract(&run, "keep", &["--output", "keep.db"]);
    assert!(places(&run.path("keep.db"), &people).len() > 10, "there is something to hide");
    for mode in ["hash", "drop"] {
        let output = format!("{mode}.db");
        extract(&run, mode, &["--output", &output]);
        assert_eq!(places(&run.path(&output), &people), Vec::<String>::new(), "{mode}");
        let folder = format!("parquet:{mode}");
        extract(&run, mode, &["--output", &folder]);
        for (table, rows) in crate::support::lake::tables(&run.path(mode)) {
            for text in &people {
                assert!(!rows.iter().any(|row| mentions(row, text)), "{mode} {table} {text}");
            }
        }
    }
}

#[test]
fn hashed_columns_still_join() {
    let run = company();
    extract(&run, "keep", &["--output", "keep.db"]);
    extract(&run, "hash", &["--output", "hash.db"]);
    let sql = "SELECT count(*) FROM members JOIN team_maintainers USING (email)";
    let joined = |name: &str| -> i64 {
        let database = rusqlite::Connection::open(run.path(name)).unwrap();
        database.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert!(joined("keep.db") > 0);
    assert_eq!(joined("keep.db"), joined("hash.db"));
    let expected = Privacy::with_key(KEY.as_bytes()).unwrap();
    let database = rusqlite::Connection::open(run.path("hash.db")).unwrap();
    run.server.read(|account| {
        let mut hash = account.members[0].email.clone();
        expected.treat_own(&mut hash);
        let sql = "SELECT count(*) FROM members WHERE email = ?1";
        assert_eq!(database.query_row(sql, [hash], |row| row.get::<_, i64>(0)).unwrap(), 1);
    });
}

#[test]
fn a_new_privacy_mode_also_applies_to_rows_of_earlier_runs() {
    for mode in ["hash", "drop"] {
        let run = company();
        let people = people(&run);
        extract(&run, "keep", &[]);
        // Refused resources keep their rows; the audit log keeps all its entries.
        run.server.behave(|behaviour| {
            let refused = [fake_launchdarkly::Family::Members, fake_launchdarkly::Family::AuditLog];
            behaviour.refused.extend(refused.map(|family| (family, 403)));
        });
        extract(&run, mode, &[]);
        assert!(run.value::<i64>("SELECT count(*) FROM members") > 0);
        assert_eq!(places(&run.path("launchdarkly.db"), &people), Vec::<String>::new(), "{mode}");
        for name in ["launchdarkly.db", "launchdarkly.db-wal"] {
            let bytes = fs::read(run.path(name)).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            for address in people.iter().filter(|text| text.contains('@')) {
                assert!(!text.contains(address.as_str()), "{mode}: {address} is in {name}");
            }
        }
    }
}

#[test]
fn a_stage_that_stays_holds_no_address_either() {
    for mode in ["hash", "drop"] {
        let run = company();
        let people = people(&run);
        run.server.behave(|behaviour| {
            behaviour.refused.insert(fake_launchdarkly::Family::FlagStatuses, 500);
        });
        let mut command = run.command(&["extract", "--resources", "all", "--retries", "0"]);
        command.args(["--personal-data", mode]).env("FLAGLAKE_PERSONAL_DATA_KEY", KEY);
        assert_eq!(ended(command.output().unwrap()).status, 6);
        let files = [".launchdarkly.db.stage", ".launchdarkly.db.stage-rows"];
        let stage = files.map(|name| fs::read(run.path(name)).unwrap()).concat();
        let text = String::from_utf8_lossy(&stage);
        for address in people.iter().filter(|text| text.contains('@')) {
            assert!(!text.contains(address.as_str()), "{mode}: {address} is in the stage");
        }
    }
}

#[test]
fn hashing_takes_a_key_and_the_key_is_never_shown() {
    let run = company();
    let arguments = ["extract", "--personal-data", "hash", "--error-format", "json"];
    let error = run.run(&arguments).failed(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("--personal-data-key-file"), "{error}");
    fs::write(run.path("key"), "too short").unwrap();
    let error = run.run(&[&arguments[..], &["--personal-data-key-file", "key"]].concat());
    assert!(!error.stderr.contains("too short"), "{}", error.stderr);
    error.failed(2, "usage");
    fs::write(run.path("key"), format!("{KEY}\n")).unwrap();
    let from_file =
        ["extract", "--personal-data", "hash", "--personal-data-key-file", "key", "-vv"];
    let ended = run.run(&from_file).succeeded();
    assert!(!ended.stderr.contains(KEY), "the log at trace level");
    let email = "SELECT min(email) FROM team_maintainers";
    let first: String = run.value(email);
    extract(&run, "hash", &[]);
    assert_eq!(run.value::<String>(email), first, "a file's key is the variable's");
    assert_eq!(run.value::<i64>("SELECT count(DISTINCT personal_data) FROM extractions"), 1);
}

#[test]
fn addresses_in_any_text_are_replaced() {
    let run = company();
    run.server.change(|account| {
        let flag = &mut account.projects[0].flags[0];
        flag.description = Some("ask grace@navy.example.".into());
        flag.variations[0].value = r#"{"to":"grace\u0040navy.example"}"#.into();
    });
    extract(&run, "drop", &[]);
    let sql = "SELECT count(*) FROM flags WHERE description = 'ask dropped.'";
    assert_eq!(run.value::<i64>(sql), 1);
    let sql = r#"SELECT count(*) FROM flag_variations WHERE value = '{"to":"dropped"}'"#;
    assert_eq!(run.value::<i64>(sql), 1);
}

#[test]
fn dropping_reaches_what_was_hashed_before() {
    let run = company();
    extract(&run, "hash", &[]);
    run.server.behave(|behaviour| {
        behaviour.refused.insert(fake_launchdarkly::Family::Members, 403);
    });
    extract(&run, "drop", &[]);
    let sql = "SELECT count(*) FROM members WHERE email LIKE 'hmac%' OR first_name IS NOT NULL";
    assert_eq!(run.value::<i64>(sql), 0);
    let sql = "SELECT count(*) FROM audit_log_entries WHERE member_email IS NOT NULL";
    assert_eq!(run.value::<i64>(sql), 0);
}

#[test]
fn end_users_keys_are_dropped_although_they_are_asked_for() {
    let run = company();
    let ended = extract(&run, "drop", &["--target-values"]);
    assert!(ended.stderr.contains("no effect"), "{}", ended.stderr);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_target_values"), 0);
    extract(&run, "hash", &["--target-values"]);
    assert!(run.value::<i64>("SELECT count(*) FROM flag_target_values") > 50);
}
