//! Views: `GET /api/v2/projects/{project}/views?expand=resourceSummary`,
//! <https://launchdarkly.com/docs/api/views-beta/get-views>.
//!
//! The flags and segments of a view would take one more list per view, so they are only counted.

use serde::Deserialize;

use super::common;
use super::keys::{self, parts, tag_table};
use crate::Result;
use crate::launchdarkly::lenient::{
    Identifier, Moment, NumberField, TextField, identifiers, object, required_identifier, time,
};
use crate::model::resource::{Dropped, Group, ListResource, Paging, Resource};
use crate::model::scope::{Level, Scope};
use crate::model::table::{
    Column, Lenient, Sink, Table, TableInfo, Written, write_row, write_rows,
};

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
        Dropped { field: "View._access", reason: "access detail" },
        Dropped { field: "View._links", reason: "link" },
        Dropped { field: "View.accountId", reason: "the same for all: see extractions.account_id" },
        Dropped { field: "View.projectId", reason: "in `projects`" },
        Dropped { field: "View.projectKey", reason: "duplicate of the requested project's key" },
        Dropped {
            field: "View.generateSdkKeys",
            reason: "deprecated duplicate of _affectsSdkPayload",
        },
        Dropped { field: "View.flagsSummary", reason: "not in the list unless expanded" },
        Dropped { field: "View.segmentsSummary", reason: "not in the list unless expanded" },
        Dropped { field: "View.metricsSummary", reason: "not in the list unless expanded" },
        Dropped { field: "View.aiConfigsSummary", reason: "not in the list unless expanded" },
        Dropped { field: "View.flagsExpanded", reason: "not in the list" },
        Dropped { field: "View.segmentsExpanded", reason: "not in the list" },
        Dropped { field: "View.metricsExpanded", reason: "not in the list" },
        Dropped { field: "View.aiConfigsExpanded", reason: "not in the list" },
        Dropped { field: "View.resourcesExpanded", reason: "not in the list" },
        Dropped { field: "ViewsMaintainerMember.id", reason: "duplicate of Maintainer.id" },
        Dropped { field: "ViewsMaintainerMember.role", reason: "in `members`" },
        Dropped { field: "ViewsMaintainerMember.firstName", reason: "in `members`" },
        Dropped { field: "ViewsMaintainerMember.lastName", reason: "in `members`" },
        Dropped { field: "ViewsMaintainerTeam.id", reason: "duplicate of Maintainer.id" },
        Dropped { field: "ViewsMaintainerTeam.name", reason: "in `teams`" },
    ];

    fn write(scope: &Scope, view: &View, sink: &mut dyn Sink) -> Result<()> {
        let row = Row { project_key: scope.project_key(), view };
        if write_row::<ViewTable>(sink, &row)? != Written::Fresh {
            return Ok(());
        }
        write_rows::<TagTable>(sink, parts(row, &view.tags))
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

#[derive(Clone, Copy)]
struct Row<'a> {
    project_key: &'a str,
    view: &'a View,
}

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
            &row.view.key
        }),
        V::lenient_text("view_id", "View.id", "ID of the view.", |row| row.view.id.text()),
        V::lenient_text("name", "View.name", "Name of the view.", |row| row.view.name.text()),
        V::lenient_text("description", "View.description", "What the view is for.", |row| {
            row.view.description.text()
        }),
        V::lenient_bool(
            "affects_sdk_payload",
            "View._affectsSdkPayload",
            "Whether SDKs can be limited to the view's flags.",
            |row| row.view.affects_sdk_payload,
        ),
        V::lenient_int(
            "flag_count",
            "ResourceSummary.flagCount",
            "Number of flags in the view.",
            |row| row.view.resource_summary.as_ref()?.flag_count,
        ),
        V::lenient_int(
            "segment_count",
            "ResourceSummary.segmentCount",
            "Number of segments in the view.",
            |row| row.view.resource_summary.as_ref()?.segment_count,
        ),
        V::lenient_int(
            "resource_count",
            "ResourceSummary.totalCount",
            "Number of all resources in the view.",
            |row| row.view.resource_summary.as_ref()?.total_count,
        ),
        V::lenient_text("maintainer_kind", "Maintainer.kind", "`member` or `team`.", |row| {
            row.view.maintainer.as_ref()?.kind.text()
        }),
        V::lenient_text(
            "maintainer_id",
            "Maintainer.id",
            "ID of the member or team that maintains it.",
            |row| row.view.maintainer.as_ref()?.id.text(),
        ),
        common::maintainer_email("ViewsMaintainerMember.email", |row| {
            row.view.maintainer.as_ref()?.maintainer_member.as_ref()?.email.text()
        }),
        common::maintainer_team_key("ViewsMaintainerTeam.key", |row| {
            row.view.maintainer.as_ref()?.maintainer_team.as_ref()?.key.text()
        }),
        common::created_at("View.createdAt", |row| row.view.created_at.number()),
        common::last_modified_at("View.updatedAt", |row| row.view.updated_at.number()),
        V::bool_opt("archived", "View.archived", "Whether it is archived.", |row| {
            row.view.archived
        }),
        V::time_opt("archived_at", "View.archivedAt", "When it was archived.", |row| {
            row.view.archived_at.filter(|time| *time > 0)
        }),
        V::bool_opt("deleted", "View.deleted", "Whether it is deleted.", |row| row.view.deleted),
        V::time_opt("deleted_at", "View.deletedAt", "When it was deleted.", |row| {
            row.view.deleted_at.filter(|time| *time > 0)
        }),
        V::int("version", "View.version", "Counts changes to the view.", |row| row.view.version),
    ];
}

tag_table! {
    TagTable: "view_tags", part of "views", "One row per tag on each view.",
    of: Row<'a>,
    key: ["project_key", "view_key"],
    columns: [
        keys::project(|row| row.of.project_key),
        Column::text("view_key", "View.key", "Key of the view.", |row| &row.of.view.key),
    ],
    tags: "View.tags",
}
