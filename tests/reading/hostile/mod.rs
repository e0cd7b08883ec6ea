//! Any input bytes: no panic, no unbounded memory, no more output than input; and a database
//! accepts the resulting rows.

mod types;

use std::fs;

use crate::support::feed::{Lake, count};
use crate::support::mutate::{around, doubled, edited, edits, hostile_values, pointers, removed};
use flaglake::launchdarkly::json_stream::page::{Defect, LARGEST_ITEM, PageReader};
use flaglake::resources;
use flaglake::resources::PageRows;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

fn fixture(resource: &dyn PageRows) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    fs::read(format!("{folder}/{}.json", resource.name())).unwrap()
}

/// Applies `change` to each value of every fixture; returns the number of accepted pages.
fn each_value(change: impl Fn(&Value, &str) -> Vec<String>) -> usize {
    let lake = Lake::new();
    let (mut writer, mut accepted) = (lake.writer(), 0);
    for resource in resources::ALL {
        let page: Value = serde_json::from_slice(&fixture(*resource)).unwrap();
        for pointer in pointers(&page) {
            for (piece, page) in (100..).step_by(37).zip(change(&page, &pointer)) {
                accepted += usize::from(writer.take(*resource, page.as_bytes(), piece));
            }
        }
    }
    accepted
}

#[test]
fn every_fixture_is_accepted_however_it_is_cut() {
    let lake = Lake::new();
    for resource in resources::ALL {
        let page = fixture(*resource);
        for piece in [1, 2, 7, 100, page.len()] {
            assert!(lake.writer().take(*resource, &page, piece), "{}", resource.name());
        }
    }
}

#[test]
fn no_value_in_place_of_another_does_harm() {
    let values = hostile_values();
    let accepted = each_value(|page, pointer| {
        let (start, end) = around(page, pointer);
        values.iter().map(|value| format!("{start}{value}{end}")).collect()
    });
    assert!(accepted > 1000, "{accepted}: what is refused at once tests little");
}

#[test]
fn no_value_that_is_missing_or_there_twice_does_harm() {
    let accepted = each_value(|page, pointer| vec![removed(page, pointer), doubled(page, pointer)]);
    assert!(accepted > 50, "{accepted}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 100,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_change_of_bytes_does_harm(edits in edits(), piece in 1usize..3000) {
        let lake = Lake::new();
        for resource in resources::ALL {
            lake.writer().take(*resource, &edited(&fixture(*resource), &edits), piece);
        }
    }

    #[test]
    fn no_bytes_do_harm(bytes in prop::collection::vec(any::<u8>(), 0..400), piece in 1usize..40) {
        for resource in resources::ALL {
            count(*resource, &bytes, piece);
            count(*resource, &[br#"{"items":["#, &bytes[..]].concat(), piece);
        }
    }
}

/// Reads `start`, then `part` repeatedly, until the reader refuses it; returns the number of bytes
/// read.
fn read_endlessly<T: DeserializeOwned>(start: &str, part: &str) -> (usize, Defect) {
    let piece = part.repeat((1 << 20) / part.len());
    let mut reader = PageReader::<T>::new();
    let mut read = start.len();
    let mut outcome = reader.push(start.as_bytes());
    while outcome.is_ok() {
        assert!(read <= LARGEST_ITEM + piece.len(), "{start}{part}…: nothing stops it");
        read += piece.len();
        outcome = reader.push(piece.as_bytes());
    }
    (read, outcome.err().unwrap())
}

#[test]
fn a_body_that_never_becomes_a_list_is_refused() {
    for part in ["[", " ", "x"] {
        let (read, defect) = read_endlessly::<Value>("", part);
        assert!(read > LARGEST_ITEM && defect.reason.contains("larger"), "{part}: {defect:?}");
    }
}

#[test]
fn an_item_without_end_is_refused() {
    let (read, defect) = read_endlessly::<IgnoredAny>("{\"items\":[\"", "x");
    assert!(read > LARGEST_ITEM && defect.reason.contains("larger"), "{defect:?}");
}

#[test]
fn lists_within_lists_are_refused_before_the_stack_ends() {
    for part in ["[", "{\"items\":[", "{\"a\":"] {
        let (read, defect) = read_endlessly::<Value>("{\"items\":[", part);
        assert!(read < 3 << 20, "{part}: {defect:?}");
    }
}

#[test]
fn blanks_are_not_kept() {
    let mut reader = PageReader::<Value>::new();
    reader.push(b"{\"items\":[").unwrap();
    for _ in 0..64 {
        reader.push(&[b' '; 1 << 14]).unwrap();
    }
    assert!(reader.push(b"]}").unwrap().is_empty());
    assert!(reader.finish().unwrap().has_items);
}

#[test]
fn a_list_within_an_item_is_refused_before_it_fills_the_memory() {
    let flags = resources::ALL.iter().find(|resource| resource.name() == "flags").unwrap();
    let page: Value = serde_json::from_slice(&fixture(*flags)).unwrap();
    let (start, end) = around(&page, "/items/0/variations");
    let variations = |count: usize| format!("{start}[{{}}{}]{end}", ",{}".repeat(count - 1));
    assert!(count(*flags, variations(1000).as_bytes(), 1 << 14));
    assert!(!count(*flags, variations(100_001).as_bytes(), 1 << 14));
}
