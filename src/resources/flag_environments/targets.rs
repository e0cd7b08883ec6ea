//! The tables of individual targets and of prerequisites.

use super::{PrerequisiteRow, TARGET_VALUES, TargetRow, TargetValueRow};
use crate::resources::prelude::*;

pub(in crate::resources) struct TargetTable;
type T = Column<TargetTable>;

impl Table for TargetTable {
    type Row<'a> = TargetRow<'a>;
    const NAME: &'static str = "flag_targets";
    const DOC: &'static str = "One row per context kind and variation with individual targets; the targets themselves are not stored.";
    const KEY: &'static [&'static str] =
        &["project_key", "flag_key", "environment_key", "context_kind", "variation"];
    const PART_OF: Option<&'static str> = Some("flag_environments");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.row.project_key),
        keys::flag(|row| row.row.flag_key),
        keys::environment(|row| row.row.environment_key),
        T::text("context_kind", "Target.contextKind", "Such as `user` or `device`.", |row| {
            row.kind
        }),
        T::int("variation", "Target.variation", "Index of the variation served.", |row| {
            row.variation
        }),
        T::int("value_count", "Target.values", "Number of contexts targeted.", |row| row.count),
    ];
}

pub(in crate::resources) struct TargetValueTable;
type W = Column<TargetValueTable>;

impl Table for TargetValueTable {
    type Row<'a> = TargetValueRow<'a>;
    const NAME: &'static str = TARGET_VALUES;
    const DOC: &'static str =
        "One row per individually targeted context; empty unless the run has `--target-values`.";
    const KEY: &'static [&'static str] =
        &["project_key", "flag_key", "environment_key", "context_kind", "variation", "value"];
    const PART_OF: Option<&'static str> = Some("flag_environments");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.row.project_key),
        keys::flag(|row| row.row.flag_key),
        keys::environment(|row| row.row.environment_key),
        W::text("context_kind", "Target.contextKind", "Such as `user` or `device`.", |row| {
            row.target.kind()
        }),
        W::int("variation", "Target.variation", "Index of the variation served.", |row| {
            row.target.variation
        }),
        W::text("value", "Target.values", "Key of the context.", |row| row.value).personal(),
    ];
}

pub(in crate::resources) struct PrerequisiteTable;
type P = Column<PrerequisiteTable>;

impl Table for PrerequisiteTable {
    type Row<'a> = PrerequisiteRow<'a>;
    const NAME: &'static str = "flag_prerequisites";
    const DOC: &'static str = "One row per flag that another flag depends on in an environment.";
    const KEY: &'static [&'static str] =
        &["project_key", "flag_key", "environment_key", "prerequisite_flag_key"];
    const PART_OF: Option<&'static str> = Some("flag_environments");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.row.project_key),
        P::text("flag_key", "FeatureFlag.key", "Key of the dependent flag.", |row| {
            row.row.flag_key
        }),
        keys::environment(|row| row.row.environment_key),
        P::text(
            "prerequisite_flag_key",
            "Prerequisite.key",
            "Key of the flag that it depends on.",
            |row| &row.prerequisite.key,
        ),
        P::int(
            "variation",
            "Prerequisite.variation",
            "Index of the variation that the other flag must serve.",
            |row| row.prerequisite.variation,
        ),
    ];
}
