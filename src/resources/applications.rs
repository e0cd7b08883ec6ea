//! Applications: `GET /api/v2/applications`,
//! <https://launchdarkly.com/docs/api/applications-beta/get-applications>.

use super::decode::MemberMention;
use crate::resources::prelude::*;

/// The applications that request flags, as far as LaunchDarkly knows them.
pub struct Applications;

impl Resource for Applications {
    type Item = Application;
    const NAME: &'static str = "applications";
    const PATH: &'static str = "/api/v2/applications";
    const LEVEL: Level = Level::Account;
    const PERMISSION: &'static str = "";
    const SPECIFIER: &'static str = "application/*";
    const GROUP: Group = Group::All;
    const PAGING: Paging = Paging::Offset(100);
    const BETA: bool = true;
    const REQUESTS: &'static str = "⌈applications / 100⌉";
    const TABLES: &'static [fn() -> TableInfo] = &[ApplicationTable::info];
    const DROPPED: &'static [Dropped] = &[
        dropped("ApplicationRep._links", "link"),
        dropped("ApplicationRep._access", "access detail"),
        dropped("ApplicationRep.flags", "not in the list unless expanded"),
    ];

    fn write(_: &Scope, application: &Application, sink: &mut dyn Sink) -> Result<()> {
        write_row::<ApplicationTable>(sink, &application).map(drop)
    }
}

impl ListResource for Applications {
    fn key(application: &Application) -> &str {
        &application.key
    }
}

/// An application: <https://launchdarkly.com/docs/api/applications-beta/get-application>.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    #[serde(deserialize_with = "required_identifier")]
    key: String,
    #[serde(default)]
    name: Lenient<String>,
    #[serde(default)]
    kind: Lenient<String>,
    description: Option<Lenient<String>>,
    #[serde(default)]
    auto_added: Lenient<bool>,
    creation_date: Option<Lenient<Moment>>,
    #[serde(rename = "_version")]
    version: Option<Lenient<i64>>,
    #[serde(rename = "_maintainer", default, deserialize_with = "object")]
    maintainer: Option<Maintainer>,
}

/// A person or a team.
#[derive(Debug, Default, Deserialize)]
struct Maintainer {
    #[serde(default, deserialize_with = "object")]
    member: Option<MemberMention>,
    #[serde(default, deserialize_with = "object")]
    team: Option<Team>,
}

#[derive(Debug, Deserialize)]
struct Team {
    #[serde(default)]
    key: Lenient<Identifier>,
}

struct ApplicationTable;
type C = Column<ApplicationTable>;

impl Table for ApplicationTable {
    type Row<'a> = &'a Application;
    const NAME: &'static str = "applications";
    const DOC: &'static str = "One row per application that LaunchDarkly knows.";
    const KEY: &'static [&'static str] = &["application_key"];
    const CREATED: Option<&'static str> = Some("created_at");
    const COLUMNS: &'static [Column<Self>] = &[
        C::text("application_key", "ApplicationRep.key", "Key of the application.", |row| &row.key),
        common::name("ApplicationRep.name", |row| row.name.text()),
        C::lenient_text("kind", "ApplicationRep.kind", "`browser`, `mobile` or `server`.", |row| {
            row.kind.text()
        }),
        C::lenient_text(
            "description",
            "ApplicationRep.description",
            "What the application is.",
            |row| row.description.text(),
        ),
        C::lenient_bool(
            "auto_added",
            "ApplicationRep.autoAdded",
            "Whether LaunchDarkly added it automatically, from a context that an SDK sent.",
            |row| Some(row.auto_added),
        ),
        common::version("ApplicationRep._version", |row| row.version),
        common::maintainer_id("MemberSummary._id", |row| {
            row.maintainer.as_ref()?.member.as_ref()?.id.text()
        }),
        common::maintainer_email("ApplicationMaintainerRep.member", |row| {
            row.maintainer.as_ref()?.member.as_ref()?.email.text()
        }),
        common::maintainer_team_key("ApplicationMaintainerRep.team", |row| {
            row.maintainer.as_ref()?.team.as_ref()?.key.text()
        }),
        common::created_at("ApplicationRep.creationDate", |row| row.creation_date.number()),
    ];
}
