//! Metric groups: `GET /api/v2/projects/{project}/metric-groups`,
//! <https://launchdarkly.com/docs/api/metrics-beta/get-metric-groups>.

use serde::Deserialize;

use super::decode::{length, list, MemberSummary};
use crate::Result;
use crate::resource::{Dropped, Group, Level, ListResource, Paging, Resource, Scope};
use crate::table::{Column, Sink, Table, TableInfo, Written, write_row, write_rows};

/// The metric groups of a project: funnels, and metrics that experiments use together.
pub struct MetricGroups;

impl Resource for MetricGroups {
    type Item = MetricGroup;
    const NAME: &'static str = "metric_groups";
    const PATH: &'static str = "/api/v2/projects/{project}/metric-groups";
    const LEVEL: Level = Level::Project;
    const PERMISSION: &'static str = "viewProject";
    const GROUP: Group = Group::All;
    const PAGING: Paging = Paging::Offset(50);
    const QUERY: &'static [(&'static str, &'static str)] = &[("sort", "createdAt")];
    const BETA: bool = true;
    const REQUESTS: &'static str = "a project: ⌈metric groups / 50⌉, but at least 1";
    const TABLES: &'static [fn() -> TableInfo] =
        &[GroupTable::info, TagTable::info, MetricTable::info];
    const DROPPED: &'static [Dropped] = &[
        Dropped { field: "MetricGroupRep._access", reason: "access detail" },
        Dropped { field: "MetricGroupRep._links", reason: "link" },
        Dropped {
            field: "MetricGroupRep.experiments",
            reason: "not in the list; `experiment_metrics` has the groups of each experiment",
        },
        Dropped {
            field: "MaintainerRep.kind",
            reason: "tells maintainer_id from maintainer_team_key",
        },
        Dropped {
            field: "MaintainerRep._team",
            reason: "duplicate: join teams by maintainer_team_key",
        },
        Dropped { field: "MetricInGroupRep._links", reason: "link" },
        Dropped { field: "MetricInGroupRep.name", reason: "in `metrics`" },
        Dropped { field: "MetricInGroupRep.kind", reason: "in `metrics`" },
        Dropped { field: "MetricInGroupRep.isNumeric", reason: "in `metrics`" },
        Dropped { field: "MetricInGroupRep.unitAggregationType", reason: "in `metrics`" },
        Dropped { field: "MetricInGroupRep.analysisType", reason: "in `metrics`" },
        Dropped { field: "MetricInGroupRep.eventKey", reason: "in `metrics`" },
        Dropped { field: "MetricInGroupRep.analysisUnits", reason: "in `metrics`" },
        Dropped { field: "MetricInGroupRep.randomizationUnits", reason: "in `metrics`" },
    ];

    fn write(scope: &Scope, group: &MetricGroup, sink: &mut dyn Sink) -> Result<()> {
        let row = Row { project_key: scope.project_key(), group };
        if write_row::<GroupTable>(sink, &row)? != Written::Fresh {
            return Ok(());
        }
        write_rows::<TagTable>(sink, group.tags.iter().map(|tag| TagRow { row, tag }))?;
        let metrics = (0..).zip(&group.metrics);
        let metrics = metrics.map(|(index, metric)| MetricRow { row, index, metric });
        write_rows::<MetricTable>(sink, metrics)
    }
}

impl ListResource for MetricGroups {
    fn key(group: &MetricGroup) -> &str {
        &group.key
    }
}

/// A metric group.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MetricGroup {
    key: String,
    #[serde(rename = "_id")]
    id: String,
    name: String,
    kind: String,
    description: Option<String>,
    #[serde(rename = "_version")]
    version: Option<i64>,
    maintainer: Option<Maintainer>,
    #[serde(default, deserialize_with = "list")]
    metrics: Vec<MetricInGroup>,
    #[serde(default, deserialize_with = "list")]
    tags: Vec<String>,
    experiment_count: Option<i64>,
    active_experiment_count: Option<i64>,
    active_guarded_rollout_count: Option<i64>,
    #[serde(rename = "_creationDate")]
    creation_date: i64,
    #[serde(rename = "_lastModified")]
    last_modified: Option<i64>,
}

/// A member or a team.
#[derive(Debug, Deserialize)]
struct Maintainer {
    key: Option<String>,
    kind: Option<String>,
    #[serde(rename = "_member")]
    member: Option<MemberSummary>,
}

impl Maintainer {
    fn key_of(&self, kind: &str) -> Option<&str> {
        self.key.as_deref().filter(|_| self.kind.as_deref() == Some(kind))
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MetricInGroup {
    key: String,
    #[serde(rename = "_versionId")]
    version_id: Option<String>,
    name_in_group: Option<String>,
}

#[derive(Clone, Copy)]
struct Row<'a> {
    project_key: &'a str,
    group: &'a MetricGroup,
}

struct GroupTable;
type G = Column<GroupTable>;

impl Table for GroupTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "metric_groups";
    const DOC: &'static str = "One row per metric group of each project.";
    const KEY: &'static [&'static str] = &["project_key", "metric_group_key"];
    const PARENTS: &'static [&'static str] = &["projects"];
    const VERSION: Option<&'static str> = Some("version");
    const CREATED: Option<&'static str> = Some("created_at");
    const COLUMNS: &'static [Column<Self>] = &[
        G::text("project_key", "Project.key", "Key of the project.", |row| row.project_key),
        G::text("metric_group_key", "MetricGroupRep.key", "Key, unique in its project.", |row| {
            &row.group.key
        }),
        G::text("metric_group_id", "MetricGroupRep._id", "ID of the group.", |row| &row.group.id),
        G::text("name", "MetricGroupRep.name", "Name of the group.", |row| &row.group.name),
        G::text("kind", "MetricGroupRep.kind", "`funnel` or `standard`.", |row| &row.group.kind),
        G::text_opt("description", "MetricGroupRep.description", "What it is for.", |row| {
            row.group.description.as_deref()
        }),
        G::int_opt("version", "MetricGroupRep._version", "Counts changes to the group.", |row| {
            row.group.version
        }),
        G::text_opt(
            "maintainer_id",
            "MaintainerRep.key",
            "ID of the member who maintains it.",
            |row| row.group.maintainer.as_ref()?.key_of("member"),
        ),
        G::text_opt(
            "maintainer_email",
            "MaintainerRep._member",
            "Email address of the member who maintains it.",
            |row| Some(row.group.maintainer.as_ref()?.member.as_ref()?.email.as_str()),
        )
        .personal(),
        G::text_opt(
            "maintainer_team_key",
            "MaintainerRep.key",
            "Key of the team that maintains it.",
            |row| row.group.maintainer.as_ref()?.key_of("team"),
        ),
        G::int("metric_count", "MetricGroupRep.metrics", "Number of metrics in it.", |row| {
            length(row.group.metrics.len())
        }),
        G::int_opt(
            "experiment_count",
            "MetricGroupRep.experimentCount",
            "Number of experiments that use it.",
            |row| row.group.experiment_count,
        ),
        G::int_opt(
            "active_experiment_count",
            "MetricGroupRep.activeExperimentCount",
            "Number of active experiments that use it.",
            |row| row.group.active_experiment_count,
        ),
        G::int_opt(
            "active_guarded_rollout_count",
            "MetricGroupRep.activeGuardedRolloutCount",
            "Number of active guarded rollouts that use it.",
            |row| row.group.active_guarded_rollout_count,
        ),
        G::time("created_at", "MetricGroupRep._creationDate", "When it was created.", |row| {
            row.group.creation_date
        }),
        G::time_opt(
            "last_modified_at",
            "MetricGroupRep._lastModified",
            "When it last changed.",
            |row| row.group.last_modified,
        ),
    ];
}

struct TagRow<'a> {
    row: Row<'a>,
    tag: &'a str,
}

struct TagTable;
type T = Column<TagTable>;

impl Table for TagTable {
    type Row<'a> = TagRow<'a>;
    const NAME: &'static str = "metric_group_tags";
    const DOC: &'static str = "One row per tag on each metric group.";
    const KEY: &'static [&'static str] = &["project_key", "metric_group_key", "tag"];
    const PART_OF: Option<&'static str> = Some("metric_groups");
    const COLUMNS: &'static [Column<Self>] = &[
        T::text("project_key", "Project.key", "Key of the project.", |row| row.row.project_key),
        T::text("metric_group_key", "MetricGroupRep.key", "Key of the group.", |row| {
            &row.row.group.key
        }),
        T::text("tag", "MetricGroupRep.tags", "The tag.", |row| row.tag),
    ];
}

struct MetricRow<'a> {
    row: Row<'a>,
    index: i64,
    metric: &'a MetricInGroup,
}

struct MetricTable;
type M = Column<MetricTable>;

impl Table for MetricTable {
    type Row<'a> = MetricRow<'a>;
    const NAME: &'static str = "metric_group_metrics";
    const DOC: &'static str = "One row per metric in each metric group.";
    const KEY: &'static [&'static str] = &["project_key", "metric_group_key", "metric_index"];
    const PART_OF: Option<&'static str> = Some("metric_groups");
    const COLUMNS: &'static [Column<Self>] = &[
        M::text("project_key", "Project.key", "Key of the project.", |row| row.row.project_key),
        M::text("metric_group_key", "MetricGroupRep.key", "Key of the group.", |row| {
            &row.row.group.key
        }),
        M::int(
            "metric_index",
            "MetricGroupRep.metrics",
            "Position in the group, from 0: a funnel's step.",
            |row| row.index,
        ),
        M::text("metric_key", "MetricInGroupRep.key", "Key of the metric.", |row| &row.metric.key),
        M::text_opt(
            "metric_version_id",
            "MetricInGroupRep._versionId",
            "ID of the metric's version.",
            |row| row.metric.version_id.as_deref(),
        ),
        M::text_opt(
            "name_in_group",
            "MetricInGroupRep.nameInGroup",
            "What a funnel calls this step.",
            |row| row.metric.name_in_group.as_deref(),
        ),
    ];
}
