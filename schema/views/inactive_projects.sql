-- Question: Which projects are no longer worked on?
-- Definition: Projects in which no flag, archived ones included, was created for 90 days, and no
--   permanent flag that is not archived is active in any environment.
-- Source: LaunchDarkly's guide, "Reducing technical debt from feature flags": https://launchdarkly.com/docs/guides/flags/technical-debt
-- Assumptions: The period is a threshold (`inactive_project`). Projects that may be inactive are
--   listed too: if the newest run did not read the flags, or the status of a permanent flag is
--   unknown, `is_inactive` is NULL. A project without flags is inactive even if it is new, because
--   its creation date is unknown. A permanent flag that is launched, and so serves one value, does
--   not count as active.
-- Needs: projects, flags, environments, flag_statuses?
-- Key: project_key
-- Column: project_key text: Key of the project.
-- Column: last_flag_created_at time?: When its newest flag was created; NULL where it has none.
-- Column: flags integer?: Its flags that are not archived; NULL where no run has read them.
-- Column: is_inactive boolean?: 1, or NULL where that is not known.
-- Example: SELECT project_key, last_flag_created_at FROM inactive_projects WHERE is_inactive
WITH
limits AS MATERIALIZED (SELECT * FROM project_limits),
-- Statuses that an earlier run has read say nothing about now. In a CASE, as NOT IN would look through the list for NULLs.
environments_unread AS (
    SELECT project_key, environment_key
    FROM environments
    WHERE project_key || '/' || environment_key NOT IN (
        SELECT scope FROM resource_coverage WHERE resource = 'flag_statuses' AND is_complete
    )
),
quiet AS (
    SELECT
        project_key, max(created_at) AS last_flag_created_at,
        count(flag_key) FILTER (WHERE state <> 'archived') AS flags,
        count(flag_key) FILTER (WHERE state <> 'archived' AND NOT temporary) AS permanent_flags
    FROM limits LEFT JOIN flags USING (project_key)
    GROUP BY project_key
    HAVING coalesce(max(created_at), '') <= max(inactive_project_until)
),
permanent AS (
    SELECT
        project_key, sum(status = 'active') AS active,
        -- Another status, new to flaglake, may mean anything.
        count(*) FILTER (WHERE status IN ('new', 'active', 'launched', 'inactive')) AS known
    FROM quiet
    CROSS JOIN flags USING (project_key)
    CROSS JOIN flag_statuses USING (project_key, flag_key)
    WHERE state <> 'archived' AND NOT temporary
      AND CASE WHEN (project_key, environment_key) IN (SELECT * FROM environments_unread) THEN 0 ELSE 1 END
    GROUP BY project_key
),
counts AS (
    SELECT
        project_key, last_flag_created_at, flags,
        project_key IN (SELECT scope FROM resource_coverage WHERE resource = 'flags' AND is_complete) AS is_read,
        coalesce(known, 0) AS known, coalesce(active, 0) AS active,
        permanent_flags
            * (SELECT count(*) FROM environments WHERE environments.project_key = quiet.project_key)
            AS statuses
    FROM quiet LEFT JOIN permanent USING (project_key)
)
SELECT
    project_key, last_flag_created_at,
    CASE WHEN is_read OR last_flag_created_at IS NOT NULL THEN flags END AS flags,
    CASE WHEN is_read AND known = statuses THEN 1 END AS is_inactive
FROM counts
WHERE active = 0
