//! The table `metrics`.

use super::Row;
use crate::resources::prelude::*;

pub(super) struct MetricTable;
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
        keys::project(|row| row.project_key),
        M::text("metric_key", "MetricListingRep.key", "Key, unique in its project.", |row| {
            &row.metric.key
        }),
        M::lenient_text("metric_id", "MetricListingRep._id", "ID of the metric.", |row| {
            row.metric.id.text()
        }),
        M::lenient_text(
            "version_id",
            "MetricListingRep._versionId",
            "ID of this version.",
            |row| row.metric.version_id.text(),
        ),
        M::lenient_int(
            "version",
            "MetricListingRep._version",
            "Version number; it rises with each change.",
            |row| row.metric.version,
        ),
        common::name("MetricListingRep.name", |row| row.metric.name.text()),
        M::lenient_text(
            "kind",
            "MetricListingRep.kind",
            "Which events it measures: `pageview`, `click`, `custom` or `trace`.",
            |row| row.metric.kind.text(),
        ),
        common::description("MetricListingRep.description", |row| row.metric.description.text()),
        M::lenient_text(
            "category",
            "MetricListingRep.category",
            "Category of the metric.",
            |row| row.metric.category.text(),
        ),
        M::lenient_text(
            "event_key",
            "MetricListingRep.eventKey",
            "Key of the events that code sends for it.",
            |row| row.metric.event_key.text(),
        ),
        M::lenient_bool(
            "is_numeric",
            "MetricListingRep.isNumeric",
            "Whether it measures a number; if not, it measures whether an event occurred.",
            |row| row.metric.is_numeric,
        ),
        M::lenient_text(
            "success_criteria",
            "MetricListingRep.successCriteria",
            "Which way is better: `HigherThanBaseline` or `LowerThanBaseline`.",
            |row| row.metric.success_criteria.text(),
        ),
        M::lenient_text("unit", "MetricListingRep.unit", "Unit of the measured values.", |row| {
            row.metric.unit.text()
        }),
        M::lenient_json(
            "analysis_units",
            "MetricListingRep.analysisUnits",
            "Context kinds by which it may be analysed, as a JSON array.",
            |row| row.metric.units(),
        ),
        M::lenient_text(
            "unit_aggregation_type",
            "MetricListingRep.unitAggregationType",
            "How several events of one unit are aggregated: `average`, `sum` or `count_distinct`.",
            |row| row.metric.unit_aggregation_type.text(),
        ),
        M::lenient_text(
            "analysis_type",
            "MetricListingRep.analysisType",
            "How it is analysed: by `mean` or by `percentile`.",
            |row| row.metric.analysis_type.text(),
        ),
        M::lenient_int(
            "percentile_value",
            "MetricListingRep.percentileValue",
            "The percentile, from 0 to 100.",
            |row| row.metric.percentile_value,
        ),
        M::lenient_bool(
            "event_default_disabled",
            "MetricEventDefaultRep.disabled",
            "Whether units without events are left out.",
            |row| row.metric.event_default.as_ref()?.disabled,
        ),
        M::lenient_json(
            "event_default_value",
            "MetricEventDefaultRep.value",
            "The number that is assumed for units without events, as JSON.",
            |row| row.metric.event_default.as_ref()?.value.json(),
        ),
        M::lenient_json(
            "filters",
            "MetricListingRep.filters",
            "Which events count, as JSON.",
            |row| row.metric.filters.json(),
        ),
        M::lenient_text(
            "selector",
            "MetricListingRep.selector",
            "CSS selectors of a click metric.",
            |row| row.metric.selector.text(),
        ),
        M::lenient_json(
            "urls",
            "MetricListingRep.urls",
            "The pages that a click or pageview metric is about, as a JSON array.",
            |row| row.metric.urls.json(),
        ),
        M::lenient_text(
            "trace_query",
            "MetricListingRep.traceQuery",
            "Query that selects the traces of a trace metric.",
            |row| row.metric.trace_query.text(),
        ),
        M::lenient_text(
            "trace_value_location",
            "MetricListingRep.traceValueLocation",
            "Location of the value in a trace.",
            |row| row.metric.trace_value_location.text(),
        ),
        M::lenient_json(
            "denominator",
            "MetricListingRep.denominator",
            "Denominator of a ratio metric, as JSON.",
            |row| row.metric.denominator.json(),
        ),
        M::lenient_int(
            "window_start_offset_milliseconds",
            "MetricListingRep.windowStartOffset",
            "Time between a unit's first exposure to a variation and the start of measuring.",
            |row| row.metric.window_start_offset,
        ),
        M::lenient_int(
            "window_end_offset_milliseconds",
            "MetricListingRep.windowEndOffset",
            "Time between a unit's first exposure to a variation and the end of measuring.",
            |row| row.metric.window_end_offset,
        ),
        M::lenient_json(
            "winsor_lower_percentile",
            "MetricListingRep.winsorLowerPercentile",
            "Percentile below which outliers are cut off, as a JSON number.",
            |row| row.metric.winsor_lower_percentile.json(),
        ),
        M::lenient_json(
            "winsor_upper_percentile",
            "MetricListingRep.winsorUpperPercentile",
            "Percentile above which outliers are cut off, as a JSON number.",
            |row| row.metric.winsor_upper_percentile.json(),
        ),
        M::lenient_bool(
            "winsor_include_imputed",
            "MetricListingRep.winsorIncludeImputed",
            "Whether those percentiles include the zeros of units without events.",
            |row| row.metric.winsor_include_imputed,
        ),
        M::lenient_text(
            "data_source_key",
            "MetricDataSourceRefRep.key",
            "Key of the data source.",
            |row| row.source()?.key.text(),
        ),
        M::lenient_text(
            "data_source_environment_key",
            "MetricDataSourceRefRep.environmentKey",
            "Key of the environment of the data source.",
            |row| row.source()?.environment_key.text(),
        ),
        M::lenient_text(
            "data_source_name",
            "MetricDataSourceRefRep._name",
            "Name of the data source.",
            |row| row.source()?.name.text(),
        ),
        M::lenient_text(
            "data_source_integration_key",
            "MetricDataSourceRefRep._integrationKey",
            "Key of the integration that provides it.",
            |row| row.source()?.integration_key.text(),
        ),
        common::maintainer_id("MetricListingRep.maintainerId", |row| {
            row.metric.maintainer_id.text()
        }),
        common::maintainer_email("MetricListingRep._maintainer", |row| {
            row.metric.maintainer.as_ref()?.email.text()
        }),
        M::bool_opt("archived", "MetricListingRep.archived", "Whether it is archived.", |row| {
            row.metric.archived
        }),
        M::lenient_int(
            "attached_flag_count",
            "MetricListingRep._attachedFlagCount",
            "Number of flags attached to it.",
            |row| row.metric.attached_flag_count,
        ),
        M::lenient_int(
            "experiment_count",
            "MetricListingRep.experimentCount",
            "Number of experiments that use it.",
            |row| row.metric.experiment_count,
        ),
        M::lenient_int(
            "active_experiment_count",
            "MetricListingRep.activeExperimentCount",
            "Number of active experiments that use it.",
            |row| row.metric.active_experiment_count,
        ),
        M::lenient_int(
            "metric_group_count",
            "MetricListingRep.metricGroupCount",
            "Number of metric groups that use it.",
            |row| row.metric.metric_group_count,
        ),
        M::lenient_int(
            "active_guarded_rollout_count",
            "MetricListingRep.activeGuardedRolloutCount",
            "Number of active guarded rollouts that use it.",
            |row| row.metric.active_guarded_rollout_count,
        ),
        common::created_at("MetricListingRep._creationDate", |row| {
            row.metric.creation_date.number()
        }),
        common::last_modified_at("Modification.date", |row| {
            row.metric.last_modified.as_ref()?.date.number()
        }),
        M::time_opt("archived_at", "MetricListingRep.archivedAt", "When it was archived.", |row| {
            row.metric.archived_at.filter(|time| *time > 0)
        }),
        M::lenient_time(
            "last_seen_at",
            "MetricListingRep.lastSeen",
            "When the last event for it arrived; NULL for never.",
            |row| row.metric.last_seen.number(),
        ),
    ];
}
