//! The table `ai_configs`.

use super::Row;
use crate::resources::prelude::*;

pub(super) struct ConfigTable;
type C = Column<ConfigTable>;

impl Table for ConfigTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "ai_configs";
    const DOC: &'static str = "One row per AI config, without prompts and parameters.";
    const KEY: &'static [&'static str] = &["project_key", "ai_config_key"];
    const PARENTS: &'static [&'static str] = &["projects"];
    const VERSION: Option<&'static str> = Some("version");
    const CREATED: Option<&'static str> = Some("created_at");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.project_key),
        C::text(
            "ai_config_key",
            "AIConfig.key",
            "Key of the AI config, unique in its project.",
            |row| &row.item.key,
        ),
        common::name("AIConfig.name", |row| row.item.name.text()),
        common::description("AIConfig.description", |row| row.item.description.text()),
        C::lenient_text("mode", "AIConfig.mode", "`agent`, `completion` or `judge`.", |row| {
            row.item.mode.text()
        }),
        C::lenient_text(
            "maintainer_kind",
            "AIConfig._maintainer",
            "Whether a member or a team maintains it.",
            |row| row.item.maintainer.as_ref()?.kind.text(),
        ),
        common::maintainer_id("MaintainerMember._id", |row| {
            row.item.maintainer.as_ref()?.id.text()
        }),
        common::maintainer_email("MaintainerMember.email", |row| {
            row.item.maintainer.as_ref()?.email.text()
        }),
        common::maintainer_team_key("AiConfigsMaintainerTeam.key", |row| {
            row.item.maintainer.as_ref()?.key.text()
        }),
        C::lenient_json(
            "evaluation_metric_keys",
            "AIConfig.evaluationMetricKeys",
            "Keys of the metrics that judge it, as a JSON array.",
            |row| row.item.evaluation_metric_keys.json(),
        ),
        C::lenient_bool(
            "is_inverted",
            "AIConfig.isInverted",
            "Whether lower values of those metrics are better.",
            |row| row.item.is_inverted,
        ),
        C::int("variation_count", "AIConfig.variations", "Number of variations.", |row| {
            length(row.item.variations.len())
        }),
        C::lenient_int(
            "dependency_count",
            "AIConfig.dependencies",
            "Number of objects that depend on it.",
            |row| row.item.dependencies.number(),
        ),
        common::created_at("AIConfig.createdAt", |row| row.item.created_at.number()),
        common::last_modified_at("AIConfig.updatedAt", |row| row.item.updated_at.number()),
        C::int("version", "AIConfig.version", "Counts changes to it.", |row| row.item.version),
    ];
}
