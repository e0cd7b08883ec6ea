//! The table `ai_config_variations`.

use super::{Row, Variation};
use crate::resources::prelude::*;

pub(super) struct VariationTable;
type V = Column<VariationTable>;

impl Table for VariationTable {
    type Row<'a> = Part<'a, Row<'a>, Variation>;
    const NAME: &'static str = "ai_config_variations";
    const DOC: &'static str =
        "One row per variation of each AI config, without prompts and parameters.";
    const KEY: &'static [&'static str] = &["project_key", "ai_config_key", "variation_index"];
    const PART_OF: Option<&'static str> = Some("ai_configs");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.of.project_key),
        keys::ai_config(|row| &row.of.item.key),
        V::int(
            "variation_index",
            "AIConfig.variations",
            "Position in the config's list, from 0.",
            |row| row.index,
        ),
        V::lenient_text("variation_key", "AIConfigVariation.key", "Key of the variation.", |row| {
            row.item.key.text()
        }),
        V::lenient_text("variation_id", "AIConfigVariation._id", "ID of the variation.", |row| {
            row.item.id.text()
        }),
        common::name("AIConfigVariation.name", |row| row.item.name.text()),
        V::lenient_text(
            "comment",
            "AIConfigVariation.comment",
            "Comment that its author wrote about it.",
            |row| row.item.comment.text(),
        )
        .personal(),
        V::lenient_text(
            "model_config_key",
            "AIConfigVariation.modelConfigKey",
            "Key of the model's configuration, which names the model.",
            |row| row.item.model_config_key.text(),
        ),
        V::text_opt(
            "state",
            "AIConfigVariation.state",
            "State of the variation, such as `published`.",
            |row| row.item.state.as_deref(),
        ),
        V::lenient_int(
            "message_count",
            "AIConfigVariation.messages",
            "Number of messages.",
            |row| row.item.messages.number(),
        ),
        V::lenient_int("tool_count", "AIConfigVariation.tools", "Number of tools.", |row| {
            row.item.tools.number()
        }),
        V::lenient_int("judge_count", "JudgeConfiguration.judges", "Number of judges.", |row| {
            row.item.judge_configuration.as_ref()?.judges.number()
        }),
        V::lenient_json(
            "judging_config_keys",
            "AIConfigVariation.judgingConfigKeys",
            "Keys of the AI configs that judge it, as a JSON array.",
            |row| row.item.judging_config_keys.json(),
        ),
        common::created_at("AIConfigVariation.createdAt", |row| row.item.created_at.number()),
        V::lenient_time(
            "published_at",
            "AIConfigVariation._publishedAt",
            "When it was published.",
            |row| row.item.published_at.number(),
        ),
        V::time_opt(
            "archived_at",
            "AIConfigVariation._archivedAt",
            "When it was archived.",
            |row| row.item.archived_at.filter(|time| *time > 0),
        ),
        V::lenient_int(
            "version",
            "AIConfigVariation.version",
            "Version number; it rises with each change.",
            |row| row.item.version,
        ),
    ];
}
