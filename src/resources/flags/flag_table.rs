//! The table `flags`.

use super::Row;
use crate::resources::prelude::*;

pub(super) struct FlagTable;
type F = Column<FlagTable>;

impl Table for FlagTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "flags";
    const DOC: &'static str = "One row per feature flag: live, deprecated or archived.";
    const KEY: &'static [&'static str] = &["project_key", "flag_key"];
    const PARENTS: &'static [&'static str] = &["projects"];
    const VERSION: Option<&'static str> = Some("version");
    const CREATED: Option<&'static str> = Some("created_at");
    const HISTORY: bool = true;
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.project_key),
        F::text("flag_key", "FeatureFlag.key", "Key of the flag, unique in its project.", |row| {
            &row.flag.key
        }),
        common::name("FeatureFlag.name", |row| row.flag.name.text()),
        common::description("FeatureFlag.description", |row| row.flag.description.text()),
        F::lenient_text("kind", "FeatureFlag.kind", "`boolean` or `multivariate`.", |row| {
            row.flag.kind.text()
        }),
        F::lenient_text(
            "purpose",
            "FeatureFlag._purpose",
            "Purpose of the flag, such as `migration`.",
            |row| row.flag.purpose.text(),
        ),
        F::text(
            "state",
            "FeatureFlag.archived",
            "`live`, `deprecated` or `archived`; deprecated flags are still evaluated.",
            |row| row.flag.state(),
        ),
        F::bool(
            "temporary",
            "FeatureFlag.temporary",
            "Whether the flag is temporary: meant to be removed later.",
            |row| row.flag.temporary,
        ),
        F::int("version", "FeatureFlag._version", "Counts changes to the flag.", |row| {
            row.flag.version
        })
        .volatile(),
        F::time("created_at", "FeatureFlag.creationDate", "When the flag was created.", |row| {
            row.flag.creation_date
        }),
        F::time_opt("archived_at", "FeatureFlag.archivedDate", "When it was archived.", |row| {
            row.flag.archived_date
        }),
        F::time_opt(
            "deprecated_at",
            "FeatureFlag.deprecatedDate",
            "When it was deprecated.",
            |row| row.flag.deprecated_date,
        ),
        F::text_opt(
            "maintainer_id",
            "FeatureFlag.maintainerId",
            "ID of the member who maintains it.",
            |row| row.flag.maintainer_id.as_deref(),
        ),
        common::maintainer_email::<Self>("FeatureFlag._maintainer", |row| {
            row.flag.maintainer.as_ref()?.email.text()
        })
        .volatile(),
        F::text_opt(
            "maintainer_team_key",
            "FeatureFlag.maintainerTeamKey",
            "Key of the team that maintains it.",
            |row| row.flag.maintainer_team_key.as_deref(),
        ),
        F::lenient_int(
            "default_on_variation",
            "Defaults.onVariation",
            "Index of the variation that new environments serve when on.",
            |row| Some(row.flag.defaults.as_ref()?.on_variation),
        ),
        F::lenient_int(
            "default_off_variation",
            "Defaults.offVariation",
            "Index of the variation that new environments serve when off.",
            |row| Some(row.flag.defaults.as_ref()?.off_variation),
        ),
        F::lenient_bool(
            "using_environment_id",
            "ClientSideAvailability.usingEnvironmentId",
            "Whether SDKs that use the client-side ID may use it.",
            |row| row.flag.client_side_availability.as_ref()?.using_environment_id,
        ),
        F::lenient_bool(
            "using_mobile_key",
            "ClientSideAvailability.usingMobileKey",
            "Whether SDKs that use a mobile key may use it.",
            |row| row.flag.client_side_availability.as_ref()?.using_mobile_key,
        ),
        F::int("variation_count", "FeatureFlag.variations", "Number of variations.", |row| {
            length(row.flag.variations.len())
        }),
        F::lenient_text(
            "migration_context_kind",
            "FlagMigrationSettingsRep.contextKind",
            "Context kind that a migration flag targets.",
            |row| row.flag.migration_settings.as_ref()?.context_kind.text(),
        ),
        F::lenient_int(
            "migration_stage_count",
            "FlagMigrationSettingsRep.stageCount",
            "Number of stages of a migration flag.",
            |row| row.flag.migration_settings.as_ref()?.stage_count,
        ),
        F::lenient_int(
            "experiment_baseline_variation",
            "ExperimentInfoRep.baselineIdx",
            "Index of the variation that legacy experiments compare with.",
            |row| row.flag.experiments.as_ref()?.baseline_idx,
        ),
        F::lenient_bool(
            "ld_ready_for_code_removal",
            "StaleFlagData.readyForCodeRemoval",
            "Whether LaunchDarkly reports it ready for code removal; NULL where it does not say.",
            |row| row.flag.stale.as_ref()?.ready_for_code_removal,
        )
        .volatile(),
        F::lenient_bool(
            "ld_ready_to_archive",
            "StaleFlagData.readyToArchive",
            "Whether LaunchDarkly reports it ready to archive; NULL where it does not say.",
            |row| row.flag.stale.as_ref()?.ready_to_archive,
        )
        .volatile(),
    ];
}
