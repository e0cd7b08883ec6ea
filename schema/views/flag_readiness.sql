-- Question: What is known of each flag that decides whether it can go?
-- Definition: One row per flag that is not archived, with the conditions that LaunchDarkly's lifecycle stages are
--   made of. A condition is 1, 0, or NULL where it is unknown: a status is missing, statuses or code references were
--   not read, or the project has no critical environment. Ready for code removal: live, temporary, old enough,
--   launched in all critical environments, with code references, not a prerequisite in a critical environment. Ready
--   to archive: live, temporary, old enough, inactive in all critical environments, without code references, not a
--   prerequisite in any environment.
-- Source: LaunchDarkly's documentation, "Flag statuses and lifecycle stages": https://launchdarkly.com/docs/home/flags/flag-status
-- Assumptions: "Old enough" is `lifecycle_age` in `scorecard_thresholds`. One condition that is known to fail decides,
--   whatever is unknown besides. Archived flags do not count as dependents. Code references are those of default branches.
-- Needs: flags, environments, flag_statuses?, code_references?
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: state text: `live` or `deprecated`.
-- Column: temporary boolean: Whether the flag is meant to go.
-- Column: created_at time: When the flag was created.
-- Column: is_old boolean: Whether the flag is old enough to be removed.
-- Column: critical_environments integer: Critical environments of the project.
-- Column: launched boolean?: Whether the flag is launched in all critical environments.
-- Column: inactive boolean?: Whether the flag is inactive in all critical environments.
-- Column: has_code_references boolean?: Whether code on a default branch mentions the flag.
-- Column: is_prerequisite boolean: Whether another flag depends on this one in any environment.
-- Column: is_critical_prerequisite boolean: Whether another flag depends on this one in a critical environment.
-- Column: ready_for_code_removal boolean?: Whether the flag's code can be removed.
-- Column: ready_to_archive boolean?: Whether the flag can be archived.
-- Example: SELECT project_key, count(*) AS flags FROM flag_readiness WHERE launched IS NULL GROUP BY project_key
WITH
old_enough AS (
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-' || value || ' days') AS created_until
    FROM latest_extraction, scorecard_thresholds
    WHERE threshold = 'lifecycle_age'
),
-- Statuses that an earlier run has read say nothing about now.
critical AS (
    SELECT
        project_key, environment_key,
        EXISTS (
            SELECT 1 FROM resource_coverage
            WHERE resource = 'flag_statuses' AND is_complete
              AND scope = project_key || '/' || environment_key
        ) AS is_read,
        count(*) OVER (PARTITION BY project_key) AS critical_environments
    FROM environments
    WHERE critical
),
statuses AS (
    SELECT
        project_key, flag_key,
        sum(status = 'launched' AND is_read) AS launched,
        sum(status = 'inactive' AND is_read) AS inactive,
        sum(is_read) AS known
    FROM critical JOIN flag_statuses USING (project_key, environment_key)
    GROUP BY project_key, flag_key
),
references_read AS (
    SELECT scope AS project_key
    FROM resource_coverage
    WHERE resource = 'code_references' AND is_complete
),
referenced AS (SELECT DISTINCT project_key, flag_key FROM code_references),
prerequisites AS (
    SELECT prerequisite.project_key, prerequisite_flag_key AS flag_key, max(critical) AS is_critical
    FROM flag_prerequisites AS prerequisite
    JOIN environments USING (project_key, environment_key)
    GROUP BY 1, 2
),
conditions AS (
    SELECT
        flag.project_key, flag.flag_key, state, temporary, created_at,
        created_at <= created_until AS is_old,
        coalesce(project.critical_environments, 0) AS critical_environments,
        CASE
            WHEN project.critical_environments IS NULL THEN NULL
            WHEN status.known > status.launched THEN 0
            WHEN status.launched = project.critical_environments THEN 1
        END AS launched,
        CASE
            WHEN project.critical_environments IS NULL THEN NULL
            WHEN status.known > status.inactive THEN 0
            WHEN status.inactive = project.critical_environments THEN 1
        END AS inactive,
        CASE WHEN references_read.project_key IS NOT NULL THEN referenced.flag_key IS NOT NULL END
            AS has_code_references,
        prerequisite.flag_key IS NOT NULL AS is_prerequisite,
        coalesce(prerequisite.is_critical, 0) AS is_critical_prerequisite
    FROM flags AS flag
    CROSS JOIN old_enough
    LEFT JOIN (SELECT DISTINCT project_key, critical_environments FROM critical) AS project
        ON project.project_key = flag.project_key
    LEFT JOIN statuses AS status
        ON status.project_key = flag.project_key AND status.flag_key = flag.flag_key
    LEFT JOIN references_read ON references_read.project_key = flag.project_key
    LEFT JOIN referenced
        ON referenced.project_key = flag.project_key AND referenced.flag_key = flag.flag_key
    LEFT JOIN prerequisites AS prerequisite
        ON prerequisite.project_key = flag.project_key AND prerequisite.flag_key = flag.flag_key
    WHERE state <> 'archived'
)
SELECT
    *,
    state = 'live' AND temporary AND is_old AND launched AND has_code_references
        AND NOT is_critical_prerequisite AS ready_for_code_removal,
    state = 'live' AND temporary AND is_old AND inactive AND NOT has_code_references
        AND NOT is_prerequisite AS ready_to_archive
FROM conditions
