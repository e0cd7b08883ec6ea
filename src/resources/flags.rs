//! Feature flags: `GET /api/v2/flags/{project}`,
//! <https://launchdarkly.com/docs/api/feature-flags/get-feature-flags>.

use std::collections::BTreeMap;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::decode::{MemberMention, length, null};
use super::flag_environments::{self, FlagConfig, write_environment};
use super::keys::{self, Part, parts, tag_table};
use super::projects::ClientSideAvailability;
use crate::Result;
use crate::launchdarkly::lenient::bounded::{list, or_default};
use crate::launchdarkly::lenient::{
    Entries, Identifier, Items, JsonField, JsonList, TextField, Texts, identifier, identifiers,
    object, required_identifier, required_time, time,
};
use crate::model::resource::{Dropped, Paging, Resource};
use crate::model::scope::{Level, Scope};
use crate::model::table::{
    Column, Lenient, Sink, Table, TableInfo, Value, Written, write_row, write_rows,
};

/// The flags of a project: live, deprecated and archived.
pub struct Flags;

impl Resource for Flags {
    type Item = Flag;
    const NAME: &'static str = "flags";
    const PATH: &'static str = "/api/v2/flags/{project}";
    const LEVEL: Level = Level::Project;
    const PERMISSION: &'static str = "viewProject";
    const PAGING: Paging = Paging::Offset(100);
    const REQUESTS: &'static str = "a project: ⌈environments / 3⌉, but at least 2, for each 100 live flags; 1 for each 100 archived or deprecated flags; 2 to count them";
    const TABLES: &'static [fn() -> TableInfo] = &[
        FlagTable::info,
        TagTable::info,
        VariationTable::info,
        PropertyTable::info,
        ExperimentTable::info,
        flag_environments::EnvironmentTable::info,
        flag_environments::RuleTable::info,
        flag_environments::RolloutTable::info,
        flag_environments::TargetTable::info,
        flag_environments::TargetValueTable::info,
        flag_environments::PrerequisiteTable::info,
    ];
    const DROPPED: &'static [Dropped] = &[
        Dropped { field: "FeatureFlag._links", reason: "link" },
        Dropped { field: "FeatureFlag.deprecated", reason: "duplicate of flags.state" },
        Dropped {
            field: "FeatureFlag.includeInSnippet",
            reason: "deprecated duplicate of clientSideAvailability",
        },
        Dropped { field: "FeatureFlag.goalIds", reason: "deprecated duplicate of experiments" },
        Dropped {
            field: "FeatureFlag._maintainerTeam",
            reason: "duplicate: join teams by maintainer_team_key",
        },
        Dropped {
            field: "LegacyExperimentRep._metric",
            reason: "duplicate of the metric that metric_key names",
        },
        Dropped {
            field: "LegacyExperimentRep._environmentSettings",
            reason: "deprecated duplicate of LegacyExperimentRep.environments",
        },
        Dropped { field: "FeatureFlagConfig._access", reason: "access detail" },
        Dropped { field: "FeatureFlagConfig._site", reason: "link" },
        Dropped {
            field: "FeatureFlagConfig._environmentName",
            reason: "duplicate of environments.name",
        },
        Dropped {
            field: "FeatureFlagConfig._summary",
            reason: "duplicate: counts of the rules, targets and prerequisites stored in full",
        },
        Dropped { field: "FeatureFlagConfig.archived", reason: "duplicate of flags.state" },
        Dropped {
            field: "FeatureFlagConfig.salt",
            reason: "secret: tells who is bucketed into which variation",
        },
        Dropped {
            field: "FeatureFlagConfig.sel",
            reason: "secret: an internal key without documented meaning",
        },
        Dropped { field: "StaleFlagData.cleanupId", reason: "an external provider's detail" },
    ];

    fn write(scope: &Scope, flag: &Flag, sink: &mut dyn Sink) -> Result<()> {
        let row = Row { project_key: scope.project_key(), flag };
        match write_row::<FlagTable>(sink, &row)? {
            Written::Fresh => write_parts(row, sink)?,
            Written::Kept => {}
            Written::Outdated => return Ok(()),
        }
        let configs = flag.environments.iter();
        configs.into_iter().try_for_each(|(environment_key, config)| {
            write_environment(scope.project_key(), &flag.key, environment_key, config, sink)
        })
    }
}

fn write_parts(row: Row<'_>, sink: &mut dyn Sink) -> Result<()> {
    let flag = row.flag;
    write_rows::<TagTable>(sink, parts(row, &flag.tags))?;
    write_rows::<VariationTable>(sink, parts(row, &flag.variations))?;
    write_properties(row, sink)?;
    let experiments = flag.experiments.as_ref().and_then(|experiments| experiments.items.as_ref());
    let Some(experiments) = experiments else { return Ok(()) };
    let Some(Items(experiments)) = experiments.value() else {
        return row.note_unexpected::<ExperimentTable>("experiment_index", sink);
    };
    write_rows::<ExperimentTable>(sink, parts(row, experiments))
}

fn write_properties(row: Row<'_>, sink: &mut dyn Sink) -> Result<()> {
    let Some(properties) = &row.flag.custom_properties else { return Ok(()) };
    let Some(Entries(properties)) = properties.value() else {
        return row.note_unexpected::<PropertyTable>("property_key", sink);
    };
    let properties = properties.iter().flat_map(move |(key, property)| {
        let values = (0..).zip(property.values());
        values.map(move |(index, value)| PropertyRow { row, key, property, index, value })
    });
    write_rows::<PropertyTable>(sink, properties)
}

/// A flag. `environments` is there only for the environments that a request names.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Flag {
    #[serde(deserialize_with = "required_identifier")]
    pub(crate) key: String,
    #[serde(default)]
    name: Lenient<String>,
    description: Option<Lenient<String>>,
    #[serde(default)]
    kind: Lenient<String>,
    #[serde(rename = "_purpose")]
    purpose: Option<Lenient<String>>,
    pub(crate) archived: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) deprecated: bool,
    temporary: bool,
    #[serde(rename = "_version")]
    version: i64,
    #[serde(deserialize_with = "required_time")]
    pub(crate) creation_date: i64,
    #[serde(default, deserialize_with = "time")]
    archived_date: Option<i64>,
    #[serde(default, deserialize_with = "time")]
    deprecated_date: Option<i64>,
    #[serde(default, deserialize_with = "identifier")]
    maintainer_id: Option<String>,
    #[serde(rename = "_maintainer")]
    #[serde(default, deserialize_with = "object")]
    maintainer: Option<MemberMention>,
    #[serde(default, deserialize_with = "identifier")]
    maintainer_team_key: Option<String>,
    #[serde(default, deserialize_with = "object")]
    defaults: Option<Defaults>,
    #[serde(default, deserialize_with = "object")]
    client_side_availability: Option<ClientSideAvailability>,
    #[serde(default, deserialize_with = "list")]
    variations: Vec<Variation>,
    #[serde(default, deserialize_with = "identifiers")]
    tags: Vec<String>,
    custom_properties: Option<Lenient<Entries<CustomProperty>>>,
    #[serde(default, deserialize_with = "object")]
    experiments: Option<Experiments>,
    #[serde(default, deserialize_with = "object")]
    migration_settings: Option<MigrationSettings>,
    #[serde(default, deserialize_with = "verdict")]
    stale: Option<Verdict>,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) environments: BTreeMap<String, FlagConfig>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Defaults {
    #[serde(default)]
    on_variation: Lenient<i64>,
    #[serde(default)]
    off_variation: Lenient<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Variation {
    #[serde(rename = "_id")]
    id: Option<Lenient<Identifier>>,
    name: Option<Lenient<String>>,
    description: Option<Lenient<String>>,
    #[serde(default = "null")]
    value: Box<RawValue>,
    value_hash: Option<Lenient<String>>,
}

#[derive(Debug, Deserialize)]
struct CustomProperty {
    #[serde(default)]
    name: Lenient<String>,
    value: Option<Lenient<Texts>>,
}

impl CustomProperty {
    /// Its values; a list of another type is one value of another type.
    fn values(&self) -> Vec<Lenient<&str>> {
        match &self.value {
            Some(Lenient::Value(Texts(values))) => {
                values.iter().map(|value| value.map(String::as_str)).collect()
            }
            Some(Lenient::Unexpected) => vec![Lenient::Unexpected],
            Some(Lenient::Unset) | None => Vec::new(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Experiments {
    baseline_idx: Option<Lenient<i64>>,
    items: Option<Lenient<Items<Experiment>>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Experiment {
    metric_key: Option<Lenient<Identifier>>,
    environments: Option<Lenient<JsonList>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MigrationSettings {
    context_kind: Option<Lenient<String>>,
    stage_count: Option<Lenient<i64>>,
}

/// What LaunchDarkly makes of the flag, where the request expands `archiveChecks`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verdict {
    ready_for_code_removal: Option<Lenient<bool>>,
    ready_to_archive: Option<Lenient<bool>>,
}

/// A plain `true` or `false` was seen in its place, which says neither: that is no verdict.
fn verdict<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Verdict>, D::Error> {
    let Some(json) = Option::<Box<RawValue>>::deserialize(deserializer)? else { return Ok(None) };
    if matches!(json.get(), "true" | "false") {
        return Ok(None);
    }
    object(&mut serde_json::Deserializer::from_str(json.get())).map_err(D::Error::custom)
}

impl Flag {
    /// Archived flags serve no variation; deprecated ones still do.
    fn state(&self) -> &'static str {
        match (self.archived, self.deprecated) {
            (true, _) => "archived",
            (false, true) => "deprecated",
            (false, false) => "live",
        }
    }
}

#[derive(Clone, Copy)]
struct Row<'a> {
    project_key: &'a str,
    flag: &'a Flag,
}

impl Row<'_> {
    /// Notes that rows of a part are missing, as the flag's field for them is of another type.
    fn note_unexpected<T: Table>(self, column: &'static str, sink: &mut dyn Sink) -> Result<()> {
        let key = [Value::Text(self.project_key), Value::Text(&self.flag.key)];
        sink.note_unexpected(T::NAME, column, &key)
    }
}

struct FlagTable;
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
        F::lenient_text("name", "FeatureFlag.name", "Name of the flag.", |row| row.flag.name.text()),
        F::lenient_text("description", "FeatureFlag.description", "What the flag is for.", |row| { row.flag.description.text() }),
        F::lenient_text("kind", "FeatureFlag.kind", "`boolean` or `multivariate`.", |row| row.flag.kind.text()),
        F::lenient_text("purpose", "FeatureFlag._purpose", "Such as `migration`.", |row| { row.flag.purpose.text() }),
        F::text(
            "state",
            "FeatureFlag.archived",
            "`live`, `deprecated` or `archived`; deprecated flags are still evaluated.",
            |row| row.flag.state(),
        ),
        F::bool("temporary", "FeatureFlag.temporary", "Whether the flag is to go one day.", |row| {
            row.flag.temporary
        }),
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
        F::lenient_text(
            "maintainer_email",
            "FeatureFlag._maintainer",
            "Email address of the member who maintains it.",
            |row| row.flag.maintainer.as_ref()?.email.text(),
        )
        .personal()
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
            "Whether LaunchDarkly finds that it can be removed from code; NULL where it does not say.",
            |row| row.flag.stale.as_ref()?.ready_for_code_removal,
        )
        .volatile(),
        F::lenient_bool(
            "ld_ready_to_archive",
            "StaleFlagData.readyToArchive",
            "Whether LaunchDarkly finds that it can be archived; NULL where it does not say.",
            |row| row.flag.stale.as_ref()?.ready_to_archive,
        )
        .volatile(),
    ];
}

tag_table! {
    TagTable: "flag_tags", part of "flags", "One row per tag on each flag.",
    of: Row<'a>,
    key: ["project_key", "flag_key"],
    columns: [
        keys::project(|row| row.of.project_key),
        keys::flag(|row| &row.of.flag.key),
    ],
    tags: "FeatureFlag.tags",
}

struct VariationTable;
type V = Column<VariationTable>;

impl Table for VariationTable {
    type Row<'a> = Part<'a, Row<'a>, Variation>;
    const NAME: &'static str = "flag_variations";
    const DOC: &'static str = "One row per variation of each flag.";
    const KEY: &'static [&'static str] = &["project_key", "flag_key", "variation_index"];
    const PART_OF: Option<&'static str> = Some("flags");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.of.project_key),
        keys::flag(|row| &row.of.flag.key),
        V::int(
            "variation_index",
            "FeatureFlag.variations",
            "Position in the flag's list, from 0; other tables refer to it.",
            |row| row.index,
        ),
        V::lenient_text("variation_id", "Variation._id", "ID of the variation.", |row| {
            row.item.id.text()
        }),
        V::lenient_text("name", "Variation.name", "Name of the variation.", |row| {
            row.item.name.text()
        }),
        V::lenient_text("description", "Variation.description", "What it stands for.", |row| {
            row.item.description.text()
        }),
        V::json("value", "Variation.value", "What it serves: any JSON, as received.", |row| {
            row.item.value.get()
        }),
        V::lenient_text("value_hash", "Variation.valueHash", "Hash of the value.", |row| {
            row.item.value_hash.text()
        }),
    ];
}

struct PropertyRow<'a> {
    row: Row<'a>,
    key: &'a str,
    property: &'a CustomProperty,
    index: i64,
    value: Lenient<&'a str>,
}

struct PropertyTable;
type C = Column<PropertyTable>;

impl Table for PropertyTable {
    type Row<'a> = PropertyRow<'a>;
    const NAME: &'static str = "flag_custom_properties";
    const DOC: &'static str = "One row per value of each custom property of each flag.";
    const KEY: &'static [&'static str] =
        &["project_key", "flag_key", "property_key", "value_index"];
    const PART_OF: Option<&'static str> = Some("flags");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.row.project_key),
        keys::flag(|row| &row.row.flag.key),
        C::text("property_key", "FeatureFlag.customProperties", "Key of the property.", |row| {
            row.key
        }),
        C::int("value_index", "customProperty.value", "Position of the value, from 0.", |row| {
            row.index
        }),
        C::lenient_text("property_name", "customProperty.name", "Name of the property.", |row| {
            row.property.name.text()
        }),
        C::lenient_text("value", "customProperty.value", "The value.", |row| Some(row.value)),
    ];
}

struct ExperimentTable;
type X = Column<ExperimentTable>;

impl Table for ExperimentTable {
    type Row<'a> = Part<'a, Row<'a>, Experiment>;
    const NAME: &'static str = "flag_experiments";
    const DOC: &'static str = "One row per legacy experiment on each flag.";
    const KEY: &'static [&'static str] = &["project_key", "flag_key", "experiment_index"];
    const PART_OF: Option<&'static str> = Some("flags");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.of.project_key),
        keys::flag(|row| &row.of.flag.key),
        X::int(
            "experiment_index",
            "ExperimentInfoRep.items",
            "Position in the flag's list, from 0.",
            |row| row.index,
        ),
        X::lenient_text(
            "metric_key",
            "LegacyExperimentRep.metricKey",
            "Key of the metric.",
            |row| row.item.metric_key.text(),
        ),
        X::lenient_json(
            "environment_keys",
            "LegacyExperimentRep.environments",
            "Keys of the environments it runs in, as a JSON array.",
            |row| row.item.environments.json(),
        ),
    ];
}
