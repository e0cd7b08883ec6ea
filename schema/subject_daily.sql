-- What fills `owner_daily`, `team_daily` and `tag_daily`. TABLE, SUBJECT and KIND stand for the table, its column, and the
-- kind of subject. Subjects whose flags the newest run did not all read get no row.
INSERT INTO main.TABLE
WITH
figures AS (
    SELECT
        subject,
        sum(state = 'live') AS live,
        sum(state = 'deprecated') AS deprecated,
        sum(temporary) AS temporary,
        sum(NOT temporary) AS permanent,
        coalesce(sum(is_stale), 0) AS stale_in_critical_min,
        sum(coalesce(is_stale, 1)) AS stale_in_critical_max,
        coalesce(sum(ready_to_archive), 0) AS ready_to_archive_min,
        sum(coalesce(ready_to_archive, 1)) AS ready_to_archive_max,
        coalesce(sum(ready_for_code_removal), 0) AS ready_for_code_removal_min,
        sum(coalesce(ready_for_code_removal, 1)) AS ready_for_code_removal_max,
        sum(coalesce(has_owner, 1) = 0 AND NOT is_exempt) AS unowned_min,
        sum(coalesce(has_owner, 0) = 0 AND NOT is_exempt) AS unowned_max,
        sum(is_over_age) AS over_age,
        sum(is_tidy AND NOT is_exempt) AS tidy
    FROM flag_subjects CROSS JOIN flag_judgements USING (project_key, flag_key)
    WHERE subject_kind = 'KIND'
      -- An email address is personal: a member without an ID has no row.
      AND (subject_kind <> 'owner' OR subject = '(none)' OR owner IN (SELECT maintainer_id FROM flags))
    GROUP BY subject
    HAVING min(is_read)
),
-- A subject that had flags, and has none now.
gone AS (
    SELECT SUBJECT AS subject
    FROM main.TABLE AS last
    WHERE live + deprecated > 0 AND SUBJECT NOT IN (SELECT subject FROM figures)
      AND day = (SELECT max(day) FROM main.TABLE AS any_day WHERE any_day.SUBJECT = last.SUBJECT)
      AND NOT EXISTS (
          SELECT 1 FROM projects
          WHERE project_key NOT IN (SELECT scope FROM resource_coverage WHERE resource = 'flags' AND is_complete)
             OR project_key NOT IN (SELECT scope FROM resource_coverage WHERE resource = 'environments' AND is_complete)
      )
)
SELECT
    subject, substr(run.started_at, 1, 10), run.extraction_id, live, deprecated, temporary, permanent,
    stale_in_critical_min, stale_in_critical_max, ready_to_archive_min, ready_to_archive_max,
    ready_for_code_removal_min, ready_for_code_removal_max, unowned_min, unowned_max, over_age, tidy
FROM latest_extraction JOIN main.extractions AS run USING (extraction_id) CROSS JOIN (
    SELECT * FROM figures
    UNION ALL
    SELECT subject, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM gone
)
-- A run that was asked for some projects has part of the flags only.
WHERE NOT run.only_selected_projects
  -- Where the team of some flags is unknown, no team has all of its flags.
  AND ('KIND' <> 'team' OR NOT EXISTS (SELECT 1 FROM flag_facts WHERE NOT is_team_known))
ON CONFLICT (SUBJECT, day) DO UPDATE SET
    extraction_id = excluded.extraction_id, live = excluded.live, deprecated = excluded.deprecated,
    temporary = excluded.temporary, permanent = excluded.permanent,
    stale_in_critical_min = excluded.stale_in_critical_min, stale_in_critical_max = excluded.stale_in_critical_max,
    ready_to_archive_min = excluded.ready_to_archive_min, ready_to_archive_max = excluded.ready_to_archive_max,
    ready_for_code_removal_min = excluded.ready_for_code_removal_min,
    ready_for_code_removal_max = excluded.ready_for_code_removal_max,
    unowned_min = excluded.unowned_min, unowned_max = excluded.unowned_max,
    over_age = excluded.over_age, tidy = excluded.tidy
