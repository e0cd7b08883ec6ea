//! One statement for every table that shows what it is for; a test runs them all.

use crate::model::table::{TableInfo, Type};

/// Hand-written statements for the tables that are queried most.
const WRITTEN: &[(&str, &str)] = &[
    (
        "projects",
        "SELECT project_key, count(flag_key) AS flags FROM projects LEFT JOIN flags USING (project_key) GROUP BY project_key",
    ),
    (
        "environments",
        "SELECT project_key, environment_key FROM environments WHERE critical AND NOT require_comments",
    ),
    (
        "tags",
        "SELECT tag, count(*) AS flags FROM tags JOIN flag_tags USING (tag) GROUP BY tag ORDER BY flags DESC",
    ),
    (
        "teams",
        "SELECT team_key, count(*) AS flags FROM teams JOIN flags ON maintainer_team_key = team_key GROUP BY team_key",
    ),
    ("team_maintainers", "SELECT team_key, email FROM team_maintainers ORDER BY team_key, email"),
    (
        "flags",
        "SELECT project_key, flag_key, created_at FROM flags WHERE temporary AND state = 'live' ORDER BY created_at LIMIT 10",
    ),
    (
        "flag_custom_properties",
        "SELECT value, count(*) AS flags FROM flag_custom_properties WHERE property_key = 'jira.issues' GROUP BY value",
    ),
    (
        "flag_environments",
        "SELECT environment_key, sum(is_on) AS flags_on, count(*) AS flags FROM flag_environments GROUP BY environment_key",
    ),
    (
        "flag_rules",
        "SELECT project_key, flag_key, environment_key, count(*) AS rules FROM flag_rules GROUP BY 1, 2, 3 ORDER BY rules DESC LIMIT 10",
    ),
    (
        "flag_rollouts",
        "SELECT project_key, flag_key, environment_key, variation, weight / 1000.0 AS percent FROM flag_rollouts WHERE rule_index = -1",
    ),
    (
        "flag_prerequisites",
        "SELECT project_key, prerequisite_flag_key, count(DISTINCT flag_key) AS dependents FROM flag_prerequisites GROUP BY 1, 2 ORDER BY dependents DESC",
    ),
    (
        "flag_statuses",
        "SELECT environment_key, status, count(*) AS flags FROM flag_statuses GROUP BY environment_key, status",
    ),
    (
        "audit_log_entries",
        "SELECT occurred_at, member_email, title FROM audit_log_entries WHERE resource_kind = 'flag' ORDER BY occurred_at DESC LIMIT 10",
    ),
    ("members", "SELECT email, last_seen_at FROM members WHERE mfa = 'disabled' ORDER BY email"),
    (
        "approval_requests",
        "SELECT project_key, status, count(*) AS requests FROM approval_requests GROUP BY project_key, status",
    ),
    (
        "code_references",
        "SELECT repository, count(DISTINCT flag_key) AS flags FROM code_references GROUP BY repository ORDER BY flags DESC",
    ),
    (
        "code_reference_files",
        "SELECT path, line, url FROM code_reference_files WHERE flag_key = 'holiday-hours' ORDER BY path, line",
    ),
    (
        "access_tokens",
        "SELECT name, last_used_at FROM access_tokens ORDER BY last_used_at LIMIT 10",
    ),
    (
        "extractions",
        "SELECT extraction_id, started_at, requests, retries, rate_limited_ms FROM extractions ORDER BY started_at DESC LIMIT 10",
    ),
    (
        "extraction_resources",
        "SELECT resource, scope, outcome, detail FROM extraction_resources WHERE outcome <> 'complete' ORDER BY extraction_id DESC, resource",
    ),
    (
        "scorecard_thresholds",
        "UPDATE scorecard_thresholds SET value = 60 WHERE threshold = 'flag_lifetime'",
    ),
    (
        "flags_history",
        "SELECT project_key, flag_key, valid_from, name, state FROM flags_history WHERE flag_key = 'checkout-v2' ORDER BY valid_from",
    ),
    ("syncs", "SELECT sync_name, object, target, created_at FROM syncs ORDER BY sync_name"),
    (
        "sync_runs",
        "SELECT sync_name, started_at, outcome, rows_read, rejected FROM sync_runs ORDER BY started_at DESC LIMIT 10",
    ),
    (
        "sync_rows",
        "SELECT sync_name, status, count(*) AS rows FROM sync_rows GROUP BY sync_name, status",
    ),
    (
        "sync_rejected",
        "SELECT row_number, row_key, reason, message FROM sync_rejected JOIN sync_runs USING (sync_run_id) WHERE started_at = (SELECT max(started_at) FROM sync_runs) ORDER BY row_number",
    ),
    (
        "sync_batches",
        "SELECT sync_name, payload_id, created_at, rows FROM sync_batches WHERE state = 'unknown'",
    ),
    (
        "project_daily",
        "SELECT day, sum(live) AS live, sum(created) AS created FROM project_daily GROUP BY day ORDER BY day",
    ),
];

/// The statement for `table`: the hand-written one if there is one, otherwise the latest rows or
/// the number of rows for each parent.
pub fn of(table: &TableInfo) -> String {
    let written = WRITTEN.iter().find(|(name, _)| *name == table.name);
    if let Some((_, statement)) = written {
        return (*statement).to_owned();
    }
    let time = table.columns.iter().find(|column| column.ty == Type::Time);
    match (time, table.key.first()) {
        (None, Some(first)) if table.key.len() > 1 => {
            format!("SELECT {first}, count(*) AS rows FROM {} GROUP BY {first}", table.name)
        }
        _ => latest(table, time.map_or("1", |column| column.name)),
    }
}

/// The ten rows that come first when ordered by a time.
fn latest(table: &TableInfo, time: &str) -> String {
    let others = table.columns.iter().map(|column| column.name);
    let others = others.filter(|name| !table.key.contains(name) && *name != time);
    let mut columns: Vec<_> = table.key.iter().copied().chain(others.take(2)).collect();
    if time != "1" && !columns.contains(&time) {
        columns.push(time);
    }
    let columns = columns.join(", ");
    format!("SELECT {columns} FROM {} ORDER BY {time} DESC LIMIT 10", table.name)
}
