//! Approval requests: `GET /api/v2/approval-requests`,
//! <https://launchdarkly.com/docs/api/approvals/get-approval-requests>.

mod request_table;

use crate::launchdarkly::lenient::{Count, list_length, required_time};
use crate::resources::prelude::*;
use crate::resources::specifier::Specifier;
use request_table::RequestTable;

/// The requests to approve a change: pending, approved and declined.
pub struct ApprovalRequests;

impl Resource for ApprovalRequests {
    type Item = ApprovalRequest;
    const NAME: &'static str = "approval_requests";
    const PATH: &'static str = "/api/v2/approval-requests";
    const LEVEL: Level = Level::Account;
    const PERMISSION: &'static str = "";
    const GROUP: Group = Group::Default;
    const PAGING: Paging = Paging::Offset(200);
    const REQUESTS: &'static str = "⌈approval requests / 200⌉";
    const TABLES: &'static [fn() -> TableInfo] = &[RequestTable::info, ReviewTable::info];
    const DROPPED: &'static [Dropped] = &[
        dropped("ExpandableApprovalRequestResponse._links", "link"),
        dropped(
            "ExpandableApprovalRequestResponse.approvalSettings",
            "duplicate of the environment's: see `environments`",
        ),
        dropped(
            "ExpandableApprovalRequestResponse.project",
            "not in the list unless expanded: see `projects`",
        ),
        dropped(
            "ExpandableApprovalRequestResponse.environments",
            "not in the list unless expanded: see `environments`",
        ),
        dropped(
            "ExpandableApprovalRequestResponse.flag",
            "not in the list unless expanded: see `flags`",
        ),
        dropped(
            "ExpandableApprovalRequestResponse.resource",
            "not in the list unless expanded: resource_kind and resource_key name it",
        ),
        dropped("IntegrationMetadata.externalUrl", "link that may hold a secret"),
        dropped("IntegrationStatus.value", "duplicate of IntegrationStatus.display"),
        dropped("Conflict.instruction", "counted: it has no documented form"),
        dropped("Conflict.reason", "counted"),
    ];

    fn write(_: &Scope, request: &ApprovalRequest, sink: &mut dyn Sink) -> Result<()> {
        let resource = request.resource_id.as_deref().map(Specifier::parse);
        let row = Row { request, resource: resource.unwrap_or_default() };
        write_with_parts::<RequestTable, ReviewTable>(
            sink,
            &row,
            parts(request, &request.all_reviews),
        )
    }
}

impl ListResource for ApprovalRequests {
    fn key(request: &ApprovalRequest) -> &str {
        &request.id
    }
}

/// A request. Its instructions may name end users in targets, so they are only counted.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApprovalRequest {
    #[serde(rename = "_id", deserialize_with = "required_identifier")]
    id: String,
    #[serde(rename = "_version")]
    version: i64,
    #[serde(deserialize_with = "required_time")]
    creation_date: i64,
    #[serde(default)]
    service_kind: Lenient<String>,
    review_status: String,
    status: String,
    description: Option<Lenient<String>>,
    requestor_id: Option<Lenient<Identifier>>,
    #[serde(default, deserialize_with = "identifier")]
    resource_id: Option<String>,
    applied_date: Option<Lenient<Moment>>,
    applied_by_member_id: Option<Lenient<Identifier>>,
    applied_by_service_token_id: Option<Lenient<Identifier>>,
    execution_date: Option<Lenient<Moment>>,
    operating_on_id: Option<Lenient<Identifier>>,
    notify_member_ids: Option<Lenient<JsonList>>,
    #[serde(default, deserialize_with = "list")]
    all_reviews: Vec<Review>,
    #[serde(default, deserialize_with = "list_length")]
    instructions: Option<Lenient<Count>>,
    #[serde(default, deserialize_with = "list_length")]
    conflicts: Option<Lenient<Count>>,
    #[serde(default, deserialize_with = "object")]
    integration_metadata: Option<Integration>,
    #[serde(default, deserialize_with = "object")]
    source: Option<Source>,
    #[serde(default, deserialize_with = "object")]
    custom_workflow_metadata: Option<Workflow>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Review {
    #[serde(rename = "_id")]
    id: Option<Lenient<Identifier>>,
    kind: String,
    creation_date: Option<Lenient<Moment>>,
    comment: Option<Lenient<String>>,
    member_id: Option<Lenient<Identifier>>,
    service_token_id: Option<Lenient<Identifier>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Integration {
    external_id: Option<Lenient<Identifier>>,
    #[serde(default, deserialize_with = "object")]
    external_status: Option<IntegrationStatus>,
    last_checked: Option<Lenient<Moment>>,
}

#[derive(Debug, Deserialize)]
struct IntegrationStatus {
    display: Option<Lenient<String>>,
}

#[derive(Debug, Deserialize)]
struct Source {
    key: Option<Lenient<Identifier>>,
    version: Option<Lenient<i64>>,
}

#[derive(Debug, Deserialize)]
struct Workflow {
    name: Option<Lenient<String>>,
    #[serde(default, deserialize_with = "object")]
    stage: Option<Stage>,
}

#[derive(Debug, Deserialize)]
struct Stage {
    index: Option<Lenient<i64>>,
    name: Option<Lenient<String>>,
}

impl ApprovalRequest {
    fn count(&self, kind: &str) -> i64 {
        length(self.all_reviews.iter().filter(|review| review.kind == kind).count())
    }
}

struct Row<'a> {
    request: &'a ApprovalRequest,
    resource: Specifier<'a>,
}

struct ReviewTable;
type V = Column<ReviewTable>;

impl Table for ReviewTable {
    type Row<'a> = Part<'a, &'a ApprovalRequest, Review>;
    const NAME: &'static str = "approval_reviews";
    const DOC: &'static str = "One row per review of each approval request.";
    const KEY: &'static [&'static str] = &["approval_request_id", "review_index"];
    const PART_OF: Option<&'static str> = Some("approval_requests");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::approval_request(|row| &row.of.id),
        V::int(
            "review_index",
            "ExpandableApprovalRequestResponse.allReviews",
            "Position in the request's list, from 0.",
            |row| row.index,
        ),
        V::lenient_text("review_id", "ReviewResponse._id", "ID of the review.", |row| {
            row.item.id.text()
        }),
        V::text("kind", "ReviewResponse.kind", "`approve`, `decline` or `comment`.", |row| {
            &row.item.kind
        }),
        V::lenient_text(
            "member_id",
            "ReviewResponse.memberId",
            "ID of the member who reviewed.",
            |row| row.item.member_id.text(),
        ),
        V::lenient_text(
            "service_token_id",
            "ReviewResponse.serviceTokenId",
            "ID of the service token that reviewed.",
            |row| row.item.service_token_id.text(),
        ),
        V::lenient_time(
            "created_at",
            "ReviewResponse.creationDate",
            "When the review was written.",
            |row| row.item.creation_date.number(),
        ),
        V::lenient_text("comment", "ReviewResponse.comment", "Text of the review.", |row| {
            row.item.comment.text()
        })
        .personal(),
    ];
}
