//! The audit log: `GET /api/v2/auditlog`,
//! <https://launchdarkly.com/docs/api/audit-log/get-audit-log-entries>.
//!
//! The details of a change would take one more request for each entry, so they are not read.

mod entry_table;

use crate::launchdarkly::lenient::bounded::or_default;
use crate::launchdarkly::lenient::required_time;
use crate::resources::prelude::*;
use crate::resources::specifier::Specifier;
use entry_table::EntryTable;

/// The audit log: who changed what and when.
pub struct AuditLog;

impl Resource for AuditLog {
    type Item = Entry;
    const NAME: &'static str = "audit_log";
    const PATH: &'static str = "/api/v2/auditlog";
    const LEVEL: Level = Level::Account;
    const PERMISSION: &'static str = "";
    const GROUP: Group = Group::Default;
    const PAGING: Paging = Paging::Before(20);
    const REQUESTS: &'static str = "⌈(new entries - 1) / 19⌉, but at least 1: a page begins with the last entry of the one before; up to 2 % and 10 more where a large log is read in parts at the same time";
    const TABLES: &'static [fn() -> TableInfo] = &[EntryTable::info, AccessTable::info];
    const DROPPED: &'static [Dropped] = &[
        dropped("AuditLogEntryListingRep._links", "link"),
        dropped(
            "AuditLogEntryListingRep._accountId",
            "the same for all: see extractions.account_id",
        ),
        dropped("MemberDataRep._links", "link"),
        dropped("AuthorizedAppDataRep._links", "link"),
        dropped("AuthorizedAppDataRep.maintainerName", "personal, and not about the change"),
        dropped("TokenSummary._links", "link"),
        dropped("TokenSummary.ending", "secret: a part of the token"),
        dropped("SubjectDataRep._links", "link"),
        dropped("SubjectDataRep.avatarUrl", "link, and personal"),
        dropped("TargetResourceRep._links", "link"),
        dropped("ParentResourceRep._links", "link"),
    ];

    fn write(_: &Scope, entry: &Entry, sink: &mut dyn Sink) -> Result<()> {
        write_with_parts::<EntryTable, AccessTable>(
            sink,
            &Row::new(entry),
            parts(entry, &entry.accesses),
        )
    }
}

/// An entry as the list contains it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    #[serde(rename = "_id", deserialize_with = "required_identifier")]
    pub(crate) id: String,
    #[serde(deserialize_with = "required_time")]
    pub(crate) date: i64,
    #[serde(default, deserialize_with = "or_default")]
    kind: String,
    name: Option<Lenient<String>>,
    title_verb: Option<Lenient<String>>,
    title: Option<Lenient<String>>,
    description: Option<Lenient<String>>,
    short_description: Option<Lenient<String>>,
    comment: Option<String>,
    member: Option<Member>,
    app: Option<App>,
    token: Option<Token>,
    #[serde(default, deserialize_with = "object")]
    subject: Option<Named>,
    #[serde(default, deserialize_with = "list")]
    accesses: Vec<Access>,
    target: Option<Target>,
    parent: Option<Parent>,
    #[serde(default, deserialize_with = "object")]
    related_flag: Option<Related>,
    #[serde(default, deserialize_with = "object")]
    related_experiment: Option<Related>,
    #[serde(rename = "relatedAIConfig")]
    #[serde(default, deserialize_with = "object")]
    related_ai_config: Option<Related>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Member {
    #[serde(rename = "_id", default, deserialize_with = "identifier")]
    id: Option<String>,
    #[serde(default, deserialize_with = "identifier")]
    email: Option<String>,
    first_name: Option<Lenient<String>>,
    last_name: Option<Lenient<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct App {
    #[serde(rename = "_id", default, deserialize_with = "identifier")]
    id: Option<String>,
    name: Option<Lenient<String>>,
    is_scim: Option<Lenient<bool>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Token {
    #[serde(rename = "_id", default, deserialize_with = "identifier")]
    id: Option<String>,
    name: Option<Lenient<String>>,
    service_token: Option<Lenient<bool>>,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: Option<Lenient<String>>,
}

#[derive(Debug, Deserialize)]
struct Access {
    action: Option<String>,
    resource: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: Option<Lenient<String>>,
    #[serde(default, deserialize_with = "list")]
    resources: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Parent {
    name: Option<Lenient<String>>,
    resource: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Related {
    key: Option<Lenient<Identifier>>,
}

impl Entry {
    /// The subject of the entry: the first resource it names, or the object that contains it.
    ///
    /// A change to a flag in all environments names each of them, so it has no environment.
    fn about(&self) -> Specifier<'_> {
        let targets = self.target.iter().flat_map(|target| &target.resources);
        let named =
            self.accesses.iter().filter_map(|access| access.resource.as_ref()).chain(targets);
        let mut named = named.map(|resource| Specifier::parse(resource));
        let Some(first) = named.find(|specifier| specifier.resource_kind.is_some()) else {
            return self.around();
        };
        let elsewhere = |other: Specifier<'_>| {
            other.environment_key.is_some() && other.environment_key != first.environment_key
        };
        let is_elsewhere = named.any(elsewhere);
        if is_elsewhere { Specifier { environment_key: None, ..first } } else { first }
    }

    fn around(&self) -> Specifier<'_> {
        let parent = self.parent.as_ref().and_then(|parent| parent.resource.as_deref());
        let parent = parent.map(Specifier::parse).unwrap_or_default();
        Specifier { resource_kind: None, resource_key: None, ..parent }
    }

    /// The targets as a JSON array, if there are any.
    fn targets(&self) -> Option<String> {
        let resources = &self.target.as_ref()?.resources;
        if resources.is_empty() { None } else { serde_json::to_string(resources).ok() }
    }
}

/// Go servers write an empty text where there is none.
fn some(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

struct Row<'a> {
    entry: &'a Entry,
    about: Specifier<'a>,
    targets: Option<String>,
}

impl<'a> Row<'a> {
    fn new(entry: &'a Entry) -> Self {
        Row { entry, about: entry.about(), targets: entry.targets() }
    }
}

struct AccessTable;
type A = Column<AccessTable>;

impl Table for AccessTable {
    type Row<'a> = Part<'a, &'a Entry, Access>;
    const NAME: &'static str = "audit_log_accesses";
    const DOC: &'static str = "One row per action on each resource of each entry.";
    const KEY: &'static [&'static str] = &["entry_id", "access_index"];
    const PART_OF: Option<&'static str> = Some("audit_log_entries");
    const ACCUMULATES: bool = true;
    const COLUMNS: &'static [Column<Self>] = &[
        keys::audit_log_entry(|row| &row.of.id),
        A::int(
            "access_index",
            "AuditLogEntryListingRep.accesses",
            "Position in the entry's list, from 0.",
            |row| row.index,
        ),
        A::text(
            "action",
            "ResourceAccess.action",
            "The action, as role policies name it: `updateOn`, `createFlag`.",
            |row| row.item.action.as_deref().unwrap_or_default(),
        ),
        A::text(
            "resource",
            "ResourceAccess.resource",
            "Resource specifier of the resource.",
            |row| row.item.resource.as_deref().unwrap_or_default(),
        )
        .mentions_people(),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Project, environment, kind and key of an entry with these further fields.
    fn about(fields: &str) -> [Option<String>; 4] {
        let body = format!(r#"{{"_id":"e","date":1,{fields}}}"#);
        let entry: Entry = serde_json::from_str(&body).unwrap();
        let about = entry.about();
        let parts =
            [about.project_key, about.environment_key, about.resource_kind, about.resource_key];
        parts.map(|part| part.map(str::to_owned))
    }

    fn some(parts: [&str; 4]) -> [Option<String>; 4] {
        parts.map(|part| (part != "-").then(|| part.to_owned()))
    }

    #[test]
    fn an_entry_is_about_its_first_access() {
        let one =
            r#""accesses":[{"resource":"proj/a:env/b:flag/c"}],"parent":{"resource":"proj/x"}"#;
        assert_eq!(about(one), some(["a", "b", "flag", "c"]));
        let again =
            r#""accesses":[{"resource":"proj/a:env/b:flag/c"},{"resource":"proj/a:env/b:flag/d"}]"#;
        assert_eq!(about(again), some(["a", "b", "flag", "c"]));
        let member = r#""accesses":[{"resource":""},{"action":"x"},{"resource":"member/m"}]"#;
        assert_eq!(about(member), some(["-", "-", "member", "m"]));
    }

    #[test]
    fn an_entry_about_several_environments_is_about_none() {
        let created =
            r#""accesses":[{"resource":"proj/a:env/b:flag/c"},{"resource":"proj/a:env/d:flag/c"}]"#;
        assert_eq!(about(created), some(["a", "-", "flag", "c"]));
        let target = r#""accesses":[{"resource":"proj/a:env/b:flag/c"}],"target":{"resources":["proj/a:env/d:flag/c"]}"#;
        assert_eq!(about(target), some(["a", "-", "flag", "c"]));
    }

    #[test]
    fn without_accesses_target_or_parent_tell() {
        let target = r#""accesses":null,"target":{"resources":["proj/a:env/b:flag/c"]}"#;
        assert_eq!(about(target), some(["a", "b", "flag", "c"]));
        let parent = r#""target":{"resources":null},"parent":{"resource":"proj/a:env/b"}"#;
        assert_eq!(about(parent), some(["a", "b", "-", "-"]));
        assert_eq!(about(r#""accesses":[]"#), some(["-", "-", "-", "-"]));
    }
}
