-- Question: How does each project, team and owner score?
-- Definition: One row per figure and subject. A project has all six, a team and an owner (a member) the four about the
--   flags that they maintain. Flags are those that are not archived. `stale_percentage`: temporary flags that are stale
--   in a critical environment (see `stale_flags`). `ownership_coverage`: flags with a maintainer who is still in the account (see
--   `unowned_flags`). `removal_backlog`: live flags that are ready for code removal or archiving (see
--   `flag_readiness`; whether that is safe is another question: `removal_verdicts`). `flag_age`: temporary flags older than `flag_lifetime`. `hygiene`: flags with a description and a
--   tag. `environment_governance`: critical environments where changes of flags need approval, a comment and a
--   confirmation. Each is a percentage, and is judged by two thresholds in `scorecard_thresholds`, `…_warn` and
--   `…_fail`: beyond the first is a warning, beyond the second a failure; exactly there is not.
-- Source: The shape is that of scorecards in DX: https://docs.getdx.com/scorecards; the figures are those of LaunchDarkly's
--   guide, "Reducing technical debt from feature flags": https://launchdarkly.com/docs/guides/flags/technical-debt
-- Assumptions: Where there is nothing to judge, as in a project without temporary flags, the status is `pass`; but that
--   of `environment_governance` is `unknown` in a project where no environment is critical. Where a single flag is
--   unknown, so is the figure. Staleness needs a critical environment. A flag with a team and a member counts for both.
-- Needs: projects, environments, flags, flag_statuses?, code_references?, members?, teams?
-- Key: scorecard, subject_kind, subject
-- Column: scorecard text: Name of the figure.
-- Column: subject_kind text: `project`, `team` or `owner`.
-- Column: subject text: Key of the project or team, or ID of the member.
-- Column: status text: `pass`, `warn`, `fail` or `unknown`.
-- Column: output real?: The percentage; NULL where it is unknown, or where there is nothing to judge.
-- Column: detail text: The figure in words, or the reason why there is none.
-- Example: SELECT scorecard, status, count(*) AS subjects FROM scorecards GROUP BY scorecard, status
WITH
-- Materialized, here and below: worked out once, not for every flag.
bounds AS MATERIALIZED (
    SELECT
        strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-' || age.value || ' days') AS stale_created_until,
        strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-' || status.value || ' days') AS quiet_until,
        strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-' || lifecycle.value || ' days') AS old_created_until,
        strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-' || lifetime.value || ' days') AS lifetime_from,
        EXISTS (SELECT 1 FROM resource_coverage WHERE resource = 'members' AND is_complete) AS members_read,
        EXISTS (SELECT 1 FROM resource_coverage WHERE resource = 'teams' AND is_complete) AS teams_read
    FROM latest_extraction,
        scorecard_thresholds AS age, scorecard_thresholds AS status,
        scorecard_thresholds AS lifecycle, scorecard_thresholds AS lifetime
    WHERE age.threshold = 'stale_flag_age' AND status.threshold = 'stale_status'
      AND lifecycle.threshold = 'lifecycle_age' AND lifetime.threshold = 'flag_lifetime'
),
critical AS MATERIALIZED (
    SELECT
        project_key, environment_key,
        EXISTS (
            SELECT 1 FROM resource_coverage
            WHERE resource = 'flag_statuses' AND is_complete
              AND scope = project_key || '/' || environment_key
        ) AS is_read
    FROM environments
    WHERE critical
),
lists_read AS (
    SELECT scope AS project_key, resource
    FROM resource_coverage
    WHERE resource IN ('flags', 'environments', 'code_references') AND is_complete
),
projects_unread AS (
    SELECT project_key
    FROM projects
    WHERE project_key NOT IN (SELECT project_key FROM lists_read WHERE resource = 'flags')
       OR project_key NOT IN (SELECT project_key FROM lists_read WHERE resource = 'environments')
),
prerequisites AS (
    SELECT prerequisite.project_key, prerequisite_flag_key AS flag_key, critical
    FROM flag_prerequisites AS prerequisite
    JOIN flags AS dependent USING (project_key, flag_key)
    JOIN environments USING (project_key, environment_key)
    WHERE state <> 'archived'
),
-- Everything about a flag in one go, in the order of the primary key, so that nothing is sorted: the views that define
-- it each read all flags again, and would take several times as long.
known AS (
    SELECT
        flag.project_key, flag.flag_key, state, temporary, created_at, description,
        maintainer_id, maintainer_email, maintainer_team_key,
        count(critical.environment_key) AS environments,
        count(status) AS statuses,
        sum(status = 'launched') AS launched,
        sum(status = 'inactive') AS inactive,
        -- The conditions of `stale_flags`; those that take the longest come last.
        max(CASE
            WHEN NOT temporary OR created_at > stale_created_until OR status IN ('new', 'active') THEN 0
            WHEN status_since <= quiet_until THEN 1
            WHEN status = 'inactive' THEN coalesce(last_requested_at, created_at) <= quiet_until
            WHEN status = 'launched' THEN EXISTS (
                SELECT 1 FROM flag_environments AS configuration
                WHERE configuration.project_key = flag.project_key AND configuration.flag_key = flag.flag_key
                  AND configuration.environment_key = critical.environment_key
                  AND last_modified_at <= quiet_until
            )
        END) AS is_stale
    FROM flags AS flag
    CROSS JOIN bounds
    LEFT JOIN critical ON critical.project_key = flag.project_key
    LEFT JOIN flag_statuses AS status
        ON status.project_key = flag.project_key AND status.flag_key = flag.flag_key
        AND status.environment_key = critical.environment_key AND is_read
        -- Another status, new to flaglake, may mean anything.
        AND status IN ('new', 'active', 'launched', 'inactive')
    WHERE state <> 'archived'
    GROUP BY flag.project_key, flag.flag_key
),
conditions AS (
    SELECT
        *,
        CASE WHEN statuses > launched THEN 0 WHEN launched = environments THEN 1 END AS is_launched,
        CASE WHEN statuses > inactive THEN 0 WHEN inactive = environments THEN 1 END AS is_inactive,
        CASE WHEN (project_key, 'code_references') IN (SELECT project_key, resource FROM lists_read)
            THEN EXISTS (
                SELECT 1 FROM code_references AS reference
                WHERE reference.project_key = known.project_key AND reference.flag_key = known.flag_key
            ) END AS has_code_references,
        -- IN is looked up in an index, but only in a CASE: as a value, SQLite would look through the list for NULLs.
        CASE WHEN (project_key, flag_key) IN (SELECT project_key, flag_key FROM prerequisites)
            THEN 1 ELSE 0 END AS is_prerequisite,
        CASE WHEN (project_key, flag_key) IN (SELECT project_key, flag_key FROM prerequisites WHERE critical)
            THEN 1 ELSE 0 END AS is_critical_prerequisite,
        CASE WHEN maintainer_id IS NULL THEN maintainer_email IS NULL
            WHEN members_read THEN maintainer_id NOT IN (SELECT member_id FROM members) END AS has_no_member,
        CASE WHEN maintainer_team_key IS NULL THEN 1
            WHEN teams_read THEN maintainer_team_key NOT IN (SELECT team_key FROM teams) END AS has_no_team
    FROM known CROSS JOIN bounds
),
-- One column per figure: 1 and 0 count, -1 is unknown, and NULL is no part of it.
facts AS MATERIALIZED (
    SELECT
        project_key, maintainer_team_key, maintainer_id,
        CASE
            WHEN NOT temporary THEN NULL
            WHEN environments = 0 THEN -1
            WHEN is_stale THEN 1
            WHEN created_at > stale_created_until OR statuses = environments THEN 0
            ELSE -1
        END AS stale,
        coalesce(NOT (has_no_member AND has_no_team), -1) AS owned,
        CASE WHEN state = 'live' THEN coalesce(
            temporary AND created_at <= old_created_until
            AND (is_launched AND has_code_references AND NOT is_critical_prerequisite
                OR is_inactive AND NOT has_code_references AND NOT is_prerequisite), -1
        ) END AS removable,
        CASE WHEN temporary THEN created_at < lifetime_from END AS outlived,
        trim(coalesce(description, ''), ' ' || char(9, 10, 13)) <> '' AND EXISTS (
            SELECT 1 FROM flag_tags AS tag
            WHERE tag.project_key = conditions.project_key AND tag.flag_key = conditions.flag_key
        ) AS kempt,
        CASE WHEN project_key IN (SELECT project_key FROM projects_unread) THEN 1 ELSE 0 END AS unread
    FROM conditions
),
subjects AS (
    -- A project without flags is judged as well.
    SELECT
        'project' AS subject_kind, project_key AS subject, NULL AS stale, NULL AS owned, NULL AS removable,
        NULL AS outlived, NULL AS kempt, project_key IN (SELECT project_key FROM projects_unread) AS unread
    FROM projects
    UNION ALL
    SELECT 'project', project_key, stale, owned, removable, outlived, kempt, unread FROM facts
    UNION ALL
    SELECT 'team', maintainer_team_key, stale, owned, removable, outlived, kempt, unread
    FROM facts
    WHERE maintainer_team_key IS NOT NULL
    UNION ALL
    SELECT 'owner', maintainer_id, stale, owned, removable, outlived, kempt, unread
    FROM facts
    WHERE maintainer_id IS NOT NULL
),
figures AS (
    SELECT
        subject_kind, subject, max(unread) AS is_unread,
        count(stale) AS temporary, sum(stale = 1) AS stale, sum(stale = -1) AS stale_unknown,
        count(owned) AS flags, sum(owned = 1) AS owned, sum(owned = -1) AS owned_unknown,
        count(removable) AS live, sum(removable = 1) AS removable, sum(removable = -1) AS removable_unknown,
        sum(outlived) AS outlived, sum(kempt) AS kempt
    FROM subjects
    GROUP BY subject_kind, subject
),
environment_figures AS (
    SELECT
        project_key, count(critical) AS environments,
        sum(approval_required AND require_comments AND confirm_changes) AS governed,
        sum(critical AND (approval_required AND require_comments AND confirm_changes) IS NULL) AS governed_unknown
    FROM projects LEFT JOIN (SELECT * FROM environments WHERE critical) USING (project_key)
    GROUP BY project_key
),
-- `direction` is 1 where less is better, and -1 where more is.
cards (scorecard, direction, noun, singular, plural, unknown_because) AS (
    VALUES
        ('stale_percentage', 1, 'temporary flag', 'is stale in a critical environment',
            'are stale in a critical environment', 'statuses or critical environments are missing'),
        ('ownership_coverage', -1, 'flag', 'has an owner who is still there', 'have an owner who is still there',
            'members or teams were not read'),
        ('removal_backlog', 1, 'live flag', 'is ready for code removal or archiving',
            'are ready for code removal or archiving',
            'statuses, critical environments or code references are missing'),
        ('flag_age', 1, 'temporary flag', 'is older than', 'are older than', NULL),
        ('hygiene', -1, 'flag', 'has a description and a tag', 'have a description and a tag', NULL),
        ('environment_governance', -1, 'critical environment', 'needs approval, comments and confirmation',
            'need approval, comments and confirmation', 'approval settings are missing')
),
counts AS (
    SELECT
        scorecard, subject_kind, subject, is_unread,
        CASE scorecard WHEN 'stale_percentage' THEN temporary WHEN 'flag_age' THEN temporary
            WHEN 'removal_backlog' THEN live ELSE flags END AS total,
        CASE scorecard WHEN 'stale_percentage' THEN stale WHEN 'flag_age' THEN outlived
            WHEN 'removal_backlog' THEN removable WHEN 'hygiene' THEN kempt ELSE owned END AS counted,
        CASE scorecard WHEN 'stale_percentage' THEN stale_unknown WHEN 'removal_backlog' THEN removable_unknown
            WHEN 'ownership_coverage' THEN owned_unknown ELSE 0 END AS unknown
    FROM figures CROSS JOIN cards
    WHERE scorecard <> 'environment_governance'
      AND (scorecard <> 'ownership_coverage' OR subject_kind = 'project')
    UNION ALL
    SELECT
        'environment_governance', 'project', project_key,
        project_key IN (SELECT project_key FROM projects_unread), environments, governed, governed_unknown
    FROM environment_figures
),
outputs AS (
    SELECT
        counts.scorecard, subject_kind, subject, is_unread, total, counted, unknown,
        CASE WHEN NOT is_unread AND total > 0 AND unknown = 0 THEN 100.0 * counted / total END AS output,
        direction, noun, unknown_because,
        CASE WHEN 1 IN (counted, total) THEN singular ELSE plural END AS verb,
        CASE WHEN unknown = 1 THEN singular ELSE plural END AS unknown_verb,
        warn.value AS warn, fail.value AS fail
    FROM counts
    JOIN cards ON cards.scorecard = counts.scorecard
    JOIN scorecard_thresholds AS warn ON warn.threshold = counts.scorecard || '_warn'
    JOIN scorecard_thresholds AS fail ON fail.threshold = counts.scorecard || '_fail'
)
SELECT
    scorecard, subject_kind, subject,
    CASE
        WHEN is_unread OR unknown > 0 THEN 'unknown'
        -- More likely not marked as critical than of no matter.
        WHEN scorecard = 'environment_governance' AND total = 0 THEN 'unknown'
        WHEN direction * output > direction * fail THEN 'fail'
        WHEN direction * output > direction * warn THEN 'warn'
        ELSE 'pass'
    END AS status,
    output,
    CASE
        WHEN is_unread THEN 'The newest extraction did not read all flags and environments.'
        WHEN scorecard = 'environment_governance' AND total = 0 THEN 'No environment is critical.'
        WHEN total = 0 THEN 'There are no ' || noun || 's.'
        WHEN unknown > 0 THEN 'It is unknown whether ' || unknown || ' of ' || total || ' ' || noun
            || CASE total WHEN 1 THEN '' ELSE 's' END || ' ' || unknown_verb || ': ' || unknown_because || '.'
        ELSE counted || ' of ' || total || ' ' || noun
            || CASE total WHEN 1 THEN '' ELSE 's' END || ' ' || verb
            || CASE scorecard WHEN 'flag_age' THEN ' ' || printf('%g', lifetime.value) || ' days' ELSE '' END || '.'
    END AS detail
FROM outputs
CROSS JOIN scorecard_thresholds AS lifetime
WHERE lifetime.threshold = 'flag_lifetime'
