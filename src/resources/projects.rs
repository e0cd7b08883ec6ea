//! Projects, with their environments: `GET /api/v2/projects?expand=environments`,
//! <https://launchdarkly.com/docs/api/projects/get-projects>.

use serde::Serialize;

use super::decode::Nested;
use super::environments::{Environment, Environments};
use crate::resources::prelude::*;

/// The projects that the access token may see.
pub struct Projects;

impl Resource for Projects {
    type Item = Project;
    const NAME: &'static str = "projects";
    const PATH: &'static str = "/api/v2/projects";
    const LEVEL: Level = Level::Account;
    const PERMISSION: &'static str = "viewProject";
    const PAGING: Paging = Paging::Offset(1000);
    const REQUESTS: &'static str = "⌈projects / 1000⌉";
    const TABLES: &'static [fn() -> TableInfo] = &[ProjectTable::info, TagTable::info];
    const DROPPED: &'static [Dropped] =
        &[dropped("Project._access", "access detail"), dropped("Project._links", "link")];

    fn write(_: &Scope, project: &Project, sink: &mut dyn Sink) -> Result<()> {
        write_row::<ProjectTable>(sink, &project)?;
        let project_key = project.key.as_str();
        write_rows::<TagTable>(sink, parts(project, &project.tags))?;
        let scope = Scope::project(project_key);
        let environments = project.environments.iter().flat_map(|page| &page.items);
        environments.into_iter().try_for_each(|one| Environments::write(&scope, one, sink))
    }
}

/// A project: <https://launchdarkly.com/docs/api/projects/get-project>.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Project {
    #[serde(rename = "_id", default)]
    id: Lenient<Identifier>,
    #[serde(deserialize_with = "required_identifier")]
    pub(crate) key: String,
    #[serde(default)]
    name: Lenient<String>,
    #[serde(default)]
    include_in_snippet_by_default: Lenient<bool>,
    #[serde(default, deserialize_with = "object")]
    default_client_side_availability: Option<ClientSideAvailability>,
    default_release_pipeline_key: Option<Lenient<Identifier>>,
    #[serde(default, deserialize_with = "identifiers")]
    tags: Vec<String>,
    /// The first page of them; completed before the project is written.
    pub(crate) environments: Option<Nested<Environment>>,
}

/// Which client-side SDKs may use a flag.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientSideAvailability {
    pub(super) using_environment_id: Option<Lenient<bool>>,
    pub(super) using_mobile_key: Option<Lenient<bool>>,
}

struct ProjectTable;
type P = Column<ProjectTable>;

impl Table for ProjectTable {
    type Row<'a> = &'a Project;
    const NAME: &'static str = "projects";
    const DOC: &'static str = "One row per project.";
    const KEY: &'static [&'static str] = &["project_key"];
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| &row.key),
        P::lenient_text("project_id", "Project._id", "ID of the project.", |row| row.id.text()),
        common::name("Project.name", |row| row.name.text()),
        P::lenient_bool(
            "include_in_snippet_by_default",
            "Project.includeInSnippetByDefault",
            "Whether new flags are available to the client-side JavaScript SDK.",
            |row| Some(row.include_in_snippet_by_default),
        ),
        P::lenient_bool(
            "default_using_environment_id",
            "ClientSideAvailability.usingEnvironmentId",
            "Whether new flags are available to SDKs that use the client-side ID.",
            |row| row.default_client_side_availability.as_ref()?.using_environment_id,
        ),
        P::lenient_bool(
            "default_using_mobile_key",
            "ClientSideAvailability.usingMobileKey",
            "Whether new flags are available to SDKs that use a mobile key.",
            |row| row.default_client_side_availability.as_ref()?.using_mobile_key,
        ),
        P::lenient_text(
            "default_release_pipeline_key",
            "Project.defaultReleasePipelineKey",
            "Key of the release pipeline that new flags follow.",
            |row| row.default_release_pipeline_key.text(),
        ),
    ];
}

tag_table! {
    TagTable: "project_tags", part of "projects", "One row per tag on each project.",
    of: &'a Project,
    key: ["project_key"],
    columns: [
        keys::project(|row| &row.of.key),
    ],
    tags: "Project.tags",
}
