//! The kinds of objects that the guard counts, each separately.

use crate::model::resource::Resource;
use crate::resources::environments::Environments;
use crate::resources::flags::Flags;
use crate::resources::projects::Projects;
use crate::resources::specifier::Specifier;
use crate::resources::teams::Teams;

/// A kind of object that the guard counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Thing {
    /// A project.
    Project,
    /// An environment of a project.
    Environment,
    /// A flag of a project, in any state.
    Flag,
    /// A team.
    Team,
}

impl Thing {
    /// All of them.
    pub const ALL: [Thing; 4] = [Thing::Project, Thing::Environment, Thing::Flag, Thing::Team];

    /// The resource that lists them, which is also the name of the table.
    pub const fn resource(self) -> &'static str {
        match self {
            Thing::Project => Projects::NAME,
            Thing::Environment => Environments::NAME,
            Thing::Flag => Flags::NAME,
            Thing::Team => Teams::NAME,
        }
    }

    /// The columns of the key.
    pub const fn key(self) -> &'static [&'static str] {
        match self {
            Thing::Project => &["project_key"],
            Thing::Environment => &["project_key", "environment_key"],
            Thing::Flag => &["project_key", "flag_key"],
            Thing::Team => &["team_key"],
        }
    }

    /// The column with the time of creation, if there is one.
    pub const fn created_at(self) -> Option<&'static str> {
        match self {
            Thing::Project | Thing::Environment => None,
            Thing::Flag | Thing::Team => Some("created_at"),
        }
    }

    /// Whether it is in a project.
    pub const fn is_in_project(self) -> bool {
        !matches!(self, Thing::Team)
    }

    /// A number of them, in words, such as `2 flags`.
    pub fn count(self, number: usize) -> String {
        let noun = self.noun();
        let plural = if number == 1 { "" } else { "s" };
        format!("{number} {noun}{plural}")
    }

    /// Its name: in English, and as the kind in an audit log entry.
    pub const fn noun(self) -> &'static str {
        match self {
            Thing::Project => "project",
            Thing::Environment => "environment",
            Thing::Flag => "flag",
            Thing::Team => "team",
        }
    }

    /// The action that deletes one, as roles and the audit log name it.
    pub const fn deletion(self) -> &'static str {
        match self {
            Thing::Project => "deleteProject",
            Thing::Environment => "deleteEnvironment",
            Thing::Flag => "deleteFlag",
            Thing::Team => "deleteTeam",
        }
    }

    /// The action that creates one, as roles and the audit log name it.
    pub const fn creation(self) -> &'static str {
        match self {
            Thing::Project => "createProject",
            Thing::Environment => "createEnvironment",
            Thing::Flag => "createFlag",
            Thing::Team => "createTeam",
        }
    }

    /// The key of the object that a specifier names, if it is of this kind.
    pub fn named(self, specifier: &Specifier<'_>) -> Option<Vec<String>> {
        let own = |kind| specifier.resource_key.filter(|_| specifier.resource_kind == Some(kind));
        let parts = match self {
            Thing::Project => vec![own("proj")?],
            Thing::Environment => vec![specifier.project_key?, own("env")?],
            Thing::Flag => vec![specifier.project_key?, own("flag")?],
            Thing::Team => vec![own("team")?],
        };
        Some(parts.into_iter().map(str::to_owned).collect())
    }
}
