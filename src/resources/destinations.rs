//! Data Export destinations: `GET /api/v2/destinations`,
//! <https://launchdarkly.com/docs/api/data-export-destinations/get-destinations>.
//!
//! A destination's configuration holds credentials, so the item type has no field for it.

use percent_encoding::percent_decode_str;

use super::decode::LenientLink;
use crate::launchdarkly::lenient::Whole;
use crate::resources::prelude::*;

/// The destinations that events are exported to, in all environments of all projects.
pub struct Destinations;

impl Resource for Destinations {
    type Item = Destination;
    const NAME: &'static str = "destinations";
    const PATH: &'static str = "/api/v2/destinations";
    const LEVEL: Level = Level::Account;
    const PERMISSION: &'static str = "";
    const SPECIFIER: &'static str = "proj/*:env/*:destination/*";
    const GROUP: Group = Group::All;
    const PAGING: Paging = Paging::Whole;
    const PLAN: Option<&'static str> = Some("Foundation or Enterprise, as an add-on");
    const REQUESTS: &'static str = "1";
    const TABLES: &'static [fn() -> TableInfo] = &[DestinationTable::info];
    const DROPPED: &'static [Dropped] = &[
        dropped("Destination._access", "access detail"),
        dropped("Destination.config", "secret: credentials among settings"),
        dropped(
            "Destination.completedArtifacts",
            "secret: a script with names and roles of the warehouse",
        ),
    ];

    fn write(_: &Scope, destination: &Destination, sink: &mut dyn Sink) -> Result<()> {
        let place = destination.place();
        let row = Row { destination, place: place.as_ref() };
        write_row::<DestinationTable>(sink, &row).map(drop)
    }
}

impl ListResource for Destinations {
    fn key(destination: &Destination) -> &str {
        &destination.id
    }
}

/// A destination without its settings.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Destination {
    #[serde(rename = "_id", deserialize_with = "required_identifier")]
    id: String,
    #[serde(rename = "_links", default, deserialize_with = "object")]
    links: Option<Links>,
    name: Option<Lenient<String>>,
    kind: Option<Lenient<String>>,
    /// Documented as a number, not as an integer.
    version: Option<Lenient<Whole>>,
    on: Option<bool>,
    created_at: Option<Lenient<Moment>>,
    maintainer_id: Option<Lenient<Identifier>>,
}

#[derive(Debug, Default, Deserialize)]
struct Links {
    #[serde(rename = "self", default, deserialize_with = "object")]
    own: Option<LenientLink>,
}

impl Destination {
    /// The keys of its project and environment. Only its own link contains them:
    /// `/api/v2/destinations/{project}/{environment}/{id}`.
    fn place(&self) -> Option<Lenient<(String, String)>> {
        match self.links.as_ref()?.own.as_ref()?.href.text()? {
            Lenient::Value(href) => self.place_in(href).map(Lenient::Value),
            Lenient::Unset => None,
            Lenient::Unexpected => Some(Lenient::Unexpected),
        }
    }

    fn place_in(&self, href: &str) -> Option<(String, String)> {
        let (path, _) = href.split_once(['?', '#']).unwrap_or((href, ""));
        let (_, place) = path.split_once("/destinations/")?;
        let segments: Vec<_> = place.split('/').map(decoded).collect::<Option<_>>()?;
        match <[String; 3]>::try_from(segments).ok()? {
            [project, environment, id] if id == self.id => Some((project, environment)),
            _ => None,
        }
    }
}

fn decoded(segment: &str) -> Option<String> {
    let text = percent_decode_str(segment).decode_utf8().ok()?;
    (!text.is_empty()).then(|| text.into_owned())
}

struct Row<'a> {
    destination: &'a Destination,
    place: Option<&'a Lenient<(String, String)>>,
}

struct DestinationTable;
type C = Column<DestinationTable>;

impl Table for DestinationTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "destinations";
    const DOC: &'static str = "One row per Data Export destination of any environment.";
    const KEY: &'static [&'static str] = &["destination_id"];
    const COLUMNS: &'static [Column<Self>] = &[
        C::text("destination_id", "Destination._id", "ID of the destination.", |row| {
            &row.destination.id
        }),
        C::lenient_text(
            "project_key",
            "Destination._links",
            "Key of the project, which may be one that was not extracted.",
            |row| Some(row.place?.map(|(project_key, _)| project_key.as_str())),
        ),
        C::lenient_text(
            "environment_key",
            "Destination._links",
            "Key of the environment.",
            |row| Some(row.place?.map(|(_, environment_key)| environment_key.as_str())),
        ),
        common::name("Destination.name", |row| row.destination.name.text()),
        C::lenient_text(
            "kind",
            "Destination.kind",
            "Type of the destination, such as `kinesis` or `snowflake-v2`.",
            |row| row.destination.kind.text(),
        ),
        C::bool_opt("is_on", "Destination.on", "Whether the export is on.", |row| {
            row.destination.on
        }),
        common::version("Destination.version", |row| row.destination.version.number()),
        common::maintainer_id("Destination.maintainerId", |row| {
            row.destination.maintainer_id.text()
        }),
        common::created_at("Destination.createdAt", |row| row.destination.created_at.number()),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(href: &str) -> Option<(String, String)> {
        let links = serde_json::json!({"self": {"href": href}});
        let item = serde_json::json!({"_id": "1", "_links": links}).to_string();
        serde_json::from_str::<Destination>(&item).unwrap().place()?.value().cloned()
    }

    #[test]
    fn the_place_is_read_from_the_link() {
        let expected = Some(("a/b".to_owned(), "é".to_owned()));
        assert_eq!(place("/api/v2/destinations/a%2Fb/%C3%A9/1"), expected);
        assert_eq!(place("https://example.com/api/v2/destinations/a%2Fb/é/1?x=/1"), expected);
    }

    #[test]
    fn other_links_name_no_place() {
        for tail in ["", "/1", "/a/1", "/a/b/2", "/a/b/c/1", "/a//1", "/a/%ff/1"] {
            assert_eq!(place(&format!("/api/v2/destinations{tail}")), None, "{tail}");
        }
    }

    #[test]
    fn a_version_is_whole_or_not_known() {
        let version = |text: &str| {
            let item = format!(r#"{{"_id":"1","version":{text}}}"#);
            serde_json::from_str::<Destination>(&item).unwrap().version.number()
        };
        assert_eq!([version("3"), version("3.0")], [Some(Lenient::Value(3)); 2]);
        assert_eq!([version("1.5"), version("1e300")], [Some(Lenient::Unexpected); 2]);
        assert_eq!(version("null"), None);
    }
}
