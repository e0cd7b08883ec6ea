-- Question: Which entry of the audit log applied each approval request?
-- Definition: One row per approval request that was applied, with the entry that applied it. An entry is a candidate if
--   it is about the same object in the same environment, by the member or service token who applied the request, and
--   at most one minute before or after. If LaunchDarkly names the action `applyApprovalRequest` in any candidates, only
--   those are looked at. The entry is the only candidate left, which is a candidate of no other request; else it is NULL.
-- Source: LaunchDarkly's documentation, "Approvals", by which a change is made when its request is applied: https://launchdarkly.com/docs/home/releases/approvals
-- Assumptions: LaunchDarkly does not link the two. Entries that only ask for, review, edit or withdraw a request
--   apply nothing, and so are no candidates. A scheduled change that LaunchDarkly applies itself has no author and
--   no entry here. `none` means that there is no candidate; `unknown` that there is none, but the log that was read does not
--   reach that time. In Parquet, it is made from all extractions that are there.
-- Needs: approval_requests, audit_log
-- Key: approval_request_id
-- Column: approval_request_id text: ID of the request.
-- Column: project_key text?: Key of the project it is in.
-- Column: environment_key text?: Key of the environment it is in.
-- Column: resource_kind text?: Kind of the object that was changed: `flag`, `segment` or `aiconfig`.
-- Column: resource_key text?: Key of the object that was changed.
-- Column: applied_at time: When the change was applied.
-- Column: entry_id text?: ID of the entry that applied it; NULL where that cannot be told.
-- Column: certainty text: `named` where the entry says that it applies a request, `matched` where it is the only candidate, `ambiguous`, `none` or `unknown`.
-- Column: entries integer: Number of candidates.
-- Example: SELECT certainty, count(*) AS requests FROM applied_approvals GROUP BY certainty
WITH
applied AS MATERIALIZED (
    SELECT
        approval_request_id, project_key, environment_key, resource_kind, resource_key, applied_at,
        applied_by_member_id, applied_by_service_token_id,
        strftime('%Y-%m-%dT%H:%M:%fZ', applied_at, '-1 minutes') AS first_at,
        strftime('%Y-%m-%dT%H:%M:%fZ', applied_at, '+1 minutes') AS last_at
    FROM approval_requests
    WHERE applied_at IS NOT NULL
),
candidates AS (
    SELECT
        approval_request_id, entry_id,
        EXISTS (
            SELECT 1 FROM audit_log_accesses AS access
            WHERE access.entry_id = entry.entry_id AND action = 'applyApprovalRequest'
        ) AS is_named,
        EXISTS (
            SELECT 1 FROM audit_log_accesses AS access
            WHERE access.entry_id = entry.entry_id AND action NOT LIKE '%ApprovalRequest'
        ) AS is_change,
        EXISTS (
            SELECT 1 FROM audit_log_accesses AS access WHERE access.entry_id = entry.entry_id
        ) AS has_actions
    FROM applied JOIN audit_log_entries AS entry
        USING (project_key, environment_key, resource_kind, resource_key)
    WHERE occurred_at BETWEEN first_at AND last_at
      AND (member_id = applied_by_member_id OR token_id = applied_by_service_token_id)
),
-- An entry whose actions are not known may be a change. Another request that it fits shows that either may be the one.
fitting AS (
    SELECT
        approval_request_id, entry_id, is_named,
        count(*) OVER (PARTITION BY entry_id) AS requests
    FROM candidates
    WHERE is_named OR is_change OR NOT has_actions
),
matches AS (
    SELECT
        approval_request_id, count(*) AS entries, sum(is_named) AS named,
        max(requests) FILTER (WHERE is_named) AS requests_of_named, max(requests) AS requests,
        max(entry_id) FILTER (WHERE is_named) AS named_entry_id, max(entry_id) AS entry_id
    FROM fitting
    GROUP BY approval_request_id
),
verdicts AS (
    SELECT
        approval_request_id, entries,
        CASE
            WHEN named = 1 AND requests_of_named = 1 THEN 'named'
            WHEN entries = 1 AND named = 0 AND requests = 1 THEN 'matched'
            ELSE 'ambiguous'
        END AS certainty,
        coalesce(named_entry_id, entry_id) AS entry_id
    FROM matches
),
log AS MATERIALIZED (
    SELECT
        min(occurred_at) AS first_at,
        CASE WHEN EXISTS (
            SELECT 1 FROM resource_coverage WHERE resource = 'audit_log' AND is_complete
        ) THEN '9999-12-31T23:59:59.999Z' ELSE max(occurred_at) END AS last_at
    FROM audit_log_entries
)
SELECT
    approval_request_id, project_key, environment_key, resource_kind, resource_key, applied_at,
    CASE WHEN certainty IN ('named', 'matched') THEN entry_id END AS entry_id,
    CASE
        WHEN certainty IS NOT NULL THEN certainty
        WHEN applied_at BETWEEN log.first_at AND log.last_at THEN 'none'
        ELSE 'unknown'
    END AS certainty,
    coalesce(entries, 0) AS entries
FROM log CROSS JOIN applied LEFT JOIN verdicts USING (approval_request_id)
