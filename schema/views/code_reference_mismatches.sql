-- Question: Where do code and flags disagree?
-- Definition: Archived flags that code still mentions, which then serve the fallback value in the code; and live flags that
--   no code mentions.
-- Source: LaunchDarkly's documentation, "Archiving flags": https://launchdarkly.com/docs/home/flags/archive
-- Assumptions: Code means the default branches of the repositories that LaunchDarkly searches. If
--   no code of a project is in them, all of its live flags are listed. Projects whose code
--   references the newest run did not read are not listed. Deprecated flags are not listed, whether
--   code mentions them or not.
-- Needs: flags, code_references
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: mismatch text: `archived_but_referenced` or `live_but_unreferenced`.
-- Column: repositories integer: Number of repositories that mention the flag.
-- Column: hunk_count integer: Number of places in them that mention it.
-- Example: SELECT project_key, flag_key, hunk_count FROM code_reference_mismatches WHERE mismatch = 'archived_but_referenced'
SELECT
    project_key, flag_key,
    CASE state WHEN 'archived' THEN 'archived_but_referenced' ELSE 'live_but_unreferenced' END
        AS mismatch,
    count(DISTINCT repository) AS repositories,
    coalesce(sum(hunk_count), 0) AS hunk_count
FROM flags LEFT JOIN code_references USING (project_key, flag_key)
WHERE state IN ('live', 'archived')
  AND project_key IN (
      SELECT scope FROM resource_coverage WHERE resource = 'code_references' AND is_complete
  )
GROUP BY project_key, flag_key
HAVING (state = 'archived') = (count(repository) > 0)
