//! The tables of a flag's parts: variations, custom properties and legacy experiments.

use super::{Experiment, PropertyRow, Row, Variation};
use crate::resources::prelude::*;

pub(super) struct VariationTable;
type V = Column<VariationTable>;

impl Table for VariationTable {
    type Row<'a> = Part<'a, Row<'a>, Variation>;
    const NAME: &'static str = "flag_variations";
    const DOC: &'static str = "One row per variation of each flag.";
    const KEY: &'static [&'static str] = &["project_key", "flag_key", "variation_index"];
    const PART_OF: Option<&'static str> = Some("flags");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.of.project_key),
        keys::flag(|row| &row.of.flag.key),
        V::int(
            "variation_index",
            "FeatureFlag.variations",
            "Position in the flag's list, from 0; other tables refer to it.",
            |row| row.index,
        ),
        V::lenient_text("variation_id", "Variation._id", "ID of the variation.", |row| {
            row.item.id.text()
        }),
        common::name("Variation.name", |row| row.item.name.text()),
        V::lenient_text(
            "description",
            "Variation.description",
            "What the variation stands for.",
            |row| row.item.description.text(),
        ),
        V::json(
            "value",
            "Variation.value",
            "The value that is served: any JSON, as received.",
            |row| row.item.value.get(),
        ),
        V::lenient_text("value_hash", "Variation.valueHash", "Hash of the value.", |row| {
            row.item.value_hash.text()
        }),
    ];
}

pub(super) struct PropertyTable;
type C = Column<PropertyTable>;

impl Table for PropertyTable {
    type Row<'a> = PropertyRow<'a>;
    const NAME: &'static str = "flag_custom_properties";
    const DOC: &'static str = "One row per value of each custom property of each flag.";
    const KEY: &'static [&'static str] =
        &["project_key", "flag_key", "property_key", "value_index"];
    const PART_OF: Option<&'static str> = Some("flags");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.row.project_key),
        keys::flag(|row| &row.row.flag.key),
        C::text("property_key", "FeatureFlag.customProperties", "Key of the property.", |row| {
            row.key
        }),
        C::int("value_index", "customProperty.value", "Position of the value, from 0.", |row| {
            row.index
        }),
        C::lenient_text("property_name", "customProperty.name", "Name of the property.", |row| {
            row.property.name.text()
        }),
        C::lenient_text("value", "customProperty.value", "The value.", |row| Some(row.value)),
    ];
}

pub(super) struct ExperimentTable;
type X = Column<ExperimentTable>;

impl Table for ExperimentTable {
    type Row<'a> = Part<'a, Row<'a>, Experiment>;
    const NAME: &'static str = "flag_experiments";
    const DOC: &'static str = "One row per legacy experiment on each flag.";
    const KEY: &'static [&'static str] = &["project_key", "flag_key", "experiment_index"];
    const PART_OF: Option<&'static str> = Some("flags");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.of.project_key),
        keys::flag(|row| &row.of.flag.key),
        X::int(
            "experiment_index",
            "ExperimentInfoRep.items",
            "Position in the flag's list, from 0.",
            |row| row.index,
        ),
        X::lenient_text(
            "metric_key",
            "LegacyExperimentRep.metricKey",
            "Key of the metric.",
            |row| row.item.metric_key.text(),
        ),
        X::lenient_json(
            "environment_keys",
            "LegacyExperimentRep.environments",
            "Keys of the environments it runs in, as a JSON array.",
            |row| row.item.environments.json(),
        ),
    ];
}
