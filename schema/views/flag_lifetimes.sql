-- Question: How long did flags live before they were archived?
-- Definition: Archived flags, with the whole days between their creation and archiving.
-- Source: LaunchDarkly's "Feature flag book" for its professional services: a temporary flag lives for 90 days at most.
-- Assumptions: The norm is `flag_lifetime` in `scorecard_thresholds`, and applies to temporary
--   flags: a permanent flag never exceeds it. The lifetime of a flag that was archived, restored
--   and archived again ends with the last archiving. Deleted flags are not included.
-- Needs: flags
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: temporary boolean: Whether the flag was temporary: meant to be removed later.
-- Column: created_at time: When the flag was created.
-- Column: archived_at time: When the flag was archived.
-- Column: lifetime_days integer: Whole days from creation to archiving.
-- Column: is_over_norm boolean: Whether the flag was temporary and lived longer than `flag_lifetime`.
-- Example: SELECT temporary, avg(lifetime_days) AS days FROM flag_lifetimes GROUP BY temporary
WITH
limits AS MATERIALIZED (SELECT project_key, lifetime_days AS norm FROM project_limits)
SELECT
    project_key, flag_key, temporary, created_at, archived_at,
    CAST(julianday(archived_at) - julianday(created_at) AS INTEGER) AS lifetime_days,
    temporary AND archived_at > strftime('%Y-%m-%dT%H:%M:%fZ', created_at, '+' || norm || ' days') AS is_over_norm
FROM limits CROSS JOIN flags USING (project_key)
WHERE state = 'archived' AND archived_at IS NOT NULL
