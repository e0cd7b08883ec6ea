//! Tables in the pages agree with the definitions.

use std::fs;
use std::path::Path;

use flaglake::error::Kind;
use flaglake::model::table::TableInfo;
use flaglake::model::thresholds::{self, Threshold};
use flaglake::model::view::{self, View};
use flaglake::resources::PageRows;
use flaglake::{catalog, resources};

use super::keep_equal;
use crate::support::{page, rust_files};

#[test]
fn the_table_of_tables_is_that_of_the_definitions() {
    let row = |table: &TableInfo| {
        let name = table.name;
        let key = format!("`{}`", table.key.join("`, `"));
        vec![format!("[`{name}`]({name}.md)"), table.doc.to_owned(), key]
    };
    let tables = catalog::tables().into_iter().chain(catalog::kept()).chain(catalog::state());
    let tables: Vec<_> = tables.collect();
    let rows: Vec<_> = tables.iter().map(row).collect();
    let table = page::table(&["Table", "Holds", "Key"], &rows);
    keep_equal("docs/tables/README.md", |page| {
        page.replace_range(page::generated(page, "tables"), &table)
    });
}

#[test]
fn the_documented_views_are_those_of_the_definitions() {
    let row = |view: &View| {
        let link = format!("[`{0}`]({0}.md)", view.name);
        vec![link, view.question.to_owned()]
    };
    let rows: Vec<_> = view::all().iter().map(row).collect();
    let views = page::table(&["View", "Question"], &rows);
    keep_equal("docs/views/README.md", |page| {
        page.replace_range(page::generated(page, "views"), &views)
    });
    let row = |one: &Threshold| {
        vec![format!("`{}`", one.name), format!("{} {}", one.default, one.unit), one.doc.to_owned()]
    };
    let rows: Vec<_> = thresholds::ALL.iter().map(row).collect();
    let thresholds = page::table(&["Threshold", "Default", "What it decides"], &rows);
    keep_equal("docs/views/README.md", |page| {
        page.replace_range(page::generated(page, "thresholds"), &thresholds)
    });
}

#[test]
fn the_table_of_resources_is_that_of_the_definitions() {
    let row = |resource: &&dyn PageRows| {
        let tables: Vec<_> =
            resource.tables().iter().map(|table| format!("`{}`", table.name)).collect();
        let permission = match resource.permission() {
            "" => "Reader role".to_owned(),
            action => format!("`{action}`"),
        };
        let group = resource.group().name().to_owned();
        let endpoint = format!("`{}`", resource.path().trim_start_matches("/api/v2"));
        let name = format!("`{}`", resource.name());
        vec![name, group, tables.join(", "), endpoint, permission]
    };
    let rows: Vec<_> = resources::ALL.iter().map(row).collect();
    let table = page::table(&["Resource", "Group", "Tables", "Endpoint", "Permission"], &rows);
    keep_equal("docs/resources.md", |page| {
        page.replace_range(page::generated(page, "resources"), &table)
    });
}

#[test]
fn the_table_of_errors_is_that_of_the_code() {
    let page = page::read("docs/errors.md");
    let rows = page::section(&page, "## Exit statuses").filter(|line| line.starts_with("| "));
    let rows: Vec<_> = rows.skip(2).map(page::cells).collect();
    assert!(
        rows.iter().all(|row| row.len() == 4 && !row[2].is_empty()),
        "each row says when it applies: {rows:?}"
    );
    let actual: Vec<_> = rows.iter().map(|row| format!("{} {}", row[0], row[1])).collect();
    let kinds = Kind::ALL.iter().map(|kind| format!("{} `{}`", kind.exit_status(), kind.code()));
    let expected: Vec<_> = std::iter::once("0 ".to_owned()).chain(kinds).collect();
    assert_eq!(
        actual, expected,
        "exit statuses and codes in the table of docs/errors.md (left) are not those \
         of `error::Kind` (right): edit the table"
    );
}

/// All code of the tests.
fn sources() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    rust_files(&folder).into_iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

fn has_test(sources: &str, name: &str) -> bool {
    sources.contains(&format!("#[test]\nfn {name}() {{"))
}

#[test]
fn every_guarantee_names_tests_that_exist() {
    let sources = sources();
    let page = page::read("docs/reliability.md");
    let rows = page::section(&page, "## Guarantees").filter(|line| line.starts_with("| "));
    let guarantees: Vec<_> = rows.skip(2).map(page::cells).collect();
    assert!(guarantees.len() > 10);
    for cells in guarantees {
        let names: Vec<_> = cells[2].split(", ").map(|name| name.trim_matches('`')).collect();
        assert!(!names.is_empty(), "{}", cells[0]);
        for name in names {
            assert!(sources.contains(&format!("\nfn {name}() {{")), "{}: {name}", cells[0]);
        }
    }
}

#[test]
fn every_property_of_an_output_names_tests_that_exist() {
    let sources = sources();
    let page = page::read("docs/outputs.md");
    let rows = page::section(&page, "# Outputs").filter(|line| line.starts_with("| "));
    let rows: Vec<_> = rows.skip(2).map(page::cells).collect();
    assert!(rows.len() > 5);
    for cells in rows {
        for cell in &cells[1..] {
            let names: Vec<_> = cell
                .split_once(": ")
                .into_iter()
                .flat_map(|(_, names)| names.split(", "))
                .collect();
            assert!(!names.is_empty(), "{}: no test shows `{cell}`", cells[0]);
            for name in names {
                assert!(has_test(&sources, name.trim_matches('`')), "{}: {name}", cells[0]);
            }
        }
    }
}
