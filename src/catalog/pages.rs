//! One page for each table and each view, in `docs/tables/` and `docs/views/`.

use super::markdown::{permission, push_columns, resource};
use super::{example, kept, state, tables};
use crate::model::table::TableInfo;
use crate::model::view::{self, View};

const NOTICE: &str = "<!-- Generated from the definitions; do not edit. -->\n";

/// The generated pages: path below `docs/`, and content.
pub fn pages() -> Vec<(String, String)> {
    let all: Vec<_> = tables().into_iter().chain(kept()).collect();
    let path = |folder: &str, name: &str| format!("{folder}/{name}.md");
    let of_table = |table: &TableInfo| (path("tables", table.name), table_page(table, &all));
    let of_view = |view: &View| (path("views", view.name), view_page(view));
    let all_state = state();
    let of_state = |table: &TableInfo| (path("tables", table.name), state_page(table));
    let states = all_state.iter().map(of_state);
    all.iter().map(of_table).chain(states).chain(view::all().iter().map(of_view)).collect()
}

fn table_page(table: &TableInfo, all: &[TableInfo]) -> String {
    let mut page = format!("{NOTICE}# {}\n\n{}\n\n", table.name, table.doc);
    page += &facts(&table_facts(table, all));
    page += &example_section(&example::of(table));
    page += "\n## Columns\n\nThe [index](README.md#marks) explains the marks.\n";
    push_columns(&mut page, &table.columns);
    page
}

fn state_page(table: &TableInfo) -> String {
    let mut page = format!("{NOTICE}# {}\n\n{}\n\n", table.name, table.doc);
    page += &facts(&[
        ("Primary key", code(table.key.iter().copied())),
        ("Where", "the state file of [`flaglake sync`](../sync.md)".to_owned()),
    ]);
    page += &example_section(&example::of(table));
    page += "\n## Columns\n\nThe [index](README.md#marks) explains the marks.\n";
    push_columns(&mut page, &table.columns);
    page
}

fn table_facts(table: &TableInfo, all: &[TableInfo]) -> Vec<(&'static str, String)> {
    let refers = |other: &&TableInfo| other.references().any(|name| name == table.name);
    let referring = all.iter().filter(refers).map(|other| other.name);
    let outputs =
        if kept().contains(table) { "databases only" } else { "SQLite, PostgreSQL and Parquet" };
    let mut facts = vec![
        ("Primary key", code(table.key.iter().copied())),
        ("References", links(table.references())),
        ("Referenced by", links(referring)),
        ("Outputs", outputs.to_owned()),
    ];
    if table.history {
        let name = format!("{}_history", table.name);
        facts.push(("Versions of each row", links([name.as_str()].into_iter())));
    }
    if table.accumulates {
        facts.push(("Earlier extractions", "their rows stay".to_owned()));
    }
    if let Some(resource) = resource(table) {
        facts.push(("Resource", format!("[`{}`](../resources.md)", resource.name())));
        facts.push(("Endpoint", format!("`GET {}`", resource.path())));
        facts.push(("Permission", permission(resource)));
    }
    facts
}

fn view_page(view: &View) -> String {
    let mut page = format!("{NOTICE}# {}\n\n{} {}\n\n", view.name, view.question, view.definition);
    let statement = format!("[{0}.sql](../../schema/views/{0}.sql)", view.name);
    page += &facts(&[
        ("One row per", code(view.key.iter().copied())),
        ("Needs", view.needs.iter().map(|need| need.text()).collect::<Vec<_>>().join(", ")),
        ("Assumptions", view.assumptions.to_owned()),
        ("Source", view.source.to_owned()),
        ("Statement", statement),
    ]);
    page += &example_section(&view.example);
    page += "\n## Columns\n";
    push_columns(&mut page, &view.columns);
    page
}

/// A table of two columns, without the facts that are empty.
fn facts(facts: &[(&str, String)]) -> String {
    let known = facts.iter().filter(|(_, text)| !text.is_empty());
    let rows = known.map(|(name, text)| format!("| {name} | {} |\n", text.replace('|', "\\|")));
    format!("| Property | Value |\n| --- | --- |\n{}", rows.collect::<String>())
}

fn example_section(statement: &str) -> String {
    format!("\n## Example\n\n```sql\n{statement}\n```\n")
}

fn code<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Links to the pages of tables, from a page beside them.
fn links<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(|name| format!("[`{name}`]({name}.md)")).collect::<Vec<_>>().join(", ")
}
