-- Question: Which changes in critical environments have no comment?
-- Definition: Entries of the audit log about a flag in an environment that is critical, without a comment; and entries that
--   archive, restore or deprecate a flag, which they do in all environments, without a comment, where the project has a
--   critical environment that requires comments.
-- Source: LaunchDarkly's documentation, "Environments", where comments can be required: https://launchdarkly.com/docs/home/account/environment
-- Assumptions: All known entries are used, however old. An environment counts if it is critical
--   now. A comment that consists of white space only counts as missing. Changes that concern a flag
--   in several environments at once are left out, except archiving, restoring and deprecating. Entries that a run with `--personal-data drop`
--   may have read are left out, too, because that option drops comments. In Parquet, it is made
--   from all extractions that are there.
-- Needs: environments, audit_log
-- Key: entry_id
-- Column: entry_id text: ID of the entry.
-- Column: occurred_at time: When the change was made.
-- Column: project_key text: Key of the project.
-- Column: environment_key text?: Key of the environment; NULL where the change is in all environments.
-- Column: flag_key text: Key of the flag.
-- Column: require_comments boolean: Whether the environment, or a critical one of all environments, now requires a comment.
-- Column: member_id text?: ID of the member who made the change.
-- Column: member_email text?: Email address of the member at the time.
-- Column: title text?: Who did what, in Markdown.
-- Example: SELECT member_email, count(*) AS changes FROM uncommented_critical_changes GROUP BY 1 ORDER BY 2 DESC
WITH
critical AS MATERIALIZED (
    SELECT project_key, environment_key, require_comments
    FROM environments JOIN critical_environments USING (project_key, environment_key)
)
SELECT
    entry_id, occurred_at, entry.project_key, entry.environment_key, resource_key AS flag_key,
    coalesce(require_comments, 1) AS require_comments, member_id, member_email, title
FROM audit_log_entries AS entry
LEFT JOIN critical ON critical.project_key = entry.project_key AND critical.environment_key = entry.environment_key
WHERE resource_kind = 'flag' AND resource_key IS NOT NULL
  AND CASE WHEN entry.environment_key IS NOT NULL THEN critical.environment_key IS NOT NULL ELSE
      entry.project_key IN (SELECT project_key FROM critical WHERE require_comments)
      AND EXISTS (
          SELECT 1 FROM audit_log_accesses AS access
          WHERE access.entry_id = entry.entry_id
            AND action IN ('updateGlobalArchived', 'updateDeprecated')
      )
  END
  AND trim(coalesce(comment, ''), ' ' || char(9, 10, 13)) = ''
  -- Dropped comments look as if there were none.
  AND occurred_at > (
      SELECT coalesce(max(finished_at), '') FROM extractions WHERE personal_data = 'drop'
  )
