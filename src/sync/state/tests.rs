use super::*;
use crate::record::sync::SyncDefinition;

fn open(path: &Path) -> State {
    State::open(path, Access::Write, Privacy::Keep).unwrap()
}

fn defined(path: &Path) -> State {
    let state = open(path);
    let sync = SyncDefinition { sync_name: "s".to_owned(), ..SyncDefinition::default() };
    state.define(&sync).unwrap();
    state
}

#[test]
fn a_state_file_has_the_documented_tables_and_one_user_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let state = open(&path);
    assert!(State::open(&path, Access::Write, Privacy::Keep).unwrap_err().is_held());
    for table in tables() {
        let sql = format!("SELECT count(*) FROM state.{}", table.name);
        assert_eq!(state.number(&sql).unwrap(), 0);
    }
    drop(state);
    open(&path);
}

#[test]
fn another_programs_database_is_refused_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    let before = std::fs::read(&path).unwrap();
    let error = State::open(&path, Access::Write, Privacy::Keep).unwrap_err();
    assert!(error.to_string().contains("not a state file"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_missing_file_is_read_as_an_empty_one_and_not_created() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let state = State::open(&path, Access::Read, Privacy::Keep).unwrap();
    assert!(state.is_new && state.sync("s").unwrap().is_none());
    drop(state);
    assert!(!path.exists());
}

#[test]
fn a_later_run_starts_later_even_if_the_clock_goes_back() {
    let folder = tempfile::tempdir().unwrap();
    let state = defined(&folder.path().join("state.db"));
    let first = state.begin_run("s").unwrap();
    let ahead = crate::record::sync::SyncRunRow {
        sync_run_id: "ahead".to_owned(),
        sync_name: "s".to_owned(),
        started_at: first.started_at + 1_000_000_000,
        ..first.clone()
    };
    state.store_run(&ahead).unwrap();
    let next = state.begin_run("s").unwrap();
    assert_eq!(next.started_at, ahead.started_at + 1);
    assert_ne!(next.sync_run_id, first.sync_run_id);
}

#[test]
fn hashed_keys_are_kept_as_hashes_and_still_compare() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let privacy = Privacy::with_key(b"0123456789abcdef").unwrap();
    let state = State::open(&path, Access::Write, privacy).unwrap();
    state.mark("s", ["ann@example.com"], Status::Held, "r").unwrap();
    let held = |condition: &str| {
        let sql = format!("SELECT count(*) FROM state.sync_rows WHERE {condition}");
        state.number(&sql).unwrap()
    };
    assert_eq!(held("row_key LIKE 'hmac-sha256:%'"), 1);
    assert_eq!(held("row_key = stored('ann@example.com')"), 1);
    drop(state);
    let bytes = std::fs::read(&path).unwrap();
    assert!(!bytes.windows(3).any(|window| window == b"ann"));
}

#[test]
fn forgetting_a_key_leaves_no_trace_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let state = defined(&path);
    state.mark("s", ["ann@example.com", "bob@example.com"], Status::Held, "r").unwrap();
    assert_eq!(state.forget_key("s", "ann@example.com").unwrap(), 1);
    assert_eq!(state.held("s").unwrap(), 1);
    drop(state);
    let bytes = std::fs::read(&path).unwrap();
    assert!(!bytes.windows(3).any(|window| window == b"ann"));
}
