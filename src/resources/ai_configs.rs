//! AI configs: `GET /api/v2/projects/{project}/ai-configs`,
//! <https://launchdarkly.com/docs/api/ai-configs/get-ai-configs>.

use serde::Deserialize;

use super::decode::length;
use super::keys::{self, Part, parts, tag_table};
use crate::Result;
use crate::launchdarkly::lenient::bounded::list;
use crate::launchdarkly::lenient::{
    Count, Identifier, JsonField, JsonList, Moment, NumberField, TextField, identifiers,
    list_length, object, required_identifier, time,
};
use crate::model::resource::{Dropped, Group, ListResource, Paging, Resource};
use crate::model::scope::{Level, Scope};
use crate::model::table::{
    Column, Lenient, Sink, Table, TableInfo, Written, write_row, write_rows,
};

/// Which models a project uses. Of what it tells them, nothing is kept.
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
        Dropped { field: "AIConfig._access", reason: "access detail" },
        Dropped { field: "AIConfig._links", reason: "link" },
        Dropped { field: "AIConfig.evaluationMetricKey", reason: "one of evaluationMetricKeys" },
        Dropped { field: "AIConfigDependency.type", reason: "counted" },
        Dropped { field: "AIConfigDependency.key", reason: "counted" },
        Dropped { field: "MaintainerMember.firstName", reason: "in `members`" },
        Dropped { field: "MaintainerMember.lastName", reason: "in `members`" },
        Dropped { field: "MaintainerMember.role", reason: "in `members`" },
        Dropped { field: "AiConfigsMaintainerTeam.name", reason: "in `teams`" },
        Dropped { field: "AIConfigVariation._links", reason: "link" },
        Dropped { field: "AIConfigVariation.color", reason: "a setting of the user interface" },
        Dropped { field: "AIConfigVariation.description", reason: PROMPT },
        Dropped { field: "AIConfigVariation.instructions", reason: PROMPT },
        Dropped { field: "AIConfigVariation.outputFormat", reason: PROMPT },
        Dropped {
            field: "AIConfigVariation.model",
            reason: "its parameters may hold secrets: model_config_key names the model",
        },
        Dropped { field: "Message.content", reason: PROMPT },
        Dropped { field: "Message.role", reason: "counted with the message" },
        Dropped { field: "VariationTool.customParameters", reason: "may hold secrets" },
        Dropped { field: "VariationTool.key", reason: "counted" },
        Dropped { field: "VariationTool.version", reason: "counted" },
        Dropped { field: "JudgeAttachment.judgeConfigKey", reason: "counted" },
        Dropped { field: "JudgeAttachment.samplingRate", reason: "counted with the judge" },
    ];

    fn write(scope: &Scope, config: &AiConfig, sink: &mut dyn Sink) -> Result<()> {
        let row = Row { project_key: scope.project_key(), config };
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

/// A variation without what it tells the model.
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

#[derive(Clone, Copy)]
struct Row<'a> {
    project_key: &'a str,
    config: &'a AiConfig,
}

struct ConfigTable;
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
            |row| &row.config.key,
        ),
        C::lenient_text("name", "AIConfig.name", "Name of the AI config.", |row| {
            row.config.name.text()
        }),
        C::lenient_text("description", "AIConfig.description", "What it is for.", |row| {
            row.config.description.text()
        }),
        C::lenient_text("mode", "AIConfig.mode", "`agent`, `completion` or `judge`.", |row| {
            row.config.mode.text()
        }),
        C::lenient_text(
            "maintainer_kind",
            "AIConfig._maintainer",
            "Whether a member or a team maintains it.",
            |row| row.config.maintainer.as_ref()?.kind.text(),
        ),
        C::lenient_text(
            "maintainer_id",
            "MaintainerMember._id",
            "ID of the member who maintains it.",
            |row| row.config.maintainer.as_ref()?.id.text(),
        ),
        C::lenient_text(
            "maintainer_email",
            "MaintainerMember.email",
            "Email address of the member who maintains it.",
            |row| row.config.maintainer.as_ref()?.email.text(),
        )
        .personal(),
        C::lenient_text(
            "maintainer_team_key",
            "AiConfigsMaintainerTeam.key",
            "Key of the team that maintains it.",
            |row| row.config.maintainer.as_ref()?.key.text(),
        ),
        C::lenient_json(
            "evaluation_metric_keys",
            "AIConfig.evaluationMetricKeys",
            "Keys of the metrics that judge it, as a JSON array.",
            |row| row.config.evaluation_metric_keys.json(),
        ),
        C::lenient_bool(
            "is_inverted",
            "AIConfig.isInverted",
            "Whether lower values of those metrics are better.",
            |row| row.config.is_inverted,
        ),
        C::int("variation_count", "AIConfig.variations", "Number of variations.", |row| {
            length(row.config.variations.len())
        }),
        C::lenient_int(
            "dependency_count",
            "AIConfig.dependencies",
            "Number of what depends on it.",
            |row| row.config.dependencies.number(),
        ),
        C::lenient_time("created_at", "AIConfig.createdAt", "When it was created.", |row| {
            row.config.created_at.number()
        }),
        C::lenient_time(
            "last_modified_at",
            "AIConfig.updatedAt",
            "When it was last changed.",
            |row| row.config.updated_at.number(),
        ),
        C::int("version", "AIConfig.version", "Counts changes to it.", |row| row.config.version),
    ];
}

tag_table! {
    TagTable: "ai_config_tags", part of "ai_configs", "One row per tag on each AI config.",
    of: Row<'a>,
    key: ["project_key", "ai_config_key"],
    columns: [
        keys::project(|row| row.of.project_key),
        keys::ai_config(|row| &row.of.config.key),
    ],
    tags: "AIConfig.tags",
}

struct VariationTable;
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
        keys::ai_config(|row| &row.of.config.key),
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
        V::lenient_text("name", "AIConfigVariation.name", "Name of the variation.", |row| {
            row.item.name.text()
        }),
        V::lenient_text(
            "comment",
            "AIConfigVariation.comment",
            "What whoever wrote it said about it.",
            |row| row.item.comment.text(),
        )
        .personal(),
        V::lenient_text(
            "model_config_key",
            "AIConfigVariation.modelConfigKey",
            "Key of the model's configuration, which names the model.",
            |row| row.item.model_config_key.text(),
        ),
        V::text_opt("state", "AIConfigVariation.state", "Such as `published`.", |row| {
            row.item.state.as_deref()
        }),
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
        V::lenient_time(
            "created_at",
            "AIConfigVariation.createdAt",
            "When it was created.",
            |row| row.item.created_at.number(),
        ),
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
        V::lenient_int("version", "AIConfigVariation.version", "Counts its versions.", |row| {
            row.item.version
        }),
    ];
}
