//! Every flag.

use super::{Definition, FLAG, FLAGS, PROJECT, column};
use crate::report::columns::Kind;

pub(super) const LISTS: &[Definition] = &[
    Definition {
        id: FLAGS,
        view: "flag_lifecycle",
        title: "All flags",
        meaning: "Every flag, archived ones too; the newest first.",
        empty: "There are no flags.",
        columns: &[
            PROJECT,
            FLAG,
            column("name", "Name", Kind::Text),
            column("state", "State", Kind::Word),
            column("stage", "Stage", Kind::Word),
            column("temporary", "Temporary", Kind::Boolean),
            column("age_days", "Age in days", Kind::Number),
            column("owner", "Owner", Kind::Text),
            column("created_at", "Created", Kind::Day),
        ],
        sql: "WITH names AS MATERIALIZED (
                  SELECT subject_kind, subject, subject_name FROM scorecards
                  WHERE scorecard = 'hygiene' AND subject_kind IN ('team', 'owner'))
              SELECT project_key, flag_key, flags.name, state, stage, temporary,
                  CAST(julianday(started_at) - julianday(flags.created_at) AS INTEGER) AS age_days,
                  coalesce(member.subject_name, nullif(maintainer_email, ''), team.subject_name, nullif(teams.name, ''),
                      maintainer_team_key, maintainer_id) AS owner,
                  flags.created_at
              FROM flag_lifecycle
              CROSS JOIN flags USING (project_key, flag_key)
              CROSS JOIN latest_extraction
              LEFT JOIN teams ON team_key = maintainer_team_key
              LEFT JOIN names AS member
                  ON member.subject = coalesce(maintainer_id, maintainer_email) AND member.subject_kind = 'owner'
              LEFT JOIN names AS team ON team.subject = maintainer_team_key AND team.subject_kind = 'team'
              ORDER BY flags.created_at DESC, project_key, flag_key",
    },
];
