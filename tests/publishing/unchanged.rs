//! A nightly run on an account that has hardly changed: rows that are already in the database are
//! not written again.

use std::fs;

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::account::Account;
use fake_launchdarkly::generated::{self, Size};
use rusqlite::Connection;

use crate::support::{Run, rows};

/// The size of a page, and of its header in the write-ahead log:
/// <https://sqlite.org/fileformat2.html#the_write_ahead_log>.
const PAGE: usize = 4096;
const FRAME: u64 = 4096 + 24;

const FLAGS: usize = 600;

fn account() -> Run {
    let size = Size { projects: 2, environments: 3, flags: FLAGS, archived: 60, ..Size::default() };
    Run::new(generated::account(size), Behaviour::default())
}

/// The pages of the database, after everything in its log is moved into it.
fn pages(run: &Run) -> Vec<Vec<u8>> {
    let moved = "PRAGMA wal_checkpoint(TRUNCATE)";
    run.database().query_row(moved, [], |row| row.get::<_, i64>(1)).unwrap();
    let bytes = fs::read(run.path("launchdarkly.db")).unwrap();
    bytes.chunks(PAGE).map(<[u8]>::to_vec).collect()
}

/// How many pages the next run changes or adds, and how many it writes to the log.
fn written(run: &Run) -> (usize, u64) {
    let before = pages(run);
    // A reader of the earlier state keeps the log.
    let reader = run.database();
    reader.execute_batch("BEGIN; SELECT count(*) FROM flags").unwrap();
    run.extract(&["--quiet"]);
    let log = fs::metadata(run.path("launchdarkly.db-wal")).unwrap().len() / FRAME;
    drop(reader);
    let after = pages(run);
    let same = before.iter().zip(&after).filter(|(before, after)| before == after).count();
    (after.len() - same, log)
}

/// Changes every `nth` flag and its configuration in each environment; returns how many flags.
fn change(account: &mut Account, nth: usize) -> usize {
    let flags = account.projects.iter_mut().flat_map(|project| &mut project.flags);
    let mut changed = 0;
    for flag in flags.step_by(nth) {
        changed += 1;
        flag.name = format!("{} again", flag.name);
        flag.version += 1;
        for state in flag.environments.values_mut() {
            state.config.on = !state.config.on;
            state.config.version += 1;
        }
    }
    changed
}

#[test]
fn a_run_on_an_unchanged_account_writes_only_its_record() {
    let run = account();
    run.extract(&["--quiet"]);
    let all = pages(&run).len();
    assert!(all > 1500, "{all} pages are too few to tell");
    let before = run.tables();
    // On a later day, a run adds a row for each project; on the same day, it updates it.
    for _ in 0..2 {
        let (changed, logged) = written(&run);
        println!("{changed} of {all} pages changed, {logged} written to the log");
        assert!(changed < 40 && logged < 40, "{changed} and {logged} of {all} pages");
        assert!(changed * 20 < all, "{changed} of {all} pages");
    }
    assert_eq!(run.tables(), before);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM extractions"), 3);
    assert_eq!(run.value::<i64>("SELECT sum(is_latest) FROM extractions"), 1);
}

#[test]
fn a_run_writes_in_proportion_to_the_flags_that_changed() {
    let run = account();
    run.extract(&["--quiet"]);
    let all = pages(&run).len();
    let changed = run.server.change(|account| change(account, 100));
    let (pages, logged) = written(&run);
    println!("{changed} flags: {pages} of {all} pages changed, {logged} written to the log");
    // A flag and its three configurations are on a page each. Each has a version that ends on a
    // page of history, and one that begins: those are appended to the table, but not to its index.
    let most = changed * 4 * 3 + 40;
    assert!(pages <= most, "{changed} flags: {pages} pages, and not {most}");
    assert!(logged <= most as u64, "{changed} flags: {logged} pages, and not {most}");
    assert!(pages * 4 < all, "{pages} of {all} pages");
}

#[test]
fn an_updated_database_has_the_rows_of_a_new_one() {
    let run = account();
    run.extract(&["--quiet"]);
    for nth in [100, 7, 1] {
        run.server.change(|account| {
            change(account, nth);
            let flags = &mut account.projects[0].flags;
            flags.remove(nth);
            let mut renamed = flags.remove(2 * nth);
            renamed.key = format!("new-{nth}");
            flags.push(renamed);
        });
        run.extract(&["--quiet", "--max-removals", "100%"]);
        let database = run.database();
        let new = Run::new(run.server.read(Clone::clone), Behaviour::default());
        new.extract(&["--quiet"]);
        assert_eq!(run.tables(), new.tables(), "every {nth}. flag");
        for check in ["integrity_check", "foreign_key_check"] {
            let found = rows(&database, &format!("PRAGMA {check}"));
            assert!(found.is_empty() || found == ["\"ok\""], "{found:?}");
        }
    }
}

/// Keys of end users are in the database only while runs ask for them.
#[test]
fn keys_of_end_users_are_removed_by_a_run_that_does_not_ask() {
    let run = account();
    let keys = "SELECT count(*) FROM flag_target_values";
    run.extract(&["--quiet", "--target-values"]);
    let asked = run.value::<i64>(keys);
    assert!(asked > 0);
    run.extract(&["--quiet", "--target-values"]);
    assert_eq!(run.value::<i64>(keys), asked);
    run.extract(&["--quiet"]);
    assert_eq!(run.value::<i64>(keys), 0);
}

#[test]
fn rows_that_someone_changed_in_the_database_are_restored() {
    let run = account();
    run.extract(&["--quiet"]);
    let before = run.tables();
    let changes = "UPDATE flags SET name = 'mine' WHERE rowid = 7;
                   UPDATE flag_environments SET is_on = NOT is_on WHERE rowid = 8;
                   DELETE FROM flag_statuses WHERE rowid = 9;
                   INSERT INTO tags VALUES ('zz-mine')";
    Connection::open(run.path("launchdarkly.db")).unwrap().execute_batch(changes).unwrap();
    run.extract(&["--quiet", "--max-removals", "100%"]);
    assert_eq!(run.tables(), before);
}
