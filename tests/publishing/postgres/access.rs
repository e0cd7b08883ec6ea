//! Who may connect and write, and to what.

use super::{demo, extract, small};

#[track_caller]
fn refused(ended: &crate::support::Ended, part: &str) {
    let error = ended.failed(8, "output_failed");
    assert!(error["message"].as_str().unwrap().contains(part), "{error}");
    assert!(error["resource"].as_str().unwrap().starts_with("postgres://"), "{error}");
    assert!(!error["hint"].is_null(), "{error}");
}

#[test]
fn tables_of_somebody_else_are_refused_and_not_changed() {
    let Some((run, database)) = small() else { return };
    for (statement, part) in [
        (
            "CREATE TABLE launchdarkly.flags (id int PRIMARY KEY)",
            "`flags` was not made by flaglake",
        ),
        ("CREATE VIEW launchdarkly.flags AS SELECT 1", "`flags` is not a table"),
        ("CREATE TABLE launchdarkly.projects (project_key text PRIMARY KEY, mine int)", "`mine`"),
        ("CREATE TABLE launchdarkly.projects (project_key int PRIMARY KEY)", "`project_key`"),
        ("CREATE TABLE launchdarkly.stale_flags (x int)", "`stale_flags` was not made by flaglake"),
    ] {
        database.run(&format!("CREATE SCHEMA launchdarkly; {statement}"));
        refused(&extract(&run, &database.address(), &[]), part);
        let tables = "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'v')
                      AND relnamespace = 'launchdarkly'::regnamespace";
        assert_eq!(database.value(tables), "1");
        database.run("DROP SCHEMA launchdarkly CASCADE");
    }
}

#[test]
fn a_role_that_may_not_write_is_refused_before_anything_is_read() {
    let Some((run, database)) = small() else { return };
    let name = &database.name;
    database.run(&format!("CREATE ROLE reader_{name} LOGIN PASSWORD 'secret'"));
    let user = database.address_of(&format!("reader_{name}"));
    let file = run.path("password");
    std::fs::write(&file, "secret\n").unwrap();
    let more = ["--postgres-password-file", file.to_str().unwrap()];
    refused(&extract(&run, &user, &more), "may not create tables");
    extract(&run, &database.address(), &[]).succeeded();
    database.run(&format!(
        "GRANT USAGE, CREATE ON SCHEMA launchdarkly TO reader_{name};
         GRANT SELECT ON ALL TABLES IN SCHEMA launchdarkly TO reader_{name}"
    ));
    let requests = run.server.requests().len();
    refused(&extract(&run, &user, &more), "belongs to another role");
    database.run(&format!("ALTER ROLE reader_{name} SET default_transaction_read_only = on"));
    refused(&extract(&run, &user, &more), "may only read");
    assert_eq!(run.server.requests().len(), requests);
}

#[test]
fn a_second_account_is_refused() {
    let Some((run, database)) = demo() else { return };
    run.server.change(|account| account.account_id = "one".to_owned());
    extract(&run, &database.address(), &[]).succeeded();
    let count = "SELECT count(*) FROM launchdarkly.extractions";
    refused(&extract(&run, &database.address(), &["--demo"]), "a real account");
    run.server.change(|account| account.account_id = "two".to_owned());
    refused(&extract(&run, &database.address(), &[]), "another account, one");
    assert_eq!(database.value(count), "1");
    // Each account has its own schema.
    let other = format!("{}?schema=other", database.address());
    extract(&run, &other, &[]).succeeded();
    assert_eq!(database.value("SELECT count(*) FROM other.extractions"), "1");
}

#[test]
fn a_newer_layout_is_refused() {
    let Some((run, database)) = small() else { return };
    extract(&run, &database.address(), &[]).succeeded();
    database.run(
        "ALTER TABLE launchdarkly.flags ADD COLUMN of_the_future int;
         UPDATE launchdarkly.extractions SET schema_version = 1000",
    );
    refused(&extract(&run, &database.address(), &[]), "newer version of flaglake");
}

#[test]
fn a_database_with_another_encoding_is_refused() {
    let Some((run, database)) = small() else { return };
    let name = format!("{}_ascii", database.name);
    database.run(&format!("CREATE DATABASE {name} ENCODING 'SQL_ASCII' TEMPLATE template0"));
    let address = format!("{}_ascii", database.address());
    refused(&extract(&run, &address, &[]), "encoding is SQL_ASCII");
}

#[test]
fn a_server_or_database_that_is_not_there_is_named() {
    let Some((run, database)) = small() else { return };
    let missing = format!("{}_missing", database.address());
    refused(&extract(&run, &missing, &[]), "does not exist");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    refused(&extract(&run, &format!("postgres://me@127.0.0.1:{port}/x"), &[]), "connect");
}
