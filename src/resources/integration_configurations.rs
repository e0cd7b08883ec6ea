//! Integration delivery configurations: `GET /api/v2/integration-capabilities/featureStore`,
//! <https://launchdarkly.com/docs/api/integration-delivery-configurations-beta/get-integration-delivery-configurations>.
//!
//! A configuration's values hold credentials, so the item type has no field for them.

use crate::resources::prelude::*;

/// The integrations that copy flags to a store, in all projects.
pub struct IntegrationConfigurations;

impl Resource for IntegrationConfigurations {
    type Item = Configuration;
    const NAME: &'static str = "integration_configurations";
    const PATH: &'static str = "/api/v2/integration-capabilities/featureStore";
    const LEVEL: Level = Level::Account;
    const PERMISSION: &'static str = "";
    const SPECIFIER: &'static str = "integration/*";
    const GROUP: Group = Group::All;
    const PAGING: Paging = Paging::Whole;
    const BETA: bool = true;
    const REQUESTS: &'static str = "1";
    const TABLES: &'static [fn() -> TableInfo] = &[ConfigurationTable::info, TagTable::info];
    const DROPPED: &'static [Dropped] = &[
        dropped("IntegrationDeliveryConfiguration._links", "link"),
        dropped("IntegrationDeliveryConfiguration._access", "access detail"),
        dropped("IntegrationDeliveryConfiguration.config", "secret: credentials among settings"),
    ];

    fn write(_: &Scope, configuration: &Configuration, sink: &mut dyn Sink) -> Result<()> {
        write_with_parts::<ConfigurationTable, TagTable>(
            sink,
            &configuration,
            parts(configuration, &configuration.tags),
        )
    }
}

impl ListResource for IntegrationConfigurations {
    fn key(configuration: &Configuration) -> &str {
        &configuration.id
    }
}

/// A configuration without its values.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Configuration {
    #[serde(rename = "_id", deserialize_with = "required_identifier")]
    id: String,
    #[serde(deserialize_with = "required_identifier")]
    integration_key: String,
    #[serde(deserialize_with = "required_identifier")]
    project_key: String,
    #[serde(deserialize_with = "required_identifier")]
    environment_key: String,
    name: Option<Lenient<String>>,
    on: bool,
    version: i64,
    #[serde(default, deserialize_with = "identifiers")]
    tags: Vec<String>,
}

struct ConfigurationTable;
type C = Column<ConfigurationTable>;

impl Table for ConfigurationTable {
    type Row<'a> = &'a Configuration;
    const NAME: &'static str = "integration_configurations";
    const DOC: &'static str =
        "One row per integration that copies the flags of an environment to a store.";
    const KEY: &'static [&'static str] = &["integration_configuration_id"];
    const VERSION: Option<&'static str> = Some("version");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::integration_configuration(|row| &row.id),
        C::text(
            "integration_key",
            "IntegrationDeliveryConfiguration.integrationKey",
            "Key of the integration, such as `cloudflare`.",
            |row| &row.integration_key,
        ),
        C::text(
            "project_key",
            "IntegrationDeliveryConfiguration.projectKey",
            "Key of the project, which may be one that was not extracted.",
            |row| &row.project_key,
        ),
        C::text(
            "environment_key",
            "IntegrationDeliveryConfiguration.environmentKey",
            "Key of the environment.",
            |row| &row.environment_key,
        ),
        common::name("IntegrationDeliveryConfiguration.name", |row| row.name.text()),
        C::bool("is_on", "IntegrationDeliveryConfiguration.on", "Whether it is on.", |row| row.on),
        C::int(
            "version",
            "IntegrationDeliveryConfiguration.version",
            "Counts changes to it.",
            |row| row.version,
        ),
    ];
}

tag_table! {
    TagTable: "integration_configuration_tags", part of "integration_configurations", "One row per tag on each integration configuration.",
    of: &'a Configuration,
    key: ["integration_configuration_id"],
    columns: [
        keys::integration_configuration(|row| &row.of.id),
    ],
    tags: "IntegrationDeliveryConfiguration.tags",
}
