//! Extractions that an earlier version of flaglake wrote.

use serde_json::Value;

use crate::inputs::{LAKE, company, extract, figure, json};
use crate::support::lake;

#[test]
fn columns_that_a_version_did_not_have_are_null() {
    let run = company();
    extract(&run, &[]);
    let lake = run.path("lake");
    let newest = lake::newest(&lake);
    let before = json(&run, LAKE, &[]);
    lake::without_column(&lake, &newest, "flags", "maintainer_email");
    lake::without_column(&lake, &newest, "extractions", "same_as");
    lake::without_column(&lake, &newest, "flag_hygiene", "has_description");
    let after = json(&run, LAKE, &[]);
    for part in ["headline", "scorecards", "owners"] {
        assert_eq!(after[part], before[part], "{part}");
    }
    let lists = after["lists"].as_array().unwrap();
    let hygiene = lists.iter().find(|list| list["view"] == "flag_hygiene").unwrap();
    assert_eq!(hygiene["rows"][0]["has_description"], Value::Null);
}

#[test]
fn a_view_that_a_version_did_not_have_is_computed() {
    let run = company();
    let resources = ["--resources", "default"];
    extract(&run, &resources);
    let lake = run.path("lake");
    let newest = lake::newest(&lake);
    let before = json(&run, LAKE, &[]);
    assert!(figure(&before, "ready_to_archive")["value"].as_i64() > Some(0));
    for view in ["flag_readiness", "removal_verdicts", "scorecards", "stale_flags", "blast_radius"]
    {
        lake::without_table(&lake, &newest, view);
    }
    let mut after = json(&run, LAKE, &[]);
    // The days of such an extraction are not known.
    for (figure, was) in after["headline"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .zip(before["headline"].as_array().unwrap())
    {
        figure["series"] = was["series"].clone();
    }
    assert_eq!(after, before);
}
