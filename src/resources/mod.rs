//! The resources. To add one, write its file and name it below.

pub mod decode;
pub mod flag_environments;

use crate::resource::AnyResource;
use crate::table::TableInfo;

macro_rules! resources {
    ($($module:ident::$resource:ident),* $(,)?) => {
        $(pub mod $module;)*
        /// Every resource, parents before children.
        pub const ALL: &[&dyn AnyResource] = &[$(&$module::$resource),*];
    };
}

resources! {
    projects::Projects,
    environments::Environments,
    tags::Tags,
    teams::Teams,
    team_maintainers::TeamMaintainers,
    flags::Flags,
    flag_statuses::FlagStatuses,
}

/// Resources that `--skip` may leave out, each with those that cannot do without it.
pub const OPTIONAL: &[(&str, &[&str])] = &[
    ("tags", &[]),
    ("teams", &["team_maintainers"]),
    ("team_maintainers", &[]),
    ("flags", &["flag_statuses"]),
    ("flag_statuses", &[]),
];

/// Whether `--skip` may leave out the resource called `name`.
pub fn is_optional(name: &str) -> bool {
    OPTIONAL.iter().any(|(optional, _)| *optional == name)
}

/// Every table that resources fill, parents before children.
pub fn tables() -> Vec<TableInfo> {
    ALL.iter().flat_map(|resource| resource.tables()).collect()
}
