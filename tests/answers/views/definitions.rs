//! Every view's file is whole: its header explains it, and agrees with its statement.

use std::collections::BTreeSet;
use std::fs;

use flaglake::model::table::Type;
use flaglake::model::view;
use flaglake::resources;

use crate::views::account::Account;

#[test]
fn every_file_of_a_view_is_listed_and_every_view_has_a_file() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/views");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
    let files: BTreeSet<_> = files.map(|name| name.into_string().unwrap()).collect();
    let views: BTreeSet<_> = view::all().iter().map(|view| format!("{}.sql", view.name)).collect();
    assert_eq!(files, views);
}

#[test]
fn every_header_explains_the_view_in_full() {
    for view in view::all() {
        assert!(view.question.ends_with('?'), "{}: {}", view.name, view.question);
        for text in [&view.definition, &view.source, &view.assumptions] {
            assert!(!text.is_empty(), "{} has an empty field", view.name);
        }
        assert!(view.assumptions.ends_with('.') && view.definition.ends_with('.'), "{}", view.name);
        for column in &view.columns {
            assert!(column.doc.ends_with('.'), "{}.{}: {}", view.name, column.name, column.doc);
        }
        assert!(!view.key.is_empty(), "{} has no key", view.name);
        for key in &view.key {
            assert!(view.columns.iter().any(|column| column.name == *key), "{}.{key}", view.name);
        }
        let is_known =
            |name| name == "history" || resources::ALL.iter().any(|one| one.name() == name);
        for need in &view.needs {
            assert!(is_known(need.resource), "{} needs {}", view.name, need.resource);
        }
    }
}

#[test]
fn headers_name_the_columns_that_the_statements_have() {
    let account = Account::new();
    for view in view::all() {
        let sql = format!("SELECT * FROM {}", view.name);
        let statement = account.connection.prepare(&sql).unwrap();
        let declared: Vec<_> = view.columns.iter().map(|column| column.name).collect();
        let actual: Vec<_> = statement.column_names().collect();
        assert_eq!(actual, declared, "{}", view.name);
    }
}

#[test]
fn a_view_needs_history_where_it_reads_versions_of_rows() {
    for view in view::all() {
        let needs_history = view.needs.iter().any(|need| need.resource == view::HISTORY);
        let statement = view.text.lines().filter(|line| !line.trim_start().starts_with("--"));
        let reads_versions = statement.into_iter().any(|line| line.contains("_history"));
        assert_eq!(needs_history, reads_versions, "{}", view.name);
    }
}

#[test]
fn every_example_runs() {
    let account = Account::new();
    for view in view::all() {
        assert!(view.example.contains(view.name), "{}: {}", view.name, view.example);
        account.rows(&view.example);
    }
}

#[test]
fn times_are_named_as_such() {
    for view in view::all() {
        for column in &view.columns {
            let ends = ["_at", "_since", "_until", "_from"];
            let sounds_so = ends.iter().any(|end| column.name.ends_with(end));
            assert_eq!(sounds_so, column.ty == Type::Time, "{}.{}", view.name, column.name);
        }
    }
}
