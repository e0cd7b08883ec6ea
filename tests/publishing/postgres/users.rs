//! What users make in the schema stays.

use super::{demo, extract};

#[test]
fn views_and_grants_of_users_stay() {
    let Some((run, database)) = demo() else { return };
    extract(&run, &database.address(), &[]).succeeded();
    let role = format!("analyst_{}", database.name);
    database.run(&format!(
        "CREATE ROLE {role} NOLOGIN;
         GRANT USAGE ON SCHEMA launchdarkly TO {role};
         GRANT SELECT ON launchdarkly.flags, launchdarkly.stale_flags TO {role};
         CREATE VIEW launchdarkly.mine AS
             SELECT project_key, count(*) AS flags FROM launchdarkly.flags
             JOIN launchdarkly.stale_flags USING (project_key, flag_key) GROUP BY 1;
         CREATE INDEX mine_too ON launchdarkly.flags (name);
         CREATE TABLE launchdarkly.also_mine AS SELECT 1 AS x"
    ));
    run.server.change(|account| {
        account.projects[0].flags.remove(0);
        account.projects[0].flags[0].name = "renamed".to_owned();
    });
    extract(&run, &database.address(), &[]).succeeded();
    assert_ne!(database.value("SELECT count(*) FROM launchdarkly.mine"), "0");
    assert_eq!(database.value("SELECT x FROM launchdarkly.also_mine"), "1");
    for table in ["flags", "stale_flags"] {
        let sql = format!("SELECT has_table_privilege('{role}', 'launchdarkly.{table}', 'SELECT')");
        assert_eq!(database.value(&sql), "t");
    }
}

#[test]
fn the_commands_of_the_summary_name_user_database_and_schema() {
    let Some((run, database)) = demo() else { return };
    let output = format!("{}?schema=ld", database.address());
    let ended = extract(&run, &output, &[]).succeeded();
    let commands: Vec<_> =
        ended.stdout.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    assert!(commands.len() > 2, "{}", ended.stdout);
    for command in commands {
        assert!(command.contains("owner@") && command.contains("schema=ld"), "{command}");
        let mut shell = crate::support::program("sh").unwrap();
        let ran = shell.args(["-c", command]).current_dir(run.folder.path()).output().unwrap();
        assert!(ran.status.success(), "{command}: {ran:?}");
    }
}

#[test]
fn the_query_of_the_documentation_answers_as_in_sqlite() {
    let Some((run, database)) = demo() else { return };
    extract(&run, &database.address(), &[]).succeeded();
    extract(&run, "sqlite:launchdarkly.db", &[]).succeeded();
    let page = std::fs::read_to_string("docs/outputs.md").unwrap();
    let section = page.split_once("## PostgreSQL\n").unwrap().1;
    let query = section.split_once("```sql\n").unwrap().1.split_once("```").unwrap().0;
    let expected = crate::support::rows(&run.database(), query);
    let expected: Vec<_> = expected.iter().map(|row| row.replace('"', "")).collect();
    database.run("SET search_path = launchdarkly");
    assert_eq!(database.rows(query), expected);
    assert!(!expected.is_empty());
}
