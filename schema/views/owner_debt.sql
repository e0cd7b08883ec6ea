-- Question: How many flags does each owner have to clean up?
-- Definition: One row per owner of flags that are not archived: how many live flags there are, and how many of them are
--   at LaunchDarkly's stages "ready for code removal" and "ready to archive" (see `flag_lifecycle`).
-- Source: LaunchDarkly's guide, "Reducing technical debt from feature flags": https://launchdarkly.com/docs/guides/flags/technical-debt
-- Assumptions: A flag has one owner: its team if it has one, else its member, so that no flag
--   counts twice. LaunchDarkly stores only one of the two. An owner has left if the newest
--   extraction read all members, or all teams, and the owner is not among them. An owner with only
--   deprecated flags is listed, but deprecated flags are not counted.
-- Needs: flags, environments, flag_statuses?, code_references?, members?, teams?
-- Key: owner_kind, owner
-- Column: owner_kind text: `team`, `member`, or `none` for the flags that have no owner.
-- Column: owner text?: Key of the team, or ID of the member (the address where there is no ID); NULL for `none`.
-- Column: owner_name text?: Name of the team, or address of the member, as far as known.
-- Column: is_departed boolean?: Whether the owner has left the account; NULL where that is unknown or there is no owner.
-- Column: live_flags integer: Live flags of the owner.
-- Column: ready_for_code_removal integer: Those known to be ready for code removal.
-- Column: ready_to_archive integer: Those known to be ready to archive.
-- Column: unknown_flags integer: Those of which the stage is unknown, and which may be ready for either.
-- Example: SELECT * FROM owner_debt ORDER BY ready_for_code_removal + ready_to_archive DESC
WITH
owned AS (
    SELECT
        CASE
            WHEN maintainer_team_key IS NOT NULL THEN 'team'
            WHEN maintainer_id IS NOT NULL OR maintainer_email IS NOT NULL THEN 'member'
            ELSE 'none'
        END AS owner_kind,
        coalesce(maintainer_team_key, maintainer_id, maintainer_email) AS owner,
        max(CASE WHEN maintainer_team_key IS NULL THEN maintainer_email END) AS email,
        max(maintainer_team_key IS NULL AND maintainer_id IS NULL) AS has_no_id,
        sum(flag.state = 'live') AS live_flags,
        count(CASE WHEN ready_for_code_removal THEN 1 END) AS ready_for_code_removal,
        count(CASE WHEN ready_to_archive THEN 1 END) AS ready_to_archive,
        -- Neither is known to be true, and not both to be false.
        sum(coalesce(ready_for_code_removal OR ready_to_archive, 1)
            AND coalesce(NOT ready_for_code_removal AND NOT ready_to_archive, 1)) AS unknown_flags
    FROM flag_readiness
    -- CROSS keeps the order: flags are looked up by their key, one by one.
    CROSS JOIN flags AS flag USING (project_key, flag_key)
    GROUP BY 1, 2
),
people AS MATERIALIZED (
    SELECT
        EXISTS (SELECT 1 FROM resource_coverage WHERE resource = 'members' AND is_complete) AS members_read,
        EXISTS (SELECT 1 FROM resource_coverage WHERE resource = 'teams' AND is_complete) AS teams_read
)
SELECT
    owner_kind, owner,
    CASE owner_kind WHEN 'team' THEN team.name ELSE coalesce(member.email, owned.email) END AS owner_name,
    CASE
        WHEN owner_kind = 'team' AND teams_read THEN team_key IS NULL
        WHEN owner_kind = 'member' AND NOT has_no_id AND members_read THEN member_id IS NULL
    END AS is_departed,
    live_flags, ready_for_code_removal, ready_to_archive, unknown_flags
FROM owned
CROSS JOIN people
LEFT JOIN teams AS team ON owner_kind = 'team' AND team_key = owner
LEFT JOIN members AS member ON owner_kind = 'member' AND member_id = owner
