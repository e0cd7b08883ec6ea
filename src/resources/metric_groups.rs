//! Metric groups: `GET /api/v2/projects/{project}/metric-groups`,
//! <https://launchdarkly.com/docs/api/metrics-beta/get-metric-groups>.

use super::decode::MemberMention;
use crate::resources::prelude::*;

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
        dropped("MetricGroupRep._access", "access detail"),
        dropped("MetricGroupRep._links", "link"),
        dropped(
            "MetricGroupRep.experiments",
            "not in the list; `experiment_metrics` has the groups of each experiment",
        ),
        dropped("MaintainerRep.kind", "tells maintainer_id from maintainer_team_key"),
        dropped("MaintainerRep._team", "duplicate: join teams by maintainer_team_key"),
        dropped("MetricInGroupRep._links", "link"),
        dropped("MetricInGroupRep.name", "in `metrics`"),
        dropped("MetricInGroupRep.kind", "in `metrics`"),
        dropped("MetricInGroupRep.isNumeric", "in `metrics`"),
        dropped("MetricInGroupRep.unitAggregationType", "in `metrics`"),
        dropped("MetricInGroupRep.analysisType", "in `metrics`"),
        dropped("MetricInGroupRep.eventKey", "in `metrics`"),
        dropped("MetricInGroupRep.analysisUnits", "in `metrics`"),
        dropped("MetricInGroupRep.randomizationUnits", "in `metrics`"),
    ];

    fn write(scope: &Scope, group: &MetricGroup, sink: &mut dyn Sink) -> Result<()> {
        let row = InScope::new(scope, group);
        if write_row::<GroupTable>(sink, &row)? != Written::Fresh {
            return Ok(());
        }
        write_rows::<TagTable>(sink, parts(row, &group.tags))?;
        write_rows::<MetricTable>(sink, parts(row, &group.metrics))
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
    #[serde(deserialize_with = "required_identifier")]
    key: String,
    #[serde(rename = "_id", default)]
    id: Lenient<Identifier>,
    #[serde(default)]
    name: Lenient<String>,
    #[serde(default)]
    kind: Lenient<String>,
    description: Option<Lenient<String>>,
    #[serde(rename = "_version")]
    version: Option<Lenient<i64>>,
    #[serde(default, deserialize_with = "object")]
    maintainer: Option<Maintainer>,
    #[serde(default, deserialize_with = "list")]
    metrics: Vec<MetricInGroup>,
    #[serde(default, deserialize_with = "identifiers")]
    tags: Vec<String>,
    experiment_count: Option<Lenient<i64>>,
    active_experiment_count: Option<Lenient<i64>>,
    active_guarded_rollout_count: Option<Lenient<i64>>,
    #[serde(rename = "_creationDate", default)]
    creation_date: Lenient<Moment>,
    #[serde(rename = "_lastModified")]
    last_modified: Option<Lenient<Moment>>,
}

/// A member or a team.
#[derive(Debug, Deserialize)]
struct Maintainer {
    key: Option<Lenient<Identifier>>,
    kind: Option<Lenient<String>>,
    #[serde(rename = "_member", default, deserialize_with = "object")]
    member: Option<MemberMention>,
}

impl Maintainer {
    /// The key, if the maintainer is of this `kind`. Without a kind, it is unknown whose key it is.
    fn key_of(&self, kind: &str) -> Option<Lenient<&str>> {
        match self.kind.text()? {
            Lenient::Value(own) if own == kind => self.key.text(),
            Lenient::Value(_) | Lenient::Unset => None,
            Lenient::Unexpected => Some(Lenient::Unexpected),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MetricInGroup {
    #[serde(default)]
    key: Lenient<Identifier>,
    #[serde(rename = "_versionId")]
    version_id: Option<Lenient<Identifier>>,
    name_in_group: Option<Lenient<String>>,
}

type Row<'a> = InScope<'a, MetricGroup>;

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
        keys::project(|row| row.project_key),
        G::text("metric_group_key", "MetricGroupRep.key", "Key, unique in its project.", |row| {
            &row.item.key
        }),
        G::lenient_text("metric_group_id", "MetricGroupRep._id", "ID of the group.", |row| {
            row.item.id.text()
        }),
        common::name("MetricGroupRep.name", |row| row.item.name.text()),
        G::lenient_text("kind", "MetricGroupRep.kind", "`funnel` or `standard`.", |row| {
            row.item.kind.text()
        }),
        common::description("MetricGroupRep.description", |row| row.item.description.text()),
        common::version("MetricGroupRep._version", |row| row.item.version),
        common::maintainer_id("MaintainerRep.key", |row| {
            row.item.maintainer.as_ref()?.key_of("member")
        }),
        common::maintainer_email("MaintainerRep._member", |row| {
            row.item.maintainer.as_ref()?.member.as_ref()?.email.text()
        }),
        common::maintainer_team_key("MaintainerRep.key", |row| {
            row.item.maintainer.as_ref()?.key_of("team")
        }),
        G::int("metric_count", "MetricGroupRep.metrics", "Number of metrics in it.", |row| {
            length(row.item.metrics.len())
        }),
        G::lenient_int(
            "experiment_count",
            "MetricGroupRep.experimentCount",
            "Number of experiments that use it.",
            |row| row.item.experiment_count,
        ),
        G::lenient_int(
            "active_experiment_count",
            "MetricGroupRep.activeExperimentCount",
            "Number of active experiments that use it.",
            |row| row.item.active_experiment_count,
        ),
        G::lenient_int(
            "active_guarded_rollout_count",
            "MetricGroupRep.activeGuardedRolloutCount",
            "Number of active guarded rollouts that use it.",
            |row| row.item.active_guarded_rollout_count,
        ),
        common::created_at("MetricGroupRep._creationDate", |row| row.item.creation_date.number()),
        common::last_modified_at("MetricGroupRep._lastModified", |row| {
            row.item.last_modified.number()
        }),
    ];
}

tag_table! {
    TagTable: "metric_group_tags", part of "metric_groups", "One row per tag on each metric group.",
    of: Row<'a>,
    key: ["project_key", "metric_group_key"],
    columns: [
        keys::project(|row| row.of.project_key),
        keys::metric_group(|row| &row.of.item.key),
    ],
    tags: "MetricGroupRep.tags",
}

struct MetricTable;
type M = Column<MetricTable>;

impl Table for MetricTable {
    type Row<'a> = Part<'a, Row<'a>, MetricInGroup>;
    const NAME: &'static str = "metric_group_metrics";
    const DOC: &'static str = "One row per metric in each metric group.";
    const KEY: &'static [&'static str] = &["project_key", "metric_group_key", "metric_index"];
    const PART_OF: Option<&'static str> = Some("metric_groups");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.of.project_key),
        keys::metric_group(|row| &row.of.item.key),
        M::int(
            "metric_index",
            "MetricGroupRep.metrics",
            "Position in the group, from 0: a funnel's step.",
            |row| row.index,
        ),
        M::lenient_text("metric_key", "MetricInGroupRep.key", "Key of the metric.", |row| {
            row.item.key.text()
        }),
        M::lenient_text(
            "metric_version_id",
            "MetricInGroupRep._versionId",
            "ID of the metric's version.",
            |row| row.item.version_id.text(),
        ),
        M::lenient_text(
            "name_in_group",
            "MetricInGroupRep.nameInGroup",
            "Name of this step in a funnel.",
            |row| row.item.name_in_group.text(),
        ),
    ];
}
