//! Layers: `GET /api/v2/projects/{project}/layers`,
//! <https://launchdarkly.com/docs/api/layers/get-layers>.

use std::collections::BTreeMap;

use crate::launchdarkly::lenient::bounded::Bounded;
use crate::resources::prelude::*;

/// The layers of a project, in which experiments exclude each other.
pub struct Layers;

impl Resource for Layers {
    type Item = Layer;
    const NAME: &'static str = "layers";
    const PATH: &'static str = "/api/v2/projects/{project}/layers";
    const LEVEL: Level = Level::Project;
    const PERMISSION: &'static str = "viewProject";
    const GROUP: Group = Group::All;
    const PAGING: Paging = Paging::Whole;
    const PLAN: Option<&'static str> = Some("plans with Experimentation");
    const REQUESTS: &'static str = "1 a project";
    const TABLES: &'static [fn() -> TableInfo] = &[LayerTable::info, ReservationTable::info];
    const DROPPED: &'static [Dropped] = &[];

    fn write(scope: &Scope, layer: &Layer, sink: &mut dyn Sink) -> Result<()> {
        let row = InScope::new(scope, layer);
        if write_row::<LayerTable>(sink, &row)? != Written::Fresh {
            return Ok(());
        }
        for (environment_key, configuration) in layer.environments.iter().flatten() {
            let reservations =
                configuration.iter().flat_map(|one| &one.reservations).flat_map(|list| &list.0);
            let row = |reservation| ReservationRow { row, environment_key, reservation };
            write_rows::<ReservationTable>(sink, reservations.map(row))?;
        }
        Ok(())
    }
}

impl ListResource for Layers {
    fn key(layer: &Layer) -> &str {
        &layer.key
    }
}

/// A layer. The API does not document for which environments the list has reservations; it may be
/// none.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Layer {
    #[serde(deserialize_with = "required_identifier")]
    key: String,
    #[serde(default)]
    name: Lenient<String>,
    description: Option<Lenient<String>>,
    randomization_unit: Option<Lenient<String>>,
    environments: Option<BTreeMap<String, Option<Configuration>>>,
    #[serde(default)]
    created_at: Lenient<Moment>,
}

#[derive(Debug, Deserialize)]
struct Configuration {
    reservations: Option<Bounded<Reservation>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reservation {
    #[serde(deserialize_with = "required_identifier")]
    experiment_key: String,
    #[serde(deserialize_with = "required_identifier")]
    flag_key: String,
    reservation_percent: Option<Lenient<i64>>,
}

type Row<'a> = InScope<'a, Layer>;

struct LayerTable;
type L = Column<LayerTable>;

impl Table for LayerTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "layers";
    const DOC: &'static str = "One row per layer of each project.";
    const KEY: &'static [&'static str] = &["project_key", "layer_key"];
    const PARENTS: &'static [&'static str] = &["projects"];
    const CREATED: Option<&'static str> = Some("created_at");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.project_key),
        keys::layer(|row| &row.item.key),
        common::name("LayerRep.name", |row| row.item.name.text()),
        common::description("LayerRep.description", |row| row.item.description.text()),
        L::lenient_text(
            "randomization_unit",
            "LayerRep.randomizationUnit",
            "Context kind that is divided among its experiments.",
            |row| row.item.randomization_unit.text(),
        ),
        L::int_opt(
            "environment_count",
            "LayerRep.environments",
            "Environments whose reservations LaunchDarkly lists; NULL where it lists none.",
            |row| row.item.environments.as_ref().map(|all| length(all.len())),
        ),
        common::created_at("LayerRep.createdAt", |row| row.item.created_at.number()),
    ];
}

struct ReservationRow<'a> {
    row: Row<'a>,
    environment_key: &'a str,
    reservation: &'a Reservation,
}

struct ReservationTable;
type R = Column<ReservationTable>;

impl Table for ReservationTable {
    type Row<'a> = ReservationRow<'a>;
    const NAME: &'static str = "layer_reservations";
    const DOC: &'static str = "One row per experiment with a share of a layer, where `layers.environment_count` is not NULL.";
    const KEY: &'static [&'static str] =
        &["project_key", "layer_key", "environment_key", "experiment_key", "flag_key"];
    const PART_OF: Option<&'static str> = Some("layers");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.row.project_key),
        keys::layer(|row| &row.row.item.key),
        R::text("environment_key", "LayerRep.environments", "Key of the environment.", |row| {
            row.environment_key
        }),
        R::text(
            "experiment_key",
            "LayerReservationRep.experimentKey",
            "Key of the experiment.",
            |row| &row.reservation.experiment_key,
        ),
        R::text(
            "flag_key",
            "LayerReservationRep.flagKey",
            "Key of the flag that the experiment is about.",
            |row| &row.reservation.flag_key,
        ),
        R::lenient_int(
            "reservation_percent",
            "LayerReservationRep.reservationPercent",
            "Percentage of the layer's traffic that is reserved for the experiment.",
            |row| row.reservation.reservation_percent,
        ),
    ];
}
