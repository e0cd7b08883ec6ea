-- What a report reads, as tables with the names and columns of the views: an account of {flags}
-- flags in 12 projects of three environments, with hostile names.
PRAGMA application_id = 1718378859;
PRAGMA user_version = {version};

CREATE TABLE extractions (extraction_id TEXT, started_at TEXT, finished_at TEXT, tool_version TEXT,
    account_id TEXT, base_url TEXT, personal_data TEXT, only_selected_projects BOOLEAN);
INSERT INTO extractions VALUES ('20261120T020000Z', '2026-11-20T02:00:00.000Z',
    '2026-11-20T02:03:04.000Z', '0.1.0', 'account-1', 'https://app.launchdarkly.com', 'keep', FALSE);
CREATE TABLE extraction_resources (extraction_id TEXT, resource TEXT, scope TEXT, outcome TEXT, detail TEXT);
INSERT INTO extraction_resources VALUES ('20261120T020000Z', 'projects', '', 'complete', NULL);
CREATE TABLE latest_extraction AS
    SELECT extraction_id, started_at, finished_at, account_id, base_url FROM extractions;

CREATE TABLE numbers AS
    WITH RECURSIVE count(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM count WHERE n + 1 < {flags})
    SELECT n FROM count;
CREATE TABLE projects AS SELECT printf('project-%02d', n) AS project_key,
    CASE n WHEN 1 THEN '</script><script>document.title = "owned"</script>' WHEN 2 THEN 'متجر 🛒'
    ELSE printf('Project %d', n) END AS name
    FROM (WITH RECURSIVE count(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM count WHERE n < 11)
          SELECT n FROM count);
CREATE TABLE environments AS
    SELECT project_key, column1 AS environment_key, column2 AS name, column3 AS critical
    FROM projects, (VALUES ('production', 'Production', 1), ('staging', 'Staging', 0),
                           ('test', '<b>Test</b>', 0));

CREATE TABLE flags AS
    SELECT printf('project-%02d', n % 12) AS project_key,
        printf('flag-%05d', n) AS flag_key,
        CASE n % 50
            WHEN 1 THEN '</script><script>document.title = "owned"</script>'
            WHEN 2 THEN '<img src=x onerror="document.title=''owned''">'
            WHEN 3 THEN '=HYPERLINK("https://example.com","' || n || '")'
            WHEN 4 THEN '"quoted", ''single'', `back` & <b>bold</b>'
            WHEN 5 THEN '🚀 emoji 👩‍👩‍👧 ' || n
            WHEN 6 THEN 'مفتاح التجربة ' || n
            WHEN 7 THEN substr(replace(hex(zeroblob(100)), '00', 'long-name-'), 1, 200)
            WHEN 8 THEN char(8232) || 'line' || char(8233) || ' separators <!-- -->'
            WHEN 9 THEN '@SUM(1+1)*cmd|'' /C calc''!A0'
            ELSE printf('Flag number %d', n) END AS name,
        CASE WHEN n % 20 < 17 THEN 'live' WHEN n % 20 = 17 THEN 'deprecated' ELSE 'archived' END AS state,
        n % 4 <> 0 AS temporary,
        strftime('%Y-%m-%dT%H:%M:%fZ', '2026-11-20T02:00:00', '-' || (n * 7 % 900) || ' days') AS created_at,
        CASE WHEN n % 20 > 17 THEN strftime('%Y-%m-%dT%H:%M:%fZ', '2026-11-20T02:00:00',
            '-' || (n * 7 % 200) || ' days') END AS archived_at,
        NULL AS deprecated_at,
        CASE WHEN n % 3 = 0 THEN 'member-' || (n % 9) END AS maintainer_id,
        CASE WHEN n % 3 = 0 THEN 'person' || (n % 9) || '@example.com' END AS maintainer_email,
        CASE WHEN n % 3 = 1 THEN 'team-' || (n % 5) END AS maintainer_team_key
    FROM numbers;
CREATE TABLE members AS SELECT 'member-' || n AS member_id, 'person' || n || '@example.com' AS email
    FROM numbers WHERE n < 9;
CREATE TABLE teams AS SELECT column1 AS team_key, column2 AS name
    FROM (VALUES ('team-0', 'Platform'), ('team-1', 'Kasse & <i>Bezahlung</i>'), ('team-2', NULL));
CREATE TABLE flag_lifecycle AS
    SELECT project_key, flag_key,
        CASE WHEN state <> 'live' THEN state
             WHEN project_key = 'project-11' THEN 'unknown'
             WHEN temporary AND rowid % 7 = 1 THEN 'ready_for_code_removal'
             WHEN temporary AND rowid % 7 = 2 THEN 'ready_to_archive'
             ELSE 'live' END AS stage,
        NULL AS ld_stage, 0 AS disagrees
    FROM flags;
CREATE TABLE flag_readiness AS
    SELECT project_key, flag_key, state, temporary,
        CAST(julianday('2026-11-20T02:00:00') - julianday(created_at) + 1e-6 AS INTEGER) AS age_days,
        CASE stage WHEN 'unknown' THEN NULL ELSE stage = 'ready_for_code_removal' END AS ready_for_code_removal,
        CASE stage WHEN 'unknown' THEN NULL ELSE stage = 'ready_to_archive' END AS ready_to_archive
    FROM flags JOIN flag_lifecycle USING (project_key, flag_key) WHERE state <> 'archived';
CREATE TABLE flag_judgements AS
    SELECT project_key, flag_key, 0 AS is_exempt, state, temporary, created_at, ready_for_code_removal, ready_to_archive,
        0 AS code_not_checked, 0 AS inactive
    FROM flags JOIN flag_readiness USING (project_key, flag_key, state, temporary);
CREATE VIEW critical_environments AS SELECT project_key, environment_key FROM environments WHERE critical;
CREATE TABLE exempt_flags (project_key TEXT, flag_key TEXT, tag TEXT);
CREATE VIEW project_thresholds AS SELECT project_key, threshold, value FROM projects, scorecard_thresholds;
CREATE TABLE code_references (project_key TEXT, flag_key TEXT, repository TEXT);
INSERT INTO code_references
    SELECT project_key, flag_key, '<b>shop</b>' FROM flag_lifecycle WHERE stage = 'ready_for_code_removal';
CREATE TABLE code_reference_files (project_key TEXT, flag_key TEXT, repository TEXT, path TEXT, line INTEGER, url TEXT);
CREATE INDEX files_of_flags ON code_reference_files (project_key, flag_key);
CREATE INDEX references_of_flags ON code_references (project_key, flag_key);
INSERT INTO code_reference_files
    SELECT project_key, flag_key, repository, 'src/<i>cart</i>.rs', column1, column2
    FROM code_references, (VALUES (3, 'https://example.com/shop/blob/main/src/cart.rs#L3'),
        (14, 'javascript:document.title="owned"'), (15, NULL), (92, NULL), (65, NULL));
CREATE TABLE flags_ready_for_code_removal AS SELECT project_key, flag_key FROM flag_lifecycle
    WHERE stage = 'ready_for_code_removal';
CREATE TABLE flags_ready_to_archive AS SELECT project_key, flag_key FROM flag_lifecycle
    WHERE stage = 'ready_to_archive';
CREATE TABLE statuses AS
    SELECT project_key, environment_key, flag_key, age_days, temporary,
        CASE WHEN project_key = 'project-11' THEN 'unknown' ELSE
        CASE (readiness.rowid * 7 + environments.rowid) % 5 WHEN 0 THEN 'new' WHEN 1 THEN 'active' WHEN 2 THEN 'active'
        WHEN 3 THEN 'launched' ELSE 'inactive' END END AS status
    FROM flag_readiness AS readiness JOIN environments USING (project_key);
CREATE TABLE status_counts AS
    SELECT project_key, environment_key, status, count(*) AS flags FROM statuses GROUP BY 1, 2, 3;
CREATE TABLE flag_statuses AS
    SELECT project_key, environment_key, flag_key, status FROM statuses WHERE status <> 'unknown';
CREATE TABLE stale_flags AS
    SELECT project_key, environment_key, flag_key, status, age_days, age_days / 2 AS status_days,
        '2026-01-01T00:00:00.000Z' AS created_at
    FROM statuses WHERE temporary AND age_days >= 30 AND status IN ('launched', 'inactive');
CREATE TABLE stale_percentages AS
    SELECT project_key, environment_key, environment_key = 'production' AS critical, sum(temporary) AS temporary_flags,
        CASE WHEN project_key <> 'project-11' THEN sum(temporary AND status IN ('launched', 'inactive')) END AS stale_flags,
        CASE WHEN project_key <> 'project-11'
            THEN 100.0 * sum(temporary AND status IN ('launched', 'inactive')) / sum(temporary) END AS stale_percentage,
        sum(status = 'unknown') AS unknown_flags
    FROM statuses GROUP BY 1, 2;
CREATE TABLE unowned_flags AS
    SELECT project_key, flag_key, 'none' AS reason, maintainer_id, maintainer_team_key
    FROM flags WHERE state <> 'archived' AND rowid % 3 = 0;
CREATE TABLE owner_debt AS
    SELECT CASE WHEN maintainer_id IS NOT NULL THEN 'member' WHEN maintainer_team_key IS NOT NULL THEN 'team' ELSE 'none' END AS owner_kind,
        coalesce(maintainer_id, maintainer_team_key) AS owner,
        coalesce(maintainer_email, maintainer_team_key) AS owner_name,
        CASE WHEN maintainer_id IS NOT NULL THEN 0 END AS is_departed,
        sum(stage <> 'archived') AS live_flags,
        sum(stage = 'ready_for_code_removal') AS ready_for_code_removal,
        sum(stage = 'ready_to_archive') AS ready_to_archive,
        sum(stage = 'unknown') AS unknown_flags
    FROM flags JOIN flag_lifecycle USING (project_key, flag_key) WHERE state = 'live' GROUP BY 1, 2;
CREATE TABLE never_requested_flags AS
    SELECT project_key, flag_key, '2026-01-01T00:00:00.000Z' AS created_at, age_days
    FROM flag_readiness WHERE rowid % 11 = 0;
CREATE TABLE inactive_flags AS
    SELECT project_key, environment_key, flag_key, '2026-02-03T00:00:00.000Z' AS last_requested_at,
        290 AS inactive_days FROM statuses WHERE status = 'inactive' AND age_days > 300;
CREATE TABLE launched_flags AS
    SELECT project_key, environment_key, flag_key, '2026-02-03T00:00:00.000Z' AS last_modified_at,
        290 AS unchanged_days FROM statuses WHERE status = 'launched' AND age_days > 300;
CREATE TABLE forward_values AS
    SELECT project_key, flag_key, 0 AS variation_index, 'true' AS value, 'all_on' AS reason FROM flag_readiness;
CREATE TABLE removal_verdicts AS
    SELECT project_key, flag_key,
        CASE rowid % 4 WHEN 0 THEN 'safe' WHEN 1 THEN 'caution' WHEN 2 THEN 'blocked' ELSE 'unknown' END AS verdict,
        '["it is permanent","<i>code</i> refers to it"]' AS reasons FROM flag_readiness;
ALTER TABLE removal_verdicts ADD COLUMN code_removal_verdict;
ALTER TABLE removal_verdicts ADD COLUMN code_removal_reasons;
ALTER TABLE removal_verdicts ADD COLUMN archive_verdict;
ALTER TABLE removal_verdicts ADD COLUMN archive_reasons;
UPDATE removal_verdicts SET code_removal_verdict = verdict, code_removal_reasons = reasons,
    archive_verdict = verdict, archive_reasons = '["still_requested"]';
CREATE TABLE forgotten_rollouts AS
    SELECT project_key, flag_key, 1 AS launched_environments, 1 AS inactive_environments,
        'production' AS launched_in, 'test' AS inactive_in FROM flag_readiness WHERE rowid % 13 = 0;
CREATE TABLE flag_lifetimes AS
    SELECT project_key, flag_key, temporary, created_at, archived_at, 120 AS lifetime_days, 1 AS is_over_norm
    FROM flags WHERE state = 'archived';
CREATE TABLE flag_velocity AS
    SELECT month, sum(created) AS created, sum(archived) AS archived, sum(created) - sum(archived) AS net
    FROM (SELECT substr(created_at, 1, 7) AS month, 1 AS created, 0 AS archived FROM flags
          UNION ALL SELECT substr(archived_at, 1, 7), 0, 1 FROM flags WHERE state = 'archived')
    GROUP BY month;
CREATE TABLE inactive_projects AS
    SELECT 'project-10' AS project_key, '2026-01-05T00:00:00.000Z' AS last_flag_created_at, 12 AS flags,
        1 AS is_inactive;
CREATE TABLE fallback_mismatches AS
    SELECT project_key, 'production' AS environment_key, flag_key, 'true' AS value, 'false' AS default_value
    FROM flag_readiness WHERE rowid % 17 = 0;
CREATE TABLE flag_hygiene AS
    SELECT project_key, flag_key, rowid % 4 > 0 AS has_description, rowid % 3 > 0 AS has_tags FROM flag_readiness;
CREATE TABLE temporary_turned_permanent (project_key TEXT, flag_key TEXT, seen_at TEXT, extraction_id TEXT);
CREATE TABLE change_actors (actor_kind TEXT, actor TEXT, actor_name TEXT, kind TEXT, entries INTEGER, last_change_at TEXT);
INSERT INTO change_actors VALUES
    ('member', 'member-1', 'person1@example.com', 'flag', 40, '2026-11-19T10:00:00.000Z'),
    ('token', 'token-1', '+terraform', 'flag', 400, '2026-11-19T11:00:00.000Z');
CREATE TABLE uncommented_critical_changes (entry_id TEXT, occurred_at TEXT, project_key TEXT,
    environment_key TEXT, flag_key TEXT, member_id TEXT, member_email TEXT, title TEXT);
CREATE TABLE environment_governance AS
    SELECT project_key, environment_key, NULL AS has_approvals, 1 AS requires_comments, 0 AS confirms_changes,
        NULL AS is_governed FROM environments WHERE critical;
CREATE TABLE access_hygiene AS
    SELECT 'member' AS subject_kind, 'member-3' AS subject, 'person3@example.com' AS subject_name,
        'unseen' AS finding, 45 AS days;
CREATE TABLE blast_radius AS
    SELECT project_key, environment_key, 'prerequisite' AS kind, 'flag-00001' AS key, 3 AS flags FROM environments;
CREATE TABLE code_reference_mismatches AS
    SELECT project_key, flag_key, 'archived_but_referenced' AS mismatch, 2 AS repositories FROM flags
    WHERE state = 'archived' AND rowid % 3 = 0;
CREATE TABLE scorecards AS
    SELECT column1 AS scorecard, 'project' AS subject_kind, project_key AS subject,
        CASE (projects.rowid + length(column1)) % 4 WHEN 0 THEN 'pass' WHEN 1 THEN 'warn' WHEN 2 THEN 'fail' ELSE 'unknown' END AS status,
        CASE WHEN (projects.rowid + length(column1)) % 4 < 3 THEN projects.rowid * 3.25 END AS output,
        'so many of so many' AS detail
    FROM projects, (VALUES ('stale_percentage'), ('ownership_coverage'), ('removal_backlog'), ('flag_age'),
        ('hygiene'), ('environment_governance'))
    UNION ALL
    SELECT 'removal_backlog', 'team', 'team-1', 'fail', 12.0, '12 flags' UNION ALL
    SELECT 'flag_age', 'owner', 'person3@example.com', 'warn', 80.5, 'old <b>flags</b>';
ALTER TABLE scorecards ADD COLUMN subject_name TEXT;
ALTER TABLE scorecards ADD COLUMN output_min REAL;
ALTER TABLE scorecards ADD COLUMN output_max REAL;
ALTER TABLE scorecards ADD COLUMN total INTEGER;
ALTER TABLE scorecards ADD COLUMN counted INTEGER;
ALTER TABLE scorecards ADD COLUMN unknown INTEGER;
UPDATE scorecards SET subject_name = subject, total = 100, counted = round(output), unknown = 0
    WHERE output IS NOT NULL;
UPDATE scorecards SET subject_name = subject WHERE subject_name IS NULL;
CREATE TABLE scorecard_thresholds (threshold TEXT PRIMARY KEY, value REAL, default_value REAL, unit TEXT, description TEXT);
INSERT INTO scorecard_thresholds VALUES ('stale_percentage_fail', 40, 50, 'percent', ''), ('inactive', 45, 30, 'days', ''),
    ('stale_flag_age', 30, 30, 'days', '');
CREATE TABLE project_daily AS
    SELECT project_key, date('2026-11-20', '-' || n || ' days') AS day, '20261120T020000Z' AS extraction_id,
        60 - n / 10 AS live, 3 AS deprecated, 40 - n / 12 AS temporary, 20 AS permanent, 10 AS archived,
        CASE WHEN project_key <> 'project-11' THEN 20 + n / 9 END AS stale,
        CASE WHEN project_key <> 'project-11' THEN 8 + n / 15 END AS stale_in_critical,
        CASE WHEN project_key <> 'project-11' THEN 5 + n % 3 END AS ready_to_archive,
        CASE WHEN project_key <> 'project-11' THEN 6 + n / 20 END AS ready_for_code_removal,
        5 AS unowned, 1 AS created, 0 AS archived_that_day
    FROM projects, (SELECT n FROM numbers WHERE n < 120);
CREATE TABLE resource_coverage (resource TEXT, scope TEXT, outcome TEXT, rows_read_at TEXT, detail TEXT,
    is_complete INTEGER AS (outcome = 'complete') STORED);
INSERT INTO resource_coverage
    SELECT column1, '', 'complete', '2026-11-20T02:00:00.000Z', NULL FROM (VALUES ('projects'), ('teams'), ('tags'));
INSERT INTO resource_coverage SELECT 'flags', project_key, 'complete', '2026-11-20T02:00:00.000Z', NULL FROM projects;
INSERT INTO resource_coverage
    SELECT 'flag_statuses', project_key || '/' || environment_key,
        CASE WHEN project_key = 'project-11' THEN 'invalid_permissions' ELSE 'complete' END,
        CASE WHEN project_key <> 'project-11' THEN '2026-11-20T02:00:00.000Z' END, NULL FROM environments;
INSERT INTO resource_coverage VALUES ('audit_log', '', 'skipped', NULL, NULL),
    ('members', '', 'not_available', '2026-10-01T02:00:00.000Z', NULL);
CREATE TABLE view_coverage AS
    SELECT column1 AS view_name, resource, scope, outcome, rows_read_at, detail
    FROM resource_coverage, (VALUES ('stale_flags'), ('flag_readiness'), ('flag_lifecycle'), ('flags_ready_to_archive'),
        ('flags_ready_for_code_removal'), ('status_counts'), ('removal_verdicts'))
    WHERE resource = 'flag_statuses' AND outcome <> 'complete'
    UNION ALL
    SELECT column1, resource, scope, outcome, rows_read_at, detail
    FROM resource_coverage, (VALUES ('uncommented_critical_changes'), ('change_actors')) WHERE resource = 'audit_log'
    UNION ALL
    SELECT 'unowned_flags', resource, scope, outcome, rows_read_at, detail FROM resource_coverage WHERE resource = 'members';
