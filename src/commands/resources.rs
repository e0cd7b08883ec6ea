//! `flaglake resources`: lists the resources and the permission that each requires.

use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::schema::print as write;
use crate::Result;
use crate::cli::{Format, ResourcesArguments};
use crate::model::resource::AnyResource;
use crate::resources::ALL;
use crate::terminal::width::{columns, wrapped};

/// The last sentence of the list.
const NAMES: &str = "`--resources` takes these names, or a group: `core`; `default`, which \
                     includes core; or `all`.";

/// Prints every resource.
///
/// # Errors
/// When standard output cannot be written.
pub fn run(arguments: &ResourcesArguments) -> Result<()> {
    write(&match arguments.format {
        Format::Text => text(columns()),
        Format::Json => {
            let all = ALL.iter().map(|resource| to_json(*resource)).collect::<Vec<_>>();
            format!("{:#}\n", json!(all))
        }
    })
}

/// A table; blocks of lines where the table is wider than `width`.
fn text(width: Option<usize>) -> String {
    let table = table();
    let fits = |width: &usize| table.lines().all(|line| line.trim_end().width() <= *width);
    match width.filter(|width| !fits(width)) {
        Some(width) => blocks(width),
        None => format!("{table}\n\n{NAMES}\n"),
    }
}

fn table() -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["resource", "group", "endpoint", "permission", "note", "requests"]);
    table.add_rows(ALL.iter().map(|resource| {
        [
            resource.name().to_owned(),
            resource.group().name().to_owned(),
            resource.path().to_owned(),
            permission(*resource).to_owned(),
            resource.note(),
            resource.requests().to_owned(),
        ]
    }));
    table.to_string()
}

/// For each resource, a line that starts with its name, and the rest of its row indented below.
fn blocks(width: usize) -> String {
    let mut lines = vec![line("resource", "group", "permission"), String::new()];
    for resource in ALL {
        lines.push(line(resource.name(), resource.group().name(), permission(*resource)));
        let requests = format!("requests: {}", resource.requests());
        let below = [resource.path().to_owned(), requests, resource.note()];
        for text in below.iter().filter(|text| !text.is_empty()) {
            lines.extend(
                wrapped(text, width.saturating_sub(2)).iter().map(|line| format!("  {line}")),
            );
        }
    }
    lines.push(String::new());
    lines.extend(wrapped(NAMES, width));
    lines.join("\n") + "\n"
}

fn line(name: &str, group: &str, permission: &str) -> String {
    format!("{name:<28} {group:<8} {permission}")
}

fn to_json(resource: &dyn AnyResource) -> serde_json::Value {
    let tables: Vec<_> = resource.tables().iter().map(|table| table.name).collect();
    json!({
        "resource": resource.name(),
        "group": resource.group().name(),
        "endpoint": resource.path(),
        "permission": resource.permission(),
        "plan": resource.plan(),
        "beta": resource.is_beta(),
        "requests": resource.requests(),
        "tables": tables,
    })
}

/// The action that a role must allow, for people.
fn permission(resource: &dyn AnyResource) -> &'static str {
    match resource.permission() {
        "" => "Reader role",
        action => action,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_of_eighty_columns_holds_every_line() {
        let narrow = text(Some(80));
        assert!(narrow.lines().all(|line| line.width() <= 80), "{narrow}");
        for resource in ALL {
            assert!(narrow.contains(resource.name()) && narrow.contains(resource.path()));
        }
        assert!(narrow.contains("Foundation or Enterprise, as an add-on"), "{narrow}");
    }

    #[test]
    fn wide_terminals_and_files_get_the_table() {
        assert_eq!(text(Some(500)), text(None));
        assert!(text(None).lines().next().unwrap().contains("endpoint"));
    }
}
