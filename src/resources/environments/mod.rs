//! Environments beyond those a project's list entry carries:
//! `GET /api/v2/projects/{project}/environments`,
//! <https://launchdarkly.com/docs/api/environments/get-environments-by-project>.

mod environment_table;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::launchdarkly::lenient::bounded::or_default;
use crate::resources::prelude::*;
use environment_table::EnvironmentTable;

/// The environments of a project.
pub struct Environments;

impl Resource for Environments {
    type Item = Environment;
    const NAME: &'static str = "environments";
    const PATH: &'static str = "/api/v2/projects/{project}/environments";
    const LEVEL: Level = Level::Project;
    const PERMISSION: &'static str = "viewProject";
    const PAGING: Paging = Paging::Offset(1000);
    const REQUESTS: &'static str =
        "1 a project with more than 20 environments, for each further 1000";
    const TABLES: &'static [fn() -> TableInfo] = &[
        EnvironmentTable::info,
        TagTable::info,
        ApprovalTagTable::info,
        ResourceApprovalTable::info,
    ];
    const DROPPED: &'static [Dropped] = &[
        dropped("Environment.apiKey", "secret: the SDK key"),
        dropped("Environment.mobileKey", "secret: the mobile key"),
        dropped("Environment._pubnub", "secret: the key of a message channel"),
        dropped("Environment._access", "access detail"),
        dropped("Environment._links", "link"),
        dropped(
            "ApprovalSettings.serviceConfig",
            "secret: may hold the credentials of an approval service",
        ),
    ];

    fn write(scope: &Scope, environment: &Environment, sink: &mut dyn Sink) -> Result<()> {
        let row = Row { project_key: scope.project_key(), environment };
        write_row::<EnvironmentTable>(sink, &row)?;
        write_rows::<TagTable>(sink, parts(row, &environment.tags))?;
        let approvals = environment.approval_settings.iter();
        let tags = approvals.flat_map(|settings| &settings.required_approval_tags);
        write_rows::<ApprovalTagTable>(sink, parts(row, tags))?;
        let kinds = environment.resource_approval_settings.iter();
        let rows = kinds.map(|(kind, settings)| ResourceApproval { row, kind, settings });
        write_rows::<ResourceApprovalTable>(sink, rows)
    }
}

/// An environment. The type has no field for its SDK key, mobile key and `_pubnub`: secrets.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Environment {
    #[serde(rename = "_id", default)]
    id: Lenient<Identifier>,
    #[serde(deserialize_with = "required_identifier")]
    pub(crate) key: String,
    #[serde(default)]
    name: Lenient<String>,
    #[serde(default)]
    color: Lenient<String>,
    /// Required by the API's schema, but absent from recorded responses, where it means false.
    #[serde(default)]
    critical: bool,
    #[serde(default)]
    default_ttl: Lenient<i64>,
    #[serde(default)]
    secure_mode: Lenient<bool>,
    #[serde(default)]
    default_track_events: Lenient<bool>,
    require_comments: bool,
    confirm_changes: bool,
    #[serde(default, deserialize_with = "identifiers")]
    tags: Vec<String>,
    approval_settings: Option<ApprovalSettings>,
    #[serde(default, deserialize_with = "or_default")]
    resource_approval_settings: BTreeMap<String, ApprovalSettings>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct ApprovalSettings {
    required: bool,
    bypass_approvals_for_pending_changes: Option<Lenient<bool>>,
    min_num_approvals: Option<Lenient<i64>>,
    can_review_own_request: Option<Lenient<bool>>,
    can_apply_declined_changes: Option<Lenient<bool>>,
    auto_apply_approved_changes: Option<Lenient<bool>>,
    service_kind: Option<Lenient<String>>,
    service_kind_configuration_id: Option<Lenient<Identifier>>,
    #[serde(default, deserialize_with = "identifiers")]
    required_approval_tags: Vec<String>,
}

#[derive(Clone, Copy)]
struct Row<'a> {
    project_key: &'a str,
    environment: &'a Environment,
}

impl<'a> Row<'a> {
    fn approval(&self) -> Option<&'a ApprovalSettings> {
        self.environment.approval_settings.as_ref()
    }
}

tag_table! {
    TagTable: "environment_tags", part of "environments", "One row per tag on each environment.",
    of: Row<'a>,
    key: ["project_key", "environment_key"],
    columns: [
        keys::project(|row| row.of.project_key),
        keys::environment(|row| &row.of.environment.key),
    ],
    tags: "Environment.tags",
}

tag_table! {
    ApprovalTagTable: "environment_approval_tags", part of "environments", "One row per tag that limits an environment's approvals to flags with that tag.",
    of: Row<'a>,
    key: ["project_key", "environment_key"],
    columns: [
        keys::project(|row| row.of.project_key),
        keys::environment(|row| &row.of.environment.key),
    ],
    tags: "ApprovalSettings.requiredApprovalTags",
}

struct ResourceApproval<'a> {
    row: Row<'a>,
    kind: &'a str,
    settings: &'a ApprovalSettings,
}

struct ResourceApprovalTable;
type R = Column<ResourceApprovalTable>;

impl Table for ResourceApprovalTable {
    type Row<'a> = ResourceApproval<'a>;
    const NAME: &'static str = "environment_resource_approvals";
    const DOC: &'static str =
        "One row per kind of resource other than flags that has its own approval settings.";
    const KEY: &'static [&'static str] = &["project_key", "environment_key", "resource_kind"];
    const PART_OF: Option<&'static str> = Some("environments");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.row.project_key),
        keys::environment(|row| &row.row.environment.key),
        R::text(
            "resource_kind",
            "Environment.resourceApprovalSettings",
            "Kind of resource, such as `segment`.",
            |row| row.kind,
        ),
        R::bool("required", "ApprovalSettings.required", "Whether changes need approval.", |row| {
            row.settings.required
        }),
        R::lenient_int(
            "min_count",
            "ApprovalSettings.minNumApprovals",
            "Number of approvals that a change needs.",
            |row| row.settings.min_num_approvals,
        ),
        R::lenient_text(
            "service_kind",
            "ApprovalSettings.serviceKind",
            "The service that manages approvals.",
            |row| row.settings.service_kind.text(),
        ),
    ];
}
