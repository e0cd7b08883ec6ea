//! `docs/sync.md` names all fields of rows and all reasons why a row is rejected.

use flaglake::launchdarkly::writes::segments::SegmentPlace;
use flaglake::sync::events::{EventOptions, Events, Identity};
use flaglake::sync::fields::Field;
use flaglake::sync::metrics::{MetricOptions, Metrics};
use flaglake::sync::object::SyncObject;
use flaglake::sync::reason::Reason;
use flaglake::sync::segments::{Members, SegmentKind, SegmentMode, SegmentOptions};

use super::keep_equal;
use crate::support::page;

const PAGE: &str = "docs/sync.md";

#[test]
fn the_fields_of_rows_are_those_of_the_definitions() {
    let identity = Identity { append_all: true, ..Identity::default() };
    let events = Events::new(EventOptions { identity, ..EventOptions::default() }).unwrap();
    let metrics = Metrics::new(MetricOptions::default()).unwrap();
    keep_fields("metrics", metrics.fields());
    keep_fields("events", events.fields());
    keep_fields("segment", members().fields());
}

fn members() -> Members {
    let empty = String::new;
    Members::new(SegmentOptions {
        place: SegmentPlace { project: empty(), environment: empty(), segment: empty() },
        name: None,
        context_kind: empty(),
        kind: SegmentKind::default(),
        mode: SegmentMode::default(),
        exclusive: false,
        integration: None,
    })
    .unwrap()
}

/// Keeps the table of an object's fields equal to their definitions.
fn keep_fields(object: &str, fields: &[Field]) {
    let row = |field: &Field| {
        let required = if field.required { "yes" } else { "" };
        vec![format!("`{}`", field.name), required.to_owned(), field.doc.to_owned()]
    };
    let rows: Vec<_> = fields.iter().map(row).collect();
    let table = page::table(&["Field", "Required", "Meaning"], &rows);
    keep_equal(PAGE, |page| {
        page.replace_range(page::generated(page, &format!("fields of {object}")), &table);
    });
}

#[test]
fn every_reason_of_a_rejected_row_is_explained() {
    let page = page::read(PAGE);
    let rows = page::section(&page, "## Rows that do not reach LaunchDarkly");
    let rows = rows.filter(|line| line.starts_with("| ")).skip(2).map(page::cells);
    let actual: Vec<_> = rows.map(|row| row[0].trim_matches('`').to_owned()).collect();
    let code = |reason: &Reason| match reason {
        Reason::Refused(_) => "refused:CODE".to_owned(),
        reason => reason.code().into_owned(),
    };
    let expected: Vec<_> = Reason::ALL.iter().map(code).collect();
    assert_eq!(actual, expected, "{PAGE} (left) and `sync::reason::Reason` (right)");
}
