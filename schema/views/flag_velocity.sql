-- Question: How many flags are created and archived each month?
-- Definition: Flags created and archived in each calendar month (UTC) in which either happened, and the difference.
-- Source: LaunchDarkly's "Feature flag book" for its professional services: flags archived should keep up with flags created.
-- Assumptions: Only flags that exist now are counted: a deleted flag counts in no month. A flag
--   that was archived more than once counts in the month of the last archiving.
-- Needs: flags
-- Key: month
-- Column: month text: The month, as `YYYY-MM`.
-- Column: created integer: Flags created in the month.
-- Column: archived integer: Flags archived in the month.
-- Column: net integer: Number of flags created minus number of flags archived.
-- Example: SELECT month, sum(net) OVER (ORDER BY month) AS flags FROM flag_velocity
WITH
events AS (
    SELECT substr(created_at, 1, 7) AS month, 1 AS created, 0 AS archived FROM flags
    UNION ALL
    SELECT substr(archived_at, 1, 7), 0, 1 FROM flags WHERE state = 'archived' AND archived_at IS NOT NULL
)
SELECT month, sum(created) AS created, sum(archived) AS archived, sum(created) - sum(archived) AS net
FROM events
GROUP BY month
