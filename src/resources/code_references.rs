//! How often code mentions each flag of a project: `GET /api/v2/code-refs/statistics/{project}`,
//! <https://launchdarkly.com/docs/api/code-references/get-statistics>.

use std::collections::BTreeMap;

use crate::launchdarkly::lenient::BareUrl;
use crate::resources::prelude::*;

/// References to flags in the default branches of repositories. Needs an Enterprise plan.
pub struct CodeReferences;

impl Resource for CodeReferences {
    type Item = Statistics;
    const NAME: &'static str = "code_references";
    const PATH: &'static str = "/api/v2/code-refs/statistics/{project}";
    const LEVEL: Level = Level::Project;
    const PERMISSION: &'static str = "viewProject";
    const GROUP: Group = Group::Default;
    const PAGING: Paging = Paging::Object;
    const PLAN: Option<&'static str> = Some("Enterprise");
    const REQUESTS: &'static str = "1 a project";
    const TABLES: &'static [fn() -> TableInfo] = &[ReferenceTable::info];
    const DROPPED: &'static [Dropped] =
        &[dropped("StatisticCollectionRep._links", "link"), dropped("StatisticRep._links", "link")];

    fn write(scope: &Scope, statistics: &Statistics, sink: &mut dyn Sink) -> Result<()> {
        let project_key = scope.project_key();
        for (flag_key, repositories) in statistics.flags.iter().flatten() {
            let row = |statistic| Row { project_key, flag_key, statistic };
            write_rows::<ReferenceTable>(sink, repositories.iter().flatten().map(row))?;
        }
        Ok(())
    }
}

impl ListResource for CodeReferences {
    /// There is one item a project.
    fn key(_: &Statistics) -> &str {
        ""
    }
}

/// The references to all flags of a project, by flag.
#[derive(Debug, Deserialize)]
pub struct Statistics {
    flags: Option<BTreeMap<String, Option<Vec<Statistic>>>>,
}

/// The references to a flag in a repository, with the URL without credentials.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statistic {
    name: String,
    #[serde(rename = "type")]
    kind: Option<Lenient<String>>,
    source_link: Option<Lenient<BareUrl>>,
    default_branch: String,
    enabled: Option<Lenient<bool>>,
    version: Option<Lenient<i64>>,
    hunk_count: i64,
    #[serde(default)]
    file_count: Lenient<i64>,
    latest_commit_time: Option<Lenient<Moment>>,
}

struct Row<'a> {
    project_key: &'a str,
    flag_key: &'a str,
    statistic: &'a Statistic,
}

struct ReferenceTable;
type C = Column<ReferenceTable>;

impl Table for ReferenceTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "code_references";
    const DOC: &'static str =
        "One row per flag and repository whose default branch mentions the flag.";
    const KEY: &'static [&'static str] = &["project_key", "flag_key", "repository", "branch"];
    const PARENTS: &'static [&'static str] = &["projects"];
    const HISTORY: bool = true;
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.project_key),
        C::text(
            "flag_key",
            "StatisticCollectionRep.flags",
            "Key of the flag, which may have been archived or deleted.",
            |row| row.flag_key,
        ),
        C::text("repository", "StatisticRep.name", "Name of the repository.", |row| {
            &row.statistic.name
        }),
        C::text(
            "branch",
            "StatisticRep.defaultBranch",
            "Default branch of the repository.",
            |row| &row.statistic.default_branch,
        ),
        C::lenient_int(
            "file_count",
            "StatisticRep.fileCount",
            "Number of files that mention the flag.",
            |row| Some(row.statistic.file_count),
        ),
        C::int(
            "hunk_count",
            "StatisticRep.hunkCount",
            "Number of places that mention the flag.",
            |row| row.statistic.hunk_count,
        ),
        C::lenient_time(
            "last_commit_at",
            "StatisticRep.latestCommitTime",
            "Time of the latest commit, where LaunchDarkly knows it.",
            |row| row.statistic.latest_commit_time.number(),
        )
        .volatile(),
        C::lenient_text(
            "type",
            "StatisticRep.type",
            "Host of the repository, such as `github`.",
            |row| row.statistic.kind.text(),
        )
        .volatile(),
        C::lenient_text(
            "source_link",
            "StatisticRep.sourceLink",
            "URL of the repository, without user info, query and fragment.",
            |row| row.statistic.source_link.text(),
        )
        .volatile(),
        C::lenient_bool(
            "enabled",
            "StatisticRep.enabled",
            "Whether the repository is searched for flag keys.",
            |row| row.statistic.enabled,
        )
        .volatile(),
        C::lenient_int(
            "repository_version",
            "StatisticRep.version",
            "Version of LaunchDarkly's record of the repository.",
            |row| row.statistic.version,
        )
        .volatile(),
    ];
}
