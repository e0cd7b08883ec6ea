//! The places in code that mention each flag:
//! `GET /api/v2/code-refs/repositories?withReferencesForDefaultBranch=true`,
//! <https://launchdarkly.com/docs/api/code-references/get-repositories>.
//!
//! One request answers for all repositories, and `projKey` limits the answer to a project. So a
//! project's references are read as a whole, and a run of some projects keeps those of the others.

mod file_table;
mod hunk_url;

use crate::launchdarkly::lenient::{Count, list_length};
use crate::resources::prelude::*;
use file_table::FileTable;
use hunk_url::UrlTemplate;

/// The places in the default branches of repositories that mention a flag. Needs an Enterprise plan.
pub struct CodeReferenceFiles;

impl Resource for CodeReferenceFiles {
    type Item = Repository;
    const NAME: &'static str = "code_reference_files";
    const PATH: &'static str = "/api/v2/code-refs/repositories";
    const LEVEL: Level = Level::Project;
    const PERMISSION: &'static str = "";
    const SPECIFIER: &'static str = "code-reference-repository/*";
    const GROUP: Group = Group::All;
    const PAGING: Paging = Paging::Whole;
    const QUERY: &'static [(&'static str, &'static str)] =
        &[("withReferencesForDefaultBranch", "true")];
    const PROJECT_QUERY: Option<&'static str> = Some("projKey");
    const PLAN: Option<&'static str> = Some("Enterprise");
    const REQUESTS: &'static str = "1 a project";
    const TABLES: &'static [fn() -> TableInfo] = &[FileTable::info];
    const DROPPED: &'static [Dropped] = &[
        dropped("BranchRep._links", "link"),
        dropped("BranchRep.updateSequenceId", "number of the scan, not of the code"),
        dropped("HunkRep.lines", "source code"),
        dropped("HunkRep.projKey", "the project that is asked for"),
    ];

    fn write(scope: &Scope, repository: &Repository, sink: &mut dyn Sink) -> Result<()> {
        let default = |branch: &&Branch| branch.name == repository.default_branch;
        for branch in repository.branches.iter().filter(default) {
            for reference in &branch.references {
                let hunks = reference.hunks.iter();
                let rows =
                    hunks.filter_map(|hunk| Row::new(scope, repository, branch, reference, hunk));
                write_rows::<FileTable>(sink, rows)?;
            }
        }
        Ok(())
    }
}

impl ListResource for CodeReferenceFiles {
    fn key(repository: &Repository) -> &str {
        &repository.name
    }
}

/// A repository with the references in its default branch.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Repository {
    name: String,
    default_branch: String,
    hunk_url_template: Option<Lenient<UrlTemplate>>,
    #[serde(default, deserialize_with = "list")]
    branches: Vec<Branch>,
}

/// A branch. Only the default branch has references.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Branch {
    name: String,
    #[serde(default)]
    head: Lenient<Identifier>,
    #[serde(default)]
    sync_time: Lenient<Moment>,
    #[serde(default, deserialize_with = "list")]
    references: Vec<Reference>,
}

/// A file that mentions flags.
#[derive(Debug, Deserialize)]
struct Reference {
    path: String,
    hint: Option<Lenient<String>>,
    #[serde(default, deserialize_with = "list")]
    hunks: Vec<Hunk>,
}

/// A place in a file. Its text is source code, so it is never decoded.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Hunk {
    starting_line_number: i64,
    #[serde(default, deserialize_with = "identifier")]
    proj_key: Option<String>,
    #[serde(default, deserialize_with = "identifier")]
    flag_key: Option<String>,
    #[serde(default, deserialize_with = "list_length")]
    aliases: Option<Lenient<Count>>,
}

struct Row<'a> {
    project_key: &'a str,
    flag_key: &'a str,
    repository: &'a Repository,
    branch: &'a Branch,
    reference: &'a Reference,
    hunk: &'a Hunk,
    url: Lenient<String>,
}

impl<'a> Row<'a> {
    /// The row of a place; `None` if it mentions no flag of the project. A server that does not know
    /// `projKey` answers with the places of all projects.
    fn new(
        scope: &'a Scope,
        repository: &'a Repository,
        branch: &'a Branch,
        reference: &'a Reference,
        hunk: &'a Hunk,
    ) -> Option<Self> {
        let project_key = scope.project_key();
        let flag_key = hunk.flag_key.as_deref()?;
        if hunk.proj_key.as_deref().is_some_and(|key| key != project_key) {
            return None;
        }
        let template = repository.hunk_url_template.as_ref();
        let url = hunk_url::of(template, &branch.head, &reference.path, hunk.starting_line_number);
        Some(Row { project_key, flag_key, repository, branch, reference, hunk, url })
    }
}
