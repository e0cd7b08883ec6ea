-- Generated from the table definitions; do not edit.
-- Times are UTC text such as 2026-11-20T02:00:00.000Z; booleans are 0 and 1.

-- One row per project.
CREATE TABLE IF NOT EXISTS projects (
    project_key TEXT NOT NULL,
    project_id TEXT NOT NULL,
    name TEXT NOT NULL,
    include_in_snippet_by_default BOOLEAN NOT NULL,
    default_using_environment_id BOOLEAN,
    default_using_mobile_key BOOLEAN,
    default_release_pipeline_key TEXT,
    PRIMARY KEY (project_key)
) WITHOUT ROWID;

-- One row per tag on each project.
CREATE TABLE IF NOT EXISTS project_tags (
    project_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, tag),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
) WITHOUT ROWID;

-- One row per environment of each project.
CREATE TABLE IF NOT EXISTS environments (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    environment_id TEXT NOT NULL,
    name TEXT NOT NULL,
    color TEXT NOT NULL,
    critical BOOLEAN NOT NULL,
    default_ttl_minutes BIGINT NOT NULL,
    secure_mode BOOLEAN NOT NULL,
    default_track_events BOOLEAN NOT NULL,
    require_comments BOOLEAN NOT NULL,
    confirm_changes BOOLEAN NOT NULL,
    approval_required BOOLEAN,
    approval_min_count BIGINT,
    approval_can_review_own_request BOOLEAN,
    approval_can_apply_declined_changes BOOLEAN,
    approval_service_kind TEXT,
    approval_service_configuration_id TEXT,
    approval_auto_apply_approved_changes BOOLEAN,
    approval_bypass_for_pending_changes BOOLEAN,
    PRIMARY KEY (project_key, environment_key),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
) WITHOUT ROWID;

-- One row per tag on each environment.
CREATE TABLE IF NOT EXISTS environment_tags (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, environment_key, tag),
    FOREIGN KEY (project_key, environment_key) REFERENCES environments (project_key, environment_key)
) WITHOUT ROWID;

-- One row per tag that limits an environment's approvals to flags that bear it.
CREATE TABLE IF NOT EXISTS environment_approval_tags (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, environment_key, tag),
    FOREIGN KEY (project_key, environment_key) REFERENCES environments (project_key, environment_key)
) WITHOUT ROWID;

-- One row per kind of resource, other than flags, with approval settings of its own.
CREATE TABLE IF NOT EXISTS environment_resource_approvals (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    resource_kind TEXT NOT NULL,
    required BOOLEAN NOT NULL,
    min_count BIGINT,
    service_kind TEXT,
    PRIMARY KEY (project_key, environment_key, resource_kind),
    FOREIGN KEY (project_key, environment_key) REFERENCES environments (project_key, environment_key)
) WITHOUT ROWID;

-- One row per tag in use anywhere in the account.
CREATE TABLE IF NOT EXISTS tags (
    tag TEXT NOT NULL,
    PRIMARY KEY (tag)
) WITHOUT ROWID;

-- One row per team.
CREATE TABLE IF NOT EXISTS teams (
    team_key TEXT NOT NULL,
    name TEXT,
    description TEXT,
    created_at TIMESTAMP,
    last_modified_at TIMESTAMP,
    version BIGINT,
    idp_synced BOOLEAN,
    member_count BIGINT,
    maintainer_count BIGINT NOT NULL,
    PRIMARY KEY (team_key)
) WITHOUT ROWID;

-- One row per member who maintains a team.
CREATE TABLE IF NOT EXISTS team_maintainers (
    team_key TEXT NOT NULL,
    member_id TEXT NOT NULL,
    email TEXT NOT NULL,
    first_name TEXT,
    last_name TEXT,
    role TEXT NOT NULL,
    PRIMARY KEY (team_key, member_id),
    FOREIGN KEY (team_key) REFERENCES teams (team_key)
) WITHOUT ROWID;

-- One row per feature flag: live, deprecated or archived.
CREATE TABLE IF NOT EXISTS flags (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    kind TEXT NOT NULL,
    purpose TEXT,
    state TEXT NOT NULL,
    temporary BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    archived_at TIMESTAMP,
    deprecated_at TIMESTAMP,
    maintainer_id TEXT,
    maintainer_email TEXT,
    maintainer_team_key TEXT,
    default_on_variation BIGINT,
    default_off_variation BIGINT,
    using_environment_id BOOLEAN,
    using_mobile_key BOOLEAN,
    variation_count BIGINT NOT NULL,
    migration_context_kind TEXT,
    migration_stage_count BIGINT,
    experiment_baseline_variation BIGINT,
    PRIMARY KEY (project_key, flag_key),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
) WITHOUT ROWID;

-- One row per tag on each flag.
CREATE TABLE IF NOT EXISTS flag_tags (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, flag_key, tag),
    FOREIGN KEY (project_key, flag_key) REFERENCES flags (project_key, flag_key)
) WITHOUT ROWID;

-- One row per variation of each flag.
CREATE TABLE IF NOT EXISTS flag_variations (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    variation_index BIGINT NOT NULL,
    variation_id TEXT,
    name TEXT,
    description TEXT,
    value TEXT NOT NULL,
    value_hash TEXT,
    PRIMARY KEY (project_key, flag_key, variation_index),
    FOREIGN KEY (project_key, flag_key) REFERENCES flags (project_key, flag_key)
) WITHOUT ROWID;

-- One row per value of each custom property of each flag.
CREATE TABLE IF NOT EXISTS flag_custom_properties (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    property_key TEXT NOT NULL,
    value_index BIGINT NOT NULL,
    property_name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (project_key, flag_key, property_key, value_index),
    FOREIGN KEY (project_key, flag_key) REFERENCES flags (project_key, flag_key)
) WITHOUT ROWID;

-- One row per legacy experiment on each flag.
CREATE TABLE IF NOT EXISTS flag_experiments (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    experiment_index BIGINT NOT NULL,
    metric_key TEXT,
    environment_keys TEXT,
    PRIMARY KEY (project_key, flag_key, experiment_index),
    FOREIGN KEY (project_key, flag_key) REFERENCES flags (project_key, flag_key)
) WITHOUT ROWID;

-- One row per flag that is not archived and environment: how the flag is configured there.
CREATE TABLE IF NOT EXISTS flag_environments (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    is_on BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    last_modified_at TIMESTAMP NOT NULL,
    fallthrough_variation BIGINT,
    off_variation BIGINT,
    rule_count BIGINT NOT NULL,
    target_count BIGINT NOT NULL,
    context_target_count BIGINT NOT NULL,
    prerequisite_count BIGINT NOT NULL,
    track_events BOOLEAN NOT NULL,
    track_events_fallthrough BOOLEAN NOT NULL,
    debug_events_until_at TIMESTAMP,
    migration_check_ratio BIGINT,
    evaluated_context_kinds TEXT,
    PRIMARY KEY (project_key, flag_key, environment_key),
    FOREIGN KEY (project_key, flag_key) REFERENCES flags (project_key, flag_key),
    FOREIGN KEY (project_key, environment_key) REFERENCES environments (project_key, environment_key)
) WITHOUT ROWID;

-- One row per targeting rule of each flag in each environment.
CREATE TABLE IF NOT EXISTS flag_rules (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    rule_index BIGINT NOT NULL,
    rule_id TEXT,
    description TEXT,
    variation BIGINT,
    clauses TEXT NOT NULL,
    track_events BOOLEAN NOT NULL,
    disabled BOOLEAN,
    reference TEXT,
    PRIMARY KEY (project_key, flag_key, environment_key, rule_index),
    FOREIGN KEY (project_key, flag_key, environment_key) REFERENCES flag_environments (project_key, flag_key, environment_key)
) WITHOUT ROWID;

-- One row per variation of each percentage rollout.
CREATE TABLE IF NOT EXISTS flag_rollouts (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    rule_index BIGINT NOT NULL,
    variation BIGINT NOT NULL,
    weight BIGINT NOT NULL,
    bucket_by TEXT,
    context_kind TEXT,
    untracked_weight BIGINT NOT NULL,
    seed BIGINT,
    experiment_allocation TEXT,
    PRIMARY KEY (project_key, flag_key, environment_key, rule_index, variation),
    FOREIGN KEY (project_key, flag_key, environment_key) REFERENCES flag_environments (project_key, flag_key, environment_key)
) WITHOUT ROWID;

-- One row per context kind and variation with individual targets; who they are is not kept.
CREATE TABLE IF NOT EXISTS flag_targets (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    context_kind TEXT NOT NULL,
    variation BIGINT NOT NULL,
    value_count BIGINT NOT NULL,
    PRIMARY KEY (project_key, flag_key, environment_key, context_kind, variation),
    FOREIGN KEY (project_key, flag_key, environment_key) REFERENCES flag_environments (project_key, flag_key, environment_key)
) WITHOUT ROWID;

-- One row per individually targeted context; empty unless `--target-values` asks for them.
CREATE TABLE IF NOT EXISTS flag_target_values (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    context_kind TEXT NOT NULL,
    variation BIGINT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (project_key, flag_key, environment_key, context_kind, variation, value),
    FOREIGN KEY (project_key, flag_key, environment_key) REFERENCES flag_environments (project_key, flag_key, environment_key)
) WITHOUT ROWID;

-- One row per flag that another flag depends on in an environment.
CREATE TABLE IF NOT EXISTS flag_prerequisites (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    prerequisite_flag_key TEXT NOT NULL,
    variation BIGINT NOT NULL,
    PRIMARY KEY (project_key, flag_key, environment_key, prerequisite_flag_key),
    FOREIGN KEY (project_key, flag_key, environment_key) REFERENCES flag_environments (project_key, flag_key, environment_key)
) WITHOUT ROWID;

-- One row per flag and environment with a status.
CREATE TABLE IF NOT EXISTS flag_statuses (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    status TEXT NOT NULL,
    last_requested_at TIMESTAMP,
    default_value TEXT,
    PRIMARY KEY (project_key, flag_key, environment_key),
    FOREIGN KEY (project_key, flag_key) REFERENCES flags (project_key, flag_key),
    FOREIGN KEY (project_key, environment_key) REFERENCES environments (project_key, environment_key)
) WITHOUT ROWID;

-- One row per member of the account.
CREATE TABLE IF NOT EXISTS members (
    member_id TEXT NOT NULL,
    email TEXT NOT NULL,
    first_name TEXT,
    last_name TEXT,
    role TEXT NOT NULL,
    mfa TEXT,
    mfa_enforced BOOLEAN,
    mfa_grace_period_expires_at TIMESTAMP,
    verified BOOLEAN,
    pending_invite BOOLEAN NOT NULL,
    has_password BOOLEAN,
    created_at TIMESTAMP,
    last_seen_at TIMESTAMP,
    role_attributes TEXT,
    version BIGINT,
    PRIMARY KEY (member_id)
) WITHOUT ROWID;

-- One row per member of each team.
CREATE TABLE IF NOT EXISTS team_members (
    team_key TEXT NOT NULL,
    member_id TEXT NOT NULL,
    PRIMARY KEY (team_key, member_id)
) WITHOUT ROWID;

-- One row per custom role of each member.
CREATE TABLE IF NOT EXISTS member_custom_roles (
    member_id TEXT NOT NULL,
    custom_role_id TEXT NOT NULL,
    PRIMARY KEY (member_id, custom_role_id),
    FOREIGN KEY (member_id) REFERENCES members (member_id)
) WITHOUT ROWID;

-- One row per published run of flaglake.
CREATE TABLE IF NOT EXISTS extractions (
    extraction_id TEXT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP NOT NULL,
    tool_version TEXT NOT NULL,
    schema_version BIGINT NOT NULL,
    api_version TEXT NOT NULL,
    base_url TEXT NOT NULL,
    account_id TEXT,
    token_name TEXT,
    personal_data TEXT NOT NULL,
    requests BIGINT NOT NULL,
    retries BIGINT NOT NULL,
    rate_limited_ms BIGINT NOT NULL,
    PRIMARY KEY (extraction_id)
) WITHOUT ROWID;

-- One row per resource and scope of each published run.
CREATE TABLE IF NOT EXISTS extraction_resources (
    extraction_id TEXT NOT NULL,
    resource TEXT NOT NULL,
    scope TEXT NOT NULL,
    outcome TEXT NOT NULL,
    requests BIGINT NOT NULL,
    rows BIGINT NOT NULL,
    distinct_rows BIGINT NOT NULL,
    reported_total BIGINT,
    passes BIGINT NOT NULL,
    http_status BIGINT,
    is_stale BOOLEAN NOT NULL,
    rows_read_at TIMESTAMP,
    detail TEXT,
    PRIMARY KEY (extraction_id, resource, scope),
    FOREIGN KEY (extraction_id) REFERENCES extractions (extraction_id)
) WITHOUT ROWID;
