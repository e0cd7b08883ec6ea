//! Feature flags: `GET /api/v2/flags/{project}`,
//! <https://launchdarkly.com/docs/api/feature-flags/get-feature-flags>.

mod dropped;
mod flag_table;
mod part_tables;

use std::collections::BTreeMap;

use serde::Deserializer;
use serde::de::Error;
use serde_json::value::RawValue;

use crate::launchdarkly::lenient::bounded::or_default;
use crate::launchdarkly::lenient::{Entries, Items, Texts, required_time};
use crate::model::table::Value;
use crate::resources::decode::{MemberMention, null};
use crate::resources::flag_environments::{self, FlagConfig, write_environment};
use crate::resources::prelude::*;
use crate::resources::projects::ClientSideAvailability;
use flag_table::FlagTable;
use part_tables::{ExperimentTable, PropertyTable, VariationTable};

/// The flags of a project: live, deprecated and archived.
pub struct Flags;

impl Resource for Flags {
    type Item = Flag;
    const NAME: &'static str = "flags";
    const PATH: &'static str = "/api/v2/flags/{project}";
    const LEVEL: Level = Level::Project;
    const PERMISSION: &'static str = "viewProject";
    const PAGING: Paging = Paging::Offset(100);
    const REQUESTS: &'static str = "a project: ⌈live flags / 100⌉ for each 3 environments, and ⌈archived flags / 100⌉, but at least 1 each; 1 to look at the newest flags again, with up to 3 environments; 1 to count archived flags again, where either list has several pages; 1 to look for deprecated flags, where no project's list has any";
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
    const DROPPED: &'static [Dropped] = dropped::DROPPED;

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
    /// Its values. If the list has an unexpected type, it counts as one value of unexpected type.
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

/// LaunchDarkly's lifecycle verdict on the flag, where the request expands `archiveChecks`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verdict {
    ready_for_code_removal: Option<Lenient<bool>>,
    ready_to_archive: Option<Lenient<bool>>,
}

/// Reads a verdict. Some responses have a plain `true` or `false` instead, which is no verdict.
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
    /// Records that rows of a part are missing because the flag's field has an unexpected type.
    fn note_unexpected<T: Table>(self, column: &'static str, sink: &mut dyn Sink) -> Result<()> {
        let key = [Value::Text(self.project_key), Value::Text(&self.flag.key)];
        sink.note_unexpected(T::NAME, column, &key)
    }
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

struct PropertyRow<'a> {
    row: Row<'a>,
    key: &'a str,
    property: &'a CustomProperty,
    index: i64,
    value: Lenient<&'a str>,
}
