//! Views: `GET /api/v2/projects/{project}/views?expand=resourceSummary`,
//! <https://launchdarkly.com/docs/api/views-beta/get-views>.
//!
//! The flags and segments of a view would take one more list per view, so they are only counted.

use crate::resources::prelude::*;

/// The views of a project: groups of flags and segments that belong together.
pub struct Views;

impl Resource for Views {
    type Item = View;
    const NAME: &'static str = "views";
    const PATH: &'static str = "/api/v2/projects/{project}/views";
    const LEVEL: Level = Level::Project;
    const PERMISSION: &'static str = "viewProject";
    const GROUP: Group = Group::All;
    const PAGING: Paging = Paging::Offset(100);
    const QUERY: &'static [(&'static str, &'static str)] = &[("expand", "resourceSummary")];
    const BETA: bool = true;
    const REQUESTS: &'static str = "⌈views / 100⌉ a project, but at least 1";
    const TABLES: &'static [fn() -> TableInfo] = &[ViewTable::info, TagTable::info];
    const DROPPED: &'static [Dropped] = &[
        dropped("View._access", "access detail"),
        dropped("View._links", "link"),
        dropped("View.accountId", "the same for all: see extractions.account_id"),
        dropped("View.projectId", "in `projects`"),
        dropped("View.projectKey", "duplicate of the requested project's key"),
        dropped("View.generateSdkKeys", "deprecated duplicate of _affectsSdkPayload"),
        dropped("View.flagsSummary", "not in the list unless expanded"),
        dropped("View.segmentsSummary", "not in the list unless expanded"),
        dropped("View.metricsSummary", "not in the list unless expanded"),
        dropped("View.aiConfigsSummary", "not in the list unless expanded"),
        dropped("View.flagsExpanded", "not in the list"),
        dropped("View.segmentsExpanded", "not in the list"),
        dropped("View.metricsExpanded", "not in the list"),
        dropped("View.aiConfigsExpanded", "not in the list"),
        dropped("View.resourcesExpanded", "not in the list"),
        dropped("ViewsMaintainerMember.id", "duplicate of Maintainer.id"),
        dropped("ViewsMaintainerMember.role", "in `members`"),
        dropped("ViewsMaintainerMember.firstName", "in `members`"),
        dropped("ViewsMaintainerMember.lastName", "in `members`"),
        dropped("ViewsMaintainerTeam.id", "duplicate of Maintainer.id"),
        dropped("ViewsMaintainerTeam.name", "in `teams`"),
    ];

    fn write(scope: &Scope, view: &View, sink: &mut dyn Sink) -> Result<()> {
        let row = InScope::new(scope, view);
        write_with_parts::<ViewTable, TagTable>(sink, &row, parts(row, &view.tags))
    }
}

impl ListResource for Views {
    fn key(view: &View) -> &str {
        &view.key
    }
}

/// A view.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct View {
    #[serde(deserialize_with = "required_identifier")]
    key: String,
    #[serde(default)]
    id: Lenient<Identifier>,
    #[serde(default)]
    name: Lenient<String>,
    description: Option<Lenient<String>>,
    #[serde(rename = "_affectsSdkPayload")]
    affects_sdk_payload: Option<Lenient<bool>>,
    version: i64,
    #[serde(default)]
    created_at: Lenient<Moment>,
    updated_at: Option<Lenient<Moment>>,
    archived: Option<bool>,
    #[serde(default, deserialize_with = "time")]
    archived_at: Option<i64>,
    deleted: Option<bool>,
    #[serde(default, deserialize_with = "time")]
    deleted_at: Option<i64>,
    #[serde(default, deserialize_with = "object")]
    maintainer: Option<Maintainer>,
    #[serde(default, deserialize_with = "object")]
    resource_summary: Option<Summary>,
    #[serde(default, deserialize_with = "identifiers")]
    tags: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Maintainer {
    id: Option<Lenient<Identifier>>,
    kind: Option<Lenient<String>>,
    #[serde(default, deserialize_with = "object")]
    maintainer_member: Option<MaintainerMember>,
    #[serde(default, deserialize_with = "object")]
    maintainer_team: Option<MaintainerTeam>,
}

#[derive(Debug, Deserialize)]
struct MaintainerMember {
    email: Option<Lenient<Identifier>>,
}

#[derive(Debug, Deserialize)]
struct MaintainerTeam {
    key: Option<Lenient<Identifier>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    flag_count: Option<Lenient<i64>>,
    segment_count: Option<Lenient<i64>>,
    total_count: Option<Lenient<i64>>,
}

type Row<'a> = InScope<'a, View>;

struct ViewTable;
type V = Column<ViewTable>;

impl Table for ViewTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "views";
    const DOC: &'static str = "One row per view.";
    const KEY: &'static [&'static str] = &["project_key", "view_key"];
    const PARENTS: &'static [&'static str] = &["projects"];
    const VERSION: Option<&'static str> = Some("version");
    const CREATED: Option<&'static str> = Some("created_at");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.project_key),
        V::text("view_key", "View.key", "Key of the view, unique in its project.", |row| {
            &row.item.key
        }),
        V::lenient_text("view_id", "View.id", "ID of the view.", |row| row.item.id.text()),
        common::name("View.name", |row| row.item.name.text()),
        common::description("View.description", |row| row.item.description.text()),
        V::lenient_bool(
            "affects_sdk_payload",
            "View._affectsSdkPayload",
            "Whether SDKs can be limited to the view's flags.",
            |row| row.item.affects_sdk_payload,
        ),
        V::lenient_int(
            "flag_count",
            "ResourceSummary.flagCount",
            "Number of flags in the view.",
            |row| row.item.resource_summary.as_ref()?.flag_count,
        ),
        V::lenient_int(
            "segment_count",
            "ResourceSummary.segmentCount",
            "Number of segments in the view.",
            |row| row.item.resource_summary.as_ref()?.segment_count,
        ),
        V::lenient_int(
            "resource_count",
            "ResourceSummary.totalCount",
            "Number of all resources in the view.",
            |row| row.item.resource_summary.as_ref()?.total_count,
        ),
        V::lenient_text("maintainer_kind", "Maintainer.kind", "`member` or `team`.", |row| {
            row.item.maintainer.as_ref()?.kind.text()
        }),
        V::lenient_text(
            "maintainer_id",
            "Maintainer.id",
            "ID of the member or team that maintains it.",
            |row| row.item.maintainer.as_ref()?.id.text(),
        ),
        common::maintainer_email("ViewsMaintainerMember.email", |row| {
            row.item.maintainer.as_ref()?.maintainer_member.as_ref()?.email.text()
        }),
        common::maintainer_team_key("ViewsMaintainerTeam.key", |row| {
            row.item.maintainer.as_ref()?.maintainer_team.as_ref()?.key.text()
        }),
        common::created_at("View.createdAt", |row| row.item.created_at.number()),
        common::last_modified_at("View.updatedAt", |row| row.item.updated_at.number()),
        V::bool_opt("archived", "View.archived", "Whether it is archived.", |row| {
            row.item.archived
        }),
        V::time_opt("archived_at", "View.archivedAt", "When it was archived.", |row| {
            row.item.archived_at.filter(|time| *time > 0)
        }),
        V::bool_opt("deleted", "View.deleted", "Whether it is deleted.", |row| row.item.deleted),
        V::time_opt("deleted_at", "View.deletedAt", "When it was deleted.", |row| {
            row.item.deleted_at.filter(|time| *time > 0)
        }),
        V::int("version", "View.version", "Counts changes to the view.", |row| row.item.version),
    ];
}

tag_table! {
    TagTable: "view_tags", part of "views", "One row per tag on each view.",
    of: Row<'a>,
    key: ["project_key", "view_key"],
    columns: [
        keys::project(|row| row.of.project_key),
        Column::text("view_key", "View.key", "Key of the view.", |row| &row.of.item.key),
    ],
    tags: "View.tags",
}
