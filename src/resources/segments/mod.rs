//! Segments: `GET /api/v2/segments/{project}/{environment}`,
//! <https://launchdarkly.com/docs/api/segments/get-segments>.

mod part_tables;
mod segment_table;

use serde_json::value::RawValue;

use crate::launchdarkly::lenient::bounded::Bounded;
use crate::launchdarkly::lenient::required_time;
use crate::resources::decode::{count, json_list, null};
use crate::resources::prelude::*;
use part_tables::{FlagTable, RuleTable};
use segment_table::SegmentTable;

/// The segments of an environment. Their individual members are counted, never stored.
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
        dropped("UserSegment._links", "link"),
        dropped("UserSegment._externalLink", "link"),
        dropped("UserSegment._access", "access detail"),
        dropped("FlagListingRep._links", "link"),
        dropped("FlagListingRep._site", "link"),
        dropped("FlagListingRep.name", "duplicate of flags.name"),
        dropped(
            "SegmentTarget.contextKind",
            "tells users from contexts of other kinds, which are counted together",
        ),
        dropped("SegmentMetadata.envId", "duplicate of environments.environment_id"),
        dropped("SegmentMetadata.segmentId", "ID in the store of big segments"),
        dropped(
            "SegmentMetadata.version",
            "version in the store of big segments, without documented meaning",
        ),
        dropped("SegmentMetadata.deleted", "duplicate of segments.deleted"),
    ];

    fn write(scope: &Scope, segment: &Segment, sink: &mut dyn Sink) -> Result<()> {
        let row = InScope::new(scope, segment);
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

/// A segment. Of its individual members, only the number is read.
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

/// LaunchDarkly's figures about the members of a big segment, which are stored separately.
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

    /// `count`, unless it is a big segment's zero: its lists are empty or missing in any case.
    fn known(&self, count: i64) -> Option<i64> {
        (count > 0 || !self.is_unbounded()).then_some(count)
    }
}

impl Individuals {
    /// Contexts of kind `user` have their own list; the list of contexts may repeat the kind.
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

type Row<'a> = InScope<'a, Segment>;

tag_table! {
    TagTable: "segment_tags", part of "segments", "One row per tag on each segment.",
    of: Row<'a>,
    key: ["project_key", "environment_key", "segment_key"],
    columns: [
        keys::project(|row| row.of.project_key),
        keys::environment(|row| row.of.environment_key),
        keys::segment(|row| &row.of.item.key),
    ],
    tags: "UserSegment.tags",
}

struct FlagRow<'a> {
    row: Row<'a>,
    flag: &'a SegmentFlag,
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
