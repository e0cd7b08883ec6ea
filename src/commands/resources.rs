//! `flaglake resources`: lists the resources and the permission that each requires.

use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use serde_json::json;

use super::schema::print as write;
use crate::Result;
use crate::cli::{Format, ResourcesArguments};
use crate::model::resource::AnyResource;
use crate::resources::ALL;

/// Prints every resource.
///
/// # Errors
/// When standard output cannot be written.
pub fn run(arguments: &ResourcesArguments) -> Result<()> {
    write(&match arguments.format {
        Format::Text => text(),
        Format::Json => {
            let all = ALL.iter().map(|resource| to_json(*resource)).collect::<Vec<_>>();
            format!("{:#}\n", json!(all))
        }
    })
}

fn text() -> String {
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
    format!(
        "{table}\n\n`--resources` takes these names, or a group: `core`; `default`, which includes core; or `all`.\n"
    )
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
