-- Question: How many flags are new, active, launched or inactive, in each environment?
-- Definition: Number of flags that are not archived, by status and environment. `unknown` counts
--   flags without a status there, and all flags if the newest run did not read the environment's
--   statuses.
-- Source: LaunchDarkly's documentation, "Flag health": https://launchdarkly.com/docs/home/releases/flag-health
-- Assumptions: A status that no flag has has no row. The counts of an environment add up to the
--   number of its project's flags.
-- Needs: flags, environments, flag_statuses?
-- Stored: always
-- Key: project_key, environment_key, status
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: status text: `new`, `active`, `launched`, `inactive`, another name that LaunchDarkly gives, or `unknown`.
-- Column: flags integer: Flags with this status.
-- Example: SELECT environment_key, status, sum(flags) AS flags FROM status_counts GROUP BY 1, 2
WITH
-- Statuses that an earlier run has read say nothing about now. For speed, what was not read is
-- looked up: there is little of it, most often nothing. In a CASE, as NOT IN would look through it for NULLs.
environments_unread AS (
    SELECT project_key, environment_key
    FROM environments
    WHERE project_key || '/' || environment_key NOT IN (
        SELECT scope FROM resource_coverage WHERE resource = 'flag_statuses' AND is_complete
    )
),
known AS (
    SELECT project_key, environment_key, status, count(*) AS flags
    FROM flags CROSS JOIN flag_statuses USING (project_key, flag_key)
    WHERE state <> 'archived'
      AND CASE WHEN (project_key, environment_key) IN (SELECT * FROM environments_unread) THEN 0 ELSE 1 END
    GROUP BY project_key, environment_key, status
),
unknown AS (
    SELECT
        project_key, environment_key,
        project.flags - coalesce(
            (
                SELECT sum(known.flags) FROM known
                WHERE known.project_key = environment.project_key
                  AND known.environment_key = environment.environment_key
            ),
            0
        ) AS flags
    FROM environments AS environment
    JOIN (
        SELECT project_key, count(*) AS flags FROM flags WHERE state <> 'archived' GROUP BY 1
    ) AS project USING (project_key)
)
SELECT project_key, environment_key, status, flags FROM known
UNION ALL
SELECT project_key, environment_key, 'unknown', flags FROM unknown WHERE flags > 0
