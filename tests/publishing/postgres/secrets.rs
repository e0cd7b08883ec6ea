//! Passwords and encryption.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::small;
use crate::support::postgres::{Database, server};
use crate::support::{Ended, Run, ended};

const PASSWORD: &str = "hunter2-and-more";

/// Extracts with these variables; writes every message. Checks that none has the password.
#[track_caller]
fn extract(run: &Run, arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
    let first = ["extract", "-vv", "--error-format", "json"];
    let arguments: Vec<_> = first.into_iter().chain(arguments.iter().copied()).collect();
    let mut command = run.command(&arguments);
    command.env("TMPDIR", run.folder.path()).env("HOME", run.folder.path());
    let ended = ended(command.envs(variables.iter().copied()).output().unwrap());
    assert!(!ended.stdout.contains(PASSWORD) && !ended.stderr.contains(PASSWORD));
    ended
}

/// A role with a password that may create a schema in the database.
fn role(database: &Database, name: &str) -> String {
    database.run(&format!(
        "CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}';
         GRANT CREATE ON DATABASE {} TO {name}",
        database.name
    ));
    format!("{}?schema=of_{name}", database.address_of(name))
}

#[test]
fn a_password_comes_from_where_libpq_looks_for_it() {
    let Some((run, database)) = small() else { return };
    let address = role(&database, &format!("member_{}", database.name));
    let output = ["--output", address.as_str()];
    extract(&run, &output, &[("PGPASSWORD", PASSWORD)]).succeeded();
    fs::write(run.path("file"), format!("{PASSWORD}\n")).unwrap();
    extract(&run, &["--output", &address, "--postgres-password-file", "file"], &[]).succeeded();
    let with = address.replacen('@', &format!(":{PASSWORD}@"), 1);
    extract(&run, &[], &[("FLAGLAKE_OUTPUT", &with)]).succeeded();
    let file = run.path(".pgpass");
    fs::write(&file, format!("*:*:{}:*:{PASSWORD}\n", database.name)).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    extract(&run, &output, &[]).succeeded();
    fs::rename(&file, run.path("elsewhere")).unwrap();
    extract(&run, &output, &[("PGPASSFILE", "elsewhere")]).succeeded();
    fs::set_permissions(run.path("elsewhere"), fs::Permissions::from_mode(0o644)).unwrap();
    let error = extract(&run, &output, &[("PGPASSFILE", "elsewhere")]);
    assert!(error.stderr.contains("others may read it"), "{}", error.stderr);
    let error = error.failed(8, "output_failed");
    assert!(error["hint"].as_str().unwrap().contains("PGPASSWORD"), "{error}");
    let left = fs::read_dir(run.folder.path()).unwrap().map(|one| one.unwrap().file_name());
    let left: Vec<_> = left.map(|name| name.into_string().unwrap()).collect();
    assert!(left.iter().all(|name| !name.contains(PASSWORD)), "{left:?}");
}

#[test]
fn a_wrong_password_fails_with_a_hint() {
    let Some((run, database)) = small() else { return };
    let address = role(&database, &format!("wrong_{}", database.name));
    let error = extract(&run, &["--output", &address], &[("PGPASSWORD", "wrong")]);
    let error = error.failed(8, "output_failed");
    assert!(error["message"].as_str().unwrap().contains("password authentication failed"));
    assert!(error["hint"].as_str().unwrap().contains("--postgres-password-file"), "{error}");
}

#[test]
fn commands_that_read_take_a_password_from_a_file() {
    let Some((run, database)) = small() else { return };
    let address = role(&database, &format!("reader_{}", database.name));
    extract(&run, &["--output", &address], &[("PGPASSWORD", PASSWORD)]).succeeded();
    fs::write(run.path("file"), format!("{PASSWORD}\n")).unwrap();
    let commands: [&[&str]; 3] = [
        &["report", "--format", "text", "--input", &address],
        &["query", "SELECT count(*) FROM flags", "--input", &address],
        &["doctor", "--output", &address],
    ];
    for arguments in commands {
        let refused = run.run(arguments);
        assert_ne!(refused.status, 0, "{refused:?}");
        let file = [arguments, &["--postgres-password-file", "file"]].concat();
        let ended = run.run(&file).succeeded();
        assert!(!ended.stdout.contains(PASSWORD) && !ended.stderr.contains(PASSWORD));
        let mut command = run.command(arguments);
        command.env("FLAGLAKE_POSTGRES_PASSWORD_FILE", "file");
        ended_well(&mut command);
    }
    // A variable is for the outputs that take a password.
    run.extract(&[]);
    let mut command = run.command(&["query", "SELECT 1"]);
    ended_well(command.env("FLAGLAKE_POSTGRES_PASSWORD_FILE", "file"));
}

fn ended_well(command: &mut std::process::Command) {
    ended(command.output().unwrap()).succeeded();
}

#[test]
fn a_password_in_an_argument_is_a_usage_error() {
    let Some((run, _)) = small() else { return };
    for output in [
        format!("postgres://me:{PASSWORD}@127.0.0.1/x"),
        format!("postgresql://me@127.0.0.1/x?password={PASSWORD}"),
        format!("postgres://me:{PASSWORD}@127.0.0.1/x?schem=y"),
    ] {
        let error = extract(&run, &["--output", &output], &[]).failed(2, "usage");
        assert!(!error["hint"].is_null(), "{error}");
    }
    let more = ["--output", "x.db", "--postgres-password-file", "missing"];
    let error = extract(&run, &more, &[]).failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("for PostgreSQL"), "{error}");
    let help = ended(run.command(&["extract", "--help"]).output().unwrap());
    assert!(help.stdout.contains("--postgres-password-file"));
}

#[test]
fn the_variables_of_libpq_name_the_server() {
    let Some((run, database)) = small() else { return };
    let (port, name) = (database.port.to_string(), database.name.as_str());
    let folder = server().unwrap().folder.to_str().unwrap();
    for host in ["127.0.0.1", folder] {
        let variables =
            [("PGHOST", host), ("PGPORT", &port), ("PGUSER", "owner"), ("PGDATABASE", name)];
        extract(&run, &["--output", "postgres://"], &variables).succeeded();
    }
    assert_eq!(database.value("SELECT count(*) FROM launchdarkly.extractions"), "2");
}

#[test]
fn the_server_is_verified_as_sslmode_says() {
    let Some((run, database)) = small() else { return };
    role(&database, "encrypted");
    let folder = server().unwrap().folder.clone();
    let (ca, other) = (folder.join("ca.crt"), folder.join("other.crt"));
    let (ca, other) = (ca.to_str().unwrap(), other.to_str().unwrap());
    for (host, mode, root, works) in [
        ("localhost", "verify-full", ca, true),
        ("127.0.0.1", "verify-full", ca, false),
        ("127.0.0.1", "verify-ca", ca, true),
        ("127.0.0.1", "verify-ca", other, false),
        ("localhost", "verify-full", other, false),
        ("localhost", "verify-full", "", false),
        ("127.0.0.1", "require", "", true),
        ("127.0.0.1", "require", other, false),
        ("127.0.0.1", "prefer", "", true),
        ("127.0.0.1", "allow", "", true),
        ("127.0.0.1", "disable", "", false),
    ] {
        let (port, name) = (database.port, &database.name);
        let address = format!("postgres://encrypted@{host}:{port}/{name}?sslmode={mode}");
        let variables = [("PGPASSWORD", PASSWORD), ("PGSSLROOTCERT", root)];
        let ended = extract(&run, &["--output", &address], &variables);
        if works {
            ended.succeeded();
            continue;
        }
        let error = ended.failed(8, "output_failed");
        let is_handshake = mode.starts_with("verify") || mode == "require";
        assert_eq!(
            error["hint"].as_str().unwrap().contains("sslrootcert"),
            is_handshake,
            "{error}"
        );
    }
}
