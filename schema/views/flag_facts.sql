-- Question: What is known of each flag, before any threshold is applied?
-- Definition: One row per flag that is not archived, with the facts from which the other views decide whether it is stale,
--   ready for removal, owned and so on. A fact is NULL where it is unknown: a status is missing or none of the four that
--   flaglake knows, a list was not read, or the project has no critical environment. Critical are the
--   environments in `critical_environments`.
-- Source: flaglake's own: the facts behind `flag_readiness`, `removal_verdicts` and `scorecards`.
-- Assumptions: Statuses count where the newest run has read those of the environment. Archived flags do not count as
--   dependents. Code references are those of default branches. A flag's team is the one that maintains it. Where only a
--   member does, it is one of that member's teams: by the setting `team_rule` (see `scorecard_settings`), the one with the
--   fewest members (`smallest_team`, the default), the one that maintains most flags of the project (`most_flags`), or
--   none (`maintainer_only`); of several, the one with fewer members, then the one whose key comes first. In a published output, the rows are
--   those that the newest run stored: a change of a setting counts from the next run on.
-- Needs: projects, flags, environments, flag_statuses?, code_references?, members?, teams?
-- Stored: always
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: state text: `live` or `deprecated`.
-- Column: temporary boolean: Whether the flag is temporary: meant to be removed later.
-- Column: created_at time: When the flag was created.
-- Column: is_exempt boolean: Whether it is in `exempt_flags`.
-- Column: is_read boolean: Whether the newest run has read all flags and environments of the project.
-- Column: maintainer_id text?: ID of the member who maintains it.
-- Column: maintainer_email text?: Email address of the member who maintains it.
-- Column: maintainer_team_key text?: Key of the team that maintains it.
-- Column: team_key text?: Key of its team; NULL if it has none, or that is unknown.
-- Column: is_team_known boolean: Whether its team is known, or that it has none.
-- Column: has_owner boolean?: Whether a member or team that maintains it is still in the account.
-- Column: has_description boolean: Whether it has a description.
-- Column: has_tags boolean: Whether it has a tag.
-- Column: environments integer: Environments of the project.
-- Column: critical_environments integer: Critical environments of the project.
-- Column: known_statuses integer: Environments in which its status is known.
-- Column: known_critical_statuses integer: Critical environments in which its status is known.
-- Column: launched boolean?: Whether it is launched in all critical environments.
-- Column: inactive boolean?: Whether it is inactive in all critical environments.
-- Column: active boolean?: Whether it is new or active in any critical environment.
-- Column: critical_quiet_since time?: Of a temporary flag, the earliest `quiet_since` in a critical environment (see `stale_flags`); NULL if it is inactive or launched in none.
-- Column: is_requested boolean: Whether its status is active or launched anywhere.
-- Column: last_requested_at time?: When it was last requested anywhere.
-- Column: is_requested_where_it_blocks boolean: Whether its status is active or launched in a critical environment, or in any of a project that has none.
-- Column: last_blocking_request_at time?: When it was last requested in such an environment, unless it is inactive there.
-- Column: lacks_fallback boolean: Whether it was requested anywhere and LaunchDarkly tells no fallback in the code.
-- Column: has_code_references boolean?: Whether code on a default branch mentions it.
-- Column: is_prerequisite boolean: Whether another flag depends on it in any environment.
-- Column: is_critical_prerequisite boolean: Whether another flag depends on it in a critical environment.
-- Column: ld_stage text?: The stage that LaunchDarkly names for a live flag: `ready_for_code_removal`, `ready_to_archive`, or `live` where it says that neither applies; NULL where it does not say.
-- Example: SELECT project_key, count(*) AS flags FROM flag_facts WHERE has_owner = 0 GROUP BY project_key
WITH
-- Materialized, here and below: worked out once, not for every flag.
read AS MATERIALIZED (
    SELECT resource, scope FROM resource_coverage
    WHERE is_complete
      AND resource IN ('flags', 'environments', 'code_references', 'members', 'teams')
),
people AS MATERIALIZED (
    SELECT
        coalesce(max(resource = 'members'), 0) AS members_read, coalesce(max(resource = 'teams'), 0) AS teams_read
    FROM read
    WHERE scope = ''
),
lists_read AS MATERIALIZED (
    SELECT
        scope AS project_key, max(resource = 'code_references') AS references_read,
        count(CASE WHEN resource IN ('flags', 'environments') THEN 1 END) = 2 AS is_read
    FROM read
    WHERE resource IN ('flags', 'environments', 'code_references')
    GROUP BY scope
),
-- A request blocks in critical environments, or in all of a project that has none.
known_environments AS MATERIALIZED (
    SELECT
        environment.project_key, environment.environment_key,
        critical.environment_key IS NOT NULL AS is_critical,
        critical.environment_key IS NOT NULL
            OR count(critical.environment_key) OVER (PARTITION BY environment.project_key) = 0 AS blocks,
        -- Statuses that an earlier run has read say nothing about now.
        EXISTS (
            SELECT 1 FROM resource_coverage
            WHERE resource = 'flag_statuses' AND is_complete
              AND scope = environment.project_key || '/' || environment.environment_key
        ) AS is_read
    FROM environments AS environment
    LEFT JOIN critical_environments AS critical
        ON critical.project_key = environment.project_key
        AND critical.environment_key = environment.environment_key
),
project_facts AS MATERIALIZED (
    SELECT
        project_key, count(environment_key) AS environments, coalesce(sum(is_critical), 0) AS critical_environments,
        coalesce(max(references_read), 0) AS references_read, coalesce(max(lists_read.is_read), 0) AS is_read
    FROM projects
    LEFT JOIN known_environments USING (project_key)
    LEFT JOIN lists_read USING (project_key)
    GROUP BY project_key
),
prerequisites AS MATERIALIZED (
    SELECT
        prerequisite.project_key, prerequisite_flag_key AS flag_key,
        max(CASE WHEN (prerequisite.project_key, environment_key) IN (
            SELECT project_key, environment_key FROM critical_environments
        ) THEN 1 ELSE 0 END) AS is_critical
    FROM flag_prerequisites AS prerequisite
    JOIN flags AS dependent USING (project_key, flag_key)
    JOIN environments USING (project_key, environment_key)
    WHERE state <> 'archived'
    GROUP BY prerequisite.project_key, prerequisite_flag_key
),
memberships AS MATERIALIZED (
    SELECT member_id, team_key, count(*) OVER (PARTITION BY team_key) AS members FROM team_members
),
team_flags AS MATERIALIZED (
    SELECT project_key, maintainer_team_key AS team_key, count(*) AS flags
    FROM flags
    WHERE maintainer_team_key IS NOT NULL AND state <> 'archived'
    GROUP BY project_key, maintainer_team_key
),
team_rule AS MATERIALIZED (
    SELECT coalesce(max(value), 'smallest_team') AS rule FROM scorecard_settings WHERE setting = 'team_rule'
),
teams_of_members AS MATERIALIZED (
    SELECT project_key, member_id, team_key
    FROM (
        SELECT
            project_key, member_id, team_key,
            row_number() OVER (
                PARTITION BY project_key, member_id
                ORDER BY CASE rule WHEN 'most_flags' THEN -coalesce(flags, 0) END, members, team_key
            ) AS place
        FROM team_rule
        CROSS JOIN (
            SELECT DISTINCT project_key, maintainer_id
            FROM flags
            WHERE maintainer_id IS NOT NULL AND maintainer_team_key IS NULL AND state <> 'archived'
        )
        CROSS JOIN memberships ON member_id = maintainer_id
        LEFT JOIN team_flags USING (project_key, team_key)
        WHERE rule <> 'maintainer_only'
    )
    WHERE place = 1
),
-- In the order of the primary key, here and below, so that nothing is sorted.
status_facts AS MATERIALIZED (
    SELECT
        flag.project_key, flag.flag_key,
        -- Another status, new to flaglake, may mean anything.
        sum(status IN ('new', 'active', 'launched', 'inactive')) AS known,
        sum(is_critical AND status IN ('new', 'active', 'launched', 'inactive')) AS critical_known,
        sum(is_critical AND status = 'launched') AS launched,
        sum(is_critical AND status = 'inactive') AS inactive,
        sum(is_critical AND status IN ('new', 'active')) AS active,
        max(status IN ('active', 'launched')) AS is_requested,
        max(blocks AND status IN ('active', 'launched')) AS is_requested_where_it_blocks,
        max(last_requested_at) AS last_requested_at,
        max(CASE WHEN blocks AND status <> 'inactive' THEN last_requested_at END) AS last_blocking_request_at,
        max(last_requested_at IS NOT NULL AND default_value IS NULL) AS lacks_fallback,
        min(CASE WHEN temporary AND is_critical AND status IN ('inactive', 'launched') THEN
            min(coalesce(status_since, '9999'), CASE status
                WHEN 'inactive' THEN coalesce(last_requested_at, created_at)
                ELSE coalesce((
                    SELECT last_modified_at FROM flag_environments AS configuration
                    WHERE configuration.project_key = flag.project_key AND configuration.flag_key = flag.flag_key
                      AND configuration.environment_key = environment.environment_key
                ), '9999')
            END) END) AS critical_quiet_since
    FROM flags AS flag
    CROSS JOIN flag_statuses AS status
        ON status.project_key = flag.project_key AND status.flag_key = flag.flag_key
    CROSS JOIN known_environments AS environment
        ON environment.project_key = status.project_key
        AND environment.environment_key = status.environment_key AND is_read
    WHERE state <> 'archived'
    GROUP BY flag.project_key, flag.flag_key
)
SELECT
    flag.project_key, flag.flag_key, state, temporary, created_at,
    -- IN is looked up in an index, but only in a CASE: as a value, SQLite would look through the list for NULLs.
    CASE WHEN (flag.project_key, flag.flag_key) IN (SELECT project_key, flag_key FROM exempt_flags)
        THEN 1 ELSE 0 END AS is_exempt,
    coalesce(is_read, 0) AS is_read,
    maintainer_id, maintainer_email, maintainer_team_key, coalesce(maintainer_team_key, team.team_key) AS team_key,
    maintainer_team_key IS NOT NULL OR maintainer_id IS NULL OR members_read OR rule = 'maintainer_only' AS is_team_known,
    NOT (
        CASE WHEN maintainer_id IS NULL THEN maintainer_email IS NULL
            WHEN members_read THEN maintainer_id NOT IN (SELECT member_id FROM members) END
        AND CASE WHEN maintainer_team_key IS NULL THEN 1
            WHEN teams_read THEN maintainer_team_key NOT IN (SELECT team_key FROM teams) END
    ) AS has_owner,
    trim(coalesce(description, ''), ' ' || char(9, 10, 13)) <> '' AS has_description,
    EXISTS (
        SELECT 1 FROM flag_tags AS tag
        WHERE tag.project_key = flag.project_key AND tag.flag_key = flag.flag_key
    ) AS has_tags,
    coalesce(environments, 0) AS environments, coalesce(critical_environments, 0) AS critical_environments,
    coalesce(known, 0) AS known_statuses, coalesce(critical_known, 0) AS known_critical_statuses,
    CASE WHEN critical_known > launched THEN 0 WHEN launched = critical_environments AND launched > 0 THEN 1 END AS launched,
    CASE WHEN critical_known > inactive THEN 0 WHEN inactive = critical_environments AND inactive > 0 THEN 1 END AS inactive,
    CASE WHEN active > 0 THEN 1 WHEN critical_known = critical_environments AND critical_known > 0 THEN 0 END AS active,
    nullif(critical_quiet_since, '9999') AS critical_quiet_since,
    coalesce(is_requested, 0) AS is_requested, last_requested_at,
    coalesce(is_requested_where_it_blocks, 0) AS is_requested_where_it_blocks, last_blocking_request_at,
    coalesce(lacks_fallback, 0) AS lacks_fallback,
    CASE WHEN references_read THEN EXISTS (
        SELECT 1 FROM code_references AS reference
        WHERE reference.project_key = flag.project_key AND reference.flag_key = flag.flag_key
    ) END AS has_code_references,
    prerequisite.flag_key IS NOT NULL AS is_prerequisite,
    coalesce(is_critical, 0) AS is_critical_prerequisite,
    CASE
        WHEN state <> 'live' THEN NULL
        WHEN ld_ready_for_code_removal THEN 'ready_for_code_removal'
        WHEN ld_ready_to_archive THEN 'ready_to_archive'
        WHEN NOT ld_ready_for_code_removal AND NOT ld_ready_to_archive THEN 'live'
    END AS ld_stage
FROM flags AS flag
CROSS JOIN people CROSS JOIN team_rule
LEFT JOIN project_facts AS project ON project.project_key = flag.project_key
LEFT JOIN status_facts ON status_facts.project_key = flag.project_key AND status_facts.flag_key = flag.flag_key
LEFT JOIN prerequisites AS prerequisite
    ON prerequisite.project_key = flag.project_key AND prerequisite.flag_key = flag.flag_key
LEFT JOIN teams_of_members AS team
    ON team.project_key = flag.project_key AND team.member_id = flag.maintainer_id AND maintainer_team_key IS NULL
WHERE state <> 'archived'
