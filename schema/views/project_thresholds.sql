-- Question: Which thresholds apply to each project?
-- Definition: One row per project and threshold: the project's own value in `scorecard_settings`, else the value in
--   `scorecard_thresholds`.
-- Source: flaglake's own settings.
-- Assumptions: A value that is no number from 0 to 100,000 does not count. Teams, owners, tags and repositories are judged by the limits of `scorecard_thresholds`; whether a flag of
--   theirs counts is decided by the thresholds of its project.
-- Needs: projects
-- Key: project_key, threshold
-- Column: project_key text: Key of the project.
-- Column: threshold text: Name of the threshold.
-- Column: value real: The number in use.
-- Column: is_own boolean: Whether the project has a value of its own.
-- Example: SELECT project_key, threshold, value FROM project_thresholds WHERE is_own
SELECT
    project.project_key, threshold.threshold, coalesce(CAST(own.value AS REAL), threshold.value) AS value,
    own.value IS NOT NULL AS is_own
FROM projects AS project
CROSS JOIN scorecard_thresholds AS threshold
LEFT JOIN scorecard_settings AS own
    ON own.setting = threshold.threshold AND own.project_key = project.project_key AND own.position = 0
    AND own.value GLOB '[0-9]*' AND own.value NOT GLOB '*[^0-9.]*' AND CAST(own.value AS REAL) <= 100000
