//! Creates the schema and its tables, and adds what earlier versions of flaglake did not have.
//! Nothing is ever dropped or given another type.

use tokio_postgres::Client;

use super::address::Schema;
use super::connection::broken;
use super::identity::Found;
use crate::Result;
use crate::catalog::postgres::all;
use crate::model::table::TableInfo;
use crate::model::table::postgres::{
    add_column, comments, create_table, foreign_keys, qualified, quoted,
};

/// Creates what is missing. Statements are only sent where there is something to change, because
/// each of them locks its table.
pub(super) async fn create(client: &Client, schema: &Schema, found: &Found) -> Result<()> {
    let name = &schema.name;
    let mut sql = String::new();
    if !found.exists {
        sql = format!("CREATE SCHEMA {};\n", quoted(name));
    }
    all().iter().for_each(|table| sql.push_str(&statements(name, table, found)));
    run(client, schema, &sql).await
}

fn statements(schema: &str, table: &TableInfo, found: &Found) -> String {
    let relation = found.relations.get(table.name);
    let mut sql = match relation {
        None => create_table(schema, table),
        Some(known) => {
            let is_missing = |name: &str| !known.columns.contains_key(name);
            let missing = table.columns.iter().filter(|column| is_missing(column.name));
            missing.map(|column| add_column(schema, table, column)).collect()
        }
    };
    let is_stale = |column: Option<&str>, doc: &str| {
        let said = relation.and_then(|relation| match column {
            None => relation.comment.as_deref(),
            Some(name) => relation.columns.get(name).and_then(|(_, said)| said.as_deref()),
        });
        said != Some(doc)
    };
    for (column, statement) in comments(schema, table) {
        let doc = column.map_or(Some(table.doc), |name| {
            table.columns.iter().find(|one| one.name == name).map(|one| one.doc)
        });
        if is_stale(column, doc.unwrap_or_default()) {
            sql.push_str(&statement);
        }
    }
    sql
}

/// Adds the foreign keys of new tables, whose rows are there now, and updates what the planner knows
/// of them.
pub(super) async fn complete(client: &Client, schema: &Schema, found: &Found) -> Result<()> {
    let (name, all) = (&schema.name, all());
    let new = all.iter().filter(|table| !found.relations.contains_key(table.name));
    let mut sql = String::new();
    for table in new {
        sql.push_str(&foreign_keys(name, table, &all));
        sql.push_str(&format!("ANALYZE {};\n", qualified(name, table)));
    }
    if !sql.is_empty() {
        // Checks that are still to be made would keep a table from being altered.
        sql.insert_str(0, "SET CONSTRAINTS ALL IMMEDIATE;\n");
    }
    run(client, schema, &sql).await
}

async fn run(client: &Client, schema: &Schema, sql: &str) -> Result<()> {
    if sql.is_empty() {
        return Ok(());
    }
    client.batch_execute(sql).await.map_err(|error| broken(schema, &error))
}
