//! Segments: `GET /api/v2/segments/{project}/{environment}`,
//! <https://launchdarkly.com/docs/api/segments/get-segments>.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::decode::{count, json_list, length, null};
use super::keys::{self, Part, parts, tag_table};
use crate::Result;
use crate::launchdarkly::lenient::bounded::{Bounded, list};
use crate::launchdarkly::lenient::{
    Identifier, Moment, NumberField, TextField, identifiers, object, required_identifier,
    required_time,
};
use crate::model::resource::{Dropped, Group, ListResource, Paging, Resource};
use crate::model::scope::{Level, Scope};
use crate::model::table::{
    Column, Lenient, Sink, Table, TableInfo, Written, write_row, write_rows,
};

/// The segments of an environment. Who is in them is counted, never kept.
pub struct Segments;

impl Resource for Segments {
    type Item = Segment;
    const NAME: &'static str = "segments";
    const PATH: &'static str = "/api/v2/segments/{project}/{environment}";
    const LEVEL: Level = Level::Environment;
    const PERMISSION: &'static str = "viewProject";
    const GROUP: Group = Group::Default;
    const PAGING: Paging = Paging::Offset(50);
    const QUERY: &'static [(&'static str, &'static str)] = &[("sort", "creationDate")];
    const REQUESTS: &'static str = "an environment: ⌈segments / 50⌉, but at least 1";
    const TABLES: &'static [fn() -> TableInfo] =
        &[SegmentTable::info, TagTable::info, RuleTable::info, FlagTable::info];
    const DROPPED: &'static [Dropped] = &[
        Dropped { field: "UserSegment._links", reason: "link" },
        Dropped { field: "UserSegment._externalLink", reason: "link" },
        Dropped { field: "UserSegment._access", reason: "access detail" },
        Dropped { field: "FlagListingRep._links", reason: "link" },
        Dropped { field: "FlagListingRep._site", reason: "link" },
        Dropped { field: "FlagListingRep.name", reason: "duplicate of flags.name" },
        Dropped {
            field: "SegmentTarget.contextKind",
            reason: "tells users from contexts of other kinds, which are counted together",
        },
        Dropped {
            field: "SegmentMetadata.envId",
            reason: "duplicate of environments.environment_id",
        },
        Dropped { field: "SegmentMetadata.segmentId", reason: "ID in the store of big segments" },
        Dropped {
            field: "SegmentMetadata.version",
            reason: "version in the store of big segments, without documented meaning",
        },
        Dropped { field: "SegmentMetadata.deleted", reason: "duplicate of segments.deleted" },
    ];

    fn write(scope: &Scope, segment: &Segment, sink: &mut dyn Sink) -> Result<()> {
        let row = Row {
            project_key: scope.project_key(),
            environment_key: scope.environment_key(),
            segment,
        };
        if write_row::<SegmentTable>(sink, &row)? != Written::Fresh {
            return Ok(());
        }
        write_rows::<TagTable>(sink, parts(row, &segment.tags))?;
        write_rows::<RuleTable>(sink, parts(row, &segment.rules))?;
        let flags = segment.flags.iter().flat_map(|flags| &flags.0);
        write_rows::<FlagTable>(sink, flags.map(|flag| FlagRow { row, flag }))
    }
}

impl ListResource for Segments {
    fn key(segment: &Segment) -> &str {
        &segment.key
    }
}

/// A segment. Its members have no field to land in but their number.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Segment {
    #[serde(deserialize_with = "required_identifier")]
    key: String,
    #[serde(default)]
    name: Lenient<String>,
    description: Option<Lenient<String>>,
    version: i64,
    #[serde(deserialize_with = "required_time")]
    creation_date: i64,
    #[serde(default)]
    last_modified_date: Lenient<Moment>,
    generation: Option<Lenient<i64>>,
    deleted: Option<bool>,
    unbounded: Option<bool>,
    unbounded_context_kind: Option<Lenient<String>>,
    #[serde(rename = "_unboundedMetadata", default, deserialize_with = "object")]
    unbounded_metadata: Option<UnboundedMetadata>,
    #[serde(rename = "_external")]
    external: Option<Lenient<String>>,
    #[serde(rename = "_importInProgress")]
    import_in_progress: Option<Lenient<bool>>,
    #[serde(default, deserialize_with = "count")]
    included: Option<i64>,
    #[serde(default, deserialize_with = "count")]
    excluded: Option<i64>,
    #[serde(default, deserialize_with = "list")]
    included_contexts: Vec<Contexts>,
    #[serde(default, deserialize_with = "list")]
    excluded_contexts: Vec<Contexts>,
    #[serde(default, deserialize_with = "identifiers")]
    tags: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    rules: Vec<Rule>,
    #[serde(rename = "_flags")]
    flags: Option<Bounded<SegmentFlag>>,
}

/// What LaunchDarkly knows of a big segment's members, who are stored elsewhere.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct UnboundedMetadata {
    included_count: Option<Lenient<i64>>,
    excluded_count: Option<Lenient<i64>>,
    last_modified: Option<Lenient<Moment>>,
}

/// Individual contexts of one kind.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Contexts {
    #[serde(default, deserialize_with = "count")]
    values: Option<i64>,
    context_kind: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    #[serde(rename = "_id")]
    id: Option<Lenient<Identifier>>,
    description: Option<Lenient<String>>,
    #[serde(default = "null", deserialize_with = "json_list")]
    clauses: Box<RawValue>,
    weight: Option<Lenient<i64>>,
    bucket_by: Option<Lenient<String>>,
    rollout_context_kind: Option<Lenient<String>>,
}

#[derive(Debug, Deserialize)]
struct SegmentFlag {
    #[serde(deserialize_with = "required_identifier")]
    key: String,
}

/// Individual members of a segment.
struct Individuals {
    users: i64,
    others: i64,
}

impl Segment {
    fn is_unbounded(&self) -> bool {
        self.unbounded.unwrap_or(false)
    }

    fn included(&self) -> Individuals {
        Individuals::new(self.included, &self.included_contexts)
    }

    fn excluded(&self) -> Individuals {
        Individuals::new(self.excluded, &self.excluded_contexts)
    }

    /// The lists of a big segment are empty or missing, whoever is in it.
    fn known(&self, count: i64) -> Option<i64> {
        (count > 0 || !self.is_unbounded()).then_some(count)
    }
}

impl Individuals {
    /// Contexts of kind `user` have a list of their own, which the other may mirror.
    fn new(users: Option<i64>, contexts: &[Contexts]) -> Self {
        let is_user =
            |one: &&Contexts| one.context_kind.as_deref().is_none_or(|kind| kind == "user");
        let sum = |wanted: &dyn Fn(&&Contexts) -> bool| {
            contexts.iter().filter(wanted).filter_map(|one| one.values).sum::<i64>()
        };
        let users = users.unwrap_or(0) + sum(&is_user);
        Individuals { users, others: sum(&|one| !is_user(one)) }
    }
}

#[derive(Clone, Copy)]
struct Row<'a> {
    project_key: &'a str,
    environment_key: &'a str,
    segment: &'a Segment,
}

struct SegmentTable;
type S = Column<SegmentTable>;

impl Table for SegmentTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "segments";
    const DOC: &'static str = "One row per segment of each environment; who is in it is not kept.";
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
            |row| &row.segment.key,
        ),
        S::lenient_text("name", "UserSegment.name", "Name of the segment.", |row| {
            row.segment.name.text()
        }),
        S::lenient_text(
            "description",
            "UserSegment.description",
            "What the segment is for.",
            |row| row.segment.description.text(),
        ),
        S::int("version", "UserSegment.version", "Counts changes to the segment.", |row| {
            row.segment.version
        }),
        S::bool_opt("deleted", "UserSegment.deleted", "Whether it has been deleted.", |row| {
            row.segment.deleted
        }),
        S::bool(
            "unbounded",
            "UserSegment.unbounded",
            "Whether it is a big segment, whose members are stored apart from it.",
            |row| row.segment.is_unbounded(),
        ),
        S::lenient_text(
            "unbounded_context_kind",
            "UserSegment.unboundedContextKind",
            "Context kind of a big segment's members.",
            |row| row.segment.unbounded_context_kind.text(),
        ),
        S::lenient_int(
            "generation",
            "UserSegment.generation",
            "How often a big segment has been created under this key.",
            |row| row.segment.generation,
        ),
        S::lenient_text(
            "external",
            "UserSegment._external",
            "Where the members of a synced segment come from, such as `amplitude`.",
            |row| row.segment.external.text(),
        ),
        S::lenient_bool(
            "import_in_progress",
            "UserSegment._importInProgress",
            "Whether members of a big segment are being imported.",
            |row| row.segment.import_in_progress,
        ),
        S::int_opt(
            "included_count",
            "UserSegment.included",
            "Number of individually included users; NULL for a big segment that lists none.",
            |row| row.segment.known(row.segment.included().users),
        ),
        S::int_opt(
            "excluded_count",
            "UserSegment.excluded",
            "Number of individually excluded users; NULL for a big segment that lists none.",
            |row| row.segment.known(row.segment.excluded().users),
        ),
        S::int_opt(
            "included_context_count",
            "SegmentTarget.values",
            "Number of individually included contexts of other kinds; NULL for a big segment that lists none.",
            |row| row.segment.known(row.segment.included().others),
        ),
        S::int_opt(
            "excluded_context_count",
            "SegmentTarget.values",
            "Number of individually excluded contexts of other kinds; NULL for a big segment that lists none.",
            |row| row.segment.known(row.segment.excluded().others),
        ),
        S::lenient_int(
            "unbounded_included_count",
            "SegmentMetadata.includedCount",
            "Number of contexts that a big segment includes.",
            |row| row.segment.unbounded_metadata.as_ref()?.included_count,
        ),
        S::lenient_int(
            "unbounded_excluded_count",
            "SegmentMetadata.excludedCount",
            "Number of contexts that a big segment excludes.",
            |row| row.segment.unbounded_metadata.as_ref()?.excluded_count,
        ),
        S::int("rule_count", "UserSegment.rules", "Number of rules.", |row| {
            length(row.segment.rules.len())
        }),
        S::int_opt(
            "flag_count",
            "UserSegment._flags",
            "Number of flags that target it; NULL where the list does not say, as is documented.",
            |row| row.segment.flags.as_ref().map(|flags| length(flags.0.len())),
        ),
        S::time("created_at", "UserSegment.creationDate", "When the segment was created.", |row| {
            row.segment.creation_date
        }),
        S::lenient_time(
            "last_modified_at",
            "UserSegment.lastModifiedDate",
            "When it last changed.",
            |row| row.segment.last_modified_date.number(),
        ),
        S::lenient_time(
            "unbounded_last_modified_at",
            "SegmentMetadata.lastModified",
            "When the members of a big segment last changed.",
            |row| row.segment.unbounded_metadata.as_ref()?.last_modified.number(),
        ),
    ];
}

tag_table! {
    TagTable: "segment_tags", part of "segments", "One row per tag on each segment.",
    of: Row<'a>,
    key: ["project_key", "environment_key", "segment_key"],
    columns: [
        keys::project(|row| row.of.project_key),
        keys::environment(|row| row.of.environment_key),
        keys::segment(|row| &row.of.segment.key),
    ],
    tags: "UserSegment.tags",
}

struct RuleTable;
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
        keys::segment(|row| &row.of.segment.key),
        R::int("rule_index", "UserSegment.rules", "Position, from 0.", |row| row.index),
        R::lenient_text("rule_id", "UserSegmentRule._id", "ID of the rule.", |row| {
            row.item.id.text()
        }),
        R::lenient_text("description", "UserSegmentRule.description", "What it is for.", |row| {
            row.item.description.text()
        }),
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
            "Attribute that decides who is in that share.",
            |row| row.item.bucket_by.text(),
        ),
        R::lenient_text(
            "rollout_context_kind",
            "UserSegmentRule.rolloutContextKind",
            "Context kind that the share is of.",
            |row| row.item.rollout_context_kind.text(),
        ),
    ];
}

struct FlagRow<'a> {
    row: Row<'a>,
    flag: &'a SegmentFlag,
}

struct FlagTable;
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
        keys::segment(|row| &row.row.segment.key),
        F::text("flag_key", "FlagListingRep.key", "Key of the flag.", |row| &row.flag.key),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(members: &str) -> Segment {
        let head = r#""key":"k","name":"n","version":1,"creationDate":1,"lastModifiedDate":1"#;
        serde_json::from_str(&format!("{{{head},{members}}}")).unwrap()
    }

    #[test]
    fn members_are_counted_by_kind() {
        let segment = segment(
            r#""included":["a","b"],"includedContexts":[{"values":["c"]},
               {"contextKind":"user","values":[]},{"contextKind":"device","values":["d","e"]},
               {"contextKind":"account","values":null}],"excludedContexts":null"#,
        );
        assert_eq!(segment.known(segment.included().users), Some(3));
        assert_eq!(segment.known(segment.included().others), Some(2));
        assert_eq!(segment.known(segment.excluded().users), Some(0));
        assert_eq!(segment.known(segment.excluded().others), Some(0));
    }

    #[test]
    fn an_empty_list_of_a_big_segment_says_nothing() {
        let segment = segment(r#""unbounded":true,"included":[],"excluded":["a"]"#);
        assert_eq!(segment.known(segment.included().users), None);
        assert_eq!(segment.known(segment.excluded().users), Some(1));
    }

    #[test]
    fn no_member_of_a_segment_is_kept() {
        let segment = segment(
            r#""included":["mira"],"excluded":["mira"],
               "includedContexts":[{"contextKind":"device","values":["mira"]}],
               "excludedContexts":[{"contextKind":"device","values":["mira"]}]"#,
        );
        assert!(!format!("{segment:?}").contains("mira"));
    }
}
