//! The value of a lenient field for each kind of JSON.

use super::*;

fn read<T: Shape>(json: &str) -> Lenient<T> {
    serde_json::from_str(json).unwrap()
}

#[test]
fn an_empty_identifier_is_not_set() {
    assert_eq!(read(r#""a""#), Lenient::Value(Identifier("a".into())));
    assert_eq!(read::<Identifier>(r#""""#), Lenient::Unset);
    for other in ["7", "true", "null", "[]", "{}", r#"{"a":[1]}"#] {
        assert_eq!(read::<Identifier>(other), Lenient::Unexpected, "{other}");
    }
}

#[test]
fn a_time_is_set_from_1970_to_9999() {
    for unset in ["0", "-1", "-62135596800000", r#""""#] {
        assert_eq!(read::<Moment>(unset), Lenient::Unset, "{unset}");
    }
    for set in [1, 1_600_000_000_000, 253_402_300_799_999] {
        assert_eq!(read(&set.to_string()), Lenient::Value(Moment(set)));
    }
    for wrong in ["253402300800000", "9223372036854775808", "1e300", "1.5", r#""2020""#, "[]"] {
        assert_eq!(read::<Moment>(wrong), Lenient::Unexpected, "{wrong}");
    }
}

#[test]
fn a_number_out_of_range_is_unexpected() {
    assert_eq!(read("9223372036854775807"), Lenient::Value(i64::MAX));
    for wrong in ["9223372036854775808", "1e300", "1.5", r#""1""#, "true"] {
        assert_eq!(read::<i64>(wrong), Lenient::Unexpected, "{wrong}");
    }
}

#[derive(Debug, Deserialize, Serialize)]
struct Member {
    #[serde(default)]
    email: Lenient<Identifier>,
    name: Option<Lenient<String>>,
    is_new: Option<Lenient<bool>>,
    seen_at: Option<Lenient<Moment>>,
    tags: Option<Lenient<JsonList>>,
    #[serde(default, deserialize_with = "list_length", skip_serializing)]
    rule_count: Option<Lenient<Count>>,
}

#[derive(Debug, Deserialize)]
struct Item {
    #[serde(default, deserialize_with = "object")]
    member: Option<Member>,
}

fn member(json: &str) -> Option<Member> {
    serde_json::from_str::<Item>(&format!(r#"{{"member":{json}}}"#)).unwrap().member
}

#[test]
fn an_object_of_another_type_has_every_field_unexpected() {
    for other in ["7", "-7", "1.5", "true", r#""x""#, "[]", r#"["a@example.com",null]"#] {
        let member = member(other).unwrap();
        assert_eq!(member.email, Lenient::Unexpected, "{other}");
        assert_eq!(member.name, Some(Lenient::Unexpected), "{other}");
        assert_eq!(member.is_new, Some(Lenient::Unexpected), "{other}");
        assert!(matches!(member.tags, Some(Lenient::Unexpected)), "{other}");
        assert_eq!(member.rule_count, Some(Lenient::Unexpected), "{other}");
    }
    assert!(member("null").is_none());
}

#[test]
fn only_a_required_field_can_be_missing_unexpectedly() {
    let member = member(r#"{"rule_count":null}"#).unwrap();
    assert_eq!(member.email, Lenient::Unexpected);
    assert_eq!((member.name, member.seen_at), (None, None));
    assert_eq!(member.rule_count, Some(Lenient::Value(Count(0))));
}

#[test]
fn a_journal_keeps_each_state() {
    for json in [
        r#"{"rule_count":null,"email":"a","name":"b","is_new":true,"seen_at":5,"tags":[1.50]}"#,
        r#"{"email":"","name":7,"is_new":7,"seen_at":0,"tags":7}"#,
        r#"{"email":7,"name":null,"is_new":null,"seen_at":"x"}"#,
    ] {
        let mut once = member(json).unwrap();
        once.rule_count = None;
        let kept = serde_json::to_string(&once).unwrap();
        assert_eq!(format!("{:?}", member(&kept).unwrap()), format!("{once:?}"), "{kept}");
    }
}
