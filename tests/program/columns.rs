//! No column is ever removed, and none changes its type. `schema/columns.json` has all columns that
//! any version has published, with the version of the tables in which each was recorded; that of older columns is 4.
//!
//! `UPDATE_SCHEMA` adds new columns to it, and changes none that are there.

use std::collections::BTreeMap;
use std::{env, fs};

use flaglake::catalog;
use flaglake::model::table::{ColumnInfo, TableInfo, ddl, postgres};
use serde::{Deserialize, Serialize};

const RECORD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/columns.json");

/// The types of a column in each kind of output.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
struct Types {
    sqlite: String,
    postgres: String,
    arrow: String,
}

/// A column that was published.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
struct Published {
    /// The version of the tables in which it was recorded.
    since: i64,
    #[serde(flatten)]
    types: Types,
}

/// The columns of each table and view, by their names.
type Columns<C> = BTreeMap<String, BTreeMap<String, C>>;

/// The columns that this version publishes.
fn published() -> Columns<Types> {
    let tables = catalog::tables().into_iter().chain(catalog::kept()).chain(catalog::views());
    let types = |column: &ColumnInfo| Types {
        sqlite: ddl::data_type(column.ty).to_owned(),
        postgres: postgres::data_type(column.ty).to_owned(),
        arrow: catalog::arrow::data_type(column.ty).to_string(),
    };
    let columns = |table: &TableInfo| {
        let columns = table.columns.iter();
        columns.map(|column| (column.name.to_owned(), types(column))).collect()
    };
    tables.map(|table| (table.name.to_owned(), columns(&table))).collect()
}

fn recorded() -> Columns<Published> {
    // A new record would not have the columns that were removed.
    let record = fs::read_to_string(RECORD)
        .expect("schema/columns.json is missing: restore it from the history of the repository");
    serde_json::from_str(&record).unwrap()
}

/// What is wrong with `now`: a recorded column that it lacks, or has with other types.
fn broken(record: &Columns<Published>, now: &Columns<Types>) -> Vec<String> {
    let all = record.iter().flat_map(|(table, columns)| {
        columns.iter().map(move |(column, published)| (table, column, published))
    });
    let is_broken = |(table, column, published): (&String, &String, &Published)| {
        let types = now.get(table).and_then(|columns| columns.get(column));
        match types {
            None => Some(format!("{table}.{column} is missing")),
            Some(types) if *types != published.types => {
                Some(format!("{table}.{column} is {types:?}, and was {:?}", published.types))
            }
            Some(_) => None,
        }
    };
    all.filter_map(is_broken).collect()
}

/// Adds the columns of `now` that the record lacks.
fn add(record: &mut Columns<Published>, now: &Columns<Types>) {
    for (table, columns) in now {
        let known = record.entry(table.clone()).or_default();
        for (column, types) in columns {
            let since = catalog::SCHEMA_VERSION;
            let new = || Published { since, types: types.clone() };
            known.entry(column.clone()).or_insert_with(new);
        }
    }
}

/// The record as JSON, a column a line.
fn text(record: &Columns<Published>) -> String {
    let column = |(name, published): (&String, &Published)| {
        format!("    {name:?}: {}", serde_json::to_string(published).unwrap())
    };
    let table = |(name, columns): (&String, &BTreeMap<_, _>)| {
        let columns: Vec<_> = columns.iter().map(column).collect();
        format!("  {name:?}: {{\n{}\n  }}", columns.join(",\n"))
    };
    let tables: Vec<_> = record.iter().map(table).collect();
    format!("{{\n{}\n}}\n", tables.join(",\n"))
}

#[test]
fn no_published_column_is_removed_or_changes_its_type() {
    let (mut record, now) = (recorded(), published());
    assert_eq!(broken(&record, &now), Vec::<String>::new());
    let before = record.clone();
    add(&mut record, &now);
    if env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(RECORD, text(&record)).unwrap();
    } else {
        assert!(record == before, "schema/columns.json is stale: run UPDATE_SCHEMA=1 cargo test");
    }
    assert!(record.values().map(BTreeMap::len).sum::<usize>() > 1_000);
}

#[test]
fn a_removed_a_retyped_and_a_new_column_are_told_apart() {
    let (now, mut record) = (published(), Columns::new());
    add(&mut record, &now);
    let mut next = now.clone();
    let flags = next.get_mut("flags").unwrap();
    flags.remove("name");
    flags.get_mut("temporary").unwrap().arrow = "Utf8".to_owned();
    let temporary = flags["temporary"].clone();
    flags.insert("new".to_owned(), temporary);
    next.remove("teams");
    let wrong = broken(&record, &next);
    assert!(wrong.contains(&"flags.name is missing".to_owned()), "{wrong:?}");
    assert!(wrong.iter().any(|one| one.starts_with("flags.temporary is Types")), "{wrong:?}");
    let of_teams = wrong.iter().filter(|one| one.starts_with("teams."));
    assert_eq!(of_teams.count(), now["teams"].len());
    assert!(wrong.iter().all(|one| !one.contains("flags.new ")), "{wrong:?}");
    let types = record["flags"]["temporary"].clone();
    add(&mut record, &next);
    assert_eq!(record["flags"]["temporary"], types, "what is recorded stays");
    assert_eq!(record["flags"]["new"].since, catalog::SCHEMA_VERSION);
    assert!(record["teams"].contains_key("name"));
}
