//! The table `release_pipelines`.

use super::Row;
use crate::resources::prelude::*;

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
            |row| &row.item.key,
        ),
        common::name("ReleasePipeline.name", |row| row.item.name.text()),
        common::description("ReleasePipeline.description", |row| row.item.description.text()),
        common::created_at("ReleasePipeline.createdAt", |row| row.item.created_at.number()),
        P::lenient_bool(
            "is_project_default",
            "ReleasePipeline.isProjectDefault",
            "Whether flags of the project go through it by default.",
            |row| row.item.is_project_default,
        ),
        P::lenient_bool(
            "is_legacy",
            "ReleasePipeline._isLegacy",
            "Whether it is a legacy pipeline.",
            |row| row.item.is_legacy,
        ),
        P::int("phase_count", "ReleasePipeline.phases", "Number of phases.", |row| {
            length(row.item.phases.len())
        }),
        common::version("ReleasePipeline._version", |row| row.item.version),
    ];
}
