//! The table `release_pipelines`.

use super::Row;
use crate::launchdarkly::lenient::{NumberField, TextField};
use crate::model::table::{Column, Table};
use crate::resources::common;
use crate::resources::decode::length;
use crate::resources::keys;

pub(super) struct PipelineTable;
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
        common::created_at("ReleasePipeline.createdAt", |row| row.pipeline.created_at.number()),
        P::lenient_bool(
            "is_project_default",
            "ReleasePipeline.isProjectDefault",
            "Whether flags of the project go through it by default.",
            |row| row.pipeline.is_project_default,
        ),
        P::lenient_bool(
            "is_legacy",
            "ReleasePipeline._isLegacy",
            "Whether it is a legacy pipeline.",
            |row| row.pipeline.is_legacy,
        ),
        P::int("phase_count", "ReleasePipeline.phases", "Number of phases.", |row| {
            length(row.pipeline.phases.len())
        }),
        common::version("ReleasePipeline._version", |row| row.pipeline.version),
    ];
}
