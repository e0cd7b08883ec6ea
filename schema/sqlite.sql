-- Generated from the table definitions; do not edit.
-- Times are UTC text such as 2026-11-20T02:00:00.000Z; booleans are 0 and 1.

-- One row per project.
CREATE TABLE IF NOT EXISTS projects (
    project_key TEXT NOT NULL,
    project_id TEXT,
    name TEXT,
    include_in_snippet_by_default BOOLEAN,
    default_using_environment_id BOOLEAN,
    default_using_mobile_key BOOLEAN,
    default_release_pipeline_key TEXT,
    PRIMARY KEY (project_key)
);

-- One row per tag on each project.
CREATE TABLE IF NOT EXISTS project_tags (
    project_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, tag),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
);

-- One row per environment of each project.
CREATE TABLE IF NOT EXISTS environments (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    environment_id TEXT,
    name TEXT,
    color TEXT,
    critical BOOLEAN NOT NULL,
    default_ttl_minutes BIGINT,
    secure_mode BOOLEAN,
    default_track_events BOOLEAN,
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
);

-- One row per tag on each environment.
CREATE TABLE IF NOT EXISTS environment_tags (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, environment_key, tag),
    FOREIGN KEY (project_key, environment_key) REFERENCES environments (project_key, environment_key)
);

-- One row per tag that limits an environment's approvals to flags with that tag.
CREATE TABLE IF NOT EXISTS environment_approval_tags (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, environment_key, tag),
    FOREIGN KEY (project_key, environment_key) REFERENCES environments (project_key, environment_key)
);

-- One row per kind of resource other than flags that has its own approval settings.
CREATE TABLE IF NOT EXISTS environment_resource_approvals (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    resource_kind TEXT NOT NULL,
    required BOOLEAN NOT NULL,
    min_count BIGINT,
    service_kind TEXT,
    PRIMARY KEY (project_key, environment_key, resource_kind),
    FOREIGN KEY (project_key, environment_key) REFERENCES environments (project_key, environment_key)
);

-- One row per tag in use anywhere in the account.
CREATE TABLE IF NOT EXISTS tags (
    tag TEXT NOT NULL,
    PRIMARY KEY (tag)
);

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
);

-- One row per value that a team assigns to a role attribute.
CREATE TABLE IF NOT EXISTS team_role_attributes (
    team_key TEXT NOT NULL,
    attribute_key TEXT NOT NULL,
    value_index BIGINT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (team_key, attribute_key, value_index),
    FOREIGN KEY (team_key) REFERENCES teams (team_key)
);

-- One row per member who maintains a team.
CREATE TABLE IF NOT EXISTS team_maintainers (
    team_key TEXT NOT NULL,
    member_id TEXT NOT NULL,
    email TEXT,
    first_name TEXT,
    last_name TEXT,
    role TEXT,
    PRIMARY KEY (team_key, member_id),
    FOREIGN KEY (team_key) REFERENCES teams (team_key)
);

-- One row per feature flag: live, deprecated or archived.
CREATE TABLE IF NOT EXISTS flags (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    name TEXT,
    description TEXT,
    kind TEXT,
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
);

-- One row per tag on each flag.
CREATE TABLE IF NOT EXISTS flag_tags (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, flag_key, tag),
    FOREIGN KEY (project_key, flag_key) REFERENCES flags (project_key, flag_key)
);

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
);

-- One row per value of each custom property of each flag.
CREATE TABLE IF NOT EXISTS flag_custom_properties (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    property_key TEXT NOT NULL,
    value_index BIGINT NOT NULL,
    property_name TEXT,
    value TEXT,
    PRIMARY KEY (project_key, flag_key, property_key, value_index),
    FOREIGN KEY (project_key, flag_key) REFERENCES flags (project_key, flag_key)
);

-- One row per legacy experiment on each flag.
CREATE TABLE IF NOT EXISTS flag_experiments (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    experiment_index BIGINT NOT NULL,
    metric_key TEXT,
    environment_keys TEXT,
    PRIMARY KEY (project_key, flag_key, experiment_index),
    FOREIGN KEY (project_key, flag_key) REFERENCES flags (project_key, flag_key)
);

-- One row per flag and environment, archived flags excepted: how the flag is configured there.
CREATE TABLE IF NOT EXISTS flag_environments (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    is_on BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    last_modified_at TIMESTAMP,
    fallthrough_variation BIGINT,
    off_variation BIGINT,
    rule_count BIGINT NOT NULL,
    target_count BIGINT NOT NULL,
    context_target_count BIGINT NOT NULL,
    prerequisite_count BIGINT NOT NULL,
    track_events BOOLEAN,
    track_events_fallthrough BOOLEAN,
    debug_events_until_at TIMESTAMP,
    migration_check_ratio BIGINT,
    evaluated_context_kinds TEXT,
    targeting_variations TEXT,
    PRIMARY KEY (project_key, flag_key, environment_key),
    FOREIGN KEY (project_key, flag_key) REFERENCES flags (project_key, flag_key),
    FOREIGN KEY (project_key, environment_key) REFERENCES environments (project_key, environment_key)
);

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
    track_events BOOLEAN,
    disabled BOOLEAN,
    reference TEXT,
    PRIMARY KEY (project_key, flag_key, environment_key, rule_index),
    FOREIGN KEY (project_key, flag_key, environment_key) REFERENCES flag_environments (project_key, flag_key, environment_key)
);

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
);

-- One row per context kind and variation with individual targets; the targets themselves are not stored.
CREATE TABLE IF NOT EXISTS flag_targets (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    context_kind TEXT NOT NULL,
    variation BIGINT NOT NULL,
    value_count BIGINT NOT NULL,
    PRIMARY KEY (project_key, flag_key, environment_key, context_kind, variation),
    FOREIGN KEY (project_key, flag_key, environment_key) REFERENCES flag_environments (project_key, flag_key, environment_key)
);

-- One row per individually targeted context; empty unless the run has `--target-values`.
CREATE TABLE IF NOT EXISTS flag_target_values (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    context_kind TEXT NOT NULL,
    variation BIGINT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (project_key, flag_key, environment_key, context_kind, variation, value),
    FOREIGN KEY (project_key, flag_key, environment_key) REFERENCES flag_environments (project_key, flag_key, environment_key)
);

-- One row per flag that another flag depends on in an environment.
CREATE TABLE IF NOT EXISTS flag_prerequisites (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    prerequisite_flag_key TEXT NOT NULL,
    variation BIGINT NOT NULL,
    PRIMARY KEY (project_key, flag_key, environment_key, prerequisite_flag_key),
    FOREIGN KEY (project_key, flag_key, environment_key) REFERENCES flag_environments (project_key, flag_key, environment_key)
);

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
);

-- One row per entry of the audit log; rows are kept after LaunchDarkly deletes the entries.
CREATE TABLE IF NOT EXISTS audit_log_entries (
    entry_id TEXT NOT NULL,
    occurred_at TIMESTAMP NOT NULL,
    kind TEXT NOT NULL,
    name TEXT,
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
);

-- One row per action on each resource of each entry.
CREATE TABLE IF NOT EXISTS audit_log_accesses (
    entry_id TEXT NOT NULL,
    access_index BIGINT NOT NULL,
    action TEXT NOT NULL,
    resource TEXT NOT NULL,
    PRIMARY KEY (entry_id, access_index),
    FOREIGN KEY (entry_id) REFERENCES audit_log_entries (entry_id)
);

-- One row per member of the account.
CREATE TABLE IF NOT EXISTS members (
    member_id TEXT NOT NULL,
    email TEXT,
    first_name TEXT,
    last_name TEXT,
    role TEXT,
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
);

-- One row per member of each team.
CREATE TABLE IF NOT EXISTS team_members (
    team_key TEXT NOT NULL,
    member_id TEXT NOT NULL,
    PRIMARY KEY (team_key, member_id)
);

-- One row per custom role of each member.
CREATE TABLE IF NOT EXISTS member_custom_roles (
    member_id TEXT NOT NULL,
    custom_role_id TEXT NOT NULL,
    PRIMARY KEY (member_id, custom_role_id),
    FOREIGN KEY (member_id) REFERENCES members (member_id)
);

-- One row per request to approve a change of a flag, segment or AI config.
CREATE TABLE IF NOT EXISTS approval_requests (
    approval_request_id TEXT NOT NULL,
    project_key TEXT,
    environment_key TEXT,
    resource_kind TEXT,
    resource_key TEXT,
    resource TEXT,
    description TEXT,
    service_kind TEXT,
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
    instruction_count BIGINT,
    conflict_count BIGINT,
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
);

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
);

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
);

-- One row per flag and repository whose default branch mentions the flag.
CREATE TABLE IF NOT EXISTS code_references (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    repository TEXT NOT NULL,
    branch TEXT NOT NULL,
    file_count BIGINT,
    hunk_count BIGINT NOT NULL,
    last_commit_at TIMESTAMP,
    type TEXT,
    source_link TEXT,
    enabled BOOLEAN,
    repository_version BIGINT,
    PRIMARY KEY (project_key, flag_key, repository, branch),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
);

-- One row per place in the default branch of a repository that mentions a flag.
CREATE TABLE IF NOT EXISTS code_reference_files (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    repository TEXT NOT NULL,
    branch TEXT NOT NULL,
    path TEXT NOT NULL,
    line BIGINT NOT NULL,
    language TEXT,
    alias_count BIGINT,
    commit_id TEXT,
    scanned_at TIMESTAMP,
    url TEXT,
    PRIMARY KEY (project_key, flag_key, repository, branch, path, line),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
);

-- One row per segment of each environment; its individual members are not stored.
CREATE TABLE IF NOT EXISTS segments (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    segment_key TEXT NOT NULL,
    name TEXT,
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
    last_modified_at TIMESTAMP,
    unbounded_last_modified_at TIMESTAMP,
    PRIMARY KEY (project_key, environment_key, segment_key),
    FOREIGN KEY (project_key, environment_key) REFERENCES environments (project_key, environment_key)
);

-- One row per tag on each segment.
CREATE TABLE IF NOT EXISTS segment_tags (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    segment_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, environment_key, segment_key, tag),
    FOREIGN KEY (project_key, environment_key, segment_key) REFERENCES segments (project_key, environment_key, segment_key)
);

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
);

-- One row per flag that targets a segment, where `segments.flag_count` is not NULL.
CREATE TABLE IF NOT EXISTS segment_flags (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    segment_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    PRIMARY KEY (project_key, environment_key, segment_key, flag_key),
    FOREIGN KEY (project_key, environment_key, segment_key) REFERENCES segments (project_key, environment_key, segment_key)
);

-- One row per metric of each project, as of its current version.
CREATE TABLE IF NOT EXISTS metrics (
    project_key TEXT NOT NULL,
    metric_key TEXT NOT NULL,
    metric_id TEXT,
    version_id TEXT,
    version BIGINT,
    name TEXT,
    kind TEXT,
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
    created_at TIMESTAMP,
    last_modified_at TIMESTAMP,
    archived_at TIMESTAMP,
    last_seen_at TIMESTAMP,
    PRIMARY KEY (project_key, metric_key),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
);

-- One row per tag on each metric.
CREATE TABLE IF NOT EXISTS metric_tags (
    project_key TEXT NOT NULL,
    metric_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, metric_key, tag),
    FOREIGN KEY (project_key, metric_key) REFERENCES metrics (project_key, metric_key)
);

-- One row per metric group of each project.
CREATE TABLE IF NOT EXISTS metric_groups (
    project_key TEXT NOT NULL,
    metric_group_key TEXT NOT NULL,
    metric_group_id TEXT,
    name TEXT,
    kind TEXT,
    description TEXT,
    version BIGINT,
    maintainer_id TEXT,
    maintainer_email TEXT,
    maintainer_team_key TEXT,
    metric_count BIGINT NOT NULL,
    experiment_count BIGINT,
    active_experiment_count BIGINT,
    active_guarded_rollout_count BIGINT,
    created_at TIMESTAMP,
    last_modified_at TIMESTAMP,
    PRIMARY KEY (project_key, metric_group_key),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
);

-- One row per tag on each metric group.
CREATE TABLE IF NOT EXISTS metric_group_tags (
    project_key TEXT NOT NULL,
    metric_group_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, metric_group_key, tag),
    FOREIGN KEY (project_key, metric_group_key) REFERENCES metric_groups (project_key, metric_group_key)
);

-- One row per metric in each metric group.
CREATE TABLE IF NOT EXISTS metric_group_metrics (
    project_key TEXT NOT NULL,
    metric_group_key TEXT NOT NULL,
    metric_index BIGINT NOT NULL,
    metric_key TEXT,
    metric_version_id TEXT,
    name_in_group TEXT,
    PRIMARY KEY (project_key, metric_group_key, metric_index),
    FOREIGN KEY (project_key, metric_group_key) REFERENCES metric_groups (project_key, metric_group_key)
);

-- One row per experiment in an environment, active or archived.
CREATE TABLE IF NOT EXISTS experiments (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    experiment_key TEXT NOT NULL,
    experiment_id TEXT,
    name TEXT,
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
    created_at TIMESTAMP,
    archived_at TIMESTAMP,
    PRIMARY KEY (project_key, environment_key, experiment_key),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
);

-- One row per tag on each experiment.
CREATE TABLE IF NOT EXISTS experiment_tags (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    experiment_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, environment_key, experiment_key, tag),
    FOREIGN KEY (project_key, environment_key, experiment_key) REFERENCES experiments (project_key, environment_key, experiment_key)
);

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
);

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
);

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
);

-- One row per treatment of each iteration of an experiment.
CREATE TABLE IF NOT EXISTS experiment_treatments (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    experiment_key TEXT NOT NULL,
    iteration_index BIGINT NOT NULL,
    treatment_index BIGINT NOT NULL,
    treatment_id TEXT,
    name TEXT,
    allocation_percent TEXT,
    baseline BOOLEAN,
    parameters TEXT,
    PRIMARY KEY (project_key, environment_key, experiment_key, iteration_index, treatment_index),
    FOREIGN KEY (project_key, environment_key, experiment_key) REFERENCES experiments (project_key, environment_key, experiment_key)
);

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
);

-- One row per experiment from which a holdout excludes contexts.
CREATE TABLE IF NOT EXISTS holdout_experiments (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    holdout_key TEXT NOT NULL,
    experiment_key TEXT NOT NULL,
    experiment_environment TEXT,
    PRIMARY KEY (project_key, environment_key, holdout_key, experiment_key),
    FOREIGN KEY (project_key, environment_key, holdout_key) REFERENCES holdouts (project_key, environment_key, holdout_key)
);

-- One row per layer of each project.
CREATE TABLE IF NOT EXISTS layers (
    project_key TEXT NOT NULL,
    layer_key TEXT NOT NULL,
    name TEXT,
    description TEXT,
    randomization_unit TEXT,
    environment_count BIGINT,
    created_at TIMESTAMP,
    PRIMARY KEY (project_key, layer_key),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
);

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
);

-- One row per release pipeline.
CREATE TABLE IF NOT EXISTS release_pipelines (
    project_key TEXT NOT NULL,
    release_pipeline_key TEXT NOT NULL,
    name TEXT,
    description TEXT,
    created_at TIMESTAMP,
    is_project_default BOOLEAN,
    is_legacy BOOLEAN,
    phase_count BIGINT NOT NULL,
    version BIGINT,
    PRIMARY KEY (project_key, release_pipeline_key),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
);

-- One row per tag on each release pipeline.
CREATE TABLE IF NOT EXISTS release_pipeline_tags (
    project_key TEXT NOT NULL,
    release_pipeline_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, release_pipeline_key, tag),
    FOREIGN KEY (project_key, release_pipeline_key) REFERENCES release_pipelines (project_key, release_pipeline_key)
);

-- One row per phase of each release pipeline.
CREATE TABLE IF NOT EXISTS release_pipeline_phases (
    project_key TEXT NOT NULL,
    release_pipeline_key TEXT NOT NULL,
    phase_index BIGINT NOT NULL,
    phase_id TEXT,
    name TEXT,
    audience_count BIGINT NOT NULL,
    PRIMARY KEY (project_key, release_pipeline_key, phase_index),
    FOREIGN KEY (project_key, release_pipeline_key) REFERENCES release_pipelines (project_key, release_pipeline_key)
);

-- One row per audience that a phase of a release pipeline releases to.
CREATE TABLE IF NOT EXISTS release_pipeline_audiences (
    project_key TEXT NOT NULL,
    release_pipeline_key TEXT NOT NULL,
    phase_index BIGINT NOT NULL,
    audience_index BIGINT NOT NULL,
    name TEXT,
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
);

-- One row per context kind.
CREATE TABLE IF NOT EXISTS context_kinds (
    project_key TEXT NOT NULL,
    context_kind_key TEXT NOT NULL,
    name TEXT,
    description TEXT,
    archived BOOLEAN,
    created_from TEXT,
    created_at TIMESTAMP,
    last_modified_at TIMESTAMP,
    last_seen_at TIMESTAMP,
    version BIGINT NOT NULL,
    PRIMARY KEY (project_key, context_kind_key),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
);

-- One row per view.
CREATE TABLE IF NOT EXISTS views (
    project_key TEXT NOT NULL,
    view_key TEXT NOT NULL,
    view_id TEXT,
    name TEXT,
    description TEXT,
    affects_sdk_payload BOOLEAN,
    flag_count BIGINT,
    segment_count BIGINT,
    resource_count BIGINT,
    maintainer_kind TEXT,
    maintainer_id TEXT,
    maintainer_email TEXT,
    maintainer_team_key TEXT,
    created_at TIMESTAMP,
    last_modified_at TIMESTAMP,
    archived BOOLEAN,
    archived_at TIMESTAMP,
    deleted BOOLEAN,
    deleted_at TIMESTAMP,
    version BIGINT NOT NULL,
    PRIMARY KEY (project_key, view_key),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
);

-- One row per tag on each view.
CREATE TABLE IF NOT EXISTS view_tags (
    project_key TEXT NOT NULL,
    view_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, view_key, tag),
    FOREIGN KEY (project_key, view_key) REFERENCES views (project_key, view_key)
);

-- One row per AI config, without prompts and parameters.
CREATE TABLE IF NOT EXISTS ai_configs (
    project_key TEXT NOT NULL,
    ai_config_key TEXT NOT NULL,
    name TEXT,
    description TEXT,
    mode TEXT,
    maintainer_kind TEXT,
    maintainer_id TEXT,
    maintainer_email TEXT,
    maintainer_team_key TEXT,
    evaluation_metric_keys TEXT,
    is_inverted BOOLEAN,
    variation_count BIGINT NOT NULL,
    dependency_count BIGINT,
    created_at TIMESTAMP,
    last_modified_at TIMESTAMP,
    version BIGINT NOT NULL,
    PRIMARY KEY (project_key, ai_config_key),
    FOREIGN KEY (project_key) REFERENCES projects (project_key)
);

-- One row per tag on each AI config.
CREATE TABLE IF NOT EXISTS ai_config_tags (
    project_key TEXT NOT NULL,
    ai_config_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (project_key, ai_config_key, tag),
    FOREIGN KEY (project_key, ai_config_key) REFERENCES ai_configs (project_key, ai_config_key)
);

-- One row per variation of each AI config, without prompts and parameters.
CREATE TABLE IF NOT EXISTS ai_config_variations (
    project_key TEXT NOT NULL,
    ai_config_key TEXT NOT NULL,
    variation_index BIGINT NOT NULL,
    variation_key TEXT,
    variation_id TEXT,
    name TEXT,
    comment TEXT,
    model_config_key TEXT,
    state TEXT,
    message_count BIGINT,
    tool_count BIGINT,
    judge_count BIGINT,
    judging_config_keys TEXT,
    created_at TIMESTAMP,
    published_at TIMESTAMP,
    archived_at TIMESTAMP,
    version BIGINT,
    PRIMARY KEY (project_key, ai_config_key, variation_index),
    FOREIGN KEY (project_key, ai_config_key) REFERENCES ai_configs (project_key, ai_config_key)
);

-- One row per application that LaunchDarkly knows.
CREATE TABLE IF NOT EXISTS applications (
    application_key TEXT NOT NULL,
    name TEXT,
    kind TEXT,
    description TEXT,
    auto_added BOOLEAN,
    version BIGINT,
    maintainer_id TEXT,
    maintainer_email TEXT,
    maintainer_team_key TEXT,
    created_at TIMESTAMP,
    PRIMARY KEY (application_key)
);

-- One row per custom role: LaunchDarkly's presets and the account's own.
CREATE TABLE IF NOT EXISTS custom_roles (
    custom_role_id TEXT NOT NULL,
    custom_role_key TEXT,
    name TEXT,
    description TEXT,
    base_permissions TEXT,
    resource_category TEXT,
    assigned_member_count BIGINT,
    assigned_team_count BIGINT,
    preset_bundle_version BIGINT,
    preset_statements TEXT,
    PRIMARY KEY (custom_role_id)
);

-- One row per statement of each custom role's policy.
CREATE TABLE IF NOT EXISTS custom_role_policies (
    custom_role_id TEXT NOT NULL,
    statement_index BIGINT NOT NULL,
    effect TEXT,
    statement TEXT,
    PRIMARY KEY (custom_role_id, statement_index),
    FOREIGN KEY (custom_role_id) REFERENCES custom_roles (custom_role_id)
);

-- One row per custom role of each team.
CREATE TABLE IF NOT EXISTS team_roles (
    team_key TEXT NOT NULL,
    custom_role_key TEXT NOT NULL,
    name TEXT,
    applied_at TIMESTAMP,
    project_count BIGINT,
    PRIMARY KEY (team_key, custom_role_key)
);

-- One row per access token that is visible to the token of the run.
CREATE TABLE IF NOT EXISTS access_tokens (
    access_token_id TEXT NOT NULL,
    name TEXT,
    description TEXT,
    owner_id TEXT,
    member_id TEXT,
    member_email TEXT,
    service_token BOOLEAN,
    role TEXT,
    inline_role TEXT,
    default_api_version BIGINT,
    created_at TIMESTAMP,
    last_modified_at TIMESTAMP,
    last_used_at TIMESTAMP,
    PRIMARY KEY (access_token_id)
);

-- One row per custom role of each access token.
CREATE TABLE IF NOT EXISTS access_token_custom_roles (
    access_token_id TEXT NOT NULL,
    custom_role_id TEXT NOT NULL,
    PRIMARY KEY (access_token_id, custom_role_id),
    FOREIGN KEY (access_token_id) REFERENCES access_tokens (access_token_id)
);

-- One row per webhook.
CREATE TABLE IF NOT EXISTS webhooks (
    webhook_id TEXT NOT NULL,
    name TEXT,
    url TEXT,
    is_on BOOLEAN NOT NULL,
    statements TEXT,
    PRIMARY KEY (webhook_id)
);

-- One row per tag on each webhook.
CREATE TABLE IF NOT EXISTS webhook_tags (
    webhook_id TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (webhook_id, tag),
    FOREIGN KEY (webhook_id) REFERENCES webhooks (webhook_id)
);

-- One row per configuration of Relay Proxies.
CREATE TABLE IF NOT EXISTS relay_proxy_configurations (
    relay_proxy_configuration_id TEXT NOT NULL,
    name TEXT,
    creator_id TEXT,
    creator_email TEXT,
    policy TEXT,
    created_at TIMESTAMP,
    last_modified_at TIMESTAMP,
    PRIMARY KEY (relay_proxy_configuration_id)
);

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
);

-- One row per integration that copies the flags of an environment to a store.
CREATE TABLE IF NOT EXISTS integration_configurations (
    integration_configuration_id TEXT NOT NULL,
    integration_key TEXT NOT NULL,
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    name TEXT,
    is_on BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (integration_configuration_id)
);

-- One row per tag on each integration configuration.
CREATE TABLE IF NOT EXISTS integration_configuration_tags (
    integration_configuration_id TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (integration_configuration_id, tag),
    FOREIGN KEY (integration_configuration_id) REFERENCES integration_configurations (integration_configuration_id)
);

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
);

-- One row per tag on each store of big segments.
CREATE TABLE IF NOT EXISTS big_segment_store_tags (
    big_segment_store_id TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (big_segment_store_id, tag),
    FOREIGN KEY (big_segment_store_id) REFERENCES big_segment_stores (big_segment_store_id)
);

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
    only_selected_projects BOOLEAN NOT NULL,
    is_latest BOOLEAN NOT NULL,
    same_as TEXT,
    requests BIGINT NOT NULL,
    retries BIGINT NOT NULL,
    rate_limited_ms BIGINT NOT NULL,
    PRIMARY KEY (extraction_id)
);

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
);

-- One row per threshold and value of a setting that was in force in a published run.
CREATE TABLE IF NOT EXISTS extraction_settings (
    extraction_id TEXT NOT NULL,
    setting TEXT NOT NULL,
    project_key TEXT NOT NULL,
    position BIGINT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (extraction_id, setting, project_key, position),
    FOREIGN KEY (extraction_id) REFERENCES extractions (extraction_id)
);

-- One row per threshold of the views and scorecards; you may change `value`, and later runs keep it.
CREATE TABLE IF NOT EXISTS scorecard_thresholds (
    threshold TEXT NOT NULL,
    value DOUBLE NOT NULL,
    default_value DOUBLE NOT NULL,
    unit TEXT NOT NULL,
    description TEXT NOT NULL,
    PRIMARY KEY (threshold),
    CHECK (typeof(value) IN ('real', 'integer') AND value BETWEEN 0 AND 100000)
);

-- One row per value of a setting of the views and scorecards: `critical_environments` (patterns of the keys of critical environments), `exempt_tags` (patterns of the tags of flags that are not judged), `team_rule` (`smallest_team`, `most_flags` or `maintainer_only`, see `flag_facts`), or a threshold of a single project. You may change the rows, and later runs without a configuration file keep them.
CREATE TABLE IF NOT EXISTS scorecard_settings (
    setting TEXT NOT NULL,
    project_key TEXT NOT NULL,
    position BIGINT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (setting, project_key, position),
    CHECK (value <> '' AND (setting <> 'team_rule' OR project_key = '' AND position = 0 AND value IN ('smallest_team', 'most_flags', 'maintainer_only')))
);

-- Versions of each row of `environments`, each with the period in which it was valid.
CREATE TABLE IF NOT EXISTS environments_history (
    project_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    environment_id TEXT,
    name TEXT,
    color TEXT,
    critical BOOLEAN NOT NULL,
    default_ttl_minutes BIGINT,
    secure_mode BOOLEAN,
    default_track_events BOOLEAN,
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
);

-- Versions of each row of `team_maintainers`, each with the period in which it was valid.
CREATE TABLE IF NOT EXISTS team_maintainers_history (
    team_key TEXT NOT NULL,
    member_id TEXT NOT NULL,
    email TEXT,
    first_name TEXT,
    last_name TEXT,
    role TEXT,
    valid_from TIMESTAMP NOT NULL,
    valid_to TIMESTAMP,
    extraction_id TEXT NOT NULL,
    PRIMARY KEY (team_key, member_id, valid_from)
);

-- Versions of each row of `flags`, each with the period in which it was valid.
CREATE TABLE IF NOT EXISTS flags_history (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    name TEXT,
    description TEXT,
    kind TEXT,
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
);

-- Versions of each row of `flag_environments`, each with the period in which it was valid.
CREATE TABLE IF NOT EXISTS flag_environments_history (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    environment_key TEXT NOT NULL,
    is_on BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    last_modified_at TIMESTAMP,
    fallthrough_variation BIGINT,
    off_variation BIGINT,
    rule_count BIGINT NOT NULL,
    target_count BIGINT NOT NULL,
    context_target_count BIGINT NOT NULL,
    prerequisite_count BIGINT NOT NULL,
    track_events BOOLEAN,
    track_events_fallthrough BOOLEAN,
    debug_events_until_at TIMESTAMP,
    migration_check_ratio BIGINT,
    evaluated_context_kinds TEXT,
    targeting_variations TEXT,
    valid_from TIMESTAMP NOT NULL,
    valid_to TIMESTAMP,
    extraction_id TEXT NOT NULL,
    PRIMARY KEY (project_key, flag_key, environment_key, valid_from)
);

-- Versions of each row of `flag_statuses`, each with the period in which it was valid.
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
);

-- Versions of each row of `code_references`, each with the period in which it was valid.
CREATE TABLE IF NOT EXISTS code_references_history (
    project_key TEXT NOT NULL,
    flag_key TEXT NOT NULL,
    repository TEXT NOT NULL,
    branch TEXT NOT NULL,
    file_count BIGINT,
    hunk_count BIGINT NOT NULL,
    last_commit_at TIMESTAMP,
    type TEXT,
    source_link TEXT,
    enabled BOOLEAN,
    repository_version BIGINT,
    valid_from TIMESTAMP NOT NULL,
    valid_to TIMESTAMP,
    extraction_id TEXT NOT NULL,
    PRIMARY KEY (project_key, flag_key, repository, branch, valid_from)
);

-- One row per project and day (UTC) on which there was a run, or a flag was created or archived; of several runs, the last one counts.
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
    stale_in_critical_min BIGINT,
    stale_in_critical_max BIGINT,
    ready_to_archive_min BIGINT,
    ready_to_archive_max BIGINT,
    ready_for_code_removal_min BIGINT,
    ready_for_code_removal_max BIGINT,
    unowned_min BIGINT,
    unowned_max BIGINT,
    PRIMARY KEY (project_key, day)
);

-- One row per member who maintains flags, and day (UTC) on which there was a run; of several runs, the last one counts.
CREATE TABLE IF NOT EXISTS owner_daily (
    owner TEXT NOT NULL,
    day TEXT NOT NULL,
    extraction_id TEXT NOT NULL,
    live BIGINT NOT NULL,
    deprecated BIGINT NOT NULL,
    temporary BIGINT NOT NULL,
    permanent BIGINT NOT NULL,
    stale_in_critical_min BIGINT NOT NULL,
    stale_in_critical_max BIGINT NOT NULL,
    ready_to_archive_min BIGINT NOT NULL,
    ready_to_archive_max BIGINT NOT NULL,
    ready_for_code_removal_min BIGINT NOT NULL,
    ready_for_code_removal_max BIGINT NOT NULL,
    unowned_min BIGINT NOT NULL,
    unowned_max BIGINT NOT NULL,
    over_age BIGINT NOT NULL,
    tidy BIGINT NOT NULL,
    PRIMARY KEY (owner, day)
);

-- One row per team that has flags (see `flag_facts`), and day (UTC) on which there was a run; of several runs, the last one counts.
CREATE TABLE IF NOT EXISTS team_daily (
    team_key TEXT NOT NULL,
    day TEXT NOT NULL,
    extraction_id TEXT NOT NULL,
    live BIGINT NOT NULL,
    deprecated BIGINT NOT NULL,
    temporary BIGINT NOT NULL,
    permanent BIGINT NOT NULL,
    stale_in_critical_min BIGINT NOT NULL,
    stale_in_critical_max BIGINT NOT NULL,
    ready_to_archive_min BIGINT NOT NULL,
    ready_to_archive_max BIGINT NOT NULL,
    ready_for_code_removal_min BIGINT NOT NULL,
    ready_for_code_removal_max BIGINT NOT NULL,
    unowned_min BIGINT NOT NULL,
    unowned_max BIGINT NOT NULL,
    over_age BIGINT NOT NULL,
    tidy BIGINT NOT NULL,
    PRIMARY KEY (team_key, day)
);

-- One row per tag on flags, and day (UTC) on which there was a run; of several runs, the last one counts.
CREATE TABLE IF NOT EXISTS tag_daily (
    tag TEXT NOT NULL,
    day TEXT NOT NULL,
    extraction_id TEXT NOT NULL,
    live BIGINT NOT NULL,
    deprecated BIGINT NOT NULL,
    temporary BIGINT NOT NULL,
    permanent BIGINT NOT NULL,
    stale_in_critical_min BIGINT NOT NULL,
    stale_in_critical_max BIGINT NOT NULL,
    ready_to_archive_min BIGINT NOT NULL,
    ready_to_archive_max BIGINT NOT NULL,
    ready_for_code_removal_min BIGINT NOT NULL,
    ready_for_code_removal_max BIGINT NOT NULL,
    unowned_min BIGINT NOT NULL,
    unowned_max BIGINT NOT NULL,
    over_age BIGINT NOT NULL,
    tidy BIGINT NOT NULL,
    PRIMARY KEY (tag, day)
);

-- The run and the settings for which the rows in `stored_` tables were worked out; without a row, none is current.
CREATE TABLE IF NOT EXISTS stored_views (
    extraction_id TEXT NOT NULL,
    settings TEXT NOT NULL,
    PRIMARY KEY (extraction_id)
);

CREATE VIEW latest_extraction AS
-- Question: Which run do the tables hold, and which time is "now"?
-- Definition: The newest published extraction. Every view uses its start as the current time, so
--   that an answer does not depend on when it is read.
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
-- A clock that was wrong once does not decide; a database of an earlier flaglake has no mark.
ORDER BY is_latest DESC, started_at DESC, extraction_id DESC
LIMIT 1;

CREATE VIEW stored_state AS
-- Question: Are the stored rows of views those of the newest run?
-- Definition: One row. The rows of some views take long to work out, so a run stores them in a SQLite output, in tables
--   whose names start with `stored_`. Views that thresholds decide return their stored rows as long as no threshold or
--   setting has been changed since the run; after that, they work their rows out, until the next run.
-- Source: flaglake's own record of its runs.
-- Assumptions: Rows of other tables are changed by runs only.
-- Needs:
-- Key: is_current
-- Column: is_current boolean: Whether they are.
-- Column: settings text: The thresholds and settings, by which a change is noticed.
-- Example: SELECT is_current FROM stored_state
WITH
now AS (
    SELECT group_concat(setting, ';') AS settings
    FROM (
        SELECT threshold || '=' || value AS setting FROM scorecard_thresholds
        UNION ALL
        SELECT setting || '/' || project_key || '/' || position || '=' || value FROM scorecard_settings
        ORDER BY setting
    )
)
SELECT
    extraction_id IS NOT NULL AND extraction_id = (SELECT extraction_id FROM latest_extraction)
        AND stored_views.settings IS now.settings AS is_current,
    now.settings
FROM now LEFT JOIN stored_views;

CREATE VIEW resource_coverage AS
-- Question: What did the newest run read, and what did it not read?
-- Definition: The rows of `extraction_resources` of the newest extraction, with the parts of their scope.
-- Source: flaglake's own record of its runs.
-- Assumptions: A resource that was not selected has one row with an empty scope, at whatever level
--   it is nested.
-- Needs:
-- Key: resource, scope
-- Column: resource text: Name of the resource.
-- Column: scope text: Empty for the account; a project's key; a project's and an environment's key, with a slash between.
-- Column: outcome text: `complete`, `not_available`, `invalid_permissions` or `skipped`.
-- Column: is_complete boolean: Whether everything in the scope was read.
-- Column: rows_read_at time?: When the rows that the tables hold were read; NULL where they hold none.
-- Column: detail text?: Remarks about reading it.
-- Example: SELECT resource, scope, outcome FROM resource_coverage WHERE NOT is_complete
SELECT resource, scope, outcome, outcome = 'complete' AS is_complete, rows_read_at, detail
FROM extraction_resources
WHERE extraction_id = (SELECT extraction_id FROM latest_extraction);

CREATE VIEW critical_environments AS
-- Question: Which environments are critical?
-- Definition: Environments that match a pattern in the setting `critical_environments` of the project, else of all projects
--   (see `scorecard_settings`); without such a setting, those that LaunchDarkly marks as critical.
-- Source: flaglake's own setting; LaunchDarkly's documentation, "Critical environments": https://launchdarkly.com/docs/home/account/environment/critical
-- Assumptions: In a pattern, `*` stands for any text and `?` for one character. A project whose patterns match nothing has
--   no critical environment.
-- Needs: environments
-- Stored: always
-- Key: project_key, environment_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: is_marked boolean: Whether LaunchDarkly marks it as critical.
-- Example: SELECT project_key, count(*) AS environments FROM critical_environments GROUP BY project_key
SELECT project_key, environment_key, critical AS is_marked
FROM environments AS environment
WHERE coalesce(
    -- NULL without such a setting.
    (
        SELECT max(environment_key GLOB value) FROM scorecard_settings AS own
        WHERE setting = 'critical_environments' AND own.project_key = environment.project_key
    ),
    (
        SELECT max(environment_key GLOB value) FROM scorecard_settings AS general
        WHERE setting = 'critical_environments' AND general.project_key = ''
    ),
    critical
);

CREATE VIEW exempt_flags AS
-- Question: Which flags are not judged?
-- Definition: Flags with a tag that matches a pattern in the setting `exempt_tags` of their project or of all projects (see
--   `scorecard_settings`). They are neither stale, nor ready for removal, nor unowned, and no scorecard counts them.
-- Source: flaglake's own setting.
-- Assumptions: In a pattern, `*` stands for any text and `?` for one character. Lists of single findings, such as
--   `never_requested_flags` and `removal_verdicts`, contain exempt flags all the same.
-- Needs: flags
-- Stored: always
-- Key: project_key, flag_key, tag
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: tag text: The tag that matches.
-- Example: SELECT tag, count(*) AS flags FROM exempt_flags GROUP BY tag
SELECT DISTINCT flag_tags.project_key, flag_key, tag
-- CROSS for speed: most often there is no such setting, and no tag is looked at.
FROM scorecard_settings AS pattern CROSS JOIN flag_tags
WHERE setting = 'exempt_tags' AND pattern.project_key IN ('', flag_tags.project_key) AND tag GLOB value;

CREATE VIEW project_thresholds AS
-- Question: Which thresholds apply to each project?
-- Definition: One row per project and threshold: the project's own value in `scorecard_settings`, else the value in
--   `scorecard_thresholds`.
-- Source: flaglake's own settings.
-- Assumptions: A value that is no number from 0 to 100,000 does not count. Teams, owners, tags and repositories are judged by the limits of `scorecard_thresholds`; whether a flag of
--   theirs counts is decided by the thresholds of its project.
-- Needs: projects
-- Key: project_key, threshold
-- Column: project_key text: Key of the project.
-- Column: threshold text: Name of the threshold.
-- Column: value real: The number in use.
-- Column: is_own boolean: Whether the project has a value of its own.
-- Example: SELECT project_key, threshold, value FROM project_thresholds WHERE is_own
SELECT
    project.project_key, threshold.threshold, coalesce(CAST(own.value AS REAL), threshold.value) AS value,
    own.value IS NOT NULL AS is_own
FROM projects AS project
CROSS JOIN scorecard_thresholds AS threshold
LEFT JOIN scorecard_settings AS own
    ON own.setting = threshold.threshold AND own.project_key = project.project_key AND own.position = 0
    AND own.value GLOB '[0-9]*' AND own.value NOT GLOB '*[^0-9.]*' AND CAST(own.value AS REAL) <= 100000;

CREATE VIEW project_limits AS
-- Question: Which times do the thresholds mean for each project, as of the newest run?
-- Definition: One row per project. Each time is the start of the newest run, less the days of a threshold (see
--   `project_thresholds`). A flag is old enough for a view if it was created, or changed, until that time.
-- Source: flaglake's own settings.
-- Assumptions: None.
-- Needs: projects
-- Key: project_key
-- Column: project_key text: Key of the project.
-- Column: today real: When the newest run started, as a Julian day.
-- Column: stale_created_until time: By `stale_flag_age`.
-- Column: stale_quiet_until time: By `stale_status`.
-- Column: lifecycle_created_until time: By `lifecycle_age`.
-- Column: never_requested_created_until time: By `never_requested_age`.
-- Column: requested_from time: By `still_requested`.
-- Column: inactive_until time: By `inactive`.
-- Column: launched_until time: By `launched_unchanged`.
-- Column: lifetime_from time: By `flag_lifetime`.
-- Column: lifetime_days real: The days of `flag_lifetime`.
-- Column: inactive_project_until time: By `inactive_project`.
-- Column: quiet_environment_until time: By `quiet_environment`.
-- Example: SELECT project_key, stale_created_until FROM project_limits
SELECT
    project_key, max(today) AS today,
    max(CASE threshold WHEN 'stale_flag_age' THEN moment END) AS stale_created_until,
    max(CASE threshold WHEN 'stale_status' THEN moment END) AS stale_quiet_until,
    max(CASE threshold WHEN 'lifecycle_age' THEN moment END) AS lifecycle_created_until,
    max(CASE threshold WHEN 'never_requested_age' THEN moment END) AS never_requested_created_until,
    max(CASE threshold WHEN 'still_requested' THEN moment END) AS requested_from,
    max(CASE threshold WHEN 'inactive' THEN moment END) AS inactive_until,
    max(CASE threshold WHEN 'launched_unchanged' THEN moment END) AS launched_until,
    max(CASE threshold WHEN 'flag_lifetime' THEN moment END) AS lifetime_from,
    max(CASE threshold WHEN 'flag_lifetime' THEN value END) AS lifetime_days,
    max(CASE threshold WHEN 'inactive_project' THEN moment END) AS inactive_project_until,
    max(CASE threshold WHEN 'quiet_environment' THEN moment END) AS quiet_environment_until
FROM (
    SELECT
        project_key, threshold, value, julianday(started_at) AS today,
        strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-' || value || ' days') AS moment
    FROM latest_extraction CROSS JOIN project_thresholds
)
GROUP BY project_key;

CREATE VIEW flag_facts AS
-- Question: What is known of each flag, before any threshold is applied?
-- Definition: One row per flag that is not archived, with the facts from which the other views decide whether it is stale,
--   ready for removal, owned and so on. A fact is NULL where it is unknown: a status is missing or none of the four that
--   flaglake knows, a list was not read, or the project has no critical environment. Critical are the
--   environments in `critical_environments`.
-- Source: flaglake's own: the facts behind `flag_readiness`, `removal_verdicts` and `scorecards`.
-- Assumptions: Statuses count where the newest run has read those of the environment. Archived flags do not count as
--   dependents. Code references are those of default branches. A flag's team is the one that maintains it. Where only a
--   member does, it is one of that member's teams: by the setting `team_rule` (see `scorecard_settings`), the one with the
--   fewest members (`smallest_team`, the default), the one that maintains most flags of the project (`most_flags`), or
--   none (`maintainer_only`); of several, the one with fewer members, then the one whose key comes first. In a published output, the rows are
--   those that the newest run stored: a change of a setting counts from the next run on.
-- Needs: projects, flags, environments, flag_statuses?, code_references?, members?, teams?
-- Stored: always
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: state text: `live` or `deprecated`.
-- Column: temporary boolean: Whether the flag is temporary: meant to be removed later.
-- Column: created_at time: When the flag was created.
-- Column: is_exempt boolean: Whether it is in `exempt_flags`.
-- Column: is_read boolean: Whether the newest run has read all flags and environments of the project.
-- Column: maintainer_id text?: ID of the member who maintains it.
-- Column: maintainer_email text?: Email address of the member who maintains it.
-- Column: maintainer_team_key text?: Key of the team that maintains it.
-- Column: team_key text?: Key of its team; NULL if it has none, or that is unknown.
-- Column: is_team_known boolean: Whether its team is known, or that it has none.
-- Column: has_owner boolean?: Whether a member or team that maintains it is still in the account.
-- Column: has_description boolean: Whether it has a description.
-- Column: has_tags boolean: Whether it has a tag.
-- Column: environments integer: Environments of the project.
-- Column: critical_environments integer: Critical environments of the project.
-- Column: known_statuses integer: Environments in which its status is known.
-- Column: known_critical_statuses integer: Critical environments in which its status is known.
-- Column: launched boolean?: Whether it is launched in all critical environments.
-- Column: inactive boolean?: Whether it is inactive in all critical environments.
-- Column: active boolean?: Whether it is new or active in any critical environment.
-- Column: critical_quiet_since time?: Of a temporary flag, the earliest `quiet_since` in a critical environment (see `stale_flags`); NULL if it is inactive or launched in none.
-- Column: is_requested boolean: Whether its status is active or launched anywhere.
-- Column: last_requested_at time?: When it was last requested anywhere.
-- Column: is_requested_where_it_blocks boolean: Whether its status is active or launched in a critical environment, or in any of a project that has none.
-- Column: last_blocking_request_at time?: When it was last requested in such an environment, unless it is inactive there.
-- Column: lacks_fallback boolean: Whether it was requested anywhere and LaunchDarkly tells no fallback in the code.
-- Column: has_code_references boolean?: Whether code on a default branch mentions it.
-- Column: is_prerequisite boolean: Whether another flag depends on it in any environment.
-- Column: is_critical_prerequisite boolean: Whether another flag depends on it in a critical environment.
-- Column: ld_stage text?: The stage that LaunchDarkly names for a live flag: `ready_for_code_removal`, `ready_to_archive`, or `live` where it says that neither applies; NULL where it does not say.
-- Example: SELECT project_key, count(*) AS flags FROM flag_facts WHERE has_owner = 0 GROUP BY project_key
WITH
-- Materialized, here and below: worked out once, not for every flag.
read AS MATERIALIZED (
    SELECT resource, scope FROM resource_coverage
    WHERE is_complete
      AND resource IN ('flags', 'environments', 'code_references', 'members', 'teams')
),
people AS MATERIALIZED (
    SELECT
        coalesce(max(resource = 'members'), 0) AS members_read, coalesce(max(resource = 'teams'), 0) AS teams_read
    FROM read
    WHERE scope = ''
),
lists_read AS MATERIALIZED (
    SELECT
        scope AS project_key, max(resource = 'code_references') AS references_read,
        count(CASE WHEN resource IN ('flags', 'environments') THEN 1 END) = 2 AS is_read
    FROM read
    WHERE resource IN ('flags', 'environments', 'code_references')
    GROUP BY scope
),
-- A request blocks in critical environments, or in all of a project that has none.
known_environments AS MATERIALIZED (
    SELECT
        environment.project_key, environment.environment_key,
        critical.environment_key IS NOT NULL AS is_critical,
        critical.environment_key IS NOT NULL
            OR count(critical.environment_key) OVER (PARTITION BY environment.project_key) = 0 AS blocks,
        -- Statuses that an earlier run has read say nothing about now.
        EXISTS (
            SELECT 1 FROM resource_coverage
            WHERE resource = 'flag_statuses' AND is_complete
              AND scope = environment.project_key || '/' || environment.environment_key
        ) AS is_read
    FROM environments AS environment
    LEFT JOIN critical_environments AS critical
        ON critical.project_key = environment.project_key
        AND critical.environment_key = environment.environment_key
),
project_facts AS MATERIALIZED (
    SELECT
        project_key, count(environment_key) AS environments, coalesce(sum(is_critical), 0) AS critical_environments,
        coalesce(max(references_read), 0) AS references_read, coalesce(max(lists_read.is_read), 0) AS is_read
    FROM projects
    LEFT JOIN known_environments USING (project_key)
    LEFT JOIN lists_read USING (project_key)
    GROUP BY project_key
),
prerequisites AS MATERIALIZED (
    SELECT
        prerequisite.project_key, prerequisite_flag_key AS flag_key,
        max(CASE WHEN (prerequisite.project_key, environment_key) IN (
            SELECT project_key, environment_key FROM critical_environments
        ) THEN 1 ELSE 0 END) AS is_critical
    FROM flag_prerequisites AS prerequisite
    JOIN flags AS dependent USING (project_key, flag_key)
    JOIN environments USING (project_key, environment_key)
    WHERE state <> 'archived'
    GROUP BY prerequisite.project_key, prerequisite_flag_key
),
memberships AS MATERIALIZED (
    SELECT member_id, team_key, count(*) OVER (PARTITION BY team_key) AS members FROM team_members
),
team_flags AS MATERIALIZED (
    SELECT project_key, maintainer_team_key AS team_key, count(*) AS flags
    FROM flags
    WHERE maintainer_team_key IS NOT NULL AND state <> 'archived'
    GROUP BY project_key, maintainer_team_key
),
team_rule AS MATERIALIZED (
    SELECT coalesce(max(value), 'smallest_team') AS rule FROM scorecard_settings WHERE setting = 'team_rule'
),
teams_of_members AS MATERIALIZED (
    SELECT project_key, member_id, team_key
    FROM (
        SELECT
            project_key, member_id, team_key,
            row_number() OVER (
                PARTITION BY project_key, member_id
                ORDER BY CASE rule WHEN 'most_flags' THEN -coalesce(flags, 0) END, members, team_key
            ) AS place
        FROM team_rule
        CROSS JOIN (
            SELECT DISTINCT project_key, maintainer_id
            FROM flags
            WHERE maintainer_id IS NOT NULL AND maintainer_team_key IS NULL AND state <> 'archived'
        )
        CROSS JOIN memberships ON member_id = maintainer_id
        LEFT JOIN team_flags USING (project_key, team_key)
        WHERE rule <> 'maintainer_only'
    )
    WHERE place = 1
),
-- In the order of the primary key, here and below, so that nothing is sorted.
status_facts AS MATERIALIZED (
    SELECT
        flag.project_key, flag.flag_key,
        -- Another status, new to flaglake, may mean anything.
        sum(status IN ('new', 'active', 'launched', 'inactive')) AS known,
        sum(is_critical AND status IN ('new', 'active', 'launched', 'inactive')) AS critical_known,
        sum(is_critical AND status = 'launched') AS launched,
        sum(is_critical AND status = 'inactive') AS inactive,
        sum(is_critical AND status IN ('new', 'active')) AS active,
        max(status IN ('active', 'launched')) AS is_requested,
        max(blocks AND status IN ('active', 'launched')) AS is_requested_where_it_blocks,
        max(last_requested_at) AS last_requested_at,
        max(CASE WHEN blocks AND status <> 'inactive' THEN last_requested_at END) AS last_blocking_request_at,
        max(last_requested_at IS NOT NULL AND default_value IS NULL) AS lacks_fallback,
        min(CASE WHEN temporary AND is_critical AND status IN ('inactive', 'launched') THEN
            min(coalesce(status_since, '9999'), CASE status
                WHEN 'inactive' THEN coalesce(last_requested_at, created_at)
                ELSE coalesce((
                    SELECT last_modified_at FROM flag_environments AS configuration
                    WHERE configuration.project_key = flag.project_key AND configuration.flag_key = flag.flag_key
                      AND configuration.environment_key = environment.environment_key
                ), '9999')
            END) END) AS critical_quiet_since
    FROM flags AS flag
    CROSS JOIN flag_statuses AS status
        ON status.project_key = flag.project_key AND status.flag_key = flag.flag_key
    CROSS JOIN known_environments AS environment
        ON environment.project_key = status.project_key
        AND environment.environment_key = status.environment_key AND is_read
    WHERE state <> 'archived'
    GROUP BY flag.project_key, flag.flag_key
)
SELECT
    flag.project_key, flag.flag_key, state, temporary, created_at,
    -- IN is looked up in an index, but only in a CASE: as a value, SQLite would look through the list for NULLs.
    CASE WHEN (flag.project_key, flag.flag_key) IN (SELECT project_key, flag_key FROM exempt_flags)
        THEN 1 ELSE 0 END AS is_exempt,
    coalesce(is_read, 0) AS is_read,
    maintainer_id, maintainer_email, maintainer_team_key, coalesce(maintainer_team_key, team.team_key) AS team_key,
    maintainer_team_key IS NOT NULL OR maintainer_id IS NULL OR members_read OR rule = 'maintainer_only' AS is_team_known,
    NOT (
        CASE WHEN maintainer_id IS NULL THEN maintainer_email IS NULL
            WHEN members_read THEN maintainer_id NOT IN (SELECT member_id FROM members) END
        AND CASE WHEN maintainer_team_key IS NULL THEN 1
            WHEN teams_read THEN maintainer_team_key NOT IN (SELECT team_key FROM teams) END
    ) AS has_owner,
    trim(coalesce(description, ''), ' ' || char(9, 10, 13)) <> '' AS has_description,
    EXISTS (
        SELECT 1 FROM flag_tags AS tag
        WHERE tag.project_key = flag.project_key AND tag.flag_key = flag.flag_key
    ) AS has_tags,
    coalesce(environments, 0) AS environments, coalesce(critical_environments, 0) AS critical_environments,
    coalesce(known, 0) AS known_statuses, coalesce(critical_known, 0) AS known_critical_statuses,
    CASE WHEN critical_known > launched THEN 0 WHEN launched = critical_environments AND launched > 0 THEN 1 END AS launched,
    CASE WHEN critical_known > inactive THEN 0 WHEN inactive = critical_environments AND inactive > 0 THEN 1 END AS inactive,
    CASE WHEN active > 0 THEN 1 WHEN critical_known = critical_environments AND critical_known > 0 THEN 0 END AS active,
    nullif(critical_quiet_since, '9999') AS critical_quiet_since,
    coalesce(is_requested, 0) AS is_requested, last_requested_at,
    coalesce(is_requested_where_it_blocks, 0) AS is_requested_where_it_blocks, last_blocking_request_at,
    coalesce(lacks_fallback, 0) AS lacks_fallback,
    CASE WHEN references_read THEN EXISTS (
        SELECT 1 FROM code_references AS reference
        WHERE reference.project_key = flag.project_key AND reference.flag_key = flag.flag_key
    ) END AS has_code_references,
    prerequisite.flag_key IS NOT NULL AS is_prerequisite,
    coalesce(is_critical, 0) AS is_critical_prerequisite,
    CASE
        WHEN state <> 'live' THEN NULL
        WHEN ld_ready_for_code_removal THEN 'ready_for_code_removal'
        WHEN ld_ready_to_archive THEN 'ready_to_archive'
        WHEN NOT ld_ready_for_code_removal AND NOT ld_ready_to_archive THEN 'live'
    END AS ld_stage
FROM flags AS flag
CROSS JOIN people CROSS JOIN team_rule
LEFT JOIN project_facts AS project ON project.project_key = flag.project_key
LEFT JOIN status_facts ON status_facts.project_key = flag.project_key AND status_facts.flag_key = flag.flag_key
LEFT JOIN prerequisites AS prerequisite
    ON prerequisite.project_key = flag.project_key AND prerequisite.flag_key = flag.flag_key
LEFT JOIN teams_of_members AS team
    ON team.project_key = flag.project_key AND team.member_id = flag.maintainer_id AND maintainer_team_key IS NULL
WHERE state <> 'archived';

CREATE VIEW flag_judgements AS
-- Question: How is each flag judged: is it stale, ready for removal, too old, owned, described?
-- Definition: One row per flag that is not archived: its facts (see `flag_facts`), with the thresholds of its project applied
--   to them (see `project_limits`). A judgement is NULL where it is unknown. Exempt flags (see `exempt_flags`)
--   are neither stale, nor ready for anything, nor too old. The other views about flags, `scorecards` and the daily figures count these rows.
-- Source: See `stale_flags`, `flag_readiness`, `flag_lifecycle`, `unowned_flags` and `flag_hygiene`.
-- Assumptions: One condition that is known to fail decides, whatever is unknown besides. Where code references were not read,
--   and the conditions do not decide, LaunchDarkly's own verdict does, if it gives one (`by_launchdarkly`). If
--   it gives none, a flag that meets all other conditions is `code_not_checked`.
-- Needs: projects, flags, environments, flag_statuses?, code_references?, members?, teams?
-- Stored: until a threshold changes
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: state text: `live` or `deprecated`.
-- Column: temporary boolean: Whether the flag is temporary: meant to be removed later.
-- Column: created_at time: When the flag was created.
-- Column: owner text?: ID of the member who maintains it, else the member's email address; NULL if no member does.
-- Column: team_key text?: Key of its team (see `flag_facts`); NULL if it has none, or that is unknown.
-- Column: is_team_known boolean: Whether its team is known, or that it has none.
-- Column: is_exempt boolean: Whether it is in `exempt_flags`.
-- Column: is_read boolean: Whether the newest run has read all flags and environments of the project.
-- Column: is_old boolean: Whether it is old enough for the stages `ready_for_code_removal` and `ready_to_archive`.
-- Column: critical_environments integer: Critical environments of the project.
-- Column: launched boolean?: Whether it is launched in all critical environments.
-- Column: inactive boolean?: Whether it is inactive in all critical environments.
-- Column: active boolean?: Whether it is new or active in any critical environment.
-- Column: has_code_references boolean?: Whether code on a default branch mentions it.
-- Column: is_prerequisite boolean: Whether another flag depends on it in any environment.
-- Column: is_critical_prerequisite boolean: Whether another flag depends on it in a critical environment.
-- Column: ready_for_code_removal boolean?: Whether it is at LaunchDarkly's stage "ready for code removal".
-- Column: ready_to_archive boolean?: Whether it is at LaunchDarkly's stage "ready to archive".
-- Column: by_launchdarkly boolean: Whether one of these two is LaunchDarkly's own verdict.
-- Column: code_not_checked boolean: Whether it meets all conditions of one of these two but those about code, which is unknown.
-- Column: ld_stage text?: The stage that LaunchDarkly names for a live flag; NULL where it does not say.
-- Column: is_stale boolean?: Whether it is stale in a critical environment (see `stale_flags`).
-- Column: is_over_age boolean: Whether it is temporary and older than `flag_lifetime`.
-- Column: has_owner boolean?: Whether a member or team that maintains it is still in the account.
-- Column: is_tidy boolean: Whether it has a description and a tag.
-- Example: SELECT owner, count(*) AS flags FROM flag_judgements WHERE is_stale GROUP BY owner ORDER BY flags DESC
WITH
-- Materialized: worked out once, not for every flag.
limits AS MATERIALIZED (SELECT * FROM project_limits),
conditions AS (
    SELECT
        flag.*, created_at <= lifecycle_created_until AS is_old,
        state = 'live' AND temporary AND NOT is_exempt AND created_at <= lifecycle_created_until AS is_candidate,
        CASE
            WHEN NOT temporary OR is_exempt THEN 0
            -- Staleness needs a critical environment.
            WHEN critical_environments = 0 THEN NULL
            WHEN created_at > stale_created_until THEN 0
            WHEN critical_quiet_since <= stale_quiet_until THEN 1
            WHEN known_critical_statuses = critical_environments THEN 0
        END AS is_stale,
        temporary AND NOT is_exempt AND created_at < lifetime_from AS is_over_age
    FROM flag_facts AS flag CROSS JOIN limits ON limits.project_key = flag.project_key
    WHERE NOT (SELECT is_current FROM stored_state)
),
verdicts AS (
    SELECT
        *,
        is_candidate AND launched AND has_code_references AND NOT is_critical_prerequisite AS removal_by_conditions,
        is_candidate AND inactive AND NOT has_code_references AND NOT is_prerequisite AS archiving_by_conditions
    FROM conditions
)
SELECT
    project_key, flag_key, state, temporary, created_at,
    coalesce(maintainer_id, maintainer_email) AS owner, team_key, is_team_known, is_exempt, is_read,
    is_old, critical_environments, launched, inactive, active, has_code_references, is_prerequisite,
    is_critical_prerequisite,
    CASE WHEN removal_by_conditions IS NULL AND has_code_references IS NULL
        THEN ld_stage = 'ready_for_code_removal' ELSE removal_by_conditions END AS ready_for_code_removal,
    CASE WHEN archiving_by_conditions IS NULL AND has_code_references IS NULL
        THEN ld_stage = 'ready_to_archive' ELSE archiving_by_conditions END AS ready_to_archive,
    has_code_references IS NULL AND ld_stage IS NOT NULL
        AND (removal_by_conditions IS NULL OR archiving_by_conditions IS NULL) AS by_launchdarkly,
    coalesce(
        is_candidate AND has_code_references IS NULL AND ld_stage IS NULL
        AND (launched AND NOT is_critical_prerequisite OR inactive AND NOT is_prerequisite), 0
    ) AS code_not_checked,
    ld_stage, is_stale, is_over_age, has_owner, has_description AND has_tags AS is_tidy
FROM verdicts;

CREATE VIEW flag_subjects AS
-- Question: Which subjects does each flag count for?
-- Definition: One row per flag that is not archived and subject that it counts for: its project, its team, the member who
--   maintains it, each of its tags, and each repository whose code mentions it. A flag without a team, a maintainer
--   or a tag counts for the subject `(none)` of that kind.
-- Source: flaglake's own; `scorecards` and the daily figures count flags by these subjects.
-- Assumptions: A flag's team is that of `flag_facts`; where it is unknown, the flag has no row for a team. A flag that only a
--   team maintains has no row for an owner. Where code references were not read, there are no rows for repositories.
-- Needs: projects, flags, code_references?, members?
-- Key: project_key, flag_key, subject_kind, subject
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: subject_kind text: `project`, `team`, `owner`, `tag` or `repository`.
-- Column: subject text: Key of the project or team, ID (else email address) of the member, the tag, the name of the repository, or `(none)`.
-- Example: SELECT subject, count(*) AS flags FROM flag_subjects WHERE subject_kind = 'tag' GROUP BY subject
SELECT project_key, flag_key, 'project' AS subject_kind, project_key AS subject FROM flag_facts
UNION ALL
SELECT project_key, flag_key, 'team', CAST(coalesce(team_key, '(none)') AS TEXT) FROM flag_facts WHERE is_team_known
UNION ALL
SELECT project_key, flag_key, 'owner', CAST(coalesce(maintainer_id, maintainer_email, '(none)') AS TEXT)
FROM flag_facts
WHERE coalesce(maintainer_id, maintainer_email) IS NOT NULL OR maintainer_team_key IS NULL
UNION ALL
SELECT project_key, flag_key, 'tag', CAST(coalesce(tag, '(none)') AS TEXT)
FROM flags LEFT JOIN flag_tags USING (project_key, flag_key)
WHERE state <> 'archived'
UNION ALL
SELECT DISTINCT project_key, flag_key, 'repository', repository
FROM flags JOIN code_references USING (project_key, flag_key)
WHERE state <> 'archived' AND project_key IN (
    SELECT scope FROM resource_coverage WHERE resource = 'code_references' AND is_complete
);

CREATE VIEW flag_readiness AS
-- Question: Which conditions of LaunchDarkly's lifecycle stages does each flag meet?
-- Definition: One row per flag that is not archived, with the conditions that LaunchDarkly's lifecycle stages are
--   made of. A condition is 1, 0, or NULL where it is unknown: a status is missing or none of the four that flaglake
--   knows, statuses or code references were not read, or the project has no critical environment. Ready for code
--   removal: live, temporary, old enough, launched in all critical environments, with code references, not a
--   prerequisite in a critical environment. Ready to archive: live, temporary, old enough, inactive in all critical
--   environments, without code references, not a prerequisite in any environment.
-- Source: LaunchDarkly's documentation, "Flag statuses and lifecycle stages": https://launchdarkly.com/docs/home/flags/flag-status
-- Assumptions: "Old enough" is the threshold `lifecycle_age` of the project. Where code references were not read, LaunchDarkly's own
--   verdict decides if the other conditions do not. One condition that is known to fail decides,
--   whatever is unknown besides. Archived flags do not count as dependents. Code references are those of default branches.
--   Flags and environments are those in the tables: a run with `--skip flags` keeps those of an earlier one. A flag that
--   is ready by these conditions is not thereby safe to remove or archive: `removal_verdicts` looks at more.
-- Needs: flags, environments, flag_statuses?, code_references?
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: state text: `live` or `deprecated`.
-- Column: temporary boolean: Whether the flag is temporary: meant to be removed later.
-- Column: created_at time: When the flag was created.
-- Column: is_old boolean: Whether the flag is old enough for these stages.
-- Column: critical_environments integer: Critical environments of the project.
-- Column: launched boolean?: Whether the flag is launched in all critical environments.
-- Column: inactive boolean?: Whether the flag is inactive in all critical environments.
-- Column: active boolean?: Whether the flag is new or active in any critical environment.
-- Column: has_code_references boolean?: Whether code on a default branch mentions the flag.
-- Column: is_prerequisite boolean: Whether another flag depends on this one in any environment.
-- Column: is_critical_prerequisite boolean: Whether another flag depends on this one in a critical environment.
-- Column: ready_for_code_removal boolean?: Whether the flag is at LaunchDarkly's stage "ready for code removal".
-- Column: ready_to_archive boolean?: Whether the flag is at LaunchDarkly's stage "ready to archive".
-- Column: is_exempt boolean: Whether the flag is in `exempt_flags`; it is ready for nothing then.
-- Column: by_launchdarkly boolean: Whether one of the two stages is LaunchDarkly's own verdict, as code references were not read.
-- Column: code_not_checked boolean: Whether the flag meets all conditions of one of the two stages but those about code, which is unknown.
-- Example: SELECT project_key, count(*) AS flags FROM flag_readiness WHERE launched IS NULL GROUP BY project_key
SELECT
    project_key, flag_key, state, temporary, created_at, is_old, critical_environments, launched, inactive, active,
    has_code_references, is_prerequisite, is_critical_prerequisite, ready_for_code_removal, ready_to_archive,
    is_exempt, by_launchdarkly, code_not_checked
FROM flag_judgements;

CREATE VIEW view_coverage AS
-- Question: Which data is missing from the answer of each view?
-- Definition: For each view and each resource that it needs, the scopes that the newest run did not
--   read completely. There are no rows if everything was read.
-- Source: flaglake's own record of its runs, and what the definition of each view says it needs.
-- Assumptions: A view's answer may be complete all the same, because a scope that was not read may
--   be empty.
-- Needs:
-- Key: view_name, resource, scope
-- Column: view_name text: Name of the view.
-- Column: resource text: Name of a resource that it needs.
-- Column: is_required boolean: Whether the view leaves out rows that it cannot know without the resource, instead of reporting `unknown`.
-- Column: scope text: Empty for the account; a project's key; a project's and an environment's key, with a slash between.
-- Column: outcome text: `not_available`, `invalid_permissions` or `skipped`.
-- Column: rows_read_at time?: When the rows that the tables hold were read; NULL where they hold none.
-- Column: detail text?: Remarks about reading it.
-- Example: SELECT view_name, resource, scope, outcome FROM view_coverage WHERE view_name = 'stale_flags'
WITH
needs (view_name, resource, is_required) AS (
    -- The row stands for those of every view, from the line `Needs` of its file.
    VALUES ('critical_environments', 'environments', 1),
        ('exempt_flags', 'flags', 1),
        ('project_thresholds', 'projects', 1),
        ('project_limits', 'projects', 1),
        ('flag_facts', 'projects', 1),
        ('flag_facts', 'flags', 1),
        ('flag_facts', 'environments', 1),
        ('flag_facts', 'flag_statuses', 0),
        ('flag_facts', 'code_references', 0),
        ('flag_facts', 'members', 0),
        ('flag_facts', 'teams', 0),
        ('flag_judgements', 'projects', 1),
        ('flag_judgements', 'flags', 1),
        ('flag_judgements', 'environments', 1),
        ('flag_judgements', 'flag_statuses', 0),
        ('flag_judgements', 'code_references', 0),
        ('flag_judgements', 'members', 0),
        ('flag_judgements', 'teams', 0),
        ('flag_subjects', 'projects', 1),
        ('flag_subjects', 'flags', 1),
        ('flag_subjects', 'code_references', 0),
        ('flag_subjects', 'members', 0),
        ('flag_readiness', 'flags', 1),
        ('flag_readiness', 'environments', 1),
        ('flag_readiness', 'flag_statuses', 0),
        ('flag_readiness', 'code_references', 0),
        ('stale_flags', 'flags', 1),
        ('stale_flags', 'flag_statuses', 1),
        ('stale_percentages', 'flags', 1),
        ('stale_percentages', 'environments', 1),
        ('stale_percentages', 'flag_statuses', 0),
        ('status_counts', 'flags', 1),
        ('status_counts', 'environments', 1),
        ('status_counts', 'flag_statuses', 0),
        ('never_requested_flags', 'flags', 1),
        ('never_requested_flags', 'environments', 1),
        ('never_requested_flags', 'flag_statuses', 1),
        ('inactive_flags', 'flags', 1),
        ('inactive_flags', 'environments', 1),
        ('inactive_flags', 'flag_statuses', 1),
        ('launched_flags', 'flags', 1),
        ('launched_flags', 'environments', 1),
        ('launched_flags', 'flag_statuses', 1),
        ('flag_lifecycle', 'flags', 1),
        ('flag_lifecycle', 'environments', 1),
        ('flag_lifecycle', 'flag_statuses', 0),
        ('flag_lifecycle', 'code_references', 0),
        ('flags_ready_for_code_removal', 'flags', 1),
        ('flags_ready_for_code_removal', 'environments', 1),
        ('flags_ready_for_code_removal', 'flag_statuses', 1),
        ('flags_ready_for_code_removal', 'code_references', 1),
        ('flags_ready_to_archive', 'flags', 1),
        ('flags_ready_to_archive', 'environments', 1),
        ('flags_ready_to_archive', 'flag_statuses', 1),
        ('flags_ready_to_archive', 'code_references', 1),
        ('served_variations', 'flags', 1),
        ('served_variations', 'environments', 1),
        ('served_fallbacks', 'flags', 1),
        ('served_fallbacks', 'environments', 1),
        ('served_fallbacks', 'flag_statuses', 1),
        ('forward_values', 'flags', 1),
        ('forward_values', 'environments', 1),
        ('removal_verdicts', 'flags', 1),
        ('removal_verdicts', 'environments', 1),
        ('removal_verdicts', 'flag_statuses', 0),
        ('removal_verdicts', 'code_references', 0),
        ('forgotten_rollouts', 'flags', 1),
        ('forgotten_rollouts', 'environments', 1),
        ('forgotten_rollouts', 'flag_statuses', 1),
        ('fallback_mismatches', 'flags', 1),
        ('fallback_mismatches', 'environments', 1),
        ('fallback_mismatches', 'flag_statuses', 1),
        ('code_reference_mismatches', 'flags', 1),
        ('code_reference_mismatches', 'code_references', 1),
        ('code_removal_to_archive', 'flags', 1),
        ('code_removal_to_archive', 'code_references', 0),
        ('flag_dependents', 'flags', 1),
        ('flag_dependents', 'environments', 1),
        ('flag_dependents', 'segments', 0),
        ('blast_radius', 'flags', 1),
        ('blast_radius', 'environments', 1),
        ('blast_radius', 'segments', 0),
        ('blast_radius_totals', 'flags', 1),
        ('blast_radius_totals', 'environments', 1),
        ('blast_radius_totals', 'segments', 0),
        ('unowned_flags', 'flags', 1),
        ('unowned_flags', 'members', 0),
        ('unowned_flags', 'teams', 0),
        ('owner_debt', 'flags', 1),
        ('owner_debt', 'environments', 1),
        ('owner_debt', 'flag_statuses', 0),
        ('owner_debt', 'code_references', 0),
        ('owner_debt', 'members', 0),
        ('owner_debt', 'teams', 0),
        ('flag_hygiene', 'flags', 1),
        ('flag_lifetimes', 'flags', 1),
        ('flag_velocity', 'flags', 1),
        ('temporary_turned_permanent', 'flags', 1),
        ('inactive_projects', 'projects', 1),
        ('inactive_projects', 'flags', 1),
        ('inactive_projects', 'environments', 1),
        ('inactive_projects', 'flag_statuses', 0),
        ('quiet_environments', 'environments', 1),
        ('quiet_environments', 'flags', 1),
        ('quiet_environments', 'flag_statuses', 0),
        ('change_actors', 'audit_log', 1),
        ('uncommented_critical_changes', 'environments', 1),
        ('uncommented_critical_changes', 'audit_log', 1),
        ('applied_approvals', 'approval_requests', 1),
        ('applied_approvals', 'audit_log', 1),
        ('environment_governance', 'environments', 1),
        ('access_hygiene', 'members', 0),
        ('access_hygiene', 'access_tokens', 0),
        ('scorecards', 'projects', 1),
        ('scorecards', 'environments', 1),
        ('scorecards', 'flags', 1),
        ('scorecards', 'flag_statuses', 0),
        ('scorecards', 'code_references', 0),
        ('scorecards', 'members', 0),
        ('scorecards', 'teams', 0)
)
SELECT view_name, resource, is_required, scope, outcome, rows_read_at, detail
FROM needs JOIN resource_coverage USING (resource)
WHERE NOT is_complete;

CREATE VIEW stale_flags AS
-- Question: Which flags are stale, and where?
-- Definition: Temporary flags that are not archived, were created at least 30 days ago, and have been inactive or
--   launched in an environment for at least 7 days.
-- Source: LaunchDarkly's documentation, "Flag health": https://launchdarkly.com/docs/home/releases/flag-health
-- Assumptions: Both periods are thresholds (`stale_flag_age`, `stale_status`). LaunchDarkly does
--   not report since when a flag is inactive or launched. A flag counts as inactive since its last
--   request, or since its creation if it was never requested; as launched since its configuration
--   last changed there; and as either since flaglake first saw the status, if that is earlier.
--   Every flag is inactive in an environment without traffic: look at critical environments first.
--   Flags are those in the tables: a run with `--skip flags` keeps those of an earlier one.
-- Needs: flags, flag_statuses
-- Key: project_key, environment_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: flag_key text: Key of the flag.
-- Column: status text: `inactive` or `launched`.
-- Column: age_days integer: Whole days since the flag was created.
-- Column: status_days integer: Whole days since `quiet_since`.
-- Column: created_at time: When the flag was created.
-- Column: quiet_since time: The earlier of when flaglake first saw the status, and when the flag was last requested (else created) where it is inactive, or its configuration last changed where it is launched.
-- Example: SELECT project_key, environment_key, count(*) AS flags FROM stale_flags GROUP BY 1, 2
WITH
limits AS MATERIALIZED (SELECT * FROM project_limits),
-- Statuses that an earlier run has read say nothing about now. For speed, what was not read is
-- looked up: there is little of it, most often nothing. In a CASE, as NOT IN would look through it for NULLs.
environments_unread AS (
    SELECT project_key, environment_key
    FROM environments
    WHERE project_key || '/' || environment_key NOT IN (
        SELECT scope FROM resource_coverage WHERE resource = 'flag_statuses' AND is_complete
    )
),
old_enough AS (
    SELECT project_key, flag_key, created_at
    -- In this order for speed: the other way round, SQLite would index all statuses first.
    FROM limits CROSS JOIN flags USING (project_key)
    WHERE temporary AND state <> 'archived' AND created_at <= stale_created_until
      AND CASE WHEN (project_key, flag_key) IN (SELECT project_key, flag_key FROM exempt_flags) THEN 0 ELSE 1 END
),
-- One pass for speed; in a CASE, so that only a launched flag's configuration is looked up.
quiet AS (
    SELECT
        project_key, environment_key, flag_key, status, created_at,
        min(coalesce(status_since, '9999'), CASE status
            WHEN 'inactive' THEN coalesce(last_requested_at, created_at)
            ELSE coalesce((
                SELECT last_modified_at FROM flag_environments AS configuration
                WHERE configuration.project_key = now.project_key
                  AND configuration.flag_key = now.flag_key
                  AND configuration.environment_key = now.environment_key
            ), '9999')
        END) AS quiet_since
    FROM old_enough CROSS JOIN flag_statuses AS now USING (project_key, flag_key)
    WHERE status IN ('inactive', 'launched')
)
SELECT
    project_key, environment_key, flag_key, status,
    CAST(today - julianday(created_at) AS INTEGER) AS age_days,
    CAST(today - julianday(quiet_since) AS INTEGER) AS status_days,
    created_at, quiet_since
FROM quiet JOIN limits USING (project_key)
WHERE quiet_since <= stale_quiet_until
  AND CASE WHEN (project_key, environment_key) IN (SELECT * FROM environments_unread) THEN 0 ELSE 1 END;

CREATE VIEW stale_percentages AS
-- Question: Which percentage of temporary flags is stale, in each environment?
-- Definition: Stale flags (see `stale_flags`) as a percentage of temporary flags that are not archived.
-- Source: LaunchDarkly's documentation, "Flag health": https://launchdarkly.com/docs/home/releases/flag-health
-- Assumptions: A flag that is too young to be stale is not stale, whatever its status. If the
--   status of an older flag is unknown, so is the percentage; without temporary flags, it is NULL.
--   Flags and environments are those in the tables: a run with `--skip flags` keeps those of an
--   earlier one. If no run has read a project's flags, everything about them is unknown.
-- Needs: flags, environments, flag_statuses?
-- Stored: until a threshold changes
-- Key: project_key, environment_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: critical boolean: Whether the environment is critical.
-- Column: temporary_flags integer?: Temporary flags that are not archived; NULL where no run has read the flags.
-- Column: stale_flags integer?: Those of them that are stale; NULL where that is unknown.
-- Column: stale_percentage real?: Stale flags per hundred temporary ones.
-- Column: unknown_flags integer?: Temporary flags that might be stale, but have no status, or none that flaglake knows; NULL where no run has read the flags.
-- Column: known_stale_flags integer?: Temporary flags that are known to be stale; NULL where nothing about the project's flags is known.
-- Example: SELECT * FROM stale_percentages WHERE critical ORDER BY stale_percentage DESC
WITH
limits AS MATERIALIZED (SELECT * FROM project_limits),
temporary_counts AS (
    SELECT project_key, count(*) AS flags, sum(created_at <= stale_created_until) AS old_flags
    FROM limits CROSS JOIN flags USING (project_key)
    WHERE temporary AND state <> 'archived' AND NOT (SELECT is_current FROM stored_state)
      AND CASE WHEN (project_key, flag_key) IN (SELECT project_key, flag_key FROM exempt_flags) THEN 0 ELSE 1 END
    GROUP BY project_key
),
-- Projects whose flags are in the tables, as far as there are any.
projects_read AS (
    SELECT project_key FROM projects
    WHERE EXISTS (SELECT 1 FROM flags WHERE flags.project_key = projects.project_key)
       OR project_key IN (SELECT scope FROM resource_coverage WHERE resource = 'flags' AND is_complete)
),
environments_read AS (
    SELECT project_key, environment_key
    -- CROSS for speed: the other way round, all environments would be compared for each scope.
    FROM environments CROSS JOIN resource_coverage
    WHERE resource = 'flag_statuses' AND is_complete AND scope = project_key || '/' || environment_key
),
known AS (
    SELECT status.project_key, environment_key, count(*) AS flags
    FROM limits CROSS JOIN flags AS flag ON flag.project_key = limits.project_key
    CROSS JOIN flag_statuses AS status
        ON status.project_key = flag.project_key AND status.flag_key = flag.flag_key
    WHERE NOT (SELECT is_current FROM stored_state)
      AND temporary AND state <> 'archived' AND flag.created_at <= stale_created_until
      AND CASE WHEN (flag.project_key, flag.flag_key) IN (SELECT project_key, flag_key FROM exempt_flags)
          THEN 0 ELSE 1 END
      -- Another status, new to flaglake, may mean anything.
      AND status IN ('new', 'active', 'launched', 'inactive')
    GROUP BY status.project_key, environment_key
),
stale AS (
    SELECT project_key, environment_key, count(*) AS flags FROM stale_flags WHERE NOT (SELECT is_current FROM stored_state) GROUP BY 1, 2
),
counts AS (
    SELECT
        project_key, environment_key,
        (project_key, environment_key) IN (SELECT project_key, environment_key FROM critical_environments) AS critical,
        CASE WHEN projects_read.project_key IS NOT NULL THEN coalesce(temporary.flags, 0) END AS temporary_flags,
        coalesce(stale.flags, 0) AS stale_flags,
        CASE WHEN projects_read.project_key IS NOT NULL THEN coalesce(temporary.old_flags, 0) END
            - CASE WHEN is_read.project_key IS NULL THEN 0 ELSE coalesce(known.flags, 0) END
            AS unknown_flags
    FROM environments
    LEFT JOIN projects_read USING (project_key)
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
    unknown_flags,
    CASE WHEN temporary_flags IS NOT NULL THEN stale_flags END AS known_stale_flags
FROM counts;

CREATE VIEW status_counts AS
-- Question: How many flags are new, active, launched or inactive, in each environment?
-- Definition: Number of flags that are not archived, by status and environment. `unknown` counts
--   flags without a status there, and all flags if the newest run did not read the environment's
--   statuses.
-- Source: LaunchDarkly's documentation, "Flag health": https://launchdarkly.com/docs/home/releases/flag-health
-- Assumptions: A status that no flag has has no row. The counts of an environment add up to the
--   number of its project's flags.
-- Needs: flags, environments, flag_statuses?
-- Stored: always
-- Key: project_key, environment_key, status
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: status text: `new`, `active`, `launched`, `inactive`, another name that LaunchDarkly gives, or `unknown`.
-- Column: flags integer: Flags with this status.
-- Example: SELECT environment_key, status, sum(flags) AS flags FROM status_counts GROUP BY 1, 2
WITH
-- Statuses that an earlier run has read say nothing about now. For speed, what was not read is
-- looked up: there is little of it, most often nothing. In a CASE, as NOT IN would look through it for NULLs.
environments_unread AS (
    SELECT project_key, environment_key
    FROM environments
    WHERE project_key || '/' || environment_key NOT IN (
        SELECT scope FROM resource_coverage WHERE resource = 'flag_statuses' AND is_complete
    )
),
known AS (
    SELECT project_key, environment_key, status, count(*) AS flags
    FROM flags CROSS JOIN flag_statuses USING (project_key, flag_key)
    WHERE state <> 'archived'
      AND CASE WHEN (project_key, environment_key) IN (SELECT * FROM environments_unread) THEN 0 ELSE 1 END
    GROUP BY project_key, environment_key, status
),
unknown AS (
    SELECT
        project_key, environment_key,
        project.flags - coalesce(
            (
                SELECT sum(known.flags) FROM known
                WHERE known.project_key = environment.project_key
                  AND known.environment_key = environment.environment_key
            ),
            0
        ) AS flags
    FROM environments AS environment
    JOIN (
        SELECT project_key, count(*) AS flags FROM flags WHERE state <> 'archived' GROUP BY 1
    ) AS project USING (project_key)
)
SELECT project_key, environment_key, status, flags FROM known
UNION ALL
SELECT project_key, environment_key, 'unknown', flags FROM unknown WHERE flags > 0;

CREATE VIEW never_requested_flags AS
-- Question: Which flags has code never requested?
-- Definition: Flags that are not archived, were created at least 7 days ago, and have never been requested in any
--   environment of their project.
-- Source: LaunchDarkly's agent skills, "Flag health signals": https://github.com/launchdarkly/agent-skills
-- Assumptions: The age is a threshold (`never_requested_age`). A flag is listed only if its status
--   is known in every environment. If a status is missing or was not read, or there is no
--   environment, the flag may have been requested.
-- Needs: flags, environments, flag_statuses
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: temporary boolean: Whether the flag is temporary: meant to be removed later.
-- Column: created_at time: When the flag was created.
-- Column: age_days integer: Whole days since that time.
-- Example: SELECT project_key, flag_key, age_days FROM never_requested_flags ORDER BY age_days DESC
WITH
limits AS MATERIALIZED (SELECT * FROM project_limits),
-- Projects whose statuses the newest run has read in every environment.
projects_read AS (
    SELECT project_key, count(*) AS environments
    FROM environments
    LEFT JOIN resource_coverage ON resource = 'flag_statuses' AND is_complete
        AND scope = project_key || '/' || environment_key
    GROUP BY project_key
    HAVING count(scope) = count(*)
),
-- In the order of the primary key, for speed: nothing has to be sorted.
never_requested AS (
    SELECT project_key, flag_key, count(*) AS environments
    FROM flag_statuses
    GROUP BY project_key, flag_key
    HAVING count(last_requested_at) = 0
)
SELECT
    project_key, flag_key, temporary, created_at,
    CAST(today - julianday(created_at) AS INTEGER) AS age_days
FROM limits
CROSS JOIN never_requested USING (project_key)
CROSS JOIN flags USING (project_key, flag_key)
CROSS JOIN projects_read USING (project_key)
WHERE state <> 'archived' AND created_at <= never_requested_created_until
  AND never_requested.environments = projects_read.environments;

CREATE VIEW inactive_flags AS
-- Question: Which flags have not been requested for a long time, and where?
-- Definition: Flags that are not archived, and are inactive in an environment in which they were last requested at least
--   30 days ago.
-- Source: LaunchDarkly's MCP server, `find-stale-flags`: https://github.com/launchdarkly/mcp-server
-- Assumptions: The period is a threshold (`inactive`). Both temporary and permanent flags are
--   listed; a permanent one may be meant for rare use. Flags that were never requested in the
--   environment are left out: see `never_requested_flags`.
-- Needs: flags, environments, flag_statuses
-- Key: project_key, environment_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: flag_key text: Key of the flag.
-- Column: temporary boolean: Whether the flag is temporary: meant to be removed later.
-- Column: last_requested_at time: When code last requested the flag there.
-- Column: inactive_days integer: Whole days since that time.
-- Example: SELECT project_key, environment_key, count(*) AS flags FROM inactive_flags GROUP BY 1, 2
WITH
limits AS MATERIALIZED (SELECT * FROM project_limits),
-- Statuses that an earlier run has read say nothing about now. For speed, what was not read is
-- looked up: there is little of it, most often nothing. In a CASE, as NOT IN would look through it for NULLs.
environments_unread AS (
    SELECT project_key, environment_key
    FROM environments
    WHERE project_key || '/' || environment_key NOT IN (
        SELECT scope FROM resource_coverage WHERE resource = 'flag_statuses' AND is_complete
    )
)
SELECT
    project_key, environment_key, flag_key, temporary, last_requested_at,
    CAST(today - julianday(last_requested_at) AS INTEGER) AS inactive_days
FROM limits
CROSS JOIN flags USING (project_key)
CROSS JOIN flag_statuses USING (project_key, flag_key)
WHERE state <> 'archived' AND status = 'inactive' AND last_requested_at <= inactive_until
  AND CASE WHEN (project_key, environment_key) IN (SELECT * FROM environments_unread) THEN 0 ELSE 1 END;

CREATE VIEW launched_flags AS
-- Question: Which flags have been launched for a long time without a change, and where?
-- Definition: Flags that are not archived, and are launched in an environment in which their configuration last changed
--   at least 30 days ago.
-- Source: LaunchDarkly's MCP server, `find-stale-flags`: https://github.com/launchdarkly/mcp-server
-- Assumptions: The period is a threshold (`launched_unchanged`). Both temporary and permanent flags
--   are listed; a permanent one may be meant to stay launched.
-- Needs: flags, environments, flag_statuses
-- Key: project_key, environment_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: flag_key text: Key of the flag.
-- Column: temporary boolean: Whether the flag is temporary: meant to be removed later.
-- Column: last_modified_at time: When the flag's configuration there last changed.
-- Column: unchanged_days integer: Whole days since that time.
-- Example: SELECT project_key, environment_key, count(*) AS flags FROM launched_flags WHERE temporary GROUP BY 1, 2
WITH
limits AS MATERIALIZED (SELECT * FROM project_limits),
-- Statuses that an earlier run has read say nothing about now. For speed, what was not read is
-- looked up: there is little of it, most often nothing. In a CASE, as NOT IN would look through it for NULLs.
environments_unread AS (
    SELECT project_key, environment_key
    FROM environments
    WHERE project_key || '/' || environment_key NOT IN (
        SELECT scope FROM resource_coverage WHERE resource = 'flag_statuses' AND is_complete
    )
)
SELECT
    project_key, environment_key, flag_key, temporary, last_modified_at,
    CAST(today - julianday(last_modified_at) AS INTEGER) AS unchanged_days
FROM limits
CROSS JOIN flags USING (project_key)
CROSS JOIN flag_statuses USING (project_key, flag_key)
CROSS JOIN flag_environments USING (project_key, flag_key, environment_key)
WHERE state <> 'archived' AND status = 'launched' AND last_modified_at <= launched_until
  AND CASE WHEN (project_key, environment_key) IN (SELECT * FROM environments_unread) THEN 0 ELSE 1 END;

CREATE VIEW flag_lifecycle AS
-- Question: At which lifecycle stage is each flag, and does LaunchDarkly agree?
-- Definition: One row per flag. The stage of an archived or deprecated flag is its state. Any other
--   flag is ready for code removal or ready to archive if `flag_readiness` says so, live if
--   `flag_readiness` knows that it is neither, and unknown otherwise. Where only code references are
--   missing to decide, and LaunchDarkly gives no verdict, the stage is `code_not_checked`: the flag
--   is launched or inactive everywhere critical, but nobody knows whether code mentions it. LaunchDarkly's own stage is
--   the one that LaunchDarkly reports, live where it reports that neither applies, and NULL where it
--   reports nothing.
-- Source: LaunchDarkly's documentation, "Flag statuses and lifecycle stages": https://launchdarkly.com/docs/home/flags/flag-status
-- Assumptions: LaunchDarkly applies the lifecycle settings of each project, flaglake applies
--   `lifecycle_age` in `scorecard_thresholds`: set that to the projects' value before you look into
--   disagreements. A stage does not mean that removing or archiving is safe: see
--   `removal_verdicts`.
-- Needs: flags, environments, flag_statuses?, code_references?
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: stage text: `live`, `ready_for_code_removal`, `ready_to_archive`, `code_not_checked`, `deprecated`, `archived` or `unknown`.
-- Column: ld_stage text?: The stage of a live flag that LaunchDarkly names; NULL where it does not say.
-- Column: disagrees boolean?: Whether both stages of a live flag are known and differ; NULL where they cannot be compared.
-- Example: SELECT project_key, stage, count(*) AS flags FROM flag_lifecycle GROUP BY project_key, stage
SELECT
    project_key, flag_key, stage, ld_stage,
    CASE WHEN stage IN ('live', 'ready_for_code_removal', 'ready_to_archive') AND NOT by_launchdarkly AND NOT is_exempt
        THEN stage <> ld_stage END AS disagrees
FROM (
    SELECT
        project_key, flag_key, ld_stage, by_launchdarkly, is_exempt,
        CASE
            WHEN state = 'deprecated' THEN 'deprecated'
            WHEN ready_for_code_removal THEN 'ready_for_code_removal'
            WHEN ready_to_archive THEN 'ready_to_archive'
            WHEN NOT ready_for_code_removal AND NOT ready_to_archive THEN 'live'
            WHEN code_not_checked THEN 'code_not_checked'
            ELSE 'unknown'
        END AS stage
    FROM flag_judgements
)
UNION ALL
SELECT
    project_key, flag_key, 'archived', NULL, NULL
FROM flags
WHERE state = 'archived';

CREATE VIEW flags_ready_for_code_removal AS
-- Question: Which flags are at LaunchDarkly's stage "ready for code removal"?
-- Definition: Live, temporary flags that are old enough, launched in all critical environments, mentioned by code, and
--   not a prerequisite in a critical environment (see `flag_readiness`).
-- Source: LaunchDarkly's documentation, "Flag statuses and lifecycle stages": https://launchdarkly.com/docs/home/flags/flag-status
-- Assumptions: A flag is not listed if any of these conditions is unknown: `flag_lifecycle` reports
--   such a flag as `unknown`. The value that replaces the flag in the code is in `forward_values`.
--   The stage does not depend on what the flag serves: `code_removal_verdict` in `removal_verdicts`
--   says whether removing is safe. Of these flags, it blocks only those that no single value can
--   replace (`mixed_variations`).
-- Needs: flags, environments, flag_statuses, code_references
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: created_at time: When the flag was created.
-- Example: SELECT project_key, count(*) AS flags FROM flags_ready_for_code_removal GROUP BY project_key
SELECT project_key, flag_key, created_at
FROM flag_readiness
WHERE ready_for_code_removal;

CREATE VIEW flags_ready_to_archive AS
-- Question: Which flags are at LaunchDarkly's stage "ready to archive"?
-- Definition: Live, temporary flags that are old enough, inactive in all critical environments, not mentioned by code,
--   and not a prerequisite in any environment (see `flag_readiness`).
-- Source: LaunchDarkly's documentation, "Flag statuses and lifecycle stages": https://launchdarkly.com/docs/home/flags/flag-status
-- Assumptions: A flag is not listed if any of these conditions is unknown: `flag_lifecycle` reports
--   such a flag as `unknown`. Every flag is inactive in an environment without traffic, even a flag
--   that will be needed when traffic starts. The stage looks at critical environments only:
--   `archive_verdict` in `removal_verdicts` says whether archiving is safe. It blocks none of these
--   flags.
-- Needs: flags, environments, flag_statuses, code_references
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: created_at time: When the flag was created.
-- Example: SELECT project_key, count(*) AS flags FROM flags_ready_to_archive GROUP BY project_key
SELECT project_key, flag_key, created_at
FROM flag_readiness
WHERE ready_to_archive;

CREATE VIEW served_variations AS
-- Question: Which variations can each flag serve, in each environment?
-- Definition: One row per flag and environment with a configuration. A flag that is off serves its off variation, or the
--   fallback in the code where it has none. One that is on serves the variations of its individual targets, of its rules
--   in order, and of its default rule. A rule that is disabled, or that no context can match, does not count; after a rule
--   that every context matches, neither later rules nor the default rule count. Of a rollout, the variations count whose
--   weight is above zero. Where a prerequisite can fail, the flag also serves what it serves when off; where one always
--   fails, nothing else. Other views ask this one which values a flag can have.
-- Source: LaunchDarkly's documentation, "Flag evaluation rules in server-side SDKs": https://launchdarkly.com/docs/sdk/concepts/flag-evaluation-rules
-- Assumptions: Every context matches a rule without clauses, or one whose clauses all negate an empty list of segments or
--   of context kinds; no context matches a rule with an empty list that is not negated. Any other rule is taken to match
--   some contexts and not others, and targets are taken to be in use. Rules, and prerequisites that depend on the same
--   flag, are taken to be independent: a combination that cannot occur may add a variation, which makes a flag look as if
--   it served several, never as if it served one. A prerequisite never fails where it is on and can
--   serve nothing but the variation that is needed; it always fails where it is off or cannot serve that variation.
--   Unknown are clauses that cannot be read, rules and default rules that serve nothing, what the weights of a rollout
--   leave over, and prerequisites without a configuration; but one variation that is served, whatever is unknown, is one.
--   What targeting serves is worked out when a configuration is read, so it is unknown for one that an earlier version of
--   flaglake read, until it is read again. Statuses are not looked at: `launched` says that one variation was served for
--   seven days, not which one.
-- Needs: flags, environments
-- Key: project_key, flag_key, environment_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: environment_key text: Key of the environment.
-- Column: is_on boolean: Whether targeting is on.
-- Column: variations json?: Indexes of the variations that can be served, sorted; `null` in the list is the fallback in the code. NULL where it is unknown.
-- Example: SELECT project_key, flag_key, variations FROM served_variations WHERE environment_key = 'production' AND json_array_length(variations) > 1
WITH RECURSIVE
targeting AS NOT MATERIALIZED (
    SELECT
        project_key, flag_key, environment_key, is_on, coalesce(off_variation, 'null') AS off, prerequisite_count,
        targeting_variations AS list
    FROM flag_environments
),
dependents AS MATERIALIZED (
    SELECT
        dependent.project_key, dependent.environment_key, dependent.flag_key, prerequisite_flag_key,
        CAST(variation AS TEXT) AS needed, is_on, off, prerequisite_count, list
    FROM flag_prerequisites AS dependent
    LEFT JOIN targeting AS prerequisite
        ON prerequisite.project_key = dependent.project_key
        AND prerequisite.flag_key = dependent.prerequisite_flag_key
        AND prerequisite.environment_key = dependent.environment_key
),
-- Flags of which a prerequisite always fails (1), may fail always or never (2), or fails for some contexts (3).
-- A prerequisite may have prerequisites of its own: where its off variation is what is needed, it passes by failing.
failing AS MATERIALIZED (
    SELECT
        project_key, environment_key, flag_key,
        CASE
            WHEN NOT is_on THEN 1
            WHEN list IS NULL THEN 2
            WHEN prerequisite_count > 0 AND off = needed THEN 2
            WHEN instr(replace(replace(list, '[', ','), ']', ','), ',' || needed || ',') = 0 THEN 1
            ELSE 3
        END AS failure
    FROM dependents
    WHERE is_on IS NOT 1 OR list IS NOT '[' || needed || ']'
    UNION
    SELECT dependent.project_key, dependent.environment_key, dependent.flag_key, failure
    FROM failing CROSS JOIN dependents AS dependent
        ON dependent.project_key = failing.project_key AND dependent.environment_key = failing.environment_key
        AND dependent.prerequisite_flag_key = failing.flag_key
    WHERE off <> needed
),
failures AS MATERIALIZED (
    SELECT project_key, environment_key, flag_key, min(failure) AS failure
    FROM failing
    GROUP BY project_key, environment_key, flag_key
)
SELECT
    project_key, flag_key, environment_key, is_on,
    CASE
        WHEN NOT is_on THEN '[' || off || ']'
        WHEN prerequisite_count = 0 THEN list
        ELSE (
            SELECT CASE
                WHEN failure = 1 THEN '[' || off || ']'
                WHEN failure = 2 OR prerequisite_count <> known THEN CASE list WHEN '[' || off || ']' THEN list END
                WHEN failure = 3 AND list IS NOT NULL THEN (
                    SELECT json_group_array(value)
                    FROM (
                        SELECT value FROM json_each(list)
                        UNION
                        SELECT value FROM json_each('[' || off || ']')
                        ORDER BY 1
                    )
                )
                ELSE list
            END
            FROM (
                SELECT count(*) AS known
                FROM flag_prerequisites AS prerequisite
                WHERE prerequisite.project_key = targeting.project_key AND prerequisite.flag_key = targeting.flag_key
                  AND prerequisite.environment_key = targeting.environment_key
            ) LEFT JOIN failures
                ON failures.project_key = targeting.project_key
                AND failures.environment_key = targeting.environment_key
                AND failures.flag_key = targeting.flag_key
        )
    END AS variations
FROM targeting;

CREATE VIEW served_fallbacks AS
-- Question: Does each flag serve the fallback value that the code has for it?
-- Definition: One row per flag and environment for which LaunchDarkly has seen a fallback value in the code. It differs where
--   the flag can serve another value: the one variation that it serves has another value, or it serves several. Where the
--   flag serves the fallback, for lack of an off variation, they are the same (see `served_variations`).
-- Source: LaunchDarkly's field `default` of flag statuses: https://launchdarkly.com/docs/api/feature-flags/get-feature-flag-statuses
-- Assumptions: LaunchDarkly reports one fallback per flag and environment, although code may have
--   several. Values are compared as JSON: neither white space nor the order of an object's keys
--   matters. No two variations of a flag have the same value. Environments whose statuses the
--   newest run did not read have no rows, because older statuses may be outdated.
-- Needs: flags, environments, flag_statuses
-- Stored: always
-- Key: project_key, environment_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: flag_key text: Key of the flag.
-- Column: is_on boolean: Whether targeting is on.
-- Column: variation_index integer?: Index of the variation that is served; NULL where it is not one, or is unknown.
-- Column: value json?: Its value.
-- Column: default_value json: The fallback value in the code.
-- Column: differs boolean?: Whether the flag can serve something else than the fallback; NULL where that is unknown.
-- Example: SELECT project_key, flag_key, value, default_value FROM served_fallbacks WHERE differs AND NOT is_on
WITH
-- For speed, what was not read is looked up: there is little of it, most often nothing. In a CASE, as NOT IN would look
-- through it for NULLs.
environments_unread AS (
    SELECT project_key, environment_key
    FROM environments
    WHERE project_key || '/' || environment_key NOT IN (
        SELECT scope FROM resource_coverage WHERE resource = 'flag_statuses' AND is_complete
    )
),
-- Materialized, so that what is served is worked out once.
served AS MATERIALIZED (
    SELECT project_key, environment_key, flag_key, is_on, variations, default_value
    FROM flag_statuses CROSS JOIN served_variations USING (project_key, flag_key, environment_key)
    WHERE default_value IS NOT NULL
      AND CASE WHEN (project_key, environment_key) IN (SELECT * FROM environments_unread) THEN 0 ELSE 1 END
),
compared AS (
    SELECT
        served.project_key, environment_key, served.flag_key, is_on, variations, variation_index, value, default_value,
        -- Most values are the same to the letter: only the others have to be taken apart.
        CASE
            WHEN value <> default_value AND json_valid(value) THEN replace(json_type(value), 'real', 'integer')
        END AS type,
        CASE
            WHEN value <> default_value AND json_valid(default_value)
                THEN replace(json_type(default_value), 'real', 'integer')
        END AS default_type
    FROM served
    LEFT JOIN flag_variations AS variation
        ON variation.project_key = served.project_key AND variation.flag_key = served.flag_key
        AND variation_index = CASE WHEN instr(variations, ',') = 0 THEN json_extract(variations, '$[0]') END
)
SELECT
    project_key, environment_key, flag_key, is_on, variation_index, value, default_value,
    CASE
        WHEN instr(variations, ',') > 0 THEN 1
        WHEN variations = '[null]' OR value = default_value THEN 0
        -- Nested too deeply for SQLite: unknown.
        WHEN type IS NULL OR default_type IS NULL THEN NULL
        WHEN type <> default_type THEN 1
        WHEN type NOT IN ('object', 'array') THEN json_extract(value, '$') IS NOT json_extract(default_value, '$')
        ELSE EXISTS (
            SELECT fullkey, replace(leaf.type, 'real', 'integer'), atom FROM json_tree(compared.value) AS leaf
            EXCEPT
            SELECT fullkey, replace(leaf.type, 'real', 'integer'), atom FROM json_tree(compared.default_value) AS leaf
        ) OR EXISTS (
            SELECT fullkey, replace(leaf.type, 'real', 'integer'), atom FROM json_tree(compared.default_value) AS leaf
            EXCEPT
            SELECT fullkey, replace(leaf.type, 'real', 'integer'), atom FROM json_tree(compared.value) AS leaf
        )
    END AS differs
FROM compared;

CREATE VIEW forward_values AS
-- Question: Which value replaces a flag when it is removed from code?
-- Definition: One row per flag that is not archived, with what its critical environments serve (see
--   `served_variations`). If the flag is on in all of them and serves the same variation to
--   everyone, that is the value (`all_on`). If it is off in all of them with the same off
--   variation, that is the value (`all_off`). Otherwise there is no such value: an environment
--   serves several variations and its default rule is a percentage rollout (`rollout`), an
--   environment serves several or they differ (`mixed`), or an environment serves only the fallback
--   in the code (`no_variation`). `unknown`: there is no critical environment, or what one serves
--   is unknown and the others do not decide.
-- Source: LaunchDarkly's removal readiness checklist for agents: https://github.com/launchdarkly/agent-skills
-- Assumptions: A flag that is on in one environment and off in another is mixed, even if both serve
--   the same variation. Rules, targets and prerequisites are taken into account: a flag that has
--   some (`has_targeting`) can have a value. Flags and environments are those in the tables: a run
--   with `--skip flags` keeps those of an earlier one.
-- Needs: flags, environments
-- Stored: always
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: variation_index integer?: Index of the variation that all critical environments serve; NULL where there is none.
-- Column: value json?: The value of that variation.
-- Column: reason text: `all_on`, `all_off`, `rollout`, `no_variation`, `mixed` or `unknown`.
-- Column: has_targeting boolean?: Whether a critical environment that is on has rules, targets or prerequisites; NULL where that is unknown.
-- Column: unknown_environments integer: Number of critical environments of which it is unknown what they serve.
-- Example: SELECT project_key, flag_key, value FROM forward_values WHERE reason = 'all_on'
WITH
critical AS MATERIALIZED (
    SELECT project_key, environment_key FROM critical_environments
),
-- Materialized, so that what is served is worked out once. In the order of the primary key: nothing is sorted.
served AS MATERIALIZED (
    SELECT
        flag.project_key, flag.flag_key, is_on,
        critical.environment_key AS critical_environment,
        (
            SELECT variations FROM served_variations AS served
            WHERE served.project_key = configuration.project_key AND served.flag_key = configuration.flag_key
              AND served.environment_key = configuration.environment_key
        ) AS variations,
        fallthrough_variation IS NULL AS has_rollout,
        is_on AND rule_count + target_count + context_target_count + prerequisite_count > 0 AS has_targeting
    FROM flags AS flag
    LEFT JOIN critical ON critical.project_key = flag.project_key
    LEFT JOIN flag_environments AS configuration
        ON configuration.project_key = flag.project_key AND configuration.flag_key = flag.flag_key
        AND configuration.environment_key = critical.environment_key
    WHERE state <> 'archived'
    ORDER BY flag.project_key, flag.flag_key
),
outcomes AS (
    SELECT
        project_key, flag_key, critical_environment, is_on, variations, has_rollout, has_targeting,
        instr(variations, ',') > 0 AS is_mixed,
        CASE WHEN instr(variations, ',') = 0 THEN json_extract(variations, '$[0]') END AS variation
    FROM served
),
-- What is not known stays NULL, and is not counted.
flag_counts AS (
    SELECT
        project_key, flag_key,
        count(critical_environment) AS environments,
        count(is_on) AS configurations,
        count(variations) AS known,
        sum(is_on) AS enabled,
        sum(is_mixed) AS mixed,
        sum(is_on AND is_mixed AND has_rollout) AS rollouts,
        count(variation) AS served,
        min(variation) AS lowest,
        max(variation) AS highest,
        max(has_targeting) AS has_targeting
    FROM outcomes
    GROUP BY project_key, flag_key
),
reasons AS (
    SELECT
        project_key, flag_key, lowest,
        CASE
            WHEN rollouts > 0 THEN 'rollout'
            WHEN mixed > 0 OR lowest <> highest OR enabled NOT IN (0, configurations) THEN 'mixed'
            WHEN served < known THEN 'no_variation'
            WHEN known < environments OR environments = 0 THEN 'unknown'
            WHEN enabled = 0 THEN 'all_off'
            ELSE 'all_on'
        END AS reason,
        environments - known AS unknown_environments,
        CASE
            WHEN has_targeting THEN 1
            WHEN configurations > 0 AND configurations = environments THEN 0
        END AS has_targeting
    FROM flag_counts
)
SELECT
    reason.project_key, reason.flag_key,
    CASE WHEN reason IN ('all_on', 'all_off') THEN lowest END AS variation_index,
    variation.value, reason, has_targeting, unknown_environments
FROM reasons AS reason
LEFT JOIN flag_variations AS variation
    ON variation.project_key = reason.project_key AND variation.flag_key = reason.flag_key
    AND variation_index = lowest AND reason IN ('all_on', 'all_off');

CREATE VIEW removal_verdicts AS
-- Question: Which flags are safe to remove from code, which are safe to archive, and why not the others?
-- Definition: For each flag that is not archived, two verdicts: `safe`, `caution`, `blocked` or `unknown`. Removing a flag
--   from code replaces it by one value. That is `blocked` where there is no such value (`mixed_variations`, see
--   `forward_values`), the flag is new or active in a critical environment (`live`), or other flags depend on it in one
--   (`dependents`). Else it is `unknown` where something that may block it is. Else it calls for `caution` where the flag
--   is permanent (`permanent`), code mentions it (`code_references`), or flags depend on it elsewhere. Else it is
--   `unknown` where code references or expiring targets are. Else it is `safe`. Archiving a flag ends it everywhere:
--   code that still requests it is served the fallback in the code. That is `blocked` where a critical environment still
--   requests the flag (`still_requested`), it is `live`, or it has `dependents` in any environment. Else it is `unknown`
--   where a status in a critical environment is. Else it calls for `caution` where other environments still request the
--   flag, code mentions it, it is permanent, it is younger than `lifecycle_age` (`recently_created`), or a fallback that
--   was seen in its code is not what it serves (`fallback_differs`, see `served_fallbacks`). Else it is `unknown` where
--   any of that is. Else it is `safe`. The reasons are all that apply, those that name what is unknown too.
-- Source: LaunchDarkly's removal readiness checklist for agents: https://github.com/launchdarkly/agent-skills; its documentation,
--   "Archiving flags": https://launchdarkly.com/docs/home/flags/archive
-- Assumptions: A flag is still requested where it is active or launched, or was last requested within `still_requested` in
--   `scorecard_thresholds`; a status that says `inactive` all the same calls for caution only. Where no environment is
--   critical, dependents and requests in any environment block, and what does not is unknown (`no_critical_environment`).
--   Targets that expire are not read by flaglake: whether there are any is unknown where individual targets are counted
--   in any environment (`expiring_targets_unknown`), else there are none. The fallback is unknown where the flag was ever
--   requested and LaunchDarkly tells none, or what the flag serves is unknown (`fallback_unknown`). `statuses_unknown` is
--   of critical environments for code, of all for archiving. A flag that is safe to remove from code may still be
--   requested, by code that LaunchDarkly does not search. Archived flags do not count as dependents. LaunchDarkly's
--   stages (see `flag_lifecycle`) look at less: one that is ready for code removal there may serve several variations.
--   No flag that is ready to archive there is blocked here, and a live one that is safe to archive is ready to archive.
--   Flags and environments are those in the tables: a run with `--skip flags` keeps those of an earlier one.
-- Needs: flags, environments, flag_statuses?, code_references?
-- Stored: until a threshold changes
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: verdict text: The same as `code_removal_verdict`: it says nothing about archiving.
-- Column: reasons json: The same as `code_removal_reasons`.
-- Column: code_removal_verdict text: Whether the flag can be removed from code: `safe`, `caution`, `blocked` or `unknown`.
-- Column: code_removal_reasons json: The reasons against it, including what is unknown: a sorted list, empty where it is safe.
-- Column: archive_verdict text: Whether the flag can be archived: `safe`, `caution`, `blocked` or `unknown`.
-- Column: archive_reasons json: The reasons against that, including what is unknown: a sorted list, empty where it is safe.
-- Example: SELECT archive_verdict, archive_reasons, count(*) AS flags FROM removal_verdicts GROUP BY archive_verdict, archive_reasons
WITH
fallbacks AS MATERIALIZED (
    SELECT project_key, flag_key, max(differs) AS differs, sum(differs IS NULL) AS unknown
    FROM served_fallbacks
    WHERE NOT (SELECT is_current FROM stored_state)
    GROUP BY project_key, flag_key
),
replacements AS MATERIALIZED (
    SELECT project_key, flag_key, max(reason) AS reason, max(unknown_environments) AS unknown_environments
    FROM forward_values
    WHERE NOT (SELECT is_current FROM stored_state)
    GROUP BY project_key, flag_key
),
limits AS MATERIALIZED (SELECT * FROM project_limits),
facts AS (
    SELECT
        flag.project_key, flag.flag_key, temporary, created_at <= lifecycle_created_until AS is_old, active AS is_live,
        has_code_references, is_prerequisite,
        is_critical_prerequisite OR is_prerequisite AND critical_environments = 0 AS is_needed,
        critical_environments = 0 AS is_uncritical,
        CASE WHEN reason IN ('mixed', 'rollout', 'no_variation') THEN 1 WHEN reason <> 'unknown' THEN 0 END AS is_mixed,
        unknown_environments > 0 AS lacks_configurations,
        EXISTS (
            SELECT 1 FROM flag_environments AS configuration
            WHERE configuration.project_key = flag.project_key AND configuration.flag_key = flag.flag_key
              AND target_count + context_target_count > 0
        ) AS has_targets,
        is_requested OR coalesce(last_requested_at > requested_from, 0) AS is_requested,
        is_requested_where_it_blocks OR coalesce(last_blocking_request_at > requested_from, 0)
            AS is_requested_where_it_blocks,
        known_statuses < environments AS lacks_statuses,
        coalesce(differs, 0) AS has_other_fallback,
        coalesce(lacks_fallback OR unknown > 0, 0) AS lacks_fallback
    FROM flag_facts AS flag
    CROSS JOIN limits ON limits.project_key = flag.project_key
    LEFT JOIN replacements
        ON replacements.project_key = flag.project_key AND replacements.flag_key = flag.flag_key
    LEFT JOIN fallbacks ON fallbacks.project_key = flag.project_key AND fallbacks.flag_key = flag.flag_key
    WHERE NOT (SELECT is_current FROM stored_state)
),
-- Materialized: every verdict is given twice.
verdicts AS MATERIALIZED (
    SELECT
        project_key, flag_key,
        CASE
            WHEN is_needed OR is_mixed OR is_live THEN 'blocked'
            WHEN is_mixed IS NULL OR is_live IS NULL THEN 'unknown'
            WHEN NOT temporary OR has_code_references OR is_prerequisite THEN 'caution'
            WHEN has_code_references IS NULL OR has_targets THEN 'unknown'
            ELSE 'safe'
        END AS code_removal_verdict,
        CASE WHEN has_code_references THEN ',"code_references"' ELSE '' END
        || CASE WHEN has_code_references IS NULL THEN ',"code_references_unknown"' ELSE '' END
        || CASE WHEN lacks_configurations THEN ',"configurations_unknown"' ELSE '' END
        || CASE WHEN is_prerequisite THEN ',"dependents"' ELSE '' END
        || CASE WHEN has_targets THEN ',"expiring_targets_unknown"' ELSE '' END
        || CASE WHEN is_live THEN ',"live"' ELSE '' END
        || CASE WHEN is_mixed THEN ',"mixed_variations"' ELSE '' END
        || CASE WHEN is_uncritical THEN ',"no_critical_environment"' ELSE '' END
        || CASE WHEN NOT temporary THEN ',"permanent"' ELSE '' END
        || CASE WHEN is_live IS NULL AND NOT is_uncritical THEN ',"statuses_unknown"' ELSE '' END
            AS code_removal_reasons,
        CASE
            WHEN is_prerequisite OR is_live OR is_requested_where_it_blocks THEN 'blocked'
            WHEN is_live IS NULL THEN 'unknown'
            WHEN NOT temporary OR NOT is_old OR is_requested OR has_code_references OR has_other_fallback THEN 'caution'
            WHEN lacks_statuses OR lacks_fallback OR has_code_references IS NULL THEN 'unknown'
            ELSE 'safe'
        END AS archive_verdict,
        CASE WHEN has_code_references THEN ',"code_references"' ELSE '' END
        || CASE WHEN has_code_references IS NULL THEN ',"code_references_unknown"' ELSE '' END
        || CASE WHEN is_prerequisite THEN ',"dependents"' ELSE '' END
        || CASE WHEN has_other_fallback THEN ',"fallback_differs"' ELSE '' END
        || CASE WHEN lacks_fallback THEN ',"fallback_unknown"' ELSE '' END
        || CASE WHEN is_live THEN ',"live"' ELSE '' END
        || CASE WHEN is_uncritical THEN ',"no_critical_environment"' ELSE '' END
        || CASE WHEN NOT temporary THEN ',"permanent"' ELSE '' END
        || CASE WHEN NOT is_old THEN ',"recently_created"' ELSE '' END
        || CASE WHEN lacks_statuses THEN ',"statuses_unknown"' ELSE '' END
        || CASE WHEN is_requested THEN ',"still_requested"' ELSE '' END
            AS archive_reasons
    FROM facts
)
SELECT
    project_key, flag_key,
    code_removal_verdict AS verdict, '[' || substr(code_removal_reasons, 2) || ']' AS reasons,
    code_removal_verdict, '[' || substr(code_removal_reasons, 2) || ']' AS code_removal_reasons,
    archive_verdict, '[' || substr(archive_reasons, 2) || ']' AS archive_reasons
FROM verdicts;

CREATE VIEW forgotten_rollouts AS
-- Question: Which rollouts were completed in one environment but never in another?
-- Definition: Flags that are not archived, launched in at least one environment and inactive in at least one other.
-- Source: LaunchDarkly's guide, "Reducing technical debt from feature flags": https://launchdarkly.com/docs/guides/flags/technical-debt
-- Assumptions: Only statuses that the newest extraction read are used. Every flag is inactive in an
--   environment without traffic: a flag that is listed only because of such an environment is not
--   forgotten.
-- Needs: flags, environments, flag_statuses
-- Stored: always
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: launched_environments integer: Environments where the flag is launched.
-- Column: inactive_environments integer: Environments where the flag is inactive.
-- Column: launched_in json: Keys of the environments where it is launched, sorted.
-- Column: inactive_in json: Keys of the environments where it is inactive, sorted.
-- Example: SELECT project_key, flag_key, inactive_in FROM forgotten_rollouts ORDER BY inactive_environments DESC
WITH
-- Statuses that an earlier run has read say nothing about now.
environments_read AS MATERIALIZED (
    SELECT project_key, environment_key
    -- CROSS for speed: the other way round, all environments would be compared for each scope.
    FROM environments CROSS JOIN resource_coverage
    WHERE resource = 'flag_statuses' AND is_complete AND scope = project_key || '/' || environment_key
),
-- In the order of the primary key: nothing is sorted, and the keys of a flag's environments come in order.
rollouts AS (
    SELECT
        flag.project_key, flag.flag_key,
        sum(status = 'launched') AS launched_environments,
        sum(status = 'inactive') AS inactive_environments,
        json_group_array(status.environment_key) FILTER (WHERE status = 'launched') AS launched_in,
        json_group_array(status.environment_key) FILTER (WHERE status = 'inactive') AS inactive_in
    FROM flags AS flag
    CROSS JOIN flag_statuses AS status
        ON status.project_key = flag.project_key AND status.flag_key = flag.flag_key
    CROSS JOIN environments_read AS is_read
        ON is_read.project_key = status.project_key AND is_read.environment_key = status.environment_key
    WHERE state <> 'archived' AND status IN ('launched', 'inactive')
    GROUP BY flag.project_key, flag.flag_key
)
SELECT project_key, flag_key, launched_environments, inactive_environments, launched_in, inactive_in
FROM rollouts
WHERE launched_environments > 0 AND inactive_environments > 0;

CREATE VIEW fallback_mismatches AS
-- Question: Where does the fallback in the code differ from what the flag serves?
-- Definition: Flags that are on and can serve only one variation in an environment (see
--   `served_variations`), where LaunchDarkly has seen another fallback value in the code (see
--   `served_fallbacks`). Users get another value if such a flag is removed or archived, or if the
--   connection fails.
-- Source: LaunchDarkly's field `default` of flag statuses: https://launchdarkly.com/docs/api/feature-flags/get-feature-flag-statuses
-- Assumptions: LaunchDarkly reports one fallback per flag and environment, although code may have
--   several. Flags that are off or serve several variations are not listed here; the reason
--   `fallback_differs` in `removal_verdicts` includes them.
-- Needs: flags, environments, flag_statuses
-- Key: project_key, environment_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: flag_key text: Key of the flag.
-- Column: variation_index integer: Position of the variation that is served, from 0.
-- Column: value json: Its value.
-- Column: default_value json: The fallback value in the code.
-- Example: SELECT project_key, flag_key, value, default_value FROM fallback_mismatches WHERE environment_key = 'production'
SELECT project_key, environment_key, flag_key, variation_index, value, default_value
FROM served_fallbacks
WHERE is_on AND differs AND variation_index IS NOT NULL;

CREATE VIEW code_reference_mismatches AS
-- Question: Where do code and flags disagree?
-- Definition: Archived flags that code still mentions, which then serve the fallback value in the code; and live flags that
--   no code mentions.
-- Source: LaunchDarkly's documentation, "Archiving flags": https://launchdarkly.com/docs/home/flags/archive
-- Assumptions: Code means the default branches of the repositories that LaunchDarkly searches. If
--   no code of a project is in them, all of its live flags are listed. Projects whose code
--   references the newest run did not read are not listed. Deprecated flags are not listed, whether
--   code mentions them or not.
-- Needs: flags, code_references
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: mismatch text: `archived_but_referenced` or `live_but_unreferenced`.
-- Column: repositories integer: Number of repositories that mention the flag.
-- Column: hunk_count integer: Number of places in them that mention it.
-- Example: SELECT project_key, flag_key, hunk_count FROM code_reference_mismatches WHERE mismatch = 'archived_but_referenced'
SELECT
    project_key, flag_key,
    CASE state WHEN 'archived' THEN 'archived_but_referenced' ELSE 'live_but_unreferenced' END
        AS mismatch,
    count(DISTINCT repository) AS repositories,
    coalesce(sum(hunk_count), 0) AS hunk_count
FROM flags LEFT JOIN code_references USING (project_key, flag_key)
WHERE state IN ('live', 'archived')
  AND project_key IN (
      SELECT scope FROM resource_coverage WHERE resource = 'code_references' AND is_complete
  )
GROUP BY project_key, flag_key
HAVING (state = 'archived') = (count(repository) > 0);

CREATE VIEW code_removal_to_archive AS
-- Question: How long do flags stay after their code is removed?
-- Definition: Flags that code on a default branch mentioned in an earlier run and no longer mentions, with the whole days from
--   the run that found this to the archiving of the flag, or to now where it is not archived.
-- Source: LaunchDarkly's documentation, "Flag statuses and lifecycle stages", by which a flag without code is to be archived: https://launchdarkly.com/docs/home/flags/flag-status
-- Assumptions: References are known from the first run that flaglake published into the database with their history, so a
--   flag whose code was removed before that is not listed, nor one whose versions `--history-retention` has
--   removed. The code was removed between `code_last_seen_at` and `code_removed_at`; a flag that was archived in
--   between was archived at once, after 0 days. A flag that was archived while code still mentioned it is not listed. Code
--   that was removed and came back counts as there. Where the newest run did not read the code references of
--   a project, the last run that did decides.
-- Needs: history, flags, code_references?
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: temporary boolean: Whether the flag is temporary: meant to be removed later.
-- Column: code_last_seen_at time?: Start of the last run that found the flag in code; NULL where that run is no longer recorded.
-- Column: code_removed_at time: Start of the run that first found no code with the flag.
-- Column: archived_at time?: When the flag was archived; NULL where it is not.
-- Column: archive_days integer?: Whole days from the removal to the archiving; NULL where the flag is not archived.
-- Column: waiting_days integer?: Whole days since the removal; NULL where the flag is archived.
-- Example: SELECT project_key, avg(archive_days) AS days, count(waiting_days) AS waiting FROM code_removal_to_archive GROUP BY 1
WITH
removals AS MATERIALIZED (
    SELECT project_key, flag_key, max(valid_to) AS code_removed_at
    FROM code_references_history
    GROUP BY project_key, flag_key
    HAVING count(*) = count(valid_to)
),
seen AS MATERIALIZED (
    SELECT project_key, code_removed_at, (
        SELECT max(started_at) FROM extraction_resources JOIN extractions USING (extraction_id)
        WHERE resource = 'code_references' AND scope = project_key AND outcome = 'complete'
          AND started_at < code_removed_at
    ) AS code_last_seen_at
    FROM (SELECT DISTINCT project_key, code_removed_at FROM removals)
),
removed AS (
    SELECT
        project_key, flag_key, temporary, code_last_seen_at, code_removed_at,
        CASE WHEN state = 'archived' THEN archived_at END AS archived_at, state = 'archived' AS is_archived
    FROM removals
    CROSS JOIN seen USING (project_key, code_removed_at)
    CROSS JOIN flags USING (project_key, flag_key)
    -- Another flag had this key before.
    WHERE created_at <= code_removed_at
)
SELECT
    project_key, flag_key, temporary, code_last_seen_at, code_removed_at, archived_at,
    max(CAST(julianday(archived_at) - julianday(code_removed_at) AS INTEGER), 0) AS archive_days,
    CASE WHEN NOT is_archived THEN
        CAST(julianday(started_at) - julianday(code_removed_at) AS INTEGER)
    END AS waiting_days
FROM latest_extraction CROSS JOIN removed
WHERE NOT is_archived OR archived_at > coalesce(code_last_seen_at, '');

CREATE VIEW flag_dependents AS
-- Question: Which flags depend on a flag or a segment, and where?
-- Definition: One row per environment, flag or segment, and flag that has the one as a prerequisite there, or that names
--   the other. Archived flags do not count as dependents.
-- Source: LaunchDarkly's agent skills: https://github.com/launchdarkly/agent-skills
-- Assumptions: A flag names a segment if one of its rules does, or if LaunchDarkly lists it with
--   the segment, which LaunchDarkly does not do for all segments (`segments.flag_count` is NULL
--   then). Flags that are off and rules that are disabled count, because they may be turned on.
--   Only direct dependents are listed, not the flags that depend on those. `blast_radius` and
--   `blast_radius_totals` count these rows.
-- Needs: flags, environments, segments?
-- Key: project_key, environment_key, kind, key, flag_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: kind text: `prerequisite` or `segment`.
-- Column: key text: Key of the flag that others depend on, or of the segment.
-- Column: flag_key text: Key of a flag that depends on it.
-- Example: SELECT flag_key, environment_key FROM flag_dependents WHERE kind = 'segment' AND key = 'staff' ORDER BY 1, 2
WITH
-- Segments that an earlier run has read say nothing about now.
environments_read AS (
    SELECT project_key, environment_key
    -- CROSS for speed: the other way round, all environments would be compared for each scope.
    FROM environments CROSS JOIN resource_coverage
    WHERE resource = 'segments' AND is_complete AND scope = project_key || '/' || environment_key
),
-- For speed, rules are taken apart only where the word is in them.
segment_matches AS (
    SELECT
        project_key, environment_key, flag_key,
        CASE WHEN json_valid(clauses) THEN clauses END AS clauses
    FROM flag_rules
    WHERE instr(clauses, 'segmentMatch') > 0
),
dependents AS (
    SELECT
        project_key, environment_key, 'prerequisite' AS kind, prerequisite_flag_key AS key, flag_key
    FROM flag_prerequisites
    UNION
    SELECT rule.project_key, rule.environment_key, 'segment', CAST(segment.value AS TEXT), rule.flag_key
    FROM segment_matches AS rule
    CROSS JOIN json_each(rule.clauses) AS clause
    CROSS JOIN json_each(rule.clauses, clause.fullkey || '.values') AS segment
    WHERE json_extract(rule.clauses, clause.fullkey || '.op') = 'segmentMatch'
      AND segment.type = 'text'
    UNION
    SELECT project_key, environment_key, 'segment', segment_key, flag_key
    FROM segment_flags JOIN environments_read USING (project_key, environment_key)
)
SELECT project_key, environment_key, dependents.kind, key, flag_key
FROM dependents CROSS JOIN flags USING (project_key, flag_key)
WHERE state <> 'archived';

CREATE VIEW blast_radius AS
-- Question: How many flags depend on a flag or a segment?
-- Definition: One row per environment and flag that other flags there have as a prerequisite, and
--   per segment that flags there name, with the number of those flags, which `flag_dependents`
--   lists. Archived flags are not counted.
-- Source: LaunchDarkly's agent skills: https://github.com/launchdarkly/agent-skills
-- Assumptions: As for `flag_dependents`. For the number over all environments, do not add up these:
--   one flag may depend on another in several environments, and `blast_radius_totals` counts it
--   once.
-- Needs: flags, environments, segments?
-- Key: project_key, environment_key, kind, key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: kind text: `prerequisite` or `segment`.
-- Column: key text: Key of the flag that others depend on, or of the segment.
-- Column: flags integer: Number of flags that depend on it.
-- Example: SELECT kind, key, flags FROM blast_radius ORDER BY flags DESC LIMIT 20
SELECT project_key, environment_key, kind, key, count(*) AS flags
FROM flag_dependents
GROUP BY project_key, environment_key, kind, key;

CREATE VIEW blast_radius_totals AS
-- Question: How many flags depend on a flag or a segment in any environment?
-- Definition: One row per flag that other flags have as a prerequisite in any environment, and per
--   segment key that flags name in any environment, with the number of those environments and of
--   distinct flags, which `flag_dependents` lists. Archived flags are not counted.
-- Source: LaunchDarkly's agent skills: https://github.com/launchdarkly/agent-skills
-- Assumptions: As for `flag_dependents`. A segment belongs to one environment; segments with the
--   same key in several environments of a project count as one.
-- Needs: flags, environments, segments?
-- Key: project_key, kind, key
-- Column: project_key text: Key of the project.
-- Column: kind text: `prerequisite` or `segment`.
-- Column: key text: Key of the flag that others depend on, or of the segment.
-- Column: environments integer: Number of environments in which a flag depends on it.
-- Column: flags integer: Number of distinct flags that depend on it in any of them.
-- Example: SELECT kind, key, flags FROM blast_radius_totals ORDER BY flags DESC LIMIT 20
SELECT
    project_key, kind, key,
    count(DISTINCT environment_key) AS environments, count(DISTINCT flag_key) AS flags
FROM flag_dependents
GROUP BY project_key, kind, key;

CREATE VIEW unowned_flags AS
-- Question: Which flags have no maintainer?
-- Definition: Flags that are neither archived nor exempt (see `exempt_flags`), and have no maintainer
--   (`none`), or whose maintainers (member and team) are all known to have left the account
--   (`departed`).
-- Source: LaunchDarkly's guide, "Reducing technical debt from feature flags": https://launchdarkly.com/docs/guides/flags/technical-debt
-- Assumptions: A maintainer has left if the newest extraction read all members, or all teams, and
--   the maintainer is not among them; if it did not read all, no maintainer counts as left. An
--   invited member who has not accepted yet is a member. Flags are those in the tables: a run with
--   `--skip flags` keeps those of an earlier one.
-- Needs: flags, members?, teams?
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: reason text: `none` or `departed`.
-- Column: maintainer_id text?: ID of the member who maintained the flag.
-- Column: maintainer_team_key text?: Key of the team that maintained the flag.
-- Column: created_at time: When the flag was created.
-- Example: SELECT project_key, reason, count(*) AS flags FROM unowned_flags GROUP BY project_key, reason
WITH
people AS MATERIALIZED (
    SELECT
        EXISTS (SELECT 1 FROM resource_coverage WHERE resource = 'members' AND is_complete) AS members_read,
        EXISTS (SELECT 1 FROM resource_coverage WHERE resource = 'teams' AND is_complete) AS teams_read
),
maintained AS (
    SELECT
        project_key, flag_key, maintainer_id, maintainer_team_key, created_at,
        -- An address without an ID is a maintainer too, of whom nothing else is known.
        maintainer_id IS NULL AND maintainer_email IS NULL AND maintainer_team_key IS NULL AS is_none,
        CASE
            WHEN maintainer_id IS NULL THEN maintainer_email IS NULL
            ELSE members_read AND maintainer_id NOT IN (SELECT member_id FROM members)
        END AND CASE
            WHEN maintainer_team_key IS NULL THEN 1
            ELSE teams_read AND maintainer_team_key NOT IN (SELECT team_key FROM teams)
        END AS is_departed
    FROM flags CROSS JOIN people
    WHERE state <> 'archived'
      AND CASE WHEN (project_key, flag_key) IN (SELECT project_key, flag_key FROM exempt_flags) THEN 0 ELSE 1 END
)
SELECT
    project_key, flag_key, CASE WHEN is_none THEN 'none' ELSE 'departed' END AS reason,
    maintainer_id, maintainer_team_key, created_at
FROM maintained
WHERE is_none OR is_departed;

CREATE VIEW owner_debt AS
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
LEFT JOIN members AS member ON owner_kind = 'member' AND member_id = owner;

CREATE VIEW flag_hygiene AS
-- Question: Which flags lack a description or tags?
-- Definition: Every flag that is not archived, with whether it has a description and tags.
-- Source: LaunchDarkly's guide, "Reducing technical debt from feature flags": https://launchdarkly.com/docs/guides/flags/technical-debt
-- Assumptions: A description that consists of white space only counts as missing.
-- Needs: flags
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: has_description boolean: Whether the flag has a description.
-- Column: has_tags boolean: Whether the flag has a tag.
-- Example: SELECT project_key, count(*) AS flags FROM flag_hygiene WHERE NOT has_description AND NOT has_tags GROUP BY 1
SELECT
    project_key, flag_key,
    trim(coalesce(description, ''), ' ' || char(9, 10, 13)) <> '' AS has_description,
    EXISTS (
        SELECT 1 FROM flag_tags AS tag
        WHERE tag.project_key = flag.project_key AND tag.flag_key = flag.flag_key
    ) AS has_tags
FROM flags AS flag
WHERE state <> 'archived';

CREATE VIEW flag_lifetimes AS
-- Question: How long did flags live before they were archived?
-- Definition: Archived flags, with the whole days between their creation and archiving.
-- Source: LaunchDarkly's "Feature flag book" for its professional services: a temporary flag lives for 90 days at most.
-- Assumptions: The norm is `flag_lifetime` in `scorecard_thresholds`, and applies to temporary
--   flags: a permanent flag never exceeds it. The lifetime of a flag that was archived, restored
--   and archived again ends with the last archiving. Deleted flags are not included.
-- Needs: flags
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: temporary boolean: Whether the flag was temporary: meant to be removed later.
-- Column: created_at time: When the flag was created.
-- Column: archived_at time: When the flag was archived.
-- Column: lifetime_days integer: Whole days from creation to archiving.
-- Column: is_over_norm boolean: Whether the flag was temporary and lived longer than `flag_lifetime`.
-- Example: SELECT temporary, avg(lifetime_days) AS days FROM flag_lifetimes GROUP BY temporary
WITH
limits AS MATERIALIZED (SELECT project_key, lifetime_days AS norm FROM project_limits)
SELECT
    project_key, flag_key, temporary, created_at, archived_at,
    CAST(julianday(archived_at) - julianday(created_at) AS INTEGER) AS lifetime_days,
    temporary AND archived_at > strftime('%Y-%m-%dT%H:%M:%fZ', created_at, '+' || norm || ' days') AS is_over_norm
FROM limits CROSS JOIN flags USING (project_key)
WHERE state = 'archived' AND archived_at IS NOT NULL;

CREATE VIEW flag_velocity AS
-- Question: How many flags are created and archived each month?
-- Definition: Flags created and archived in each calendar month (UTC) in which either happened, and the difference.
-- Source: LaunchDarkly's "Feature flag book" for its professional services: flags archived should keep up with flags created.
-- Assumptions: Only flags that exist now are counted: a deleted flag counts in no month. A flag
--   that was archived more than once counts in the month of the last archiving.
-- Needs: flags
-- Key: month
-- Column: month text: The month, as `YYYY-MM`.
-- Column: created integer: Flags created in the month.
-- Column: archived integer: Flags archived in the month.
-- Column: net integer: Number of flags created minus number of flags archived.
-- Example: SELECT month, sum(net) OVER (ORDER BY month) AS flags FROM flag_velocity
WITH
events AS (
    SELECT substr(created_at, 1, 7) AS month, 1 AS created, 0 AS archived FROM flags
    UNION ALL
    SELECT substr(archived_at, 1, 7), 0, 1 FROM flags WHERE state = 'archived' AND archived_at IS NOT NULL
)
SELECT month, sum(created) AS created, sum(archived) AS archived, sum(created) - sum(archived) AS net
FROM events
GROUP BY month;

CREATE VIEW temporary_turned_permanent AS
-- Question: Which temporary flags were changed to permanent, and so no longer count as stale?
-- Definition: Flags that were temporary in one run and permanent in the next run that found them;
--   one row for each such change.
-- Source: LaunchDarkly's guide, "Reducing technical debt from feature flags": https://launchdarkly.com/docs/guides/flags/technical-debt
-- Assumptions: Changes are known from the first run that flaglake published into the database. A
--   change that was undone before the next run is not seen. A flag that was deleted and created
--   again under the same key is another flag. Such a change is not wrong in itself: look at flags
--   that were due for removal.
-- Needs: history, flags
-- Key: project_key, flag_key, seen_at
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: seen_at time: Start of the run that first saw the flag permanent.
-- Column: extraction_id text: ID of that run.
-- Column: created_at time: When the flag was created.
-- Column: is_still_permanent boolean?: Whether the flag is permanent now; NULL where it was deleted.
-- Example: SELECT substr(seen_at, 1, 7) AS month, count(*) AS flags FROM temporary_turned_permanent GROUP BY month
SELECT
    version.project_key, version.flag_key, version.valid_from AS seen_at, version.extraction_id,
    version.created_at, NOT flag.temporary AS is_still_permanent
FROM flags_history AS version
LEFT JOIN flags AS flag
    ON flag.project_key = version.project_key AND flag.flag_key = version.flag_key
    AND flag.created_at = version.created_at
-- The version before it, however long ago that ended: some runs may have found no such flag, or no such project.
WHERE NOT version.temporary AND (
    SELECT earlier.temporary FROM flags_history AS earlier
    WHERE earlier.project_key = version.project_key AND earlier.flag_key = version.flag_key
      AND earlier.created_at = version.created_at AND earlier.valid_from < version.valid_from
    ORDER BY earlier.valid_from DESC
    LIMIT 1
);

CREATE VIEW inactive_projects AS
-- Question: Which projects are no longer worked on?
-- Definition: Projects in which no flag, archived ones included, was created for 90 days, and no
--   permanent flag that is not archived is active in any environment.
-- Source: LaunchDarkly's guide, "Reducing technical debt from feature flags": https://launchdarkly.com/docs/guides/flags/technical-debt
-- Assumptions: The period is a threshold (`inactive_project`). Projects that may be inactive are
--   listed too: if the newest run did not read the flags, or the status of a permanent flag is
--   unknown, `is_inactive` is NULL. A project without flags is inactive even if it is new, because
--   its creation date is unknown. A permanent flag that is launched, and so serves one value, does
--   not count as active.
-- Needs: projects, flags, environments, flag_statuses?
-- Key: project_key
-- Column: project_key text: Key of the project.
-- Column: last_flag_created_at time?: When its newest flag was created; NULL where it has none.
-- Column: flags integer?: Its flags that are not archived; NULL where no run has read them.
-- Column: is_inactive boolean?: 1, or NULL where that is not known.
-- Example: SELECT project_key, last_flag_created_at FROM inactive_projects WHERE is_inactive
WITH
limits AS MATERIALIZED (SELECT * FROM project_limits),
-- Statuses that an earlier run has read say nothing about now. In a CASE, as NOT IN would look through the list for NULLs.
environments_unread AS (
    SELECT project_key, environment_key
    FROM environments
    WHERE project_key || '/' || environment_key NOT IN (
        SELECT scope FROM resource_coverage WHERE resource = 'flag_statuses' AND is_complete
    )
),
quiet AS (
    SELECT
        project_key, max(created_at) AS last_flag_created_at,
        count(flag_key) FILTER (WHERE state <> 'archived') AS flags,
        count(flag_key) FILTER (WHERE state <> 'archived' AND NOT temporary) AS permanent_flags
    FROM limits LEFT JOIN flags USING (project_key)
    GROUP BY project_key
    HAVING coalesce(max(created_at), '') <= max(inactive_project_until)
),
permanent AS (
    SELECT
        project_key, sum(status = 'active') AS active,
        -- Another status, new to flaglake, may mean anything.
        count(*) FILTER (WHERE status IN ('new', 'active', 'launched', 'inactive')) AS known
    FROM quiet
    CROSS JOIN flags USING (project_key)
    CROSS JOIN flag_statuses USING (project_key, flag_key)
    WHERE state <> 'archived' AND NOT temporary
      AND CASE WHEN (project_key, environment_key) IN (SELECT * FROM environments_unread) THEN 0 ELSE 1 END
    GROUP BY project_key
),
counts AS (
    SELECT
        project_key, last_flag_created_at, flags,
        project_key IN (SELECT scope FROM resource_coverage WHERE resource = 'flags' AND is_complete) AS is_read,
        coalesce(known, 0) AS known, coalesce(active, 0) AS active,
        permanent_flags
            * (SELECT count(*) FROM environments WHERE environments.project_key = quiet.project_key)
            AS statuses
    FROM quiet LEFT JOIN permanent USING (project_key)
)
SELECT
    project_key, last_flag_created_at,
    CASE WHEN is_read OR last_flag_created_at IS NOT NULL THEN flags END AS flags,
    CASE WHEN is_read AND known = statuses THEN 1 END AS is_inactive
FROM counts
WHERE active = 0;

CREATE VIEW quiet_environments AS
-- Question: Which environments have no traffic?
-- Definition: Environments in which no flag of the project, archived ones included, was requested for 30 days.
-- Source: LaunchDarkly's documentation, "Flag statuses and lifecycle stages", by which every flag is inactive in such an environment: https://launchdarkly.com/docs/home/flags/flag-status
-- Assumptions: The period is a threshold (`quiet_environment`). Environments that may have no traffic are listed too:
--   `is_quiet` is NULL if the newest run did not read all statuses there, if a flag has no status, or if a flag counts
--   as requested but LaunchDarkly does not say when. A recent request decides, whichever run has read it. A new
--   environment has no traffic yet; LaunchDarkly does not report when an environment was created. Environments
--   of projects without flags are not listed: no flag can be requested in them.
-- Needs: environments, flags, flag_statuses?
-- Key: project_key, environment_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: critical boolean: Whether the environment is critical (see `critical_environments`).
-- Column: last_requested_at time?: When a flag was last requested there, as far as known; NULL where none ever was.
-- Column: quiet_days integer?: Whole days since that time.
-- Column: flags integer: Flags of the project that are not archived.
-- Column: is_quiet boolean?: 1, or NULL where that is not known.
-- Example: SELECT project_key, environment_key, quiet_days FROM quiet_environments WHERE is_quiet AND critical
WITH
limits AS MATERIALIZED (SELECT * FROM project_limits),
-- For speed: in most environments, one of the first flags was requested lately, and no more are looked at.
quiet AS MATERIALIZED (
    SELECT project_key, environment_key, today
    FROM limits CROSS JOIN environments AS environment USING (project_key)
    WHERE NOT EXISTS (
        SELECT 1 FROM flag_statuses AS status
        WHERE status.project_key = environment.project_key
          AND status.environment_key = environment.environment_key
          AND last_requested_at > quiet_environment_until
    )
),
environments_read AS (
    SELECT project_key, environment_key
    -- CROSS for speed: the other way round, all environments would be compared for each scope.
    FROM quiet CROSS JOIN resource_coverage
    WHERE resource = 'flag_statuses' AND is_complete AND scope = project_key || '/' || environment_key
),
-- For speed, only rows of quiet environments are sorted and joined.
requests AS MATERIALIZED (
    SELECT
        project_key, environment_key, max(last_requested_at) AS last_requested_at,
        count(*) FILTER (WHERE state <> 'archived') AS statuses,
        -- Another status, new to flaglake, may mean anything.
        count(*) FILTER (WHERE last_requested_at IS NULL AND status NOT IN ('new', 'inactive')) AS undated
    FROM flag_statuses CROSS JOIN flags USING (project_key, flag_key)
    WHERE (project_key, environment_key) IN (SELECT project_key, environment_key FROM quiet)
    GROUP BY project_key, environment_key
),
counts AS MATERIALIZED (
    SELECT project_key, count(*) AS flags FROM flags WHERE state <> 'archived' GROUP BY project_key
)
SELECT
    project_key, environment_key,
    CASE WHEN (project_key, environment_key) IN (
        SELECT project_key, environment_key FROM critical_environments
    ) THEN 1 ELSE 0 END AS critical,
    last_requested_at,
    CAST(today - julianday(last_requested_at) AS INTEGER) AS quiet_days,
    flags,
    CASE WHEN statuses = flags AND undated = 0 AND (project_key, environment_key) IN (
        SELECT project_key, environment_key FROM environments_read
    ) THEN 1 END AS is_quiet
FROM quiet
CROSS JOIN counts USING (project_key)
LEFT JOIN requests USING (project_key, environment_key);

CREATE VIEW change_actors AS
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
GROUP BY actor_kind, actor, kind;

CREATE VIEW uncommented_critical_changes AS
-- Question: Which changes in critical environments have no comment?
-- Definition: Entries of the audit log about a flag in an environment that is critical, without a comment; and entries that
--   archive, restore or deprecate a flag, which they do in all environments, without a comment, where the project has a
--   critical environment that requires comments.
-- Source: LaunchDarkly's documentation, "Environments", where comments can be required: https://launchdarkly.com/docs/home/account/environment
-- Assumptions: All known entries are used, however old. An environment counts if it is critical
--   now. A comment that consists of white space only counts as missing. Changes that concern a flag
--   in several environments at once are left out, except archiving, restoring and deprecating. Entries that a run with `--personal-data drop`
--   may have read are left out, too, because that option drops comments. In Parquet, it is made
--   from all extractions that are there.
-- Needs: environments, audit_log
-- Key: entry_id
-- Column: entry_id text: ID of the entry.
-- Column: occurred_at time: When the change was made.
-- Column: project_key text: Key of the project.
-- Column: environment_key text?: Key of the environment; NULL where the change is in all environments.
-- Column: flag_key text: Key of the flag.
-- Column: require_comments boolean: Whether the environment, or a critical one of all environments, now requires a comment.
-- Column: member_id text?: ID of the member who made the change.
-- Column: member_email text?: Email address of the member at the time.
-- Column: title text?: Who did what, in Markdown.
-- Example: SELECT member_email, count(*) AS changes FROM uncommented_critical_changes GROUP BY 1 ORDER BY 2 DESC
WITH
critical AS MATERIALIZED (
    SELECT project_key, environment_key, require_comments
    FROM environments JOIN critical_environments USING (project_key, environment_key)
)
SELECT
    entry_id, occurred_at, entry.project_key, entry.environment_key, resource_key AS flag_key,
    coalesce(require_comments, 1) AS require_comments, member_id, member_email, title
FROM audit_log_entries AS entry
LEFT JOIN critical ON critical.project_key = entry.project_key AND critical.environment_key = entry.environment_key
WHERE resource_kind = 'flag' AND resource_key IS NOT NULL
  AND CASE WHEN entry.environment_key IS NOT NULL THEN critical.environment_key IS NOT NULL ELSE
      entry.project_key IN (SELECT project_key FROM critical WHERE require_comments)
      AND EXISTS (
          SELECT 1 FROM audit_log_accesses AS access
          WHERE access.entry_id = entry.entry_id
            AND action IN ('updateGlobalArchived', 'updateDeprecated')
      )
  END
  AND trim(coalesce(comment, ''), ' ' || char(9, 10, 13)) = ''
  -- Dropped comments look as if there were none.
  AND occurred_at > (
      SELECT coalesce(max(finished_at), '') FROM extractions WHERE personal_data = 'drop'
  );

CREATE VIEW applied_approvals AS
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
FROM log CROSS JOIN applied LEFT JOIN verdicts USING (approval_request_id);

CREATE VIEW environment_governance AS
-- Question: Do changes in critical environments need approval, a comment and a confirmation?
-- Definition: One row per critical environment, with whether changes of flags need approval, a
--   comment and a confirmation. An environment is governed if they need all three.
-- Source: Steampipe's examples for LaunchDarkly, `launchdarkly_environment`: https://hub.steampipe.io/plugins/turbot/launchdarkly/tables/launchdarkly_environment
-- Assumptions: Approval counts even if it is limited to flags with certain tags, which
--   `has_approval_tags` shows. If the approval settings are unknown, an environment without a
--   required comment or confirmation is not governed; any other is unknown.
-- Needs: environments
-- Key: project_key, environment_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: has_approvals boolean?: Whether changes of flags need approval.
-- Column: has_approval_tags boolean: Whether approval is needed only for flags with certain tags.
-- Column: requires_comments boolean: Whether changes need a comment.
-- Column: confirms_changes boolean: Whether changes need a confirmation.
-- Column: is_governed boolean?: Whether changes need all three.
-- Example: SELECT project_key, environment_key FROM environment_governance WHERE NOT is_governed
SELECT
    project_key, environment_key, approval_required AS has_approvals,
    EXISTS (
        SELECT 1 FROM environment_approval_tags AS tag
        WHERE tag.project_key = environment.project_key
          AND tag.environment_key = environment.environment_key
    ) AS has_approval_tags,
    require_comments AS requires_comments, confirm_changes AS confirms_changes,
    approval_required AND require_comments AND confirm_changes AS is_governed
FROM environments AS environment
JOIN critical_environments USING (project_key, environment_key);

CREATE VIEW access_hygiene AS
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
WHERE subject_kind || 's' IN (SELECT resource FROM resources_read);

CREATE VIEW scorecards AS
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
FROM statuses;
