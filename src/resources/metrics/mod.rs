//! Metrics: `GET /api/v2/metrics/{project}?expand=experimentCount`,
//! <https://launchdarkly.com/docs/api/metrics/get-metrics>.

mod metric_table;

use serde_json::value::RawValue;

use crate::launchdarkly::lenient::{Json, JsonNumber, TextMoment};
use crate::resources::decode::MemberMention;
use crate::resources::prelude::*;
use metric_table::MetricTable;

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
        dropped("MetricListingRep._access", "access detail"),
        dropped("MetricListingRep._links", "link"),
        dropped("MetricListingRep._site", "link"),
        dropped(
            "MetricListingRep.randomizationUnits",
            "deprecated duplicate of analysisUnits; read where that is missing",
        ),
        dropped(
            "MetricListingRep.winsorExcludeImputed",
            "deprecated: replaced by winsorIncludeImputed",
        ),
    ];

    fn write(scope: &Scope, metric: &Metric, sink: &mut dyn Sink) -> Result<()> {
        let row = Row { project_key: scope.project_key(), metric };
        write_with_parts::<MetricTable, TagTable>(sink, &row, parts(row, &metric.tags))
    }
}

impl ListResource for Metrics {
    fn key(metric: &Metric) -> &str {
        &metric.key
    }
}

/// A metric. Numbers that may have a fraction are kept as JSON text.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metric {
    #[serde(deserialize_with = "required_identifier")]
    key: String,
    #[serde(rename = "_id", default)]
    id: Lenient<Identifier>,
    #[serde(rename = "_versionId")]
    version_id: Option<Lenient<Identifier>>,
    #[serde(rename = "_version")]
    version: Option<Lenient<i64>>,
    #[serde(default)]
    name: Lenient<String>,
    #[serde(default)]
    kind: Lenient<String>,
    description: Option<Lenient<String>>,
    category: Option<Lenient<String>>,
    event_key: Option<Lenient<Identifier>>,
    is_numeric: Option<Lenient<bool>>,
    success_criteria: Option<Lenient<String>>,
    unit: Option<Lenient<String>>,
    analysis_units: Option<Lenient<JsonList>>,
    randomization_units: Option<Lenient<JsonList>>,
    unit_aggregation_type: Option<Lenient<String>>,
    analysis_type: Option<Lenient<String>>,
    percentile_value: Option<Lenient<i64>>,
    #[serde(default, deserialize_with = "object")]
    event_default: Option<EventDefault>,
    filters: Option<Lenient<JsonObject>>,
    selector: Option<Lenient<String>>,
    urls: Option<Lenient<JsonList>>,
    trace_query: Option<Lenient<String>>,
    trace_value_location: Option<Lenient<String>>,
    denominator: Option<Lenient<JsonObject>>,
    window_start_offset: Option<Lenient<i64>>,
    window_end_offset: Option<Lenient<i64>>,
    winsor_lower_percentile: Option<Lenient<JsonNumber>>,
    winsor_upper_percentile: Option<Lenient<JsonNumber>>,
    winsor_include_imputed: Option<Lenient<bool>>,
    #[serde(default, deserialize_with = "object")]
    data_source: Option<DataSource>,
    maintainer_id: Option<Lenient<Identifier>>,
    #[serde(rename = "_maintainer")]
    #[serde(default, deserialize_with = "object")]
    maintainer: Option<MemberMention>,
    archived: Option<bool>,
    #[serde(rename = "_attachedFlagCount")]
    attached_flag_count: Option<Lenient<i64>>,
    experiment_count: Option<Lenient<i64>>,
    active_experiment_count: Option<Lenient<i64>>,
    metric_group_count: Option<Lenient<i64>>,
    active_guarded_rollout_count: Option<Lenient<i64>>,
    #[serde(rename = "_creationDate", default)]
    creation_date: Lenient<Moment>,
    #[serde(default, deserialize_with = "object")]
    last_modified: Option<Modification>,
    #[serde(default, deserialize_with = "time")]
    archived_at: Option<i64>,
    last_seen: Option<Lenient<Moment>>,
    #[serde(default, deserialize_with = "identifiers")]
    tags: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct EventDefault {
    disabled: Option<Lenient<bool>>,
    value: Option<Lenient<Json>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DataSource {
    key: Option<Lenient<Identifier>>,
    environment_key: Option<Lenient<Identifier>>,
    #[serde(rename = "_name")]
    name: Option<Lenient<String>>,
    #[serde(rename = "_integrationKey")]
    integration_key: Option<Lenient<Identifier>>,
}

#[derive(Debug, Deserialize)]
struct Modification {
    date: Option<Lenient<TextMoment>>,
}

impl Metric {
    fn units(&self) -> Option<Lenient<&RawValue>> {
        self.analysis_units.json().or(self.randomization_units.json())
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

tag_table! {
    TagTable: "metric_tags", part of "metrics", "One row per tag on each metric.",
    of: Row<'a>,
    key: ["project_key", "metric_key"],
    columns: [
        keys::project(|row| row.of.project_key),
        Column::text("metric_key", "MetricListingRep.key", "Key of the metric.", |row| {
            &row.of.metric.key
        }),
    ],
    tags: "MetricListingRep.tags",
}
