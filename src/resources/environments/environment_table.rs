//! The table `environments`.

use super::Row;
use crate::resources::prelude::*;

pub(super) struct EnvironmentTable;
type E = Column<EnvironmentTable>;

impl Table for EnvironmentTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "environments";
    const DOC: &'static str = "One row per environment of each project.";
    const KEY: &'static [&'static str] = &["project_key", "environment_key"];
    const PARENTS: &'static [&'static str] = &["projects"];
    const HISTORY: bool = true;
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.project_key),
        keys::environment(|row| &row.environment.key),
        E::lenient_text(
            "environment_id",
            "Environment._id",
            "ID of the environment; SDKs use it as their client-side ID, which is not a secret.",
            |row| row.environment.id.text(),
        ),
        common::name("Environment.name", |row| row.environment.name.text()),
        E::lenient_text(
            "color",
            "Environment.color",
            "Its colour in LaunchDarkly's user interface, hexadecimal.",
            |row| row.environment.color.text(),
        ),
        E::bool(
            "critical",
            "Environment.critical",
            "Whether the environment is critical; lifecycle stages depend on critical ones.",
            |row| row.environment.critical,
        ),
        E::lenient_int(
            "default_ttl_minutes",
            "Environment.defaultTtl",
            "How long the PHP SDK may cache flag rules, in minutes.",
            |row| Some(row.environment.default_ttl),
        ),
        E::lenient_bool(
            "secure_mode",
            "Environment.secureMode",
            "Whether end users are prevented from inspecting each other's variations.",
            |row| Some(row.environment.secure_mode),
        ),
        E::lenient_bool(
            "default_track_events",
            "Environment.defaultTrackEvents",
            "Whether new flags send detailed events by default.",
            |row| Some(row.environment.default_track_events),
        ),
        E::bool(
            "require_comments",
            "Environment.requireComments",
            "Whether changes to flags and segments need a comment.",
            |row| row.environment.require_comments,
        ),
        E::bool(
            "confirm_changes",
            "Environment.confirmChanges",
            "Whether changes to flags and segments need a confirmation.",
            |row| row.environment.confirm_changes,
        ),
        E::bool_opt(
            "approval_required",
            "ApprovalSettings.required",
            "Whether changes need approval.",
            |row| row.approval().map(|approval| approval.required),
        ),
        E::lenient_int(
            "approval_min_count",
            "ApprovalSettings.minNumApprovals",
            "Number of approvals that a change needs.",
            |row| row.approval()?.min_num_approvals,
        ),
        E::lenient_bool(
            "approval_can_review_own_request",
            "ApprovalSettings.canReviewOwnRequest",
            "Whether a member may approve a change of their own.",
            |row| row.approval()?.can_review_own_request,
        ),
        E::lenient_bool(
            "approval_can_apply_declined_changes",
            "ApprovalSettings.canApplyDeclinedChanges",
            "Whether a change may be applied although a reviewer declined it.",
            |row| row.approval()?.can_apply_declined_changes,
        ),
        E::lenient_text(
            "approval_service_kind",
            "ApprovalSettings.serviceKind",
            "The service that manages approvals.",
            |row| row.approval()?.service_kind.text(),
        ),
        E::lenient_text(
            "approval_service_configuration_id",
            "ApprovalSettings.serviceKindConfigurationId",
            "ID of the integration that manages approvals.",
            |row| row.approval()?.service_kind_configuration_id.text(),
        ),
        E::lenient_bool(
            "approval_auto_apply_approved_changes",
            "ApprovalSettings.autoApplyApprovedChanges",
            "Whether approved changes are applied automatically.",
            |row| row.approval()?.auto_apply_approved_changes,
        ),
        E::lenient_bool(
            "approval_bypass_for_pending_changes",
            "ApprovalSettings.bypassApprovalsForPendingChanges",
            "Whether pending changes skip approvals.",
            |row| row.approval()?.bypass_approvals_for_pending_changes,
        ),
    ];
}
