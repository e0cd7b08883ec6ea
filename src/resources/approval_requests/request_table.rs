//! The table `approval_requests`.

use super::Row;
use crate::resources::prelude::*;

pub(super) struct RequestTable;
type R = Column<RequestTable>;

impl Table for RequestTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "approval_requests";
    const DOC: &'static str =
        "One row per request to approve a change of a flag, segment or AI config.";
    const KEY: &'static [&'static str] = &["approval_request_id"];
    const VERSION: Option<&'static str> = Some("version");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::approval_request(|row| &row.request.id),
        R::text_opt("project_key", "-", "Key of the project it is in.", |row| {
            row.resource.project_key
        }),
        R::text_opt("environment_key", "-", "Key of the environment it is in.", |row| {
            row.resource.environment_key
        }),
        R::text_opt(
            "resource_kind",
            "-",
            "Kind of the object to change: `flag`, `segment` or `aiconfig`.",
            |row| row.resource.resource_kind,
        ),
        R::text_opt("resource_key", "-", "Key of the object to change.", |row| {
            row.resource.resource_key
        }),
        R::text_opt(
            "resource",
            "ExpandableApprovalRequestResponse.resourceId",
            "Resource specifier of the object to change.",
            |row| row.request.resource_id.as_deref(),
        ),
        R::lenient_text(
            "description",
            "ExpandableApprovalRequestResponse.description",
            "The requestor's description of the change.",
            |row| row.request.description.text(),
        )
        .mentions_people(),
        R::lenient_text(
            "service_kind",
            "ExpandableApprovalRequestResponse.serviceKind",
            "The service that manages the approval, such as `launchdarkly` or `servicenow`.",
            |row| row.request.service_kind.text(),
        ),
        R::text(
            "review_status",
            "ExpandableApprovalRequestResponse.reviewStatus",
            "`pending`, `approved` or `declined`.",
            |row| &row.request.review_status,
        ),
        R::text(
            "status",
            "ExpandableApprovalRequestResponse.status",
            "`pending`, `scheduled`, `completed` or `failed`.",
            |row| &row.request.status,
        ),
        R::lenient_text(
            "requestor_id",
            "ExpandableApprovalRequestResponse.requestorId",
            "ID of the member who asked for approval.",
            |row| row.request.requestor_id.text(),
        ),
        R::time(
            "created_at",
            "ExpandableApprovalRequestResponse.creationDate",
            "When approval was asked for.",
            |row| row.request.creation_date,
        ),
        R::lenient_time(
            "execution_at",
            "ExpandableApprovalRequestResponse.executionDate",
            "When the change is scheduled to be applied, once approved.",
            |row| row.request.execution_date.number(),
        ),
        R::lenient_time(
            "applied_at",
            "ExpandableApprovalRequestResponse.appliedDate",
            "When the change was applied.",
            |row| row.request.applied_date.number(),
        ),
        R::lenient_text(
            "applied_by_member_id",
            "ExpandableApprovalRequestResponse.appliedByMemberId",
            "ID of the member who applied it.",
            |row| row.request.applied_by_member_id.text(),
        ),
        R::lenient_text(
            "applied_by_service_token_id",
            "ExpandableApprovalRequestResponse.appliedByServiceTokenId",
            "ID of the service token that applied it.",
            |row| row.request.applied_by_service_token_id.text(),
        ),
        R::int(
            "review_count",
            "ExpandableApprovalRequestResponse.allReviews",
            "Number of reviews, comments included.",
            |row| length(row.request.all_reviews.len()),
        ),
        R::int("approval_count", "-", "Number of reviews that approve.", |row| {
            row.request.count("approve")
        }),
        R::int("decline_count", "-", "Number of reviews that decline.", |row| {
            row.request.count("decline")
        }),
        R::int("comment_count", "-", "Number of reviews that only comment.", |row| {
            row.request.count("comment")
        }),
        R::lenient_int(
            "instruction_count",
            "ExpandableApprovalRequestResponse.instructions",
            "Number of instructions in the change.",
            |row| row.request.instructions.number(),
        ),
        R::lenient_int(
            "conflict_count",
            "ExpandableApprovalRequestResponse.conflicts",
            "Number of other requests that it conflicts with.",
            |row| row.request.conflicts.number(),
        ),
        R::lenient_json(
            "notify_member_ids",
            "ExpandableApprovalRequestResponse.notifyMemberIds",
            "IDs of the members who are asked to review, as a JSON array.",
            |row| row.request.notify_member_ids.json(),
        ),
        R::lenient_text(
            "operating_on_id",
            "ExpandableApprovalRequestResponse.operatingOnId",
            "ID of the scheduled change that the request would edit or delete.",
            |row| row.request.operating_on_id.text(),
        ),
        R::lenient_text(
            "source_flag_key",
            "CopiedFromEnv.key",
            "Key of the flag whose configuration the request would copy.",
            |row| row.request.source.as_ref()?.key.text(),
        ),
        R::lenient_int(
            "source_flag_version",
            "CopiedFromEnv.version",
            "Version of that flag.",
            |row| row.request.source.as_ref()?.version,
        ),
        R::lenient_text(
            "external_id",
            "IntegrationMetadata.externalId",
            "ID of the request in the service that manages the approval.",
            |row| row.request.integration_metadata.as_ref()?.external_id.text(),
        ),
        R::lenient_text(
            "external_status",
            "IntegrationStatus.display",
            "Status of the request in that service, in the service's words.",
            |row| {
                let integration = row.request.integration_metadata.as_ref()?;
                integration.external_status.as_ref()?.display.text()
            },
        ),
        R::lenient_time(
            "external_status_checked_at",
            "IntegrationMetadata.lastChecked",
            "When LaunchDarkly last asked that service for the status.",
            |row| row.request.integration_metadata.as_ref()?.last_checked.number(),
        ),
        R::lenient_text(
            "workflow_name",
            "CustomWorkflowMeta.name",
            "Name of the workflow that made the request.",
            |row| row.request.custom_workflow_metadata.as_ref()?.name.text(),
        ),
        R::lenient_int(
            "workflow_stage_index",
            "CustomWorkflowStageMeta.index",
            "Position, from 0, of the workflow stage that made the request.",
            |row| row.request.custom_workflow_metadata.as_ref()?.stage.as_ref()?.index,
        ),
        R::lenient_text(
            "workflow_stage_name",
            "CustomWorkflowStageMeta.name",
            "Name of that workflow stage.",
            |row| {
                let workflow = row.request.custom_workflow_metadata.as_ref()?;
                workflow.stage.as_ref()?.name.text()
            },
        ),
        R::int(
            "version",
            "ExpandableApprovalRequestResponse._version",
            "Counts changes to the request.",
            |row| row.request.version,
        ),
    ];
}
