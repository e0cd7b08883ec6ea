//! The table `segments`.

use super::Row;
use crate::resources::prelude::*;

pub(super) struct SegmentTable;
type S = Column<SegmentTable>;

impl Table for SegmentTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "segments";
    const DOC: &'static str =
        "One row per segment of each environment; its individual members are not stored.";
    const KEY: &'static [&'static str] = &["project_key", "environment_key", "segment_key"];
    const PARENTS: &'static [&'static str] = &["environments"];
    const VERSION: Option<&'static str> = Some("version");
    const CREATED: Option<&'static str> = Some("created_at");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.project_key),
        keys::environment(|row| row.environment_key),
        S::text(
            "segment_key",
            "UserSegment.key",
            "Key of the segment, unique in its environment.",
            |row| &row.item.key,
        ),
        common::name("UserSegment.name", |row| row.item.name.text()),
        common::description("UserSegment.description", |row| row.item.description.text()),
        S::int("version", "UserSegment.version", "Counts changes to the segment.", |row| {
            row.item.version
        }),
        S::bool_opt("deleted", "UserSegment.deleted", "Whether it has been deleted.", |row| {
            row.item.deleted
        }),
        S::bool(
            "unbounded",
            "UserSegment.unbounded",
            "Whether it is a big segment, whose members are stored separately.",
            |row| row.item.is_unbounded(),
        ),
        S::lenient_text(
            "unbounded_context_kind",
            "UserSegment.unboundedContextKind",
            "Context kind of a big segment's members.",
            |row| row.item.unbounded_context_kind.text(),
        ),
        S::lenient_int(
            "generation",
            "UserSegment.generation",
            "Number of times a big segment was created under this key.",
            |row| row.item.generation,
        ),
        S::lenient_text(
            "external",
            "UserSegment._external",
            "Where the members of a synced segment come from, such as `amplitude`.",
            |row| row.item.external.text(),
        ),
        S::lenient_bool(
            "import_in_progress",
            "UserSegment._importInProgress",
            "Whether members of a big segment are being imported.",
            |row| row.item.import_in_progress,
        ),
        S::int_opt(
            "included_count",
            "UserSegment.included",
            "Individually included users; NULL for a big segment that lists none.",
            |row| row.item.known(row.item.included().users),
        ),
        S::int_opt(
            "excluded_count",
            "UserSegment.excluded",
            "Individually excluded users; NULL for a big segment that lists none.",
            |row| row.item.known(row.item.excluded().users),
        ),
        S::int_opt(
            "included_context_count",
            "SegmentTarget.values",
            "Individually included other contexts; NULL for a big segment that lists none.",
            |row| row.item.known(row.item.included().others),
        ),
        S::int_opt(
            "excluded_context_count",
            "SegmentTarget.values",
            "Individually excluded other contexts; NULL for a big segment that lists none.",
            |row| row.item.known(row.item.excluded().others),
        ),
        S::lenient_int(
            "unbounded_included_count",
            "SegmentMetadata.includedCount",
            "Number of contexts that a big segment includes.",
            |row| row.item.unbounded_metadata.as_ref()?.included_count,
        ),
        S::lenient_int(
            "unbounded_excluded_count",
            "SegmentMetadata.excludedCount",
            "Number of contexts that a big segment excludes.",
            |row| row.item.unbounded_metadata.as_ref()?.excluded_count,
        ),
        S::int("rule_count", "UserSegment.rules", "Number of rules.", |row| {
            length(row.item.rules.len())
        }),
        S::int_opt(
            "flag_count",
            "UserSegment._flags",
            "Number of flags that target it; NULL where LaunchDarkly does not list them.",
            |row| row.item.flags.as_ref().map(|flags| length(flags.0.len())),
        ),
        S::time("created_at", "UserSegment.creationDate", "When the segment was created.", |row| {
            row.item.creation_date
        }),
        common::last_modified_at("UserSegment.lastModifiedDate", |row| {
            row.item.last_modified_date.number()
        }),
        S::lenient_time(
            "unbounded_last_modified_at",
            "SegmentMetadata.lastModified",
            "When the members of a big segment last changed.",
            |row| row.item.unbounded_metadata.as_ref()?.last_modified.number(),
        ),
    ];
}
