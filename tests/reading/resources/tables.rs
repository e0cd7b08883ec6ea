//! The tables of all resources, in both outputs.

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::account::{Account, Environment, Project};
use flaglake::resources::LISTS;

use crate::resources::{NOW, all, company, outcome};
use crate::support::{self, Run, rows};

#[test]
fn both_outputs_hold_the_same_rows_of_every_resource() {
    let run = company();
    run.extract(&["--resources", "all", "--target-values"]);
    run.extract(&["--resources", "all", "--target-values", "--output", "parquet:lake"]);
    let (sqlite, parquet) = (all(&run.database()), crate::support::lake::tables(&run.path("lake")));
    // The list of segments says only of some servers which flags use them.
    assert_eq!(empty(&sqlite), ["segment_flags"]);
    for (table, rows) in sqlite {
        assert_eq!(parquet[&table], rows, "{table}");
    }
}

/// The tables beyond the core that the demo account leaves empty.
fn empty(tables: &support::Tables) -> Vec<&str> {
    let lists = LISTS.iter().flat_map(|list| list.tables());
    let names: Vec<_> = lists.map(|table| table.name).collect();
    let empty =
        tables.iter().filter(|(table, rows)| rows.is_empty() && names.contains(&table.as_str()));
    empty.map(|(table, _)| table.as_str()).collect()
}

#[test]
fn an_account_with_nothing_in_it_has_every_table() {
    let project = Project::new("p").with_environment(Environment::new("e"));
    let run = Run::new(Account::new(NOW).with_project(project), Behaviour::default());
    run.extract(&["--resources", "all", "--strict"]);
    let outcomes = rows(&run.database(), "SELECT DISTINCT outcome FROM extraction_resources");
    assert_eq!(outcomes, ["\"complete\""]);
}

#[test]
fn a_database_of_an_earlier_version_is_migrated_with_history() {
    let run = company();
    run.extract(&["--resources", "core"]);
    let database = run.database();
    crate::support::drop_views(&database);
    database
        .execute_batch(
            "CREATE VIEW my_flags AS SELECT flag_key, state FROM flags;
             ALTER TABLE flags DROP COLUMN ld_ready_to_archive;
             ALTER TABLE extractions DROP COLUMN personal_data;
             ALTER TABLE extraction_resources DROP COLUMN is_stale;
             ALTER TABLE extraction_resources DROP COLUMN rows_read_at;
             DROP TABLE members; DROP TABLE team_members;
             PRAGMA user_version = 1;",
        )
        .unwrap();
    drop(database);
    run.extract(&["--resources", "core", "--skip", "flag_statuses"]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM extractions"), 2);
    assert!(run.value::<i64>("SELECT count(*) FROM my_flags") > 100);
    assert_eq!(outcome(&run, "flag_statuses"), [r#""skipped" | NULL | 1 | 1"#]);
    assert_eq!(run.value::<i64>("PRAGMA user_version"), flaglake::catalog::SCHEMA_VERSION);
}
