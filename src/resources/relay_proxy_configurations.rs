//! Relay Proxy configurations: `GET /api/v2/account/relay-auto-configs`,
//! <https://launchdarkly.com/docs/api/relay-proxy-configurations/get-relay-proxy-configs>.
//!
//! The item type has no field for the key or its last characters.

use super::decode::MemberMention;
use crate::resources::prelude::*;

/// The configurations of Relay Proxies that configure themselves automatically.
pub struct RelayProxyConfigurations;

impl Resource for RelayProxyConfigurations {
    type Item = Configuration;
    const NAME: &'static str = "relay_proxy_configurations";
    const PATH: &'static str = "/api/v2/account/relay-auto-configs";
    const LEVEL: Level = Level::Account;
    const PERMISSION: &'static str = "";
    const SPECIFIER: &'static str = "relay-proxy-config/*";
    const GROUP: Group = Group::All;
    const PAGING: Paging = Paging::Whole;
    const PLAN: Option<&'static str> = Some("Enterprise");
    const REQUESTS: &'static str = "1";
    const TABLES: &'static [fn() -> TableInfo] = &[ConfigurationTable::info];
    const DROPPED: &'static [Dropped] = &[
        dropped("RelayAutoConfigRep._access", "access detail"),
        dropped("RelayAutoConfigRep.fullKey", "secret"),
        dropped("RelayAutoConfigRep.displayKey", "secret: the end of the key"),
    ];

    fn write(_: &Scope, configuration: &Configuration, sink: &mut dyn Sink) -> Result<()> {
        write_row::<ConfigurationTable>(sink, &configuration).map(drop)
    }
}

impl ListResource for RelayProxyConfigurations {
    fn key(configuration: &Configuration) -> &str {
        &configuration.id
    }
}

/// A configuration without its key.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Configuration {
    #[serde(rename = "_id", deserialize_with = "required_identifier")]
    id: String,
    #[serde(rename = "_creator", default, deserialize_with = "object")]
    creator: Option<MemberMention>,
    #[serde(default)]
    name: Lenient<String>,
    policy: Option<Lenient<JsonList>>,
    #[serde(default)]
    creation_date: Lenient<Moment>,
    #[serde(default)]
    last_modified: Lenient<Moment>,
}

struct ConfigurationTable;
type C = Column<ConfigurationTable>;

impl Table for ConfigurationTable {
    type Row<'a> = &'a Configuration;
    const NAME: &'static str = "relay_proxy_configurations";
    const DOC: &'static str = "One row per configuration of Relay Proxies.";
    const KEY: &'static [&'static str] = &["relay_proxy_configuration_id"];
    const COLUMNS: &'static [Column<Self>] = &[
        C::text(
            "relay_proxy_configuration_id",
            "RelayAutoConfigRep._id",
            "ID of the configuration.",
            |row| &row.id,
        ),
        common::name("RelayAutoConfigRep.name", |row| row.name.text()),
        C::lenient_text(
            "creator_id",
            "MemberSummary._id",
            "ID of the member who created it.",
            |row| row.creator.as_ref()?.id.text(),
        ),
        C::lenient_text(
            "creator_email",
            "RelayAutoConfigRep._creator",
            "Email address of the member who created it.",
            |row| row.creator.as_ref()?.email.text(),
        )
        .personal(),
        C::lenient_json(
            "policy",
            "RelayAutoConfigRep.policy",
            "Policy statements that define which environments its Relay Proxies can read.",
            |row| row.policy.json(),
        )
        .mentions_people(),
        common::created_at("RelayAutoConfigRep.creationDate", |row| row.creation_date.number()),
        common::last_modified_at("RelayAutoConfigRep.lastModified", |row| {
            row.last_modified.number()
        }),
    ];
}
