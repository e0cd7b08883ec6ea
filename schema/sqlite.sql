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

-- One row per value that a team gives an attribute of its roles.
CREATE TABLE IF NOT EXISTS team_role_attributes (
    team_key TEXT NOT NULL,
    attribute_key TEXT NOT NULL,
    value_index BIGINT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (team_key, attribute_key, value_index),
    FOREIGN KEY (team_key) REFERENCES teams (team_key)
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
    ld_ready_for_code_removal BOOLEAN,
    ld_ready_to_archive BOOLEAN,
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
    status_since TIMESTAMP,
    PRIMARY KEY (project_key, flag_key, environment_key),
    FOREIGN KEY (project_key, flag_key) REFERENCES flags (project_key, flag_key),
    FOREIGN KEY (project_key, environment_key) REFERENCES environments (project_key, environment_key)
) WITHOUT ROWID;

-- One row per entry of the audit log; rows stay after LaunchDarkly has forgotten them.
CREATE TABLE IF NOT EXISTS audit_log_entries (
    entry_id TEXT NOT NULL,
    occurred_at TIMESTAMP NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    title_verb TEXT,
    title TEXT,
    short_description TEXT,
    description TEXT,
    comment TEXT,
    member_id TEXT,
    member_email TEXT,
    member_first_name TEXT,
    member_last_name TEXT,
    app_id TEXT,
    app_name TEXT,
    app_is_scim BOOLEAN,
    token_id TEXT,
    token_name TEXT,
    service_token BOOLEAN,
    subject_name TEXT,
    project_key TEXT,
    environment_key TEXT,
    resource_kind TEXT,
    resource_key TEXT,
    related_flag_key TEXT,
    related_experiment_key TEXT,
    related_ai_config_key TEXT,
    target_name TEXT,
    target_resources TEXT,
    parent_name TEXT,
    parent_resource TEXT,
    PRIMARY KEY (entry_id)
) WITHOUT ROWID;

-- One row per action on each resource of each entry.
CREATE TABLE IF NOT EXISTS audit_log_accesses (
    entry_id TEXT NOT NULL,
    access_index BIGINT NOT NULL,
    action TEXT NOT NULL,
    resource TEXT NOT NULL,
    PRIMARY KEY (entry_id, access_index),
    FOREIGN KEY (entry_id) REFERENCES audit_log_entries (entry_id)
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

-- One row per request to approve a change of a flag, segment or AI config.
CREATE TABLE IF NOT EXISTS approval_requests (
    approval_request_id TEXT NOT NULL,
    project_key TEXT,
    environment_key TEXT,
    resource_kind TEXT,
    resource_key TEXT,
    resource TEXT,
    description TEXT,
    service_kind TEXT NOT NULL,
    review_status TEXT NOT NULL,
    status TEXT NOT NULL,
    requestor_id TEXT,
    created_at TIMESTAMP NOT NULL,
    execution_at TIMESTAMP,
    applied_at TIMESTAMP,
    applied_by_member_id TEXT,
    applied_by_service_token_id TEXT,
    review_count BIGINT NOT NULL,
    approval_count BIGINT NOT NULL,
    decline_count BIGINT NOT NULL,
    comment_count BIGINT NOT NULL,
    instruction_count BIGINT NOT NULL,
    conflict_count BIGINT NOT NULL,
    notify_member_ids TEXT,
    operating_on_id TEXT,
    source_flag_key TEXT,
    source_flag_version BIGINT,
    external_id TEXT,
    external_status TEXT,
    external_status_checked_at TIMESTAMP,
    workflow_name TEXT,
    workflow_stage_index BIGINT,
    workflow_stage_name TEXT,
    version BIGINT NOT NULL,
    PRIMARY KEY (approval_request_id)
) WITHOUT ROWID;

-- One row per review of each approval request.
CREATE TABLE IF NOT EXISTS approval_reviews (
    approval_request_id TEXT NOT NULL,
    review_index BIGINT NOT NULL,
    review_id TEXT,
    kind TEXT NOT NULL,
    member_id TEXT,
    service_token_id TEXT,
    created_at TIMESTAMP,
    comment TEXT,
    PRIMARY KEY (approval_request_id, review_index),
    FOREIGN KEY (approval_request_id) REFERENCES approval_requests (approval_request_id)
) WITHOUT ROWID;

-- One row per repository that is searched for flag keys.
CREATE TABLE IF NOT EXISTS code_reference_repositories (
    repository TEXT NOT NULL,
    type TEXT,
    source_link TEXT,
    commit_url_template TEXT,
    hunk_url_template TEXT,
    default_branch TEXT,
    enabled BOOLEAN,
    version BIGINT,
    PRIMARY KEY (repository)
) WITHOUT ROWID;

-- One row per flag and repository whose default branch mentions the flag.
CREATE TABLE IF NOT EXISTS code_references (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    repository TEXT NOT NULL,
    branch TEXT NOT NULL,
    file_count BIGINT NOT NULL,
    hunk_count BIGINT NOT NULL,
    last_commit_at TIMESTAMP,
    type TEXT,
    source_link TEXT,
    enabled BOOLEAN,
    repository_version BIGINT,
    PRIMARY KEY (project_key, flag_key, repository, branch),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
) WITHOUT ROWID;

-- One row per segment of each environment; who is in it is not kept.
CREATE TABLE IF NOT EXISTS segments (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    segment_key TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    version BIGINT NOT NULL,
    deleted BOOLEAN,
    unbounded BOOLEAN NOT NULL,
    unbounded_context_kind TEXT,
    generation BIGINT,
    external TEXT,
    import_in_progress BOOLEAN,
    included_count BIGINT,
    excluded_count BIGINT,
    included_context_count BIGINT,
    excluded_context_count BIGINT,
    unbounded_included_count BIGINT,
    unbounded_excluded_count BIGINT,
    rule_count BIGINT NOT NULL,
    flag_count BIGINT,
    created_at TIMESTAMP NOT NULL,
    last_modified_at TIMESTAMP NOT NULL,
    unbounded_last_modified_at TIMESTAMP,
    PRIMARY KEY (project_key, environment_key, segment_key),
    FOREIGN KEY (project_key, environment_key) REFERENCES environments (project_key, environment_key)
) WITHOUT ROWID;

-- One row per tag on each segment.
CREATE TABLE IF NOT EXISTS segment_tags (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    segment_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, environment_key, segment_key, tag),
    FOREIGN KEY (project_key, environment_key, segment_key) REFERENCES segments (project_key, environment_key, segment_key)
) WITHOUT ROWID;

-- One row per rule of each segment.
CREATE TABLE IF NOT EXISTS segment_rules (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    segment_key TEXT NOT NULL,
    rule_index BIGINT NOT NULL,
    rule_id TEXT,
    description TEXT,
    clauses TEXT NOT NULL,
    weight BIGINT,
    bucket_by TEXT,
    rollout_context_kind TEXT,
    PRIMARY KEY (project_key, environment_key, segment_key, rule_index),
    FOREIGN KEY (project_key, environment_key, segment_key) REFERENCES segments (project_key, environment_key, segment_key)
) WITHOUT ROWID;

-- One row per flag that targets a segment, where `segments.flag_count` is not NULL.
CREATE TABLE IF NOT EXISTS segment_flags (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    segment_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    PRIMARY KEY (project_key, environment_key, segment_key, flag_key),
    FOREIGN KEY (project_key, environment_key, segment_key) REFERENCES segments (project_key, environment_key, segment_key)
) WITHOUT ROWID;

-- One row per metric of each project, as of its current version.
CREATE TABLE IF NOT EXISTS metrics (
    project_key TEXT NOT NULL,
    metric_key TEXT NOT NULL,
    metric_id TEXT NOT NULL,
    version_id TEXT,
    version BIGINT,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    description TEXT,
    category TEXT,
    event_key TEXT,
    is_numeric BOOLEAN,
    success_criteria TEXT,
    unit TEXT,
    analysis_units TEXT,
    unit_aggregation_type TEXT,
    analysis_type TEXT,
    percentile_value BIGINT,
    event_default_disabled BOOLEAN,
    event_default_value TEXT,
    filters TEXT,
    selector TEXT,
    urls TEXT,
    trace_query TEXT,
    trace_value_location TEXT,
    denominator TEXT,
    window_start_offset_milliseconds BIGINT,
    window_end_offset_milliseconds BIGINT,
    winsor_lower_percentile TEXT,
    winsor_upper_percentile TEXT,
    winsor_include_imputed BOOLEAN,
    data_source_key TEXT,
    data_source_environment_key TEXT,
    data_source_name TEXT,
    data_source_integration_key TEXT,
    maintainer_id TEXT,
    maintainer_email TEXT,
    archived BOOLEAN,
    attached_flag_count BIGINT,
    experiment_count BIGINT,
    active_experiment_count BIGINT,
    metric_group_count BIGINT,
    active_guarded_rollout_count BIGINT,
    created_at TIMESTAMP NOT NULL,
    last_modified_at TIMESTAMP,
    archived_at TIMESTAMP,
    last_seen_at TIMESTAMP,
    PRIMARY KEY (project_key, metric_key),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
) WITHOUT ROWID;

-- One row per tag on each metric.
CREATE TABLE IF NOT EXISTS metric_tags (
    project_key TEXT NOT NULL,
    metric_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, metric_key, tag),
    FOREIGN KEY (project_key, metric_key) REFERENCES metrics (project_key, metric_key)
) WITHOUT ROWID;

-- One row per metric group of each project.
CREATE TABLE IF NOT EXISTS metric_groups (
    project_key TEXT NOT NULL,
    metric_group_key TEXT NOT NULL,
    metric_group_id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    description TEXT,
    version BIGINT,
    maintainer_id TEXT,
    maintainer_email TEXT,
    maintainer_team_key TEXT,
    metric_count BIGINT NOT NULL,
    experiment_count BIGINT,
    active_experiment_count BIGINT,
    active_guarded_rollout_count BIGINT,
    created_at TIMESTAMP NOT NULL,
    last_modified_at TIMESTAMP,
    PRIMARY KEY (project_key, metric_group_key),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
) WITHOUT ROWID;

-- One row per tag on each metric group.
CREATE TABLE IF NOT EXISTS metric_group_tags (
    project_key TEXT NOT NULL,
    metric_group_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, metric_group_key, tag),
    FOREIGN KEY (project_key, metric_group_key) REFERENCES metric_groups (project_key, metric_group_key)
) WITHOUT ROWID;

-- One row per metric in each metric group.
CREATE TABLE IF NOT EXISTS metric_group_metrics (
    project_key TEXT NOT NULL,
    metric_group_key TEXT NOT NULL,
    metric_index BIGINT NOT NULL,
    metric_key TEXT NOT NULL,
    metric_version_id TEXT,
    name_in_group TEXT,
    PRIMARY KEY (project_key, metric_group_key, metric_index),
    FOREIGN KEY (project_key, metric_group_key) REFERENCES metric_groups (project_key, metric_group_key)
) WITHOUT ROWID;

-- One row per experiment in an environment, active or archived.
CREATE TABLE IF NOT EXISTS experiments (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    experiment_key TEXT NOT NULL,
    experiment_id TEXT,
    name TEXT NOT NULL,
    description TEXT,
    type TEXT,
    methodology TEXT,
    data_source TEXT,
    maintainer_id TEXT,
    holdout_id TEXT,
    analysis_bayesian_threshold TEXT,
    analysis_significance_threshold TEXT,
    analysis_test_direction TEXT,
    analysis_multiple_comparison_correction_method TEXT,
    analysis_multiple_comparison_correction_scope TEXT,
    analysis_sequential_testing_enabled BOOLEAN,
    created_at TIMESTAMP NOT NULL,
    archived_at TIMESTAMP,
    PRIMARY KEY (project_key, environment_key, experiment_key),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
) WITHOUT ROWID;

-- One row per tag on each experiment.
CREATE TABLE IF NOT EXISTS experiment_tags (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    experiment_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, environment_key, experiment_key, tag),
    FOREIGN KEY (project_key, environment_key, experiment_key) REFERENCES experiments (project_key, environment_key, experiment_key)
) WITHOUT ROWID;

-- One row per iteration of each experiment: running, stopped or not started.
CREATE TABLE IF NOT EXISTS experiment_iterations (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    experiment_key TEXT NOT NULL,
    iteration_index BIGINT NOT NULL,
    iteration_id TEXT,
    status TEXT NOT NULL,
    hypothesis TEXT,
    version BIGINT,
    randomization_unit TEXT,
    can_reshuffle_traffic BOOLEAN,
    reallocation_frequency_milliseconds BIGINT,
    attributes TEXT,
    winning_treatment_id TEXT,
    winning_reason TEXT,
    layer_key TEXT,
    layer_reservation_percent BIGINT,
    layer_other_reservation_percent BIGINT,
    covariate_id TEXT,
    covariate_file_name TEXT,
    covariate_created_at TIMESTAMP,
    created_at TIMESTAMP,
    started_at TIMESTAMP,
    ended_at TIMESTAMP,
    PRIMARY KEY (project_key, environment_key, experiment_key, iteration_index),
    FOREIGN KEY (project_key, environment_key, experiment_key) REFERENCES experiments (project_key, environment_key, experiment_key)
) WITHOUT ROWID;

-- One row per flag of each iteration of an experiment.
CREATE TABLE IF NOT EXISTS experiment_flags (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    experiment_key TEXT NOT NULL,
    iteration_index BIGINT NOT NULL,
    flag_key TEXT NOT NULL,
    targeting_rule TEXT,
    targeting_rule_description TEXT,
    targeting_rule_clauses TEXT,
    flag_config_version BIGINT,
    not_in_experiment_variation_id TEXT,
    PRIMARY KEY (project_key, environment_key, experiment_key, iteration_index, flag_key),
    FOREIGN KEY (project_key, environment_key, experiment_key) REFERENCES experiments (project_key, environment_key, experiment_key)
) WITHOUT ROWID;

-- One row per metric or metric group of each iteration of an experiment.
CREATE TABLE IF NOT EXISTS experiment_metrics (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    experiment_key TEXT NOT NULL,
    iteration_index BIGINT NOT NULL,
    metric_index BIGINT NOT NULL,
    metric_key TEXT NOT NULL,
    is_metric_group BOOLEAN NOT NULL,
    is_primary BOOLEAN NOT NULL,
    metric_version_id TEXT,
    PRIMARY KEY (project_key, environment_key, experiment_key, iteration_index, metric_index),
    FOREIGN KEY (project_key, environment_key, experiment_key) REFERENCES experiments (project_key, environment_key, experiment_key)
) WITHOUT ROWID;

-- One row per treatment of each iteration of an experiment.
CREATE TABLE IF NOT EXISTS experiment_treatments (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    experiment_key TEXT NOT NULL,
    iteration_index BIGINT NOT NULL,
    treatment_index BIGINT NOT NULL,
    treatment_id TEXT,
    name TEXT NOT NULL,
    allocation_percent TEXT,
    baseline BOOLEAN,
    parameters TEXT,
    PRIMARY KEY (project_key, environment_key, experiment_key, iteration_index, treatment_index),
    FOREIGN KEY (project_key, environment_key, experiment_key) REFERENCES experiments (project_key, environment_key, experiment_key)
) WITHOUT ROWID;

-- One row per holdout of each environment.
CREATE TABLE IF NOT EXISTS holdouts (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    holdout_key TEXT NOT NULL,
    holdout_id TEXT,
    name TEXT,
    status TEXT,
    created_at TIMESTAMP,
    updated_at TIMESTAMP,
    PRIMARY KEY (project_key, environment_key, holdout_key),
    FOREIGN KEY (project_key, environment_key) REFERENCES environments (project_key, environment_key)
) WITHOUT ROWID;

-- One row per experiment that a holdout keeps contexts out of.
CREATE TABLE IF NOT EXISTS holdout_experiments (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    holdout_key TEXT NOT NULL,
    experiment_key TEXT NOT NULL,
    experiment_environment TEXT,
    PRIMARY KEY (project_key, environment_key, holdout_key, experiment_key),
    FOREIGN KEY (project_key, environment_key, holdout_key) REFERENCES holdouts (project_key, environment_key, holdout_key)
) WITHOUT ROWID;

-- One row per layer of each project.
CREATE TABLE IF NOT EXISTS layers (
    project_key TEXT NOT NULL,
    layer_key TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    randomization_unit TEXT,
    environment_count BIGINT,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_key, layer_key),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
) WITHOUT ROWID;

-- One row per experiment with a share of a layer, where `layers.environment_count` is not NULL.
CREATE TABLE IF NOT EXISTS layer_reservations (
    project_key TEXT NOT NULL,
    layer_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    experiment_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    reservation_percent BIGINT,
    PRIMARY KEY (project_key, layer_key, environment_key, experiment_key, flag_key),
    FOREIGN KEY (project_key, layer_key) REFERENCES layers (project_key, layer_key)
) WITHOUT ROWID;

-- One row per release pipeline.
CREATE TABLE IF NOT EXISTS release_pipelines (
    project_key TEXT NOT NULL,
    release_pipeline_key TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    created_at TIMESTAMP,
    is_project_default BOOLEAN,
    is_legacy BOOLEAN,
    phase_count BIGINT NOT NULL,
    version BIGINT,
    PRIMARY KEY (project_key, release_pipeline_key),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
) WITHOUT ROWID;

-- One row per tag on each release pipeline.
CREATE TABLE IF NOT EXISTS release_pipeline_tags (
    project_key TEXT NOT NULL,
    release_pipeline_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, release_pipeline_key, tag),
    FOREIGN KEY (project_key, release_pipeline_key) REFERENCES release_pipelines (project_key, release_pipeline_key)
) WITHOUT ROWID;

-- One row per phase of each release pipeline.
CREATE TABLE IF NOT EXISTS release_pipeline_phases (
    project_key TEXT NOT NULL,
    release_pipeline_key TEXT NOT NULL,
    phase_index BIGINT NOT NULL,
    phase_id TEXT NOT NULL,
    name TEXT NOT NULL,
    audience_count BIGINT NOT NULL,
    PRIMARY KEY (project_key, release_pipeline_key, phase_index),
    FOREIGN KEY (project_key, release_pipeline_key) REFERENCES release_pipelines (project_key, release_pipeline_key)
) WITHOUT ROWID;

-- One row per audience that a phase of a release pipeline releases to.
CREATE TABLE IF NOT EXISTS release_pipeline_audiences (
    project_key TEXT NOT NULL,
    release_pipeline_key TEXT NOT NULL,
    phase_index BIGINT NOT NULL,
    audience_index BIGINT NOT NULL,
    name TEXT NOT NULL,
    environment_key TEXT,
    segment_keys TEXT,
    release_strategy TEXT,
    require_approval BOOLEAN,
    notify_member_ids TEXT,
    notify_team_keys TEXT,
    monitoring_window_milliseconds BIGINT,
    rollout_weight BIGINT,
    rollback_on_regression BOOLEAN,
    randomization_unit TEXT,
    PRIMARY KEY (project_key, release_pipeline_key, phase_index, audience_index),
    FOREIGN KEY (project_key, release_pipeline_key) REFERENCES release_pipelines (project_key, release_pipeline_key)
) WITHOUT ROWID;

-- One row per context kind.
CREATE TABLE IF NOT EXISTS context_kinds (
    project_key TEXT NOT NULL,
    context_kind_key TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    archived BOOLEAN,
    created_from TEXT,
    created_at TIMESTAMP NOT NULL,
    last_modified_at TIMESTAMP,
    last_seen_at TIMESTAMP,
    version BIGINT NOT NULL,
    PRIMARY KEY (project_key, context_kind_key),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
) WITHOUT ROWID;

-- One row per view.
CREATE TABLE IF NOT EXISTS views (
    project_key TEXT NOT NULL,
    view_key TEXT NOT NULL,
    view_id TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    affects_sdk_payload BOOLEAN,
    flag_count BIGINT,
    segment_count BIGINT,
    resource_count BIGINT,
    maintainer_kind TEXT,
    maintainer_id TEXT,
    maintainer_email TEXT,
    maintainer_team_key TEXT,
    created_at TIMESTAMP NOT NULL,
    last_modified_at TIMESTAMP,
    archived BOOLEAN,
    archived_at TIMESTAMP,
    deleted BOOLEAN,
    deleted_at TIMESTAMP,
    version BIGINT NOT NULL,
    PRIMARY KEY (project_key, view_key),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
) WITHOUT ROWID;

-- One row per tag on each view.
CREATE TABLE IF NOT EXISTS view_tags (
    project_key TEXT NOT NULL,
    view_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, view_key, tag),
    FOREIGN KEY (project_key, view_key) REFERENCES views (project_key, view_key)
) WITHOUT ROWID;

-- One row per AI config, without prompts and parameters.
CREATE TABLE IF NOT EXISTS ai_configs (
    project_key TEXT NOT NULL,
    ai_config_key TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    mode TEXT,
    maintainer_kind TEXT,
    maintainer_id TEXT,
    maintainer_email TEXT,
    maintainer_team_key TEXT,
    evaluation_metric_keys TEXT,
    is_inverted BOOLEAN,
    variation_count BIGINT NOT NULL,
    dependency_count BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    last_modified_at TIMESTAMP,
    version BIGINT NOT NULL,
    PRIMARY KEY (project_key, ai_config_key),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
) WITHOUT ROWID;

-- One row per tag on each AI config.
CREATE TABLE IF NOT EXISTS ai_config_tags (
    project_key TEXT NOT NULL,
    ai_config_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, ai_config_key, tag),
    FOREIGN KEY (project_key, ai_config_key) REFERENCES ai_configs (project_key, ai_config_key)
) WITHOUT ROWID;

-- One row per variation of each AI config, without prompts and parameters.
CREATE TABLE IF NOT EXISTS ai_config_variations (
    project_key TEXT NOT NULL,
    ai_config_key TEXT NOT NULL,
    variation_index BIGINT NOT NULL,
    variation_key TEXT NOT NULL,
    variation_id TEXT,
    name TEXT NOT NULL,
    comment TEXT,
    model_config_key TEXT,
    state TEXT,
    message_count BIGINT NOT NULL,
    tool_count BIGINT NOT NULL,
    judge_count BIGINT NOT NULL,
    judging_config_keys TEXT,
    created_at TIMESTAMP,
    published_at TIMESTAMP,
    archived_at TIMESTAMP,
    version BIGINT,
    PRIMARY KEY (project_key, ai_config_key, variation_index),
    FOREIGN KEY (project_key, ai_config_key) REFERENCES ai_configs (project_key, ai_config_key)
) WITHOUT ROWID;

-- One row per application that LaunchDarkly knows.
CREATE TABLE IF NOT EXISTS applications (
    application_key TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    description TEXT,
    auto_added BOOLEAN NOT NULL,
    version BIGINT,
    maintainer_id TEXT,
    maintainer_email TEXT,
    maintainer_team_key TEXT,
    created_at TIMESTAMP,
    PRIMARY KEY (application_key)
) WITHOUT ROWID;

-- One row per custom role, preset or made by the account.
CREATE TABLE IF NOT EXISTS custom_roles (
    custom_role_id TEXT NOT NULL,
    custom_role_key TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    base_permissions TEXT,
    resource_category TEXT,
    assigned_member_count BIGINT,
    assigned_team_count BIGINT,
    preset_bundle_version BIGINT,
    preset_statements TEXT,
    PRIMARY KEY (custom_role_id)
) WITHOUT ROWID;

-- One row per statement of each custom role's policy.
CREATE TABLE IF NOT EXISTS custom_role_policies (
    custom_role_id TEXT NOT NULL,
    statement_index BIGINT NOT NULL,
    effect TEXT,
    statement TEXT NOT NULL,
    PRIMARY KEY (custom_role_id, statement_index),
    FOREIGN KEY (custom_role_id) REFERENCES custom_roles (custom_role_id)
) WITHOUT ROWID;

-- One row per custom role of each team.
CREATE TABLE IF NOT EXISTS team_roles (
    team_key TEXT NOT NULL,
    custom_role_key TEXT NOT NULL,
    name TEXT,
    applied_at TIMESTAMP,
    project_count BIGINT,
    PRIMARY KEY (team_key, custom_role_key)
) WITHOUT ROWID;

-- One row per access token that the token of the run can see.
CREATE TABLE IF NOT EXISTS access_tokens (
    access_token_id TEXT NOT NULL,
    name TEXT,
    description TEXT,
    owner_id TEXT NOT NULL,
    member_id TEXT,
    member_email TEXT,
    service_token BOOLEAN,
    role TEXT,
    inline_role TEXT,
    default_api_version BIGINT,
    created_at TIMESTAMP NOT NULL,
    last_modified_at TIMESTAMP,
    last_used_at TIMESTAMP,
    PRIMARY KEY (access_token_id)
) WITHOUT ROWID;

-- One row per custom role of each access token.
CREATE TABLE IF NOT EXISTS access_token_custom_roles (
    access_token_id TEXT NOT NULL,
    custom_role_id TEXT NOT NULL,
    PRIMARY KEY (access_token_id, custom_role_id),
    FOREIGN KEY (access_token_id) REFERENCES access_tokens (access_token_id)
) WITHOUT ROWID;

-- One row per webhook.
CREATE TABLE IF NOT EXISTS webhooks (
    webhook_id TEXT NOT NULL,
    name TEXT,
    url TEXT,
    is_on BOOLEAN NOT NULL,
    statements TEXT,
    PRIMARY KEY (webhook_id)
) WITHOUT ROWID;

-- One row per tag on each webhook.
CREATE TABLE IF NOT EXISTS webhook_tags (
    webhook_id TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (webhook_id, tag),
    FOREIGN KEY (webhook_id) REFERENCES webhooks (webhook_id)
) WITHOUT ROWID;

-- One row per configuration of Relay Proxies.
CREATE TABLE IF NOT EXISTS relay_proxy_configurations (
    relay_proxy_configuration_id TEXT NOT NULL,
    name TEXT NOT NULL,
    creator_id TEXT,
    creator_email TEXT,
    policy TEXT,
    created_at TIMESTAMP NOT NULL,
    last_modified_at TIMESTAMP NOT NULL,
    PRIMARY KEY (relay_proxy_configuration_id)
) WITHOUT ROWID;

-- One row per Data Export destination of any environment.
CREATE TABLE IF NOT EXISTS destinations (
    destination_id TEXT NOT NULL,
    project_key TEXT,
    environment_key TEXT,
    name TEXT,
    kind TEXT,
    is_on BOOLEAN,
    version BIGINT,
    maintainer_id TEXT,
    created_at TIMESTAMP,
    PRIMARY KEY (destination_id)
) WITHOUT ROWID;

-- One row per store that the flags of an environment are copied to.
CREATE TABLE IF NOT EXISTS integration_configurations (
    integration_configuration_id TEXT NOT NULL,
    integration_key TEXT NOT NULL,
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    name TEXT,
    is_on BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (integration_configuration_id)
) WITHOUT ROWID;

-- One row per tag on each integration configuration.
CREATE TABLE IF NOT EXISTS integration_configuration_tags (
    integration_configuration_id TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (integration_configuration_id, tag),
    FOREIGN KEY (integration_configuration_id) REFERENCES integration_configurations (integration_configuration_id)
) WITHOUT ROWID;

-- One row per persistent store of an environment's big segments.
CREATE TABLE IF NOT EXISTS big_segment_stores (
    big_segment_store_id TEXT NOT NULL,
    integration_key TEXT NOT NULL,
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    name TEXT,
    is_on BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    is_available BOOLEAN,
    is_potentially_stale BOOLEAN,
    last_sync_at TIMESTAMP,
    last_error_at TIMESTAMP,
    error_count BIGINT,
    PRIMARY KEY (big_segment_store_id)
) WITHOUT ROWID;

-- One row per tag on each store of big segments.
CREATE TABLE IF NOT EXISTS big_segment_store_tags (
    big_segment_store_id TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (big_segment_store_id, tag),
    FOREIGN KEY (big_segment_store_id) REFERENCES big_segment_stores (big_segment_store_id)
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

-- One row per number that views and scorecards go by; `value` is yours to change, and stays.
CREATE TABLE IF NOT EXISTS scorecard_thresholds (
    threshold TEXT NOT NULL,
    value DOUBLE NOT NULL,
    default_value DOUBLE NOT NULL,
    unit TEXT NOT NULL,
    description TEXT NOT NULL,
    PRIMARY KEY (threshold)
) WITHOUT ROWID;

-- Versions of each row of `environments`, from when to when each held.
CREATE TABLE IF NOT EXISTS environments_history (
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
    valid_from TIMESTAMP NOT NULL,
    valid_to TIMESTAMP,
    extraction_id TEXT NOT NULL,
    PRIMARY KEY (project_key, environment_key, valid_from)
) WITHOUT ROWID;

-- Versions of each row of `team_maintainers`, from when to when each held.
CREATE TABLE IF NOT EXISTS team_maintainers_history (
    team_key TEXT NOT NULL,
    member_id TEXT NOT NULL,
    email TEXT NOT NULL,
    first_name TEXT,
    last_name TEXT,
    role TEXT NOT NULL,
    valid_from TIMESTAMP NOT NULL,
    valid_to TIMESTAMP,
    extraction_id TEXT NOT NULL,
    PRIMARY KEY (team_key, member_id, valid_from)
) WITHOUT ROWID;

-- Versions of each row of `flags`, from when to when each held.
CREATE TABLE IF NOT EXISTS flags_history (
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
    ld_ready_for_code_removal BOOLEAN,
    ld_ready_to_archive BOOLEAN,
    valid_from TIMESTAMP NOT NULL,
    valid_to TIMESTAMP,
    extraction_id TEXT NOT NULL,
    PRIMARY KEY (project_key, flag_key, valid_from)
) WITHOUT ROWID;

-- Versions of each row of `flag_environments`, from when to when each held.
CREATE TABLE IF NOT EXISTS flag_environments_history (
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
    valid_from TIMESTAMP NOT NULL,
    valid_to TIMESTAMP,
    extraction_id TEXT NOT NULL,
    PRIMARY KEY (project_key, flag_key, environment_key, valid_from)
) WITHOUT ROWID;

-- Versions of each row of `flag_statuses`, from when to when each held.
CREATE TABLE IF NOT EXISTS flag_statuses_history (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    status TEXT NOT NULL,
    last_requested_at TIMESTAMP,
    default_value TEXT,
    status_since TIMESTAMP,
    valid_from TIMESTAMP NOT NULL,
    valid_to TIMESTAMP,
    extraction_id TEXT NOT NULL,
    PRIMARY KEY (project_key, flag_key, environment_key, valid_from)
) WITHOUT ROWID;

-- One row per project and day (UTC) with a run: of several, the last.
CREATE TABLE IF NOT EXISTS project_daily (
    project_key TEXT NOT NULL,
    day TEXT NOT NULL,
    extraction_id TEXT NOT NULL,
    live BIGINT NOT NULL,
    deprecated BIGINT NOT NULL,
    temporary BIGINT NOT NULL,
    permanent BIGINT NOT NULL,
    archived BIGINT NOT NULL,
    stale BIGINT,
    stale_in_critical BIGINT,
    ready_to_archive BIGINT,
    ready_for_code_removal BIGINT,
    unowned BIGINT,
    created BIGINT NOT NULL,
    archived_that_day BIGINT NOT NULL,
    PRIMARY KEY (project_key, day)
) WITHOUT ROWID;

CREATE VIEW latest_extraction AS /* flaglake's: made anew by every run */
-- Question: Which run do the tables hold, and when is now?
-- Definition: The newest published extraction. Every view takes its start for the present moment, so that an
--   answer does not depend on when it is read.
-- Source: flaglake's own record of its runs.
-- Assumptions: None.
-- Needs:
-- Key: extraction_id
-- Column: extraction_id text: ID of the extraction.
-- Column: started_at time: When it started, which is what "now" means in every view.
-- Column: finished_at time: When it finished reading.
-- Column: account_id text?: ID of the account, where LaunchDarkly tells it.
-- Column: base_url text: The address that was read from.
-- Example: SELECT started_at FROM latest_extraction
SELECT extraction_id, started_at, finished_at, account_id, base_url
FROM extractions
ORDER BY started_at DESC, extraction_id DESC
LIMIT 1;

CREATE VIEW resource_coverage AS /* flaglake's: made anew by every run */
-- Question: What did the newest run read, and what not?
-- Definition: The rows of `extraction_resources` of the newest extraction, with the parts of their scope.
-- Source: flaglake's own record of its runs.
-- Assumptions: A resource that was not asked for has one row with an empty scope, whatever it is nested in.
-- Needs:
-- Key: resource, scope
-- Column: resource text: Name of the resource.
-- Column: scope text: Empty for the account; a project's key; a project's and an environment's key, with a slash between.
-- Column: outcome text: `complete`, `not_available`, `invalid_permissions` or `skipped`.
-- Column: is_complete boolean: Whether everything in the scope was read.
-- Column: rows_read_at time?: When the rows that the tables hold were read; NULL where they hold none.
-- Column: detail text?: What was noteworthy.
-- Example: SELECT resource, scope, outcome FROM resource_coverage WHERE NOT is_complete
SELECT resource, scope, outcome, outcome = 'complete' AS is_complete, rows_read_at, detail
FROM extraction_resources
WHERE extraction_id = (SELECT extraction_id FROM latest_extraction);

CREATE VIEW flag_readiness AS /* flaglake's: made anew by every run */
-- Question: What is known of each flag that decides whether it can go?
-- Definition: One row per flag that is not archived, with the conditions that LaunchDarkly's lifecycle stages are
--   made of. A condition is 1, 0, or NULL where it is unknown: a status is missing, statuses or code references were
--   not read, or the project has no critical environment. Ready for code removal: live, temporary, old enough,
--   launched in all critical environments, with code references, not a prerequisite in a critical environment. Ready
--   to archive: live, temporary, old enough, inactive in all critical environments, without code references, not a
--   prerequisite in any environment.
-- Source: LaunchDarkly's documentation, "Flag statuses and lifecycle stages": https://launchdarkly.com/docs/home/flags/flag-status
-- Assumptions: "Old enough" is `lifecycle_age` in `scorecard_thresholds`. One condition that is known to fail decides,
--   whatever is unknown besides. Archived flags do not count as dependents. Code references are those of default branches.
-- Needs: flags, environments, flag_statuses?, code_references?
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: state text: `live` or `deprecated`.
-- Column: temporary boolean: Whether the flag is meant to go.
-- Column: created_at time: When the flag was created.
-- Column: is_old boolean: Whether the flag is old enough to be removed.
-- Column: critical_environments integer: Critical environments of the project.
-- Column: launched boolean?: Whether the flag is launched in all critical environments.
-- Column: inactive boolean?: Whether the flag is inactive in all critical environments.
-- Column: has_code_references boolean?: Whether code on a default branch mentions the flag.
-- Column: is_prerequisite boolean: Whether another flag depends on this one in any environment.
-- Column: is_critical_prerequisite boolean: Whether another flag depends on this one in a critical environment.
-- Column: ready_for_code_removal boolean?: Whether the flag's code can be removed.
-- Column: ready_to_archive boolean?: Whether the flag can be archived.
-- Example: SELECT project_key, count(*) AS flags FROM flag_readiness WHERE launched IS NULL GROUP BY project_key
WITH
old_enough AS (
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-' || value || ' days') AS created_until
    FROM latest_extraction, scorecard_thresholds
    WHERE threshold = 'lifecycle_age'
),
-- Statuses that an earlier run has read say nothing about now.
critical AS (
    SELECT
        project_key, environment_key,
        EXISTS (
            SELECT 1 FROM resource_coverage
            WHERE resource = 'flag_statuses' AND is_complete
              AND scope = project_key || '/' || environment_key
        ) AS is_read,
        count(*) OVER (PARTITION BY project_key) AS critical_environments
    FROM environments
    WHERE critical
),
statuses AS (
    SELECT
        project_key, flag_key,
        sum(status = 'launched' AND is_read) AS launched,
        sum(status = 'inactive' AND is_read) AS inactive,
        sum(is_read) AS known
    FROM critical JOIN flag_statuses USING (project_key, environment_key)
    GROUP BY project_key, flag_key
),
references_read AS (
    SELECT scope AS project_key
    FROM resource_coverage
    WHERE resource = 'code_references' AND is_complete
),
referenced AS (SELECT DISTINCT project_key, flag_key FROM code_references),
prerequisites AS (
    SELECT prerequisite.project_key, prerequisite_flag_key AS flag_key, max(critical) AS is_critical
    FROM flag_prerequisites AS prerequisite
    JOIN environments USING (project_key, environment_key)
    GROUP BY 1, 2
),
conditions AS (
    SELECT
        flag.project_key, flag.flag_key, state, temporary, created_at,
        created_at <= created_until AS is_old,
        coalesce(project.critical_environments, 0) AS critical_environments,
        CASE
            WHEN project.critical_environments IS NULL THEN NULL
            WHEN status.known > status.launched THEN 0
            WHEN status.launched = project.critical_environments THEN 1
        END AS launched,
        CASE
            WHEN project.critical_environments IS NULL THEN NULL
            WHEN status.known > status.inactive THEN 0
            WHEN status.inactive = project.critical_environments THEN 1
        END AS inactive,
        CASE WHEN references_read.project_key IS NOT NULL THEN referenced.flag_key IS NOT NULL END
            AS has_code_references,
        prerequisite.flag_key IS NOT NULL AS is_prerequisite,
        coalesce(prerequisite.is_critical, 0) AS is_critical_prerequisite
    FROM flags AS flag
    CROSS JOIN old_enough
    LEFT JOIN (SELECT DISTINCT project_key, critical_environments FROM critical) AS project
        ON project.project_key = flag.project_key
    LEFT JOIN statuses AS status
        ON status.project_key = flag.project_key AND status.flag_key = flag.flag_key
    LEFT JOIN references_read ON references_read.project_key = flag.project_key
    LEFT JOIN referenced
        ON referenced.project_key = flag.project_key AND referenced.flag_key = flag.flag_key
    LEFT JOIN prerequisites AS prerequisite
        ON prerequisite.project_key = flag.project_key AND prerequisite.flag_key = flag.flag_key
    WHERE state <> 'archived'
)
SELECT
    *,
    state = 'live' AND temporary AND is_old AND launched AND has_code_references
        AND NOT is_critical_prerequisite AS ready_for_code_removal,
    state = 'live' AND temporary AND is_old AND inactive AND NOT has_code_references
        AND NOT is_prerequisite AS ready_to_archive
FROM conditions;

CREATE VIEW stale_flags AS /* flaglake's: made anew by every run */
-- Question: Which flags are stale, and where?
-- Definition: Temporary flags that are not archived, were created at least 30 days ago, and have been inactive or
--   launched in an environment for at least 7 days.
-- Source: LaunchDarkly's documentation, "Flag health": https://launchdarkly.com/docs/home/releases/flag-health
-- Assumptions: Both periods are thresholds (`stale_flag_age`, `stale_status`). A flag has been inactive since it was
--   last requested, or since it was created where it never was; launched since its configuration last changed there; and
--   either for as long as flaglake has seen the status, where that is longer. An environment without traffic makes
--   every flag inactive: look at critical environments first.
-- Needs: flags, flag_statuses
-- Key: project_key, environment_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: flag_key text: Key of the flag.
-- Column: status text: `inactive` or `launched`.
-- Column: age_days integer: Whole days since the flag was created.
-- Column: status_days integer: Whole days for which the flag has been so, at least.
-- Column: created_at time: When the flag was created.
-- Column: quiet_since time: Since when the flag has been so, at the latest.
-- Example: SELECT project_key, environment_key, count(*) AS flags FROM stale_flags GROUP BY 1, 2
WITH
bounds AS (
    SELECT
        started_at,
        strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-' || age.value || ' days') AS created_until,
        strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-' || status.value || ' days') AS quiet_until
    FROM latest_extraction, scorecard_thresholds AS age, scorecard_thresholds AS status
    WHERE age.threshold = 'stale_flag_age' AND status.threshold = 'stale_status'
),
-- Statuses that an earlier run has read say nothing about now.
environments_read AS (
    SELECT project_key, environment_key
    FROM environments
    JOIN resource_coverage ON resource = 'flag_statuses' AND is_complete
        AND scope = project_key || '/' || environment_key
),
quiet AS (
    SELECT
        flag.project_key, environment_key, flag.flag_key, status, flag.created_at,
        min(
            coalesce(status_since, '9999'),
            CASE status
                WHEN 'inactive' THEN coalesce(last_requested_at, flag.created_at)
                ELSE coalesce(last_modified_at, '9999')
            END
        ) AS quiet_since
    FROM bounds
    CROSS JOIN flags AS flag
    CROSS JOIN flag_statuses AS status
        ON status.project_key = flag.project_key AND status.flag_key = flag.flag_key
    JOIN environments_read USING (project_key, environment_key)
    LEFT JOIN flag_environments USING (project_key, flag_key, environment_key)
    WHERE temporary AND state <> 'archived' AND flag.created_at <= created_until
      AND status IN ('inactive', 'launched')
)
SELECT
    project_key, environment_key, flag_key, status,
    CAST(julianday(started_at) - julianday(created_at) + 1e-6 AS INTEGER) AS age_days,
    CAST(julianday(started_at) - julianday(quiet_since) + 1e-6 AS INTEGER) AS status_days,
    created_at, quiet_since
FROM quiet CROSS JOIN bounds
WHERE quiet_since <= quiet_until;

CREATE VIEW stale_percentages AS /* flaglake's: made anew by every run */
-- Question: How much of what should be temporary is stale, in each environment?
-- Definition: Stale flags (see `stale_flags`) as a percentage of temporary flags that are not archived.
-- Source: LaunchDarkly's documentation, "Flag health": https://launchdarkly.com/docs/home/releases/flag-health
-- Assumptions: A flag that is too young to be stale is not stale, whatever its status. Where the status of an older one
--   is unknown, so is the percentage; where there are no temporary flags, there is none.
-- Needs: flags, environments, flag_statuses?
-- Key: project_key, environment_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: critical boolean: Whether the environment is critical.
-- Column: temporary_flags integer: Temporary flags that are not archived.
-- Column: stale_flags integer?: Those of them that are stale; NULL where that is unknown.
-- Column: stale_percentage real?: Stale flags per hundred temporary ones.
-- Column: unknown_flags integer: Temporary flags that might be stale, but have no known status.
-- Example: SELECT * FROM stale_percentages WHERE critical ORDER BY stale_percentage DESC
WITH
bounds AS (
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-' || value || ' days') AS created_until
    FROM latest_extraction, scorecard_thresholds
    WHERE threshold = 'stale_flag_age'
),
temporary_counts AS (
    SELECT project_key, count(*) AS flags, sum(created_at <= created_until) AS old_flags
    FROM flags CROSS JOIN bounds
    WHERE temporary AND state <> 'archived'
    GROUP BY project_key
),
environments_read AS (
    SELECT project_key, environment_key
    FROM environments
    JOIN resource_coverage ON resource = 'flag_statuses' AND is_complete
        AND scope = project_key || '/' || environment_key
),
known AS (
    SELECT status.project_key, environment_key, count(*) AS flags
    FROM flags AS flag CROSS JOIN bounds
    CROSS JOIN flag_statuses AS status
        ON status.project_key = flag.project_key AND status.flag_key = flag.flag_key
    WHERE temporary AND state <> 'archived' AND flag.created_at <= created_until
    GROUP BY status.project_key, environment_key
),
stale AS (
    SELECT project_key, environment_key, count(*) AS flags FROM stale_flags GROUP BY 1, 2
),
counts AS (
    SELECT
        project_key, environment_key, critical,
        coalesce(temporary.flags, 0) AS temporary_flags,
        coalesce(stale.flags, 0) AS stale_flags,
        coalesce(temporary.old_flags, 0)
            - CASE WHEN is_read.project_key IS NULL THEN 0 ELSE coalesce(known.flags, 0) END
            AS unknown_flags
    FROM environments
    LEFT JOIN temporary_counts AS temporary USING (project_key)
    LEFT JOIN environments_read AS is_read USING (project_key, environment_key)
    LEFT JOIN known USING (project_key, environment_key)
    LEFT JOIN stale USING (project_key, environment_key)
)
SELECT
    project_key, environment_key, critical, temporary_flags,
    CASE WHEN unknown_flags = 0 THEN stale_flags END AS stale_flags,
    CASE WHEN unknown_flags = 0 AND temporary_flags > 0
        THEN 100.0 * stale_flags / temporary_flags END AS stale_percentage,
    unknown_flags
FROM counts;
