//! Lists in chunks of any size.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};

use serde::Deserialize;

use super::*;

fn read(body: &[u8], cut: usize) -> Result<(Vec<Value>, Option<i64>), Defect> {
    let mut reader = PageReader::<Value>::new();
    let mut items = Vec::new();
    for chunk in body.chunks(cut.max(1)) {
        items.extend(reader.push(chunk)?);
    }
    let end = reader.finish()?;
    items.extend(end.items);
    Ok((items, end.total_count))
}

#[test]
fn items_survive_any_cut() {
    let body = br#" {"x":{"items":[1]},"y":"items","items" : [ {"a":"]}\"\\"} , "two",[3,[4]] ],"totalCount":3,"_links":{}} "#;
    for cut in 1..body.len() {
        let (items, total) = read(body, cut).unwrap();
        assert_eq!(items, [json!({"a":"]}\"\\"}), json!("two"), json!([3, [4]])], "cut {cut}");
        assert_eq!(total, Some(3));
    }
}

#[test]
fn empty_null_and_absent_lists_are_distinguished() {
    let end = |body: &[u8]| {
        let mut reader = PageReader::<Value>::new();
        reader.push(body).unwrap();
        let end = reader.finish().unwrap();
        (end.items.len(), end.has_items, end.has_links)
    };
    assert_eq!(end(br#"{"items":[],"_links":{}}"#), (0, true, true));
    assert_eq!(end(br#"{"items":null}"#), (0, true, false));
    assert_eq!(end(br#"{"_links":{}}"#), (0, false, true));
}

#[test]
fn every_truncation_is_garbled() {
    let body = br#"{"totalCount":2,"items":[{"a":1},{"b":"c"}],"_links":{"next":{"href":"/x"}}}"#;
    for end in 0..body.len() {
        let defect = read(&body[..end], 7).expect_err("cut short");
        assert!(defect.garbled, "{end}: {defect:?}");
    }
}

#[test]
fn a_defect_names_the_path_and_hides_the_value() {
    #[derive(Debug, Deserialize)]
    struct Item {
        #[expect(dead_code)]
        on: bool,
    }
    let mut reader = PageReader::<Item>::new();
    reader.push(br#"{"items":[{"on":true},{"on":"sdk-secret"},{"on":7}]}"#).unwrap();
    let defect = reader.finish().unwrap_err();
    assert_eq!((defect.path.as_str(), defect.garbled), ("items[1].on", false));
    assert!(!defect.reason.contains("secret"), "{}", defect.reason);
}

#[test]
fn html_is_garbled_and_an_array_is_not_a_list() {
    assert!(read(b"<html><body>Bad gateway</body></html>", 5).unwrap_err().garbled);
    assert!(!read(b"[1,2]", 5).unwrap_err().garbled);
    assert!(read(br#"{"items":[1,,2]}"#, 50).unwrap_err().garbled);
    assert!(read(br#"{"items":[1,]}"#, 50).unwrap_err().garbled);
    assert!(read(br#"{"items":[]} tail"#, 50).unwrap_err().garbled);
}

/// The defect of a list of numbers that arrives in chunks of `cut` bytes.
fn defect(body: &[u8], cut: usize) -> Defect {
    let mut reader = PageReader::<u8>::new();
    let pushed = body.chunks(cut).try_for_each(|chunk| reader.push(chunk).map(drop));
    pushed.and_then(|()| reader.finish().map(drop)).unwrap_err()
}

#[test]
fn a_wrong_type_is_final_only_in_valid_json() {
    let final_ones: [&[u8]; 6] = [
        br#"{"items":[1,"x",3],"_links":{}}"#,
        br#"{"items":["x"]}"#,
        br#"{"items":[1,{"a":["]}",{}]},"y"]}"#,
        br#"{"items":[1,1e999]}"#,
        br#"{"items":[1],"totalCount":"many"}"#,
        br#"{"items":[1],"_links":7}"#,
    ];
    for body in final_ones {
        for cut in 1..=body.len() {
            let found = defect(body, cut);
            assert!(!found.garbled, "{} {cut}: {found:?}", String::from_utf8_lossy(body));
        }
    }
    let garbled: [&[u8]; 12] = [
        br#"{"items":[1,"x",oops]}"#,
        br#"{"items":["x" 1]}"#,
        br#"{"items":["x",]}"#,
        br#"{"items":["x",,1]}"#,
        br#"{"items":["x",{"a":}]}"#,
        br#"{"items":["x",1"#,
        br#"{"items":["x"]"#,
        br#"{"items":["x"]} tail"#,
        br#"{"a":oops,"items":["x"]}"#,
        br#"{"items":["x"],"b":oops}"#,
        b"{\"items\":[\"\xff\"]}",
        br#"{"totalCount":"many","items":[1],"_links":"#,
    ];
    for body in garbled {
        for cut in 1..=body.len() {
            let found = defect(body, cut);
            assert!(found.garbled, "{} {cut}: {found:?}", String::from_utf8_lossy(body));
        }
    }
}

#[test]
fn a_cut_anywhere_after_a_wrong_type_is_garbled() {
    let body = br#"{"totalCount":2,"items":["x",{"a":[1,"b"]},3],"_links":{"next":{"href":"/x"}}}"#;
    assert!(!defect(body, 7).garbled);
    for end in 0..body.len() {
        let found = defect(&body[..end], 7);
        assert!(found.garbled, "{end}: {found:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_list_in_chunks_reads_like_the_whole(
        items in prop::collection::vec(any::<String>(), 0..20), total in any::<i64>(), cut in 1usize..40,
    ) {
        let body = json!({"totalCount": total, "items": items, "_links": {"self": {}}}).to_string();
        let (read, counted) = read(body.as_bytes(), cut).unwrap();
        prop_assert_eq!(read, items.into_iter().map(Value::from).collect::<Vec<_>>());
        prop_assert_eq!(counted, Some(total));
    }

    #[test]
    fn no_body_causes_a_panic(body in prop::collection::vec(any::<u8>(), 0..300), cut in 1usize..40) {
        let _ = read(&body, cut);
    }
}
