//! Flags with a high risk of change, and the authors of changes.

use super::{Definition, FLAG, PROJECT, column};
use crate::report::columns::Kind;

pub(super) const LISTS: &[Definition] = &[
    Definition {
        id: "scorecards",
        view: "scorecards",
        title: "Scorecards",
        meaning: "Every scorecard of every project, team and owner, and of environments, tags and repositories.",
        empty: "There are no scorecards.",
        columns: &[
            column("scorecard", "Scorecard", Kind::Word),
            column("subject_kind", "Of a", Kind::Word),
            column("subject_name", "Name", Kind::Text),
            column("subject", "Key or ID", Kind::Text),
            column("status", "Status", Kind::Word),
            column("output", "Percent", Kind::Number),
            column("output_min", "At least", Kind::Number),
            column("output_max", "At most", Kind::Number),
            column("detail", "Detail", Kind::Text),
        ],
        sql: "SELECT scorecard, subject_kind, subject_name, subject, status, output, output_min, output_max, detail
              FROM scorecards
              ORDER BY subject_kind NOT IN ('project', 'team', 'owner'), CASE status WHEN 'fail' THEN 0 WHEN 'warn' THEN 1 WHEN 'unknown' THEN 2 ELSE 3 END,
                       subject_kind, subject, scorecard",
    },
    Definition {
        id: "uncommented_critical_changes",
        view: "uncommented_critical_changes",
        title: "Changes without a comment",
        meaning: "Changes to flags in critical environments without a comment on the reason, as far back as the audit log was read.",
        empty: "Every change in a critical environment has a comment.",
        columns: &[
            PROJECT,
            FLAG,
            column("environment_key", "Environment", Kind::Text),
            column("occurred_at", "Day", Kind::Day),
            column("member_email", "Changed by", Kind::Text),
            column("title", "Change", Kind::Text),
        ],
        sql: "SELECT project_key, flag_key, environment_key, occurred_at, coalesce(nullif(member_email, ''), member_id) AS member_email, title
              FROM uncommented_critical_changes
              ORDER BY occurred_at DESC, entry_id",
    },
    Definition {
        id: "environment_governance",
        view: "environment_governance",
        title: "Governance of critical environments",
        meaning: "Whether changes in critical environments need approval, a comment and a confirmation.",
        empty: "No environment is marked as critical.",
        columns: &[
            column("project_key", "Project", Kind::Text),
            column("environment_key", "Environment", Kind::Text),
            column("is_governed", "Governed", Kind::Boolean),
            column("has_approvals", "Approvals", Kind::Boolean),
            column("requires_comments", "Comments", Kind::Boolean),
            column("confirms_changes", "Confirmation", Kind::Boolean),
        ],
        sql: "SELECT project_key, environment_key, is_governed, has_approvals, requires_comments, confirms_changes
              FROM environment_governance
              ORDER BY coalesce(is_governed, -1), project_key, environment_key",
    },
    Definition {
        id: "blast_radius",
        view: "blast_radius",
        title: "Shared prerequisites and segments",
        meaning: "Prerequisites and segments, by how many flags use them in an environment.",
        empty: "No flag depends on another flag or a segment.",
        columns: &[
            column("key", "Key", Kind::Text),
            column("kind", "Kind", Kind::Word),
            column("project_key", "Project", Kind::Text),
            column("environment_key", "Environment", Kind::Text),
            column("flags", "Flags", Kind::Number),
        ],
        sql: "SELECT key, kind, project_key, environment_key, flags
              FROM blast_radius
              ORDER BY flags DESC, project_key, environment_key, kind, key",
    },
    Definition {
        id: "access_hygiene",
        view: "access_hygiene",
        title: "Access hygiene",
        meaning: "Members not seen for {member_unseen}, without a second factor or unverified, and tokens not used for {access_token_unused}.",
        empty: "Nothing was found.",
        columns: &[
            column("subject_name", "Member or token", Kind::Text),
            column("subject_kind", "Kind", Kind::Word),
            column("finding", "Finding", Kind::Word),
            column("days", "Days", Kind::Number),
        ],
        sql: "SELECT coalesce(nullif(subject_name, ''), subject) AS subject_name, subject_kind, finding, days
              FROM access_hygiene
              ORDER BY subject_kind, finding, days DESC, subject",
    },
    Definition {
        id: "change_actors",
        view: "change_actors",
        title: "Authors of changes",
        meaning: "Entries of the audit log in the last {change_window}, by who made them.",
        empty: "Nobody changed anything in the last {change_window}.",
        columns: &[
            column("actor_name", "Who", Kind::Text),
            column("actor_kind", "Kind", Kind::Word),
            column("kind", "What", Kind::Word),
            column("entries", "Changes", Kind::Number),
            column("last_change_at", "Last", Kind::Day),
        ],
        sql: "SELECT coalesce(nullif(actor_name, ''), actor) AS actor_name, actor_kind, kind, entries, last_change_at
              FROM change_actors
              ORDER BY entries DESC, actor_kind, actor, kind",
    },
];
