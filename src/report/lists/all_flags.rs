//! Every flag, and every status.

use super::{Definition, FLAG, FLAGS, PROJECT, STATUSES, column};
use crate::report::columns::{Column, Kind};

/// Who a flag belongs to, as in `owner_debt`.
const OWNER_KEY: Column = column("owner_key", "Owner's key", Kind::Text);

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
            OWNER_KEY,
        ],
        sql: "WITH names AS MATERIALIZED (
                  SELECT subject_kind, subject, subject_name FROM scorecards
                  WHERE scorecard = 'hygiene' AND subject_kind IN ('team', 'owner'))
              SELECT project_key, flag_key, flags.name, state, stage, temporary,
                  CAST(julianday(started_at) - julianday(flags.created_at) AS INTEGER) AS age_days,
                  coalesce(member.subject_name, nullif(maintainer_email, ''), team.subject_name, nullif(teams.name, ''),
                      maintainer_team_key, maintainer_id) AS owner,
                  flags.created_at,
                  coalesce(maintainer_team_key, maintainer_id, maintainer_email) AS owner_key
              FROM flag_lifecycle
              CROSS JOIN flags USING (project_key, flag_key)
              CROSS JOIN latest_extraction
              LEFT JOIN teams ON team_key = maintainer_team_key
              LEFT JOIN names AS member
                  ON member.subject = coalesce(maintainer_id, maintainer_email) AND member.subject_kind = 'owner'
              LEFT JOIN names AS team ON team.subject = maintainer_team_key AND team.subject_kind = 'team'
              ORDER BY flags.created_at DESC, project_key, flag_key",
    },
    Definition {
        id: STATUSES,
        view: "flag_statuses",
        title: "Status by environment",
        meaning: "The status that LaunchDarkly reports for each flag that is not archived, by environment.",
        empty: "There are no flags.",
        columns: &[
            PROJECT,
            FLAG,
            column("environment_key", "Environment", Kind::Text),
            column("critical", "Critical", Kind::Boolean),
            column("status", "Status", Kind::Word),
        ],
        // As `status_counts` counts: what an earlier run has read says nothing about now.
        sql: "WITH unread AS MATERIALIZED (
                  SELECT project_key, environment_key FROM environments
                  WHERE project_key || '/' || environment_key NOT IN (
                      SELECT scope FROM resource_coverage WHERE resource = 'flag_statuses' AND is_complete))
              SELECT environments.project_key, flags.flag_key, environments.environment_key,
                  (environments.project_key, environments.environment_key) IN (
                      SELECT project_key, environment_key FROM critical_environments) AS critical,
                  CASE WHEN status IN ('new', 'active', 'launched', 'inactive') THEN status ELSE 'unknown' END
              FROM environments
              CROSS JOIN flags ON flags.project_key = environments.project_key AND state <> 'archived'
              LEFT JOIN flag_statuses AS known
                  ON known.project_key = flags.project_key AND known.flag_key = flags.flag_key
                  AND known.environment_key = environments.environment_key
                  AND (known.project_key, known.environment_key) NOT IN (SELECT project_key, environment_key FROM unread)
              ORDER BY environments.project_key, environments.environment_key, flags.flag_key",
    },
];
