-- Question: How long do flags stay after their code is removed?
-- Definition: Flags that code on a default branch mentioned in an earlier run and no longer mentions, with the whole days from
--   the run that found this to the archiving of the flag, or to now where it is not archived.
-- Source: LaunchDarkly's documentation, "Flag statuses and lifecycle stages", by which a flag without code is to be archived: https://launchdarkly.com/docs/home/flags/flag-status
-- Assumptions: References are known from the first run that flaglake published into the database with their history, so a
--   flag whose code was removed before that is not listed, nor one whose versions `--history-retention` has
--   removed. The code was removed between `code_last_seen_at` and `code_removed_at`; a flag that was archived in
--   between was archived at once, after 0 days. A flag that was archived while code still mentioned it is not listed. Code
--   that was removed and came back counts as there. Where the newest run did not read the code references of
--   a project, the last run that did decides.
-- Needs: history, flags, code_references?
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: temporary boolean: Whether the flag is temporary: meant to be removed later.
-- Column: code_last_seen_at time?: Start of the last run that found the flag in code; NULL where that run is no longer recorded.
-- Column: code_removed_at time: Start of the run that first found no code with the flag.
-- Column: archived_at time?: When the flag was archived; NULL where it is not.
-- Column: archive_days integer?: Whole days from the removal to the archiving; NULL where the flag is not archived.
-- Column: waiting_days integer?: Whole days since the removal; NULL where the flag is archived.
-- Example: SELECT project_key, avg(archive_days) AS days, count(waiting_days) AS waiting FROM code_removal_to_archive GROUP BY 1
WITH
removals AS MATERIALIZED (
    SELECT project_key, flag_key, max(valid_to) AS code_removed_at
    FROM code_references_history
    GROUP BY project_key, flag_key
    HAVING count(*) = count(valid_to)
),
seen AS MATERIALIZED (
    SELECT project_key, code_removed_at, (
        SELECT max(started_at) FROM extraction_resources JOIN extractions USING (extraction_id)
        WHERE resource = 'code_references' AND scope = project_key AND outcome = 'complete'
          AND started_at < code_removed_at
    ) AS code_last_seen_at
    FROM (SELECT DISTINCT project_key, code_removed_at FROM removals)
),
removed AS (
    SELECT
        project_key, flag_key, temporary, code_last_seen_at, code_removed_at,
        CASE WHEN state = 'archived' THEN archived_at END AS archived_at, state = 'archived' AS is_archived
    FROM removals
    CROSS JOIN seen USING (project_key, code_removed_at)
    CROSS JOIN flags USING (project_key, flag_key)
    -- Another flag had this key before.
    WHERE created_at <= code_removed_at
)
SELECT
    project_key, flag_key, temporary, code_last_seen_at, code_removed_at, archived_at,
    max(CAST(julianday(archived_at) - julianday(code_removed_at) AS INTEGER), 0) AS archive_days,
    CASE WHEN NOT is_archived THEN
        CAST(julianday(started_at) - julianday(code_removed_at) AS INTEGER)
    END AS waiting_days
FROM latest_extraction CROSS JOIN removed
WHERE NOT is_archived OR archived_at > coalesce(code_last_seen_at, '')
