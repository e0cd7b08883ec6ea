//! Metrics: `GET /api/v2/metrics/{project}?expand=experimentCount`,
//! <https://launchdarkly.com/docs/api/metrics/get-metrics>.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::decode::{MemberSummary, list, text_time};
use crate::Result;
use crate::resource::{Dropped, Group, Level, ListResource, Paging, Resource, Scope};
use crate::table::{Column, Sink, Table, TableInfo, Written, write_row, write_rows};

/// The metrics of a project.
pub struct Metrics;

impl Resource for Metrics {
    type Item = Metric;
    const NAME: &'static str = "metrics";
    const PATH: &'static str = "/api/v2/metrics/{project}";
    const LEVEL: Level = Level::Project;
    const PERMISSION: &'static str = "viewProject";
    const GROUP: Group = Group::Default;
    const PAGING: Paging = Paging::Offset(50);
    const QUERY: &'static [(&'static str, &'static str)] =
        &[("expand", "experimentCount"), ("sort", "createdAt")];
    const REQUESTS: &'static str = "a project: ⌈metrics / 50⌉, but at least 1";
    const TABLES: &'static [fn() -> TableInfo] = &[MetricTable::info, TagTable::info];
    const DROPPED: &'static [Dropped] = &[
        Dropped { field: "MetricListingRep._access", reason: "access detail" },
        Dropped { field: "MetricListingRep._links", reason: "link" },
        Dropped { field: "MetricListingRep._site", reason: "link" },
        Dropped {
            field: "MetricListingRep.randomizationUnits",
            reason: "deprecated duplicate of analysisUnits; read where that is missing",
        },
        Dropped {
            field: "MetricListingRep.winsorExcludeImputed",
            reason: "deprecated: winsorIncludeImputed took its place",
        },
    ];

    fn write(scope: &Scope, metric: &Metric, sink: &mut dyn Sink) -> Result<()> {
        let row = Row { project_key: scope.project_key(), metric };
        if write_row::<MetricTable>(sink, &row)? != Written::Fresh {
            return Ok(());
        }
        write_rows::<TagTable>(sink, metric.tags.iter().map(|tag| TagRow { row, tag }))
    }
}

impl ListResource for Metrics {
    fn key(metric: &Metric) -> &str {
        &metric.key
    }
}

/// A metric. Numbers that need not be whole stay as they were written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metric {
    key: String,
    #[serde(rename = "_id")]
    id: String,
    #[serde(rename = "_versionId")]
    version_id: Option<String>,
    #[serde(rename = "_version")]
    version: Option<i64>,
    name: String,
    kind: String,
    description: Option<String>,
    category: Option<String>,
    event_key: Option<String>,
    is_numeric: Option<bool>,
    success_criteria: Option<String>,
    unit: Option<String>,
    analysis_units: Option<Box<RawValue>>,
    randomization_units: Option<Box<RawValue>>,
    unit_aggregation_type: Option<String>,
    analysis_type: Option<String>,
    percentile_value: Option<i64>,
    event_default: Option<EventDefault>,
    filters: Option<Box<RawValue>>,
    selector: Option<String>,
    urls: Option<Box<RawValue>>,
    trace_query: Option<String>,
    trace_value_location: Option<String>,
    denominator: Option<Box<RawValue>>,
    window_start_offset: Option<i64>,
    window_end_offset: Option<i64>,
    winsor_lower_percentile: Option<Box<RawValue>>,
    winsor_upper_percentile: Option<Box<RawValue>>,
    winsor_include_imputed: Option<bool>,
    data_source: Option<DataSource>,
    maintainer_id: Option<String>,
    #[serde(rename = "_maintainer")]
    maintainer: Option<MemberSummary>,
    archived: Option<bool>,
    #[serde(rename = "_attachedFlagCount")]
    attached_flag_count: Option<i64>,
    experiment_count: Option<i64>,
    active_experiment_count: Option<i64>,
    metric_group_count: Option<i64>,
    active_guarded_rollout_count: Option<i64>,
    #[serde(rename = "_creationDate")]
    creation_date: i64,
    last_modified: Option<Modification>,
    archived_at: Option<i64>,
    last_seen: Option<i64>,
    #[serde(default, deserialize_with = "list")]
    tags: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct EventDefault {
    disabled: Option<bool>,
    value: Option<Box<RawValue>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DataSource {
    key: Option<String>,
    environment_key: Option<String>,
    #[serde(rename = "_name")]
    name: Option<String>,
    #[serde(rename = "_integrationKey")]
    integration_key: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Modification {
    #[serde(default, deserialize_with = "text_time")]
    date: Option<i64>,
}

impl Metric {
    fn units(&self) -> Option<&str> {
        let units = self.analysis_units.as_deref().or(self.randomization_units.as_deref());
        units.map(RawValue::get)
    }
}

#[derive(Clone, Copy)]
struct Row<'a> {
    project_key: &'a str,
    metric: &'a Metric,
}

impl<'a> Row<'a> {
    fn source(&self) -> Option<&'a DataSource> {
        self.metric.data_source.as_ref()
    }
}

struct MetricTable;
type M = Column<MetricTable>;

impl Table for MetricTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "metrics";
    const DOC: &'static str = "One row per metric of each project, as of its current version.";
    const KEY: &'static [&'static str] = &["project_key", "metric_key"];
    const PARENTS: &'static [&'static str] = &["projects"];
    const VERSION: Option<&'static str> = Some("version");
    const CREATED: Option<&'static str> = Some("created_at");
    const COLUMNS: &'static [Column<Self>] = &[
        M::text("project_key", "Project.key", "Key of the project.", |row| row.project_key),
        M::text("metric_key", "MetricListingRep.key", "Key, unique in its project.", |row| {
            &row.metric.key
        }),
        M::text("metric_id", "MetricListingRep._id", "ID of the metric.", |row| &row.metric.id),
        M::text_opt("version_id", "MetricListingRep._versionId", "ID of this version.", |row| {
            row.metric.version_id.as_deref()
        }),
        M::int_opt("version", "MetricListingRep._version", "Counts its versions.", |row| {
            row.metric.version
        }),
        M::text("name", "MetricListingRep.name", "Name of the metric.", |row| &row.metric.name),
        M::text(
            "kind",
            "MetricListingRep.kind",
            "Which events it measures: `pageview`, `click`, `custom` or `trace`.",
            |row| &row.metric.kind,
        ),
        M::text_opt("description", "MetricListingRep.description", "What it is for.", |row| {
            row.metric.description.as_deref()
        }),
        M::text_opt("category", "MetricListingRep.category", "Its category.", |row| {
            row.metric.category.as_deref()
        }),
        M::text_opt(
            "event_key",
            "MetricListingRep.eventKey",
            "Key that code sends with its events.",
            |row| row.metric.event_key.as_deref(),
        ),
        M::bool_opt(
            "is_numeric",
            "MetricListingRep.isNumeric",
            "Whether it measures a value, rather than whether an event came at all.",
            |row| row.metric.is_numeric,
        ),
        M::text_opt(
            "success_criteria",
            "MetricListingRep.successCriteria",
            "Which way is better: `HigherThanBaseline` or `LowerThanBaseline`.",
            |row| row.metric.success_criteria.as_deref(),
        ),
        M::text_opt("unit", "MetricListingRep.unit", "Unit of its values.", |row| {
            row.metric.unit.as_deref()
        }),
        M::json_opt(
            "analysis_units",
            "MetricListingRep.analysisUnits",
            "Context kinds by which it may be analysed, as a JSON array.",
            |row| row.metric.units(),
        ),
        M::text_opt(
            "unit_aggregation_type",
            "MetricListingRep.unitAggregationType",
            "How several events of one unit count: `average`, `sum` or `count_distinct`.",
            |row| row.metric.unit_aggregation_type.as_deref(),
        ),
        M::text_opt(
            "analysis_type",
            "MetricListingRep.analysisType",
            "How it is analysed: by `mean` or by `percentile`.",
            |row| row.metric.analysis_type.as_deref(),
        ),
        M::int_opt(
            "percentile_value",
            "MetricListingRep.percentileValue",
            "The percentile, from 0 to 100.",
            |row| row.metric.percentile_value,
        ),
        M::bool_opt(
            "event_default_disabled",
            "MetricEventDefaultRep.disabled",
            "Whether units without events are left out.",
            |row| row.metric.event_default.as_ref()?.disabled,
        ),
        M::json_opt(
            "event_default_value",
            "MetricEventDefaultRep.value",
            "The number that units without events count as, as JSON.",
            |row| row.metric.event_default.as_ref()?.value.as_deref().map(RawValue::get),
        ),
        M::json_opt("filters", "MetricListingRep.filters", "Which events count, as JSON.", |row| {
            row.metric.filters.as_deref().map(RawValue::get)
        }),
        M::text_opt(
            "selector",
            "MetricListingRep.selector",
            "CSS selectors of a click metric.",
            |row| row.metric.selector.as_deref(),
        ),
        M::json_opt(
            "urls",
            "MetricListingRep.urls",
            "The pages that a click or pageview metric is about, as a JSON array.",
            |row| row.metric.urls.as_deref().map(RawValue::get),
        ),
        M::text_opt(
            "trace_query",
            "MetricListingRep.traceQuery",
            "Which traces a trace metric is about.",
            |row| row.metric.trace_query.as_deref(),
        ),
        M::text_opt(
            "trace_value_location",
            "MetricListingRep.traceValueLocation",
            "Where in a trace the value is.",
            |row| row.metric.trace_value_location.as_deref(),
        ),
        M::json_opt(
            "denominator",
            "MetricListingRep.denominator",
            "What the denominator of a ratio is, as JSON.",
            |row| row.metric.denominator.as_deref().map(RawValue::get),
        ),
        M::int_opt(
            "window_start_offset_milliseconds",
            "MetricListingRep.windowStartOffset",
            "When measuring starts, after a unit has met a variation.",
            |row| row.metric.window_start_offset,
        ),
        M::int_opt(
            "window_end_offset_milliseconds",
            "MetricListingRep.windowEndOffset",
            "When measuring ends, after a unit has met a variation.",
            |row| row.metric.window_end_offset,
        ),
        M::json_opt(
            "winsor_lower_percentile",
            "MetricListingRep.winsorLowerPercentile",
            "Percentile below which outliers are cut, a JSON number.",
            |row| row.metric.winsor_lower_percentile.as_deref().map(RawValue::get),
        ),
        M::json_opt(
            "winsor_upper_percentile",
            "MetricListingRep.winsorUpperPercentile",
            "Percentile above which outliers are cut, a JSON number.",
            |row| row.metric.winsor_upper_percentile.as_deref().map(RawValue::get),
        ),
        M::bool_opt(
            "winsor_include_imputed",
            "MetricListingRep.winsorIncludeImputed",
            "Whether those percentiles take in the zeros of units without events.",
            |row| row.metric.winsor_include_imputed,
        ),
        M::text_opt("data_source_key", "MetricDataSourceRefRep.key", "Whence it comes.", |row| {
            row.source()?.key.as_deref()
        }),
        M::text_opt(
            "data_source_environment_key",
            "MetricDataSourceRefRep.environmentKey",
            "Key of the environment whence it comes.",
            |row| row.source()?.environment_key.as_deref(),
        ),
        M::text_opt(
            "data_source_name",
            "MetricDataSourceRefRep._name",
            "Name of the data source.",
            |row| row.source()?.name.as_deref(),
        ),
        M::text_opt(
            "data_source_integration_key",
            "MetricDataSourceRefRep._integrationKey",
            "Key of the integration that provides it.",
            |row| row.source()?.integration_key.as_deref(),
        ),
        M::text_opt(
            "maintainer_id",
            "MetricListingRep.maintainerId",
            "ID of the member who maintains it.",
            |row| row.metric.maintainer_id.as_deref(),
        ),
        M::text_opt(
            "maintainer_email",
            "MetricListingRep._maintainer",
            "Email address of the member who maintains it.",
            |row| row.metric.maintainer.as_ref().map(|member| member.email.as_str()),
        )
        .personal(),
        M::bool_opt("archived", "MetricListingRep.archived", "Whether it is archived.", |row| {
            row.metric.archived
        }),
        M::int_opt(
            "attached_flag_count",
            "MetricListingRep._attachedFlagCount",
            "Number of flags attached to it.",
            |row| row.metric.attached_flag_count,
        ),
        M::int_opt(
            "experiment_count",
            "MetricListingRep.experimentCount",
            "Number of experiments that use it.",
            |row| row.metric.experiment_count,
        ),
        M::int_opt(
            "active_experiment_count",
            "MetricListingRep.activeExperimentCount",
            "Number of active experiments that use it.",
            |row| row.metric.active_experiment_count,
        ),
        M::int_opt(
            "metric_group_count",
            "MetricListingRep.metricGroupCount",
            "Number of metric groups that use it.",
            |row| row.metric.metric_group_count,
        ),
        M::int_opt(
            "active_guarded_rollout_count",
            "MetricListingRep.activeGuardedRolloutCount",
            "Number of active guarded rollouts that use it.",
            |row| row.metric.active_guarded_rollout_count,
        ),
        M::time("created_at", "MetricListingRep._creationDate", "When it was created.", |row| {
            row.metric.creation_date
        }),
        M::time_opt("last_modified_at", "Modification.date", "When it last changed.", |row| {
            row.metric.last_modified.as_ref()?.date
        }),
        M::time_opt("archived_at", "MetricListingRep.archivedAt", "When it was archived.", |row| {
            row.metric.archived_at.filter(|time| *time > 0)
        }),
        M::time_opt(
            "last_seen_at",
            "MetricListingRep.lastSeen",
            "When an event for it last came; NULL for never.",
            |row| row.metric.last_seen.filter(|time| *time > 0),
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
    const NAME: &'static str = "metric_tags";
    const DOC: &'static str = "One row per tag on each metric.";
    const KEY: &'static [&'static str] = &["project_key", "metric_key", "tag"];
    const PART_OF: Option<&'static str> = Some("metrics");
    const COLUMNS: &'static [Column<Self>] = &[
        T::text("project_key", "Project.key", "Key of the project.", |row| row.row.project_key),
        T::text("metric_key", "MetricListingRep.key", "Key of the metric.", |row| {
            &row.row.metric.key
        }),
        T::text("tag", "MetricListingRep.tags", "The tag.", |row| row.tag),
    ];
}
