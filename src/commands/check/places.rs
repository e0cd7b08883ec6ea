//! The scopes that are checked: the first project, environment and team.

use super::line::Line;
use super::names::Names;
use crate::model::resource::Resource;
use crate::model::scope::Level;
use crate::resources::environments::Environments;
use crate::resources::projects::Projects;
use crate::resources::teams::Teams;
use crate::{Error, Result};

/// The key of the first item of a list; `None` if the list is empty.
pub(super) type First = Result<Option<String>>;

/// The first item of each list that other lists belong to.
pub(super) struct Places {
    pub project: First,
    pub environment: First,
    pub team: First,
}

impl Places {
    /// Nothing is known yet.
    pub const fn unknown() -> Self {
        Places { project: Ok(None), environment: Ok(None), team: Ok(None) }
    }

    /// The keys in the path of a resource of this level, or the line to show where there are none.
    pub fn keys(&self, name: &'static str, level: Level, names: &Names) -> Result<Vec<&str>, Line> {
        let scopes: &[_] = match level {
            Level::Account => &[],
            Level::Team => &[(Teams::NAME, &self.team)],
            Level::Project => &[(Projects::NAME, &self.project)],
            Level::Environment => {
                &[(Projects::NAME, &self.project), (Environments::NAME, &self.environment)]
            }
        };
        scopes.iter().map(|(list, first)| key(name, list, first, names)).collect()
    }
}

fn key<'p>(
    name: &'static str,
    list: &str,
    first: &'p First,
    names: &Names,
) -> Result<&'p str, Line> {
    match first {
        Ok(Some(key)) => Ok(key),
        Ok(None) => Err(Line::of(name, Ok(format!("nothing to read: there are no {list}")))),
        Err(error) => Err(not_listed(name, list, error, names)),
    }
}

/// The line of a check that needs a list which cannot be read. The line of that list says why; where
/// it is not shown, this one does.
fn not_listed(name: &'static str, list: &str, error: &Error, names: &Names) -> Line {
    if names.has(list) {
        Line::skipped(name, format!("not checked: {list} cannot be listed"))
    } else {
        Line::of(name, Err(error.clone()))
    }
}
