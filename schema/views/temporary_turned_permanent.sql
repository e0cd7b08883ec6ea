-- Question: Which temporary flags were changed to permanent, and so no longer count as stale?
-- Definition: Flags that were temporary in one run and permanent in the next run that found them;
--   one row for each such change.
-- Source: LaunchDarkly's guide, "Reducing technical debt from feature flags": https://launchdarkly.com/docs/guides/flags/technical-debt
-- Assumptions: Changes are known from the first run that flaglake published into the database. A
--   change that was undone before the next run is not seen. A flag that was deleted and created
--   again under the same key is another flag. Such a change is not wrong in itself: look at flags
--   that were due for removal.
-- Needs: history, flags
-- Key: project_key, flag_key, seen_at
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: seen_at time: Start of the run that first saw the flag permanent.
-- Column: extraction_id text: ID of that run.
-- Column: created_at time: When the flag was created.
-- Column: is_still_permanent boolean?: Whether the flag is permanent now; NULL where it was deleted.
-- Example: SELECT substr(seen_at, 1, 7) AS month, count(*) AS flags FROM temporary_turned_permanent GROUP BY month
SELECT
    version.project_key, version.flag_key, version.valid_from AS seen_at, version.extraction_id,
    version.created_at, NOT flag.temporary AS is_still_permanent
FROM flags_history AS version
LEFT JOIN flags AS flag
    ON flag.project_key = version.project_key AND flag.flag_key = version.flag_key
    AND flag.created_at = version.created_at
-- The version before it, however long ago that ended: some runs may have found no such flag, or no such project.
WHERE NOT version.temporary AND (
    SELECT earlier.temporary FROM flags_history AS earlier
    WHERE earlier.project_key = version.project_key AND earlier.flag_key = version.flag_key
      AND earlier.created_at = version.created_at AND earlier.valid_from < version.valid_from
    ORDER BY earlier.valid_from DESC
    LIMIT 1
)
