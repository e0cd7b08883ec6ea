//! Projects and environments.

use crate::Behaviour;
use crate::account::{Approval, ClientSide, Environment, Project};
use crate::call::escaped;
use crate::json::{self, Object};
use crate::paging;

/// A project, with the first page of its environments where `expanded`.
pub(crate) fn project(behaviour: &Behaviour, project: &Project, expanded: bool) -> String {
    let path = path(&project.key);
    let links = json::links([
        ("environments", format!("{path}/environments")),
        ("flagDefaults", format!("{path}/flag-defaults")),
        ("self", path),
    ]);
    let client_side = project.client_side.map(client_side);
    let environments = expanded.then(|| first_environments(behaviour, project));
    Object::new()
        .raw("_links", &links)
        .text("_id", &project.id)
        .text("key", &project.key)
        .boolean("includeInSnippetByDefault", project.include_in_snippet)
        .raw_if("defaultClientSideAvailability", client_side.as_deref())
        .text("name", &project.name)
        .texts("tags", &project.tags)
        .text_if("defaultReleasePipelineKey", project.release_pipeline.as_deref())
        .extra(&project.extra)
        .raw_if("environments", environments.as_deref())
        .close()
}

/// An environment, its secrets included.
pub(crate) fn environment(project: &Project, environment: &Environment) -> String {
    let pubnub = Object::new()
        .text("channel", &format!("channel-{}", environment.id))
        .text("cipherKey", &environment.cipher_key)
        .close();
    let approval = environment.approval.as_ref().map(approval);
    Object::new()
        .raw("_links", &environment_links(project, environment))
        .text("_id", &environment.id)
        .raw("_pubnub", &pubnub)
        .text("key", &environment.key)
        .text("name", &environment.name)
        .text("apiKey", &environment.api_key)
        .text("mobileKey", &environment.mobile_key)
        .text("color", &environment.color)
        .integer("defaultTtl", environment.default_ttl)
        .boolean("secureMode", environment.secure_mode)
        .boolean("defaultTrackEvents", environment.default_track_events)
        .boolean("requireComments", environment.require_comments)
        .boolean("confirmChanges", environment.confirm_changes)
        .texts("tags", &environment.tags)
        .raw_if("approvalSettings", approval.as_deref())
        .boolean("critical", environment.critical)
        .extra(&environment.extra)
        .close()
}

/// The path of a project.
pub(crate) fn path(project: &str) -> String {
    format!("/api/v2/projects/{}", escaped(project))
}

pub(super) fn client_side(availability: ClientSide) -> String {
    Object::new()
        .boolean("usingMobileKey", availability.using_mobile_key)
        .boolean("usingEnvironmentId", availability.using_environment_id)
        .close()
}

fn first_environments(behaviour: &Behaviour, project: &Project) -> String {
    let parent = path(&project.key);
    let items = project.environments.iter().map(|one| environment(project, one)).collect();
    let limit = behaviour.nested_environments;
    paging::nested(behaviour, &format!("{parent}/environments"), Some(parent), limit, items)
}

fn environment_links(project: &Project, environment: &Environment) -> String {
    let own = format!("{}/environments/{}", path(&project.key), escaped(&environment.key));
    json::links([
        ("apiKey", format!("{own}/apiKey")),
        ("mobileKey", format!("{own}/mobileKey")),
        ("snippet", format!("https://app.example.com/snippet/{}.js", environment.id)),
        ("self", own),
    ])
}

fn approval(approval: &Approval) -> String {
    Object::new()
        .boolean("required", approval.required)
        .boolean("bypassApprovalsForPendingChanges", false)
        .integer("minNumApprovals", approval.minimum)
        .boolean("canReviewOwnRequest", approval.can_review_own_request)
        .boolean("canApplyDeclinedChanges", approval.can_apply_declined_changes)
        .text("serviceKind", &approval.service_kind)
        .raw("serviceConfig", "{}")
        .raw("requiredApprovalTags", "[]")
        .close()
}
