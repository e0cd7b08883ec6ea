//! The types of views: each cell has the type that the header declares, and no reader of SQLite is
//! told another one.

use std::process::Command;

use flaglake::model::table::{ColumnInfo, Type};
use flaglake::model::view;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{NO_DEMO_PAST, python};
use crate::views::account::{Account, ago};
use crate::views::agreement;

/// The condition that the cell `name` has this type.
fn has_type(ty: Type, name: &str) -> String {
    match ty {
        Type::Text => format!("typeof({name}) = 'text'"),
        Type::Json => format!("typeof({name}) = 'text' AND json_valid({name})"),
        Type::Int => format!("typeof({name}) = 'integer'"),
        Type::Real => format!("typeof({name}) = 'real'"),
        Type::Bool => format!("typeof({name}) = 'integer' AND {name} IN (0, 1)"),
        Type::Time => {
            format!("typeof({name}) = 'text' AND {name} IS strftime('%Y-%m-%dT%H:%M:%fZ', {name})")
        }
    }
}

/// The names that SQLite may give to the type. It gives none to some expressions.
fn names(ty: Type) -> &'static [&'static str] {
    match ty {
        Type::Text | Type::Json => &["", "TEXT"],
        Type::Int => &["", "BIGINT", "INT", "INTEGER"],
        Type::Real => &["", "DOUBLE", "REAL"],
        Type::Bool => &["", "BOOLEAN"],
        Type::Time => &["", "TIMESTAMP"],
    }
}

/// The demo account, with everything that it has, in the file `demo.db` of a folder.
fn demo() -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_flaglake"));
    command.env(NO_DEMO_PAST.0, NO_DEMO_PAST.1);
    command.args(["extract", "--demo", "--quiet", "--resources", "all", "--output", "demo.db"]);
    assert!(command.current_dir(folder.path()).status().unwrap().success());
    folder
}

/// An account with rows of the views that have none in the demo account: an unused project, and
/// two versions of a flag that code no longer mentions.
fn neglected() -> Account {
    let account = Account::new();
    account.project("old").environment("old", "production", true);
    account.flag("old", "a", 300.0, &[("temporary", json!(false))]);
    account.status(("old", "a", "production"), "inactive", Some(200.0));
    let keys =
        [("project_key", json!("old")), ("flag_key", json!("a")), ("created_at", ago(300.0))];
    for (days, temporary) in [(9.0, true), (8.0, false)] {
        let version = [("valid_from", ago(days)), ("temporary", json!(temporary))];
        account.insert("flags_history", &[&keys[..], &version].concat());
    }
    let version = [("valid_from", ago(9.0)), ("valid_to", ago(8.0))];
    account.insert("code_references_history", &[&keys[..2], &version].concat());
    account.outcome("segments", "old/production", "skipped");
    account.insert("flag_tags", &[&keys[..2], &[("tag", json!("keep"))]].concat());
    account.setting("exempt_tags", "", 0, "keep");
    account
}

/// Whether a view has rows in any of the accounts.
fn has_rows(accounts: &[Account], view: &str) -> bool {
    let sql = format!("SELECT EXISTS (SELECT 1 FROM {view})");
    accounts.iter().any(|account| account.rows(&sql) == ["1"])
}

fn columns() -> impl Iterator<Item = (&'static str, ColumnInfo)> {
    let of = |view: view::View| view.columns.into_iter().map(move |column| (view.name, column));
    view::all().into_iter().flat_map(of)
}

#[test]
fn every_cell_of_a_view_has_the_declared_type() {
    let folder = demo();
    let demo = Account::open(&folder.path().join("demo.db"));
    let accounts = [demo, agreement::account(), neglected()];
    for view in view::all() {
        assert!(has_rows(&accounts, view.name), "{} is empty", view.name);
    }
    let mut faults = Vec::new();
    for account in &accounts {
        for (view, column) in columns() {
            let (name, condition) = (column.name, has_type(column.ty, column.name));
            let of_null = if column.nullable { "TRUE" } else { "FALSE" };
            let sql = format!(
                "SELECT count(*) FROM {view}
                 WHERE NOT CASE WHEN {name} IS NULL THEN {of_null} ELSE {condition} END"
            );
            if account.rows(&sql) != ["0"] {
                faults.push(format!("{view}.{}", column.name));
            }
        }
    }
    assert_eq!(faults, [""; 0]);
}

#[test]
fn no_column_of_a_view_is_declared_as_another_type() {
    let account = Account::new();
    let mut faults = Vec::new();
    for (view, column) in columns() {
        let name = column.name;
        let sql = format!("SELECT type FROM pragma_table_xinfo('{view}') WHERE name = '{name}'");
        let declared = account.rows(&sql).remove(0);
        if !names(column.ty).contains(&declared.as_str()) {
            faults.push(format!("{view}.{name}: {declared}"));
        }
    }
    assert_eq!(faults, [""; 0]);
}

/// What the script calls each type.
fn kind(ty: Type) -> &'static str {
    match ty {
        Type::Text | Type::Json => "text",
        Type::Int => "integer",
        Type::Real => "real",
        Type::Bool => "boolean",
        Type::Time => "time",
    }
}

#[test]
fn sqlalchemy_and_pandas_read_every_view_as_declared() {
    if !python::has(&["sqlalchemy", "pandas"]) {
        return;
    }
    let folder = demo();
    let mut wanted = json!({});
    for (view, column) in columns() {
        wanted[view][column.name] = json!(kind(column.ty));
    }
    let script = include_str!("../../python/read_views_with_sqlalchemy.py");
    let path = folder.path().join("demo.db");
    let facts = python::run(script, [path.to_str().unwrap(), &wanted.to_string()]);
    assert_eq!(facts["faults"], json!([]));
    assert_eq!(facts["views"].as_u64(), Some(view::all().len() as u64));
    let declared: &Value = &facts["declared"];
    for kind in ["text", "integer", "boolean", "time"] {
        assert!(declared[kind].as_u64() > Some(0), "{kind}: {declared}");
    }
}
