//! Databases of another account, treatment or version.

use flaglake::catalog::history;

use crate::history::{account, agrees, change, counts, difference, flag, starts};
use crate::support::{Run, rows};

#[test]
fn another_accounts_past_does_not_stay() {
    let run = account();
    run.extract(&[]);
    change(&run, |account| {
        account.account_id = "another".into();
        account.projects.pop();
    });
    run.extract(&[]);
    agrees(&run);
    for (name, all, held) in counts(&run) {
        assert_eq!(all, held, "{name}");
    }
    let sql = "SELECT count(*) FROM project_daily WHERE project_key <> 'project-000'";
    assert_eq!(run.value::<i64>(sql), 0);
    let sql = "SELECT count(*) FROM flag_statuses WHERE status_since < (SELECT max(started_at) FROM extractions)";
    assert_eq!(run.value::<i64>(sql), 0);
}

/// Extracts with this treatment of personal data.
fn treat(run: &Run, mode: &str) {
    let mut command = run.command(&["extract", "--personal-data", mode]);
    command.env("FLAGLAKE_PERSONAL_DATA_KEY", "a key that is long enough for anybody");
    crate::support::ended(command.output().unwrap()).succeeded();
}

#[test]
fn a_new_privacy_mode_makes_no_versions() {
    let run = account();
    change(&run, |account| flag(account).description = Some("ask ada@shop.example.".into()));
    treat(&run, "keep");
    change(&run, |account| account.teams[1].maintainer_ids.truncate(1));
    treat(&run, "keep");
    let before = counts(&run);
    let addresses = |run: &Run| -> i64 {
        run.value(
            "SELECT (SELECT count(*) FROM team_maintainers_history WHERE email LIKE '%@%')
                  + (SELECT count(*) FROM flags_history WHERE maintainer_email LIKE '%@%' OR description LIKE '%@%')",
        )
    };
    assert!(addresses(&run) > 4);
    for mode in ["hash", "drop", "keep", "drop", "hash"] {
        treat(&run, mode);
        assert_eq!(difference(&run, &before), [""; 0], "{mode}");
        agrees(&run);
        assert!(mode == "keep" || addresses(&run) == 0, "{mode}");
    }
    change(&run, |account| flag(account).description = Some("ask nobody".into()));
    treat(&run, "keep");
    assert_eq!(
        difference(&run, &before),
        ["flags_history +1 +0"],
        "a change makes a version in every mode"
    );
}

const VIEWS: &str = "SELECT name FROM sqlite_schema WHERE type = 'view'";

/// Turns the database into one of an older version of flaglake.
fn age(run: &Run, version: i64) {
    let database = run.database();
    let tables = history::tables().iter().map(|table| table.name).chain(["scorecard_thresholds"]);
    for name in tables {
        database.execute_batch(&format!("DROP TABLE {name}")).unwrap();
    }
    for name in rows(&database, VIEWS) {
        database.execute_batch(&format!("DROP VIEW {name}")).unwrap();
    }
    database.execute_batch("ALTER TABLE flag_statuses DROP COLUMN status_since").unwrap();
    if version == 1 {
        for column in [
            "flags DROP COLUMN ld_ready_to_archive",
            "flags DROP COLUMN ld_ready_for_code_removal",
            "extraction_resources DROP COLUMN rows_read_at",
            "extraction_resources DROP COLUMN is_stale",
        ] {
            database.execute_batch(&format!("ALTER TABLE {column}")).unwrap();
        }
    }
    database.pragma_update(None, "user_version", version).unwrap();
}

#[test]
fn the_history_of_an_older_database_starts_with_its_rows() {
    for version in [1, 2] {
        let run = account();
        run.extract(&[]);
        let before = counts(&run);
        age(&run, version);
        change(&run, |account| flag(account).name = "renamed".into());
        run.extract(&[]);
        assert_eq!(difference(&run, &before), ["flags_history +1 +0"], "{version}");
        agrees(&run);
        assert_eq!(run.value::<i64>("PRAGMA user_version"), flaglake::catalog::SCHEMA_VERSION);
        let first = starts(&run).remove(0);
        for table in ["flags_history WHERE valid_to IS NOT NULL", "environments_history"] {
            let found = rows(&run.database(), &format!("SELECT DISTINCT valid_from FROM {table}"));
            assert_eq!(found, std::slice::from_ref(&first), "{version} {table}");
        }
        let since = rows(&run.database(), "SELECT DISTINCT status_since FROM flag_statuses");
        assert_eq!(since, [first], "{version}");
    }
}

#[test]
fn a_new_column_is_filled_without_a_new_version() {
    let run = account();
    run.extract(&[]);
    let before = counts(&run);
    let database = run.database();
    for name in rows(&database, VIEWS) {
        database.execute_batch(&format!("DROP VIEW {name}")).unwrap();
    }
    for table in ["flags", "flags_history"] {
        database.execute_batch(&format!("ALTER TABLE {table} DROP COLUMN kind")).unwrap();
    }
    drop(database);
    run.extract(&[]);
    assert_eq!(counts(&run), before);
    agrees(&run);
}
