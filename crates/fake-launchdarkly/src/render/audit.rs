//! Entries of the audit log, in the form that lists return.

use crate::account::{Account, AuditEntry, Member, object_id};
use crate::call::escaped;
use crate::json::{self, Object};

/// Base address of the web pages that entries link to.
const SITE: &str = "https://app.launchdarkly.com";

/// An entry.
pub(crate) fn entry(account: &Account, entry: &AuditEntry) -> String {
    let path = format!("/api/v2/auditlog/{}", escaped(&entry.id));
    let links = [("parent", "/api/v2/auditlog".to_owned()), ("self", path), ("site", site(entry))];
    let member = entry.member_id.as_deref().and_then(|id| account.member(id));
    let object = Object::new()
        .raw("_links", &json::links(links))
        .text("_id", &entry.id)
        .text("_accountId", &account.account_id)
        .integer("date", entry.date_ms)
        .raw("accesses", &json::array(entry.accesses.iter().map(access)))
        .text("kind", &entry.kind)
        .text("name", &entry.name)
        .text("description", &entry.description)
        .text("shortDescription", "")
        .text_if("comment", entry.comment.as_deref());
    let object = actor(object, entry, member)
        .text("titleVerb", &entry.title_verb)
        .text("title", &title(account, entry, member))
        .raw("target", &target(entry));
    object.raw_if("parent", parent(account, entry).as_deref()).extra(&entry.extra).close()
}

fn access((action, resource): &(String, String)) -> String {
    Object::new().text("action", action).text("resource", resource).close()
}

/// Only the identifier is known of a member who has left the account.
fn actor(object: Object, entry: &AuditEntry, member: Option<&Member>) -> Object {
    let departed = entry.member_id.as_deref().filter(|_| member.is_none());
    let summary = member.map(summary);
    let unknown = departed.map(|id| Object::new().text("_id", id).close());
    let token = entry.token_name.as_deref().map(|name| token(entry, name));
    object
        .raw_if("subject", member.map(subject).as_deref())
        .raw_if("member", summary.or(unknown).as_deref())
        .raw_if("token", token.as_deref())
        .raw_if("app", entry.app.as_deref().map(|name| app(entry, name)).as_deref())
}

fn summary(member: &Member) -> String {
    let path = format!("/api/v2/members/{}", escaped(&member.id));
    Object::new()
        .raw("_links", &json::links([("self", path)]))
        .text("_id", &member.id)
        .text("email", &member.email)
        .text_if("firstName", member.first_name.as_deref())
        .text_if("lastName", member.last_name.as_deref())
        .close()
}

fn subject(member: &Member) -> String {
    let picture = format!("https://avatars.example/{}", escaped(&member.email));
    Object::new().text("name", &full_name(member)).text("avatarUrl", &picture).close()
}

fn token(entry: &AuditEntry, name: &str) -> String {
    Object::new()
        .text("_id", &object_id(&format!("token {name}")))
        .text("name", name)
        .text("ending", "fake-secret-audit-token")
        .boolean("serviceToken", entry.member_id.is_none())
        .close()
}

fn app(entry: &AuditEntry, name: &str) -> String {
    Object::new()
        .text("_id", &object_id(&format!("app {name}")))
        .boolean("isScim", entry.kind == "member" || entry.kind == "team")
        .text("name", name)
        .text("maintainerName", &name.to_lowercase())
        .close()
}

fn target(entry: &AuditEntry) -> String {
    let mut resources: Vec<String> = Vec::new();
    for (_, resource) in &entry.accesses {
        if !resources.contains(resource) {
            resources.push(resource.clone());
        }
    }
    Object::new().text("name", &entry.name).texts("resources", &resources).close()
}

fn parent(account: &Account, entry: &AuditEntry) -> Option<String> {
    let (resource, name) = place(account, entry)?;
    Some(Object::new().text("name", name).text("resource", resource).close())
}

/// The specifier and the name of what holds the first access's resource.
fn place<'a>(account: &'a Account, entry: &'a AuditEntry) -> Option<(&'a str, &'a str)> {
    let (_, resource) = entry.accesses.first()?;
    let (outer, _) = resource.rsplit_once(':')?;
    let within = outer.strip_prefix("proj/")?;
    let (project, environment) = match within.split_once(":env/") {
        Some((project, environment)) => (project, Some(environment)),
        None => (within, None),
    };
    let project = account.project(untagged(project))?;
    let name = match environment {
        Some(key) => &project.environment(untagged(key))?.name,
        None => &project.name,
    };
    Some((outer, name))
}

fn untagged(name: &str) -> &str {
    name.split(';').next().unwrap_or(name)
}

/// Markdown, with the address of the member who did it.
fn title(account: &Account, entry: &AuditEntry, member: Option<&Member>) -> String {
    let what = format!("{} [{}]({SITE}{})", entry.title_verb, entry.name, site(entry));
    let place = place(account, entry).filter(|_| entry.accesses.len() == 1);
    let place = place.map(|(_, name)| format!(" in `{name}`")).unwrap_or_default();
    match member {
        Some(member) => {
            format!("[{}](mailto:{}) {what}{place}", full_name(member), member.email)
        }
        None => format!("{}{place} \\(via API\\)", capitalised(&what)),
    }
}

fn full_name(member: &Member) -> String {
    let names = [member.first_name.as_deref(), member.last_name.as_deref()];
    let names: Vec<&str> = names.into_iter().flatten().collect();
    if names.is_empty() { member.email.clone() } else { names.join(" ") }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

fn site(entry: &AuditEntry) -> String {
    format!("/{}s/{}", escaped(&entry.kind), escaped(&entry.name))
}
