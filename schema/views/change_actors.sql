-- Question: Who makes which changes?
-- Definition: Number of audit log entries of the last 30 days, by author and kind of the changed
--   object.
-- Source: Steampipe's examples for LaunchDarkly, `launchdarkly_audit_log`: https://hub.steampipe.io/plugins/turbot/launchdarkly/tables/launchdarkly_audit_log
-- Assumptions: The period is a threshold (`change_window`); it should not be longer than the period
--   that the first run read (`--audit-log-since`). A change that a member makes through a token or
--   an application counts as the member's. The view is empty if the newest run did not read the
--   audit log, because the latest entries would be missing. In Parquet, it is made from all
--   extractions that are there.
-- Needs: audit_log
-- Key: actor_kind, actor, kind
-- Column: actor_kind text: `member`, `token` where no member is known, `app` where neither is, or `unknown`.
-- Column: actor text: ID of the member, token or application; else the name that the log gives, or nothing.
-- Column: actor_name text?: The member's email address, or the name of the token or application, as last seen in the log.
-- Column: kind text: Kind of the object that was changed, such as `flag` or `member`.
-- Column: entries integer: Number of entries of the log.
-- Column: last_change_at time: When the last of these changes was made.
-- Example: SELECT actor_kind, actor_name, sum(entries) AS entries FROM change_actors GROUP BY 1, 2 ORDER BY 3 DESC
WITH
changes AS (
    SELECT
        CASE
            WHEN member_id IS NOT NULL THEN 'member'
            WHEN token_id IS NOT NULL THEN 'token'
            WHEN app_id IS NOT NULL THEN 'app'
            ELSE 'unknown'
        END AS actor_kind,
        coalesce(member_id, token_id, app_id, subject_name, '') AS actor,
        CASE
            WHEN member_id IS NOT NULL THEN member_email
            WHEN token_id IS NOT NULL THEN token_name
            WHEN app_id IS NOT NULL THEN app_name
            ELSE subject_name
        END AS actor_name,
        kind, occurred_at
    FROM audit_log_entries
    WHERE occurred_at >= (
        SELECT strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-' || value || ' days')
        FROM latest_extraction, scorecard_thresholds
        WHERE threshold = 'change_window'
    )
      AND EXISTS (SELECT 1 FROM resource_coverage WHERE resource = 'audit_log' AND is_complete)
)
-- SQLite takes `actor_name` from the row that has the maximum.
SELECT
    actor_kind, actor, actor_name, kind, count(*) AS entries, max(occurred_at) AS last_change_at
FROM changes
GROUP BY actor_kind, actor, kind
