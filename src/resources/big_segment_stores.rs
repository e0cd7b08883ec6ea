//! Persistent stores of big segments: `GET /api/v2/integration-capabilities/big-segment-store`,
//! <https://launchdarkly.com/docs/api/persistent-store-integrations-beta/get-big-segment-store-integrations>.
//!
//! A store's configuration holds credentials, so the item type has no field for it.

use crate::launchdarkly::lenient::{Count, list_length};
use crate::resources::prelude::*;

/// The stores that SDKs read big segments from, over all projects.
pub struct BigSegmentStores;

impl Resource for BigSegmentStores {
    type Item = Store;
    const NAME: &'static str = "big_segment_stores";
    const PATH: &'static str = "/api/v2/integration-capabilities/big-segment-store";
    const LEVEL: Level = Level::Account;
    const PERMISSION: &'static str = "";
    const SPECIFIER: &'static str = "integration/*";
    const GROUP: Group = Group::All;
    const PAGING: Paging = Paging::Whole;
    const BETA: bool = true;
    const PLAN: Option<&'static str> = Some("Enterprise");
    const REQUESTS: &'static str = "1";
    const TABLES: &'static [fn() -> TableInfo] = &[StoreTable::info, TagTable::info];
    const DROPPED: &'static [Dropped] = &[
        dropped("BigSegmentStoreIntegration._links", "link"),
        dropped("BigSegmentStoreIntegration._access", "access detail"),
        dropped("BigSegmentStoreIntegration.config", "secret: credentials among settings"),
    ];

    fn write(_: &Scope, store: &Store, sink: &mut dyn Sink) -> Result<()> {
        write_with_parts::<StoreTable, TagTable>(sink, &store, parts(store, &store.tags))
    }
}

impl ListResource for BigSegmentStores {
    fn key(store: &Store) -> &str {
        &store.id
    }
}

/// A store without its configuration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Store {
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
    #[serde(rename = "_status", default, deserialize_with = "object")]
    status: Option<Status>,
}

/// Errors are counted: their messages may quote the store's address.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    available: Option<Lenient<bool>>,
    potentially_stale: Option<Lenient<bool>>,
    last_sync: Option<Lenient<Moment>>,
    last_error: Option<Lenient<Moment>>,
    #[serde(default, deserialize_with = "list_length")]
    errors: Option<Lenient<Count>>,
}

struct StoreTable;
type C = Column<StoreTable>;

impl Table for StoreTable {
    type Row<'a> = &'a Store;
    const NAME: &'static str = "big_segment_stores";
    const DOC: &'static str = "One row per persistent store of an environment's big segments.";
    const KEY: &'static [&'static str] = &["big_segment_store_id"];
    const VERSION: Option<&'static str> = Some("version");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::big_segment_store(|row| &row.id),
        C::text(
            "integration_key",
            "BigSegmentStoreIntegration.integrationKey",
            "Type of the store: `redis` or `dynamodb`.",
            |row| &row.integration_key,
        ),
        C::text(
            "project_key",
            "BigSegmentStoreIntegration.projectKey",
            "Key of the project, which may be one that was not extracted.",
            |row| &row.project_key,
        ),
        C::text(
            "environment_key",
            "BigSegmentStoreIntegration.environmentKey",
            "Key of the environment.",
            |row| &row.environment_key,
        ),
        common::name("BigSegmentStoreIntegration.name", |row| row.name.text()),
        C::bool("is_on", "BigSegmentStoreIntegration.on", "Whether the store is on.", |row| row.on),
        C::int("version", "BigSegmentStoreIntegration.version", "Counts changes to it.", |row| {
            row.version
        }),
        C::lenient_bool(
            "is_available",
            "BigSegmentStoreStatus.available",
            "Whether the store is fully synchronized and was so within the last minutes.",
            |row| row.status.as_ref()?.available,
        ),
        C::lenient_bool(
            "is_potentially_stale",
            "BigSegmentStoreStatus.potentiallyStale",
            "Whether it may lag behind the environment.",
            |row| row.status.as_ref()?.potentially_stale,
        ),
        C::lenient_time(
            "last_sync_at",
            "BigSegmentStoreStatus.lastSync",
            "When it was last synchronized; NULL for never.",
            |row| row.status.as_ref()?.last_sync.number(),
        ),
        C::lenient_time(
            "last_error_at",
            "BigSegmentStoreStatus.lastError",
            "When an error last occurred; NULL for never.",
            |row| row.status.as_ref()?.last_error.number(),
        ),
        C::lenient_int(
            "error_count",
            "BigSegmentStoreStatus.errors",
            "Number of recent errors.",
            |row| row.status.as_ref()?.errors.number(),
        ),
    ];
}

tag_table! {
    TagTable: "big_segment_store_tags", part of "big_segment_stores", "One row per tag on each store of big segments.",
    of: &'a Store,
    key: ["big_segment_store_id"],
    columns: [
        keys::big_segment_store(|row| &row.of.id),
    ],
    tags: "BigSegmentStoreIntegration.tags",
}
