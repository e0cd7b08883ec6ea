-- Generated from the table definitions; do not edit.
-- The meaning of each column is in its comment. Views are tables that each run computes.
CREATE SCHEMA "launchdarkly";

CREATE TABLE "launchdarkly"."projects" (
    "project_key" text COLLATE "C" NOT NULL,
    "project_id" text,
    "name" text,
    "include_in_snippet_by_default" boolean,
    "default_using_environment_id" boolean,
    "default_using_mobile_key" boolean,
    "default_release_pipeline_key" text,
    PRIMARY KEY ("project_key")
);
COMMENT ON TABLE "launchdarkly"."projects" IS 'One row per project.';
COMMENT ON COLUMN "launchdarkly"."projects"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."projects"."project_id" IS 'ID of the project.';
COMMENT ON COLUMN "launchdarkly"."projects"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."projects"."include_in_snippet_by_default" IS 'Whether new flags are available to the client-side JavaScript SDK.';
COMMENT ON COLUMN "launchdarkly"."projects"."default_using_environment_id" IS 'Whether new flags are available to SDKs that use the client-side ID.';
COMMENT ON COLUMN "launchdarkly"."projects"."default_using_mobile_key" IS 'Whether new flags are available to SDKs that use a mobile key.';
COMMENT ON COLUMN "launchdarkly"."projects"."default_release_pipeline_key" IS 'Key of the release pipeline that new flags follow.';

CREATE TABLE "launchdarkly"."project_tags" (
    "project_key" text COLLATE "C" NOT NULL,
    "tag" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("project_key", "tag")
);
COMMENT ON TABLE "launchdarkly"."project_tags" IS 'One row per tag on each project.';
COMMENT ON COLUMN "launchdarkly"."project_tags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."project_tags"."tag" IS 'The tag.';

CREATE TABLE "launchdarkly"."environments" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "environment_id" text,
    "name" text,
    "color" text,
    "critical" boolean NOT NULL,
    "default_ttl_minutes" bigint,
    "secure_mode" boolean,
    "default_track_events" boolean,
    "require_comments" boolean NOT NULL,
    "confirm_changes" boolean NOT NULL,
    "approval_required" boolean,
    "approval_min_count" bigint,
    "approval_can_review_own_request" boolean,
    "approval_can_apply_declined_changes" boolean,
    "approval_service_kind" text,
    "approval_service_configuration_id" text,
    "approval_auto_apply_approved_changes" boolean,
    "approval_bypass_for_pending_changes" boolean,
    PRIMARY KEY ("project_key", "environment_key")
);
COMMENT ON TABLE "launchdarkly"."environments" IS 'One row per environment of each project.';
COMMENT ON COLUMN "launchdarkly"."environments"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."environments"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."environments"."environment_id" IS 'ID of the environment; SDKs use it as their client-side ID, which is not a secret.';
COMMENT ON COLUMN "launchdarkly"."environments"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."environments"."color" IS 'Its colour in LaunchDarkly''s user interface, hexadecimal.';
COMMENT ON COLUMN "launchdarkly"."environments"."critical" IS 'Whether the environment is critical; lifecycle stages depend on critical ones.';
COMMENT ON COLUMN "launchdarkly"."environments"."default_ttl_minutes" IS 'How long the PHP SDK may cache flag rules, in minutes.';
COMMENT ON COLUMN "launchdarkly"."environments"."secure_mode" IS 'Whether end users are prevented from inspecting each other''s variations.';
COMMENT ON COLUMN "launchdarkly"."environments"."default_track_events" IS 'Whether new flags send detailed events by default.';
COMMENT ON COLUMN "launchdarkly"."environments"."require_comments" IS 'Whether changes to flags and segments need a comment.';
COMMENT ON COLUMN "launchdarkly"."environments"."confirm_changes" IS 'Whether changes to flags and segments need a confirmation.';
COMMENT ON COLUMN "launchdarkly"."environments"."approval_required" IS 'Whether changes need approval.';
COMMENT ON COLUMN "launchdarkly"."environments"."approval_min_count" IS 'Number of approvals that a change needs.';
COMMENT ON COLUMN "launchdarkly"."environments"."approval_can_review_own_request" IS 'Whether a member may approve a change of their own.';
COMMENT ON COLUMN "launchdarkly"."environments"."approval_can_apply_declined_changes" IS 'Whether a change may be applied although a reviewer declined it.';
COMMENT ON COLUMN "launchdarkly"."environments"."approval_service_kind" IS 'The service that manages approvals.';
COMMENT ON COLUMN "launchdarkly"."environments"."approval_service_configuration_id" IS 'ID of the integration that manages approvals.';
COMMENT ON COLUMN "launchdarkly"."environments"."approval_auto_apply_approved_changes" IS 'Whether approved changes are applied automatically.';
COMMENT ON COLUMN "launchdarkly"."environments"."approval_bypass_for_pending_changes" IS 'Whether pending changes skip approvals.';

CREATE TABLE "launchdarkly"."environment_tags" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "tag" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("project_key", "environment_key", "tag")
);
COMMENT ON TABLE "launchdarkly"."environment_tags" IS 'One row per tag on each environment.';
COMMENT ON COLUMN "launchdarkly"."environment_tags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."environment_tags"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."environment_tags"."tag" IS 'The tag.';

CREATE TABLE "launchdarkly"."environment_approval_tags" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "tag" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("project_key", "environment_key", "tag")
);
COMMENT ON TABLE "launchdarkly"."environment_approval_tags" IS 'One row per tag that limits an environment''s approvals to flags with that tag.';
COMMENT ON COLUMN "launchdarkly"."environment_approval_tags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."environment_approval_tags"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."environment_approval_tags"."tag" IS 'The tag.';

CREATE TABLE "launchdarkly"."environment_resource_approvals" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "resource_kind" text COLLATE "C" NOT NULL,
    "required" boolean NOT NULL,
    "min_count" bigint,
    "service_kind" text,
    PRIMARY KEY ("project_key", "environment_key", "resource_kind")
);
COMMENT ON TABLE "launchdarkly"."environment_resource_approvals" IS 'One row per kind of resource other than flags that has its own approval settings.';
COMMENT ON COLUMN "launchdarkly"."environment_resource_approvals"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."environment_resource_approvals"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."environment_resource_approvals"."resource_kind" IS 'Kind of resource, such as `segment`.';
COMMENT ON COLUMN "launchdarkly"."environment_resource_approvals"."required" IS 'Whether changes need approval.';
COMMENT ON COLUMN "launchdarkly"."environment_resource_approvals"."min_count" IS 'Number of approvals that a change needs.';
COMMENT ON COLUMN "launchdarkly"."environment_resource_approvals"."service_kind" IS 'The service that manages approvals.';

CREATE TABLE "launchdarkly"."tags" (
    "tag" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("tag")
);
COMMENT ON TABLE "launchdarkly"."tags" IS 'One row per tag in use anywhere in the account.';
COMMENT ON COLUMN "launchdarkly"."tags"."tag" IS 'The tag.';

CREATE TABLE "launchdarkly"."teams" (
    "team_key" text COLLATE "C" NOT NULL,
    "name" text,
    "description" text,
    "created_at" timestamp with time zone,
    "last_modified_at" timestamp with time zone,
    "version" bigint,
    "idp_synced" boolean,
    "member_count" bigint,
    "maintainer_count" bigint NOT NULL,
    PRIMARY KEY ("team_key")
);
COMMENT ON TABLE "launchdarkly"."teams" IS 'One row per team.';
COMMENT ON COLUMN "launchdarkly"."teams"."team_key" IS 'Key of the team.';
COMMENT ON COLUMN "launchdarkly"."teams"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."teams"."description" IS 'What it is for.';
COMMENT ON COLUMN "launchdarkly"."teams"."created_at" IS 'When it was created.';
COMMENT ON COLUMN "launchdarkly"."teams"."last_modified_at" IS 'When it last changed.';
COMMENT ON COLUMN "launchdarkly"."teams"."version" IS 'Counts changes to it.';
COMMENT ON COLUMN "launchdarkly"."teams"."idp_synced" IS 'Whether an external identity provider synchronizes the team.';
COMMENT ON COLUMN "launchdarkly"."teams"."member_count" IS 'Number of members.';
COMMENT ON COLUMN "launchdarkly"."teams"."maintainer_count" IS 'Number of maintainers.';

CREATE TABLE "launchdarkly"."team_role_attributes" (
    "team_key" text COLLATE "C" NOT NULL,
    "attribute_key" text COLLATE "C" NOT NULL,
    "value_index" bigint NOT NULL,
    "value" text NOT NULL,
    PRIMARY KEY ("team_key", "attribute_key", "value_index")
);
COMMENT ON TABLE "launchdarkly"."team_role_attributes" IS 'One row per value that a team assigns to a role attribute.';
COMMENT ON COLUMN "launchdarkly"."team_role_attributes"."team_key" IS 'Key of the team.';
COMMENT ON COLUMN "launchdarkly"."team_role_attributes"."attribute_key" IS 'Key of the attribute, as `${roleAttribute/key}` names it in a policy.';
COMMENT ON COLUMN "launchdarkly"."team_role_attributes"."value_index" IS 'Position of the value, from 0.';
COMMENT ON COLUMN "launchdarkly"."team_role_attributes"."value" IS 'The value, such as a project''s key.';

CREATE TABLE "launchdarkly"."team_maintainers" (
    "team_key" text COLLATE "C" NOT NULL,
    "member_id" text COLLATE "C" NOT NULL,
    "email" text,
    "first_name" text,
    "last_name" text,
    "role" text,
    PRIMARY KEY ("team_key", "member_id")
);
COMMENT ON TABLE "launchdarkly"."team_maintainers" IS 'One row per member who maintains a team.';
COMMENT ON COLUMN "launchdarkly"."team_maintainers"."team_key" IS 'Key of the team.';
COMMENT ON COLUMN "launchdarkly"."team_maintainers"."member_id" IS 'ID of the member.';
COMMENT ON COLUMN "launchdarkly"."team_maintainers"."email" IS 'The member''s email address.';
COMMENT ON COLUMN "launchdarkly"."team_maintainers"."first_name" IS 'The member''s first name.';
COMMENT ON COLUMN "launchdarkly"."team_maintainers"."last_name" IS 'The member''s last name.';
COMMENT ON COLUMN "launchdarkly"."team_maintainers"."role" IS 'The member''s base role.';

CREATE TABLE "launchdarkly"."flags" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "name" text,
    "description" text,
    "kind" text,
    "purpose" text,
    "state" text NOT NULL,
    "temporary" boolean NOT NULL,
    "version" bigint NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "archived_at" timestamp with time zone,
    "deprecated_at" timestamp with time zone,
    "maintainer_id" text,
    "maintainer_email" text,
    "maintainer_team_key" text,
    "default_on_variation" bigint,
    "default_off_variation" bigint,
    "using_environment_id" boolean,
    "using_mobile_key" boolean,
    "variation_count" bigint NOT NULL,
    "migration_context_kind" text,
    "migration_stage_count" bigint,
    "experiment_baseline_variation" bigint,
    "ld_ready_for_code_removal" boolean,
    "ld_ready_to_archive" boolean,
    PRIMARY KEY ("project_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."flags" IS 'One row per feature flag: live, deprecated or archived.';
COMMENT ON COLUMN "launchdarkly"."flags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flags"."flag_key" IS 'Key of the flag, unique in its project.';
COMMENT ON COLUMN "launchdarkly"."flags"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."flags"."description" IS 'What it is for.';
COMMENT ON COLUMN "launchdarkly"."flags"."kind" IS '`boolean` or `multivariate`.';
COMMENT ON COLUMN "launchdarkly"."flags"."purpose" IS 'Purpose of the flag, such as `migration`.';
COMMENT ON COLUMN "launchdarkly"."flags"."state" IS '`live`, `deprecated` or `archived`; deprecated flags are still evaluated.';
COMMENT ON COLUMN "launchdarkly"."flags"."temporary" IS 'Whether the flag is temporary: meant to be removed later.';
COMMENT ON COLUMN "launchdarkly"."flags"."version" IS 'Counts changes to the flag.';
COMMENT ON COLUMN "launchdarkly"."flags"."created_at" IS 'When the flag was created.';
COMMENT ON COLUMN "launchdarkly"."flags"."archived_at" IS 'When it was archived.';
COMMENT ON COLUMN "launchdarkly"."flags"."deprecated_at" IS 'When it was deprecated.';
COMMENT ON COLUMN "launchdarkly"."flags"."maintainer_id" IS 'ID of the member who maintains it.';
COMMENT ON COLUMN "launchdarkly"."flags"."maintainer_email" IS 'Email address of the member who maintains it.';
COMMENT ON COLUMN "launchdarkly"."flags"."maintainer_team_key" IS 'Key of the team that maintains it.';
COMMENT ON COLUMN "launchdarkly"."flags"."default_on_variation" IS 'Index of the variation that new environments serve when on.';
COMMENT ON COLUMN "launchdarkly"."flags"."default_off_variation" IS 'Index of the variation that new environments serve when off.';
COMMENT ON COLUMN "launchdarkly"."flags"."using_environment_id" IS 'Whether SDKs that use the client-side ID may use it.';
COMMENT ON COLUMN "launchdarkly"."flags"."using_mobile_key" IS 'Whether SDKs that use a mobile key may use it.';
COMMENT ON COLUMN "launchdarkly"."flags"."variation_count" IS 'Number of variations.';
COMMENT ON COLUMN "launchdarkly"."flags"."migration_context_kind" IS 'Context kind that a migration flag targets.';
COMMENT ON COLUMN "launchdarkly"."flags"."migration_stage_count" IS 'Number of stages of a migration flag.';
COMMENT ON COLUMN "launchdarkly"."flags"."experiment_baseline_variation" IS 'Index of the variation that legacy experiments compare with.';
COMMENT ON COLUMN "launchdarkly"."flags"."ld_ready_for_code_removal" IS 'Whether LaunchDarkly reports it ready for code removal; NULL where it does not say.';
COMMENT ON COLUMN "launchdarkly"."flags"."ld_ready_to_archive" IS 'Whether LaunchDarkly reports it ready to archive; NULL where it does not say.';

CREATE TABLE "launchdarkly"."flag_tags" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "tag" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("project_key", "flag_key", "tag")
);
COMMENT ON TABLE "launchdarkly"."flag_tags" IS 'One row per tag on each flag.';
COMMENT ON COLUMN "launchdarkly"."flag_tags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_tags"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_tags"."tag" IS 'The tag.';

CREATE TABLE "launchdarkly"."flag_variations" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "variation_index" bigint NOT NULL,
    "variation_id" text,
    "name" text,
    "description" text,
    "value" text NOT NULL,
    "value_hash" text,
    PRIMARY KEY ("project_key", "flag_key", "variation_index")
);
COMMENT ON TABLE "launchdarkly"."flag_variations" IS 'One row per variation of each flag.';
COMMENT ON COLUMN "launchdarkly"."flag_variations"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_variations"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_variations"."variation_index" IS 'Position in the flag''s list, from 0; other tables refer to it.';
COMMENT ON COLUMN "launchdarkly"."flag_variations"."variation_id" IS 'ID of the variation.';
COMMENT ON COLUMN "launchdarkly"."flag_variations"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."flag_variations"."description" IS 'What the variation stands for.';
COMMENT ON COLUMN "launchdarkly"."flag_variations"."value" IS 'The value that is served: any JSON, as received.';
COMMENT ON COLUMN "launchdarkly"."flag_variations"."value_hash" IS 'Hash of the value.';

CREATE TABLE "launchdarkly"."flag_custom_properties" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "property_key" text COLLATE "C" NOT NULL,
    "value_index" bigint NOT NULL,
    "property_name" text,
    "value" text,
    PRIMARY KEY ("project_key", "flag_key", "property_key", "value_index")
);
COMMENT ON TABLE "launchdarkly"."flag_custom_properties" IS 'One row per value of each custom property of each flag.';
COMMENT ON COLUMN "launchdarkly"."flag_custom_properties"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_custom_properties"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_custom_properties"."property_key" IS 'Key of the property.';
COMMENT ON COLUMN "launchdarkly"."flag_custom_properties"."value_index" IS 'Position of the value, from 0.';
COMMENT ON COLUMN "launchdarkly"."flag_custom_properties"."property_name" IS 'Name of the property.';
COMMENT ON COLUMN "launchdarkly"."flag_custom_properties"."value" IS 'The value.';

CREATE TABLE "launchdarkly"."flag_experiments" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "experiment_index" bigint NOT NULL,
    "metric_key" text,
    "environment_keys" text,
    PRIMARY KEY ("project_key", "flag_key", "experiment_index")
);
COMMENT ON TABLE "launchdarkly"."flag_experiments" IS 'One row per legacy experiment on each flag.';
COMMENT ON COLUMN "launchdarkly"."flag_experiments"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_experiments"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_experiments"."experiment_index" IS 'Position in the flag''s list, from 0.';
COMMENT ON COLUMN "launchdarkly"."flag_experiments"."metric_key" IS 'Key of the metric.';
COMMENT ON COLUMN "launchdarkly"."flag_experiments"."environment_keys" IS 'Keys of the environments it runs in, as a JSON array.';

CREATE TABLE "launchdarkly"."flag_environments" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "is_on" boolean NOT NULL,
    "version" bigint NOT NULL,
    "last_modified_at" timestamp with time zone,
    "fallthrough_variation" bigint,
    "off_variation" bigint,
    "rule_count" bigint NOT NULL,
    "target_count" bigint NOT NULL,
    "context_target_count" bigint NOT NULL,
    "prerequisite_count" bigint NOT NULL,
    "track_events" boolean,
    "track_events_fallthrough" boolean,
    "debug_events_until_at" timestamp with time zone,
    "migration_check_ratio" bigint,
    "evaluated_context_kinds" text,
    "targeting_variations" text,
    PRIMARY KEY ("project_key", "flag_key", "environment_key")
);
COMMENT ON TABLE "launchdarkly"."flag_environments" IS 'One row per flag and environment, archived flags excepted: how the flag is configured there.';
COMMENT ON COLUMN "launchdarkly"."flag_environments"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_environments"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_environments"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."flag_environments"."is_on" IS 'Whether targeting is on.';
COMMENT ON COLUMN "launchdarkly"."flag_environments"."version" IS 'Counts changes to the flag in this environment.';
COMMENT ON COLUMN "launchdarkly"."flag_environments"."last_modified_at" IS 'When the flag last changed in this environment.';
COMMENT ON COLUMN "launchdarkly"."flag_environments"."fallthrough_variation" IS 'Index of the variation that the default rule serves; NULL for a rollout.';
COMMENT ON COLUMN "launchdarkly"."flag_environments"."off_variation" IS 'Index of the variation served when off; NULL where the fallback in code is served.';
COMMENT ON COLUMN "launchdarkly"."flag_environments"."rule_count" IS 'Number of rules.';
COMMENT ON COLUMN "launchdarkly"."flag_environments"."target_count" IS 'Number of individually targeted users.';
COMMENT ON COLUMN "launchdarkly"."flag_environments"."context_target_count" IS 'Number of individually targeted contexts of other kinds.';
COMMENT ON COLUMN "launchdarkly"."flag_environments"."prerequisite_count" IS 'Number of prerequisites.';
COMMENT ON COLUMN "launchdarkly"."flag_environments"."track_events" IS 'Whether detailed events are sent for all rules.';
COMMENT ON COLUMN "launchdarkly"."flag_environments"."track_events_fallthrough" IS 'Whether detailed events are sent for the default rule.';
COMMENT ON COLUMN "launchdarkly"."flag_environments"."debug_events_until_at" IS 'End of the period in which debug events are sent.';
COMMENT ON COLUMN "launchdarkly"."flag_environments"."migration_check_ratio" IS 'For a migration flag: one in this number of reads is checked for consistency.';
COMMENT ON COLUMN "launchdarkly"."flag_environments"."evaluated_context_kinds" IS 'Context kinds it was evaluated for in the past 30 days, as a JSON array.';
COMMENT ON COLUMN "launchdarkly"."flag_environments"."targeting_variations" IS 'Indexes of the variations that targeting can serve while all prerequisites are met, sorted, as a JSON array (see `served_variations`); NULL where that is unknown.';

CREATE TABLE "launchdarkly"."flag_rules" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "rule_index" bigint NOT NULL,
    "rule_id" text,
    "description" text,
    "variation" bigint,
    "clauses" text NOT NULL,
    "track_events" boolean,
    "disabled" boolean,
    "reference" text,
    PRIMARY KEY ("project_key", "flag_key", "environment_key", "rule_index")
);
COMMENT ON TABLE "launchdarkly"."flag_rules" IS 'One row per targeting rule of each flag in each environment.';
COMMENT ON COLUMN "launchdarkly"."flag_rules"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_rules"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_rules"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."flag_rules"."rule_index" IS 'Position, from 0; the first rule that matches decides.';
COMMENT ON COLUMN "launchdarkly"."flag_rules"."rule_id" IS 'ID of the rule.';
COMMENT ON COLUMN "launchdarkly"."flag_rules"."description" IS 'What it is for.';
COMMENT ON COLUMN "launchdarkly"."flag_rules"."variation" IS 'Index of the variation served; NULL where the rule is a rollout.';
COMMENT ON COLUMN "launchdarkly"."flag_rules"."clauses" IS 'The conditions, all of which must hold, as JSON.';
COMMENT ON COLUMN "launchdarkly"."flag_rules"."track_events" IS 'Whether detailed events are sent.';
COMMENT ON COLUMN "launchdarkly"."flag_rules"."disabled" IS 'Whether the rule is disabled.';
COMMENT ON COLUMN "launchdarkly"."flag_rules"."reference" IS 'Reference that the author of the rule gave it.';

CREATE TABLE "launchdarkly"."flag_rollouts" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "rule_index" bigint NOT NULL,
    "variation" bigint NOT NULL,
    "weight" bigint NOT NULL,
    "bucket_by" text,
    "context_kind" text,
    "untracked_weight" bigint NOT NULL,
    "seed" bigint,
    "experiment_allocation" text,
    PRIMARY KEY ("project_key", "flag_key", "environment_key", "rule_index", "variation")
);
COMMENT ON TABLE "launchdarkly"."flag_rollouts" IS 'One row per variation of each percentage rollout.';
COMMENT ON COLUMN "launchdarkly"."flag_rollouts"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_rollouts"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_rollouts"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."flag_rollouts"."rule_index" IS 'Position of the rule, from 0; -1 is the default rule.';
COMMENT ON COLUMN "launchdarkly"."flag_rollouts"."variation" IS 'Index of the variation.';
COMMENT ON COLUMN "launchdarkly"."flag_rollouts"."weight" IS 'Share of contexts, in thousandths of a percent.';
COMMENT ON COLUMN "launchdarkly"."flag_rollouts"."bucket_by" IS 'Context attribute by which contexts are divided.';
COMMENT ON COLUMN "launchdarkly"."flag_rollouts"."context_kind" IS 'Context kind that the rollout divides.';
COMMENT ON COLUMN "launchdarkly"."flag_rollouts"."untracked_weight" IS 'Part of the share that an experiment does not count, in thousandths of a percent.';
COMMENT ON COLUMN "launchdarkly"."flag_rollouts"."seed" IS 'Seed of an experiment''s assignment.';
COMMENT ON COLUMN "launchdarkly"."flag_rollouts"."experiment_allocation" IS 'How an experiment assigns contexts, as JSON.';

CREATE TABLE "launchdarkly"."flag_targets" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "context_kind" text COLLATE "C" NOT NULL,
    "variation" bigint NOT NULL,
    "value_count" bigint NOT NULL,
    PRIMARY KEY ("project_key", "flag_key", "environment_key", "context_kind", "variation")
);
COMMENT ON TABLE "launchdarkly"."flag_targets" IS 'One row per context kind and variation with individual targets; the targets themselves are not stored.';
COMMENT ON COLUMN "launchdarkly"."flag_targets"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_targets"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_targets"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."flag_targets"."context_kind" IS 'Such as `user` or `device`.';
COMMENT ON COLUMN "launchdarkly"."flag_targets"."variation" IS 'Index of the variation served.';
COMMENT ON COLUMN "launchdarkly"."flag_targets"."value_count" IS 'Number of contexts targeted.';

CREATE TABLE "launchdarkly"."flag_target_values" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "context_kind" text COLLATE "C" NOT NULL,
    "variation" bigint NOT NULL,
    "value" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("project_key", "flag_key", "environment_key", "context_kind", "variation", "value")
);
COMMENT ON TABLE "launchdarkly"."flag_target_values" IS 'One row per individually targeted context; empty unless the run has `--target-values`.';
COMMENT ON COLUMN "launchdarkly"."flag_target_values"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_target_values"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_target_values"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."flag_target_values"."context_kind" IS 'Such as `user` or `device`.';
COMMENT ON COLUMN "launchdarkly"."flag_target_values"."variation" IS 'Index of the variation served.';
COMMENT ON COLUMN "launchdarkly"."flag_target_values"."value" IS 'Key of the context.';

CREATE TABLE "launchdarkly"."flag_prerequisites" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "prerequisite_flag_key" text COLLATE "C" NOT NULL,
    "variation" bigint NOT NULL,
    PRIMARY KEY ("project_key", "flag_key", "environment_key", "prerequisite_flag_key")
);
COMMENT ON TABLE "launchdarkly"."flag_prerequisites" IS 'One row per flag that another flag depends on in an environment.';
COMMENT ON COLUMN "launchdarkly"."flag_prerequisites"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_prerequisites"."flag_key" IS 'Key of the dependent flag.';
COMMENT ON COLUMN "launchdarkly"."flag_prerequisites"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."flag_prerequisites"."prerequisite_flag_key" IS 'Key of the flag that it depends on.';
COMMENT ON COLUMN "launchdarkly"."flag_prerequisites"."variation" IS 'Index of the variation that the other flag must serve.';

CREATE TABLE "launchdarkly"."flag_statuses" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "status" text NOT NULL,
    "last_requested_at" timestamp with time zone,
    "default_value" text,
    "status_since" timestamp with time zone,
    PRIMARY KEY ("project_key", "flag_key", "environment_key")
);
COMMENT ON TABLE "launchdarkly"."flag_statuses" IS 'One row per flag and environment with a status.';
COMMENT ON COLUMN "launchdarkly"."flag_statuses"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_statuses"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_statuses"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."flag_statuses"."status" IS '`new`, `active`, `launched` or `inactive`, as LaunchDarkly judges the last 7 days.';
COMMENT ON COLUMN "launchdarkly"."flag_statuses"."last_requested_at" IS 'When an SDK last requested the flag; NULL for never.';
COMMENT ON COLUMN "launchdarkly"."flag_statuses"."default_value" IS 'The fallback value that LaunchDarkly has seen in code, as JSON.';
COMMENT ON COLUMN "launchdarkly"."flag_statuses"."status_since" IS 'Start of the first run that saw this status; never after that of the newest run.';

CREATE TABLE "launchdarkly"."audit_log_entries" (
    "entry_id" text COLLATE "C" NOT NULL,
    "occurred_at" timestamp with time zone NOT NULL,
    "kind" text NOT NULL,
    "name" text,
    "title_verb" text,
    "title" text,
    "short_description" text,
    "description" text,
    "comment" text,
    "member_id" text,
    "member_email" text,
    "member_first_name" text,
    "member_last_name" text,
    "app_id" text,
    "app_name" text,
    "app_is_scim" boolean,
    "token_id" text,
    "token_name" text,
    "service_token" boolean,
    "subject_name" text,
    "project_key" text,
    "environment_key" text,
    "resource_kind" text,
    "resource_key" text,
    "related_flag_key" text,
    "related_experiment_key" text,
    "related_ai_config_key" text,
    "target_name" text,
    "target_resources" text,
    "parent_name" text,
    "parent_resource" text,
    PRIMARY KEY ("entry_id")
);
COMMENT ON TABLE "launchdarkly"."audit_log_entries" IS 'One row per entry of the audit log; rows are kept after LaunchDarkly deletes the entries.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."entry_id" IS 'ID of the entry.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."occurred_at" IS 'When it happened.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."kind" IS 'Kind of the object that was changed, such as `flag` or `member`.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."name" IS 'Name of the object that was changed; for a member, the member''s name.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."title_verb" IS 'The action as a verb phrase, such as `turned on the flag`.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."title" IS 'Who did what, in Markdown.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."short_description" IS 'The change in brief.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."description" IS 'The change, in Markdown.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."comment" IS 'Comment that the author wrote about the change.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."member_id" IS 'ID of the member who did it.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."member_email" IS 'Email address of the member at the time.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."member_first_name" IS 'First name of the member at the time.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."member_last_name" IS 'Last name of the member at the time.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."app_id" IS 'ID of the application that did it.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."app_name" IS 'Name of the application that did it.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."app_is_scim" IS 'Whether the application provisions members over SCIM.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."token_id" IS 'ID of the access token it was done with.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."token_name" IS 'Name of the access token it was done with.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."service_token" IS 'Whether that is a service token, which belongs to no member.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."subject_name" IS 'Name of the member, application or token that did it.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."project_key" IS 'Key of the project of the first resource, which may be the project itself.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."environment_key" IS 'Key of the environment of the first resource; NULL where the entry names several.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."resource_kind" IS 'Kind of the first resource, as resource specifiers name it: `flag`, `env`, `member`.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."resource_key" IS 'Key or ID of the first resource.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."related_flag_key" IS 'Key of a flag that the entry concerns.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."related_experiment_key" IS 'Key of an experiment that the entry concerns.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."related_ai_config_key" IS 'Key of an AI config that the entry concerns.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."target_name" IS 'Name of the object that was changed.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."target_resources" IS 'Resource specifiers of the objects that were changed, as a JSON array.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."parent_name" IS 'Name of the object that contains it.';
COMMENT ON COLUMN "launchdarkly"."audit_log_entries"."parent_resource" IS 'Resource specifier of the object that contains it.';

CREATE TABLE "launchdarkly"."audit_log_accesses" (
    "entry_id" text COLLATE "C" NOT NULL,
    "access_index" bigint NOT NULL,
    "action" text NOT NULL,
    "resource" text NOT NULL,
    PRIMARY KEY ("entry_id", "access_index")
);
COMMENT ON TABLE "launchdarkly"."audit_log_accesses" IS 'One row per action on each resource of each entry.';
COMMENT ON COLUMN "launchdarkly"."audit_log_accesses"."entry_id" IS 'ID of the entry.';
COMMENT ON COLUMN "launchdarkly"."audit_log_accesses"."access_index" IS 'Position in the entry''s list, from 0.';
COMMENT ON COLUMN "launchdarkly"."audit_log_accesses"."action" IS 'The action, as role policies name it: `updateOn`, `createFlag`.';
COMMENT ON COLUMN "launchdarkly"."audit_log_accesses"."resource" IS 'Resource specifier of the resource.';

CREATE TABLE "launchdarkly"."members" (
    "member_id" text COLLATE "C" NOT NULL,
    "email" text,
    "first_name" text,
    "last_name" text,
    "role" text,
    "mfa" text,
    "mfa_enforced" boolean,
    "mfa_grace_period_expires_at" timestamp with time zone,
    "verified" boolean,
    "pending_invite" boolean NOT NULL,
    "has_password" boolean,
    "created_at" timestamp with time zone,
    "last_seen_at" timestamp with time zone,
    "role_attributes" text,
    "version" bigint,
    PRIMARY KEY ("member_id")
);
COMMENT ON TABLE "launchdarkly"."members" IS 'One row per member of the account.';
COMMENT ON COLUMN "launchdarkly"."members"."member_id" IS 'ID of the member.';
COMMENT ON COLUMN "launchdarkly"."members"."email" IS 'The member''s email address.';
COMMENT ON COLUMN "launchdarkly"."members"."first_name" IS 'The member''s first name.';
COMMENT ON COLUMN "launchdarkly"."members"."last_name" IS 'The member''s last name.';
COMMENT ON COLUMN "launchdarkly"."members"."role" IS 'The member''s base role.';
COMMENT ON COLUMN "launchdarkly"."members"."mfa" IS 'State of multi-factor authentication, such as `enabled`.';
COMMENT ON COLUMN "launchdarkly"."members"."mfa_enforced" IS 'Whether multi-factor authentication is required.';
COMMENT ON COLUMN "launchdarkly"."members"."mfa_grace_period_expires_at" IS 'Until when the member may sign in without multi-factor authentication.';
COMMENT ON COLUMN "launchdarkly"."members"."verified" IS 'Whether the email address was verified.';
COMMENT ON COLUMN "launchdarkly"."members"."pending_invite" IS 'Whether the member has not accepted the invitation yet.';
COMMENT ON COLUMN "launchdarkly"."members"."has_password" IS 'Whether the member can sign in with a password.';
COMMENT ON COLUMN "launchdarkly"."members"."created_at" IS 'When the member was invited.';
COMMENT ON COLUMN "launchdarkly"."members"."last_seen_at" IS 'When the member was last seen; NULL for never.';
COMMENT ON COLUMN "launchdarkly"."members"."role_attributes" IS 'Values for the attributes of the member''s roles, by attribute.';
COMMENT ON COLUMN "launchdarkly"."members"."version" IS 'Counts changes to it.';

CREATE TABLE "launchdarkly"."team_members" (
    "team_key" text COLLATE "C" NOT NULL,
    "member_id" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("team_key", "member_id")
);
COMMENT ON TABLE "launchdarkly"."team_members" IS 'One row per member of each team.';
COMMENT ON COLUMN "launchdarkly"."team_members"."team_key" IS 'Key of the team.';
COMMENT ON COLUMN "launchdarkly"."team_members"."member_id" IS 'ID of the member.';

CREATE TABLE "launchdarkly"."member_custom_roles" (
    "member_id" text COLLATE "C" NOT NULL,
    "custom_role_id" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("member_id", "custom_role_id")
);
COMMENT ON TABLE "launchdarkly"."member_custom_roles" IS 'One row per custom role of each member.';
COMMENT ON COLUMN "launchdarkly"."member_custom_roles"."member_id" IS 'ID of the member.';
COMMENT ON COLUMN "launchdarkly"."member_custom_roles"."custom_role_id" IS 'ID, not key, of the custom role; see `custom_roles`.';

CREATE TABLE "launchdarkly"."approval_requests" (
    "approval_request_id" text COLLATE "C" NOT NULL,
    "project_key" text,
    "environment_key" text,
    "resource_kind" text,
    "resource_key" text,
    "resource" text,
    "description" text,
    "service_kind" text,
    "review_status" text NOT NULL,
    "status" text NOT NULL,
    "requestor_id" text,
    "created_at" timestamp with time zone NOT NULL,
    "execution_at" timestamp with time zone,
    "applied_at" timestamp with time zone,
    "applied_by_member_id" text,
    "applied_by_service_token_id" text,
    "review_count" bigint NOT NULL,
    "approval_count" bigint NOT NULL,
    "decline_count" bigint NOT NULL,
    "comment_count" bigint NOT NULL,
    "instruction_count" bigint,
    "conflict_count" bigint,
    "notify_member_ids" text,
    "operating_on_id" text,
    "source_flag_key" text,
    "source_flag_version" bigint,
    "external_id" text,
    "external_status" text,
    "external_status_checked_at" timestamp with time zone,
    "workflow_name" text,
    "workflow_stage_index" bigint,
    "workflow_stage_name" text,
    "version" bigint NOT NULL,
    PRIMARY KEY ("approval_request_id")
);
COMMENT ON TABLE "launchdarkly"."approval_requests" IS 'One row per request to approve a change of a flag, segment or AI config.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."approval_request_id" IS 'ID of the request.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."project_key" IS 'Key of the project it is in.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."environment_key" IS 'Key of the environment it is in.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."resource_kind" IS 'Kind of the object to change: `flag`, `segment` or `aiconfig`.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."resource_key" IS 'Key of the object to change.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."resource" IS 'Resource specifier of the object to change.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."description" IS 'The requestor''s description of the change.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."service_kind" IS 'The service that manages the approval, such as `launchdarkly` or `servicenow`.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."review_status" IS '`pending`, `approved` or `declined`.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."status" IS '`pending`, `scheduled`, `completed` or `failed`.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."requestor_id" IS 'ID of the member who asked for approval.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."created_at" IS 'When approval was asked for.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."execution_at" IS 'When the change is scheduled to be applied, once approved.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."applied_at" IS 'When the change was applied.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."applied_by_member_id" IS 'ID of the member who applied it.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."applied_by_service_token_id" IS 'ID of the service token that applied it.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."review_count" IS 'Number of reviews, comments included.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."approval_count" IS 'Number of reviews that approve.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."decline_count" IS 'Number of reviews that decline.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."comment_count" IS 'Number of reviews that only comment.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."instruction_count" IS 'Number of instructions in the change.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."conflict_count" IS 'Number of other requests that it conflicts with.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."notify_member_ids" IS 'IDs of the members who are asked to review, as a JSON array.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."operating_on_id" IS 'ID of the scheduled change that the request would edit or delete.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."source_flag_key" IS 'Key of the flag whose configuration the request would copy.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."source_flag_version" IS 'Version of that flag.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."external_id" IS 'ID of the request in the service that manages the approval.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."external_status" IS 'Status of the request in that service, in the service''s words.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."external_status_checked_at" IS 'When LaunchDarkly last asked that service for the status.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."workflow_name" IS 'Name of the workflow that made the request.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."workflow_stage_index" IS 'Position, from 0, of the workflow stage that made the request.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."workflow_stage_name" IS 'Name of that workflow stage.';
COMMENT ON COLUMN "launchdarkly"."approval_requests"."version" IS 'Counts changes to the request.';

CREATE TABLE "launchdarkly"."approval_reviews" (
    "approval_request_id" text COLLATE "C" NOT NULL,
    "review_index" bigint NOT NULL,
    "review_id" text,
    "kind" text NOT NULL,
    "member_id" text,
    "service_token_id" text,
    "created_at" timestamp with time zone,
    "comment" text,
    PRIMARY KEY ("approval_request_id", "review_index")
);
COMMENT ON TABLE "launchdarkly"."approval_reviews" IS 'One row per review of each approval request.';
COMMENT ON COLUMN "launchdarkly"."approval_reviews"."approval_request_id" IS 'ID of the request.';
COMMENT ON COLUMN "launchdarkly"."approval_reviews"."review_index" IS 'Position in the request''s list, from 0.';
COMMENT ON COLUMN "launchdarkly"."approval_reviews"."review_id" IS 'ID of the review.';
COMMENT ON COLUMN "launchdarkly"."approval_reviews"."kind" IS '`approve`, `decline` or `comment`.';
COMMENT ON COLUMN "launchdarkly"."approval_reviews"."member_id" IS 'ID of the member who reviewed.';
COMMENT ON COLUMN "launchdarkly"."approval_reviews"."service_token_id" IS 'ID of the service token that reviewed.';
COMMENT ON COLUMN "launchdarkly"."approval_reviews"."created_at" IS 'When the review was written.';
COMMENT ON COLUMN "launchdarkly"."approval_reviews"."comment" IS 'Text of the review.';

CREATE TABLE "launchdarkly"."code_reference_repositories" (
    "repository" text COLLATE "C" NOT NULL,
    "type" text,
    "source_link" text,
    "commit_url_template" text,
    "hunk_url_template" text,
    "default_branch" text,
    "enabled" boolean,
    "version" bigint,
    PRIMARY KEY ("repository")
);
COMMENT ON TABLE "launchdarkly"."code_reference_repositories" IS 'One row per repository that is searched for flag keys.';
COMMENT ON COLUMN "launchdarkly"."code_reference_repositories"."repository" IS 'Name of the repository.';
COMMENT ON COLUMN "launchdarkly"."code_reference_repositories"."type" IS 'Host of the repository, such as `github`.';
COMMENT ON COLUMN "launchdarkly"."code_reference_repositories"."source_link" IS 'URL of the repository, without user info, query and fragment.';
COMMENT ON COLUMN "launchdarkly"."code_reference_repositories"."commit_url_template" IS 'Template of a commit''s URL, without user info, query and fragment.';
COMMENT ON COLUMN "launchdarkly"."code_reference_repositories"."hunk_url_template" IS 'Template of a reference''s URL, without user info, query and fragment.';
COMMENT ON COLUMN "launchdarkly"."code_reference_repositories"."default_branch" IS 'The branch whose references `code_references` counts.';
COMMENT ON COLUMN "launchdarkly"."code_reference_repositories"."enabled" IS 'Whether the repository is searched for flag keys.';
COMMENT ON COLUMN "launchdarkly"."code_reference_repositories"."version" IS 'Version of LaunchDarkly''s record of the repository.';

CREATE TABLE "launchdarkly"."code_references" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "repository" text COLLATE "C" NOT NULL,
    "branch" text COLLATE "C" NOT NULL,
    "file_count" bigint,
    "hunk_count" bigint NOT NULL,
    "last_commit_at" timestamp with time zone,
    "type" text,
    "source_link" text,
    "enabled" boolean,
    "repository_version" bigint,
    PRIMARY KEY ("project_key", "flag_key", "repository", "branch")
);
COMMENT ON TABLE "launchdarkly"."code_references" IS 'One row per flag and repository whose default branch mentions the flag.';
COMMENT ON COLUMN "launchdarkly"."code_references"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."code_references"."flag_key" IS 'Key of the flag, which may have been archived or deleted.';
COMMENT ON COLUMN "launchdarkly"."code_references"."repository" IS 'Name of the repository.';
COMMENT ON COLUMN "launchdarkly"."code_references"."branch" IS 'Default branch of the repository.';
COMMENT ON COLUMN "launchdarkly"."code_references"."file_count" IS 'Number of files that mention the flag.';
COMMENT ON COLUMN "launchdarkly"."code_references"."hunk_count" IS 'Number of places that mention the flag.';
COMMENT ON COLUMN "launchdarkly"."code_references"."last_commit_at" IS 'Time of the latest commit, where LaunchDarkly knows it.';
COMMENT ON COLUMN "launchdarkly"."code_references"."type" IS 'Host of the repository, such as `github`.';
COMMENT ON COLUMN "launchdarkly"."code_references"."source_link" IS 'URL of the repository, without user info, query and fragment.';
COMMENT ON COLUMN "launchdarkly"."code_references"."enabled" IS 'Whether the repository is searched for flag keys.';
COMMENT ON COLUMN "launchdarkly"."code_references"."repository_version" IS 'Version of LaunchDarkly''s record of the repository.';

CREATE TABLE "launchdarkly"."code_reference_files" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "repository" text COLLATE "C" NOT NULL,
    "branch" text COLLATE "C" NOT NULL,
    "path" text COLLATE "C" NOT NULL,
    "line" bigint NOT NULL,
    "language" text,
    "alias_count" bigint,
    "commit_id" text,
    "scanned_at" timestamp with time zone,
    "url" text,
    PRIMARY KEY ("project_key", "flag_key", "repository", "branch", "path", "line")
);
COMMENT ON TABLE "launchdarkly"."code_reference_files" IS 'One row per place in the default branch of a repository that mentions a flag.';
COMMENT ON COLUMN "launchdarkly"."code_reference_files"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."code_reference_files"."flag_key" IS 'Key of the flag, which may have been archived or deleted.';
COMMENT ON COLUMN "launchdarkly"."code_reference_files"."repository" IS 'Name of the repository.';
COMMENT ON COLUMN "launchdarkly"."code_reference_files"."branch" IS 'Default branch of the repository.';
COMMENT ON COLUMN "launchdarkly"."code_reference_files"."path" IS 'Path of the file in the repository.';
COMMENT ON COLUMN "launchdarkly"."code_reference_files"."line" IS 'Line at which the place begins: a few lines before the flag, where the scanner sends lines around it.';
COMMENT ON COLUMN "launchdarkly"."code_reference_files"."language" IS 'Programming language of the file.';
COMMENT ON COLUMN "launchdarkly"."code_reference_files"."alias_count" IS 'Number of other names of the flag that the place mentions.';
COMMENT ON COLUMN "launchdarkly"."code_reference_files"."commit_id" IS 'ID of the commit that was searched.';
COMMENT ON COLUMN "launchdarkly"."code_reference_files"."scanned_at" IS 'When LaunchDarkly received the result of the search.';
COMMENT ON COLUMN "launchdarkly"."code_reference_files"."url" IS 'URL of the place, made of the repository''s template, without user info and query; NULL without a template that names the path of the file.';

CREATE TABLE "launchdarkly"."segments" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "segment_key" text COLLATE "C" NOT NULL,
    "name" text,
    "description" text,
    "version" bigint NOT NULL,
    "deleted" boolean,
    "unbounded" boolean NOT NULL,
    "unbounded_context_kind" text,
    "generation" bigint,
    "external" text,
    "import_in_progress" boolean,
    "included_count" bigint,
    "excluded_count" bigint,
    "included_context_count" bigint,
    "excluded_context_count" bigint,
    "unbounded_included_count" bigint,
    "unbounded_excluded_count" bigint,
    "rule_count" bigint NOT NULL,
    "flag_count" bigint,
    "created_at" timestamp with time zone NOT NULL,
    "last_modified_at" timestamp with time zone,
    "unbounded_last_modified_at" timestamp with time zone,
    PRIMARY KEY ("project_key", "environment_key", "segment_key")
);
COMMENT ON TABLE "launchdarkly"."segments" IS 'One row per segment of each environment; its individual members are not stored.';
COMMENT ON COLUMN "launchdarkly"."segments"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."segments"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."segments"."segment_key" IS 'Key of the segment, unique in its environment.';
COMMENT ON COLUMN "launchdarkly"."segments"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."segments"."description" IS 'What it is for.';
COMMENT ON COLUMN "launchdarkly"."segments"."version" IS 'Counts changes to the segment.';
COMMENT ON COLUMN "launchdarkly"."segments"."deleted" IS 'Whether it has been deleted.';
COMMENT ON COLUMN "launchdarkly"."segments"."unbounded" IS 'Whether it is a big segment, whose members are stored separately.';
COMMENT ON COLUMN "launchdarkly"."segments"."unbounded_context_kind" IS 'Context kind of a big segment''s members.';
COMMENT ON COLUMN "launchdarkly"."segments"."generation" IS 'Number of times a big segment was created under this key.';
COMMENT ON COLUMN "launchdarkly"."segments"."external" IS 'Where the members of a synced segment come from, such as `amplitude`.';
COMMENT ON COLUMN "launchdarkly"."segments"."import_in_progress" IS 'Whether members of a big segment are being imported.';
COMMENT ON COLUMN "launchdarkly"."segments"."included_count" IS 'Individually included users; NULL for a big segment that lists none.';
COMMENT ON COLUMN "launchdarkly"."segments"."excluded_count" IS 'Individually excluded users; NULL for a big segment that lists none.';
COMMENT ON COLUMN "launchdarkly"."segments"."included_context_count" IS 'Individually included other contexts; NULL for a big segment that lists none.';
COMMENT ON COLUMN "launchdarkly"."segments"."excluded_context_count" IS 'Individually excluded other contexts; NULL for a big segment that lists none.';
COMMENT ON COLUMN "launchdarkly"."segments"."unbounded_included_count" IS 'Number of contexts that a big segment includes.';
COMMENT ON COLUMN "launchdarkly"."segments"."unbounded_excluded_count" IS 'Number of contexts that a big segment excludes.';
COMMENT ON COLUMN "launchdarkly"."segments"."rule_count" IS 'Number of rules.';
COMMENT ON COLUMN "launchdarkly"."segments"."flag_count" IS 'Number of flags that target it; NULL where LaunchDarkly does not list them.';
COMMENT ON COLUMN "launchdarkly"."segments"."created_at" IS 'When the segment was created.';
COMMENT ON COLUMN "launchdarkly"."segments"."last_modified_at" IS 'When it last changed.';
COMMENT ON COLUMN "launchdarkly"."segments"."unbounded_last_modified_at" IS 'When the members of a big segment last changed.';

CREATE TABLE "launchdarkly"."segment_tags" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "segment_key" text COLLATE "C" NOT NULL,
    "tag" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("project_key", "environment_key", "segment_key", "tag")
);
COMMENT ON TABLE "launchdarkly"."segment_tags" IS 'One row per tag on each segment.';
COMMENT ON COLUMN "launchdarkly"."segment_tags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."segment_tags"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."segment_tags"."segment_key" IS 'Key of the segment.';
COMMENT ON COLUMN "launchdarkly"."segment_tags"."tag" IS 'The tag.';

CREATE TABLE "launchdarkly"."segment_rules" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "segment_key" text COLLATE "C" NOT NULL,
    "rule_index" bigint NOT NULL,
    "rule_id" text,
    "description" text,
    "clauses" text NOT NULL,
    "weight" bigint,
    "bucket_by" text,
    "rollout_context_kind" text,
    PRIMARY KEY ("project_key", "environment_key", "segment_key", "rule_index")
);
COMMENT ON TABLE "launchdarkly"."segment_rules" IS 'One row per rule of each segment.';
COMMENT ON COLUMN "launchdarkly"."segment_rules"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."segment_rules"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."segment_rules"."segment_key" IS 'Key of the segment.';
COMMENT ON COLUMN "launchdarkly"."segment_rules"."rule_index" IS 'Position, from 0.';
COMMENT ON COLUMN "launchdarkly"."segment_rules"."rule_id" IS 'ID of the rule.';
COMMENT ON COLUMN "launchdarkly"."segment_rules"."description" IS 'What it is for.';
COMMENT ON COLUMN "launchdarkly"."segment_rules"."clauses" IS 'The conditions, all of which must hold, as JSON.';
COMMENT ON COLUMN "launchdarkly"."segment_rules"."weight" IS 'Share of matching contexts in thousandths of a percent; NULL for all of them.';
COMMENT ON COLUMN "launchdarkly"."segment_rules"."bucket_by" IS 'Context attribute that decides which contexts are in that share.';
COMMENT ON COLUMN "launchdarkly"."segment_rules"."rollout_context_kind" IS 'Context kind that the share applies to.';

CREATE TABLE "launchdarkly"."segment_flags" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "segment_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("project_key", "environment_key", "segment_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."segment_flags" IS 'One row per flag that targets a segment, where `segments.flag_count` is not NULL.';
COMMENT ON COLUMN "launchdarkly"."segment_flags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."segment_flags"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."segment_flags"."segment_key" IS 'Key of the segment.';
COMMENT ON COLUMN "launchdarkly"."segment_flags"."flag_key" IS 'Key of the flag.';

CREATE TABLE "launchdarkly"."metrics" (
    "project_key" text COLLATE "C" NOT NULL,
    "metric_key" text COLLATE "C" NOT NULL,
    "metric_id" text,
    "version_id" text,
    "version" bigint,
    "name" text,
    "kind" text,
    "description" text,
    "category" text,
    "event_key" text,
    "is_numeric" boolean,
    "success_criteria" text,
    "unit" text,
    "analysis_units" text,
    "unit_aggregation_type" text,
    "analysis_type" text,
    "percentile_value" bigint,
    "event_default_disabled" boolean,
    "event_default_value" text,
    "filters" text,
    "selector" text,
    "urls" text,
    "trace_query" text,
    "trace_value_location" text,
    "denominator" text,
    "window_start_offset_milliseconds" bigint,
    "window_end_offset_milliseconds" bigint,
    "winsor_lower_percentile" text,
    "winsor_upper_percentile" text,
    "winsor_include_imputed" boolean,
    "data_source_key" text,
    "data_source_environment_key" text,
    "data_source_name" text,
    "data_source_integration_key" text,
    "maintainer_id" text,
    "maintainer_email" text,
    "archived" boolean,
    "attached_flag_count" bigint,
    "experiment_count" bigint,
    "active_experiment_count" bigint,
    "metric_group_count" bigint,
    "active_guarded_rollout_count" bigint,
    "created_at" timestamp with time zone,
    "last_modified_at" timestamp with time zone,
    "archived_at" timestamp with time zone,
    "last_seen_at" timestamp with time zone,
    PRIMARY KEY ("project_key", "metric_key")
);
COMMENT ON TABLE "launchdarkly"."metrics" IS 'One row per metric of each project, as of its current version.';
COMMENT ON COLUMN "launchdarkly"."metrics"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."metrics"."metric_key" IS 'Key, unique in its project.';
COMMENT ON COLUMN "launchdarkly"."metrics"."metric_id" IS 'ID of the metric.';
COMMENT ON COLUMN "launchdarkly"."metrics"."version_id" IS 'ID of this version.';
COMMENT ON COLUMN "launchdarkly"."metrics"."version" IS 'Version number; it rises with each change.';
COMMENT ON COLUMN "launchdarkly"."metrics"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."metrics"."kind" IS 'Which events it measures: `pageview`, `click`, `custom` or `trace`.';
COMMENT ON COLUMN "launchdarkly"."metrics"."description" IS 'What it is for.';
COMMENT ON COLUMN "launchdarkly"."metrics"."category" IS 'Category of the metric.';
COMMENT ON COLUMN "launchdarkly"."metrics"."event_key" IS 'Key of the events that code sends for it.';
COMMENT ON COLUMN "launchdarkly"."metrics"."is_numeric" IS 'Whether it measures a number; if not, it measures whether an event occurred.';
COMMENT ON COLUMN "launchdarkly"."metrics"."success_criteria" IS 'Which way is better: `HigherThanBaseline` or `LowerThanBaseline`.';
COMMENT ON COLUMN "launchdarkly"."metrics"."unit" IS 'Unit of the measured values.';
COMMENT ON COLUMN "launchdarkly"."metrics"."analysis_units" IS 'Context kinds by which it may be analysed, as a JSON array.';
COMMENT ON COLUMN "launchdarkly"."metrics"."unit_aggregation_type" IS 'How several events of one unit are aggregated: `average`, `sum` or `count_distinct`.';
COMMENT ON COLUMN "launchdarkly"."metrics"."analysis_type" IS 'How it is analysed: by `mean` or by `percentile`.';
COMMENT ON COLUMN "launchdarkly"."metrics"."percentile_value" IS 'The percentile, from 0 to 100.';
COMMENT ON COLUMN "launchdarkly"."metrics"."event_default_disabled" IS 'Whether units without events are left out.';
COMMENT ON COLUMN "launchdarkly"."metrics"."event_default_value" IS 'The number that is assumed for units without events, as JSON.';
COMMENT ON COLUMN "launchdarkly"."metrics"."filters" IS 'Which events count, as JSON.';
COMMENT ON COLUMN "launchdarkly"."metrics"."selector" IS 'CSS selectors of a click metric.';
COMMENT ON COLUMN "launchdarkly"."metrics"."urls" IS 'The pages that a click or pageview metric is about, as a JSON array.';
COMMENT ON COLUMN "launchdarkly"."metrics"."trace_query" IS 'Query that selects the traces of a trace metric.';
COMMENT ON COLUMN "launchdarkly"."metrics"."trace_value_location" IS 'Location of the value in a trace.';
COMMENT ON COLUMN "launchdarkly"."metrics"."denominator" IS 'Denominator of a ratio metric, as JSON.';
COMMENT ON COLUMN "launchdarkly"."metrics"."window_start_offset_milliseconds" IS 'Time between a unit''s first exposure to a variation and the start of measuring.';
COMMENT ON COLUMN "launchdarkly"."metrics"."window_end_offset_milliseconds" IS 'Time between a unit''s first exposure to a variation and the end of measuring.';
COMMENT ON COLUMN "launchdarkly"."metrics"."winsor_lower_percentile" IS 'Percentile below which outliers are cut off, as a JSON number.';
COMMENT ON COLUMN "launchdarkly"."metrics"."winsor_upper_percentile" IS 'Percentile above which outliers are cut off, as a JSON number.';
COMMENT ON COLUMN "launchdarkly"."metrics"."winsor_include_imputed" IS 'Whether those percentiles include the zeros of units without events.';
COMMENT ON COLUMN "launchdarkly"."metrics"."data_source_key" IS 'Key of the data source.';
COMMENT ON COLUMN "launchdarkly"."metrics"."data_source_environment_key" IS 'Key of the environment of the data source.';
COMMENT ON COLUMN "launchdarkly"."metrics"."data_source_name" IS 'Name of the data source.';
COMMENT ON COLUMN "launchdarkly"."metrics"."data_source_integration_key" IS 'Key of the integration that provides it.';
COMMENT ON COLUMN "launchdarkly"."metrics"."maintainer_id" IS 'ID of the member who maintains it.';
COMMENT ON COLUMN "launchdarkly"."metrics"."maintainer_email" IS 'Email address of the member who maintains it.';
COMMENT ON COLUMN "launchdarkly"."metrics"."archived" IS 'Whether it is archived.';
COMMENT ON COLUMN "launchdarkly"."metrics"."attached_flag_count" IS 'Number of flags attached to it.';
COMMENT ON COLUMN "launchdarkly"."metrics"."experiment_count" IS 'Number of experiments that use it.';
COMMENT ON COLUMN "launchdarkly"."metrics"."active_experiment_count" IS 'Number of active experiments that use it.';
COMMENT ON COLUMN "launchdarkly"."metrics"."metric_group_count" IS 'Number of metric groups that use it.';
COMMENT ON COLUMN "launchdarkly"."metrics"."active_guarded_rollout_count" IS 'Number of active guarded rollouts that use it.';
COMMENT ON COLUMN "launchdarkly"."metrics"."created_at" IS 'When it was created.';
COMMENT ON COLUMN "launchdarkly"."metrics"."last_modified_at" IS 'When it last changed.';
COMMENT ON COLUMN "launchdarkly"."metrics"."archived_at" IS 'When it was archived.';
COMMENT ON COLUMN "launchdarkly"."metrics"."last_seen_at" IS 'When the last event for it arrived; NULL for never.';

CREATE TABLE "launchdarkly"."metric_tags" (
    "project_key" text COLLATE "C" NOT NULL,
    "metric_key" text COLLATE "C" NOT NULL,
    "tag" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("project_key", "metric_key", "tag")
);
COMMENT ON TABLE "launchdarkly"."metric_tags" IS 'One row per tag on each metric.';
COMMENT ON COLUMN "launchdarkly"."metric_tags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."metric_tags"."metric_key" IS 'Key of the metric.';
COMMENT ON COLUMN "launchdarkly"."metric_tags"."tag" IS 'The tag.';

CREATE TABLE "launchdarkly"."metric_groups" (
    "project_key" text COLLATE "C" NOT NULL,
    "metric_group_key" text COLLATE "C" NOT NULL,
    "metric_group_id" text,
    "name" text,
    "kind" text,
    "description" text,
    "version" bigint,
    "maintainer_id" text,
    "maintainer_email" text,
    "maintainer_team_key" text,
    "metric_count" bigint NOT NULL,
    "experiment_count" bigint,
    "active_experiment_count" bigint,
    "active_guarded_rollout_count" bigint,
    "created_at" timestamp with time zone,
    "last_modified_at" timestamp with time zone,
    PRIMARY KEY ("project_key", "metric_group_key")
);
COMMENT ON TABLE "launchdarkly"."metric_groups" IS 'One row per metric group of each project.';
COMMENT ON COLUMN "launchdarkly"."metric_groups"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."metric_groups"."metric_group_key" IS 'Key, unique in its project.';
COMMENT ON COLUMN "launchdarkly"."metric_groups"."metric_group_id" IS 'ID of the group.';
COMMENT ON COLUMN "launchdarkly"."metric_groups"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."metric_groups"."kind" IS '`funnel` or `standard`.';
COMMENT ON COLUMN "launchdarkly"."metric_groups"."description" IS 'What it is for.';
COMMENT ON COLUMN "launchdarkly"."metric_groups"."version" IS 'Counts changes to it.';
COMMENT ON COLUMN "launchdarkly"."metric_groups"."maintainer_id" IS 'ID of the member who maintains it.';
COMMENT ON COLUMN "launchdarkly"."metric_groups"."maintainer_email" IS 'Email address of the member who maintains it.';
COMMENT ON COLUMN "launchdarkly"."metric_groups"."maintainer_team_key" IS 'Key of the team that maintains it.';
COMMENT ON COLUMN "launchdarkly"."metric_groups"."metric_count" IS 'Number of metrics in it.';
COMMENT ON COLUMN "launchdarkly"."metric_groups"."experiment_count" IS 'Number of experiments that use it.';
COMMENT ON COLUMN "launchdarkly"."metric_groups"."active_experiment_count" IS 'Number of active experiments that use it.';
COMMENT ON COLUMN "launchdarkly"."metric_groups"."active_guarded_rollout_count" IS 'Number of active guarded rollouts that use it.';
COMMENT ON COLUMN "launchdarkly"."metric_groups"."created_at" IS 'When it was created.';
COMMENT ON COLUMN "launchdarkly"."metric_groups"."last_modified_at" IS 'When it last changed.';

CREATE TABLE "launchdarkly"."metric_group_tags" (
    "project_key" text COLLATE "C" NOT NULL,
    "metric_group_key" text COLLATE "C" NOT NULL,
    "tag" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("project_key", "metric_group_key", "tag")
);
COMMENT ON TABLE "launchdarkly"."metric_group_tags" IS 'One row per tag on each metric group.';
COMMENT ON COLUMN "launchdarkly"."metric_group_tags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."metric_group_tags"."metric_group_key" IS 'Key of the group.';
COMMENT ON COLUMN "launchdarkly"."metric_group_tags"."tag" IS 'The tag.';

CREATE TABLE "launchdarkly"."metric_group_metrics" (
    "project_key" text COLLATE "C" NOT NULL,
    "metric_group_key" text COLLATE "C" NOT NULL,
    "metric_index" bigint NOT NULL,
    "metric_key" text,
    "metric_version_id" text,
    "name_in_group" text,
    PRIMARY KEY ("project_key", "metric_group_key", "metric_index")
);
COMMENT ON TABLE "launchdarkly"."metric_group_metrics" IS 'One row per metric in each metric group.';
COMMENT ON COLUMN "launchdarkly"."metric_group_metrics"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."metric_group_metrics"."metric_group_key" IS 'Key of the group.';
COMMENT ON COLUMN "launchdarkly"."metric_group_metrics"."metric_index" IS 'Position in the group, from 0: a funnel''s step.';
COMMENT ON COLUMN "launchdarkly"."metric_group_metrics"."metric_key" IS 'Key of the metric.';
COMMENT ON COLUMN "launchdarkly"."metric_group_metrics"."metric_version_id" IS 'ID of the metric''s version.';
COMMENT ON COLUMN "launchdarkly"."metric_group_metrics"."name_in_group" IS 'Name of this step in a funnel.';

CREATE TABLE "launchdarkly"."experiments" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "experiment_key" text COLLATE "C" NOT NULL,
    "experiment_id" text,
    "name" text,
    "description" text,
    "type" text,
    "methodology" text,
    "data_source" text,
    "maintainer_id" text,
    "holdout_id" text,
    "analysis_bayesian_threshold" text,
    "analysis_significance_threshold" text,
    "analysis_test_direction" text,
    "analysis_multiple_comparison_correction_method" text,
    "analysis_multiple_comparison_correction_scope" text,
    "analysis_sequential_testing_enabled" boolean,
    "created_at" timestamp with time zone,
    "archived_at" timestamp with time zone,
    PRIMARY KEY ("project_key", "environment_key", "experiment_key")
);
COMMENT ON TABLE "launchdarkly"."experiments" IS 'One row per experiment in an environment, active or archived.';
COMMENT ON COLUMN "launchdarkly"."experiments"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."experiments"."environment_key" IS 'Key of the environment it runs in.';
COMMENT ON COLUMN "launchdarkly"."experiments"."experiment_key" IS 'Key of the experiment.';
COMMENT ON COLUMN "launchdarkly"."experiments"."experiment_id" IS 'ID of the experiment.';
COMMENT ON COLUMN "launchdarkly"."experiments"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."experiments"."description" IS 'What it is for.';
COMMENT ON COLUMN "launchdarkly"."experiments"."type" IS 'Type of the experiment, such as `experiment`.';
COMMENT ON COLUMN "launchdarkly"."experiments"."methodology" IS 'How results are analysed: `bayesian`, `frequentist` or `export_only`.';
COMMENT ON COLUMN "launchdarkly"."experiments"."data_source" IS 'Where metrics come from: `launchdarkly` or `snowflake`.';
COMMENT ON COLUMN "launchdarkly"."experiments"."maintainer_id" IS 'ID of the member who maintains it.';
COMMENT ON COLUMN "launchdarkly"."experiments"."holdout_id" IS 'ID of its holdout.';
COMMENT ON COLUMN "launchdarkly"."experiments"."analysis_bayesian_threshold" IS 'Probability above which a variation wins, from 0 to 100, as text.';
COMMENT ON COLUMN "launchdarkly"."experiments"."analysis_significance_threshold" IS 'Significance level, from 0.0 to 1.0, as text.';
COMMENT ON COLUMN "launchdarkly"."experiments"."analysis_test_direction" IS 'Whether the test is one-sided or two-sided.';
COMMENT ON COLUMN "launchdarkly"."experiments"."analysis_multiple_comparison_correction_method" IS 'How multiple comparisons are corrected: `bonferroni` or `benjamini-hochberg`.';
COMMENT ON COLUMN "launchdarkly"."experiments"."analysis_multiple_comparison_correction_scope" IS 'Scope of that correction: `variations`, `metrics` or `variations-and-metrics`.';
COMMENT ON COLUMN "launchdarkly"."experiments"."analysis_sequential_testing_enabled" IS 'Whether sequential testing is on, which allows looking at results while they arrive.';
COMMENT ON COLUMN "launchdarkly"."experiments"."created_at" IS 'When it was created.';
COMMENT ON COLUMN "launchdarkly"."experiments"."archived_at" IS 'When it was archived.';

CREATE TABLE "launchdarkly"."experiment_tags" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "experiment_key" text COLLATE "C" NOT NULL,
    "tag" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("project_key", "environment_key", "experiment_key", "tag")
);
COMMENT ON TABLE "launchdarkly"."experiment_tags" IS 'One row per tag on each experiment.';
COMMENT ON COLUMN "launchdarkly"."experiment_tags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."experiment_tags"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."experiment_tags"."experiment_key" IS 'Key of the experiment.';
COMMENT ON COLUMN "launchdarkly"."experiment_tags"."tag" IS 'The tag.';

CREATE TABLE "launchdarkly"."experiment_iterations" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "experiment_key" text COLLATE "C" NOT NULL,
    "iteration_index" bigint NOT NULL,
    "iteration_id" text,
    "status" text NOT NULL,
    "hypothesis" text,
    "version" bigint,
    "randomization_unit" text,
    "can_reshuffle_traffic" boolean,
    "reallocation_frequency_milliseconds" bigint,
    "attributes" text,
    "winning_treatment_id" text,
    "winning_reason" text,
    "layer_key" text,
    "layer_reservation_percent" bigint,
    "layer_other_reservation_percent" bigint,
    "covariate_id" text,
    "covariate_file_name" text,
    "covariate_created_at" timestamp with time zone,
    "created_at" timestamp with time zone,
    "started_at" timestamp with time zone,
    "ended_at" timestamp with time zone,
    PRIMARY KEY ("project_key", "environment_key", "experiment_key", "iteration_index")
);
COMMENT ON TABLE "launchdarkly"."experiment_iterations" IS 'One row per iteration of each experiment: running, stopped or not started.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."experiment_key" IS 'Key of the experiment.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."iteration_index" IS '0 is the current iteration, 1 and above the earlier ones as listed, -1 a draft.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."iteration_id" IS 'ID of the iteration.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."status" IS '`not_started`, `running` or `stopped`.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."hypothesis" IS 'The hypothesis that the iteration tests.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."version" IS 'Counts changes to it.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."randomization_unit" IS 'Context kind that is divided among the treatments.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."can_reshuffle_traffic" IS 'Whether contexts may change treatments when the audience grows or shrinks.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."reallocation_frequency_milliseconds" IS 'How often a multi-armed bandit changes the allocation.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."attributes" IS 'Attributes by which results can be filtered, as a JSON array.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."winning_treatment_id" IS 'ID of the treatment that was chosen as the winner.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."winning_reason" IS 'Why that treatment was chosen.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."layer_key" IS 'Key of the layer it was in.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."layer_reservation_percent" IS 'Percentage of the layer''s traffic that was reserved for it.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."layer_other_reservation_percent" IS 'Percentage of the layer''s traffic that was reserved for others when it stopped.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."covariate_id" IS 'ID of its covariates.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."covariate_file_name" IS 'Name of the file that the covariates were uploaded in.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."covariate_created_at" IS 'When the covariates were uploaded.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."created_at" IS 'When it was created.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."started_at" IS 'When it was started.';
COMMENT ON COLUMN "launchdarkly"."experiment_iterations"."ended_at" IS 'When it was stopped.';

CREATE TABLE "launchdarkly"."experiment_flags" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "experiment_key" text COLLATE "C" NOT NULL,
    "iteration_index" bigint NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "targeting_rule" text,
    "targeting_rule_description" text,
    "targeting_rule_clauses" text,
    "flag_config_version" bigint,
    "not_in_experiment_variation_id" text,
    PRIMARY KEY ("project_key", "environment_key", "experiment_key", "iteration_index", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."experiment_flags" IS 'One row per flag of each iteration of an experiment.';
COMMENT ON COLUMN "launchdarkly"."experiment_flags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."experiment_flags"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."experiment_flags"."experiment_key" IS 'Key of the experiment.';
COMMENT ON COLUMN "launchdarkly"."experiment_flags"."iteration_index" IS '0 is the current iteration, 1 and above the earlier ones as listed, -1 a draft.';
COMMENT ON COLUMN "launchdarkly"."experiment_flags"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."experiment_flags"."targeting_rule" IS 'ID of the rule whose contexts take part, or `fallthrough`.';
COMMENT ON COLUMN "launchdarkly"."experiment_flags"."targeting_rule_description" IS 'Description of the rule.';
COMMENT ON COLUMN "launchdarkly"."experiment_flags"."targeting_rule_clauses" IS 'Conditions of the rule, as a JSON array.';
COMMENT ON COLUMN "launchdarkly"."experiment_flags"."flag_config_version" IS 'Version of the flag in the environment, as in flag_environments.version.';
COMMENT ON COLUMN "launchdarkly"."experiment_flags"."not_in_experiment_variation_id" IS 'ID of the variation for contexts that do not take part.';

CREATE TABLE "launchdarkly"."experiment_metrics" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "experiment_key" text COLLATE "C" NOT NULL,
    "iteration_index" bigint NOT NULL,
    "metric_index" bigint NOT NULL,
    "metric_key" text NOT NULL,
    "is_metric_group" boolean NOT NULL,
    "is_primary" boolean NOT NULL,
    "metric_version_id" text,
    PRIMARY KEY ("project_key", "environment_key", "experiment_key", "iteration_index", "metric_index")
);
COMMENT ON TABLE "launchdarkly"."experiment_metrics" IS 'One row per metric or metric group of each iteration of an experiment.';
COMMENT ON COLUMN "launchdarkly"."experiment_metrics"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."experiment_metrics"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."experiment_metrics"."experiment_key" IS 'Key of the experiment.';
COMMENT ON COLUMN "launchdarkly"."experiment_metrics"."iteration_index" IS '0 is the current iteration, 1 and above the earlier ones as listed, -1 a draft.';
COMMENT ON COLUMN "launchdarkly"."experiment_metrics"."metric_index" IS 'Position from 0, the primary metric first.';
COMMENT ON COLUMN "launchdarkly"."experiment_metrics"."metric_key" IS 'Key of the metric or metric group.';
COMMENT ON COLUMN "launchdarkly"."experiment_metrics"."is_metric_group" IS 'Whether the key is that of a metric group.';
COMMENT ON COLUMN "launchdarkly"."experiment_metrics"."is_primary" IS 'Whether it is the experiment''s primary metric.';
COMMENT ON COLUMN "launchdarkly"."experiment_metrics"."metric_version_id" IS 'ID of the version that is measured.';

CREATE TABLE "launchdarkly"."experiment_treatments" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "experiment_key" text COLLATE "C" NOT NULL,
    "iteration_index" bigint NOT NULL,
    "treatment_index" bigint NOT NULL,
    "treatment_id" text,
    "name" text,
    "allocation_percent" text,
    "baseline" boolean,
    "parameters" text,
    PRIMARY KEY ("project_key", "environment_key", "experiment_key", "iteration_index", "treatment_index")
);
COMMENT ON TABLE "launchdarkly"."experiment_treatments" IS 'One row per treatment of each iteration of an experiment.';
COMMENT ON COLUMN "launchdarkly"."experiment_treatments"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."experiment_treatments"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."experiment_treatments"."experiment_key" IS 'Key of the experiment.';
COMMENT ON COLUMN "launchdarkly"."experiment_treatments"."iteration_index" IS '0 is the current iteration, 1 and above the earlier ones as listed, -1 a draft.';
COMMENT ON COLUMN "launchdarkly"."experiment_treatments"."treatment_index" IS 'Position, from 0.';
COMMENT ON COLUMN "launchdarkly"."experiment_treatments"."treatment_id" IS 'ID of the treatment.';
COMMENT ON COLUMN "launchdarkly"."experiment_treatments"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."experiment_treatments"."allocation_percent" IS 'Percentage of traffic that is allocated to it, as text.';
COMMENT ON COLUMN "launchdarkly"."experiment_treatments"."baseline" IS 'Whether it is the baseline that the others are compared with.';
COMMENT ON COLUMN "launchdarkly"."experiment_treatments"."parameters" IS 'The flags with the IDs of the variations they serve, as a JSON array.';

CREATE TABLE "launchdarkly"."holdouts" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "holdout_key" text COLLATE "C" NOT NULL,
    "holdout_id" text,
    "name" text,
    "status" text,
    "created_at" timestamp with time zone,
    "updated_at" timestamp with time zone,
    PRIMARY KEY ("project_key", "environment_key", "holdout_key")
);
COMMENT ON TABLE "launchdarkly"."holdouts" IS 'One row per holdout of each environment.';
COMMENT ON COLUMN "launchdarkly"."holdouts"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."holdouts"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."holdouts"."holdout_key" IS 'Key of the holdout.';
COMMENT ON COLUMN "launchdarkly"."holdouts"."holdout_id" IS 'ID of the holdout.';
COMMENT ON COLUMN "launchdarkly"."holdouts"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."holdouts"."status" IS 'Such as `running`.';
COMMENT ON COLUMN "launchdarkly"."holdouts"."created_at" IS 'When it was created.';
COMMENT ON COLUMN "launchdarkly"."holdouts"."updated_at" IS 'When it last changed.';

CREATE TABLE "launchdarkly"."holdout_experiments" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "holdout_key" text COLLATE "C" NOT NULL,
    "experiment_key" text COLLATE "C" NOT NULL,
    "experiment_environment" text,
    PRIMARY KEY ("project_key", "environment_key", "holdout_key", "experiment_key")
);
COMMENT ON TABLE "launchdarkly"."holdout_experiments" IS 'One row per experiment from which a holdout excludes contexts.';
COMMENT ON COLUMN "launchdarkly"."holdout_experiments"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."holdout_experiments"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."holdout_experiments"."holdout_key" IS 'Key of the holdout.';
COMMENT ON COLUMN "launchdarkly"."holdout_experiments"."experiment_key" IS 'Key of the experiment.';
COMMENT ON COLUMN "launchdarkly"."holdout_experiments"."experiment_environment" IS 'The experiment''s environment, as this endpoint of LaunchDarkly names it.';

CREATE TABLE "launchdarkly"."layers" (
    "project_key" text COLLATE "C" NOT NULL,
    "layer_key" text COLLATE "C" NOT NULL,
    "name" text,
    "description" text,
    "randomization_unit" text,
    "environment_count" bigint,
    "created_at" timestamp with time zone,
    PRIMARY KEY ("project_key", "layer_key")
);
COMMENT ON TABLE "launchdarkly"."layers" IS 'One row per layer of each project.';
COMMENT ON COLUMN "launchdarkly"."layers"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."layers"."layer_key" IS 'Key of the layer.';
COMMENT ON COLUMN "launchdarkly"."layers"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."layers"."description" IS 'What it is for.';
COMMENT ON COLUMN "launchdarkly"."layers"."randomization_unit" IS 'Context kind that is divided among its experiments.';
COMMENT ON COLUMN "launchdarkly"."layers"."environment_count" IS 'Environments whose reservations LaunchDarkly lists; NULL where it lists none.';
COMMENT ON COLUMN "launchdarkly"."layers"."created_at" IS 'When it was created.';

CREATE TABLE "launchdarkly"."layer_reservations" (
    "project_key" text COLLATE "C" NOT NULL,
    "layer_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "experiment_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "reservation_percent" bigint,
    PRIMARY KEY ("project_key", "layer_key", "environment_key", "experiment_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."layer_reservations" IS 'One row per experiment with a share of a layer, where `layers.environment_count` is not NULL.';
COMMENT ON COLUMN "launchdarkly"."layer_reservations"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."layer_reservations"."layer_key" IS 'Key of the layer.';
COMMENT ON COLUMN "launchdarkly"."layer_reservations"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."layer_reservations"."experiment_key" IS 'Key of the experiment.';
COMMENT ON COLUMN "launchdarkly"."layer_reservations"."flag_key" IS 'Key of the flag that the experiment is about.';
COMMENT ON COLUMN "launchdarkly"."layer_reservations"."reservation_percent" IS 'Percentage of the layer''s traffic that is reserved for the experiment.';

CREATE TABLE "launchdarkly"."release_pipelines" (
    "project_key" text COLLATE "C" NOT NULL,
    "release_pipeline_key" text COLLATE "C" NOT NULL,
    "name" text,
    "description" text,
    "created_at" timestamp with time zone,
    "is_project_default" boolean,
    "is_legacy" boolean,
    "phase_count" bigint NOT NULL,
    "version" bigint,
    PRIMARY KEY ("project_key", "release_pipeline_key")
);
COMMENT ON TABLE "launchdarkly"."release_pipelines" IS 'One row per release pipeline.';
COMMENT ON COLUMN "launchdarkly"."release_pipelines"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."release_pipelines"."release_pipeline_key" IS 'Key of the pipeline, unique in its project.';
COMMENT ON COLUMN "launchdarkly"."release_pipelines"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."release_pipelines"."description" IS 'What it is for.';
COMMENT ON COLUMN "launchdarkly"."release_pipelines"."created_at" IS 'When it was created.';
COMMENT ON COLUMN "launchdarkly"."release_pipelines"."is_project_default" IS 'Whether flags of the project go through it by default.';
COMMENT ON COLUMN "launchdarkly"."release_pipelines"."is_legacy" IS 'Whether it is a legacy pipeline.';
COMMENT ON COLUMN "launchdarkly"."release_pipelines"."phase_count" IS 'Number of phases.';
COMMENT ON COLUMN "launchdarkly"."release_pipelines"."version" IS 'Counts changes to it.';

CREATE TABLE "launchdarkly"."release_pipeline_tags" (
    "project_key" text COLLATE "C" NOT NULL,
    "release_pipeline_key" text COLLATE "C" NOT NULL,
    "tag" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("project_key", "release_pipeline_key", "tag")
);
COMMENT ON TABLE "launchdarkly"."release_pipeline_tags" IS 'One row per tag on each release pipeline.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_tags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_tags"."release_pipeline_key" IS 'Key of the pipeline.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_tags"."tag" IS 'The tag.';

CREATE TABLE "launchdarkly"."release_pipeline_phases" (
    "project_key" text COLLATE "C" NOT NULL,
    "release_pipeline_key" text COLLATE "C" NOT NULL,
    "phase_index" bigint NOT NULL,
    "phase_id" text,
    "name" text,
    "audience_count" bigint NOT NULL,
    PRIMARY KEY ("project_key", "release_pipeline_key", "phase_index")
);
COMMENT ON TABLE "launchdarkly"."release_pipeline_phases" IS 'One row per phase of each release pipeline.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_phases"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_phases"."release_pipeline_key" IS 'Key of the pipeline.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_phases"."phase_index" IS 'Position in the pipeline, from 0.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_phases"."phase_id" IS 'ID of the phase.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_phases"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_phases"."audience_count" IS 'Number of audiences that it releases to.';

CREATE TABLE "launchdarkly"."release_pipeline_audiences" (
    "project_key" text COLLATE "C" NOT NULL,
    "release_pipeline_key" text COLLATE "C" NOT NULL,
    "phase_index" bigint NOT NULL,
    "audience_index" bigint NOT NULL,
    "name" text,
    "environment_key" text,
    "segment_keys" text,
    "release_strategy" text,
    "require_approval" boolean,
    "notify_member_ids" text,
    "notify_team_keys" text,
    "monitoring_window_milliseconds" bigint,
    "rollout_weight" bigint,
    "rollback_on_regression" boolean,
    "randomization_unit" text,
    PRIMARY KEY ("project_key", "release_pipeline_key", "phase_index", "audience_index")
);
COMMENT ON TABLE "launchdarkly"."release_pipeline_audiences" IS 'One row per audience that a phase of a release pipeline releases to.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_audiences"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_audiences"."release_pipeline_key" IS 'Key of the pipeline.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_audiences"."phase_index" IS 'Position of the phase.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_audiences"."audience_index" IS 'Position in the phase, from 0.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_audiences"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_audiences"."environment_key" IS 'Key of the environment it is in.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_audiences"."segment_keys" IS 'Keys of the segments it is limited to, as a JSON array.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_audiences"."release_strategy" IS 'How the flag is released to it, such as at once or in steps.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_audiences"."require_approval" IS 'Whether the release to it needs approval.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_audiences"."notify_member_ids" IS 'IDs of the members who are asked to approve, as a JSON array.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_audiences"."notify_team_keys" IS 'Keys of the teams that are asked to approve, as a JSON array.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_audiences"."monitoring_window_milliseconds" IS 'How long metrics are monitored.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_audiences"."rollout_weight" IS 'Share of the audience that gets the release while metrics are monitored.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_audiences"."rollback_on_regression" IS 'Whether a regression of a metric rolls the release back.';
COMMENT ON COLUMN "launchdarkly"."release_pipeline_audiences"."randomization_unit" IS 'Context kind by which contexts are assigned.';

CREATE TABLE "launchdarkly"."context_kinds" (
    "project_key" text COLLATE "C" NOT NULL,
    "context_kind_key" text COLLATE "C" NOT NULL,
    "name" text,
    "description" text,
    "archived" boolean,
    "created_from" text,
    "created_at" timestamp with time zone,
    "last_modified_at" timestamp with time zone,
    "last_seen_at" timestamp with time zone,
    "version" bigint NOT NULL,
    PRIMARY KEY ("project_key", "context_kind_key")
);
COMMENT ON TABLE "launchdarkly"."context_kinds" IS 'One row per context kind.';
COMMENT ON COLUMN "launchdarkly"."context_kinds"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."context_kinds"."context_kind_key" IS 'Key of the context kind, such as `user`.';
COMMENT ON COLUMN "launchdarkly"."context_kinds"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."context_kinds"."description" IS 'What contexts of this kind stand for.';
COMMENT ON COLUMN "launchdarkly"."context_kinds"."archived" IS 'Whether it is archived, and so cannot be targeted any more.';
COMMENT ON COLUMN "launchdarkly"."context_kinds"."created_from" IS 'How it was created, such as by an evaluation.';
COMMENT ON COLUMN "launchdarkly"."context_kinds"."created_at" IS 'When it was created.';
COMMENT ON COLUMN "launchdarkly"."context_kinds"."last_modified_at" IS 'When it last changed.';
COMMENT ON COLUMN "launchdarkly"."context_kinds"."last_seen_at" IS 'When a context of the kind was last seen; NULL for never.';
COMMENT ON COLUMN "launchdarkly"."context_kinds"."version" IS 'Counts changes to it.';

CREATE TABLE "launchdarkly"."views" (
    "project_key" text COLLATE "C" NOT NULL,
    "view_key" text COLLATE "C" NOT NULL,
    "view_id" text,
    "name" text,
    "description" text,
    "affects_sdk_payload" boolean,
    "flag_count" bigint,
    "segment_count" bigint,
    "resource_count" bigint,
    "maintainer_kind" text,
    "maintainer_id" text,
    "maintainer_email" text,
    "maintainer_team_key" text,
    "created_at" timestamp with time zone,
    "last_modified_at" timestamp with time zone,
    "archived" boolean,
    "archived_at" timestamp with time zone,
    "deleted" boolean,
    "deleted_at" timestamp with time zone,
    "version" bigint NOT NULL,
    PRIMARY KEY ("project_key", "view_key")
);
COMMENT ON TABLE "launchdarkly"."views" IS 'One row per view.';
COMMENT ON COLUMN "launchdarkly"."views"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."views"."view_key" IS 'Key of the view, unique in its project.';
COMMENT ON COLUMN "launchdarkly"."views"."view_id" IS 'ID of the view.';
COMMENT ON COLUMN "launchdarkly"."views"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."views"."description" IS 'What it is for.';
COMMENT ON COLUMN "launchdarkly"."views"."affects_sdk_payload" IS 'Whether SDKs can be limited to the view''s flags.';
COMMENT ON COLUMN "launchdarkly"."views"."flag_count" IS 'Number of flags in the view.';
COMMENT ON COLUMN "launchdarkly"."views"."segment_count" IS 'Number of segments in the view.';
COMMENT ON COLUMN "launchdarkly"."views"."resource_count" IS 'Number of all resources in the view.';
COMMENT ON COLUMN "launchdarkly"."views"."maintainer_kind" IS '`member` or `team`.';
COMMENT ON COLUMN "launchdarkly"."views"."maintainer_id" IS 'ID of the member or team that maintains it.';
COMMENT ON COLUMN "launchdarkly"."views"."maintainer_email" IS 'Email address of the member who maintains it.';
COMMENT ON COLUMN "launchdarkly"."views"."maintainer_team_key" IS 'Key of the team that maintains it.';
COMMENT ON COLUMN "launchdarkly"."views"."created_at" IS 'When it was created.';
COMMENT ON COLUMN "launchdarkly"."views"."last_modified_at" IS 'When it last changed.';
COMMENT ON COLUMN "launchdarkly"."views"."archived" IS 'Whether it is archived.';
COMMENT ON COLUMN "launchdarkly"."views"."archived_at" IS 'When it was archived.';
COMMENT ON COLUMN "launchdarkly"."views"."deleted" IS 'Whether it is deleted.';
COMMENT ON COLUMN "launchdarkly"."views"."deleted_at" IS 'When it was deleted.';
COMMENT ON COLUMN "launchdarkly"."views"."version" IS 'Counts changes to the view.';

CREATE TABLE "launchdarkly"."view_tags" (
    "project_key" text COLLATE "C" NOT NULL,
    "view_key" text COLLATE "C" NOT NULL,
    "tag" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("project_key", "view_key", "tag")
);
COMMENT ON TABLE "launchdarkly"."view_tags" IS 'One row per tag on each view.';
COMMENT ON COLUMN "launchdarkly"."view_tags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."view_tags"."view_key" IS 'Key of the view.';
COMMENT ON COLUMN "launchdarkly"."view_tags"."tag" IS 'The tag.';

CREATE TABLE "launchdarkly"."ai_configs" (
    "project_key" text COLLATE "C" NOT NULL,
    "ai_config_key" text COLLATE "C" NOT NULL,
    "name" text,
    "description" text,
    "mode" text,
    "maintainer_kind" text,
    "maintainer_id" text,
    "maintainer_email" text,
    "maintainer_team_key" text,
    "evaluation_metric_keys" text,
    "is_inverted" boolean,
    "variation_count" bigint NOT NULL,
    "dependency_count" bigint,
    "created_at" timestamp with time zone,
    "last_modified_at" timestamp with time zone,
    "version" bigint NOT NULL,
    PRIMARY KEY ("project_key", "ai_config_key")
);
COMMENT ON TABLE "launchdarkly"."ai_configs" IS 'One row per AI config, without prompts and parameters.';
COMMENT ON COLUMN "launchdarkly"."ai_configs"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."ai_configs"."ai_config_key" IS 'Key of the AI config, unique in its project.';
COMMENT ON COLUMN "launchdarkly"."ai_configs"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."ai_configs"."description" IS 'What it is for.';
COMMENT ON COLUMN "launchdarkly"."ai_configs"."mode" IS '`agent`, `completion` or `judge`.';
COMMENT ON COLUMN "launchdarkly"."ai_configs"."maintainer_kind" IS 'Whether a member or a team maintains it.';
COMMENT ON COLUMN "launchdarkly"."ai_configs"."maintainer_id" IS 'ID of the member who maintains it.';
COMMENT ON COLUMN "launchdarkly"."ai_configs"."maintainer_email" IS 'Email address of the member who maintains it.';
COMMENT ON COLUMN "launchdarkly"."ai_configs"."maintainer_team_key" IS 'Key of the team that maintains it.';
COMMENT ON COLUMN "launchdarkly"."ai_configs"."evaluation_metric_keys" IS 'Keys of the metrics that judge it, as a JSON array.';
COMMENT ON COLUMN "launchdarkly"."ai_configs"."is_inverted" IS 'Whether lower values of those metrics are better.';
COMMENT ON COLUMN "launchdarkly"."ai_configs"."variation_count" IS 'Number of variations.';
COMMENT ON COLUMN "launchdarkly"."ai_configs"."dependency_count" IS 'Number of objects that depend on it.';
COMMENT ON COLUMN "launchdarkly"."ai_configs"."created_at" IS 'When it was created.';
COMMENT ON COLUMN "launchdarkly"."ai_configs"."last_modified_at" IS 'When it last changed.';
COMMENT ON COLUMN "launchdarkly"."ai_configs"."version" IS 'Counts changes to it.';

CREATE TABLE "launchdarkly"."ai_config_tags" (
    "project_key" text COLLATE "C" NOT NULL,
    "ai_config_key" text COLLATE "C" NOT NULL,
    "tag" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("project_key", "ai_config_key", "tag")
);
COMMENT ON TABLE "launchdarkly"."ai_config_tags" IS 'One row per tag on each AI config.';
COMMENT ON COLUMN "launchdarkly"."ai_config_tags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."ai_config_tags"."ai_config_key" IS 'Key of the AI config.';
COMMENT ON COLUMN "launchdarkly"."ai_config_tags"."tag" IS 'The tag.';

CREATE TABLE "launchdarkly"."ai_config_variations" (
    "project_key" text COLLATE "C" NOT NULL,
    "ai_config_key" text COLLATE "C" NOT NULL,
    "variation_index" bigint NOT NULL,
    "variation_key" text,
    "variation_id" text,
    "name" text,
    "comment" text,
    "model_config_key" text,
    "state" text,
    "message_count" bigint,
    "tool_count" bigint,
    "judge_count" bigint,
    "judging_config_keys" text,
    "created_at" timestamp with time zone,
    "published_at" timestamp with time zone,
    "archived_at" timestamp with time zone,
    "version" bigint,
    PRIMARY KEY ("project_key", "ai_config_key", "variation_index")
);
COMMENT ON TABLE "launchdarkly"."ai_config_variations" IS 'One row per variation of each AI config, without prompts and parameters.';
COMMENT ON COLUMN "launchdarkly"."ai_config_variations"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."ai_config_variations"."ai_config_key" IS 'Key of the AI config.';
COMMENT ON COLUMN "launchdarkly"."ai_config_variations"."variation_index" IS 'Position in the config''s list, from 0.';
COMMENT ON COLUMN "launchdarkly"."ai_config_variations"."variation_key" IS 'Key of the variation.';
COMMENT ON COLUMN "launchdarkly"."ai_config_variations"."variation_id" IS 'ID of the variation.';
COMMENT ON COLUMN "launchdarkly"."ai_config_variations"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."ai_config_variations"."comment" IS 'Comment that its author wrote about it.';
COMMENT ON COLUMN "launchdarkly"."ai_config_variations"."model_config_key" IS 'Key of the model''s configuration, which names the model.';
COMMENT ON COLUMN "launchdarkly"."ai_config_variations"."state" IS 'State of the variation, such as `published`.';
COMMENT ON COLUMN "launchdarkly"."ai_config_variations"."message_count" IS 'Number of messages.';
COMMENT ON COLUMN "launchdarkly"."ai_config_variations"."tool_count" IS 'Number of tools.';
COMMENT ON COLUMN "launchdarkly"."ai_config_variations"."judge_count" IS 'Number of judges.';
COMMENT ON COLUMN "launchdarkly"."ai_config_variations"."judging_config_keys" IS 'Keys of the AI configs that judge it, as a JSON array.';
COMMENT ON COLUMN "launchdarkly"."ai_config_variations"."created_at" IS 'When it was created.';
COMMENT ON COLUMN "launchdarkly"."ai_config_variations"."published_at" IS 'When it was published.';
COMMENT ON COLUMN "launchdarkly"."ai_config_variations"."archived_at" IS 'When it was archived.';
COMMENT ON COLUMN "launchdarkly"."ai_config_variations"."version" IS 'Version number; it rises with each change.';

CREATE TABLE "launchdarkly"."applications" (
    "application_key" text COLLATE "C" NOT NULL,
    "name" text,
    "kind" text,
    "description" text,
    "auto_added" boolean,
    "version" bigint,
    "maintainer_id" text,
    "maintainer_email" text,
    "maintainer_team_key" text,
    "created_at" timestamp with time zone,
    PRIMARY KEY ("application_key")
);
COMMENT ON TABLE "launchdarkly"."applications" IS 'One row per application that LaunchDarkly knows.';
COMMENT ON COLUMN "launchdarkly"."applications"."application_key" IS 'Key of the application.';
COMMENT ON COLUMN "launchdarkly"."applications"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."applications"."kind" IS '`browser`, `mobile` or `server`.';
COMMENT ON COLUMN "launchdarkly"."applications"."description" IS 'What the application is.';
COMMENT ON COLUMN "launchdarkly"."applications"."auto_added" IS 'Whether LaunchDarkly added it automatically, from a context that an SDK sent.';
COMMENT ON COLUMN "launchdarkly"."applications"."version" IS 'Counts changes to it.';
COMMENT ON COLUMN "launchdarkly"."applications"."maintainer_id" IS 'ID of the member who maintains it.';
COMMENT ON COLUMN "launchdarkly"."applications"."maintainer_email" IS 'Email address of the member who maintains it.';
COMMENT ON COLUMN "launchdarkly"."applications"."maintainer_team_key" IS 'Key of the team that maintains it.';
COMMENT ON COLUMN "launchdarkly"."applications"."created_at" IS 'When it was created.';

CREATE TABLE "launchdarkly"."custom_roles" (
    "custom_role_id" text COLLATE "C" NOT NULL,
    "custom_role_key" text,
    "name" text,
    "description" text,
    "base_permissions" text,
    "resource_category" text,
    "assigned_member_count" bigint,
    "assigned_team_count" bigint,
    "preset_bundle_version" bigint,
    "preset_statements" text,
    PRIMARY KEY ("custom_role_id")
);
COMMENT ON TABLE "launchdarkly"."custom_roles" IS 'One row per custom role: LaunchDarkly''s presets and the account''s own.';
COMMENT ON COLUMN "launchdarkly"."custom_roles"."custom_role_id" IS 'ID of the role.';
COMMENT ON COLUMN "launchdarkly"."custom_roles"."custom_role_key" IS 'Key of the role.';
COMMENT ON COLUMN "launchdarkly"."custom_roles"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."custom_roles"."description" IS 'What it is for.';
COMMENT ON COLUMN "launchdarkly"."custom_roles"."base_permissions" IS 'Permissions that apply where no statement says otherwise: `reader` or `no_access`.';
COMMENT ON COLUMN "launchdarkly"."custom_roles"."resource_category" IS 'Category of resources that the role is about: `organization`, `project` or `any`.';
COMMENT ON COLUMN "launchdarkly"."custom_roles"."assigned_member_count" IS 'Number of members who have the role directly, not through a team.';
COMMENT ON COLUMN "launchdarkly"."custom_roles"."assigned_team_count" IS 'Number of teams that have the role.';
COMMENT ON COLUMN "launchdarkly"."custom_roles"."preset_bundle_version" IS 'Version of the preset that the role was made from; NULL for the account''s own.';
COMMENT ON COLUMN "launchdarkly"."custom_roles"."preset_statements" IS 'Statements that come from the preset and cannot be changed.';

CREATE TABLE "launchdarkly"."custom_role_policies" (
    "custom_role_id" text COLLATE "C" NOT NULL,
    "statement_index" bigint NOT NULL,
    "effect" text,
    "statement" text,
    PRIMARY KEY ("custom_role_id", "statement_index")
);
COMMENT ON TABLE "launchdarkly"."custom_role_policies" IS 'One row per statement of each custom role''s policy.';
COMMENT ON COLUMN "launchdarkly"."custom_role_policies"."custom_role_id" IS 'ID of the role.';
COMMENT ON COLUMN "launchdarkly"."custom_role_policies"."statement_index" IS 'Position in the policy, from 0.';
COMMENT ON COLUMN "launchdarkly"."custom_role_policies"."effect" IS '`allow` or `deny`.';
COMMENT ON COLUMN "launchdarkly"."custom_role_policies"."statement" IS 'The whole statement: its effect, its resources and its actions.';

CREATE TABLE "launchdarkly"."team_roles" (
    "team_key" text COLLATE "C" NOT NULL,
    "custom_role_key" text COLLATE "C" NOT NULL,
    "name" text,
    "applied_at" timestamp with time zone,
    "project_count" bigint,
    PRIMARY KEY ("team_key", "custom_role_key")
);
COMMENT ON TABLE "launchdarkly"."team_roles" IS 'One row per custom role of each team.';
COMMENT ON COLUMN "launchdarkly"."team_roles"."team_key" IS 'Key of the team.';
COMMENT ON COLUMN "launchdarkly"."team_roles"."custom_role_key" IS 'Key, not ID, of the role.';
COMMENT ON COLUMN "launchdarkly"."team_roles"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."team_roles"."applied_at" IS 'When the role was assigned to the team.';
COMMENT ON COLUMN "launchdarkly"."team_roles"."project_count" IS 'Number of projects in which the role allows the team to change something.';

CREATE TABLE "launchdarkly"."access_tokens" (
    "access_token_id" text COLLATE "C" NOT NULL,
    "name" text,
    "description" text,
    "owner_id" text,
    "member_id" text,
    "member_email" text,
    "service_token" boolean,
    "role" text,
    "inline_role" text,
    "default_api_version" bigint,
    "created_at" timestamp with time zone,
    "last_modified_at" timestamp with time zone,
    "last_used_at" timestamp with time zone,
    PRIMARY KEY ("access_token_id")
);
COMMENT ON TABLE "launchdarkly"."access_tokens" IS 'One row per access token that is visible to the token of the run.';
COMMENT ON COLUMN "launchdarkly"."access_tokens"."access_token_id" IS 'ID of the token.';
COMMENT ON COLUMN "launchdarkly"."access_tokens"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."access_tokens"."description" IS 'What it is for.';
COMMENT ON COLUMN "launchdarkly"."access_tokens"."owner_id" IS 'ID of the member who owns it.';
COMMENT ON COLUMN "launchdarkly"."access_tokens"."member_id" IS 'ID of the member on whose behalf the token acts.';
COMMENT ON COLUMN "launchdarkly"."access_tokens"."member_email" IS 'That member''s email address.';
COMMENT ON COLUMN "launchdarkly"."access_tokens"."service_token" IS 'Whether it is a service token, which stays valid after its member is deleted.';
COMMENT ON COLUMN "launchdarkly"."access_tokens"."role" IS 'The token''s base role; NULL where custom roles or an inline role limit it.';
COMMENT ON COLUMN "launchdarkly"."access_tokens"."inline_role" IS 'The statements of the token''s inline policy.';
COMMENT ON COLUMN "launchdarkly"."access_tokens"."default_api_version" IS 'API version used for requests that do not name one, such as 20240415.';
COMMENT ON COLUMN "launchdarkly"."access_tokens"."created_at" IS 'When the token was created.';
COMMENT ON COLUMN "launchdarkly"."access_tokens"."last_modified_at" IS 'When it last changed.';
COMMENT ON COLUMN "launchdarkly"."access_tokens"."last_used_at" IS 'When the token was last used; NULL for never.';

CREATE TABLE "launchdarkly"."access_token_custom_roles" (
    "access_token_id" text COLLATE "C" NOT NULL,
    "custom_role_id" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("access_token_id", "custom_role_id")
);
COMMENT ON TABLE "launchdarkly"."access_token_custom_roles" IS 'One row per custom role of each access token.';
COMMENT ON COLUMN "launchdarkly"."access_token_custom_roles"."access_token_id" IS 'ID of the token.';
COMMENT ON COLUMN "launchdarkly"."access_token_custom_roles"."custom_role_id" IS 'ID, not key, of the custom role; see `custom_roles`.';

CREATE TABLE "launchdarkly"."webhooks" (
    "webhook_id" text COLLATE "C" NOT NULL,
    "name" text,
    "url" text,
    "is_on" boolean NOT NULL,
    "statements" text,
    PRIMARY KEY ("webhook_id")
);
COMMENT ON TABLE "launchdarkly"."webhooks" IS 'One row per webhook.';
COMMENT ON COLUMN "launchdarkly"."webhooks"."webhook_id" IS 'ID of the webhook.';
COMMENT ON COLUMN "launchdarkly"."webhooks"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."webhooks"."url" IS 'Target URL: scheme, host, and path unless that is a secret; NULL if not a URL.';
COMMENT ON COLUMN "launchdarkly"."webhooks"."is_on" IS 'Whether the webhook is on.';
COMMENT ON COLUMN "launchdarkly"."webhooks"."statements" IS 'Policy statements that select the changes it is notified of; NULL for all changes.';

CREATE TABLE "launchdarkly"."webhook_tags" (
    "webhook_id" text COLLATE "C" NOT NULL,
    "tag" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("webhook_id", "tag")
);
COMMENT ON TABLE "launchdarkly"."webhook_tags" IS 'One row per tag on each webhook.';
COMMENT ON COLUMN "launchdarkly"."webhook_tags"."webhook_id" IS 'ID of the webhook.';
COMMENT ON COLUMN "launchdarkly"."webhook_tags"."tag" IS 'The tag.';

CREATE TABLE "launchdarkly"."relay_proxy_configurations" (
    "relay_proxy_configuration_id" text COLLATE "C" NOT NULL,
    "name" text,
    "creator_id" text,
    "creator_email" text,
    "policy" text,
    "created_at" timestamp with time zone,
    "last_modified_at" timestamp with time zone,
    PRIMARY KEY ("relay_proxy_configuration_id")
);
COMMENT ON TABLE "launchdarkly"."relay_proxy_configurations" IS 'One row per configuration of Relay Proxies.';
COMMENT ON COLUMN "launchdarkly"."relay_proxy_configurations"."relay_proxy_configuration_id" IS 'ID of the configuration.';
COMMENT ON COLUMN "launchdarkly"."relay_proxy_configurations"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."relay_proxy_configurations"."creator_id" IS 'ID of the member who created it.';
COMMENT ON COLUMN "launchdarkly"."relay_proxy_configurations"."creator_email" IS 'Email address of the member who created it.';
COMMENT ON COLUMN "launchdarkly"."relay_proxy_configurations"."policy" IS 'Policy statements that define which environments its Relay Proxies can read.';
COMMENT ON COLUMN "launchdarkly"."relay_proxy_configurations"."created_at" IS 'When it was created.';
COMMENT ON COLUMN "launchdarkly"."relay_proxy_configurations"."last_modified_at" IS 'When it last changed.';

CREATE TABLE "launchdarkly"."destinations" (
    "destination_id" text COLLATE "C" NOT NULL,
    "project_key" text,
    "environment_key" text,
    "name" text,
    "kind" text,
    "is_on" boolean,
    "version" bigint,
    "maintainer_id" text,
    "created_at" timestamp with time zone,
    PRIMARY KEY ("destination_id")
);
COMMENT ON TABLE "launchdarkly"."destinations" IS 'One row per Data Export destination of any environment.';
COMMENT ON COLUMN "launchdarkly"."destinations"."destination_id" IS 'ID of the destination.';
COMMENT ON COLUMN "launchdarkly"."destinations"."project_key" IS 'Key of the project, which may be one that was not extracted.';
COMMENT ON COLUMN "launchdarkly"."destinations"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."destinations"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."destinations"."kind" IS 'Type of the destination, such as `kinesis` or `snowflake-v2`.';
COMMENT ON COLUMN "launchdarkly"."destinations"."is_on" IS 'Whether the export is on.';
COMMENT ON COLUMN "launchdarkly"."destinations"."version" IS 'Counts changes to it.';
COMMENT ON COLUMN "launchdarkly"."destinations"."maintainer_id" IS 'ID of the member who maintains it.';
COMMENT ON COLUMN "launchdarkly"."destinations"."created_at" IS 'When it was created.';

CREATE TABLE "launchdarkly"."integration_configurations" (
    "integration_configuration_id" text COLLATE "C" NOT NULL,
    "integration_key" text NOT NULL,
    "project_key" text NOT NULL,
    "environment_key" text NOT NULL,
    "name" text,
    "is_on" boolean NOT NULL,
    "version" bigint NOT NULL,
    PRIMARY KEY ("integration_configuration_id")
);
COMMENT ON TABLE "launchdarkly"."integration_configurations" IS 'One row per integration that copies the flags of an environment to a store.';
COMMENT ON COLUMN "launchdarkly"."integration_configurations"."integration_configuration_id" IS 'ID of the configuration.';
COMMENT ON COLUMN "launchdarkly"."integration_configurations"."integration_key" IS 'Key of the integration, such as `cloudflare`.';
COMMENT ON COLUMN "launchdarkly"."integration_configurations"."project_key" IS 'Key of the project, which may be one that was not extracted.';
COMMENT ON COLUMN "launchdarkly"."integration_configurations"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."integration_configurations"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."integration_configurations"."is_on" IS 'Whether it is on.';
COMMENT ON COLUMN "launchdarkly"."integration_configurations"."version" IS 'Counts changes to it.';

CREATE TABLE "launchdarkly"."integration_configuration_tags" (
    "integration_configuration_id" text COLLATE "C" NOT NULL,
    "tag" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("integration_configuration_id", "tag")
);
COMMENT ON TABLE "launchdarkly"."integration_configuration_tags" IS 'One row per tag on each integration configuration.';
COMMENT ON COLUMN "launchdarkly"."integration_configuration_tags"."integration_configuration_id" IS 'ID of the configuration.';
COMMENT ON COLUMN "launchdarkly"."integration_configuration_tags"."tag" IS 'The tag.';

CREATE TABLE "launchdarkly"."big_segment_stores" (
    "big_segment_store_id" text COLLATE "C" NOT NULL,
    "integration_key" text NOT NULL,
    "project_key" text NOT NULL,
    "environment_key" text NOT NULL,
    "name" text,
    "is_on" boolean NOT NULL,
    "version" bigint NOT NULL,
    "is_available" boolean,
    "is_potentially_stale" boolean,
    "last_sync_at" timestamp with time zone,
    "last_error_at" timestamp with time zone,
    "error_count" bigint,
    PRIMARY KEY ("big_segment_store_id")
);
COMMENT ON TABLE "launchdarkly"."big_segment_stores" IS 'One row per persistent store of an environment''s big segments.';
COMMENT ON COLUMN "launchdarkly"."big_segment_stores"."big_segment_store_id" IS 'ID of the store.';
COMMENT ON COLUMN "launchdarkly"."big_segment_stores"."integration_key" IS 'Type of the store: `redis` or `dynamodb`.';
COMMENT ON COLUMN "launchdarkly"."big_segment_stores"."project_key" IS 'Key of the project, which may be one that was not extracted.';
COMMENT ON COLUMN "launchdarkly"."big_segment_stores"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."big_segment_stores"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."big_segment_stores"."is_on" IS 'Whether the store is on.';
COMMENT ON COLUMN "launchdarkly"."big_segment_stores"."version" IS 'Counts changes to it.';
COMMENT ON COLUMN "launchdarkly"."big_segment_stores"."is_available" IS 'Whether the store is fully synchronized and was so within the last minutes.';
COMMENT ON COLUMN "launchdarkly"."big_segment_stores"."is_potentially_stale" IS 'Whether it may lag behind the environment.';
COMMENT ON COLUMN "launchdarkly"."big_segment_stores"."last_sync_at" IS 'When it was last synchronized; NULL for never.';
COMMENT ON COLUMN "launchdarkly"."big_segment_stores"."last_error_at" IS 'When an error last occurred; NULL for never.';
COMMENT ON COLUMN "launchdarkly"."big_segment_stores"."error_count" IS 'Number of recent errors.';

CREATE TABLE "launchdarkly"."big_segment_store_tags" (
    "big_segment_store_id" text COLLATE "C" NOT NULL,
    "tag" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("big_segment_store_id", "tag")
);
COMMENT ON TABLE "launchdarkly"."big_segment_store_tags" IS 'One row per tag on each store of big segments.';
COMMENT ON COLUMN "launchdarkly"."big_segment_store_tags"."big_segment_store_id" IS 'ID of the store.';
COMMENT ON COLUMN "launchdarkly"."big_segment_store_tags"."tag" IS 'The tag.';

CREATE TABLE "launchdarkly"."extractions" (
    "extraction_id" text COLLATE "C" NOT NULL,
    "started_at" timestamp with time zone NOT NULL,
    "finished_at" timestamp with time zone NOT NULL,
    "tool_version" text NOT NULL,
    "schema_version" bigint NOT NULL,
    "api_version" text NOT NULL,
    "base_url" text NOT NULL,
    "account_id" text,
    "token_name" text,
    "personal_data" text NOT NULL,
    "only_selected_projects" boolean NOT NULL,
    "is_latest" boolean NOT NULL,
    "same_as" text,
    "requests" bigint NOT NULL,
    "retries" bigint NOT NULL,
    "rate_limited_ms" bigint NOT NULL,
    PRIMARY KEY ("extraction_id")
);
COMMENT ON TABLE "launchdarkly"."extractions" IS 'One row per published run of flaglake.';
COMMENT ON COLUMN "launchdarkly"."extractions"."extraction_id" IS 'When the run started, as x20261120T020000Z.';
COMMENT ON COLUMN "launchdarkly"."extractions"."started_at" IS 'When the run started: the data is not older.';
COMMENT ON COLUMN "launchdarkly"."extractions"."finished_at" IS 'When it was published: the data is not newer.';
COMMENT ON COLUMN "launchdarkly"."extractions"."tool_version" IS 'Version of flaglake.';
COMMENT ON COLUMN "launchdarkly"."extractions"."schema_version" IS 'Version of these tables.';
COMMENT ON COLUMN "launchdarkly"."extractions"."api_version" IS 'API version that was asked for.';
COMMENT ON COLUMN "launchdarkly"."extractions"."base_url" IS 'Where the account is.';
COMMENT ON COLUMN "launchdarkly"."extractions"."account_id" IS 'ID of the account.';
COMMENT ON COLUMN "launchdarkly"."extractions"."token_name" IS 'Name of the token.';
COMMENT ON COLUMN "launchdarkly"."extractions"."personal_data" IS 'Names and addresses: `keep`, `hash` or `drop`.';
COMMENT ON COLUMN "launchdarkly"."extractions"."only_selected_projects" IS 'Whether the run read only the projects that were named, not all of the account''s.';
COMMENT ON COLUMN "launchdarkly"."extractions"."is_latest" IS 'Whether it is the newest that was published, whatever the clock said; in Parquet true in each extraction, as it was then: join `latest_extraction`.';
COMMENT ON COLUMN "launchdarkly"."extractions"."same_as" IS 'ID of the earlier extraction that holds the rows, if the run found nothing changed (`--skip-unchanged`); NULL if this one holds them.';
COMMENT ON COLUMN "launchdarkly"."extractions"."requests" IS 'Requests sent, retries included.';
COMMENT ON COLUMN "launchdarkly"."extractions"."retries" IS 'Requests sent again after a failure.';
COMMENT ON COLUMN "launchdarkly"."extractions"."rate_limited_ms" IS 'Time spent waiting because told to.';

CREATE TABLE "launchdarkly"."extraction_resources" (
    "extraction_id" text COLLATE "C" NOT NULL,
    "resource" text COLLATE "C" NOT NULL,
    "scope" text COLLATE "C" NOT NULL,
    "outcome" text NOT NULL,
    "requests" bigint NOT NULL,
    "rows" bigint NOT NULL,
    "distinct_rows" bigint NOT NULL,
    "reported_total" bigint,
    "passes" bigint NOT NULL,
    "http_status" bigint,
    "is_stale" boolean NOT NULL,
    "rows_read_at" timestamp with time zone,
    "detail" text,
    PRIMARY KEY ("extraction_id", "resource", "scope")
);
COMMENT ON TABLE "launchdarkly"."extraction_resources" IS 'One row per resource and scope of each published run.';
COMMENT ON COLUMN "launchdarkly"."extraction_resources"."extraction_id" IS 'The run.';
COMMENT ON COLUMN "launchdarkly"."extraction_resources"."resource" IS 'Name of the resource.';
COMMENT ON COLUMN "launchdarkly"."extraction_resources"."scope" IS 'Empty for the account, else the project''s key, or project/environment.';
COMMENT ON COLUMN "launchdarkly"."extraction_resources"."outcome" IS '`complete`, `not_available`, `invalid_permissions` or `skipped`.';
COMMENT ON COLUMN "launchdarkly"."extraction_resources"."requests" IS 'Requests sent, retries included.';
COMMENT ON COLUMN "launchdarkly"."extraction_resources"."rows" IS 'Items received, over all passes.';
COMMENT ON COLUMN "launchdarkly"."extraction_resources"."distinct_rows" IS 'Distinct items published.';
COMMENT ON COLUMN "launchdarkly"."extraction_resources"."reported_total" IS 'Items that the API said there are.';
COMMENT ON COLUMN "launchdarkly"."extraction_resources"."passes" IS 'Times the list was walked.';
COMMENT ON COLUMN "launchdarkly"."extraction_resources"."http_status" IS 'Status that refused the resource.';
COMMENT ON COLUMN "launchdarkly"."extraction_resources"."is_stale" IS 'Whether the tables hold rows of an earlier run in this scope, as this one has none.';
COMMENT ON COLUMN "launchdarkly"."extraction_resources"."rows_read_at" IS 'When the run started that read what the tables hold; NULL where they hold nothing.';
COMMENT ON COLUMN "launchdarkly"."extraction_resources"."detail" IS 'Anything out of the ordinary.';

CREATE TABLE "launchdarkly"."extraction_settings" (
    "extraction_id" text COLLATE "C" NOT NULL,
    "setting" text COLLATE "C" NOT NULL,
    "project_key" text COLLATE "C" NOT NULL,
    "position" bigint NOT NULL,
    "value" text NOT NULL,
    PRIMARY KEY ("extraction_id", "setting", "project_key", "position")
);
COMMENT ON TABLE "launchdarkly"."extraction_settings" IS 'One row per threshold and value of a setting that was in force in a published run.';
COMMENT ON COLUMN "launchdarkly"."extraction_settings"."extraction_id" IS 'The run.';
COMMENT ON COLUMN "launchdarkly"."extraction_settings"."setting" IS 'Name of the threshold or setting.';
COMMENT ON COLUMN "launchdarkly"."extraction_settings"."project_key" IS 'Key of the project; empty for all.';
COMMENT ON COLUMN "launchdarkly"."extraction_settings"."position" IS 'Position of the value, from 0.';
COMMENT ON COLUMN "launchdarkly"."extraction_settings"."value" IS 'The number, pattern or rule.';

CREATE TABLE "launchdarkly"."scorecard_thresholds" (
    "threshold" text COLLATE "C" NOT NULL,
    "value" double precision NOT NULL,
    "default_value" double precision NOT NULL,
    "unit" text NOT NULL,
    "description" text NOT NULL,
    PRIMARY KEY ("threshold"),
    CHECK (value BETWEEN 0 AND 100000)
);
COMMENT ON TABLE "launchdarkly"."scorecard_thresholds" IS 'One row per threshold of the views and scorecards; you may change `value`, and later runs keep it.';
COMMENT ON COLUMN "launchdarkly"."scorecard_thresholds"."threshold" IS 'Name of the threshold.';
COMMENT ON COLUMN "launchdarkly"."scorecard_thresholds"."value" IS 'The number in use; you may change it.';
COMMENT ON COLUMN "launchdarkly"."scorecard_thresholds"."default_value" IS 'The number that flaglake uses by default.';
COMMENT ON COLUMN "launchdarkly"."scorecard_thresholds"."unit" IS 'What the number counts: `days` or `percent`.';
COMMENT ON COLUMN "launchdarkly"."scorecard_thresholds"."description" IS 'The meaning of the number.';

CREATE TABLE "launchdarkly"."scorecard_settings" (
    "setting" text COLLATE "C" NOT NULL,
    "project_key" text COLLATE "C" NOT NULL,
    "position" bigint NOT NULL,
    "value" text NOT NULL,
    PRIMARY KEY ("setting", "project_key", "position"),
    CHECK (value <> '' AND (setting <> 'team_rule' OR project_key = '' AND position = 0 AND value IN ('smallest_team', 'most_flags', 'maintainer_only')))
);
COMMENT ON TABLE "launchdarkly"."scorecard_settings" IS 'One row per value of a setting of the views and scorecards: `critical_environments` (patterns of the keys of critical environments), `exempt_tags` (patterns of the tags of flags that are not judged), `team_rule` (`smallest_team`, `most_flags` or `maintainer_only`, see `flag_facts`), or a threshold of a single project. You may change the rows, and later runs without a configuration file keep them.';
COMMENT ON COLUMN "launchdarkly"."scorecard_settings"."setting" IS 'Name of the setting, or of a threshold.';
COMMENT ON COLUMN "launchdarkly"."scorecard_settings"."project_key" IS 'Key of the project that it applies to; empty for all projects. A project''s own patterns of critical environments replace those of all projects.';
COMMENT ON COLUMN "launchdarkly"."scorecard_settings"."position" IS 'Position of the value among those of the setting, from 0.';
COMMENT ON COLUMN "launchdarkly"."scorecard_settings"."value" IS 'The value: a pattern in which `*` stands for any text and `?` for one character, a rule, or a number.';

CREATE TABLE "launchdarkly"."environments_history" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "environment_id" text,
    "name" text,
    "color" text,
    "critical" boolean NOT NULL,
    "default_ttl_minutes" bigint,
    "secure_mode" boolean,
    "default_track_events" boolean,
    "require_comments" boolean NOT NULL,
    "confirm_changes" boolean NOT NULL,
    "approval_required" boolean,
    "approval_min_count" bigint,
    "approval_can_review_own_request" boolean,
    "approval_can_apply_declined_changes" boolean,
    "approval_service_kind" text,
    "approval_service_configuration_id" text,
    "approval_auto_apply_approved_changes" boolean,
    "approval_bypass_for_pending_changes" boolean,
    "valid_from" timestamp with time zone NOT NULL,
    "valid_to" timestamp with time zone,
    "extraction_id" text NOT NULL,
    PRIMARY KEY ("project_key", "environment_key", "valid_from")
);
COMMENT ON TABLE "launchdarkly"."environments_history" IS 'Versions of each row of `environments`, each with the period in which it was valid.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."environment_id" IS 'ID of the environment; SDKs use it as their client-side ID, which is not a secret.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."color" IS 'Its colour in LaunchDarkly''s user interface, hexadecimal.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."critical" IS 'Whether the environment is critical; lifecycle stages depend on critical ones.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."default_ttl_minutes" IS 'How long the PHP SDK may cache flag rules, in minutes.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."secure_mode" IS 'Whether end users are prevented from inspecting each other''s variations.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."default_track_events" IS 'Whether new flags send detailed events by default.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."require_comments" IS 'Whether changes to flags and segments need a comment.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."confirm_changes" IS 'Whether changes to flags and segments need a confirmation.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."approval_required" IS 'Whether changes need approval.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."approval_min_count" IS 'Number of approvals that a change needs.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."approval_can_review_own_request" IS 'Whether a member may approve a change of their own.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."approval_can_apply_declined_changes" IS 'Whether a change may be applied although a reviewer declined it.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."approval_service_kind" IS 'The service that manages approvals.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."approval_service_configuration_id" IS 'ID of the integration that manages approvals.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."approval_auto_apply_approved_changes" IS 'Whether approved changes are applied automatically.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."approval_bypass_for_pending_changes" IS 'Whether pending changes skip approvals.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."valid_from" IS 'Start of the run that first saw this version; later where a clock was wrong, because no version begins before an earlier one.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."valid_to" IS 'Start of the run that found it changed or deleted, as in `valid_from`; NULL while it is valid.';
COMMENT ON COLUMN "launchdarkly"."environments_history"."extraction_id" IS 'The run that first saw this version.';

CREATE TABLE "launchdarkly"."team_maintainers_history" (
    "team_key" text COLLATE "C" NOT NULL,
    "member_id" text COLLATE "C" NOT NULL,
    "email" text,
    "first_name" text,
    "last_name" text,
    "role" text,
    "valid_from" timestamp with time zone NOT NULL,
    "valid_to" timestamp with time zone,
    "extraction_id" text NOT NULL,
    PRIMARY KEY ("team_key", "member_id", "valid_from")
);
COMMENT ON TABLE "launchdarkly"."team_maintainers_history" IS 'Versions of each row of `team_maintainers`, each with the period in which it was valid.';
COMMENT ON COLUMN "launchdarkly"."team_maintainers_history"."team_key" IS 'Key of the team.';
COMMENT ON COLUMN "launchdarkly"."team_maintainers_history"."member_id" IS 'ID of the member.';
COMMENT ON COLUMN "launchdarkly"."team_maintainers_history"."email" IS 'The member''s email address.';
COMMENT ON COLUMN "launchdarkly"."team_maintainers_history"."first_name" IS 'The member''s first name.';
COMMENT ON COLUMN "launchdarkly"."team_maintainers_history"."last_name" IS 'The member''s last name.';
COMMENT ON COLUMN "launchdarkly"."team_maintainers_history"."role" IS 'The member''s base role.';
COMMENT ON COLUMN "launchdarkly"."team_maintainers_history"."valid_from" IS 'Start of the run that first saw this version; later where a clock was wrong, because no version begins before an earlier one.';
COMMENT ON COLUMN "launchdarkly"."team_maintainers_history"."valid_to" IS 'Start of the run that found it changed or deleted, as in `valid_from`; NULL while it is valid.';
COMMENT ON COLUMN "launchdarkly"."team_maintainers_history"."extraction_id" IS 'The run that first saw this version.';

CREATE TABLE "launchdarkly"."flags_history" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "name" text,
    "description" text,
    "kind" text,
    "purpose" text,
    "state" text NOT NULL,
    "temporary" boolean NOT NULL,
    "version" bigint NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "archived_at" timestamp with time zone,
    "deprecated_at" timestamp with time zone,
    "maintainer_id" text,
    "maintainer_email" text,
    "maintainer_team_key" text,
    "default_on_variation" bigint,
    "default_off_variation" bigint,
    "using_environment_id" boolean,
    "using_mobile_key" boolean,
    "variation_count" bigint NOT NULL,
    "migration_context_kind" text,
    "migration_stage_count" bigint,
    "experiment_baseline_variation" bigint,
    "ld_ready_for_code_removal" boolean,
    "ld_ready_to_archive" boolean,
    "valid_from" timestamp with time zone NOT NULL,
    "valid_to" timestamp with time zone,
    "extraction_id" text NOT NULL,
    PRIMARY KEY ("project_key", "flag_key", "valid_from")
);
COMMENT ON TABLE "launchdarkly"."flags_history" IS 'Versions of each row of `flags`, each with the period in which it was valid.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."flag_key" IS 'Key of the flag, unique in its project.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."name" IS 'Its name.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."description" IS 'What it is for.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."kind" IS '`boolean` or `multivariate`.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."purpose" IS 'Purpose of the flag, such as `migration`.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."state" IS '`live`, `deprecated` or `archived`; deprecated flags are still evaluated.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."temporary" IS 'Whether the flag is temporary: meant to be removed later.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."version" IS 'Counts changes to the flag.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."created_at" IS 'When the flag was created.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."archived_at" IS 'When it was archived.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."deprecated_at" IS 'When it was deprecated.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."maintainer_id" IS 'ID of the member who maintains it.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."maintainer_email" IS 'Email address of the member who maintains it.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."maintainer_team_key" IS 'Key of the team that maintains it.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."default_on_variation" IS 'Index of the variation that new environments serve when on.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."default_off_variation" IS 'Index of the variation that new environments serve when off.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."using_environment_id" IS 'Whether SDKs that use the client-side ID may use it.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."using_mobile_key" IS 'Whether SDKs that use a mobile key may use it.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."variation_count" IS 'Number of variations.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."migration_context_kind" IS 'Context kind that a migration flag targets.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."migration_stage_count" IS 'Number of stages of a migration flag.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."experiment_baseline_variation" IS 'Index of the variation that legacy experiments compare with.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."ld_ready_for_code_removal" IS 'Whether LaunchDarkly reports it ready for code removal; NULL where it does not say.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."ld_ready_to_archive" IS 'Whether LaunchDarkly reports it ready to archive; NULL where it does not say.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."valid_from" IS 'Start of the run that first saw this version; later where a clock was wrong, because no version begins before an earlier one.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."valid_to" IS 'Start of the run that found it changed or deleted, as in `valid_from`; NULL while it is valid.';
COMMENT ON COLUMN "launchdarkly"."flags_history"."extraction_id" IS 'The run that first saw this version.';

CREATE TABLE "launchdarkly"."flag_environments_history" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "is_on" boolean NOT NULL,
    "version" bigint NOT NULL,
    "last_modified_at" timestamp with time zone,
    "fallthrough_variation" bigint,
    "off_variation" bigint,
    "rule_count" bigint NOT NULL,
    "target_count" bigint NOT NULL,
    "context_target_count" bigint NOT NULL,
    "prerequisite_count" bigint NOT NULL,
    "track_events" boolean,
    "track_events_fallthrough" boolean,
    "debug_events_until_at" timestamp with time zone,
    "migration_check_ratio" bigint,
    "evaluated_context_kinds" text,
    "targeting_variations" text,
    "valid_from" timestamp with time zone NOT NULL,
    "valid_to" timestamp with time zone,
    "extraction_id" text NOT NULL,
    PRIMARY KEY ("project_key", "flag_key", "environment_key", "valid_from")
);
COMMENT ON TABLE "launchdarkly"."flag_environments_history" IS 'Versions of each row of `flag_environments`, each with the period in which it was valid.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."is_on" IS 'Whether targeting is on.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."version" IS 'Counts changes to the flag in this environment.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."last_modified_at" IS 'When the flag last changed in this environment.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."fallthrough_variation" IS 'Index of the variation that the default rule serves; NULL for a rollout.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."off_variation" IS 'Index of the variation served when off; NULL where the fallback in code is served.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."rule_count" IS 'Number of rules.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."target_count" IS 'Number of individually targeted users.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."context_target_count" IS 'Number of individually targeted contexts of other kinds.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."prerequisite_count" IS 'Number of prerequisites.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."track_events" IS 'Whether detailed events are sent for all rules.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."track_events_fallthrough" IS 'Whether detailed events are sent for the default rule.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."debug_events_until_at" IS 'End of the period in which debug events are sent.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."migration_check_ratio" IS 'For a migration flag: one in this number of reads is checked for consistency.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."evaluated_context_kinds" IS 'Context kinds it was evaluated for in the past 30 days, as a JSON array.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."targeting_variations" IS 'Indexes of the variations that targeting can serve while all prerequisites are met, sorted, as a JSON array (see `served_variations`); NULL where that is unknown.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."valid_from" IS 'Start of the run that first saw this version; later where a clock was wrong, because no version begins before an earlier one.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."valid_to" IS 'Start of the run that found it changed or deleted, as in `valid_from`; NULL while it is valid.';
COMMENT ON COLUMN "launchdarkly"."flag_environments_history"."extraction_id" IS 'The run that first saw this version.';

CREATE TABLE "launchdarkly"."flag_statuses_history" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "status" text NOT NULL,
    "last_requested_at" timestamp with time zone,
    "default_value" text,
    "status_since" timestamp with time zone,
    "valid_from" timestamp with time zone NOT NULL,
    "valid_to" timestamp with time zone,
    "extraction_id" text NOT NULL,
    PRIMARY KEY ("project_key", "flag_key", "environment_key", "valid_from")
);
COMMENT ON TABLE "launchdarkly"."flag_statuses_history" IS 'Versions of each row of `flag_statuses`, each with the period in which it was valid.';
COMMENT ON COLUMN "launchdarkly"."flag_statuses_history"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_statuses_history"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_statuses_history"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."flag_statuses_history"."status" IS '`new`, `active`, `launched` or `inactive`, as LaunchDarkly judges the last 7 days.';
COMMENT ON COLUMN "launchdarkly"."flag_statuses_history"."last_requested_at" IS 'When an SDK last requested the flag; NULL for never.';
COMMENT ON COLUMN "launchdarkly"."flag_statuses_history"."default_value" IS 'The fallback value that LaunchDarkly has seen in code, as JSON.';
COMMENT ON COLUMN "launchdarkly"."flag_statuses_history"."status_since" IS 'Start of the first run that saw this status; never after that of the newest run.';
COMMENT ON COLUMN "launchdarkly"."flag_statuses_history"."valid_from" IS 'Start of the run that first saw this version; later where a clock was wrong, because no version begins before an earlier one.';
COMMENT ON COLUMN "launchdarkly"."flag_statuses_history"."valid_to" IS 'Start of the run that found it changed or deleted, as in `valid_from`; NULL while it is valid.';
COMMENT ON COLUMN "launchdarkly"."flag_statuses_history"."extraction_id" IS 'The run that first saw this version.';

CREATE TABLE "launchdarkly"."code_references_history" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "repository" text COLLATE "C" NOT NULL,
    "branch" text COLLATE "C" NOT NULL,
    "file_count" bigint,
    "hunk_count" bigint NOT NULL,
    "last_commit_at" timestamp with time zone,
    "type" text,
    "source_link" text,
    "enabled" boolean,
    "repository_version" bigint,
    "valid_from" timestamp with time zone NOT NULL,
    "valid_to" timestamp with time zone,
    "extraction_id" text NOT NULL,
    PRIMARY KEY ("project_key", "flag_key", "repository", "branch", "valid_from")
);
COMMENT ON TABLE "launchdarkly"."code_references_history" IS 'Versions of each row of `code_references`, each with the period in which it was valid.';
COMMENT ON COLUMN "launchdarkly"."code_references_history"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."code_references_history"."flag_key" IS 'Key of the flag, which may have been archived or deleted.';
COMMENT ON COLUMN "launchdarkly"."code_references_history"."repository" IS 'Name of the repository.';
COMMENT ON COLUMN "launchdarkly"."code_references_history"."branch" IS 'Default branch of the repository.';
COMMENT ON COLUMN "launchdarkly"."code_references_history"."file_count" IS 'Number of files that mention the flag.';
COMMENT ON COLUMN "launchdarkly"."code_references_history"."hunk_count" IS 'Number of places that mention the flag.';
COMMENT ON COLUMN "launchdarkly"."code_references_history"."last_commit_at" IS 'Time of the latest commit, where LaunchDarkly knows it.';
COMMENT ON COLUMN "launchdarkly"."code_references_history"."type" IS 'Host of the repository, such as `github`.';
COMMENT ON COLUMN "launchdarkly"."code_references_history"."source_link" IS 'URL of the repository, without user info, query and fragment.';
COMMENT ON COLUMN "launchdarkly"."code_references_history"."enabled" IS 'Whether the repository is searched for flag keys.';
COMMENT ON COLUMN "launchdarkly"."code_references_history"."repository_version" IS 'Version of LaunchDarkly''s record of the repository.';
COMMENT ON COLUMN "launchdarkly"."code_references_history"."valid_from" IS 'Start of the run that first saw this version; later where a clock was wrong, because no version begins before an earlier one.';
COMMENT ON COLUMN "launchdarkly"."code_references_history"."valid_to" IS 'Start of the run that found it changed or deleted, as in `valid_from`; NULL while it is valid.';
COMMENT ON COLUMN "launchdarkly"."code_references_history"."extraction_id" IS 'The run that first saw this version.';

CREATE TABLE "launchdarkly"."project_daily" (
    "project_key" text COLLATE "C" NOT NULL,
    "day" text COLLATE "C" NOT NULL,
    "extraction_id" text NOT NULL,
    "live" bigint NOT NULL,
    "deprecated" bigint NOT NULL,
    "temporary" bigint NOT NULL,
    "permanent" bigint NOT NULL,
    "archived" bigint NOT NULL,
    "stale" bigint,
    "stale_in_critical" bigint,
    "ready_to_archive" bigint,
    "ready_for_code_removal" bigint,
    "unowned" bigint,
    "created" bigint NOT NULL,
    "archived_that_day" bigint NOT NULL,
    "stale_in_critical_min" bigint,
    "stale_in_critical_max" bigint,
    "ready_to_archive_min" bigint,
    "ready_to_archive_max" bigint,
    "ready_for_code_removal_min" bigint,
    "ready_for_code_removal_max" bigint,
    "unowned_min" bigint,
    "unowned_max" bigint,
    PRIMARY KEY ("project_key", "day")
);
COMMENT ON TABLE "launchdarkly"."project_daily" IS 'One row per project and day (UTC) on which there was a run, or a flag was created or archived; of several runs, the last one counts.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."day" IS 'The day, as 2026-11-20; a run belongs to the day on which it started.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."extraction_id" IS 'The run; on a day without a run, the previous one, whose counts of flags are repeated, while the figures that can be NULL are NULL.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."live" IS 'Flags that are live.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."deprecated" IS 'Flags that are deprecated.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."temporary" IS 'Temporary flags that are not archived.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."permanent" IS 'Permanent flags that are not archived.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."archived" IS 'Flags that are archived.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."stale" IS 'Flags that are stale in some environment; NULL where that is not known of every flag.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."stale_in_critical" IS 'Flags that are stale in some critical environment; NULL where that is not known of every flag, or no environment is critical.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."ready_to_archive" IS 'Live flags at LaunchDarkly''s stage "ready to archive".';
COMMENT ON COLUMN "launchdarkly"."project_daily"."ready_for_code_removal" IS 'Live flags at LaunchDarkly''s stage "ready for code removal".';
COMMENT ON COLUMN "launchdarkly"."project_daily"."unowned" IS 'Flags, not archived, without a maintainer who is still in the account; NULL where that is not known of every flag.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."created" IS 'Flags created on the day, deleted ones included, as far as a run has seen them; the next run completes it. The sum is that of all flags created since the project''s first day here.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."archived_that_day" IS 'Times that a flag was archived on the day, as far as a run has seen it; the next run completes it.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."stale_in_critical_min" IS 'Flags that are known to be stale in a critical environment; like the columns below, NULL on a day without a run.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."stale_in_critical_max" IS 'Those, and the flags of which that is unknown.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."ready_to_archive_min" IS 'Flags that are known to be ready to archive.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."ready_to_archive_max" IS 'Those, and the flags of which that is unknown.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."ready_for_code_removal_min" IS 'Flags that are known to be ready for code removal.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."ready_for_code_removal_max" IS 'Those, and the flags of which that is unknown.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."unowned_min" IS 'Flags that are known to have no maintainer who is still in the account.';
COMMENT ON COLUMN "launchdarkly"."project_daily"."unowned_max" IS 'Those, and the flags of which that is unknown.';

CREATE TABLE "launchdarkly"."owner_daily" (
    "owner" text COLLATE "C" NOT NULL,
    "day" text COLLATE "C" NOT NULL,
    "extraction_id" text NOT NULL,
    "live" bigint NOT NULL,
    "deprecated" bigint NOT NULL,
    "temporary" bigint NOT NULL,
    "permanent" bigint NOT NULL,
    "stale_in_critical_min" bigint NOT NULL,
    "stale_in_critical_max" bigint NOT NULL,
    "ready_to_archive_min" bigint NOT NULL,
    "ready_to_archive_max" bigint NOT NULL,
    "ready_for_code_removal_min" bigint NOT NULL,
    "ready_for_code_removal_max" bigint NOT NULL,
    "unowned_min" bigint NOT NULL,
    "unowned_max" bigint NOT NULL,
    "over_age" bigint NOT NULL,
    "tidy" bigint NOT NULL,
    PRIMARY KEY ("owner", "day")
);
COMMENT ON TABLE "launchdarkly"."owner_daily" IS 'One row per member who maintains flags, and day (UTC) on which there was a run; of several runs, the last one counts.';
COMMENT ON COLUMN "launchdarkly"."owner_daily"."owner" IS 'ID of the member; `(none)` for flags that nobody maintains.';
COMMENT ON COLUMN "launchdarkly"."owner_daily"."day" IS 'The day, as 2026-11-20, on which the run started.';
COMMENT ON COLUMN "launchdarkly"."owner_daily"."extraction_id" IS 'The run.';
COMMENT ON COLUMN "launchdarkly"."owner_daily"."live" IS 'Flags that are live.';
COMMENT ON COLUMN "launchdarkly"."owner_daily"."deprecated" IS 'Flags that are deprecated.';
COMMENT ON COLUMN "launchdarkly"."owner_daily"."temporary" IS 'Temporary flags that are not archived.';
COMMENT ON COLUMN "launchdarkly"."owner_daily"."permanent" IS 'Permanent flags that are not archived.';
COMMENT ON COLUMN "launchdarkly"."owner_daily"."stale_in_critical_min" IS 'Flags that are known to be stale in a critical environment.';
COMMENT ON COLUMN "launchdarkly"."owner_daily"."stale_in_critical_max" IS 'Those, and the flags of which that is unknown.';
COMMENT ON COLUMN "launchdarkly"."owner_daily"."ready_to_archive_min" IS 'Flags that are known to be ready to archive.';
COMMENT ON COLUMN "launchdarkly"."owner_daily"."ready_to_archive_max" IS 'Those, and the flags of which that is unknown.';
COMMENT ON COLUMN "launchdarkly"."owner_daily"."ready_for_code_removal_min" IS 'Flags that are known to be ready for code removal.';
COMMENT ON COLUMN "launchdarkly"."owner_daily"."ready_for_code_removal_max" IS 'Those, and the flags of which that is unknown.';
COMMENT ON COLUMN "launchdarkly"."owner_daily"."unowned_min" IS 'Flags that are known to have no maintainer who is still in the account.';
COMMENT ON COLUMN "launchdarkly"."owner_daily"."unowned_max" IS 'Those, and the flags of which that is unknown.';
COMMENT ON COLUMN "launchdarkly"."owner_daily"."over_age" IS 'Temporary flags older than `flag_lifetime`.';
COMMENT ON COLUMN "launchdarkly"."owner_daily"."tidy" IS 'Flags with a description and a tag.';

CREATE TABLE "launchdarkly"."team_daily" (
    "team_key" text COLLATE "C" NOT NULL,
    "day" text COLLATE "C" NOT NULL,
    "extraction_id" text NOT NULL,
    "live" bigint NOT NULL,
    "deprecated" bigint NOT NULL,
    "temporary" bigint NOT NULL,
    "permanent" bigint NOT NULL,
    "stale_in_critical_min" bigint NOT NULL,
    "stale_in_critical_max" bigint NOT NULL,
    "ready_to_archive_min" bigint NOT NULL,
    "ready_to_archive_max" bigint NOT NULL,
    "ready_for_code_removal_min" bigint NOT NULL,
    "ready_for_code_removal_max" bigint NOT NULL,
    "unowned_min" bigint NOT NULL,
    "unowned_max" bigint NOT NULL,
    "over_age" bigint NOT NULL,
    "tidy" bigint NOT NULL,
    PRIMARY KEY ("team_key", "day")
);
COMMENT ON TABLE "launchdarkly"."team_daily" IS 'One row per team that has flags (see `flag_facts`), and day (UTC) on which there was a run; of several runs, the last one counts.';
COMMENT ON COLUMN "launchdarkly"."team_daily"."team_key" IS 'Key of the team; `(none)` for flags without a team.';
COMMENT ON COLUMN "launchdarkly"."team_daily"."day" IS 'The day, as 2026-11-20, on which the run started.';
COMMENT ON COLUMN "launchdarkly"."team_daily"."extraction_id" IS 'The run.';
COMMENT ON COLUMN "launchdarkly"."team_daily"."live" IS 'Flags that are live.';
COMMENT ON COLUMN "launchdarkly"."team_daily"."deprecated" IS 'Flags that are deprecated.';
COMMENT ON COLUMN "launchdarkly"."team_daily"."temporary" IS 'Temporary flags that are not archived.';
COMMENT ON COLUMN "launchdarkly"."team_daily"."permanent" IS 'Permanent flags that are not archived.';
COMMENT ON COLUMN "launchdarkly"."team_daily"."stale_in_critical_min" IS 'Flags that are known to be stale in a critical environment.';
COMMENT ON COLUMN "launchdarkly"."team_daily"."stale_in_critical_max" IS 'Those, and the flags of which that is unknown.';
COMMENT ON COLUMN "launchdarkly"."team_daily"."ready_to_archive_min" IS 'Flags that are known to be ready to archive.';
COMMENT ON COLUMN "launchdarkly"."team_daily"."ready_to_archive_max" IS 'Those, and the flags of which that is unknown.';
COMMENT ON COLUMN "launchdarkly"."team_daily"."ready_for_code_removal_min" IS 'Flags that are known to be ready for code removal.';
COMMENT ON COLUMN "launchdarkly"."team_daily"."ready_for_code_removal_max" IS 'Those, and the flags of which that is unknown.';
COMMENT ON COLUMN "launchdarkly"."team_daily"."unowned_min" IS 'Flags that are known to have no maintainer who is still in the account.';
COMMENT ON COLUMN "launchdarkly"."team_daily"."unowned_max" IS 'Those, and the flags of which that is unknown.';
COMMENT ON COLUMN "launchdarkly"."team_daily"."over_age" IS 'Temporary flags older than `flag_lifetime`.';
COMMENT ON COLUMN "launchdarkly"."team_daily"."tidy" IS 'Flags with a description and a tag.';

CREATE TABLE "launchdarkly"."tag_daily" (
    "tag" text COLLATE "C" NOT NULL,
    "day" text COLLATE "C" NOT NULL,
    "extraction_id" text NOT NULL,
    "live" bigint NOT NULL,
    "deprecated" bigint NOT NULL,
    "temporary" bigint NOT NULL,
    "permanent" bigint NOT NULL,
    "stale_in_critical_min" bigint NOT NULL,
    "stale_in_critical_max" bigint NOT NULL,
    "ready_to_archive_min" bigint NOT NULL,
    "ready_to_archive_max" bigint NOT NULL,
    "ready_for_code_removal_min" bigint NOT NULL,
    "ready_for_code_removal_max" bigint NOT NULL,
    "unowned_min" bigint NOT NULL,
    "unowned_max" bigint NOT NULL,
    "over_age" bigint NOT NULL,
    "tidy" bigint NOT NULL,
    PRIMARY KEY ("tag", "day")
);
COMMENT ON TABLE "launchdarkly"."tag_daily" IS 'One row per tag on flags, and day (UTC) on which there was a run; of several runs, the last one counts.';
COMMENT ON COLUMN "launchdarkly"."tag_daily"."tag" IS 'The tag; `(none)` for flags without a tag.';
COMMENT ON COLUMN "launchdarkly"."tag_daily"."day" IS 'The day, as 2026-11-20, on which the run started.';
COMMENT ON COLUMN "launchdarkly"."tag_daily"."extraction_id" IS 'The run.';
COMMENT ON COLUMN "launchdarkly"."tag_daily"."live" IS 'Flags that are live.';
COMMENT ON COLUMN "launchdarkly"."tag_daily"."deprecated" IS 'Flags that are deprecated.';
COMMENT ON COLUMN "launchdarkly"."tag_daily"."temporary" IS 'Temporary flags that are not archived.';
COMMENT ON COLUMN "launchdarkly"."tag_daily"."permanent" IS 'Permanent flags that are not archived.';
COMMENT ON COLUMN "launchdarkly"."tag_daily"."stale_in_critical_min" IS 'Flags that are known to be stale in a critical environment.';
COMMENT ON COLUMN "launchdarkly"."tag_daily"."stale_in_critical_max" IS 'Those, and the flags of which that is unknown.';
COMMENT ON COLUMN "launchdarkly"."tag_daily"."ready_to_archive_min" IS 'Flags that are known to be ready to archive.';
COMMENT ON COLUMN "launchdarkly"."tag_daily"."ready_to_archive_max" IS 'Those, and the flags of which that is unknown.';
COMMENT ON COLUMN "launchdarkly"."tag_daily"."ready_for_code_removal_min" IS 'Flags that are known to be ready for code removal.';
COMMENT ON COLUMN "launchdarkly"."tag_daily"."ready_for_code_removal_max" IS 'Those, and the flags of which that is unknown.';
COMMENT ON COLUMN "launchdarkly"."tag_daily"."unowned_min" IS 'Flags that are known to have no maintainer who is still in the account.';
COMMENT ON COLUMN "launchdarkly"."tag_daily"."unowned_max" IS 'Those, and the flags of which that is unknown.';
COMMENT ON COLUMN "launchdarkly"."tag_daily"."over_age" IS 'Temporary flags older than `flag_lifetime`.';
COMMENT ON COLUMN "launchdarkly"."tag_daily"."tidy" IS 'Flags with a description and a tag.';

CREATE TABLE "launchdarkly"."latest_extraction" (
    "extraction_id" text COLLATE "C" NOT NULL,
    "started_at" timestamp with time zone NOT NULL,
    "finished_at" timestamp with time zone NOT NULL,
    "account_id" text,
    "base_url" text NOT NULL,
    PRIMARY KEY ("extraction_id")
);
COMMENT ON TABLE "launchdarkly"."latest_extraction" IS 'Which run do the tables hold, and which time is "now"?';
COMMENT ON COLUMN "launchdarkly"."latest_extraction"."extraction_id" IS 'ID of the extraction.';
COMMENT ON COLUMN "launchdarkly"."latest_extraction"."started_at" IS 'When it started, which is what "now" means in every view.';
COMMENT ON COLUMN "launchdarkly"."latest_extraction"."finished_at" IS 'When it finished reading.';
COMMENT ON COLUMN "launchdarkly"."latest_extraction"."account_id" IS 'ID of the account, where LaunchDarkly tells it.';
COMMENT ON COLUMN "launchdarkly"."latest_extraction"."base_url" IS 'The address that was read from.';

CREATE TABLE "launchdarkly"."resource_coverage" (
    "resource" text COLLATE "C" NOT NULL,
    "scope" text COLLATE "C" NOT NULL,
    "outcome" text NOT NULL,
    "is_complete" boolean NOT NULL,
    "rows_read_at" timestamp with time zone,
    "detail" text,
    PRIMARY KEY ("resource", "scope")
);
COMMENT ON TABLE "launchdarkly"."resource_coverage" IS 'What did the newest run read, and what did it not read?';
COMMENT ON COLUMN "launchdarkly"."resource_coverage"."resource" IS 'Name of the resource.';
COMMENT ON COLUMN "launchdarkly"."resource_coverage"."scope" IS 'Empty for the account; a project''s key; a project''s and an environment''s key, with a slash between.';
COMMENT ON COLUMN "launchdarkly"."resource_coverage"."outcome" IS '`complete`, `not_available`, `invalid_permissions` or `skipped`.';
COMMENT ON COLUMN "launchdarkly"."resource_coverage"."is_complete" IS 'Whether everything in the scope was read.';
COMMENT ON COLUMN "launchdarkly"."resource_coverage"."rows_read_at" IS 'When the rows that the tables hold were read; NULL where they hold none.';
COMMENT ON COLUMN "launchdarkly"."resource_coverage"."detail" IS 'Remarks about reading it.';

CREATE TABLE "launchdarkly"."critical_environments" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "is_marked" boolean NOT NULL,
    PRIMARY KEY ("project_key", "environment_key")
);
COMMENT ON TABLE "launchdarkly"."critical_environments" IS 'Which environments are critical?';
COMMENT ON COLUMN "launchdarkly"."critical_environments"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."critical_environments"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."critical_environments"."is_marked" IS 'Whether LaunchDarkly marks it as critical.';

CREATE TABLE "launchdarkly"."exempt_flags" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "tag" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("project_key", "flag_key", "tag")
);
COMMENT ON TABLE "launchdarkly"."exempt_flags" IS 'Which flags are not judged?';
COMMENT ON COLUMN "launchdarkly"."exempt_flags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."exempt_flags"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."exempt_flags"."tag" IS 'The tag that matches.';

CREATE TABLE "launchdarkly"."project_thresholds" (
    "project_key" text COLLATE "C" NOT NULL,
    "threshold" text COLLATE "C" NOT NULL,
    "value" double precision NOT NULL,
    "is_own" boolean NOT NULL,
    PRIMARY KEY ("project_key", "threshold")
);
COMMENT ON TABLE "launchdarkly"."project_thresholds" IS 'Which thresholds apply to each project?';
COMMENT ON COLUMN "launchdarkly"."project_thresholds"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."project_thresholds"."threshold" IS 'Name of the threshold.';
COMMENT ON COLUMN "launchdarkly"."project_thresholds"."value" IS 'The number in use.';
COMMENT ON COLUMN "launchdarkly"."project_thresholds"."is_own" IS 'Whether the project has a value of its own.';

CREATE TABLE "launchdarkly"."flag_facts" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "state" text NOT NULL,
    "temporary" boolean NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "is_exempt" boolean NOT NULL,
    "is_read" boolean NOT NULL,
    "maintainer_id" text,
    "maintainer_email" text,
    "maintainer_team_key" text,
    "team_key" text,
    "is_team_known" boolean NOT NULL,
    "has_owner" boolean,
    "has_description" boolean NOT NULL,
    "has_tags" boolean NOT NULL,
    "environments" bigint NOT NULL,
    "critical_environments" bigint NOT NULL,
    "known_statuses" bigint NOT NULL,
    "known_critical_statuses" bigint NOT NULL,
    "launched" boolean,
    "inactive" boolean,
    "active" boolean,
    "critical_quiet_since" timestamp with time zone,
    "is_requested" boolean NOT NULL,
    "last_requested_at" timestamp with time zone,
    "is_requested_where_it_blocks" boolean NOT NULL,
    "last_blocking_request_at" timestamp with time zone,
    "lacks_fallback" boolean NOT NULL,
    "has_code_references" boolean,
    "is_prerequisite" boolean NOT NULL,
    "is_critical_prerequisite" boolean NOT NULL,
    "ld_stage" text,
    PRIMARY KEY ("project_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."flag_facts" IS 'What is known of each flag, before any threshold is applied?';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."state" IS '`live` or `deprecated`.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."temporary" IS 'Whether the flag is temporary: meant to be removed later.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."created_at" IS 'When the flag was created.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."is_exempt" IS 'Whether it is in `exempt_flags`.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."is_read" IS 'Whether the newest run has read all flags and environments of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."maintainer_id" IS 'ID of the member who maintains it.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."maintainer_email" IS 'Email address of the member who maintains it.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."maintainer_team_key" IS 'Key of the team that maintains it.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."team_key" IS 'Key of its team; NULL if it has none, or that is unknown.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."is_team_known" IS 'Whether its team is known, or that it has none.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."has_owner" IS 'Whether a member or team that maintains it is still in the account.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."has_description" IS 'Whether it has a description.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."has_tags" IS 'Whether it has a tag.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."environments" IS 'Environments of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."critical_environments" IS 'Critical environments of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."known_statuses" IS 'Environments in which its status is known.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."known_critical_statuses" IS 'Critical environments in which its status is known.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."launched" IS 'Whether it is launched in all critical environments.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."inactive" IS 'Whether it is inactive in all critical environments.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."active" IS 'Whether it is new or active in any critical environment.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."critical_quiet_since" IS 'Of a temporary flag, the earliest `quiet_since` in a critical environment (see `stale_flags`); NULL if it is inactive or launched in none.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."is_requested" IS 'Whether its status is active or launched anywhere.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."last_requested_at" IS 'When it was last requested anywhere.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."is_requested_where_it_blocks" IS 'Whether its status is active or launched in a critical environment, or in any of a project that has none.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."last_blocking_request_at" IS 'When it was last requested in such an environment, unless it is inactive there.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."lacks_fallback" IS 'Whether it was requested anywhere and LaunchDarkly tells no fallback in the code.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."has_code_references" IS 'Whether code on a default branch mentions it.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."is_prerequisite" IS 'Whether another flag depends on it in any environment.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."is_critical_prerequisite" IS 'Whether another flag depends on it in a critical environment.';
COMMENT ON COLUMN "launchdarkly"."flag_facts"."ld_stage" IS 'The stage that LaunchDarkly names for a live flag: `ready_for_code_removal`, `ready_to_archive`, or `live` where it says that neither applies; NULL where it does not say.';

CREATE TABLE "launchdarkly"."flag_judgements" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "state" text NOT NULL,
    "temporary" boolean NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "owner" text,
    "team_key" text,
    "is_team_known" boolean NOT NULL,
    "is_exempt" boolean NOT NULL,
    "is_read" boolean NOT NULL,
    "is_old" boolean NOT NULL,
    "critical_environments" bigint NOT NULL,
    "launched" boolean,
    "inactive" boolean,
    "active" boolean,
    "has_code_references" boolean,
    "is_prerequisite" boolean NOT NULL,
    "is_critical_prerequisite" boolean NOT NULL,
    "ready_for_code_removal" boolean,
    "ready_to_archive" boolean,
    "by_launchdarkly" boolean NOT NULL,
    "code_not_checked" boolean NOT NULL,
    "ld_stage" text,
    "is_stale" boolean,
    "is_over_age" boolean NOT NULL,
    "has_owner" boolean,
    "is_tidy" boolean NOT NULL,
    PRIMARY KEY ("project_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."flag_judgements" IS 'How is each flag judged: is it stale, ready for removal, too old, owned, described?';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."state" IS '`live` or `deprecated`.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."temporary" IS 'Whether the flag is temporary: meant to be removed later.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."created_at" IS 'When the flag was created.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."owner" IS 'ID of the member who maintains it, else the member''s email address; NULL if no member does.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."team_key" IS 'Key of its team (see `flag_facts`); NULL if it has none, or that is unknown.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."is_team_known" IS 'Whether its team is known, or that it has none.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."is_exempt" IS 'Whether it is in `exempt_flags`.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."is_read" IS 'Whether the newest run has read all flags and environments of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."is_old" IS 'Whether it is old enough for the stages `ready_for_code_removal` and `ready_to_archive`.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."critical_environments" IS 'Critical environments of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."launched" IS 'Whether it is launched in all critical environments.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."inactive" IS 'Whether it is inactive in all critical environments.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."active" IS 'Whether it is new or active in any critical environment.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."has_code_references" IS 'Whether code on a default branch mentions it.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."is_prerequisite" IS 'Whether another flag depends on it in any environment.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."is_critical_prerequisite" IS 'Whether another flag depends on it in a critical environment.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."ready_for_code_removal" IS 'Whether it is at LaunchDarkly''s stage "ready for code removal".';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."ready_to_archive" IS 'Whether it is at LaunchDarkly''s stage "ready to archive".';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."by_launchdarkly" IS 'Whether one of these two is LaunchDarkly''s own verdict.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."code_not_checked" IS 'Whether it meets all conditions of one of these two but those about code, which is unknown.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."ld_stage" IS 'The stage that LaunchDarkly names for a live flag; NULL where it does not say.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."is_stale" IS 'Whether it is stale in a critical environment (see `stale_flags`).';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."is_over_age" IS 'Whether it is temporary and older than `flag_lifetime`.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."has_owner" IS 'Whether a member or team that maintains it is still in the account.';
COMMENT ON COLUMN "launchdarkly"."flag_judgements"."is_tidy" IS 'Whether it has a description and a tag.';

CREATE TABLE "launchdarkly"."flag_subjects" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "subject_kind" text COLLATE "C" NOT NULL,
    "subject" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("project_key", "flag_key", "subject_kind", "subject")
);
COMMENT ON TABLE "launchdarkly"."flag_subjects" IS 'Which subjects does each flag count for?';
COMMENT ON COLUMN "launchdarkly"."flag_subjects"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_subjects"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_subjects"."subject_kind" IS '`project`, `team`, `owner`, `tag` or `repository`.';
COMMENT ON COLUMN "launchdarkly"."flag_subjects"."subject" IS 'Key of the project or team, ID (else email address) of the member, the tag, the name of the repository, or `(none)`.';

CREATE TABLE "launchdarkly"."flag_readiness" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "state" text NOT NULL,
    "temporary" boolean NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "is_old" boolean NOT NULL,
    "critical_environments" bigint NOT NULL,
    "launched" boolean,
    "inactive" boolean,
    "active" boolean,
    "has_code_references" boolean,
    "is_prerequisite" boolean NOT NULL,
    "is_critical_prerequisite" boolean NOT NULL,
    "ready_for_code_removal" boolean,
    "ready_to_archive" boolean,
    "is_exempt" boolean NOT NULL,
    "by_launchdarkly" boolean NOT NULL,
    "code_not_checked" boolean NOT NULL,
    PRIMARY KEY ("project_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."flag_readiness" IS 'Which conditions of LaunchDarkly''s lifecycle stages does each flag meet?';
COMMENT ON COLUMN "launchdarkly"."flag_readiness"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_readiness"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_readiness"."state" IS '`live` or `deprecated`.';
COMMENT ON COLUMN "launchdarkly"."flag_readiness"."temporary" IS 'Whether the flag is temporary: meant to be removed later.';
COMMENT ON COLUMN "launchdarkly"."flag_readiness"."created_at" IS 'When the flag was created.';
COMMENT ON COLUMN "launchdarkly"."flag_readiness"."is_old" IS 'Whether the flag is old enough for these stages.';
COMMENT ON COLUMN "launchdarkly"."flag_readiness"."critical_environments" IS 'Critical environments of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_readiness"."launched" IS 'Whether the flag is launched in all critical environments.';
COMMENT ON COLUMN "launchdarkly"."flag_readiness"."inactive" IS 'Whether the flag is inactive in all critical environments.';
COMMENT ON COLUMN "launchdarkly"."flag_readiness"."active" IS 'Whether the flag is new or active in any critical environment.';
COMMENT ON COLUMN "launchdarkly"."flag_readiness"."has_code_references" IS 'Whether code on a default branch mentions the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_readiness"."is_prerequisite" IS 'Whether another flag depends on this one in any environment.';
COMMENT ON COLUMN "launchdarkly"."flag_readiness"."is_critical_prerequisite" IS 'Whether another flag depends on this one in a critical environment.';
COMMENT ON COLUMN "launchdarkly"."flag_readiness"."ready_for_code_removal" IS 'Whether the flag is at LaunchDarkly''s stage "ready for code removal".';
COMMENT ON COLUMN "launchdarkly"."flag_readiness"."ready_to_archive" IS 'Whether the flag is at LaunchDarkly''s stage "ready to archive".';
COMMENT ON COLUMN "launchdarkly"."flag_readiness"."is_exempt" IS 'Whether the flag is in `exempt_flags`; it is ready for nothing then.';
COMMENT ON COLUMN "launchdarkly"."flag_readiness"."by_launchdarkly" IS 'Whether one of the two stages is LaunchDarkly''s own verdict, as code references were not read.';
COMMENT ON COLUMN "launchdarkly"."flag_readiness"."code_not_checked" IS 'Whether the flag meets all conditions of one of the two stages but those about code, which is unknown.';

CREATE TABLE "launchdarkly"."view_coverage" (
    "view_name" text COLLATE "C" NOT NULL,
    "resource" text COLLATE "C" NOT NULL,
    "is_required" boolean NOT NULL,
    "scope" text COLLATE "C" NOT NULL,
    "outcome" text NOT NULL,
    "rows_read_at" timestamp with time zone,
    "detail" text,
    PRIMARY KEY ("view_name", "resource", "scope")
);
COMMENT ON TABLE "launchdarkly"."view_coverage" IS 'Which data is missing from the answer of each view?';
COMMENT ON COLUMN "launchdarkly"."view_coverage"."view_name" IS 'Name of the view.';
COMMENT ON COLUMN "launchdarkly"."view_coverage"."resource" IS 'Name of a resource that it needs.';
COMMENT ON COLUMN "launchdarkly"."view_coverage"."is_required" IS 'Whether the view leaves out rows that it cannot know without the resource, instead of reporting `unknown`.';
COMMENT ON COLUMN "launchdarkly"."view_coverage"."scope" IS 'Empty for the account; a project''s key; a project''s and an environment''s key, with a slash between.';
COMMENT ON COLUMN "launchdarkly"."view_coverage"."outcome" IS '`not_available`, `invalid_permissions` or `skipped`.';
COMMENT ON COLUMN "launchdarkly"."view_coverage"."rows_read_at" IS 'When the rows that the tables hold were read; NULL where they hold none.';
COMMENT ON COLUMN "launchdarkly"."view_coverage"."detail" IS 'Remarks about reading it.';

CREATE TABLE "launchdarkly"."stale_flags" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "status" text NOT NULL,
    "age_days" bigint NOT NULL,
    "status_days" bigint NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "quiet_since" timestamp with time zone NOT NULL,
    PRIMARY KEY ("project_key", "environment_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."stale_flags" IS 'Which flags are stale, and where?';
COMMENT ON COLUMN "launchdarkly"."stale_flags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."stale_flags"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."stale_flags"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."stale_flags"."status" IS '`inactive` or `launched`.';
COMMENT ON COLUMN "launchdarkly"."stale_flags"."age_days" IS 'Whole days since the flag was created.';
COMMENT ON COLUMN "launchdarkly"."stale_flags"."status_days" IS 'Whole days since `quiet_since`.';
COMMENT ON COLUMN "launchdarkly"."stale_flags"."created_at" IS 'When the flag was created.';
COMMENT ON COLUMN "launchdarkly"."stale_flags"."quiet_since" IS 'The earlier of when flaglake first saw the status, and when the flag was last requested (else created) where it is inactive, or its configuration last changed where it is launched.';

CREATE TABLE "launchdarkly"."stale_percentages" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "critical" boolean NOT NULL,
    "temporary_flags" bigint,
    "stale_flags" bigint,
    "stale_percentage" double precision,
    "unknown_flags" bigint,
    "known_stale_flags" bigint,
    PRIMARY KEY ("project_key", "environment_key")
);
COMMENT ON TABLE "launchdarkly"."stale_percentages" IS 'Which percentage of temporary flags is stale, in each environment?';
COMMENT ON COLUMN "launchdarkly"."stale_percentages"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."stale_percentages"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."stale_percentages"."critical" IS 'Whether the environment is critical.';
COMMENT ON COLUMN "launchdarkly"."stale_percentages"."temporary_flags" IS 'Temporary flags that are not archived; NULL where no run has read the flags.';
COMMENT ON COLUMN "launchdarkly"."stale_percentages"."stale_flags" IS 'Those of them that are stale; NULL where that is unknown.';
COMMENT ON COLUMN "launchdarkly"."stale_percentages"."stale_percentage" IS 'Stale flags per hundred temporary ones.';
COMMENT ON COLUMN "launchdarkly"."stale_percentages"."unknown_flags" IS 'Temporary flags that might be stale, but have no status, or none that flaglake knows; NULL where no run has read the flags.';
COMMENT ON COLUMN "launchdarkly"."stale_percentages"."known_stale_flags" IS 'Temporary flags that are known to be stale; NULL where nothing about the project''s flags is known.';

CREATE TABLE "launchdarkly"."status_counts" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "status" text COLLATE "C" NOT NULL,
    "flags" bigint NOT NULL,
    PRIMARY KEY ("project_key", "environment_key", "status")
);
COMMENT ON TABLE "launchdarkly"."status_counts" IS 'How many flags are new, active, launched or inactive, in each environment?';
COMMENT ON COLUMN "launchdarkly"."status_counts"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."status_counts"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."status_counts"."status" IS '`new`, `active`, `launched`, `inactive`, another name that LaunchDarkly gives, or `unknown`.';
COMMENT ON COLUMN "launchdarkly"."status_counts"."flags" IS 'Flags with this status.';

CREATE TABLE "launchdarkly"."never_requested_flags" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "temporary" boolean NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "age_days" bigint NOT NULL,
    PRIMARY KEY ("project_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."never_requested_flags" IS 'Which flags has code never requested?';
COMMENT ON COLUMN "launchdarkly"."never_requested_flags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."never_requested_flags"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."never_requested_flags"."temporary" IS 'Whether the flag is temporary: meant to be removed later.';
COMMENT ON COLUMN "launchdarkly"."never_requested_flags"."created_at" IS 'When the flag was created.';
COMMENT ON COLUMN "launchdarkly"."never_requested_flags"."age_days" IS 'Whole days since that time.';

CREATE TABLE "launchdarkly"."inactive_flags" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "temporary" boolean NOT NULL,
    "last_requested_at" timestamp with time zone NOT NULL,
    "inactive_days" bigint NOT NULL,
    PRIMARY KEY ("project_key", "environment_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."inactive_flags" IS 'Which flags have not been requested for a long time, and where?';
COMMENT ON COLUMN "launchdarkly"."inactive_flags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."inactive_flags"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."inactive_flags"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."inactive_flags"."temporary" IS 'Whether the flag is temporary: meant to be removed later.';
COMMENT ON COLUMN "launchdarkly"."inactive_flags"."last_requested_at" IS 'When code last requested the flag there.';
COMMENT ON COLUMN "launchdarkly"."inactive_flags"."inactive_days" IS 'Whole days since that time.';

CREATE TABLE "launchdarkly"."launched_flags" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "temporary" boolean NOT NULL,
    "last_modified_at" timestamp with time zone NOT NULL,
    "unchanged_days" bigint NOT NULL,
    PRIMARY KEY ("project_key", "environment_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."launched_flags" IS 'Which flags have been launched for a long time without a change, and where?';
COMMENT ON COLUMN "launchdarkly"."launched_flags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."launched_flags"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."launched_flags"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."launched_flags"."temporary" IS 'Whether the flag is temporary: meant to be removed later.';
COMMENT ON COLUMN "launchdarkly"."launched_flags"."last_modified_at" IS 'When the flag''s configuration there last changed.';
COMMENT ON COLUMN "launchdarkly"."launched_flags"."unchanged_days" IS 'Whole days since that time.';

CREATE TABLE "launchdarkly"."flag_lifecycle" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "stage" text NOT NULL,
    "ld_stage" text,
    "disagrees" boolean,
    PRIMARY KEY ("project_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."flag_lifecycle" IS 'At which lifecycle stage is each flag, and does LaunchDarkly agree?';
COMMENT ON COLUMN "launchdarkly"."flag_lifecycle"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_lifecycle"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_lifecycle"."stage" IS '`live`, `ready_for_code_removal`, `ready_to_archive`, `code_not_checked`, `deprecated`, `archived` or `unknown`.';
COMMENT ON COLUMN "launchdarkly"."flag_lifecycle"."ld_stage" IS 'The stage of a live flag that LaunchDarkly names; NULL where it does not say.';
COMMENT ON COLUMN "launchdarkly"."flag_lifecycle"."disagrees" IS 'Whether both stages of a live flag are known and differ; NULL where they cannot be compared.';

CREATE TABLE "launchdarkly"."flags_ready_for_code_removal" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    PRIMARY KEY ("project_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."flags_ready_for_code_removal" IS 'Which flags are at LaunchDarkly''s stage "ready for code removal"?';
COMMENT ON COLUMN "launchdarkly"."flags_ready_for_code_removal"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flags_ready_for_code_removal"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flags_ready_for_code_removal"."created_at" IS 'When the flag was created.';

CREATE TABLE "launchdarkly"."flags_ready_to_archive" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    PRIMARY KEY ("project_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."flags_ready_to_archive" IS 'Which flags are at LaunchDarkly''s stage "ready to archive"?';
COMMENT ON COLUMN "launchdarkly"."flags_ready_to_archive"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flags_ready_to_archive"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flags_ready_to_archive"."created_at" IS 'When the flag was created.';

CREATE TABLE "launchdarkly"."served_variations" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "is_on" boolean NOT NULL,
    "variations" text,
    PRIMARY KEY ("project_key", "flag_key", "environment_key")
);
COMMENT ON TABLE "launchdarkly"."served_variations" IS 'Which variations can each flag serve, in each environment?';
COMMENT ON COLUMN "launchdarkly"."served_variations"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."served_variations"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."served_variations"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."served_variations"."is_on" IS 'Whether targeting is on.';
COMMENT ON COLUMN "launchdarkly"."served_variations"."variations" IS 'Indexes of the variations that can be served, sorted; `null` in the list is the fallback in the code. NULL where it is unknown.';

CREATE TABLE "launchdarkly"."served_fallbacks" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "is_on" boolean NOT NULL,
    "variation_index" bigint,
    "value" text,
    "default_value" text NOT NULL,
    "differs" boolean,
    PRIMARY KEY ("project_key", "environment_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."served_fallbacks" IS 'Does each flag serve the fallback value that the code has for it?';
COMMENT ON COLUMN "launchdarkly"."served_fallbacks"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."served_fallbacks"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."served_fallbacks"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."served_fallbacks"."is_on" IS 'Whether targeting is on.';
COMMENT ON COLUMN "launchdarkly"."served_fallbacks"."variation_index" IS 'Index of the variation that is served; NULL where it is not one, or is unknown.';
COMMENT ON COLUMN "launchdarkly"."served_fallbacks"."value" IS 'Its value.';
COMMENT ON COLUMN "launchdarkly"."served_fallbacks"."default_value" IS 'The fallback value in the code.';
COMMENT ON COLUMN "launchdarkly"."served_fallbacks"."differs" IS 'Whether the flag can serve something else than the fallback; NULL where that is unknown.';

CREATE TABLE "launchdarkly"."forward_values" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "variation_index" bigint,
    "value" text,
    "reason" text NOT NULL,
    "has_targeting" boolean,
    "unknown_environments" bigint NOT NULL,
    PRIMARY KEY ("project_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."forward_values" IS 'Which value replaces a flag when it is removed from code?';
COMMENT ON COLUMN "launchdarkly"."forward_values"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."forward_values"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."forward_values"."variation_index" IS 'Index of the variation that all critical environments serve; NULL where there is none.';
COMMENT ON COLUMN "launchdarkly"."forward_values"."value" IS 'The value of that variation.';
COMMENT ON COLUMN "launchdarkly"."forward_values"."reason" IS '`all_on`, `all_off`, `rollout`, `no_variation`, `mixed` or `unknown`.';
COMMENT ON COLUMN "launchdarkly"."forward_values"."has_targeting" IS 'Whether a critical environment that is on has rules, targets or prerequisites; NULL where that is unknown.';
COMMENT ON COLUMN "launchdarkly"."forward_values"."unknown_environments" IS 'Number of critical environments of which it is unknown what they serve.';

CREATE TABLE "launchdarkly"."removal_verdicts" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "verdict" text NOT NULL,
    "reasons" text NOT NULL,
    "code_removal_verdict" text NOT NULL,
    "code_removal_reasons" text NOT NULL,
    "archive_verdict" text NOT NULL,
    "archive_reasons" text NOT NULL,
    PRIMARY KEY ("project_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."removal_verdicts" IS 'Which flags are safe to remove from code, which are safe to archive, and why not the others?';
COMMENT ON COLUMN "launchdarkly"."removal_verdicts"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."removal_verdicts"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."removal_verdicts"."verdict" IS 'The same as `code_removal_verdict`: it says nothing about archiving.';
COMMENT ON COLUMN "launchdarkly"."removal_verdicts"."reasons" IS 'The same as `code_removal_reasons`.';
COMMENT ON COLUMN "launchdarkly"."removal_verdicts"."code_removal_verdict" IS 'Whether the flag can be removed from code: `safe`, `caution`, `blocked` or `unknown`.';
COMMENT ON COLUMN "launchdarkly"."removal_verdicts"."code_removal_reasons" IS 'The reasons against it, including what is unknown: a sorted list, empty where it is safe.';
COMMENT ON COLUMN "launchdarkly"."removal_verdicts"."archive_verdict" IS 'Whether the flag can be archived: `safe`, `caution`, `blocked` or `unknown`.';
COMMENT ON COLUMN "launchdarkly"."removal_verdicts"."archive_reasons" IS 'The reasons against that, including what is unknown: a sorted list, empty where it is safe.';

CREATE TABLE "launchdarkly"."forgotten_rollouts" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "launched_environments" bigint NOT NULL,
    "inactive_environments" bigint NOT NULL,
    "launched_in" text NOT NULL,
    "inactive_in" text NOT NULL,
    PRIMARY KEY ("project_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."forgotten_rollouts" IS 'Which rollouts were completed in one environment but never in another?';
COMMENT ON COLUMN "launchdarkly"."forgotten_rollouts"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."forgotten_rollouts"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."forgotten_rollouts"."launched_environments" IS 'Environments where the flag is launched.';
COMMENT ON COLUMN "launchdarkly"."forgotten_rollouts"."inactive_environments" IS 'Environments where the flag is inactive.';
COMMENT ON COLUMN "launchdarkly"."forgotten_rollouts"."launched_in" IS 'Keys of the environments where it is launched, sorted.';
COMMENT ON COLUMN "launchdarkly"."forgotten_rollouts"."inactive_in" IS 'Keys of the environments where it is inactive, sorted.';

CREATE TABLE "launchdarkly"."fallback_mismatches" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "variation_index" bigint NOT NULL,
    "value" text NOT NULL,
    "default_value" text NOT NULL,
    PRIMARY KEY ("project_key", "environment_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."fallback_mismatches" IS 'Where does the fallback in the code differ from what the flag serves?';
COMMENT ON COLUMN "launchdarkly"."fallback_mismatches"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."fallback_mismatches"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."fallback_mismatches"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."fallback_mismatches"."variation_index" IS 'Position of the variation that is served, from 0.';
COMMENT ON COLUMN "launchdarkly"."fallback_mismatches"."value" IS 'Its value.';
COMMENT ON COLUMN "launchdarkly"."fallback_mismatches"."default_value" IS 'The fallback value in the code.';

CREATE TABLE "launchdarkly"."code_reference_mismatches" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "mismatch" text NOT NULL,
    "repositories" bigint NOT NULL,
    "hunk_count" bigint NOT NULL,
    PRIMARY KEY ("project_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."code_reference_mismatches" IS 'Where do code and flags disagree?';
COMMENT ON COLUMN "launchdarkly"."code_reference_mismatches"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."code_reference_mismatches"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."code_reference_mismatches"."mismatch" IS '`archived_but_referenced` or `live_but_unreferenced`.';
COMMENT ON COLUMN "launchdarkly"."code_reference_mismatches"."repositories" IS 'Number of repositories that mention the flag.';
COMMENT ON COLUMN "launchdarkly"."code_reference_mismatches"."hunk_count" IS 'Number of places in them that mention it.';

CREATE TABLE "launchdarkly"."code_removal_to_archive" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "temporary" boolean NOT NULL,
    "code_last_seen_at" timestamp with time zone,
    "code_removed_at" timestamp with time zone NOT NULL,
    "archived_at" timestamp with time zone,
    "archive_days" bigint,
    "waiting_days" bigint,
    PRIMARY KEY ("project_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."code_removal_to_archive" IS 'How long do flags stay after their code is removed?';
COMMENT ON COLUMN "launchdarkly"."code_removal_to_archive"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."code_removal_to_archive"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."code_removal_to_archive"."temporary" IS 'Whether the flag is temporary: meant to be removed later.';
COMMENT ON COLUMN "launchdarkly"."code_removal_to_archive"."code_last_seen_at" IS 'Start of the last run that found the flag in code; NULL where that run is no longer recorded.';
COMMENT ON COLUMN "launchdarkly"."code_removal_to_archive"."code_removed_at" IS 'Start of the run that first found no code with the flag.';
COMMENT ON COLUMN "launchdarkly"."code_removal_to_archive"."archived_at" IS 'When the flag was archived; NULL where it is not.';
COMMENT ON COLUMN "launchdarkly"."code_removal_to_archive"."archive_days" IS 'Whole days from the removal to the archiving; NULL where the flag is not archived.';
COMMENT ON COLUMN "launchdarkly"."code_removal_to_archive"."waiting_days" IS 'Whole days since the removal; NULL where the flag is archived.';

CREATE TABLE "launchdarkly"."flag_dependents" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "kind" text COLLATE "C" NOT NULL,
    "key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    PRIMARY KEY ("project_key", "environment_key", "kind", "key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."flag_dependents" IS 'Which flags depend on a flag or a segment, and where?';
COMMENT ON COLUMN "launchdarkly"."flag_dependents"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_dependents"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."flag_dependents"."kind" IS '`prerequisite` or `segment`.';
COMMENT ON COLUMN "launchdarkly"."flag_dependents"."key" IS 'Key of the flag that others depend on, or of the segment.';
COMMENT ON COLUMN "launchdarkly"."flag_dependents"."flag_key" IS 'Key of a flag that depends on it.';

CREATE TABLE "launchdarkly"."blast_radius" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "kind" text COLLATE "C" NOT NULL,
    "key" text COLLATE "C" NOT NULL,
    "flags" bigint NOT NULL,
    PRIMARY KEY ("project_key", "environment_key", "kind", "key")
);
COMMENT ON TABLE "launchdarkly"."blast_radius" IS 'How many flags depend on a flag or a segment?';
COMMENT ON COLUMN "launchdarkly"."blast_radius"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."blast_radius"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."blast_radius"."kind" IS '`prerequisite` or `segment`.';
COMMENT ON COLUMN "launchdarkly"."blast_radius"."key" IS 'Key of the flag that others depend on, or of the segment.';
COMMENT ON COLUMN "launchdarkly"."blast_radius"."flags" IS 'Number of flags that depend on it.';

CREATE TABLE "launchdarkly"."blast_radius_totals" (
    "project_key" text COLLATE "C" NOT NULL,
    "kind" text COLLATE "C" NOT NULL,
    "key" text COLLATE "C" NOT NULL,
    "environments" bigint NOT NULL,
    "flags" bigint NOT NULL,
    PRIMARY KEY ("project_key", "kind", "key")
);
COMMENT ON TABLE "launchdarkly"."blast_radius_totals" IS 'How many flags depend on a flag or a segment in any environment?';
COMMENT ON COLUMN "launchdarkly"."blast_radius_totals"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."blast_radius_totals"."kind" IS '`prerequisite` or `segment`.';
COMMENT ON COLUMN "launchdarkly"."blast_radius_totals"."key" IS 'Key of the flag that others depend on, or of the segment.';
COMMENT ON COLUMN "launchdarkly"."blast_radius_totals"."environments" IS 'Number of environments in which a flag depends on it.';
COMMENT ON COLUMN "launchdarkly"."blast_radius_totals"."flags" IS 'Number of distinct flags that depend on it in any of them.';

CREATE TABLE "launchdarkly"."unowned_flags" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "reason" text NOT NULL,
    "maintainer_id" text,
    "maintainer_team_key" text,
    "created_at" timestamp with time zone NOT NULL,
    PRIMARY KEY ("project_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."unowned_flags" IS 'Which flags have no maintainer?';
COMMENT ON COLUMN "launchdarkly"."unowned_flags"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."unowned_flags"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."unowned_flags"."reason" IS '`none` or `departed`.';
COMMENT ON COLUMN "launchdarkly"."unowned_flags"."maintainer_id" IS 'ID of the member who maintained the flag.';
COMMENT ON COLUMN "launchdarkly"."unowned_flags"."maintainer_team_key" IS 'Key of the team that maintained the flag.';
COMMENT ON COLUMN "launchdarkly"."unowned_flags"."created_at" IS 'When the flag was created.';

CREATE TABLE "launchdarkly"."owner_debt" (
    "owner_kind" text COLLATE "C" NOT NULL,
    "owner" text COLLATE "C",
    "owner_name" text,
    "is_departed" boolean,
    "live_flags" bigint NOT NULL,
    "ready_for_code_removal" bigint NOT NULL,
    "ready_to_archive" bigint NOT NULL,
    "unknown_flags" bigint NOT NULL
);
COMMENT ON TABLE "launchdarkly"."owner_debt" IS 'How many flags does each owner have to clean up?';
COMMENT ON COLUMN "launchdarkly"."owner_debt"."owner_kind" IS '`team`, `member`, or `none` for the flags that have no owner.';
COMMENT ON COLUMN "launchdarkly"."owner_debt"."owner" IS 'Key of the team, or ID of the member (the address where there is no ID); NULL for `none`.';
COMMENT ON COLUMN "launchdarkly"."owner_debt"."owner_name" IS 'Name of the team, or address of the member, as far as known.';
COMMENT ON COLUMN "launchdarkly"."owner_debt"."is_departed" IS 'Whether the owner has left the account; NULL where that is unknown or there is no owner.';
COMMENT ON COLUMN "launchdarkly"."owner_debt"."live_flags" IS 'Live flags of the owner.';
COMMENT ON COLUMN "launchdarkly"."owner_debt"."ready_for_code_removal" IS 'Those known to be ready for code removal.';
COMMENT ON COLUMN "launchdarkly"."owner_debt"."ready_to_archive" IS 'Those known to be ready to archive.';
COMMENT ON COLUMN "launchdarkly"."owner_debt"."unknown_flags" IS 'Those of which the stage is unknown, and which may be ready for either.';

CREATE TABLE "launchdarkly"."flag_hygiene" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "has_description" boolean NOT NULL,
    "has_tags" boolean NOT NULL,
    PRIMARY KEY ("project_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."flag_hygiene" IS 'Which flags lack a description or tags?';
COMMENT ON COLUMN "launchdarkly"."flag_hygiene"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_hygiene"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_hygiene"."has_description" IS 'Whether the flag has a description.';
COMMENT ON COLUMN "launchdarkly"."flag_hygiene"."has_tags" IS 'Whether the flag has a tag.';

CREATE TABLE "launchdarkly"."flag_lifetimes" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "temporary" boolean NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "archived_at" timestamp with time zone NOT NULL,
    "lifetime_days" bigint NOT NULL,
    "is_over_norm" boolean NOT NULL,
    PRIMARY KEY ("project_key", "flag_key")
);
COMMENT ON TABLE "launchdarkly"."flag_lifetimes" IS 'How long did flags live before they were archived?';
COMMENT ON COLUMN "launchdarkly"."flag_lifetimes"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."flag_lifetimes"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."flag_lifetimes"."temporary" IS 'Whether the flag was temporary: meant to be removed later.';
COMMENT ON COLUMN "launchdarkly"."flag_lifetimes"."created_at" IS 'When the flag was created.';
COMMENT ON COLUMN "launchdarkly"."flag_lifetimes"."archived_at" IS 'When the flag was archived.';
COMMENT ON COLUMN "launchdarkly"."flag_lifetimes"."lifetime_days" IS 'Whole days from creation to archiving.';
COMMENT ON COLUMN "launchdarkly"."flag_lifetimes"."is_over_norm" IS 'Whether the flag was temporary and lived longer than `flag_lifetime`.';

CREATE TABLE "launchdarkly"."flag_velocity" (
    "month" text COLLATE "C" NOT NULL,
    "created" bigint NOT NULL,
    "archived" bigint NOT NULL,
    "net" bigint NOT NULL,
    PRIMARY KEY ("month")
);
COMMENT ON TABLE "launchdarkly"."flag_velocity" IS 'How many flags are created and archived each month?';
COMMENT ON COLUMN "launchdarkly"."flag_velocity"."month" IS 'The month, as `YYYY-MM`.';
COMMENT ON COLUMN "launchdarkly"."flag_velocity"."created" IS 'Flags created in the month.';
COMMENT ON COLUMN "launchdarkly"."flag_velocity"."archived" IS 'Flags archived in the month.';
COMMENT ON COLUMN "launchdarkly"."flag_velocity"."net" IS 'Number of flags created minus number of flags archived.';

CREATE TABLE "launchdarkly"."temporary_turned_permanent" (
    "project_key" text COLLATE "C" NOT NULL,
    "flag_key" text COLLATE "C" NOT NULL,
    "seen_at" timestamp with time zone NOT NULL,
    "extraction_id" text NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "is_still_permanent" boolean,
    PRIMARY KEY ("project_key", "flag_key", "seen_at")
);
COMMENT ON TABLE "launchdarkly"."temporary_turned_permanent" IS 'Which temporary flags were changed to permanent, and so no longer count as stale?';
COMMENT ON COLUMN "launchdarkly"."temporary_turned_permanent"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."temporary_turned_permanent"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."temporary_turned_permanent"."seen_at" IS 'Start of the run that first saw the flag permanent.';
COMMENT ON COLUMN "launchdarkly"."temporary_turned_permanent"."extraction_id" IS 'ID of that run.';
COMMENT ON COLUMN "launchdarkly"."temporary_turned_permanent"."created_at" IS 'When the flag was created.';
COMMENT ON COLUMN "launchdarkly"."temporary_turned_permanent"."is_still_permanent" IS 'Whether the flag is permanent now; NULL where it was deleted.';

CREATE TABLE "launchdarkly"."inactive_projects" (
    "project_key" text COLLATE "C" NOT NULL,
    "last_flag_created_at" timestamp with time zone,
    "flags" bigint,
    "is_inactive" boolean,
    PRIMARY KEY ("project_key")
);
COMMENT ON TABLE "launchdarkly"."inactive_projects" IS 'Which projects are no longer worked on?';
COMMENT ON COLUMN "launchdarkly"."inactive_projects"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."inactive_projects"."last_flag_created_at" IS 'When its newest flag was created; NULL where it has none.';
COMMENT ON COLUMN "launchdarkly"."inactive_projects"."flags" IS 'Its flags that are not archived; NULL where no run has read them.';
COMMENT ON COLUMN "launchdarkly"."inactive_projects"."is_inactive" IS '1, or NULL where that is not known.';

CREATE TABLE "launchdarkly"."quiet_environments" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "critical" boolean NOT NULL,
    "last_requested_at" timestamp with time zone,
    "quiet_days" bigint,
    "flags" bigint NOT NULL,
    "is_quiet" boolean,
    PRIMARY KEY ("project_key", "environment_key")
);
COMMENT ON TABLE "launchdarkly"."quiet_environments" IS 'Which environments have no traffic?';
COMMENT ON COLUMN "launchdarkly"."quiet_environments"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."quiet_environments"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."quiet_environments"."critical" IS 'Whether the environment is critical (see `critical_environments`).';
COMMENT ON COLUMN "launchdarkly"."quiet_environments"."last_requested_at" IS 'When a flag was last requested there, as far as known; NULL where none ever was.';
COMMENT ON COLUMN "launchdarkly"."quiet_environments"."quiet_days" IS 'Whole days since that time.';
COMMENT ON COLUMN "launchdarkly"."quiet_environments"."flags" IS 'Flags of the project that are not archived.';
COMMENT ON COLUMN "launchdarkly"."quiet_environments"."is_quiet" IS '1, or NULL where that is not known.';

CREATE TABLE "launchdarkly"."change_actors" (
    "actor_kind" text COLLATE "C" NOT NULL,
    "actor" text COLLATE "C" NOT NULL,
    "actor_name" text,
    "kind" text COLLATE "C" NOT NULL,
    "entries" bigint NOT NULL,
    "last_change_at" timestamp with time zone NOT NULL,
    PRIMARY KEY ("actor_kind", "actor", "kind")
);
COMMENT ON TABLE "launchdarkly"."change_actors" IS 'Who makes which changes?';
COMMENT ON COLUMN "launchdarkly"."change_actors"."actor_kind" IS '`member`, `token` where no member is known, `app` where neither is, or `unknown`.';
COMMENT ON COLUMN "launchdarkly"."change_actors"."actor" IS 'ID of the member, token or application; else the name that the log gives, or nothing.';
COMMENT ON COLUMN "launchdarkly"."change_actors"."actor_name" IS 'The member''s email address, or the name of the token or application, as last seen in the log.';
COMMENT ON COLUMN "launchdarkly"."change_actors"."kind" IS 'Kind of the object that was changed, such as `flag` or `member`.';
COMMENT ON COLUMN "launchdarkly"."change_actors"."entries" IS 'Number of entries of the log.';
COMMENT ON COLUMN "launchdarkly"."change_actors"."last_change_at" IS 'When the last of these changes was made.';

CREATE TABLE "launchdarkly"."uncommented_critical_changes" (
    "entry_id" text COLLATE "C" NOT NULL,
    "occurred_at" timestamp with time zone NOT NULL,
    "project_key" text NOT NULL,
    "environment_key" text,
    "flag_key" text NOT NULL,
    "require_comments" boolean NOT NULL,
    "member_id" text,
    "member_email" text,
    "title" text,
    PRIMARY KEY ("entry_id")
);
COMMENT ON TABLE "launchdarkly"."uncommented_critical_changes" IS 'Which changes in critical environments have no comment?';
COMMENT ON COLUMN "launchdarkly"."uncommented_critical_changes"."entry_id" IS 'ID of the entry.';
COMMENT ON COLUMN "launchdarkly"."uncommented_critical_changes"."occurred_at" IS 'When the change was made.';
COMMENT ON COLUMN "launchdarkly"."uncommented_critical_changes"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."uncommented_critical_changes"."environment_key" IS 'Key of the environment; NULL where the change is in all environments.';
COMMENT ON COLUMN "launchdarkly"."uncommented_critical_changes"."flag_key" IS 'Key of the flag.';
COMMENT ON COLUMN "launchdarkly"."uncommented_critical_changes"."require_comments" IS 'Whether the environment, or a critical one of all environments, now requires a comment.';
COMMENT ON COLUMN "launchdarkly"."uncommented_critical_changes"."member_id" IS 'ID of the member who made the change.';
COMMENT ON COLUMN "launchdarkly"."uncommented_critical_changes"."member_email" IS 'Email address of the member at the time.';
COMMENT ON COLUMN "launchdarkly"."uncommented_critical_changes"."title" IS 'Who did what, in Markdown.';

CREATE TABLE "launchdarkly"."applied_approvals" (
    "approval_request_id" text COLLATE "C" NOT NULL,
    "project_key" text,
    "environment_key" text,
    "resource_kind" text,
    "resource_key" text,
    "applied_at" timestamp with time zone NOT NULL,
    "entry_id" text,
    "certainty" text NOT NULL,
    "entries" bigint NOT NULL,
    PRIMARY KEY ("approval_request_id")
);
COMMENT ON TABLE "launchdarkly"."applied_approvals" IS 'Which entry of the audit log applied each approval request?';
COMMENT ON COLUMN "launchdarkly"."applied_approvals"."approval_request_id" IS 'ID of the request.';
COMMENT ON COLUMN "launchdarkly"."applied_approvals"."project_key" IS 'Key of the project it is in.';
COMMENT ON COLUMN "launchdarkly"."applied_approvals"."environment_key" IS 'Key of the environment it is in.';
COMMENT ON COLUMN "launchdarkly"."applied_approvals"."resource_kind" IS 'Kind of the object that was changed: `flag`, `segment` or `aiconfig`.';
COMMENT ON COLUMN "launchdarkly"."applied_approvals"."resource_key" IS 'Key of the object that was changed.';
COMMENT ON COLUMN "launchdarkly"."applied_approvals"."applied_at" IS 'When the change was applied.';
COMMENT ON COLUMN "launchdarkly"."applied_approvals"."entry_id" IS 'ID of the entry that applied it; NULL where that cannot be told.';
COMMENT ON COLUMN "launchdarkly"."applied_approvals"."certainty" IS '`named` where the entry says that it applies a request, `matched` where it is the only candidate, `ambiguous`, `none` or `unknown`.';
COMMENT ON COLUMN "launchdarkly"."applied_approvals"."entries" IS 'Number of candidates.';

CREATE TABLE "launchdarkly"."environment_governance" (
    "project_key" text COLLATE "C" NOT NULL,
    "environment_key" text COLLATE "C" NOT NULL,
    "has_approvals" boolean,
    "has_approval_tags" boolean NOT NULL,
    "requires_comments" boolean NOT NULL,
    "confirms_changes" boolean NOT NULL,
    "is_governed" boolean,
    PRIMARY KEY ("project_key", "environment_key")
);
COMMENT ON TABLE "launchdarkly"."environment_governance" IS 'Do changes in critical environments need approval, a comment and a confirmation?';
COMMENT ON COLUMN "launchdarkly"."environment_governance"."project_key" IS 'Key of the project.';
COMMENT ON COLUMN "launchdarkly"."environment_governance"."environment_key" IS 'Key of the environment.';
COMMENT ON COLUMN "launchdarkly"."environment_governance"."has_approvals" IS 'Whether changes of flags need approval.';
COMMENT ON COLUMN "launchdarkly"."environment_governance"."has_approval_tags" IS 'Whether approval is needed only for flags with certain tags.';
COMMENT ON COLUMN "launchdarkly"."environment_governance"."requires_comments" IS 'Whether changes need a comment.';
COMMENT ON COLUMN "launchdarkly"."environment_governance"."confirms_changes" IS 'Whether changes need a confirmation.';
COMMENT ON COLUMN "launchdarkly"."environment_governance"."is_governed" IS 'Whether changes need all three.';

CREATE TABLE "launchdarkly"."access_hygiene" (
    "subject_kind" text COLLATE "C" NOT NULL,
    "subject" text COLLATE "C" NOT NULL,
    "subject_name" text,
    "finding" text COLLATE "C" NOT NULL,
    "days" bigint,
    PRIMARY KEY ("subject_kind", "subject", "finding")
);
COMMENT ON TABLE "launchdarkly"."access_hygiene" IS 'Which members and access tokens are unused or unprotected?';
COMMENT ON COLUMN "launchdarkly"."access_hygiene"."subject_kind" IS '`member` or `access_token`.';
COMMENT ON COLUMN "launchdarkly"."access_hygiene"."subject" IS 'ID of the member or access token.';
COMMENT ON COLUMN "launchdarkly"."access_hygiene"."subject_name" IS 'The member''s email address, or the token''s name.';
COMMENT ON COLUMN "launchdarkly"."access_hygiene"."finding" IS '`unseen`, `no_mfa`, `unverified` or `unused`.';
COMMENT ON COLUMN "launchdarkly"."access_hygiene"."days" IS 'Whole days since the member was last seen (`unseen`) or invited (`unverified`), or the token was last used.';

CREATE TABLE "launchdarkly"."scorecards" (
    "scorecard" text COLLATE "C" NOT NULL,
    "subject_kind" text COLLATE "C" NOT NULL,
    "subject" text COLLATE "C" NOT NULL,
    "status" text NOT NULL,
    "output" double precision,
    "detail" text NOT NULL,
    "subject_name" text NOT NULL,
    "total" bigint,
    "counted" bigint,
    "unknown" bigint,
    "output_min" double precision,
    "output_max" double precision,
    PRIMARY KEY ("scorecard", "subject_kind", "subject")
);
COMMENT ON TABLE "launchdarkly"."scorecards" IS 'How does each project, environment, team, owner, tag and repository score?';
COMMENT ON COLUMN "launchdarkly"."scorecards"."scorecard" IS 'Name of the figure.';
COMMENT ON COLUMN "launchdarkly"."scorecards"."subject_kind" IS '`project`, `environment`, `team`, `owner`, `tag` or `repository`.';
COMMENT ON COLUMN "launchdarkly"."scorecards"."subject" IS 'Key of the project or team, project/environment, ID (else email address) of the member, tag or repository; `(none)` for flags without a team, an owner or a tag.';
COMMENT ON COLUMN "launchdarkly"."scorecards"."status" IS '`pass`, `warn`, `fail` or `unknown`.';
COMMENT ON COLUMN "launchdarkly"."scorecards"."output" IS 'The percentage; NULL where it is not known exactly, or where there is nothing to judge.';
COMMENT ON COLUMN "launchdarkly"."scorecards"."detail" IS 'The figure in words, or the reason why there is none.';
COMMENT ON COLUMN "launchdarkly"."scorecards"."subject_name" IS 'The subject''s name for people; its key where no name is known.';
COMMENT ON COLUMN "launchdarkly"."scorecards"."total" IS 'What is judged, such as temporary flags; NULL if the newest run did not read it.';
COMMENT ON COLUMN "launchdarkly"."scorecards"."counted" IS 'Those of them that are known to count.';
COMMENT ON COLUMN "launchdarkly"."scorecards"."unknown" IS 'Those of them of which that is unknown.';
COMMENT ON COLUMN "launchdarkly"."scorecards"."output_min" IS 'The lowest that the percentage can be; NULL if nothing is known, or where there is nothing to judge.';
COMMENT ON COLUMN "launchdarkly"."scorecards"."output_max" IS 'The highest that it can be.';

ALTER TABLE "launchdarkly"."project_tags" ADD FOREIGN KEY ("project_key") REFERENCES "launchdarkly"."projects" ("project_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."environments" ADD FOREIGN KEY ("project_key") REFERENCES "launchdarkly"."projects" ("project_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."environment_tags" ADD FOREIGN KEY ("project_key", "environment_key") REFERENCES "launchdarkly"."environments" ("project_key", "environment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."environment_approval_tags" ADD FOREIGN KEY ("project_key", "environment_key") REFERENCES "launchdarkly"."environments" ("project_key", "environment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."environment_resource_approvals" ADD FOREIGN KEY ("project_key", "environment_key") REFERENCES "launchdarkly"."environments" ("project_key", "environment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."team_role_attributes" ADD FOREIGN KEY ("team_key") REFERENCES "launchdarkly"."teams" ("team_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."team_maintainers" ADD FOREIGN KEY ("team_key") REFERENCES "launchdarkly"."teams" ("team_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."flags" ADD FOREIGN KEY ("project_key") REFERENCES "launchdarkly"."projects" ("project_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."flag_tags" ADD FOREIGN KEY ("project_key", "flag_key") REFERENCES "launchdarkly"."flags" ("project_key", "flag_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."flag_variations" ADD FOREIGN KEY ("project_key", "flag_key") REFERENCES "launchdarkly"."flags" ("project_key", "flag_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."flag_custom_properties" ADD FOREIGN KEY ("project_key", "flag_key") REFERENCES "launchdarkly"."flags" ("project_key", "flag_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."flag_experiments" ADD FOREIGN KEY ("project_key", "flag_key") REFERENCES "launchdarkly"."flags" ("project_key", "flag_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."flag_environments" ADD FOREIGN KEY ("project_key", "flag_key") REFERENCES "launchdarkly"."flags" ("project_key", "flag_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."flag_environments" ADD FOREIGN KEY ("project_key", "environment_key") REFERENCES "launchdarkly"."environments" ("project_key", "environment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."flag_rules" ADD FOREIGN KEY ("project_key", "flag_key", "environment_key") REFERENCES "launchdarkly"."flag_environments" ("project_key", "flag_key", "environment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."flag_rollouts" ADD FOREIGN KEY ("project_key", "flag_key", "environment_key") REFERENCES "launchdarkly"."flag_environments" ("project_key", "flag_key", "environment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."flag_targets" ADD FOREIGN KEY ("project_key", "flag_key", "environment_key") REFERENCES "launchdarkly"."flag_environments" ("project_key", "flag_key", "environment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."flag_target_values" ADD FOREIGN KEY ("project_key", "flag_key", "environment_key") REFERENCES "launchdarkly"."flag_environments" ("project_key", "flag_key", "environment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."flag_prerequisites" ADD FOREIGN KEY ("project_key", "flag_key", "environment_key") REFERENCES "launchdarkly"."flag_environments" ("project_key", "flag_key", "environment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."flag_statuses" ADD FOREIGN KEY ("project_key", "flag_key") REFERENCES "launchdarkly"."flags" ("project_key", "flag_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."flag_statuses" ADD FOREIGN KEY ("project_key", "environment_key") REFERENCES "launchdarkly"."environments" ("project_key", "environment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."audit_log_accesses" ADD FOREIGN KEY ("entry_id") REFERENCES "launchdarkly"."audit_log_entries" ("entry_id") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."member_custom_roles" ADD FOREIGN KEY ("member_id") REFERENCES "launchdarkly"."members" ("member_id") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."approval_reviews" ADD FOREIGN KEY ("approval_request_id") REFERENCES "launchdarkly"."approval_requests" ("approval_request_id") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."code_references" ADD FOREIGN KEY ("project_key") REFERENCES "launchdarkly"."projects" ("project_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."code_reference_files" ADD FOREIGN KEY ("project_key") REFERENCES "launchdarkly"."projects" ("project_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."segments" ADD FOREIGN KEY ("project_key", "environment_key") REFERENCES "launchdarkly"."environments" ("project_key", "environment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."segment_tags" ADD FOREIGN KEY ("project_key", "environment_key", "segment_key") REFERENCES "launchdarkly"."segments" ("project_key", "environment_key", "segment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."segment_rules" ADD FOREIGN KEY ("project_key", "environment_key", "segment_key") REFERENCES "launchdarkly"."segments" ("project_key", "environment_key", "segment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."segment_flags" ADD FOREIGN KEY ("project_key", "environment_key", "segment_key") REFERENCES "launchdarkly"."segments" ("project_key", "environment_key", "segment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."metrics" ADD FOREIGN KEY ("project_key") REFERENCES "launchdarkly"."projects" ("project_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."metric_tags" ADD FOREIGN KEY ("project_key", "metric_key") REFERENCES "launchdarkly"."metrics" ("project_key", "metric_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."metric_groups" ADD FOREIGN KEY ("project_key") REFERENCES "launchdarkly"."projects" ("project_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."metric_group_tags" ADD FOREIGN KEY ("project_key", "metric_group_key") REFERENCES "launchdarkly"."metric_groups" ("project_key", "metric_group_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."metric_group_metrics" ADD FOREIGN KEY ("project_key", "metric_group_key") REFERENCES "launchdarkly"."metric_groups" ("project_key", "metric_group_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."experiments" ADD FOREIGN KEY ("project_key") REFERENCES "launchdarkly"."projects" ("project_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."experiment_tags" ADD FOREIGN KEY ("project_key", "environment_key", "experiment_key") REFERENCES "launchdarkly"."experiments" ("project_key", "environment_key", "experiment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."experiment_iterations" ADD FOREIGN KEY ("project_key", "environment_key", "experiment_key") REFERENCES "launchdarkly"."experiments" ("project_key", "environment_key", "experiment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."experiment_flags" ADD FOREIGN KEY ("project_key", "environment_key", "experiment_key") REFERENCES "launchdarkly"."experiments" ("project_key", "environment_key", "experiment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."experiment_metrics" ADD FOREIGN KEY ("project_key", "environment_key", "experiment_key") REFERENCES "launchdarkly"."experiments" ("project_key", "environment_key", "experiment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."experiment_treatments" ADD FOREIGN KEY ("project_key", "environment_key", "experiment_key") REFERENCES "launchdarkly"."experiments" ("project_key", "environment_key", "experiment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."holdouts" ADD FOREIGN KEY ("project_key", "environment_key") REFERENCES "launchdarkly"."environments" ("project_key", "environment_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."holdout_experiments" ADD FOREIGN KEY ("project_key", "environment_key", "holdout_key") REFERENCES "launchdarkly"."holdouts" ("project_key", "environment_key", "holdout_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."layers" ADD FOREIGN KEY ("project_key") REFERENCES "launchdarkly"."projects" ("project_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."layer_reservations" ADD FOREIGN KEY ("project_key", "layer_key") REFERENCES "launchdarkly"."layers" ("project_key", "layer_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."release_pipelines" ADD FOREIGN KEY ("project_key") REFERENCES "launchdarkly"."projects" ("project_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."release_pipeline_tags" ADD FOREIGN KEY ("project_key", "release_pipeline_key") REFERENCES "launchdarkly"."release_pipelines" ("project_key", "release_pipeline_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."release_pipeline_phases" ADD FOREIGN KEY ("project_key", "release_pipeline_key") REFERENCES "launchdarkly"."release_pipelines" ("project_key", "release_pipeline_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."release_pipeline_audiences" ADD FOREIGN KEY ("project_key", "release_pipeline_key") REFERENCES "launchdarkly"."release_pipelines" ("project_key", "release_pipeline_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."context_kinds" ADD FOREIGN KEY ("project_key") REFERENCES "launchdarkly"."projects" ("project_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."views" ADD FOREIGN KEY ("project_key") REFERENCES "launchdarkly"."projects" ("project_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."view_tags" ADD FOREIGN KEY ("project_key", "view_key") REFERENCES "launchdarkly"."views" ("project_key", "view_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."ai_configs" ADD FOREIGN KEY ("project_key") REFERENCES "launchdarkly"."projects" ("project_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."ai_config_tags" ADD FOREIGN KEY ("project_key", "ai_config_key") REFERENCES "launchdarkly"."ai_configs" ("project_key", "ai_config_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."ai_config_variations" ADD FOREIGN KEY ("project_key", "ai_config_key") REFERENCES "launchdarkly"."ai_configs" ("project_key", "ai_config_key") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."custom_role_policies" ADD FOREIGN KEY ("custom_role_id") REFERENCES "launchdarkly"."custom_roles" ("custom_role_id") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."access_token_custom_roles" ADD FOREIGN KEY ("access_token_id") REFERENCES "launchdarkly"."access_tokens" ("access_token_id") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."webhook_tags" ADD FOREIGN KEY ("webhook_id") REFERENCES "launchdarkly"."webhooks" ("webhook_id") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."integration_configuration_tags" ADD FOREIGN KEY ("integration_configuration_id") REFERENCES "launchdarkly"."integration_configurations" ("integration_configuration_id") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."big_segment_store_tags" ADD FOREIGN KEY ("big_segment_store_id") REFERENCES "launchdarkly"."big_segment_stores" ("big_segment_store_id") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."extraction_resources" ADD FOREIGN KEY ("extraction_id") REFERENCES "launchdarkly"."extractions" ("extraction_id") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "launchdarkly"."extraction_settings" ADD FOREIGN KEY ("extraction_id") REFERENCES "launchdarkly"."extractions" ("extraction_id") DEFERRABLE INITIALLY DEFERRED;
