//! `flaglake projects list`, `environments list`, `metrics list` and `members list`.

use super::show::Content::Of;
use super::{Access, show};
use crate::Result;
use crate::cli::{EnvironmentList, ListOptions, MemberList, MetricList};
use crate::demand::lists::{List, OF_MEMBERS, OF_METRICS, Wanted, items};
use crate::model::resource::Resource;
use crate::model::scope::Scope;
use crate::resources::environments::Environments;
use crate::resources::members::Members;
use crate::resources::metrics::Metrics;
use crate::resources::projects::Projects;

/// Lists the projects.
///
/// # Errors
/// By the table of codes.
pub(super) async fn projects(options: &ListOptions) -> Result<()> {
    let found = read::<Projects>(options, &Scope::Account, &Wanted::default()).await?;
    let shown = [("project", Of("project_key")), ("name", Of("name"))];
    show::list(&found, &shown, options.format)
}

/// Lists the environments of a project.
///
/// # Errors
/// `usage` if there is no such project.
pub(super) async fn environments(arguments: &EnvironmentList) -> Result<()> {
    let scope = Scope::project(&arguments.project);
    let found = read::<Environments>(&arguments.options, &scope, &Wanted::default()).await?;
    let shown = [
        ("environment", Of("environment_key")),
        ("name", Of("name")),
        ("critical", Of("critical")),
        ("comments", Of("require_comments")),
        ("confirms", Of("confirm_changes")),
        ("approval", Of("approval_required")),
    ];
    show::list(&found, &shown, arguments.options.format)
}

/// Lists the metrics of a project.
///
/// # Errors
/// `usage` if there is no such project.
pub(super) async fn metrics(arguments: &MetricList) -> Result<()> {
    let scope = Scope::project(&arguments.project);
    let wanted = Wanted::containing(arguments.search.as_deref(), OF_METRICS);
    let found = read::<Metrics>(&arguments.options, &scope, &wanted).await?;
    let shown = [
        ("metric", Of("metric_key")),
        ("name", Of("name")),
        ("kind", Of("kind")),
        ("event", Of("event_key")),
        ("last seen", Of("last_seen_at")),
    ];
    show::list(&found, &shown, arguments.options.format)
}

/// Lists the members of the account.
///
/// # Errors
/// By the table of codes.
pub(super) async fn members(arguments: &MemberList) -> Result<()> {
    let wanted = Wanted::containing(arguments.search.as_deref(), OF_MEMBERS);
    let found = read::<Members>(&arguments.options, &Scope::Account, &wanted).await?;
    let shown = [
        ("email", Of("email")),
        ("first name", Of("first_name")),
        ("last name", Of("last_name")),
        ("role", Of("role")),
        ("last seen", Of("last_seen_at")),
    ];
    show::list(&found, &shown, arguments.options.format)
}

/// The items of a list that are wanted.
pub(super) async fn read<R: Resource>(
    options: &ListOptions,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<List> {
    let access = Access::new(&options.connection).await?;
    let found = access.read(items::<R>(access.client(), scope, wanted)).await?;
    Ok(List::of::<R>(found))
}
