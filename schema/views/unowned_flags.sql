-- Question: Which flags have no maintainer?
-- Definition: Flags that are neither archived nor exempt (see `exempt_flags`), and have no maintainer
--   (`none`), or whose maintainers (member and team) are all known to have left the account
--   (`departed`).
-- Source: LaunchDarkly's guide, "Reducing technical debt from feature flags": https://launchdarkly.com/docs/guides/flags/technical-debt
-- Assumptions: A maintainer has left if the newest extraction read all members, or all teams, and
--   the maintainer is not among them; if it did not read all, no maintainer counts as left. An
--   invited member who has not accepted yet is a member. Flags are those in the tables: a run with
--   `--skip flags` keeps those of an earlier one.
-- Needs: flags, members?, teams?
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: reason text: `none` or `departed`.
-- Column: maintainer_id text?: ID of the member who maintained the flag.
-- Column: maintainer_team_key text?: Key of the team that maintained the flag.
-- Column: created_at time: When the flag was created.
-- Example: SELECT project_key, reason, count(*) AS flags FROM unowned_flags GROUP BY project_key, reason
WITH
people AS MATERIALIZED (
    SELECT
        EXISTS (SELECT 1 FROM resource_coverage WHERE resource = 'members' AND is_complete) AS members_read,
        EXISTS (SELECT 1 FROM resource_coverage WHERE resource = 'teams' AND is_complete) AS teams_read
),
maintained AS (
    SELECT
        project_key, flag_key, maintainer_id, maintainer_team_key, created_at,
        -- An address without an ID is a maintainer too, of whom nothing else is known.
        maintainer_id IS NULL AND maintainer_email IS NULL AND maintainer_team_key IS NULL AS is_none,
        CASE
            WHEN maintainer_id IS NULL THEN maintainer_email IS NULL
            ELSE members_read AND maintainer_id NOT IN (SELECT member_id FROM members)
        END AND CASE
            WHEN maintainer_team_key IS NULL THEN 1
            ELSE teams_read AND maintainer_team_key NOT IN (SELECT team_key FROM teams)
        END AS is_departed
    FROM flags CROSS JOIN people
    WHERE state <> 'archived'
      AND CASE WHEN (project_key, flag_key) IN (SELECT project_key, flag_key FROM exempt_flags) THEN 0 ELSE 1 END
)
SELECT
    project_key, flag_key, CASE WHEN is_none THEN 'none' ELSE 'departed' END AS reason,
    maintainer_id, maintainer_team_key, created_at
FROM maintained
WHERE is_none OR is_departed
