//! The resources: one file or folder for each list of the API, with its items and its tables.
//!
//! `common` and `keys` define the columns and rows that several resources share.

mod common;
pub mod decode;
mod experiment_iterations;
pub mod flag_environments;
mod keys;
mod page_rows;
mod prelude;
pub mod selection;
pub mod specifier;

use std::collections::BTreeSet;

use crate::model::resource::{AnyResource, Group, Resource};
use crate::model::table::TableInfo;

pub use page_rows::PageRows;

/// Passes every resource to the macro `$then`. To add a resource, write its file and add it here.
macro_rules! every_resource {
    ($then:ident) => {
        $then! {
            own:
                projects::Projects,
                environments::Environments,
                tags::Tags,
                teams::Teams,
                team_maintainers::TeamMaintainers,
                flags::Flags,
                flag_statuses::FlagStatuses,
                audit_log::AuditLog;
            lists:
                members::Members,
                approval_requests::ApprovalRequests,
                code_reference_repositories::CodeReferenceRepositories,
                code_references::CodeReferences,
                code_reference_files::CodeReferenceFiles,
                segments::Segments,
                metrics::Metrics,
                metric_groups::MetricGroups,
                experiments::Experiments,
                holdouts::Holdouts,
                layers::Layers,
                release_pipelines::ReleasePipelines,
                context_kinds::ContextKinds,
                views::Views,
                ai_configs::AiConfigs,
                applications::Applications,
                roles::Roles,
                team_roles::TeamRoles,
                access_tokens::AccessTokens,
                webhooks::Webhooks,
                relay_proxy_configurations::RelayProxyConfigurations,
                destinations::Destinations,
                integration_configurations::IntegrationConfigurations,
                big_segment_stores::BigSegmentStores;
        }
    };
}
pub(crate) use every_resource;

macro_rules! declare {
    (
        // Each of these has its own reader.
        own: $($own:ident::$resource:ident),* $(,)?;
        // The generic list reader reads these.
        lists: $($module:ident::$list:ident),* $(,)?;
    ) => {
        $(pub mod $own;)*
        $(pub mod $module;)*
        /// Every resource, parents before children.
        pub const ALL: &[&dyn PageRows] = &[$(&$own::$resource,)* $(&$module::$list),*];
        /// The resources that the generic list reader reads.
        pub const LISTS: &[&dyn PageRows] = &[$(&$module::$list),*];
    };
}
every_resource!(declare);

/// Resources that every run reads, because all others depend on them.
const NEEDED: [&str; 2] = [projects::Projects::NAME, environments::Environments::NAME];

/// Whether a run may leave out the resource called `name`.
pub fn is_optional(name: &str) -> bool {
    !NEEDED.contains(&name)
}

/// The resource called `name`.
pub fn find(name: &str) -> Option<&'static dyn PageRows> {
    ALL.iter().copied().find(|resource| resource.name() == name)
}

/// Whether the resource called `name` is read by the generic list reader, and may be missing.
pub fn is_list(name: &str) -> bool {
    LISTS.iter().any(|list| list.name() == name)
}

/// The names of the resources in a group.
pub fn group(group: Group) -> BTreeSet<&'static str> {
    let within = ALL.iter().filter(|resource| resource.group() <= group);
    within.map(|resource| resource.name()).collect()
}

/// `names`, together with all resources that they need.
pub fn with_needs(names: impl IntoIterator<Item = &'static str>) -> BTreeSet<&'static str> {
    let mut all: BTreeSet<_> = NEEDED.into_iter().chain(names).collect();
    loop {
        let found = all.iter().filter_map(|name| find(name));
        let needs: Vec<_> = found.flat_map(AnyResource::needs).copied().collect();
        let before = all.len();
        all.extend(needs);
        if all.len() == before {
            return all;
        }
    }
}

/// `names` without `skip`, and without the resources that need any of those.
pub fn without(mut names: BTreeSet<&'static str>, skip: &[&str]) -> BTreeSet<&'static str> {
    names.retain(|name| !skip.contains(name));
    let lacks = |name: &&'static str| {
        let needs = find(name).map_or(&[][..], AnyResource::needs);
        needs.iter().any(|need| skip.contains(need))
    };
    names.retain(|name| !lacks(name));
    names
}

/// Every table that resources fill, parents before children.
pub fn tables() -> Vec<TableInfo> {
    ALL.iter().flat_map(|resource| resource.tables()).collect()
}
