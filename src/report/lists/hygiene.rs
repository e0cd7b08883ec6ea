//! Flags and projects that nobody looks after.

use super::{Definition, FLAG, PROJECT, column};
use crate::report::columns::Kind;

pub(super) const LISTS: &[Definition] = &[
    Definition {
        id: "unowned_flags",
        view: "unowned_flags",
        title: "Unowned flags",
        meaning: "Flags without a maintainer, or whose maintainer is no longer a member or a team.",
        empty: "Every flag has an owner.",
        columns: &[
            PROJECT,
            FLAG,
            column("reason", "Reason", Kind::Word),
            column("maintainer_id", "Member", Kind::Text),
            column("maintainer_team_key", "Team", Kind::Text),
        ],
        sql: "SELECT project_key, flag_key, reason, maintainer_id, maintainer_team_key
              FROM unowned_flags
              ORDER BY project_key, flag_key",
    },
    Definition {
        id: "flag_hygiene",
        view: "flag_hygiene",
        title: "No description or tags",
        meaning: "Flags that lack a description, or tags.",
        empty: "Every flag has a description and tags.",
        columns: &[
            PROJECT,
            FLAG,
            column("has_description", "Description", Kind::Boolean),
            column("has_tags", "Tags", Kind::Boolean),
        ],
        sql: "SELECT project_key, flag_key, has_description, has_tags
              FROM flag_hygiene
              WHERE NOT has_description OR NOT has_tags
              ORDER BY has_description + has_tags, project_key, flag_key",
    },
    Definition {
        id: "temporary_turned_permanent",
        view: "temporary_turned_permanent",
        title: "Temporary turned permanent",
        meaning: "Flags that were temporary in an earlier extraction, and are permanent now.",
        empty: "No temporary flag has turned permanent.",
        columns: &[PROJECT, FLAG, column("seen_at", "Seen", Kind::Day)],
        sql: "SELECT project_key, flag_key, seen_at
              FROM temporary_turned_permanent
              ORDER BY seen_at DESC, project_key, flag_key",
    },
    Definition {
        id: "flag_lifetimes",
        view: "flag_lifetimes",
        title: "Lifetimes of archived flags",
        meaning: "The time from creation to archiving; the last archived first. For temporary flags, the norm is {flag_lifetime}.",
        empty: "No flag has been archived.",
        columns: &[
            PROJECT,
            FLAG,
            column("temporary", "Temporary", Kind::Boolean),
            column("lifetime_days", "Days lived", Kind::Number),
            column("is_over_norm", "Over the norm", Kind::Boolean),
            column("archived_at", "Archived", Kind::Day),
        ],
        sql: "SELECT project_key, flag_key, temporary, lifetime_days, is_over_norm, archived_at
              FROM flag_lifetimes
              ORDER BY archived_at DESC, project_key, flag_key",
    },
    Definition {
        id: "inactive_projects",
        view: "inactive_projects",
        title: "Inactive projects",
        meaning: "Projects without a new flag for {inactive_project} and without an active permanent flag.",
        empty: "No project is inactive.",
        columns: &[
            column("project_key", "Project", Kind::Text),
            column("is_inactive", "Inactive", Kind::Boolean),
            column("flags", "Flags", Kind::Number),
            column("last_flag_created_at", "Last new flag", Kind::Day),
        ],
        sql: "SELECT project_key, is_inactive, flags, last_flag_created_at
              FROM inactive_projects
              ORDER BY is_inactive IS NULL, last_flag_created_at, project_key",
    },
];
