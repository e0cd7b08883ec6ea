//! The iterations of an experiment: each is a run with flags, metrics and treatments of its own.

mod dropped;
mod iteration_table;
mod part_tables;

use std::collections::BTreeMap;

use crate::launchdarkly::lenient::bounded::or_default;
use crate::resources::prelude::*;
pub(super) use dropped::DROPPED;
pub(super) use iteration_table::IterationTable;
pub(super) use part_tables::{FlagTable, MetricTable, TreatmentTable};

/// An iteration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Iteration {
    #[serde(rename = "_id", default, deserialize_with = "identifier")]
    id: Option<String>,
    version: Option<Lenient<i64>>,
    hypothesis: Option<Lenient<String>>,
    status: String,
    created_at: Option<Lenient<Moment>>,
    started_at: Option<Lenient<Moment>>,
    ended_at: Option<Lenient<Moment>>,
    winning_treatment_id: Option<Lenient<Identifier>>,
    winning_reason: Option<Lenient<String>>,
    can_reshuffle_traffic: Option<Lenient<bool>>,
    reallocation_frequency_millis: Option<Lenient<i64>>,
    randomization_unit: Option<Lenient<String>>,
    attributes: Option<Lenient<JsonList>>,
    #[serde(default, deserialize_with = "object")]
    layer_snapshot: Option<LayerSnapshot>,
    #[serde(default, deserialize_with = "object")]
    covariate_info: Option<CovariateInfo>,
    #[serde(default, deserialize_with = "or_default")]
    flags: BTreeMap<String, Flag>,
    primary_metric: Option<Metric>,
    primary_single_metric: Option<Metric>,
    primary_funnel: Option<Metric>,
    #[serde(default, deserialize_with = "list")]
    metrics: Vec<Metric>,
    #[serde(default, deserialize_with = "list")]
    secondary_metrics: Vec<Metric>,
    #[serde(default, deserialize_with = "list")]
    treatments: Vec<Treatment>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct LayerSnapshot {
    key: Option<Lenient<Identifier>>,
    reservation_percent: Option<Lenient<i64>>,
    other_reservation_percent: Option<Lenient<i64>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CovariateInfo {
    id: Option<Lenient<Identifier>>,
    file_name: Option<Lenient<String>>,
    created_at: Option<Lenient<Moment>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Flag {
    targeting_rule: Option<Lenient<String>>,
    targeting_rule_description: Option<Lenient<String>>,
    targeting_rule_clauses: Option<Lenient<JsonList>>,
    flag_config_version: Option<Lenient<i64>>,
    not_in_experiment_variation_id: Option<Lenient<Identifier>>,
}

/// A metric or a metric group.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metric {
    #[serde(deserialize_with = "required_identifier")]
    key: String,
    #[serde(rename = "_versionId")]
    version_id: Option<Lenient<Identifier>>,
    is_group: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Treatment {
    #[serde(rename = "_id")]
    id: Option<Lenient<Identifier>>,
    #[serde(default)]
    name: Lenient<String>,
    allocation_percent: Option<Lenient<String>>,
    baseline: Option<Lenient<bool>>,
    parameters: Option<Lenient<JsonList>>,
}

/// A metric of an iteration. The API lists metrics in several fields.
pub(super) struct Measure<'a> {
    metric: &'a Metric,
    is_group: bool,
    is_primary: bool,
}

impl<'a> Measure<'a> {
    fn new(metric: &'a Metric, is_primary: bool, is_group: bool) -> Self {
        Measure { metric, is_primary, is_group: metric.is_group.unwrap_or(is_group) }
    }

    fn is_same(&self, other: &Measure) -> bool {
        self.metric.key == other.metric.key && self.is_group == other.is_group
    }
}

impl Iteration {
    /// Whether both are known to be the same iteration.
    pub(super) fn is_same(&self, other: &Iteration) -> bool {
        self.id.is_some() && self.id == other.id
    }

    /// The metrics, the primary one first. Each is listed once, although the fields repeat them.
    fn measures(&self) -> Vec<Measure<'_>> {
        let single = self.primary_single_metric.as_ref();
        let funnel = || self.primary_funnel.as_ref().map(|one| Measure::new(one, true, true));
        let primary = self.primary_metric.as_ref().or(single);
        let primary = primary.map(|metric| Measure::new(metric, true, false)).or_else(funnel);
        let others = self.metrics.iter().chain(&self.secondary_metrics);
        let others = others.map(|metric| Measure::new(metric, false, false));
        let mut found: Vec<Measure> = Vec::new();
        for measure in primary.into_iter().chain(others) {
            if !found.iter().any(|earlier| earlier.is_same(&measure)) {
                found.push(measure);
            }
        }
        found
    }
}

/// The key of an iteration.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub project_key: &'a str,
    pub environment_key: &'a str,
    pub experiment_key: &'a str,
    pub iteration_index: i64,
}

/// Writes an iteration with its flags, metrics and treatments.
///
/// # Errors
/// When the sink refuses a row.
pub(super) fn write_iteration(
    place: Place<'_>,
    iteration: &Iteration,
    sink: &mut dyn Sink,
) -> Result<()> {
    write_row::<IterationTable>(sink, &IterationRow { of: place, iteration })?;
    let flags = iteration.flags.iter();
    let flags = flags.map(|(flag_key, flag)| FlagRow { of: place, flag_key, flag });
    write_rows::<FlagTable>(sink, flags)?;
    write_rows::<MetricTable>(sink, parts(place, &iteration.measures()))?;
    write_rows::<TreatmentTable>(sink, parts(place, &iteration.treatments))
}

/// Puts the key columns of an iteration before the table's own columns.
macro_rules! of_iteration {
    ($table:ty, $($column:expr),* $(,)?) => {
        &[
            keys::project(|row| row.of.project_key),
            keys::experiment_environment(|row| row.of.environment_key),
            keys::experiment(|row| row.of.experiment_key),
            Column::<$table>::int(
                "iteration_index",
                "Experiment.previousIterations",
                "0 is the current iteration, 1 and above the earlier ones as listed, -1 a draft.",
                |row| row.of.iteration_index,
            ),
            $($column),*
        ]
    };
}
use of_iteration;

pub(super) struct IterationRow<'a> {
    of: Place<'a>,
    iteration: &'a Iteration,
}

impl<'a> IterationRow<'a> {
    fn layer(&self) -> Option<&'a LayerSnapshot> {
        self.iteration.layer_snapshot.as_ref()
    }

    fn covariates(&self) -> Option<&'a CovariateInfo> {
        self.iteration.covariate_info.as_ref()
    }
}

pub(super) struct FlagRow<'a> {
    of: Place<'a>,
    flag_key: &'a str,
    flag: &'a Flag,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Key, whether it is a group, whether it is primary.
    fn measures(fields: &str) -> Vec<(String, bool, bool)> {
        let body = format!(r#"{{"status":"running",{fields}}}"#);
        let iteration: Iteration = serde_json::from_str(&body).unwrap();
        let measures = iteration.measures();
        let parts = |one: &Measure| (one.metric.key.clone(), one.is_group, one.is_primary);
        measures.iter().map(parts).collect()
    }

    fn measure(key: &str, is_group: bool, is_primary: bool) -> (String, bool, bool) {
        (key.to_owned(), is_group, is_primary)
    }

    #[test]
    fn the_primary_metric_comes_first_and_once() {
        let fields = r#""metrics":[{"key":"a","isGroup":false},{"key":"b","isGroup":false},{"key":"b","isGroup":true}],
            "primaryMetric":{"key":"b","isGroup":false},"primarySingleMetric":{"key":"b"},
            "secondaryMetrics":[{"key":"a"},{"key":"c"}]"#;
        let found = [
            measure("b", false, true),
            measure("a", false, false),
            measure("b", true, false),
            measure("c", false, false),
        ];
        assert_eq!(measures(fields), found);
    }

    #[test]
    fn a_funnel_is_a_metric_group() {
        let funnel = r#""primaryFunnel":{"key":"f","kind":"funnel"},"metrics":null"#;
        assert_eq!(measures(funnel), [measure("f", true, true)]);
        assert_eq!(measures(r#""primarySingleMetric":{"key":"s"}"#), [measure("s", false, true)]);
        assert!(measures(r#""primaryMetric":null"#).is_empty());
    }
}
