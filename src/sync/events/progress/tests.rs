use super::*;

fn progress(position: &str, lag: Option<u64>) -> Progress {
    Progress {
        position: Some(Cursor::parse(position)),
        lag: lag.map(Duration::from_secs),
        rejected: HashSet::from(["7".to_owned()]),
        ..Progress::default()
    }
}

#[test]
fn a_value_of_another_kind_is_refused() {
    let mut progress = Progress::default();
    assert!(!progress.is_behind(&Cursor::Int(1)).unwrap());
    assert_eq!(progress.is_behind(&Cursor::parse("abc")).unwrap_err().reason, Reason::BadType);
}

#[test]
fn rows_before_the_cursor_are_behind_unless_their_value_was_rejected() {
    let mut progress = progress("10", None);
    for (value, expected) in [("9", true), ("10", false), ("11", false), ("7", false)] {
        assert_eq!(progress.is_behind(&Cursor::parse(value)).unwrap(), expected, "{value}");
    }
}

#[test]
fn rows_within_the_lag_are_looked_at() {
    let mut progress = progress("2026-01-01T12:00:00Z", Some(3600));
    for (value, expected) in [
        ("2026-01-01T10:59:59Z", true),
        ("2026-01-01T11:00:00Z", false),
        ("2026-01-01 11:30:00", false),
    ] {
        assert_eq!(progress.is_behind(&Cursor::parse(value)).unwrap(), expected, "{value}");
    }
}

#[test]
fn the_start_counts_until_something_is_sent() {
    let start = Some(Cursor::Int(5));
    let mut progress = Progress { start, ..Progress::default() };
    assert!(progress.is_behind(&Cursor::Int(4)).unwrap());
    assert!(!progress.is_behind(&Cursor::Int(5)).unwrap());
}

#[test]
fn the_cursor_does_not_pass_what_a_limit_cuts_off() {
    let mut progress = Progress::default();
    for value in [7, 3, 5] {
        progress.note_cut_off(Some(&Cursor::Int(value)));
    }
    assert_eq!(progress.allowed(Cursor::Int(9)), Cursor::Int(3));
    assert_eq!(progress.allowed(Cursor::Int(2)), Cursor::Int(2));
}
