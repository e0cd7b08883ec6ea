//! Passwords of sources.

use std::fs;

use super::{both, from};
use crate::setup::{command, sync_without_writes, write};
use crate::support::{Ended, Run, ended};

const PASSWORD: &str = "hunter2-and-more";
const QUERY: [&str; 3] = ["--query", "SELECT 'a' AS context_key", "-vv"];

/// Runs the sync with these variables; no message may have the password, and no file.
#[track_caller]
fn run(run: &Run, arguments: &[&str], more: &[&str], variables: &[(&str, &str)]) -> Ended {
    let mut command = command(run, arguments, more);
    command.env("HOME", run.folder.path()).envs(variables.iter().copied());
    let ended = ended(command.output().unwrap());
    assert!(
        !ended.stdout.contains(PASSWORD) && !ended.stderr.contains(PASSWORD),
        "{}",
        ended.stderr
    );
    let state = fs::read(run.path("flaglake-sync.db")).unwrap_or_default();
    assert!(!String::from_utf8_lossy(&state).contains(PASSWORD));
    ended
}

#[test]
fn a_password_comes_from_where_libpq_looks_for_it() {
    let Some((place, database)) = both() else { return };
    let role = format!("source_{}", database.name);
    database.run(&format!("CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'"));
    let address = database.address_of(&role);
    let arguments = from(&address);
    run(&place, &arguments, &QUERY, &[("PGPASSWORD", PASSWORD)]).succeeded();
    write(&place, "password", format!("{PASSWORD}\n"));
    let more = [&QUERY[..], &["--postgres-password-file", "password"]].concat();
    run(&place, &arguments, &more, &[("PGPASSWORD", "wrong")]).succeeded();
    let error = run(&place, &arguments, &QUERY, &[("PGPASSWORD", "wrong")]).failed(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("--postgres-password-file"), "{error}");
    let with = address.replacen('@', &format!(":{PASSWORD}@"), 1);
    let file = format!(
        "[[sync]]\nname = \"users\"\nobject = \"segment\"\nproject = \"web\"\n\
         environment = \"production\"\nsegment = \"beta\"\nfrom = \"{with}\"\n\
         query = \"SELECT 'a' AS context_key\"\n"
    );
    write(&place, "syncs.toml", &file);
    run(&place, &["run", "syncs.toml"], &["-vv"], &[]).succeeded();
    write(&place, "syncs.toml", file.replace("SELECT", "SELCT"));
    run(&place, &["run", "syncs.toml"], &["-vv"], &[]).failed(2, "usage");
}

#[test]
fn a_password_in_an_argument_is_a_usage_error() {
    let Some((place, _)) = both() else { return };
    for (source, meant) in [
        (format!("postgres://me:{PASSWORD}@127.0.0.1/x"), "does not belong in an argument"),
        (format!("postgresql://me@127.0.0.1/x?password={PASSWORD}"), "does not belong"),
        (format!("postgres://me:{PASSWORD}@127.0.0.1/x?schem=y"), "is not a source"),
    ] {
        let error = run(&place, &from(&source), &QUERY, &[]).failed(2, "usage");
        assert!(error["message"].as_str().unwrap().contains(meant), "{error}");
    }
    write(&place, "users.csv", "context_key\na\n");
    write(&place, "password", PASSWORD);
    let more = ["--postgres-password-file", "password"];
    let error = sync_without_writes(&place, &from("csv:users.csv"), &more).failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("for PostgreSQL"), "{error}");
}
