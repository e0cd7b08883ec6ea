-- Question: How does each project, environment, team, owner, tag and repository score?
-- Definition: One row per figure and subject. Flags are those that are neither archived nor exempt (see `exempt_flags`), and
--   count for the subjects in `flag_subjects`. `stale_percentage`: temporary flags that are stale in a critical
--   environment, or in this environment (see `stale_flags`). `ownership_coverage`: flags with a maintainer who is still in
--   the account (see `unowned_flags`). `removal_backlog`: live flags that are ready for code removal or archiving (see
--   `flag_readiness`; whether that is safe is another question: `removal_verdicts`). `flag_age`: temporary flags older
--   than `flag_lifetime`. `hygiene`: flags with a description and a tag. `environment_governance`: critical environments
--   where changes of flags need approval, a comment and a confirmation. A project has all six; an environment has the
--   first, and the last if it is critical; teams and owners have all but `ownership_coverage` and the last, tags and
--   repositories all but the last. Each is a percentage, and is judged by two thresholds, `…_warn` and
--   `…_fail`: beyond the first is a warning, beyond the second a failure; exactly there is not. Where it is unknown of
--   some flags whether they count, the percentage is between `output_min` and `output_max`; the status is known if it is
--   the same at both. The flags that are counted are those in `flag_judgements`.
-- Source: The shape is that of scorecards in DX: https://docs.getdx.com/scorecards; the figures are those of LaunchDarkly's
--   guide, "Reducing technical debt from feature flags": https://launchdarkly.com/docs/guides/flags/technical-debt
-- Assumptions: Where there is nothing to judge, as in a project without temporary flags, the status is `pass`; but that
--   of `environment_governance` is `unknown` in a project where no environment is critical. Staleness needs a critical
--   environment. A flag with a team and a member counts for both, and for all of its tags. A project's own thresholds
--   (see `project_thresholds`) judge the project and its environments; other subjects are judged by `scorecard_thresholds`.
-- Needs: projects, environments, flags, flag_statuses?, code_references?, members?, teams?
-- Stored: until a threshold changes
-- Key: scorecard, subject_kind, subject
-- Column: scorecard text: Name of the figure.
-- Column: subject_kind text: `project`, `environment`, `team`, `owner`, `tag` or `repository`.
-- Column: subject text: Key of the project or team, project/environment, ID (else email address) of the member, tag or repository; `(none)` for flags without a team, an owner or a tag.
-- Column: status text: `pass`, `warn`, `fail` or `unknown`.
-- Column: output real?: The percentage; NULL where it is not known exactly, or where there is nothing to judge.
-- Column: detail text: The figure in words, or the reason why there is none.
-- Column: subject_name text: The subject's name for people; its key where no name is known.
-- Column: total integer?: What is judged, such as temporary flags; NULL if the newest run did not read it.
-- Column: counted integer?: Those of them that are known to count.
-- Column: unknown integer?: Those of them of which that is unknown.
-- Column: output_min real?: The lowest that the percentage can be; NULL if nothing is known, or where there is nothing to judge.
-- Column: output_max real?: The highest that it can be.
-- Example: SELECT scorecard, status, count(*) AS subjects FROM scorecards GROUP BY scorecard, status
WITH
-- Materialized, here and below: worked out once. One column per figure: 1 and 0 count, -1 is unknown, and NULL is no
-- part of it.
judged AS MATERIALIZED (
    SELECT
        project_key, flag_key, team_key, owner, is_team_known,
        CASE WHEN temporary AND NOT is_exempt THEN coalesce(is_stale, -1) END AS stale,
        CASE WHEN NOT is_exempt THEN coalesce(has_owner, -1) END AS owned,
        CASE WHEN state = 'live' AND NOT is_exempt
            THEN coalesce(ready_for_code_removal OR ready_to_archive, -1) END AS removable,
        CASE WHEN temporary AND NOT is_exempt THEN is_over_age END AS outlived,
        CASE WHEN NOT is_exempt THEN is_tidy END AS tidy,
        NOT is_read AS unread
    FROM flag_judgements
    WHERE NOT (SELECT is_current FROM stored_state)
),
projects_read AS MATERIALIZED (
    SELECT project_key, count(DISTINCT resource) = 2 AS is_read
    FROM projects
    LEFT JOIN resource_coverage ON scope = project_key AND is_complete AND resource IN ('flags', 'environments')
    GROUP BY project_key
),
-- Flags of a project are added up first, as many have the same team and owner.
group_figures AS MATERIALIZED (
    SELECT
        project_key, team_key, owner, is_team_known,
        count(stale) AS temporary, sum(stale = 1) AS stale, sum(stale = -1) AS stale_unknown,
        count(owned) AS flags, sum(owned = 1) AS owned, sum(owned = -1) AS owned_unknown,
        count(removable) AS live, sum(removable = 1) AS removable, sum(removable = -1) AS removable_unknown,
        sum(outlived) AS outlived, sum(tidy) AS tidy
    FROM judged
    GROUP BY project_key, team_key, owner, is_team_known
),
labels AS (
    SELECT project_key, flag_key, 'tag' AS subject_kind, coalesce(tag, '(none)') AS subject
    FROM flags LEFT JOIN flag_tags USING (project_key, flag_key)
    WHERE NOT (SELECT is_current FROM stored_state)
    UNION ALL
    SELECT DISTINCT project_key, flag_key, 'repository', repository FROM code_references
    WHERE project_key IN (
        SELECT scope FROM resource_coverage WHERE resource = 'code_references' AND is_complete
    )
),
figures AS (
    SELECT
        subject_kind,
        CASE subject_kind
            WHEN 'project' THEN projects_read.project_key
            WHEN 'team' THEN coalesce(team_key, '(none)')
            ELSE coalesce(owner, '(none)')
        END AS subject,
        -- Where the team of some flags is unknown, no team has all of its flags.
        max(NOT is_read OR subject_kind = 'team' AND is_team_unknown) AS is_unread,
        coalesce(sum(temporary), 0) AS temporary, coalesce(sum(stale), 0) AS stale,
        coalesce(sum(stale_unknown), 0) AS stale_unknown,
        coalesce(sum(flags), 0) AS flags, coalesce(sum(owned), 0) AS owned, coalesce(sum(owned_unknown), 0) AS owned_unknown,
        coalesce(sum(live), 0) AS live, coalesce(sum(removable), 0) AS removable,
        coalesce(sum(removable_unknown), 0) AS removable_unknown,
        coalesce(sum(outlived), 0) AS outlived, coalesce(sum(tidy), 0) AS tidy
    -- A project without flags is judged as well.
    FROM (SELECT 'project' AS subject_kind UNION ALL SELECT 'team' UNION ALL SELECT 'owner')
    CROSS JOIN (SELECT EXISTS (SELECT 1 FROM flag_facts WHERE NOT is_team_known) AS is_team_unknown)
    CROSS JOIN projects_read
    LEFT JOIN group_figures ON group_figures.project_key = projects_read.project_key
    WHERE CASE subject_kind
        WHEN 'project' THEN 1
        WHEN 'team' THEN is_team_known
        ELSE is_team_known IS NOT NULL AND (owner IS NOT NULL OR team_key IS NULL)
    END
    GROUP BY 1, 2
    UNION ALL
    SELECT
        subject_kind, subject, max(unread), count(stale), coalesce(sum(stale = 1), 0), coalesce(sum(stale = -1), 0),
        count(owned), coalesce(sum(owned = 1), 0), coalesce(sum(owned = -1), 0),
        count(removable), coalesce(sum(removable = 1), 0), coalesce(sum(removable = -1), 0),
        coalesce(sum(outlived), 0), coalesce(sum(tidy), 0)
    FROM labels JOIN judged USING (project_key, flag_key)
    GROUP BY subject_kind, subject
),
-- `direction` is 1 where less is better, and -1 where more is.
cards (scorecard, direction, noun, singular, plural, unknown_because) AS (
    VALUES
        ('stale_percentage', 1, 'temporary flag', 'is stale in a critical environment',
            'are stale in a critical environment', 'statuses or critical environments are missing'),
        ('ownership_coverage', -1, 'flag', 'has an owner who is still there', 'have an owner who is still there',
            'members or teams were not read'),
        ('removal_backlog', 1, 'live flag', 'is ready for code removal or archiving',
            'are ready for code removal or archiving',
            'statuses, critical environments or code references are missing'),
        ('flag_age', 1, 'temporary flag', 'is older than', 'are older than', NULL),
        ('hygiene', -1, 'flag', 'has a description and a tag', 'have a description and a tag', NULL),
        ('environment_governance', -1, 'critical environment', 'needs approval, comments and confirmation',
            'need approval, comments and confirmation', 'approval settings are missing'),
        ('stale_in_environment', 1, 'temporary flag', 'is stale here', 'are stale here', 'statuses are missing')
),
governance AS MATERIALIZED (
    SELECT
        project_key, environment_key,
        approval_required AND require_comments AND confirm_changes AS is_governed,
        environment.project_key NOT IN (SELECT project_key FROM projects_read WHERE is_read) AS is_unread
    FROM critical_environments CROSS JOIN environments AS environment USING (project_key, environment_key)
),
counts AS (
    SELECT
        scorecard, scorecard AS card, subject_kind, subject, is_unread,
        CASE scorecard WHEN 'stale_percentage' THEN temporary WHEN 'flag_age' THEN temporary
            WHEN 'removal_backlog' THEN live ELSE flags END AS total,
        CASE scorecard WHEN 'stale_percentage' THEN stale WHEN 'flag_age' THEN outlived
            WHEN 'removal_backlog' THEN removable WHEN 'hygiene' THEN tidy ELSE owned END AS counted,
        CASE scorecard WHEN 'stale_percentage' THEN stale_unknown WHEN 'removal_backlog' THEN removable_unknown
            WHEN 'ownership_coverage' THEN owned_unknown ELSE 0 END AS unknown,
        CASE subject_kind WHEN 'project' THEN subject END AS project_key
    FROM figures CROSS JOIN cards
    WHERE scorecard NOT IN ('environment_governance', 'stale_in_environment')
      AND (scorecard <> 'ownership_coverage' OR subject_kind IN ('project', 'tag', 'repository'))
    UNION ALL
    SELECT
        'environment_governance', 'environment_governance', 'project', projects_read.project_key, NOT is_read,
        count(environment_key), coalesce(sum(is_governed), 0),
        coalesce(sum(environment_key IS NOT NULL AND is_governed IS NULL), 0), projects_read.project_key
    FROM projects_read LEFT JOIN governance ON governance.project_key = projects_read.project_key
    GROUP BY projects_read.project_key
    UNION ALL
    SELECT
        'environment_governance', 'environment_governance', 'environment', project_key || '/' || environment_key,
        is_unread, 1, coalesce(is_governed, 0), is_governed IS NULL, project_key
    FROM governance
    UNION ALL
    SELECT
        'stale_percentage', 'stale_in_environment', 'environment', stale.project_key || '/' || environment_key,
        temporary_flags IS NULL OR NOT coalesce(is_read, 0), temporary_flags, known_stale_flags, unknown_flags,
        stale.project_key
    FROM stale_percentages AS stale LEFT JOIN projects_read ON projects_read.project_key = stale.project_key
    WHERE NOT (SELECT is_current FROM stored_state)
),
limits AS MATERIALIZED (
    SELECT NULL AS project_key, threshold, value FROM scorecard_thresholds
    UNION ALL
    SELECT project_key, threshold, value FROM project_thresholds
),
outputs AS (
    SELECT
        counts.scorecard, subject_kind, subject, counts.project_key, is_unread, total, counted, unknown,
        CASE WHEN NOT is_unread AND total > 0 THEN 100.0 * counted / total END AS output_min,
        CASE WHEN NOT is_unread AND total > 0 THEN 100.0 * (counted + unknown) / total END AS output_max,
        direction, noun, unknown_because,
        CASE WHEN 1 IN (counted, total) THEN singular ELSE plural END AS verb,
        CASE WHEN unknown = 1 THEN singular ELSE plural END AS unknown_verb,
        singular, plural, warn.value AS warn, fail.value AS fail,
        CASE counts.scorecard WHEN 'flag_age' THEN ' ' || CASE
            WHEN subject_kind = 'project' OR NOT EXISTS (
                SELECT 1 FROM project_thresholds WHERE threshold = 'flag_lifetime' AND is_own
            ) THEN printf('%g', lifetime.value) || CASE lifetime.value WHEN 1 THEN ' day' ELSE ' days' END
            ELSE 'their projects allow'
        END ELSE '' END AS age
    FROM counts
    JOIN cards ON cards.scorecard = counts.card
    JOIN limits AS warn ON warn.threshold = counts.scorecard || '_warn' AND warn.project_key IS counts.project_key
    JOIN limits AS fail ON fail.threshold = counts.scorecard || '_fail' AND fail.project_key IS counts.project_key
    JOIN limits AS lifetime ON lifetime.threshold = 'flag_lifetime' AND lifetime.project_key IS counts.project_key
),
statuses AS (
    SELECT
        *,
        CASE WHEN direction * output_min > direction * fail THEN 'fail'
            WHEN direction * output_min > direction * warn THEN 'warn' ELSE 'pass' END AS status_at_min,
        CASE WHEN direction * output_max > direction * fail THEN 'fail'
            WHEN direction * output_max > direction * warn THEN 'warn' ELSE 'pass' END AS status_at_max
    FROM outputs
),
member_names AS MATERIALIZED (
    SELECT member_id, min(name) AS name
    FROM (
        SELECT member_id, coalesce(
            nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), ''), nullif(email, '')
        ) AS name
        FROM members
        UNION ALL
        -- A member who has left is known by the flags and teams that they maintained.
        SELECT maintainer_id, nullif(maintainer_email, '')
        FROM flags
        WHERE maintainer_id NOT IN (SELECT member_id FROM members)
        UNION ALL
        SELECT member_id, nullif(email, '')
        FROM team_maintainers
        WHERE member_id NOT IN (SELECT member_id FROM members)
    )
    GROUP BY member_id
)
SELECT
    scorecard, subject_kind, CAST(subject AS TEXT) AS subject,
    CASE
        WHEN is_unread THEN 'unknown'
        -- More likely not marked as critical than of no matter.
        WHEN scorecard = 'environment_governance' AND total = 0 THEN 'unknown'
        WHEN status_at_min = status_at_max THEN status_at_min
        ELSE 'unknown'
    END AS status,
    CASE WHEN unknown = 0 THEN output_min END AS output,
    CASE
        WHEN is_unread AND subject_kind = 'team' THEN
            'The newest extraction did not read all flags and environments, or the members of teams.'
        WHEN is_unread THEN 'The newest extraction did not read all flags and environments.'
        WHEN scorecard = 'environment_governance' AND total = 0 THEN 'No environment is critical.'
        WHEN total = 0 THEN 'There are no ' || noun || 's.'
        WHEN unknown > 0 AND status_at_min <> status_at_max THEN 'It is unknown whether ' || unknown || ' of ' || total || ' ' || noun
            || CASE total WHEN 1 THEN '' ELSE 's' END || ' ' || unknown_verb || ': ' || unknown_because || '.'
        WHEN unknown > 0 THEN counted || ' to ' || (counted + unknown) || ' of ' || total || ' ' || noun
            || CASE total WHEN 1 THEN ' ' || singular ELSE 's ' || plural END || ': ' || unknown_because || ' for '
            || unknown || '.'
        ELSE counted || ' of ' || total || ' ' || noun
            || CASE total WHEN 1 THEN '' ELSE 's' END || ' ' || verb || age || '.'
    END AS detail,
    CASE
        WHEN subject = '(none)' THEN CASE subject_kind WHEN 'team' THEN 'No team' WHEN 'tag' THEN 'No tag' ELSE 'No owner' END
        ELSE coalesce(nullif(CASE subject_kind
            WHEN 'project' THEN (SELECT name FROM projects WHERE project_key = subject)
            WHEN 'environment' THEN (
                SELECT project.name || ' / ' || environment.name
                FROM projects AS project JOIN environments AS environment USING (project_key)
                WHERE project_key = statuses.project_key
                  AND environment_key = substr(subject, length(statuses.project_key) + 2)
            )
            WHEN 'team' THEN (SELECT name FROM teams WHERE team_key = subject)
            WHEN 'owner' THEN (SELECT name FROM member_names WHERE member_id = subject)
        END, ''), CASE
            WHEN subject_kind = 'owner' AND subject NOT IN (SELECT member_id FROM members)
                AND EXISTS (SELECT 1 FROM resource_coverage WHERE resource = 'members' AND is_complete)
                AND subject IN (SELECT maintainer_id FROM flags)
                THEN 'Former member ' || substr(subject, 1, 8)
        END, subject)
    END AS subject_name,
    CASE WHEN NOT is_unread THEN total END AS total,
    CASE WHEN NOT is_unread THEN counted END AS counted,
    CASE WHEN NOT is_unread THEN unknown END AS unknown,
    output_min, output_max
FROM statuses
