use super::*;

/// A cursor that stands at `position`; rows with the value 7 were rejected.
fn progress(position: &str, lag: Option<u64>) -> Progress {
    let position = Some(Cursor::parse(position));
    Progress {
        anchor: position.clone(),
        position,
        lag: lag.map(Duration::from_secs),
        rejected: HashSet::from(["7".to_owned()]),
        ..Progress::default()
    }
}

#[test]
fn a_value_of_another_kind_than_the_position_is_refused() {
    for (position, other) in [
        ("5", "abc"),
        ("5", "2026-01-01"),
        ("abc", "5"),
        ("abc", "2026-01-01"),
        ("2026-01-01", "5"),
        ("2026-01-01", "0000-00-00"),
    ] {
        let refused = progress(position, None).is_behind(&Cursor::parse(other)).unwrap_err();
        assert_eq!(refused.reason, Reason::BadType, "{position} {other}");
    }
}

#[test]
fn most_rows_decide_on_the_kind_unless_something_else_does() {
    for (values, expected) in [
        (vec!["1", "2"], None),
        (vec!["n/a", "1", "2"], Some(Kind::Number)),
        (vec!["1", "2026-01-01", "2026-01-02"], Some(Kind::Time)),
        (vec!["b", "1", "2026-01-01"], Some(Kind::Text)),
    ] {
        let mut progress = Progress::default();
        for value in &values {
            assert!(!progress.is_behind(&Cursor::parse(value)).unwrap());
        }
        assert_eq!(progress.decided_kind(), expected, "{values:?}");
    }
    let mut progress = progress("2026-01-01", None);
    for value in ["2026-01-01", "1790000000000"] {
        progress.is_behind(&Cursor::parse(value)).unwrap();
    }
    assert_eq!(progress.decided_kind(), None);
}

#[test]
fn rows_before_the_cursor_are_behind_unless_their_value_was_rejected() {
    let mut progress = progress("10", None);
    for (value, expected) in
        [("9", true), ("10", false), ("11", false), ("7", false), ("7.0", false), ("7.5", true)]
    {
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
        ("2026-01-01T12:30:00+02:00", true),
    ] {
        assert_eq!(progress.is_behind(&Cursor::parse(value)).unwrap(), expected, "{value}");
    }
}

#[test]
fn a_lag_needs_times() {
    for (position, value) in [("a1", "a2"), ("1.5", "2"), ("1", "2.5")] {
        let mut progress = progress(position, Some(3600));
        let refused = progress.is_behind(&Cursor::parse(value)).unwrap_err();
        assert_eq!(refused.reason, Reason::BadType, "{position} {value}");
    }
    let mut first = Progress { lag: Some(Duration::from_secs(1)), ..Progress::default() };
    for (value, is_time) in [("a2", false), ("2.5", false), ("2026-01-01", true), ("5", true)] {
        assert_eq!(first.is_behind(&Cursor::parse(value)).is_ok(), is_time, "{value}");
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
    for value in ["n/a", "7", "3", "5"] {
        progress.note_cut_off(Some(&Cursor::parse(value)));
    }
    assert_eq!(progress.allowed(Cursor::Int(9)), Cursor::Int(3));
    assert_eq!(progress.allowed(Cursor::Int(2)), Cursor::Int(2));
}
