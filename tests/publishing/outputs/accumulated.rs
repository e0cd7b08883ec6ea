//! Views over the audit log in Parquet use the entries of all extractions, as in SQLite.

use std::fs;

use fake_launchdarkly::account::AuditEntry;
use fake_launchdarkly::{Behaviour, company};
use flaglake::model::view;

use crate::support::{Run, ended, lake, rows};

/// The views that read all accumulated rows.
const VIEWS: [&str; 2] = ["change_actors", "uncommented_critical_changes"];

/// The company without its audit log, and the entries, oldest first, in parts to add before each
/// run.
fn nights(parts: usize) -> (Run, Vec<Vec<AuditEntry>>) {
    let now = jiff::Timestamp::now().as_millisecond();
    let mut account = company::account(now);
    let mut entries = std::mem::take(&mut account.audit_log);
    // `change_actors` counts the last 30 days.
    entries.retain(|entry| entry.date_ms > now - 28 * 24 * 3_600_000);
    entries.sort_by_key(|entry| entry.date_ms);
    let size = entries.len().div_ceil(parts);
    let parts = entries.chunks(size).map(<[_]>::to_vec).collect();
    (Run::new(account, Behaviour::default()), parts)
}

/// Extracts to both outputs.
fn extract(run: &Run, arguments: &[&str]) -> String {
    let mut log = String::new();
    for output in ["launchdarkly.db", "parquet:lake"] {
        let mut command = run.command(&["extract", "--resources", "default", "--output", output]);
        command.args(arguments).env("FLAGLAKE_PERSONAL_DATA_KEY", "a key that is long enough");
        log += &ended(command.output().unwrap()).succeeded().stderr;
    }
    log
}

/// The rows of a view in the newest extraction, and in the database.
fn both(run: &Run, name: &str) -> (Vec<String>, Vec<String>) {
    let view = view::all().into_iter().find(|view| view.name == name).unwrap();
    let sql = format!("SELECT * FROM {name} ORDER BY {}", view.key.join(", "));
    let lake = run.path("lake");
    let parquet = lake::rows(&lake::part(&lake, name, &lake::newest(&lake)));
    (parquet, rows(&run.database(), &sql))
}

#[test]
fn accumulated_views_are_the_same_in_both_outputs() {
    let (run, nights) = nights(3);
    let mut counts = Vec::new();
    for night in nights {
        let new = night.len();
        run.server.change(|account| account.audit_log.extend(night));
        extract(&run, &[]);
        for name in VIEWS {
            let (parquet, sqlite) = both(&run, name);
            assert!(!parquet.is_empty(), "{name}");
            assert_eq!(parquet, sqlite, "{name}");
        }
        let lake = run.path("lake");
        let entries = lake::part(&lake, "audit_log_entries", &lake::newest(&lake));
        assert!(lake::rows(&entries).len() <= new, "the table has the new entries only");
        counts.push(both(&run, VIEWS[1]).0.len());
    }
    extract(&run, &[]);
    for name in VIEWS {
        let (parquet, sqlite) = both(&run, name);
        assert_eq!(parquet, sqlite, "{name}, after a run without a new entry");
    }
    assert!(counts.is_sorted_by(|one, next| one < next), "{counts:?}");
}

#[test]
fn accumulated_views_follow_the_privacy_mode() {
    let modes = ["keep", "hash", "drop", "keep"];
    let (run, nights) = nights(modes.len());
    let people = run.server.read(|account| {
        account.members.iter().map(|member| member.email.clone()).collect::<Vec<_>>()
    });
    for (night, mode) in nights.into_iter().zip(modes) {
        run.server.change(|account| account.audit_log.extend(night));
        extract(&run, &["--personal-data", mode]);
        for name in VIEWS {
            let (parquet, sqlite) = both(&run, name);
            let has_people = parquet.iter().any(|row| people.iter().any(|one| row.contains(one)));
            assert!(!has_people || mode == "keep", "{name} {mode}");
            assert_eq!(parquet.len(), sqlite.len(), "{name} {mode}");
        }
    }
}

#[test]
fn a_view_that_would_lack_rows_is_left_out() {
    let (run, nights) = nights(2);
    let mut nights = nights.into_iter();
    run.server.change(|account| account.audit_log.extend(nights.next().unwrap()));
    extract(&run, &[]);
    let lake = run.path("lake");
    let file = lake::part(&lake, "audit_log_entries", &lake::newest(&lake));
    fs::write(file, "half a file").unwrap();
    run.server.change(|account| account.audit_log.extend(nights.next().unwrap()));
    let log = extract(&run, &[]);
    for name in VIEWS {
        assert!(log.contains(name), "{log}");
        assert!(!lake::part(&lake, name, &lake::newest(&lake)).exists(), "{name}");
    }
    assert!(lake::part(&lake, "stale_flags", &lake::newest(&lake)).exists());
}
