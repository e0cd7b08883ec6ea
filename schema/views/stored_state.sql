-- Question: Are the stored rows of views those of the newest run?
-- Definition: One row. The rows of some views take long to work out, so a run stores them in a SQLite output, in tables
--   whose names start with `stored_`. Views that thresholds decide return their stored rows as long as no threshold or
--   setting has been changed since the run; after that, they work their rows out, until the next run.
-- Source: flaglake's own record of its runs.
-- Assumptions: Rows of other tables are changed by runs only.
-- Needs:
-- Key: is_current
-- Column: is_current boolean: Whether they are.
-- Column: settings text: The thresholds and settings, by which a change is noticed.
-- Example: SELECT is_current FROM stored_state
WITH
now AS (
    SELECT group_concat(setting, ';') AS settings
    FROM (
        SELECT threshold || '=' || value AS setting FROM scorecard_thresholds
        UNION ALL
        SELECT setting || '/' || project_key || '/' || position || '=' || value FROM scorecard_settings
        ORDER BY setting
    )
)
SELECT
    extraction_id IS NOT NULL AND extraction_id = (SELECT extraction_id FROM latest_extraction)
        AND stored_views.settings IS now.settings AS is_current,
    now.settings
FROM now LEFT JOIN stored_views
