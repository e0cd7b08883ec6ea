//! One table or view, for a terminal.

use unicode_width::UnicodeWidthStr;

use super::markdown::{permission, resource, type_name};
use super::{example, kept, names, state, tables};
use crate::model::sql::has_word;
use crate::model::table::{ColumnInfo, TableInfo};
use crate::model::view::{self, View};
use crate::terminal::width::wrapped;

/// The narrowest text beside a name; in less room, it is below.
const LEAST: usize = 24;

/// A label and its text.
type Fact = (&'static str, String);

/// Explains a table or view in lines of at most `width` columns; `None` where there is none of this
/// name.
pub fn explain(name: &str, width: usize) -> Option<String> {
    let all: Vec<_> = tables().into_iter().chain(kept()).chain(state()).collect();
    let views = view::all();
    if let Some(view) = views.iter().find(|view| view.name == name && !view.is_internal()) {
        let doc = format!("{} {}", view.question, view.definition);
        let facts = of_view(view, &all, &views);
        return Some(page(name, &doc, &facts, &view.example, &view.columns, width));
    }
    let table = all.iter().find(|table| table.name == name)?;
    let facts = of_table(table, &all, &views);
    Some(page(name, table.doc, &facts, &example::of(table), &table.columns, width))
}

/// The names of everything that is explained.
pub fn explained() -> Vec<&'static str> {
    names().chain(state().into_iter().map(|table| table.name)).collect()
}

fn of_table(table: &TableInfo, all: &[TableInfo], views: &[View]) -> Vec<Fact> {
    let refers = |other: &&TableInfo| other.references().any(|name| name == table.name);
    let reading = views.iter().filter(|view| !view.is_internal() && reads(view, table.name));
    let mut facts = vec![
        ("kind", "table".to_owned()),
        ("outputs", outputs(table).to_owned()),
        ("key", table.key.join(", ")),
        ("references", list(table.references().map(|name| reference(name, all)))),
        ("referenced by", list(all.iter().filter(refers).map(|other| other.name.to_owned()))),
        ("views", list(reading.map(|view| view.name.to_owned()))),
    ];
    if table.history {
        facts.push(("versions", format!("{}_history", table.name)));
    }
    if let Some(resource) = resource(table) {
        facts.push(("resource", resource.name().to_owned()));
        facts.push(("endpoint", format!("GET {}", resource.path())));
        facts.push(("permission", permission(resource)));
    }
    facts
}

fn outputs(table: &TableInfo) -> &'static str {
    if state().contains(table) {
        "the state file of `flaglake sync`"
    } else if kept().contains(table) {
        "databases only"
    } else {
        "all"
    }
}

fn of_view(view: &View, all: &[TableInfo], views: &[View]) -> Vec<Fact> {
    let names = all.iter().map(|table| table.name);
    let names = names.chain(views.iter().filter(|one| !one.is_internal()).map(|one| one.name));
    let read = names.filter(|name| *name != view.name && reads(view, name));
    let needs: Vec<_> = view.needs.iter().map(|need| need.text()).collect();
    vec![
        ("kind", "view; a table in Parquet, Delta Lake and PostgreSQL".to_owned()),
        ("one row per", view.key.join(", ")),
        ("reads", list(read.map(str::to_owned))),
        ("needs", needs.join(", ").replace('`', "")),
        ("assumptions", view.assumptions.clone()),
        ("source", view.source.clone()),
    ]
}

/// Whether the statement of a view names a table or view.
fn reads(view: &View, name: &str) -> bool {
    let code = view.text.lines().filter(|line| !line.trim_start().starts_with("--"));
    let code = code.collect::<Vec<_>>().join("\n");
    // Between quotation marks are values, such as the name of a resource.
    code.split('\'').step_by(2).any(|part| has_word(part, name))
}

/// A table with its key, which the table that refers to it has under the same names.
fn reference(name: &str, all: &[TableInfo]) -> String {
    let table = all.iter().find(|table| table.name == name);
    table.map_or(name.to_owned(), |table| format!("{name} ({})", table.key.join(", ")))
}

fn list(names: impl Iterator<Item = String>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

fn page(
    name: &str,
    doc: &str,
    facts: &[Fact],
    example: &str,
    columns: &[ColumnInfo],
    width: usize,
) -> String {
    let mut lines = vec![name.to_owned()];
    lines.extend(wrapped(doc, width));
    lines.push(String::new());
    for (label, text) in facts.iter().filter(|(_, text)| !text.is_empty()) {
        lines.extend(beside(&format!(" {label:<14}"), text, width));
    }
    lines.extend([String::new(), "Columns".to_owned()]);
    lines.extend(of_columns(columns, width));
    lines.extend([String::new(), "Example".to_owned()]);
    lines
        .extend(beside("", example, width.saturating_sub(1)).iter().map(|line| format!(" {line}")));
    lines.join("\n") + "\n"
}

fn of_columns(columns: &[ColumnInfo], width: usize) -> Vec<String> {
    let ty = |column: &ColumnInfo| {
        let null = if column.nullable { " or null" } else { "" };
        format!("{}{null}", type_name(column.ty))
    };
    let widest = |texts: Vec<usize>| texts.into_iter().max().unwrap_or_default();
    let names = widest(columns.iter().map(|column| column.name.width()).collect());
    let types = widest(columns.iter().map(|column| ty(column).width()).collect());
    let line = |column: &ColumnInfo| {
        let label = format!(" {:<names$}  {:<types$}", column.name, ty(column));
        beside(&label, column.doc, width)
    };
    columns.iter().flat_map(line).collect()
}

/// A label with a text beside it, or below it where there is little room.
fn beside(label: &str, text: &str, width: usize) -> Vec<String> {
    let indent = if label.is_empty() { 0 } else { label.width() + 2 };
    if width < indent + LEAST {
        let below = wrapped(text, width.saturating_sub(4));
        let below = below.iter().map(|line| format!("    {line}"));
        return std::iter::once(label.trim_end().to_owned()).chain(below).collect();
    }
    let lines = wrapped(text, width - indent).into_iter().enumerate();
    lines
        .map(|(index, line)| {
            let start = if index == 0 { label } else { "" };
            format!("{start:<indent$}{line}").trim_end().to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_and_view_fits_eighty_columns() {
        for name in explained() {
            let page = explain(name, 80).unwrap();
            for line in page.lines().filter(|line| line.width() > 80) {
                // A word that cannot be broken, such as an address.
                assert!(
                    line.trim().split(' ').any(|word| word.width() > 80 - 18),
                    "{name}: {line}"
                );
            }
        }
    }

    #[test]
    fn narrow_terminals_have_texts_below_names() {
        let page = explain("flags", 40).unwrap();
        assert!(page.contains("\n flag_key"), "{page}");
        assert!(page.lines().any(|line| line.starts_with("    Key of the flag")), "{page}");
    }

    #[test]
    fn a_table_names_its_key_and_its_relations() {
        let page = explain("flag_environments", 80).unwrap();
        let flat = page.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains("key project_key, flag_key, environment_key"), "{page}");
        assert!(flat.contains("flags (project_key, flag_key)"), "{page}");
        assert!(explain("no_such_table", 80).is_none());
    }
}
