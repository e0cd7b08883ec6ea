//! AI configs: `GET /api/v2/projects/{project}/ai-configs`,
//! <https://launchdarkly.com/docs/api/ai-configs/get-ai-configs>.

mod config_table;
mod variation_table;

use crate::launchdarkly::lenient::{Count, list_length};
use crate::resources::prelude::*;
use config_table::ConfigTable;
use variation_table::VariationTable;

/// The AI configs of a project. Prompts and parameters are not stored.
pub struct AiConfigs;

const PROMPT: &str = "a prompt: may hold secrets";

impl Resource for AiConfigs {
    type Item = AiConfig;
    const NAME: &'static str = "ai_configs";
    const PATH: &'static str = "/api/v2/projects/{project}/ai-configs";
    const LEVEL: Level = Level::Project;
    const PERMISSION: &'static str = "viewProject";
    const GROUP: Group = Group::All;
    const PAGING: Paging = Paging::Offset(100);
    const REQUESTS: &'static str = "⌈AI configs / 100⌉ a project, but at least 1";
    const TABLES: &'static [fn() -> TableInfo] =
        &[ConfigTable::info, TagTable::info, VariationTable::info];
    const DROPPED: &'static [Dropped] = &[
        dropped("AIConfig._access", "access detail"),
        dropped("AIConfig._links", "link"),
        dropped("AIConfig.evaluationMetricKey", "one of evaluationMetricKeys"),
        dropped("AIConfigDependency.type", "counted"),
        dropped("AIConfigDependency.key", "counted"),
        dropped("MaintainerMember.firstName", "in `members`"),
        dropped("MaintainerMember.lastName", "in `members`"),
        dropped("MaintainerMember.role", "in `members`"),
        dropped("AiConfigsMaintainerTeam.name", "in `teams`"),
        dropped("AIConfigVariation._links", "link"),
        dropped("AIConfigVariation.color", "a setting of the user interface"),
        dropped("AIConfigVariation.description", PROMPT),
        dropped("AIConfigVariation.instructions", PROMPT),
        dropped("AIConfigVariation.outputFormat", PROMPT),
        dropped(
            "AIConfigVariation.model",
            "its parameters may hold secrets: model_config_key names the model",
        ),
        dropped("Message.content", PROMPT),
        dropped("Message.role", "counted with the message"),
        dropped("VariationTool.customParameters", "may hold secrets"),
        dropped("VariationTool.key", "counted"),
        dropped("VariationTool.version", "counted"),
        dropped("JudgeAttachment.judgeConfigKey", "counted"),
        dropped("JudgeAttachment.samplingRate", "counted with the judge"),
    ];

    fn write(scope: &Scope, config: &AiConfig, sink: &mut dyn Sink) -> Result<()> {
        let row = InScope::new(scope, config);
        if write_row::<ConfigTable>(sink, &row)? != Written::Fresh {
            return Ok(());
        }
        write_rows::<TagTable>(sink, parts(row, &config.tags))?;
        write_rows::<VariationTable>(sink, parts(row, &config.variations))
    }
}

impl ListResource for AiConfigs {
    fn key(config: &AiConfig) -> &str {
        &config.key
    }
}

/// An AI config with its variations.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AiConfig {
    #[serde(deserialize_with = "required_identifier")]
    key: String,
    #[serde(default)]
    name: Lenient<String>,
    description: Option<Lenient<String>>,
    mode: Option<Lenient<String>>,
    version: i64,
    #[serde(default)]
    created_at: Lenient<Moment>,
    updated_at: Option<Lenient<Moment>>,
    is_inverted: Option<Lenient<bool>>,
    evaluation_metric_keys: Option<Lenient<JsonList>>,
    #[serde(rename = "_maintainer", default, deserialize_with = "object")]
    maintainer: Option<Maintainer>,
    #[serde(default, deserialize_with = "identifiers")]
    tags: Vec<String>,
    #[serde(default, deserialize_with = "list_length")]
    dependencies: Option<Lenient<Count>>,
    #[serde(default, deserialize_with = "list")]
    variations: Vec<Variation>,
}

/// A member has an ID and an address, a team has a key.
#[derive(Debug, Deserialize)]
struct Maintainer {
    kind: Option<Lenient<String>>,
    #[serde(rename = "_id")]
    id: Option<Lenient<Identifier>>,
    email: Option<Lenient<Identifier>>,
    key: Option<Lenient<Identifier>>,
}

/// A variation without its prompts and parameters.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Variation {
    #[serde(rename = "_id")]
    id: Option<Lenient<Identifier>>,
    #[serde(default)]
    key: Lenient<Identifier>,
    #[serde(default)]
    name: Lenient<String>,
    comment: Option<Lenient<String>>,
    model_config_key: Option<Lenient<Identifier>>,
    state: Option<String>,
    version: Option<Lenient<i64>>,
    created_at: Option<Lenient<Moment>>,
    #[serde(rename = "_publishedAt")]
    published_at: Option<Lenient<Moment>>,
    #[serde(rename = "_archivedAt", default, deserialize_with = "time")]
    archived_at: Option<i64>,
    #[serde(default, deserialize_with = "list_length")]
    messages: Option<Lenient<Count>>,
    #[serde(default, deserialize_with = "list_length")]
    tools: Option<Lenient<Count>>,
    #[serde(default, deserialize_with = "object")]
    judge_configuration: Option<Judges>,
    judging_config_keys: Option<Lenient<JsonList>>,
}

#[derive(Debug, Deserialize)]
struct Judges {
    #[serde(default, deserialize_with = "list_length")]
    judges: Option<Lenient<Count>>,
}

type Row<'a> = InScope<'a, AiConfig>;

tag_table! {
    TagTable: "ai_config_tags", part of "ai_configs", "One row per tag on each AI config.",
    of: Row<'a>,
    key: ["project_key", "ai_config_key"],
    columns: [
        keys::project(|row| row.of.project_key),
        keys::ai_config(|row| &row.of.item.key),
    ],
    tags: "AIConfig.tags",
}
