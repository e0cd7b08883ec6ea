//! The tables of a segment's parts: its rules, and the flags that target it.

use super::{FlagRow, Row, Rule};
use crate::resources::prelude::*;

pub(super) struct RuleTable;
type R = Column<RuleTable>;

impl Table for RuleTable {
    type Row<'a> = Part<'a, Row<'a>, Rule>;
    const NAME: &'static str = "segment_rules";
    const DOC: &'static str = "One row per rule of each segment.";
    const KEY: &'static [&'static str] =
        &["project_key", "environment_key", "segment_key", "rule_index"];
    const PART_OF: Option<&'static str> = Some("segments");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.of.project_key),
        keys::environment(|row| row.of.environment_key),
        keys::segment(|row| &row.of.item.key),
        R::int("rule_index", "UserSegment.rules", "Position, from 0.", |row| row.index),
        R::lenient_text("rule_id", "UserSegmentRule._id", "ID of the rule.", |row| {
            row.item.id.text()
        }),
        common::description("UserSegmentRule.description", |row| row.item.description.text()),
        R::json(
            "clauses",
            "UserSegmentRule.clauses",
            "The conditions, all of which must hold, as JSON.",
            |row| row.item.clauses.get(),
        ),
        R::lenient_int(
            "weight",
            "UserSegmentRule.weight",
            "Share of matching contexts in thousandths of a percent; NULL for all of them.",
            |row| row.item.weight,
        ),
        R::lenient_text(
            "bucket_by",
            "UserSegmentRule.bucketBy",
            "Context attribute that decides which contexts are in that share.",
            |row| row.item.bucket_by.text(),
        ),
        R::lenient_text(
            "rollout_context_kind",
            "UserSegmentRule.rolloutContextKind",
            "Context kind that the share applies to.",
            |row| row.item.rollout_context_kind.text(),
        ),
    ];
}

pub(super) struct FlagTable;
type F = Column<FlagTable>;

impl Table for FlagTable {
    type Row<'a> = FlagRow<'a>;
    const NAME: &'static str = "segment_flags";
    const DOC: &'static str =
        "One row per flag that targets a segment, where `segments.flag_count` is not NULL.";
    const KEY: &'static [&'static str] =
        &["project_key", "environment_key", "segment_key", "flag_key"];
    const PART_OF: Option<&'static str> = Some("segments");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.row.project_key),
        keys::environment(|row| row.row.environment_key),
        keys::segment(|row| &row.row.item.key),
        F::text("flag_key", "FlagListingRep.key", "Key of the flag.", |row| &row.flag.key),
    ];
}
