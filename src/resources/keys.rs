//! Columns and rows that several resources share: the keys that place a row, its tags, and the
//! elements of a list inside an object.

use crate::model::scope::Scope;
use crate::model::table::{Column, Table};

/// Declares one constructor for each key column that tables of several resources carry.
macro_rules! key_columns {
    ($($(#[$meta:meta])* $name:ident: $column:literal, $source:literal, $doc:literal;)*) => {
        $($(#[$meta])*
        pub(super) const fn $name<T: Table>(
            read: for<'r, 'a> fn(&'r T::Row<'a>) -> &'r str,
        ) -> Column<T> {
            Column::text($column, $source, $doc, read)
        })*
    };
}

key_columns! {
    /// The project that a row belongs to.
    project: "project_key", "Project.key", "Key of the project.";
    /// The environment that a row belongs to.
    environment: "environment_key", "Environment.key", "Key of the environment.";
    /// The flag that a row belongs to.
    flag: "flag_key", "FeatureFlag.key", "Key of the flag.";
    /// The team that a row belongs to.
    team: "team_key", "Team.key", "Key of the team.";
    /// The experiment that a row belongs to.
    experiment: "experiment_key", "Experiment.key", "Key of the experiment.";
    /// The member that a row belongs to.
    member: "member_id", "Member._id", "ID of the member.";
    /// The release pipeline that a row belongs to.
    release_pipeline: "release_pipeline_key", "ReleasePipeline.key", "Key of the pipeline.";
    /// The segment that a row belongs to.
    segment: "segment_key", "UserSegment.key", "Key of the segment.";
    /// The access token that a row belongs to.
    access_token: "access_token_id", "Token._id", "ID of the token.";
    /// The AI config that a row belongs to.
    ai_config: "ai_config_key", "AIConfig.key", "Key of the AI config.";
    /// The approval request that a row belongs to.
    approval_request: "approval_request_id", "ExpandableApprovalRequestResponse._id", "ID of the request.";
    /// The entry of the audit log that a row belongs to.
    audit_log_entry: "entry_id", "AuditLogEntryListingRep._id", "ID of the entry.";
    /// The store of big segments that a row belongs to.
    big_segment_store: "big_segment_store_id", "BigSegmentStoreIntegration._id", "ID of the store.";
    /// The environment of the experiment that a row belongs to.
    experiment_environment: "environment_key", "Experiment.environmentKey", "Key of the environment.";
    /// The holdout that a row belongs to.
    holdout: "holdout_key", "SimpleHoldoutRep.key", "Key of the holdout.";
    /// The integration configuration that a row belongs to.
    integration_configuration: "integration_configuration_id", "IntegrationDeliveryConfiguration._id", "ID of the configuration.";
    /// The layer that a row belongs to.
    layer: "layer_key", "LayerRep.key", "Key of the layer.";
    /// The metric group that a row belongs to.
    metric_group: "metric_group_key", "MetricGroupRep.key", "Key of the group.";
    /// The custom role that a row belongs to.
    custom_role: "custom_role_id", "CustomRole._id", "ID of the role.";
    /// The webhook that a row belongs to.
    webhook: "webhook_id", "Webhook._id", "ID of the webhook.";
}

/// An item of a list, with the scope that the list was read in.
pub(super) struct InScope<'a, I> {
    /// Empty for a list of the account.
    pub project_key: &'a str,
    /// Empty for a list of the account or a project.
    pub environment_key: &'a str,
    /// The item.
    pub item: &'a I,
}

impl<'a, I> InScope<'a, I> {
    pub fn new(scope: &'a Scope, item: &'a I) -> Self {
        let (project_key, environment_key) = (scope.project_key(), scope.environment_key());
        InScope { project_key, environment_key, item }
    }
}

impl<I> Clone for InScope<'_, I> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I> Copy for InScope<'_, I> {}

/// One element of a list inside an object: a row of a table whose rows are parts of that object's.
pub(super) struct Part<'a, O, I> {
    /// The object's own row, or the object.
    pub of: O,
    /// The element's position in the list, from 0.
    pub index: i64,
    /// The element.
    pub item: &'a I,
}

impl<O: Copy, I> Clone for Part<'_, O, I> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O: Copy, I> Copy for Part<'_, O, I> {}

/// The elements of a list inside the object `of`, as rows.
pub(super) fn parts<'a, O: Copy, I: 'a>(
    of: O,
    items: impl IntoIterator<Item = &'a I>,
) -> impl Iterator<Item = Part<'a, O, I>> {
    (0..).zip(items).map(move |(index, item)| Part { of, index, item })
}

/// Defines the table of an object's tags: one row for each tag, keyed by the object's key and the
/// tag. `of` is the type of the object's row, and `columns` are the columns of its key.
macro_rules! tag_table {
    (
        $table:ident: $name:literal, part of $parent:literal, $doc:literal,
        of: $of:ty,
        key: [$($key:literal),*],
        columns: [$($column:expr),* $(,)?],
        tags: $source:literal $(,)?
    ) => {
        struct $table;

        impl $crate::model::table::Table for $table {
            type Row<'a> = $crate::resources::keys::Part<'a, $of, String>;
            const NAME: &'static str = $name;
            const DOC: &'static str = $doc;
            const KEY: &'static [&'static str] = &[$($key,)* "tag"];
            const PART_OF: Option<&'static str> = Some($parent);
            const COLUMNS: &'static [$crate::model::table::Column<Self>] = &[
                $($column,)*
                $crate::model::table::Column::text("tag", $source, "The tag.", |row| row.item),
            ];
        }
    };
}
pub(super) use tag_table;
