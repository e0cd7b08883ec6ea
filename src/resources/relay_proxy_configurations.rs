//! Relay Proxy configurations: `GET /api/v2/account/relay-auto-configs`,
//! <https://launchdarkly.com/docs/api/relay-proxy-configurations/get-relay-proxy-configs>.
//!
//! Neither the key nor its last characters have a field to land in.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::decode::MemberSummary;
use crate::Result;
use crate::resource::{Dropped, Group, Level, ListResource, Paging, Resource, Scope};
use crate::table::{Column, Sink, Table, TableInfo, write_row};

/// What Relay Proxies that configure themselves may see.
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
        Dropped { field: "RelayAutoConfigRep._access", reason: "access detail" },
        Dropped { field: "RelayAutoConfigRep.fullKey", reason: "secret" },
        Dropped { field: "RelayAutoConfigRep.displayKey", reason: "secret: the end of the key" },
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

/// What is said about a configuration; never its key.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Configuration {
    #[serde(rename = "_id")]
    id: String,
    #[serde(rename = "_creator")]
    creator: Option<MemberSummary>,
    name: String,
    policy: Option<Box<RawValue>>,
    creation_date: i64,
    last_modified: i64,
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
        C::text("name", "RelayAutoConfigRep.name", "Name of the configuration.", |row| &row.name),
        C::text_opt("creator_id", "MemberSummary._id", "ID of who created it.", |row| {
            row.creator.as_ref().map(|member| member.id.as_str())
        }),
        C::text_opt(
            "creator_email",
            "RelayAutoConfigRep._creator",
            "Email address of the member who created it.",
            |row| row.creator.as_ref().map(|member| member.email.as_str()),
        )
        .personal(),
        C::json_opt(
            "policy",
            "RelayAutoConfigRep.policy",
            "Statements that say which environments its Relay Proxies see.",
            |row| row.policy.as_deref().map(RawValue::get),
        )
        .mentions_people(),
        C::time("created_at", "RelayAutoConfigRep.creationDate", "When it was created.", |row| {
            row.creation_date
        }),
        C::time(
            "last_modified_at",
            "RelayAutoConfigRep.lastModified",
            "When it last changed.",
            |row| row.last_modified,
        ),
    ];
}
