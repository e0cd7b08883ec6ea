//! Remarks about cells that are NULL because LaunchDarkly sent another type than documented.

use std::collections::BTreeMap;

use tracing::warn;

use super::Record;
use crate::model::resource::AnyResource;
use crate::model::scope::{Level, Scope};
use crate::resources;
use crate::resources::PageRows;

/// The column of such cells, with the keys of the project and the environment. A key is empty if
/// the table has no column for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The table's name.
    pub table: &'static str,
    /// The column's name.
    pub column: String,
    /// The project's key.
    pub project_key: String,
    /// The environment's key.
    pub environment_key: String,
}

impl Record {
    /// Adds a remark for each column and scope, and warns once about each column.
    pub fn note_unexpected(&self, counts: &BTreeMap<Place, u64>) {
        let mut columns = BTreeMap::<_, u64>::new();
        let mut remarks = BTreeMap::<_, u64>::new();
        for (place, count) in counts {
            let Some(resource) = resource_of(place.table) else { continue };
            let column = format!("{}.{}", place.table, place.column);
            *remarks
                .entry((resource.name(), scope(resource, place), column.clone()))
                .or_default() += count;
            *columns.entry(column).or_default() += count;
        }
        for ((resource, scope, column), count) in remarks {
            self.remark(resource, &scope, &remark(&column, count));
        }
        for (column, count) in columns {
            warn!("LaunchDarkly sent another type than it documents: {}.", remark(&column, count));
        }
    }
}

fn remark(column: &str, count: u64) -> String {
    let values = if count == 1 { "value is" } else { "values are" };
    format!("{column}: {count} {values} not of the documented type, and therefore NULL")
}

fn resource_of(table: &str) -> Option<&'static dyn PageRows> {
    let fills = |resource: &dyn AnyResource| resource.tables().iter().any(|one| one.name == table);
    resources::ALL.iter().copied().find(|resource| fills(*resource))
}

/// The scope of the tally that counts the rows of a resource.
fn scope(resource: &dyn AnyResource, place: &Place) -> Scope {
    match resource.level() {
        Level::Account | Level::Team => Scope::Account,
        Level::Project => Scope::project(&place.project_key),
        Level::Environment => Scope::environment(&place.project_key, &place.environment_key),
    }
}
