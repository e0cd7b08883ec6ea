//! The table `audit_log`.

use super::{Row, some};
use crate::resources::prelude::*;

pub(super) struct EntryTable;
type E = Column<EntryTable>;

impl Table for EntryTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "audit_log_entries";
    const DOC: &'static str =
        "One row per entry of the audit log; rows are kept after LaunchDarkly deletes the entries.";
    const KEY: &'static [&'static str] = &["entry_id"];
    const ACCUMULATES: bool = true;
    const COLUMNS: &'static [Column<Self>] = &[
        keys::audit_log_entry(|row| &row.entry.id),
        E::time("occurred_at", "AuditLogEntryListingRep.date", "When it happened.", |row| {
            row.entry.date
        }),
        E::text(
            "kind",
            "AuditLogEntryListingRep.kind",
            "Kind of the object that was changed, such as `flag` or `member`.",
            |row| &row.entry.kind,
        ),
        E::lenient_text(
            "name",
            "AuditLogEntryListingRep.name",
            "Name of the object that was changed; for a member, the member's name.",
            |row| row.entry.name.text(),
        )
        .personal(),
        E::lenient_text(
            "title_verb",
            "AuditLogEntryListingRep.titleVerb",
            "The action as a verb phrase, such as `turned on the flag`.",
            |row| row.entry.title_verb.text(),
        ),
        E::lenient_text(
            "title",
            "AuditLogEntryListingRep.title",
            "Who did what, in Markdown.",
            |row| row.entry.title.text(),
        )
        .personal(),
        E::lenient_text(
            "short_description",
            "AuditLogEntryListingRep.shortDescription",
            "The change in brief.",
            |row| row.entry.short_description.text(),
        )
        .personal(),
        E::lenient_text(
            "description",
            "AuditLogEntryListingRep.description",
            "The change, in Markdown.",
            |row| row.entry.description.text(),
        )
        .personal(),
        E::text_opt(
            "comment",
            "AuditLogEntryListingRep.comment",
            "Comment that the author wrote about the change.",
            |row| some(row.entry.comment.as_ref()),
        )
        .personal(),
        E::text_opt("member_id", "MemberDataRep._id", "ID of the member who did it.", |row| {
            row.entry.member.as_ref()?.id.as_deref()
        }),
        E::text_opt(
            "member_email",
            "MemberDataRep.email",
            "Email address of the member at the time.",
            |row| row.entry.member.as_ref()?.email.as_deref(),
        )
        .personal(),
        E::lenient_text(
            "member_first_name",
            "MemberDataRep.firstName",
            "First name of the member at the time.",
            |row| row.entry.member.as_ref()?.first_name.text(),
        )
        .personal(),
        E::lenient_text(
            "member_last_name",
            "MemberDataRep.lastName",
            "Last name of the member at the time.",
            |row| row.entry.member.as_ref()?.last_name.text(),
        )
        .personal(),
        E::text_opt(
            "app_id",
            "AuthorizedAppDataRep._id",
            "ID of the application that did it.",
            |row| row.entry.app.as_ref()?.id.as_deref(),
        ),
        E::lenient_text(
            "app_name",
            "AuthorizedAppDataRep.name",
            "Name of the application that did it.",
            |row| row.entry.app.as_ref()?.name.text(),
        ),
        E::lenient_bool(
            "app_is_scim",
            "AuthorizedAppDataRep.isScim",
            "Whether the application provisions members over SCIM.",
            |row| row.entry.app.as_ref()?.is_scim,
        ),
        E::text_opt(
            "token_id",
            "TokenSummary._id",
            "ID of the access token it was done with.",
            |row| row.entry.token.as_ref()?.id.as_deref(),
        ),
        E::lenient_text(
            "token_name",
            "TokenSummary.name",
            "Name of the access token it was done with.",
            |row| row.entry.token.as_ref()?.name.text(),
        )
        .personal(),
        E::lenient_bool(
            "service_token",
            "TokenSummary.serviceToken",
            "Whether that is a service token, which belongs to no member.",
            |row| row.entry.token.as_ref()?.service_token,
        ),
        E::lenient_text(
            "subject_name",
            "SubjectDataRep.name",
            "Name of the member, application or token that did it.",
            |row| row.entry.subject.as_ref()?.name.text(),
        )
        .personal(),
        E::text_opt(
            "project_key",
            "-",
            "Key of the project of the first resource, which may be the project itself.",
            |row| row.about.project_key,
        ),
        E::text_opt(
            "environment_key",
            "-",
            "Key of the environment of the first resource; NULL where the entry names several.",
            |row| row.about.environment_key,
        ),
        E::text_opt(
            "resource_kind",
            "-",
            "Kind of the first resource, as resource specifiers name it: `flag`, `env`, `member`.",
            |row| row.about.resource_kind,
        ),
        E::text_opt("resource_key", "-", "Key or ID of the first resource.", |row| {
            row.about.resource_key
        })
        .mentions_people(),
        E::lenient_text(
            "related_flag_key",
            "RelatedFlag.key",
            "Key of a flag that the entry concerns.",
            |row| row.entry.related_flag.as_ref()?.key.text(),
        ),
        E::lenient_text(
            "related_experiment_key",
            "RelatedExperiment.key",
            "Key of an experiment that the entry concerns.",
            |row| row.entry.related_experiment.as_ref()?.key.text(),
        ),
        E::lenient_text(
            "related_ai_config_key",
            "RelatedAIConfig.key",
            "Key of an AI config that the entry concerns.",
            |row| row.entry.related_ai_config.as_ref()?.key.text(),
        ),
        E::lenient_text(
            "target_name",
            "TargetResourceRep.name",
            "Name of the object that was changed.",
            |row| row.entry.target.as_ref()?.name.text(),
        )
        .personal(),
        E::json_opt(
            "target_resources",
            "TargetResourceRep.resources",
            "Resource specifiers of the objects that were changed, as a JSON array.",
            |row| row.targets.as_deref(),
        )
        .mentions_people(),
        E::lenient_text(
            "parent_name",
            "ParentResourceRep.name",
            "Name of the object that contains it.",
            |row| row.entry.parent.as_ref()?.name.text(),
        )
        .personal(),
        E::text_opt(
            "parent_resource",
            "ParentResourceRep.resource",
            "Resource specifier of the object that contains it.",
            |row| row.entry.parent.as_ref()?.resource.as_deref(),
        )
        .mentions_people(),
    ];
}
