//! A larger account takes proportionally longer: no view compares everything with everything.

use std::ops::Range;

use flaglake::model::view;
use rusqlite::StatementStatus;
use serde_json::{Value, json};

use crate::views::account::{Account, ago};

/// The permitted factor for an account four times as large. A quadratic view takes 16 times as
/// long.
const LIMIT: i64 = 6;

/// A row of `table`, of `at`: a project, with a flag and an environment where they are named.
fn row(account: &Account, table: &str, at: [&str; 3], cells: &[(&str, Value)]) {
    let names = ["project_key", "flag_key", "environment_key"];
    let keys = names.iter().zip(at).filter(|(_, key)| !key.is_empty());
    let keys = keys.map(|(name, key)| (*name, json!(key)));
    account.insert(table, &keys.chain(cells.iter().cloned()).collect::<Vec<_>>());
}

/// Everything that views read of a project with four environments, and flags in this range.
fn project(account: &Account, project: &str, flags: Range<usize>) {
    if flags.start == 0 {
        account.project(project);
        for environment in ["dev", "eu", "test", "us"] {
            account.environment(project, environment, environment.len() == 2);
            row(account, "environment_approval_tags", [project, "", environment], &[]);
        }
    }
    for index in flags {
        flag(account, project, index);
    }
}

/// One of many flags, with a member and a team of its own, an entry of the audit log, and two
/// versions.
fn flag(account: &Account, project: &str, index: usize) {
    let flag = format!("flag-{index}");
    let owner = format!("{project}-{index}");
    let state = ["live", "live", "deprecated", "archived"][index % 4];
    let (temporary, created) = (!index.is_multiple_of(5), ago(100.0));
    let [member, team] = ["maintainer_id", "maintainer_team_key"].map(|name| (name, json!(owner)));
    account.insert("members", &[("member_id", json!(owner))]);
    account.insert("teams", &[("team_key", json!(owner))]);
    account.insert("access_tokens", &[("access_token_id", json!(owner))]);
    let cells = [("state", json!(state)), ("temporary", json!(temporary)), member, team];
    account.flag(project, &flag, 100.0, &cells).code_reference(project, &flag);
    row(account, "flag_tags", [project, &flag, ""], &[("tag", json!("web"))]);
    for number in 0..2 {
        let cells = [("variation_index", json!(number)), ("value", json!(number.to_string()))];
        row(account, "flag_variations", [project, &flag, ""], &cells);
        let [from, to] = [2, 1].map(|days| ago(f64::from(days - number)));
        let cells = [
            ("temporary", json!(number == 0)),
            ("valid_from", from),
            ("valid_to", to),
            ("created_at", created.clone()),
        ];
        row(account, "flags_history", [project, &flag, ""], &cells);
    }
    for (place, environment) in ["dev", "eu", "test", "us"].into_iter().enumerate() {
        settle(account, (project, &flag, environment), index + place);
    }
    let entry = [
        ("entry_id", json!(owner)),
        ("occurred_at", ago(3.0)),
        ("member_id", json!(owner)),
        ("resource_kind", json!("flag")),
        ("resource_key", json!(flag)),
    ];
    row(account, "audit_log_entries", [project, "", "eu"], &entry);
}

/// The rows of a flag in an environment.
fn settle(account: &Account, at: (&str, &str, &str), number: usize) {
    let keys = [at.0, at.1, at.2];
    let status = ["launched", "inactive", "active", "launched"][number % 4];
    let fallback = [("status", json!(status)), ("default_value", json!("2"))];
    let is_requested = !number.is_multiple_of(3);
    let requested = ("last_requested_at", if is_requested { ago(40.0) } else { Value::Null });
    row(account, "flag_statuses", keys, &[&fallback[..], &[requested]].concat());
    let cells = [
        ("is_on", json!(!number.is_multiple_of(5))),
        ("fallthrough_variation", if !number.is_multiple_of(3) { json!(1) } else { Value::Null }),
        ("off_variation", json!(0)),
        ("rule_count", json!(1)),
        ("target_count", json!(1)),
    ];
    account.configuration(at, 40.0, &cells);
    let rollout = [("rule_index", json!(-1)), ("variation", json!(1)), ("weight", json!(100_000))];
    row(account, "flag_rollouts", keys, &rollout);
    row(account, "flag_targets", keys, &[("variation", json!(1))]);
    let segment = format!("segment-{number}");
    let clauses = json!([{"op": "segmentMatch", "values": [segment]}]);
    row(account, "flag_rules", keys, &[("variation", json!(1)), ("clauses", clauses)]);
    account.prerequisite(at, &format!("flag-{}", number + 1));
    let place = [at.0, "", at.2];
    row(account, "segments", place, &[("segment_key", json!(segment))]);
    row(account, "segment_flags", keys, &[("segment_key", json!(segment))]);
}

/// Lets no list of a project be read, whose rows an earlier run has left.
fn refuse(account: &Account, project: &str) {
    let sql = "UPDATE extraction_resources SET outcome = 'invalid_permissions'
               WHERE scope = ?1 OR scope LIKE ?1 || '/%'";
    account.connection.execute(sql, [project]).unwrap();
}

/// The steps that SQLite's virtual machine takes for all rows of each view.
fn steps(account: &Account) -> Vec<i64> {
    let steps = |view: &view::View| {
        let sql = format!("SELECT * FROM {}", view.name);
        let mut statement = account.connection.prepare(&sql).unwrap();
        let mut rows = statement.query([]).unwrap();
        while rows.next().unwrap().is_some() {}
        drop(rows);
        i64::from(statement.get_status(StatementStatus::VmStep))
    };
    view::all().iter().map(steps).collect()
}

/// The views that grow faster than the account, which `grow` makes from nothing to its first size,
/// then to four times that.
fn outgrowing(grow: impl Fn(&Account, bool)) -> Vec<String> {
    let account = Account::new();
    account.connection.execute_batch("BEGIN").unwrap();
    grow(&account, false);
    let before = steps(&account);
    grow(&account, true);
    let after = steps(&account);
    let views = view::all().into_iter().zip(before.into_iter().zip(after));
    let grown = views.filter(|(_, (before, after))| *after > LIMIT * before);
    grown.map(|(view, (before, after))| format!("{}: {before} to {after}", view.name)).collect()
}

#[test]
fn four_times_the_projects_take_four_times_the_steps() {
    let grown = outgrowing(|account, is_again| {
        for index in if is_again { 60..240 } else { 0..60 } {
            project(account, &format!("project-{index}"), 0..5);
        }
    });
    assert_eq!(grown, [""; 0]);
}

#[test]
fn four_times_the_refused_projects_take_four_times_the_steps() {
    let grown = outgrowing(|account, is_again| {
        for index in if is_again { 60..240 } else { 0..60 } {
            let key = format!("project-{index}");
            project(account, &key, 0..5);
            if index % 2 > 0 {
                refuse(account, &key);
            }
        }
    });
    assert_eq!(grown, [""; 0]);
}

#[test]
fn four_times_the_flags_in_a_project_take_four_times_the_steps() {
    let grown = outgrowing(|account, is_again| {
        project(account, "project", if is_again { 200..800 } else { 0..200 });
    });
    assert_eq!(grown, [""; 0]);
}
