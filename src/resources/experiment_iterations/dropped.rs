//! The fields of experiments and their iterations that are not stored, and why.

use crate::model::resource::Dropped;

/// The fields of experiments and their iterations that are not stored.
pub(in crate::resources) const DROPPED: &[Dropped] = &[
    Dropped { field: "Experiment._access", reason: "access detail" },
    Dropped { field: "Experiment._links", reason: "link" },
    Dropped {
        field: "Experiment.mutableFieldsByStatus",
        reason: "a setting of the user interface",
    },
    Dropped {
        field: "IterationRep.primarySingleMetric",
        reason: "duplicate of primaryMetric; read where that is missing",
    },
    Dropped {
        field: "IterationRep.primaryFunnel",
        reason: "duplicate of primaryMetric; read where that is missing",
    },
    Dropped {
        field: "IterationRep.secondaryMetrics",
        reason: "deprecated duplicate of metrics; what is missing there is read here",
    },
    Dropped { field: "FlagRep._links", reason: "link" },
    Dropped { field: "LayerSnapshotRep.name", reason: "duplicate of layers.name" },
    Dropped { field: "DependentMetricOrMetricGroupRep._links", reason: "link" },
    Dropped { field: "DependentMetricOrMetricGroupRep.name", reason: "in `metrics`" },
    Dropped { field: "DependentMetricOrMetricGroupRep.kind", reason: "in `metrics`" },
    Dropped { field: "DependentMetricOrMetricGroupRep.isNumeric", reason: "in `metrics`" },
    Dropped { field: "DependentMetricOrMetricGroupRep.eventKey", reason: "in `metrics`" },
    Dropped {
        field: "DependentMetricOrMetricGroupRep.metrics",
        reason: "in `metric_group_metrics`",
    },
    Dropped { field: "MetricV2Rep._links", reason: "link" },
    Dropped { field: "MetricV2Rep._versionId", reason: "as in DependentMetricOrMetricGroupRep" },
    Dropped { field: "MetricV2Rep.key", reason: "as in DependentMetricOrMetricGroupRep" },
    Dropped { field: "MetricV2Rep.name", reason: "in `metrics`" },
    Dropped { field: "MetricV2Rep.kind", reason: "in `metrics`" },
    Dropped { field: "MetricV2Rep.isNumeric", reason: "in `metrics`" },
    Dropped { field: "MetricV2Rep.unitAggregationType", reason: "in `metrics`" },
    Dropped { field: "MetricV2Rep.analysisType", reason: "in `metrics`" },
    Dropped { field: "MetricV2Rep.eventKey", reason: "in `metrics`" },
    Dropped { field: "DependentMetricGroupRepWithMetrics._links", reason: "link" },
    Dropped {
        field: "DependentMetricGroupRepWithMetrics.key",
        reason: "as in DependentMetricOrMetricGroupRep",
    },
    Dropped { field: "DependentMetricGroupRepWithMetrics.name", reason: "in `metric_groups`" },
    Dropped { field: "DependentMetricGroupRepWithMetrics.kind", reason: "in `metric_groups`" },
    Dropped {
        field: "DependentMetricGroupRepWithMetrics.metrics",
        reason: "in `metric_group_metrics`",
    },
];
