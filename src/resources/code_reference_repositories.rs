//! Repositories that are searched for flag keys: `GET /api/v2/code-refs/repositories`,
//! <https://launchdarkly.com/docs/api/code-references/get-repositories>.

use crate::launchdarkly::lenient::BareUrl;
use crate::resources::prelude::*;

/// The repositories that are searched for references to flags. Needs an Enterprise plan.
pub struct CodeReferenceRepositories;

impl Resource for CodeReferenceRepositories {
    type Item = Repository;
    const NAME: &'static str = "code_reference_repositories";
    const PATH: &'static str = "/api/v2/code-refs/repositories";
    const LEVEL: Level = Level::Account;
    const PERMISSION: &'static str = "";
    const SPECIFIER: &'static str = "code-reference-repository/*";
    const GROUP: Group = Group::Default;
    const PAGING: Paging = Paging::Whole;
    const PLAN: Option<&'static str> = Some("Enterprise");
    const REQUESTS: &'static str = "1";
    const TABLES: &'static [fn() -> TableInfo] = &[RepositoryTable::info];
    const DROPPED: &'static [Dropped] = &[
        dropped("RepositoryRep._access", "access detail"),
        dropped("RepositoryRep._links", "link"),
        dropped(
            "RepositoryRep.branches",
            "not in the list unless expanded: see `code_reference_files`",
        ),
    ];

    fn write(_: &Scope, repository: &Repository, sink: &mut dyn Sink) -> Result<()> {
        write_row::<RepositoryTable>(sink, &repository).map(drop)
    }
}

impl ListResource for CodeReferenceRepositories {
    fn key(repository: &Repository) -> &str {
        &repository.name
    }
}

/// A repository. Deserialization removes user info, query and fragment from its URLs.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Repository {
    name: String,
    #[serde(rename = "type")]
    kind: Option<Lenient<String>>,
    source_link: Option<Lenient<BareUrl>>,
    commit_url_template: Option<Lenient<BareUrl>>,
    hunk_url_template: Option<Lenient<BareUrl>>,
    default_branch: Option<Lenient<String>>,
    enabled: Option<Lenient<bool>>,
    version: Option<Lenient<i64>>,
}

struct RepositoryTable;
type C = Column<RepositoryTable>;

impl Table for RepositoryTable {
    type Row<'a> = &'a Repository;
    const NAME: &'static str = "code_reference_repositories";
    const DOC: &'static str = "One row per repository that is searched for flag keys.";
    const KEY: &'static [&'static str] = &["repository"];
    const VERSION: Option<&'static str> = Some("version");
    const COLUMNS: &'static [Column<Self>] = &[
        C::text("repository", "RepositoryRep.name", "Name of the repository.", |row| &row.name),
        C::lenient_text(
            "type",
            "RepositoryRep.type",
            "Host of the repository, such as `github`.",
            |row| row.kind.text(),
        ),
        C::lenient_text(
            "source_link",
            "RepositoryRep.sourceLink",
            "URL of the repository, without user info, query and fragment.",
            |row| row.source_link.text(),
        ),
        C::lenient_text(
            "commit_url_template",
            "RepositoryRep.commitUrlTemplate",
            "Template of a commit's URL, without user info, query and fragment.",
            |row| row.commit_url_template.text(),
        ),
        C::lenient_text(
            "hunk_url_template",
            "RepositoryRep.hunkUrlTemplate",
            "Template of a reference's URL, without user info, query and fragment.",
            |row| row.hunk_url_template.text(),
        ),
        C::lenient_text(
            "default_branch",
            "RepositoryRep.defaultBranch",
            "The branch whose references `code_references` counts.",
            |row| row.default_branch.text(),
        ),
        C::lenient_bool(
            "enabled",
            "RepositoryRep.enabled",
            "Whether the repository is searched for flag keys.",
            |row| row.enabled,
        ),
        C::lenient_int(
            "version",
            "RepositoryRep.version",
            "Version of LaunchDarkly's record of the repository.",
            |row| row.version,
        ),
    ];
}
