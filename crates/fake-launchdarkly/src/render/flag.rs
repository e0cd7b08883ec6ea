//! Flags, without their environments.

use super::people::{member_summary, team_path};
use super::project::client_side;
use crate::account::{Account, CustomProperty, Flag, Migration, Project, State, Variation};
use crate::call::escaped;
use crate::json::{self, Object};

/// A flag without environments and without its closing brace, so that more can follow.
pub(crate) fn base(account: &Account, project: &Project, flag: &Flag) -> String {
    let links =
        json::links([("parent", parent(&project.key)), ("self", path(&project.key, &flag.key))]);
    let object = Object::new()
        .raw("_links", &links)
        .text("name", &flag.name)
        .text("kind", &flag.kind)
        .text_if("description", flag.description.as_deref())
        .text("key", &flag.key)
        .integer("_version", flag.version)
        .integer("creationDate", flag.created_ms)
        .raw("variations", &json::array(flag.variations.iter().map(variation)))
        .boolean("temporary", flag.temporary)
        .texts("tags", &flag.tags)
        .raw("customProperties", &custom_properties(&flag.custom_properties))
        .raw("experiments", r#"{"baselineIdx":0,"items":[]}"#);
    let object = dates(availability(object, flag), flag);
    let object = maintainers(object, account, flag).text_if("_purpose", flag.purpose.as_deref());
    defaults(object, flag).extra(&flag.extra).open()
}

/// The settings that `expand=migrationSettings` adds to a flag.
pub(crate) fn migration(migration: &Migration) -> String {
    Object::new()
        .text_if("contextKind", migration.context_kind.as_deref())
        .integer("stageCount", migration.stage_count)
        .close()
}

/// The path of a flag.
pub(crate) fn path(project: &str, flag: &str) -> String {
    format!("{}/{}", parent(project), escaped(flag))
}

fn parent(project: &str) -> String {
    format!("/api/v2/flags/{}", escaped(project))
}

/// Dates that are not set are absent.
fn dates(object: Object, flag: &Flag) -> Object {
    let deprecated = flag.state() == State::Deprecated;
    object
        .boolean("archived", flag.state() == State::Archived)
        .integer_if("archivedDate", flag.archived_ms)
        .boolean_if("deprecated", deprecated.then_some(true))
        .integer_if("deprecatedDate", flag.deprecated_ms)
}

fn availability(object: Object, flag: &Flag) -> Object {
    let in_snippet = flag.client_side.map(|availability| availability.using_environment_id);
    object
        .boolean_if("includeInSnippet", in_snippet)
        .raw_if("clientSideAvailability", flag.client_side.map(client_side).as_deref())
}

/// A maintainer who has left the account has an identifier but no summary.
fn maintainers(object: Object, account: &Account, flag: &Flag) -> Object {
    let member = flag.maintainer_id.as_deref().and_then(|id| account.member(id));
    let team = flag.maintainer_team.as_deref().and_then(|key| account.team(key)).map(|team| {
        Object::new()
            .text("key", &team.key)
            .text("name", team.name.as_deref().unwrap_or(&team.key))
            .raw("_links", &json::links([("self", team_path(&team.key))]))
            .close()
    });
    object
        .text_if("maintainerId", flag.maintainer_id.as_deref())
        .raw_if("_maintainer", member.map(member_summary).as_deref())
        .text_if("maintainerTeamKey", flag.maintainer_team.as_deref())
        .raw_if("_maintainerTeam", team.as_deref())
}

fn defaults(object: Object, flag: &Flag) -> Object {
    let defaults = flag.defaults.map(|(on, off)| {
        Object::new().integer("onVariation", on).integer("offVariation", off).close()
    });
    object.raw_if("defaults", defaults.as_deref())
}

fn variation(variation: &Variation) -> String {
    Object::new()
        .text_if("_id", variation.id.as_deref())
        .raw("value", &variation.value)
        .text_if("name", variation.name.as_deref())
        .text_if("description", variation.description.as_deref())
        .close()
}

fn custom_properties(properties: &[CustomProperty]) -> String {
    let property = |property: &CustomProperty| {
        Object::new().text("name", &property.name).texts("value", &property.values).close()
    };
    properties
        .iter()
        .fold(Object::new(), |object, one| object.raw(&one.key, &property(one)))
        .close()
}
