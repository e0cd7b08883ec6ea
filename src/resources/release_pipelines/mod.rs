//! Release pipelines: `GET /api/v2/projects/{project}/release-pipelines`,
//! <https://launchdarkly.com/docs/api/release-pipelines-beta/get-all-release-pipelines>.
//!
//! Releases (which flag is in which phase) would take one more list per pipeline, so they are not
//! read.

mod audience_table;
mod pipeline_table;

use crate::launchdarkly::lenient::TextMoment;
use crate::launchdarkly::lenient::bounded::Bounded;
use crate::resources::prelude::*;
use audience_table::AudienceTable;
use pipeline_table::PipelineTable;

/// The pipelines that release flags to one environment after another.
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
        dropped("ReleasePipeline._access", "access detail"),
        dropped("Phase.configuration", "of legacy pipelines, undocumented"),
        dropped("EnvironmentSummary._links", "link"),
        dropped("EnvironmentSummary.name", "in `environments`"),
        dropped("EnvironmentSummary.color", "in `environments`"),
    ];

    fn write(scope: &Scope, pipeline: &ReleasePipeline, sink: &mut dyn Sink) -> Result<()> {
        let row = InScope::new(scope, pipeline);
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

type Row<'a> = InScope<'a, ReleasePipeline>;

tag_table! {
    TagTable: "release_pipeline_tags", part of "release_pipelines", "One row per tag on each release pipeline.",
    of: Row<'a>,
    key: ["project_key", "release_pipeline_key"],
    columns: [
        keys::project(|row| row.of.project_key),
        keys::release_pipeline(|row| &row.of.item.key),
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
        keys::release_pipeline(|row| &row.of.item.key),
        H::int(
            "phase_index",
            "ReleasePipeline.phases",
            "Position in the pipeline, from 0.",
            |row| row.index,
        ),
        H::lenient_text("phase_id", "Phase.id", "ID of the phase.", |row| row.item.id.text()),
        common::name("Phase.name", |row| row.item.name.text()),
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
