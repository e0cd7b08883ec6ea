//! Release pipelines: `GET /api/v2/projects/{project}/release-pipelines`,
//! <https://launchdarkly.com/docs/api/release-pipelines-beta/get-all-release-pipelines>.
//!
//! Releases, that is which flag is in which phase, take one more list a pipeline: they are not read.

use serde::Deserialize;

use super::decode::length;
use super::keys::{self, Part, parts, tag_table};
use crate::Result;
use crate::launchdarkly::lenient::bounded::{Bounded, list};
use crate::launchdarkly::lenient::{
    Identifier, JsonField, JsonList, NumberField, TextField, TextMoment, identifiers, object,
    required_identifier,
};
use crate::model::resource::{Dropped, Group, ListResource, Paging, Resource};
use crate::model::scope::{Level, Scope};
use crate::model::table::{
    Column, Lenient, Sink, Table, TableInfo, Written, write_row, write_rows,
};

/// How flags reach one environment after another.
pub struct ReleasePipelines;

impl Resource for ReleasePipelines {
    type Item = ReleasePipeline;
    const NAME: &'static str = "release_pipelines";
    const PATH: &'static str = "/api/v2/projects/{project}/release-pipelines";
    const LEVEL: Level = Level::Project;
    const PERMISSION: &'static str = "viewProject";
    const GROUP: Group = Group::All;
    const PAGING: Paging = Paging::Offset(100);
    const BETA: bool = true;
    const REQUESTS: &'static str = "⌈release pipelines / 100⌉ a project, but at least 1";
    const TABLES: &'static [fn() -> TableInfo] =
        &[PipelineTable::info, TagTable::info, PhaseTable::info, AudienceTable::info];
    const DROPPED: &'static [Dropped] = &[
        Dropped { field: "ReleasePipeline._access", reason: "access detail" },
        Dropped { field: "Phase.configuration", reason: "of legacy pipelines, undocumented" },
        Dropped { field: "EnvironmentSummary._links", reason: "link" },
        Dropped { field: "EnvironmentSummary.name", reason: "in `environments`" },
        Dropped { field: "EnvironmentSummary.color", reason: "in `environments`" },
    ];

    fn write(scope: &Scope, pipeline: &ReleasePipeline, sink: &mut dyn Sink) -> Result<()> {
        let row = Row { project_key: scope.project_key(), pipeline };
        if write_row::<PipelineTable>(sink, &row)? != Written::Fresh {
            return Ok(());
        }
        write_rows::<TagTable>(sink, parts(row, &pipeline.tags))?;
        write_rows::<PhaseTable>(sink, parts(row, &pipeline.phases))?;
        let audiences = parts(row, &pipeline.phases).flat_map(|phase| {
            let audiences = parts(phase, phase.item.audiences());
            audiences.map(AudienceRow)
        });
        write_rows::<AudienceTable>(sink, audiences)
    }
}

impl ListResource for ReleasePipelines {
    fn key(pipeline: &ReleasePipeline) -> &str {
        &pipeline.key
    }
}

/// A pipeline with its phases.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReleasePipeline {
    #[serde(deserialize_with = "required_identifier")]
    key: String,
    #[serde(default)]
    name: Lenient<String>,
    description: Option<Lenient<String>>,
    created_at: Option<Lenient<TextMoment>>,
    #[serde(rename = "_version")]
    version: Option<Lenient<i64>>,
    is_project_default: Option<Lenient<bool>>,
    #[serde(rename = "_isLegacy")]
    is_legacy: Option<Lenient<bool>>,
    #[serde(default, deserialize_with = "identifiers")]
    tags: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    phases: Vec<Phase>,
}

#[derive(Debug, Deserialize)]
struct Phase {
    #[serde(default)]
    id: Lenient<Identifier>,
    #[serde(default)]
    name: Lenient<String>,
    audiences: Option<Bounded<Audience>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Audience {
    #[serde(default)]
    name: Lenient<String>,
    #[serde(default, deserialize_with = "object")]
    environment: Option<AudienceEnvironment>,
    #[serde(default, deserialize_with = "object")]
    configuration: Option<Configuration>,
    segment_keys: Option<Lenient<JsonList>>,
}

#[derive(Debug, Deserialize)]
struct AudienceEnvironment {
    #[serde(default)]
    key: Lenient<Identifier>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Configuration {
    release_strategy: Option<Lenient<String>>,
    require_approval: Option<Lenient<bool>>,
    notify_member_ids: Option<Lenient<JsonList>>,
    notify_team_keys: Option<Lenient<JsonList>>,
    #[serde(default, deserialize_with = "object")]
    release_guardian_configuration: Option<Guardian>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Guardian {
    monitoring_window_milliseconds: Option<Lenient<i64>>,
    rollout_weight: Option<Lenient<i64>>,
    rollback_on_regression: Option<Lenient<bool>>,
    randomization_unit: Option<Lenient<String>>,
}

#[derive(Clone, Copy)]
struct Row<'a> {
    project_key: &'a str,
    pipeline: &'a ReleasePipeline,
}

struct PipelineTable;
type P = Column<PipelineTable>;

impl Table for PipelineTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "release_pipelines";
    const DOC: &'static str = "One row per release pipeline.";
    const KEY: &'static [&'static str] = &["project_key", "release_pipeline_key"];
    const PARENTS: &'static [&'static str] = &["projects"];
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.project_key),
        P::text(
            "release_pipeline_key",
            "ReleasePipeline.key",
            "Key of the pipeline, unique in its project.",
            |row| &row.pipeline.key,
        ),
        P::lenient_text("name", "ReleasePipeline.name", "Name of the pipeline.", |row| {
            row.pipeline.name.text()
        }),
        P::lenient_text(
            "description",
            "ReleasePipeline.description",
            "What the pipeline is for.",
            |row| row.pipeline.description.text(),
        ),
        P::lenient_time("created_at", "ReleasePipeline.createdAt", "When it was created.", |row| {
            row.pipeline.created_at.number()
        }),
        P::lenient_bool(
            "is_project_default",
            "ReleasePipeline.isProjectDefault",
            "Whether flags of the project go through it by default.",
            |row| row.pipeline.is_project_default,
        ),
        P::lenient_bool(
            "is_legacy",
            "ReleasePipeline._isLegacy",
            "Whether it is of the older kind.",
            |row| row.pipeline.is_legacy,
        ),
        P::int("phase_count", "ReleasePipeline.phases", "Number of phases.", |row| {
            length(row.pipeline.phases.len())
        }),
        P::lenient_int("version", "ReleasePipeline._version", "Counts changes to it.", |row| {
            row.pipeline.version
        }),
    ];
}

tag_table! {
    TagTable: "release_pipeline_tags", part of "release_pipelines", "One row per tag on each release pipeline.",
    of: Row<'a>,
    key: ["project_key", "release_pipeline_key"],
    columns: [
        keys::project(|row| row.of.project_key),
        keys::release_pipeline(|row| &row.of.pipeline.key),
    ],
    tags: "ReleasePipeline.tags",
}

type PhaseRow<'a> = Part<'a, Row<'a>, Phase>;

struct PhaseTable;
type H = Column<PhaseTable>;

impl Table for PhaseTable {
    type Row<'a> = PhaseRow<'a>;
    const NAME: &'static str = "release_pipeline_phases";
    const DOC: &'static str = "One row per phase of each release pipeline.";
    const KEY: &'static [&'static str] = &["project_key", "release_pipeline_key", "phase_index"];
    const PART_OF: Option<&'static str> = Some("release_pipelines");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.of.project_key),
        keys::release_pipeline(|row| &row.of.pipeline.key),
        H::int(
            "phase_index",
            "ReleasePipeline.phases",
            "Position in the pipeline, from 0.",
            |row| row.index,
        ),
        H::lenient_text("phase_id", "Phase.id", "ID of the phase.", |row| row.item.id.text()),
        H::lenient_text("name", "Phase.name", "Name of the phase.", |row| row.item.name.text()),
        H::int(
            "audience_count",
            "Phase.audiences",
            "Number of audiences that it releases to.",
            |row| length(row.item.audiences().len()),
        ),
    ];
}

struct AudienceRow<'a>(Part<'a, PhaseRow<'a>, Audience>);

impl Phase {
    fn audiences(&self) -> &[Audience] {
        self.audiences.as_ref().map_or(&[], |list| &list.0)
    }
}

impl AudienceRow<'_> {
    fn configuration(&self) -> Option<&Configuration> {
        self.0.item.configuration.as_ref()
    }

    fn guardian(&self) -> Option<&Guardian> {
        self.configuration()?.release_guardian_configuration.as_ref()
    }
}

struct AudienceTable;
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
        keys::release_pipeline(|row| &row.0.of.of.pipeline.key),
        A::int("phase_index", "ReleasePipeline.phases", "Position of the phase.", |row| {
            row.0.of.index
        }),
        A::int("audience_index", "Phase.audiences", "Position in the phase, from 0.", |row| {
            row.0.index
        }),
        A::lenient_text("name", "Audience.name", "Name of the audience.", |row| {
            row.0.item.name.text()
        }),
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
            "How the flag is turned on for it, such as at once or step by step.",
            |row| row.configuration()?.release_strategy.text(),
        ),
        A::lenient_bool(
            "require_approval",
            "AudienceConfiguration.requireApproval",
            "Whether that needs approval.",
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
            "For how long metrics are watched.",
            |row| row.guardian()?.monitoring_window_milliseconds,
        ),
        A::lenient_int(
            "rollout_weight",
            "ReleaseGuardianConfiguration.rolloutWeight",
            "To what share it is released while they are.",
            |row| row.guardian()?.rollout_weight,
        ),
        A::lenient_bool(
            "rollback_on_regression",
            "ReleaseGuardianConfiguration.rollbackOnRegression",
            "Whether a change for the worse ends the release.",
            |row| row.guardian()?.rollback_on_regression,
        ),
        A::lenient_text(
            "randomization_unit",
            "ReleaseGuardianConfiguration.randomizationUnit",
            "Context kind by which contexts are chosen.",
            |row| row.guardian()?.randomization_unit.text(),
        ),
    ];
}
