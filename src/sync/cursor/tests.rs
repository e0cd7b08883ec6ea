use proptest::prelude::*;
use rusqlite::Connection;

use super::*;

/// The order of two values in a statement that sorts by it.
fn in_sql(one: &Cursor, other: &Cursor) -> Ordering {
    let database = Connection::open_in_memory().unwrap();
    let sql = "SELECT (?1 > ?2) - (?1 < ?2)";
    let sign = database.query_row(sql, [one.order(), other.order()], |row| row.get::<_, i64>(0));
    sign.unwrap().cmp(&0)
}

#[test]
fn values_of_a_kind_are_ordered_and_survive_json() {
    for ordered in [
        vec!["-1e300", "-1.5", "-1", "0.5", "9", "10", "9223372036854775807", "1e19"],
        vec!["9007199254740992.0", "9007199254740993"],
        vec!["2025-12", "a", "b"],
        vec!["2026-01-01", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:01Z", "2026-01-01 00:01"],
        vec!["2026-01-01T10:00:00+02:00", "2026-01-01T09:00:00Z", "2026-01-01T05:00:00-05:00"],
    ] {
        let ordered: Vec<_> = ordered.into_iter().map(Cursor::parse).collect();
        for pair in ordered.windows(2) {
            assert_eq!(pair[0].compare(&pair[1]), Some(Ordering::Less), "{pair:?}");
            assert_eq!(pair[1].compare(&pair[0]), Some(Ordering::Greater), "{pair:?}");
            assert_eq!(in_sql(&pair[0], &pair[1]), Ordering::Less, "{pair:?}");
        }
        for cursor in ordered {
            assert_eq!(Cursor::from_json(&cursor.to_json()), Some(cursor));
        }
    }
}

#[test]
fn a_time_is_equal_to_itself_in_another_form() {
    let time = Cursor::parse("2023-11-14T22:13:20Z");
    for other in ["1700000000000", "2023-11-14 22:13:20", "2023-11-14T23:13:20.000+01:00"] {
        let other = Cursor::parse(other);
        assert_eq!(time.compare(&other), Some(Ordering::Equal), "{other:?}");
        assert_eq!(time.order().to_json(), other.order().to_json());
    }
}

#[test]
fn values_of_different_kinds_do_not_compare() {
    for (one, other) in [
        (Cursor::parse("abc"), Cursor::Int(1)),
        (Cursor::parse("abc"), Cursor::parse("2026-01-01")),
        (Cursor::Int(7), Cursor::parse("2026-01-01")),
        (Cursor::Real(0.5), Cursor::parse("2026-01-01")),
        (Cursor::text("20260101".to_owned()), Cursor::parse("2026-01-01")),
    ] {
        assert_eq!((one.compare(&other), other.compare(&one)), (None, None), "{one:?} {other:?}");
    }
}

#[test]
fn a_cursor_without_a_value_is_a_missing_field() {
    let code = |cell| Cursor::of(cell, "c").unwrap_err().reason.code();
    assert_eq!(code(Some(Cell::Null)), "missing_field:cursor");
    assert_eq!(code(None), "missing_field:cursor");
    assert_eq!(code(Some(Cell::Bool(true))), "bad_type");
}

fn cursors() -> impl Strategy<Value = Cursor> {
    let real = any::<f64>().prop_filter("finite", |value| value.is_finite());
    prop_oneof![
        any::<i64>().prop_map(Cursor::Int),
        real.prop_map(Cursor::Real),
        (1.6e9..1.8e9).prop_map(Cursor::Real),
        ".*".prop_map(Cursor::text),
    ]
}

proptest! {
    #[test]
    fn every_value_is_read_back_to_the_last_bit(cursor in cursors(), number in 2..9_u8) {
        prop_assert_eq!(Cursor::from_json(&cursor.to_json()), Some(cursor.clone()));
        let key = Cursor::own_key(Some(&cursor), -1);
        prop_assert_eq!(Cursor::of_own_key(&format!("{key}#{number}")), Some(cursor.clone()));
        prop_assert_eq!(Cursor::of_own_key(&key), Some(cursor));
    }

    #[test]
    fn statements_sort_as_values_compare(one in cursors(), other in cursors()) {
        if let Some(order) = one.compare(&other) {
            prop_assert_eq!(in_sql(&one, &other), order);
        }
    }
}
