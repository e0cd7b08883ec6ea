//! Flag statuses: `GET /api/v2/flag-statuses/{project}/{environment}`, one unpaged request for
//! all flags, <https://launchdarkly.com/docs/api/feature-flags/get-feature-flag-statuses>.

use percent_encoding::percent_decode_str;
use serde_json::value::RawValue;

use super::decode::text_time;
use crate::Error;
use crate::launchdarkly::json_stream::page::Link;
use crate::resources::prelude::*;

/// Whether each flag is new, active, launched or inactive in an environment.
pub struct FlagStatuses;

impl Resource for FlagStatuses {
    type Item = FlagStatus;
    const NAME: &'static str = "flag_statuses";
    const PATH: &'static str = "/api/v2/flag-statuses/{project}/{environment}";
    const LEVEL: Level = Level::Environment;
    const PERMISSION: &'static str = "viewProject";
    const PAGING: Paging = Paging::Whole;
    const REQUESTS: &'static str = "1 an environment";
    const NEEDS: &'static [&'static str] = &["flags"];
    const TABLES: &'static [fn() -> TableInfo] = &[StatusTable::info];
    const DROPPED: &'static [Dropped] =
        &[dropped("FlagStatusRep._links", "link: only the flag's key is taken")];

    fn write(scope: &Scope, status: &FlagStatus, sink: &mut dyn Sink) -> Result<()> {
        let flag_key = status.flag_key().ok_or_else(|| {
            let reason = "neither `parent` nor `self` leads to a flag";
            Error::unexpected(Self::NAME, "items[]._links", reason)
        })?;
        write_row::<StatusTable>(sink, &Row { scope, flag_key: &flag_key, status }).map(drop)
    }
}

/// The column that says when the current status was first seen.
pub const STATUS_SINCE: &str = "status_since";

/// The per-flag endpoint: it is used where the bulk list is refused, and for a flag that the
/// bulk list does not contain.
pub const ONE_PATH: &str = "/api/v2/flag-statuses/{project}/{environment}/{flag}";

/// A flag's status in one environment. Only the links contain the flag's key.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FlagStatus {
    name: String,
    #[serde(default, deserialize_with = "text_time")]
    last_requested: Option<i64>,
    /// `null` where no code has been seen, as if absent.
    default: Option<Box<RawValue>>,
    #[serde(rename = "_links")]
    links: StatusLinks,
    /// The key, where the request named it.
    #[serde(skip)]
    requested: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct StatusLinks {
    parent: Option<Link>,
    #[serde(rename = "self")]
    itself: Option<Link>,
}

impl FlagStatus {
    /// The status of the flag that a request named.
    pub fn requested(mut self, flag_key: &str) -> Self {
        self.requested = Some(flag_key.to_owned());
        self
    }

    /// The last segment of `parent`, the flag; of `self` where there is no `parent`.
    fn flag_key(&self) -> Option<String> {
        if self.requested.is_some() {
            return self.requested.clone();
        }
        let links = [&self.links.parent, &self.links.itself];
        let hrefs = links.into_iter().flatten().filter_map(|link| link.href.as_deref());
        hrefs.filter_map(last_segment).next()
    }
}

fn last_segment(href: &str) -> Option<String> {
    let path = href.split(['?', '#']).next()?.trim_end_matches('/');
    let segment = path.rsplit('/').next().filter(|segment| !segment.is_empty())?;
    percent_decode_str(segment).decode_utf8().ok().map(|key| key.into_owned())
}

struct Row<'a> {
    scope: &'a Scope,
    flag_key: &'a str,
    status: &'a FlagStatus,
}

struct StatusTable;
type S = Column<StatusTable>;

impl Table for StatusTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "flag_statuses";
    const DOC: &'static str = "One row per flag and environment with a status.";
    const KEY: &'static [&'static str] = &["project_key", "flag_key", "environment_key"];
    const PARENTS: &'static [&'static str] = &["flags", "environments"];
    const HISTORY: bool = true;
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.scope.project_key()),
        keys::flag(|row| row.flag_key),
        keys::environment(|row| row.scope.environment_key()),
        S::text(
            "status",
            "FlagStatusRep.name",
            "`new`, `active`, `launched` or `inactive`, as LaunchDarkly judges the last 7 days.",
            |row| &row.status.name,
        ),
        S::time_opt(
            "last_requested_at",
            "FlagStatusRep.lastRequested",
            "When an SDK last requested the flag; NULL for never.",
            |row| row.status.last_requested,
        )
        .volatile(),
        S::json_opt(
            "default_value",
            "FlagStatusRep.default",
            "The fallback value that LaunchDarkly has seen in code, as JSON.",
            |row| row.status.default.as_deref().map(RawValue::get),
        ),
        S::time_opt(
            STATUS_SINCE,
            "-",
            "Start of the first run that saw this status; never after that of the newest run.",
            // The destination fills it, by comparing with earlier runs.
            |_| None,
        )
        .volatile(),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(links: &str) -> Option<String> {
        let body = format!(r#"{{"name":"new","_links":{links}}}"#);
        serde_json::from_str::<FlagStatus>(&body).unwrap().flag_key()
    }

    #[test]
    fn the_key_is_the_last_segment_of_parent_else_of_self() {
        let both = r#"{"self":{"href":"/api/v2/flag-statuses/p/wrong"},"parent":{"href":"/api/v2/flags/p/a%20b"}}"#;
        assert_eq!(key(both).as_deref(), Some("a b"));
        let own = r#"{"self":{"href":"/api/v2/flag-statuses/p/e/flag/?x=1"}}"#;
        assert_eq!(key(own).as_deref(), Some("flag"));
        assert_eq!(key("{}"), None);
    }
}
