//! The table `release_pipeline_audiences`.

use super::AudienceRow;
use crate::resources::prelude::*;

pub(super) struct AudienceTable;
type A = Column<AudienceTable>;

impl Table for AudienceTable {
    type Row<'a> = AudienceRow<'a>;
    const NAME: &'static str = "release_pipeline_audiences";
    const DOC: &'static str =
        "One row per audience that a phase of a release pipeline releases to.";
    const KEY: &'static [&'static str] =
        &["project_key", "release_pipeline_key", "phase_index", "audience_index"];
    const PART_OF: Option<&'static str> = Some("release_pipelines");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.0.of.of.project_key),
        keys::release_pipeline(|row| &row.0.of.of.item.key),
        A::int("phase_index", "ReleasePipeline.phases", "Position of the phase.", |row| {
            row.0.of.index
        }),
        A::int("audience_index", "Phase.audiences", "Position in the phase, from 0.", |row| {
            row.0.index
        }),
        common::name("Audience.name", |row| row.0.item.name.text()),
        A::lenient_text(
            "environment_key",
            "EnvironmentSummary.key",
            "Key of the environment it is in.",
            |row| row.0.item.environment.as_ref()?.key.text(),
        ),
        A::lenient_json(
            "segment_keys",
            "Audience.segmentKeys",
            "Keys of the segments it is limited to, as a JSON array.",
            |row| row.0.item.segment_keys.json(),
        ),
        A::lenient_text(
            "release_strategy",
            "AudienceConfiguration.releaseStrategy",
            "How the flag is released to it, such as at once or in steps.",
            |row| row.configuration()?.release_strategy.text(),
        ),
        A::lenient_bool(
            "require_approval",
            "AudienceConfiguration.requireApproval",
            "Whether the release to it needs approval.",
            |row| row.configuration()?.require_approval,
        ),
        A::lenient_json(
            "notify_member_ids",
            "AudienceConfiguration.notifyMemberIds",
            "IDs of the members who are asked to approve, as a JSON array.",
            |row| row.configuration()?.notify_member_ids.json(),
        ),
        A::lenient_json(
            "notify_team_keys",
            "AudienceConfiguration.notifyTeamKeys",
            "Keys of the teams that are asked to approve, as a JSON array.",
            |row| row.configuration()?.notify_team_keys.json(),
        ),
        A::lenient_int(
            "monitoring_window_milliseconds",
            "ReleaseGuardianConfiguration.monitoringWindowMilliseconds",
            "How long metrics are monitored.",
            |row| row.guardian()?.monitoring_window_milliseconds,
        ),
        A::lenient_int(
            "rollout_weight",
            "ReleaseGuardianConfiguration.rolloutWeight",
            "Share of the audience that gets the release while metrics are monitored.",
            |row| row.guardian()?.rollout_weight,
        ),
        A::lenient_bool(
            "rollback_on_regression",
            "ReleaseGuardianConfiguration.rollbackOnRegression",
            "Whether a regression of a metric rolls the release back.",
            |row| row.guardian()?.rollback_on_regression,
        ),
        A::lenient_text(
            "randomization_unit",
            "ReleaseGuardianConfiguration.randomizationUnit",
            "Context kind by which contexts are assigned.",
            |row| row.guardian()?.randomization_unit.text(),
        ),
    ];
}
