//! The table `code_reference_files`.

use super::Row;
use crate::resources::prelude::*;

pub(super) struct FileTable;
type F = Column<FileTable>;

impl Table for FileTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "code_reference_files";
    const DOC: &'static str =
        "One row per place in the default branch of a repository that mentions a flag.";
    const KEY: &'static [&'static str] =
        &["project_key", "flag_key", "repository", "branch", "path", "line"];
    const PARENTS: &'static [&'static str] = &["projects"];
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.project_key),
        F::text(
            "flag_key",
            "HunkRep.flagKey",
            "Key of the flag, which may have been archived or deleted.",
            |row| row.flag_key,
        ),
        F::text("repository", "RepositoryRep.name", "Name of the repository.", |row| {
            &row.repository.name
        }),
        F::text("branch", "BranchRep.name", "Default branch of the repository.", |row| {
            &row.branch.name
        }),
        F::text("path", "ReferenceRep.path", "Path of the file in the repository.", |row| {
            &row.reference.path
        }),
        F::int(
            "line",
            "HunkRep.startingLineNumber",
            "Line at which the place begins: a few lines before the flag, where the scanner sends lines around it.",
            |row| row.hunk.starting_line_number,
        ),
        F::lenient_text(
            "language",
            "ReferenceRep.hint",
            "Programming language of the file.",
            |row| row.reference.hint.text(),
        ),
        F::lenient_int(
            "alias_count",
            "HunkRep.aliases",
            "Number of other names of the flag that the place mentions.",
            |row| row.hunk.aliases.number(),
        ),
        F::lenient_text(
            "commit_id",
            "BranchRep.head",
            "ID of the commit that was searched.",
            |row| row.branch.head.text(),
        ),
        F::lenient_time(
            "scanned_at",
            "BranchRep.syncTime",
            "When LaunchDarkly received the result of the search.",
            |row| row.branch.sync_time.number(),
        ),
        F::lenient_text(
            "url",
            "RepositoryRep.hunkUrlTemplate",
            "URL of the place, made of the repository's template, without user info and query; NULL without a template that names the path of the file.",
            |row| row.url.text(),
        ),
    ];
}
