//! The fields of experiments and their iterations that are not stored, and why.

use crate::model::resource::{Dropped, dropped};

/// The fields of experiments and their iterations that are not stored.
pub(in crate::resources) const DROPPED: &[Dropped] = &[
    dropped("Experiment._access", "access detail"),
    dropped("Experiment._links", "link"),
    dropped("Experiment.mutableFieldsByStatus", "a setting of the user interface"),
    dropped(
        "IterationRep.primarySingleMetric",
        "duplicate of primaryMetric; read where that is missing",
    ),
    dropped("IterationRep.primaryFunnel", "duplicate of primaryMetric; read where that is missing"),
    dropped(
        "IterationRep.secondaryMetrics",
        "deprecated duplicate of metrics; what is missing there is read here",
    ),
    dropped("FlagRep._links", "link"),
    dropped("LayerSnapshotRep.name", "duplicate of layers.name"),
    dropped("DependentMetricOrMetricGroupRep._links", "link"),
    dropped("DependentMetricOrMetricGroupRep.name", "in `metrics`"),
    dropped("DependentMetricOrMetricGroupRep.kind", "in `metrics`"),
    dropped("DependentMetricOrMetricGroupRep.isNumeric", "in `metrics`"),
    dropped("DependentMetricOrMetricGroupRep.eventKey", "in `metrics`"),
    dropped("DependentMetricOrMetricGroupRep.metrics", "in `metric_group_metrics`"),
    dropped("MetricV2Rep._links", "link"),
    dropped("MetricV2Rep._versionId", "as in DependentMetricOrMetricGroupRep"),
    dropped("MetricV2Rep.key", "as in DependentMetricOrMetricGroupRep"),
    dropped("MetricV2Rep.name", "in `metrics`"),
    dropped("MetricV2Rep.kind", "in `metrics`"),
    dropped("MetricV2Rep.isNumeric", "in `metrics`"),
    dropped("MetricV2Rep.unitAggregationType", "in `metrics`"),
    dropped("MetricV2Rep.analysisType", "in `metrics`"),
    dropped("MetricV2Rep.eventKey", "in `metrics`"),
    dropped("DependentMetricGroupRepWithMetrics._links", "link"),
    dropped("DependentMetricGroupRepWithMetrics.key", "as in DependentMetricOrMetricGroupRep"),
    dropped("DependentMetricGroupRepWithMetrics.name", "in `metric_groups`"),
    dropped("DependentMetricGroupRepWithMetrics.kind", "in `metric_groups`"),
    dropped("DependentMetricGroupRepWithMetrics.metrics", "in `metric_group_metrics`"),
];
