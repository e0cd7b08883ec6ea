//! Tables and views as metadata for Datasette, with a query that uses each view.

use serde_json::{Map, Value, json};

use crate::model::table::TableInfo;
use crate::model::view::{self, View};

/// The name that Datasette gives the database: the file's name without its extension.
const DATABASE: &str = "launchdarkly";

/// The text of `datasette.json`, for `datasette --metadata`.
pub fn metadata(tables: &[TableInfo]) -> String {
    let views = view::all();
    let described = tables.iter().map(|table| entry(table.name, describe(table, table.doc)));
    let answers = views.iter().map(|view| entry(view.name, describe_view(view)));
    let queries = views.iter().map(|view| entry(&format!("{}_example", view.name), query(view)));
    let document = json!({
        "title": "LaunchDarkly",
        "description": "Extracted by flaglake.",
        "databases": { DATABASE: {
            "tables": described.chain(answers).collect::<Map<_, _>>(),
            "queries": queries.collect::<Map<_, _>>(),
        } },
    });
    format!("{document:#}\n")
}

fn entry(name: &str, value: Value) -> (String, Value) {
    (name.to_owned(), value)
}

fn describe(table: &TableInfo, description: &str) -> Value {
    let columns = table.columns.iter().map(|column| entry(column.name, json!(column.doc)));
    json!({ "description": description, "columns": columns.collect::<Map<_, _>>() })
}

fn describe_view(view: &View) -> Value {
    describe(&view.table(), &format!("{} {}", view.question, view.definition))
}

fn query(view: &View) -> Value {
    json!({ "title": view.question, "description": view.definition, "sql": view.example })
}
