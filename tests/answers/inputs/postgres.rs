//! A PostgreSQL schema gives the report that a database of the same account gives.

use super::{company, json, report};
use crate::support::ended;
use crate::support::postgres::server;

#[test]
fn a_schema_gives_the_report_of_a_database_to_a_role_that_may_only_read() {
    let Some(server) = server() else { return };
    let (run, database) = (company(), server.database());
    let address = database.address();
    run.extract(&["--output", &address]);
    run.extract(&[]);
    let role = format!("reader_{}", database.name);
    database.run(&format!(
        "CREATE ROLE {role} LOGIN PASSWORD 'secret';
         GRANT USAGE ON SCHEMA launchdarkly TO {role};
         GRANT SELECT ON ALL TABLES IN SCHEMA launchdarkly TO {role}"
    ));
    let input = database.address_of(&role);
    let mut command = run.command(&["report", "--format", "json", "--input", &input]);
    let found = ended(command.env("PGPASSWORD", "secret").output().unwrap()).succeeded();
    let found: serde_json::Value = serde_json::from_str(&found.stdout).unwrap();
    let expected = json(&run, "launchdarkly.db", &[]);
    for part in ["lists", "projects"] {
        assert_eq!(found[part], expected[part], "{part}");
    }
    let flags = |report: &serde_json::Value| report["headline"][0].clone();
    assert_eq!(flags(&found)["value"], flags(&expected)["value"]);
}

#[test]
fn a_schema_without_an_extraction_has_no_report() {
    let Some(server) = server() else { return };
    let (run, database) = (company(), server.database());
    let error = report(&run, &database.address(), &[]).failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("holds no extraction"), "{error}");
}
