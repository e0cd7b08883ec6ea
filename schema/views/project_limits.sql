-- Question: Which times do the thresholds mean for each project, as of the newest run?
-- Definition: One row per project. Each time is the start of the newest run, less the days of a threshold (see
--   `project_thresholds`). A flag is old enough for a view if it was created, or changed, until that time.
-- Source: flaglake's own settings.
-- Assumptions: None.
-- Needs: projects
-- Key: project_key
-- Column: project_key text: Key of the project.
-- Column: today real: When the newest run started, as a Julian day.
-- Column: stale_created_until time: By `stale_flag_age`.
-- Column: stale_quiet_until time: By `stale_status`.
-- Column: lifecycle_created_until time: By `lifecycle_age`.
-- Column: never_requested_created_until time: By `never_requested_age`.
-- Column: requested_from time: By `still_requested`.
-- Column: inactive_until time: By `inactive`.
-- Column: launched_until time: By `launched_unchanged`.
-- Column: lifetime_from time: By `flag_lifetime`.
-- Column: lifetime_days real: The days of `flag_lifetime`.
-- Column: inactive_project_until time: By `inactive_project`.
-- Column: quiet_environment_until time: By `quiet_environment`.
-- Example: SELECT project_key, stale_created_until FROM project_limits
SELECT
    project_key, max(today) AS today,
    max(CASE threshold WHEN 'stale_flag_age' THEN moment END) AS stale_created_until,
    max(CASE threshold WHEN 'stale_status' THEN moment END) AS stale_quiet_until,
    max(CASE threshold WHEN 'lifecycle_age' THEN moment END) AS lifecycle_created_until,
    max(CASE threshold WHEN 'never_requested_age' THEN moment END) AS never_requested_created_until,
    max(CASE threshold WHEN 'still_requested' THEN moment END) AS requested_from,
    max(CASE threshold WHEN 'inactive' THEN moment END) AS inactive_until,
    max(CASE threshold WHEN 'launched_unchanged' THEN moment END) AS launched_until,
    max(CASE threshold WHEN 'flag_lifetime' THEN moment END) AS lifetime_from,
    max(CASE threshold WHEN 'flag_lifetime' THEN value END) AS lifetime_days,
    max(CASE threshold WHEN 'inactive_project' THEN moment END) AS inactive_project_until,
    max(CASE threshold WHEN 'quiet_environment' THEN moment END) AS quiet_environment_until
FROM (
    SELECT
        project_key, threshold, value, julianday(started_at) AS today,
        strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-' || value || ' days') AS moment
    FROM latest_extraction CROSS JOIN project_thresholds
)
GROUP BY project_key
