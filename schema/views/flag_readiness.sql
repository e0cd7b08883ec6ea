-- Question: Which conditions of LaunchDarkly's lifecycle stages does each flag meet?
-- Definition: One row per flag that is not archived, with the conditions that LaunchDarkly's lifecycle stages are
--   made of. A condition is 1, 0, or NULL where it is unknown: a status is missing or none of the four that flaglake
--   knows, statuses or code references were not read, or the project has no critical environment. Ready for code
--   removal: live, temporary, old enough, launched in all critical environments, with code references, not a
--   prerequisite in a critical environment. Ready to archive: live, temporary, old enough, inactive in all critical
--   environments, without code references, not a prerequisite in any environment.
-- Source: LaunchDarkly's documentation, "Flag statuses and lifecycle stages": https://launchdarkly.com/docs/home/flags/flag-status
-- Assumptions: "Old enough" is `lifecycle_age` in `scorecard_thresholds`. One condition that is known to fail decides,
--   whatever is unknown besides. Archived flags do not count as dependents. Code references are those of default branches.
--   Flags and environments are those in the tables: a run with `--skip flags` keeps those of an earlier one. A flag that
--   is ready by these conditions is not thereby safe to remove or archive: `removal_verdicts` looks at more.
-- Needs: flags, environments, flag_statuses?, code_references?
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: state text: `live` or `deprecated`.
-- Column: temporary boolean: Whether the flag is temporary: meant to be removed later.
-- Column: created_at time: When the flag was created.
-- Column: is_old boolean: Whether the flag is old enough for these stages.
-- Column: critical_environments integer: Critical environments of the project.
-- Column: launched boolean?: Whether the flag is launched in all critical environments.
-- Column: inactive boolean?: Whether the flag is inactive in all critical environments.
-- Column: active boolean?: Whether the flag is new or active in any critical environment.
-- Column: has_code_references boolean?: Whether code on a default branch mentions the flag.
-- Column: is_prerequisite boolean: Whether another flag depends on this one in any environment.
-- Column: is_critical_prerequisite boolean: Whether another flag depends on this one in a critical environment.
-- Column: ready_for_code_removal boolean?: Whether the flag is at LaunchDarkly's stage "ready for code removal".
-- Column: ready_to_archive boolean?: Whether the flag is at LaunchDarkly's stage "ready to archive".
-- Example: SELECT project_key, count(*) AS flags FROM flag_readiness WHERE launched IS NULL GROUP BY project_key
WITH
-- Materialized, here and below: worked out once, not for every flag.
old_enough AS MATERIALIZED (
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-' || value || ' days') AS created_until
    FROM latest_extraction, scorecard_thresholds
    WHERE threshold = 'lifecycle_age'
),
-- Statuses that an earlier run has read say nothing about now.
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
references_read AS (
    SELECT scope AS project_key
    FROM resource_coverage
    WHERE resource = 'code_references' AND is_complete
),
prerequisites AS (
    SELECT prerequisite.project_key, prerequisite_flag_key AS flag_key, critical
    FROM flag_prerequisites AS prerequisite
    JOIN flags AS dependent USING (project_key, flag_key)
    JOIN environments USING (project_key, environment_key)
    WHERE state <> 'archived'
),
-- In the order of the primary key, one flag after the other, so that nothing is sorted or indexed; with all that is
-- worked out for a flag, so that it is worked out once.
conditions AS (
    SELECT
        flag.project_key, flag.flag_key, state, temporary, created_at,
        count(critical.environment_key) AS critical_environments,
        CASE
            WHEN count(status) > sum(status = 'launched') THEN 0
            WHEN sum(status = 'launched') = count(critical.environment_key) THEN 1
        END AS launched,
        CASE
            WHEN count(status) > sum(status = 'inactive') THEN 0
            WHEN sum(status = 'inactive') = count(critical.environment_key) THEN 1
        END AS inactive,
        CASE
            WHEN sum(status IN ('new', 'active')) > 0 THEN 1
            WHEN count(status) = count(critical.environment_key) AND count(status) > 0 THEN 0
        END AS active,
        CASE WHEN flag.project_key IN (SELECT project_key FROM references_read) THEN EXISTS (
            SELECT 1 FROM code_references AS reference
            WHERE reference.project_key = flag.project_key AND reference.flag_key = flag.flag_key
        ) END AS has_code_references,
        -- IN is looked up in an index, whatever the planner expects, but only in a CASE: as a value, SQLite would look
        -- through the whole list for NULLs.
        CASE WHEN (flag.project_key, flag.flag_key) IN (
            SELECT project_key, flag_key FROM prerequisites
        ) THEN 1 ELSE 0 END AS is_prerequisite,
        CASE WHEN (flag.project_key, flag.flag_key) IN (
            SELECT project_key, flag_key FROM prerequisites WHERE critical
        ) THEN 1 ELSE 0 END AS is_critical_prerequisite
    FROM flags AS flag
    LEFT JOIN critical ON critical.project_key = flag.project_key
    LEFT JOIN flag_statuses AS status
        ON status.project_key = flag.project_key AND status.flag_key = flag.flag_key
        AND status.environment_key = critical.environment_key AND is_read
        -- Another status, new to flaglake, may mean anything.
        AND status IN ('new', 'active', 'launched', 'inactive')
    WHERE state <> 'archived'
    GROUP BY flag.project_key, flag.flag_key
)
SELECT
    project_key, flag_key, state, temporary, created_at,
    created_at <= created_until AS is_old,
    critical_environments, launched, inactive, active, has_code_references,
    is_prerequisite, is_critical_prerequisite,
    state = 'live' AND temporary AND created_at <= created_until AND launched
        AND has_code_references AND NOT is_critical_prerequisite AS ready_for_code_removal,
    state = 'live' AND temporary AND created_at <= created_until AND inactive
        AND NOT has_code_references AND NOT is_prerequisite AS ready_to_archive
FROM conditions CROSS JOIN old_enough
