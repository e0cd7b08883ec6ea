//! An account that shrinks: hidden objects are not published as deleted, and many removals in one
//! run need proof.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use fake_launchdarkly::account::{Account, DEMO_TOKEN};
use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Answer, Behaviour, Family, Scripted};

use crate::history::{agrees, change};
use crate::support::{Ended, Run, rows};

pub const OUTPUTS: [&str; 2] = ["sqlite:launchdarkly.db", "parquet:lake"];

/// Five projects, each with two environments and ten flags, and six teams.
pub fn account() -> Run {
    let size = Size { projects: 5, environments: 2, flags: 10, ..Size::default() };
    let size = Size { archived: 0, deprecated: 0, teams: 6, members: 6, maintainers: 1, ..size };
    Run::new(generated::account(size), Behaviour::default())
}

pub fn arguments<'a>(output: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let first = ["extract", "--output", output, "--resources", "core,audit_log"];
    first.into_iter().chain(["--error-format", "json"]).chain(more.iter().copied()).collect()
}

#[track_caller]
pub fn extract(run: &Run, output: &str, more: &[&str]) -> Ended {
    run.run(&arguments(output, more)).succeeded()
}

/// Every file below the folder, byte for byte.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            files.extend(self::files(&entry.path()));
        } else {
            files.insert(entry.path(), fs::read(entry.path()).unwrap());
        }
    }
    files
}

/// Makes `change` after a run, and checks that the next run fails like this and changes no byte.
#[track_caller]
fn ends(
    change: impl Fn(&mut Account),
    more: &[&str],
    (status, code, resource): (i32, &str, &str),
) -> Vec<String> {
    let mut errors = Vec::new();
    for output in OUTPUTS {
        let run = account();
        extract(&run, output, &[]);
        let before = files(run.folder.path());
        run.server.change(&change);
        let error = run.run(&arguments(output, more)).failed(status, code);
        assert_eq!(error["resource"], resource, "{error}");
        assert!(files(run.folder.path()) == before, "{output}: no file is changed or added");
        errors.push(error.to_string());
    }
    errors
}

pub fn hide(account: &mut Account, project: &str) {
    let token = account.tokens.iter_mut().find(|token| token.value == DEMO_TOKEN).unwrap();
    token.profile.hidden_projects.insert(project.to_owned());
}

/// Removes this number of flags from the account, from one project after the other.
fn remove_flags(account: &mut Account, count: usize) {
    for project in account.projects.iter_mut().take(count / 10 + 1) {
        let keep = project.flags.len()
            - if project.key == "project-000" { count.min(10) } else { count - 10 };
        project.flags.truncate(keep);
    }
}

#[test]
fn a_project_that_the_list_hides_ends_the_run() {
    let expected = (4, "invalid_permissions", "projects");
    for more in [&[][..], &["--max-removals", "100%"], &["--project", "project-002"]] {
        for error in ends(|account| hide(account, "project-002"), more, expected) {
            assert!(error.contains("project-002") && error.contains("403"), "{error}");
        }
    }
}

#[test]
fn any_answer_but_404_for_a_missing_project_ends_the_run() {
    for (status, exit, code) in [
        (200, 4, "invalid_permissions"),
        (401, 4, "invalid_permissions"),
        (403, 4, "invalid_permissions"),
        (405, 7, "unexpected_response"),
    ] {
        let run = account();
        extract(&run, OUTPUTS[0], &[]);
        let before = files(run.folder.path());
        change(&run, |account| drop(account.projects.remove(1)));
        let body = r#"{"code":"some_code","message":"Some words"}"#;
        let answer = Scripted::once("/api/v2/projects/project-001", Answer::json(status, body));
        run.server.behave(|behaviour| behaviour.script = vec![answer.times(99)]);
        run.run(&arguments(OUTPUTS[0], &["--max-removals", "100%"])).failed(exit, code);
        assert!(files(run.folder.path()) == before, "{status}");
    }
}

#[test]
fn no_project_where_there_were_some_ends_the_run() {
    let expected = (4, "invalid_permissions", "projects");
    for more in [&[][..], &["--max-removals", "100%"], &["--project", "project-000"]] {
        for error in ends(|account| account.projects.clear(), more, expected) {
            assert!(error.contains("5 projects"), "{error}");
        }
    }
}

#[test]
fn a_first_run_without_a_project_warns_and_publishes() {
    for output in OUTPUTS {
        let run = account();
        change(&run, |account| account.projects.clear());
        let ended = extract(&run, output, &[]);
        assert!(ended.stderr.contains("warning: the access token sees no project"), "{ended:?}");
    }
}

#[test]
fn a_deleted_project_is_asked_for_and_named() {
    for output in OUTPUTS {
        let run = account();
        extract(&run, output, &[]);
        change(&run, |account| drop(account.projects.remove(1)));
        let share = ["--max-removals", "20%"];
        let ended = extract(&run, output, &share);
        assert_eq!(run.requests("/api/v2/projects/project-001"), 1);
        let warning = "1 of 5 projects is no longer listed, and the audit log shows no deletion: \
                       `project-001`";
        assert!(ended.stderr.contains(warning), "{}", ended.stderr);
        assert!(ended.stderr.contains("10 of 50 flags are no longer listed"), "{}", ended.stderr);
        let again = extract(&run, output, &share);
        assert!(!again.stderr.contains("no longer listed"), "once: {}", again.stderr);
    }
}

/// The object that a test removes.
type Removal = fn(&mut Account);

#[test]
fn many_removals_without_proof_end_the_run() {
    let removals: [(Removal, &str, &str); 4] = [
        (|account| drop(account.projects.drain(..4)), "projects", "4 of 5 projects"),
        (
            |account| account.projects.iter_mut().for_each(|one| drop(one.environments.pop())),
            "environments",
            "5 of 10 environments",
        ),
        (
            |account| {
                account.projects.iter_mut().for_each(|one| drop(one.flags.drain(..3)));
            },
            "flags",
            "15 of 50 flags",
        ),
        (|account| drop(account.teams.drain(..4)), "teams", "4 of 6 teams"),
    ];
    for (removal, resource, numbers) in removals {
        for error in ends(removal, &[], (12, "guarded", resource)) {
            assert!(error.contains(numbers), "{error}");
            assert!(error.contains("--max-removals"), "the error names the option: {error}");
        }
    }
}

#[test]
fn flags_of_a_project_missing_without_proof_count_as_flags() {
    let removal = |account: &mut Account| {
        account.projects.truncate(2);
    };
    for error in ends(removal, &[], (12, "guarded", "environments")) {
        assert!(error.contains("6 of 10 environments, 30 of 50 flags"), "{error}");
    }
}

#[test]
fn the_limit_is_what_it_says() {
    for (removed, more, is_published) in [
        (10, &[][..], true),
        (11, &[], false),
        (1, &["--max-removals", "0"], false),
        (3, &["--max-removals", "3"], true),
        (6, &["--max-removals", "10%"], false),
        (11, &["--max-removals", "100%"], true),
    ] {
        let run = account();
        extract(&run, OUTPUTS[0], &[]);
        change(&run, |account| remove_flags(account, removed));
        let ended = run.run(&arguments(OUTPUTS[0], more));
        if is_published {
            let ended = ended.succeeded();
            assert!(ended.stderr.contains(&format!("{removed} of 50 flags ")), "{ended:?}");
        } else {
            ended.failed(12, "guarded");
        }
    }
}

#[test]
fn a_limit_that_is_none_is_a_usage_error() {
    for limit in ["", "x", "101%", "-1", "1.5"] {
        let run = account();
        run.run(&arguments(OUTPUTS[0], &[&format!("--max-removals={limit}")])).failed(2, "usage");
        assert!(run.server.requests().is_empty());
    }
}

#[test]
fn a_variable_sets_the_limit_and_what_is_published_is_closed() {
    let run = account();
    extract(&run, OUTPUTS[0], &[]);
    change(&run, |account| remove_flags(account, 15));
    let mut command = run.command(&arguments(OUTPUTS[0], &[]));
    command.env("FLAGLAKE_MAX_REMOVALS", "15");
    crate::support::ended(command.output().unwrap()).succeeded();
    let closed = "SELECT count(*) FROM flags_history WHERE valid_to IS NOT NULL";
    assert_eq!(run.value::<i64>(closed), 15);
    agrees(&run);
}

#[test]
fn archiving_is_not_removal() {
    for output in OUTPUTS {
        let run = account();
        extract(&run, output, &[]);
        change(&run, |account| {
            let now = account.now_ms;
            let flags = account.projects.iter_mut().flat_map(|one| &mut one.flags);
            flags.for_each(|flag| flag.archived_ms = Some(now));
        });
        let ended = extract(&run, output, &["--max-removals", "0"]);
        assert!(!ended.stderr.contains("no longer listed"), "{}", ended.stderr);
    }
}

#[test]
fn what_was_not_asked_for_is_not_compared() {
    for output in OUTPUTS {
        let run = account();
        extract(&run, output, &[]);
        change(&run, |account| {
            drop(account.projects.drain(2..));
            account.teams.clear();
            remove_flags(account, 10);
        });
        let none = ["--max-removals", "0", "--project", "project-001"];
        let skip = ["--skip", "teams"];
        extract(&run, output, &[&none[..], &skip[..]].concat());
        run.server.behave(|behaviour| behaviour.refused.extend([(Family::Teams, 404)]));
        extract(&run, output, &none);
    }
}

#[test]
fn another_accounts_data_is_not_compared() {
    // In a database, a real account replaces the demo account; in a lake, real accounts are
    // separate.
    for (output, first) in OUTPUTS.into_iter().zip([None, Some("one")]) {
        let run = account();
        change(&run, |account| {
            account.account_id = first.map_or(account.account_id.clone(), str::to_owned);
        });
        extract(&run, output, &[]);
        change(&run, |account| {
            account.account_id = "another".to_owned();
            account.projects.truncate(1);
        });
        extract(&run, output, &["--max-removals", "0"]);
    }
}

#[test]
fn a_guarded_run_leaves_no_checkpoint() {
    let run = account();
    extract(&run, OUTPUTS[0], &[]);
    let old = run.server.read(|account| account.projects[0].flags.clone());
    change(&run, |account| account.projects[0].flags.clear());
    change(&run, |account| account.projects[1].flags.clear());
    run.run(&arguments(OUTPUTS[0], &[])).failed(12, "guarded");
    change(&run, |account| account.projects[0].flags = old);
    let ended = extract(&run, OUTPUTS[0], &[]);
    assert!(!ended.stderr.contains("Resuming"), "{}", ended.stderr);
    assert_eq!(rows(&run.database(), "SELECT count(*) FROM flags"), ["40"]);
}
