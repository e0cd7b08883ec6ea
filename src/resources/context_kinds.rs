//! Context kinds: `GET /api/v2/projects/{project}/context-kinds`,
//! <https://launchdarkly.com/docs/api/contexts/get-context-kinds-by-project-key>.

use crate::resources::prelude::*;

/// The context kinds of a project: users, devices, organizations.
pub struct ContextKinds;

impl Resource for ContextKinds {
    type Item = ContextKind;
    const NAME: &'static str = "context_kinds";
    const PATH: &'static str = "/api/v2/projects/{project}/context-kinds";
    const LEVEL: Level = Level::Project;
    const PERMISSION: &'static str = "viewProject";
    const GROUP: Group = Group::All;
    const PAGING: Paging = Paging::Whole;
    const REQUESTS: &'static str = "1 a project";
    const TABLES: &'static [fn() -> TableInfo] = &[KindTable::info];
    const DROPPED: &'static [Dropped] = &[
        dropped("ContextKindRep._links", "link"),
        dropped("ContextKindRep.hideInTargeting", "duplicate of archived"),
    ];

    fn write(scope: &Scope, kind: &ContextKind, sink: &mut dyn Sink) -> Result<()> {
        write_row::<KindTable>(sink, &InScope::new(scope, kind)).map(drop)
    }
}

impl ListResource for ContextKinds {
    fn key(kind: &ContextKind) -> &str {
        &kind.key
    }
}

/// A context kind.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContextKind {
    #[serde(deserialize_with = "required_identifier")]
    key: String,
    #[serde(default)]
    name: Lenient<String>,
    description: Option<Lenient<String>>,
    version: i64,
    #[serde(default)]
    creation_date: Lenient<Moment>,
    last_modified: Option<Lenient<Moment>>,
    last_seen: Option<Lenient<Moment>>,
    created_from: Option<Lenient<String>>,
    archived: Option<bool>,
}

type Row<'a> = InScope<'a, ContextKind>;

struct KindTable;
type K = Column<KindTable>;

impl Table for KindTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "context_kinds";
    const DOC: &'static str = "One row per context kind.";
    const KEY: &'static [&'static str] = &["project_key", "context_kind_key"];
    const PARENTS: &'static [&'static str] = &["projects"];
    const VERSION: Option<&'static str> = Some("version");
    const CREATED: Option<&'static str> = Some("created_at");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.project_key),
        K::text(
            "context_kind_key",
            "ContextKindRep.key",
            "Key of the context kind, such as `user`.",
            |row| &row.item.key,
        ),
        common::name("ContextKindRep.name", |row| row.item.name.text()),
        K::lenient_text(
            "description",
            "ContextKindRep.description",
            "What contexts of this kind stand for.",
            |row| row.item.description.text(),
        ),
        K::bool_opt(
            "archived",
            "ContextKindRep.archived",
            "Whether it is archived, and so cannot be targeted any more.",
            |row| row.item.archived,
        ),
        K::lenient_text(
            "created_from",
            "ContextKindRep.createdFrom",
            "How it was created, such as by an evaluation.",
            |row| row.item.created_from.text(),
        ),
        common::created_at("ContextKindRep.creationDate", |row| row.item.creation_date.number()),
        common::last_modified_at("ContextKindRep.lastModified", |row| {
            row.item.last_modified.number()
        }),
        K::lenient_time(
            "last_seen_at",
            "ContextKindRep.lastSeen",
            "When a context of the kind was last seen; NULL for never.",
            |row| row.item.last_seen.number(),
        ),
        K::int("version", "ContextKindRep.version", "Counts changes to it.", |row| {
            row.item.version
        }),
    ];
}
