-- Question: Which members and access tokens are unused or unprotected?
-- Definition: One row per finding: members not seen for 30 days (`unseen`), without multi-factor authentication (`no_mfa`)
--   or with an address that was never verified (`unverified`), and access tokens not used for 30 days (`unused`).
-- Source: Steampipe's examples for LaunchDarkly, `launchdarkly_account_member` and `launchdarkly_access_token`: https://hub.steampipe.io/plugins/turbot/launchdarkly/tables
-- Assumptions: The periods are thresholds (`member_unseen`, `access_token_unused`). For a member
--   who was never seen, the period starts with the invitation; for a token that was never used,
--   with its creation. Findings are only about members and tokens that the newest run read. A
--   member whose invitation is pending has not signed in yet, and so can only be `unverified`.
--   Members without a password sign in through another service, which may require a second factor:
--   they are never `no_mfa`.
-- Needs: members?, access_tokens?
-- Key: subject_kind, subject, finding
-- Column: subject_kind text: `member` or `access_token`.
-- Column: subject text: ID of the member or access token.
-- Column: subject_name text?: The member's email address, or the token's name.
-- Column: finding text: `unseen`, `no_mfa`, `unverified` or `unused`.
-- Column: days integer?: Whole days since the member was last seen (`unseen`) or invited (`unverified`), or the token was last used.
-- Example: SELECT finding, count(*) AS findings FROM access_hygiene GROUP BY finding
WITH
bounds AS (
    SELECT
        julianday(started_at) AS today,
        strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-' || unseen.value || ' days') AS seen_until,
        strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-' || unused.value || ' days') AS used_until
    FROM latest_extraction, scorecard_thresholds AS unseen, scorecard_thresholds AS unused
    WHERE unseen.threshold = 'member_unseen' AND unused.threshold = 'access_token_unused'
),
resources_read AS (SELECT resource FROM resource_coverage WHERE is_complete),
findings AS (
    SELECT
        'member' AS subject_kind, member_id AS subject, CAST(nullif(email, '') AS TEXT) AS subject_name,
        'unseen' AS finding, coalesce(last_seen_at, created_at) AS quiet_since
    FROM bounds CROSS JOIN members
    WHERE NOT pending_invite AND coalesce(last_seen_at, created_at) <= seen_until
    UNION ALL
    SELECT 'member', member_id, CAST(nullif(email, '') AS TEXT), 'no_mfa', NULL
    FROM members
    WHERE NOT pending_invite AND mfa = 'disabled' AND coalesce(has_password, 1)
    UNION ALL
    SELECT 'member', member_id, CAST(nullif(email, '') AS TEXT), 'unverified', created_at
    FROM members
    WHERE NOT verified
    UNION ALL
    SELECT
        'access_token', access_token_id, name, 'unused', coalesce(last_used_at, created_at)
    FROM bounds CROSS JOIN access_tokens
    WHERE coalesce(last_used_at, created_at) <= used_until
)
SELECT
    subject_kind, subject, subject_name, finding,
    CAST(today - julianday(quiet_since) AS INTEGER) AS days
FROM bounds CROSS JOIN findings
WHERE subject_kind || 's' IN (SELECT resource FROM resources_read)
