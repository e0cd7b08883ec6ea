//! The fake server's behaviour where LaunchDarkly's documentation is silent or contradicts itself,
//! and deviations from it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::{Churn, Faults, RateLimit, Scripted, Writes, lists};

macro_rules! families {
    ($($module:ident => $family:ident),* $(,)?) => {
        /// A family of routes that share a permission, a largest page and a rate limit.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Family {
            /// `/caller-identity`
            CallerIdentity,
            /// `/projects`, `/projects/{project}`
            Projects,
            /// `/projects/{project}/environments`, `/projects/{project}/environments/{environment}`
            Environments,
            /// `/tags`
            Tags,
            /// `/teams`, `/teams/{team}`
            Teams,
            /// `/teams/{team}/maintainers`
            TeamMaintainers,
            /// `/members`
            Members,
            /// `/flags/{project}`, `/flags/{project}/{flag}`
            Flags,
            /// `/flag-statuses/{project}/{environment}`: all flags of one environment
            FlagStatuses,
            /// `/flag-statuses/{project}/{environment}/{flag}`, `/flag-status/{project}/{flag}`:
            /// one flag
            FlagStatus,
            /// `/code-refs/statistics/{project}`
            CodeReferences,
            /// `/auditlog`
            AuditLog,
            /// `/flags/{project}/{environment}/{flag}/dependent-flags`
            DependentFlags,
            /// `/projects/{project}/flags/{flag}/environments/{environment}/scheduled-changes`
            ScheduledChanges,
            /// `/v2/event-data-import/{project}/{environment}`, on the host for events
            EventImport,
            /// `/segment-targets/{integration}`
            SegmentTargets,
            $(
                #[doc = concat!("The list in `lists/", stringify!($module), ".rs`.")]
                $family,
            )*
        }
    };
}
crate::lists::every_listing!(families);

impl Family {
    /// Whether the routes are in beta: they answer 403 without the header that asks for that.
    pub fn is_beta(self) -> bool {
        let is_listed = lists::listing(self).is_some_and(|listing| listing.is_beta);
        is_listed || self == Family::DependentFlags
    }
}

/// The effect of a `limit` above the largest page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OverLimit {
    /// It counts as the largest page.
    #[default]
    Clamp,
    /// 400.
    Reject,
}

/// The effect of more than three `env` on one list of flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TooManyEnvironments {
    /// 400.
    #[default]
    Reject,
    /// The first three count.
    Truncate,
    /// All are served.
    Allow,
}

/// The effect of an `env` that the project does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownEnvironment {
    /// It is ignored.
    #[default]
    Ignore,
    /// 404.
    NotFound,
}

/// Whether a `before` filter includes its own millisecond: for flags by `creationDate`, and for
/// entries of the audit log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Boundary {
    /// It does not.
    #[default]
    Exclusive,
    /// It does.
    Inclusive,
}

/// How a status says that its flag was never requested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NeverRequested {
    /// `"lastRequested": null`
    #[default]
    Null,
    /// No `lastRequested`.
    Absent,
}

/// Where a list's `next` leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum NextLinks {
    /// To the next page, as long as there is one.
    #[default]
    Right,
    /// From every page to another origin, such as `http://127.0.0.1:1`, with the right path and
    /// query.
    OtherHost(String),
    /// To the next page by a scheme that is not HTTP.
    OtherScheme,
    /// From every page to itself.
    SamePage,
    /// From every page to the one after it, the last page included: past the end, pages are empty.
    Always,
}

/// The server's switches. The default is the documented behaviour, or the most likely one where
/// nothing is documented.
#[derive(Clone, Debug)]
pub struct Behaviour {
    /// How long each request takes, before its answer starts.
    pub latency: Duration,
    /// Number of concurrent requests above which the latency grows in proportion: with twice as
    /// many, each takes twice as long.
    pub capacity: Option<usize>,
    /// Rate limits and their headers; numbers and the choice of headers are unpublished.
    pub rate_limit: RateLimit,
    /// Answers for chosen requests; the first entry that fits and has `times` left is used.
    pub script: Vec<Scripted>,
    /// Faults in place of answers that are not scripted.
    pub faults: Option<Faults>,
    /// Changes of the account, ahead of each answer with data.
    pub churn: Option<Churn>,
    /// Families answered with a status in place of data, for every token: plans without teams (403,
    /// 404 or 405?), a refused list of statuses.
    pub refused: BTreeMap<Family, u16>,
    /// Unknown: what happens to a `limit` above the maximum.
    pub over_limit: OverLimit,
    /// Unknown: largest pages that differ from the documented ones.
    pub maximum: BTreeMap<Family, usize>,
    /// A server that always serves its default page of 20.
    pub ignore_limit: bool,
    /// A server that always serves its own order.
    pub ignore_sort: bool,
    /// A server that filters nothing, `archived=true` included.
    pub ignore_filter: bool,
    /// A server that does not know `creationDate` as a filter.
    pub ignore_creation_filter: bool,
    /// A server that expands nothing.
    pub ignore_expand: bool,
    /// Unknown: whether `before` takes in its own millisecond.
    pub creation_before: Boundary,
    /// Unknown: whether `before` takes in its own millisecond in the audit log.
    pub audit_before: Boundary,
    /// `totalCount` is optional in every list.
    pub omit_total_count: bool,
    /// Lists without `first`, `prev`, `next` and `last`, as was seen for segments.
    pub omit_page_links: bool,
    /// Where `next` leads, unless there are no such links.
    pub next_links: NextLinks,
    /// Unknown: whether `totalCount` counts the filtered items or all items.
    pub total_count_ignores_filter: bool,
    /// Unknown: what happens to a fourth `env`.
    pub too_many_environments: TooManyEnvironments,
    /// Unknown: what happens to an `env` that does not exist.
    pub unknown_environment: UnknownEnvironment,
    /// Unknown: whether the list without a `state` filter has deprecated flags.
    pub list_includes_deprecated: bool,
    /// Contradicted: whether the list without a `state` filter has archived flags.
    pub list_includes_archived: bool,
    /// Environments in an expanded project.
    pub nested_environments: usize,
    /// Maintainers in an expanded team.
    pub nested_maintainers: usize,
    /// Seen both ways: how a status says that its flag was never requested.
    pub never_requested: NeverRequested,
    /// Unknown: whether statuses include those of archived flags.
    pub statuses_include_archived: bool,
    /// Keys of flags that the list of statuses lacks, though each has a status when asked for by
    /// itself.
    pub statuses_lack: BTreeSet<String>,
    /// Documented both ways: whether an empty list of statuses is `"items": null`.
    pub empty_statuses_are_null: bool,
    /// Statuses whose `_links` lack `parent`.
    pub omit_status_parent: bool,
    /// As in the documentation's example: `_links.self` of a status does not name the environment.
    pub status_self_lacks_environment: bool,
    /// The switches of requests that write.
    pub writes: Writes,
}

impl Default for Behaviour {
    fn default() -> Self {
        Behaviour {
            latency: Duration::ZERO,
            capacity: None,
            rate_limit: RateLimit::default(),
            script: Vec::new(),
            faults: None,
            churn: None,
            refused: BTreeMap::new(),
            over_limit: OverLimit::default(),
            maximum: BTreeMap::new(),
            ignore_limit: false,
            ignore_sort: false,
            ignore_filter: false,
            ignore_creation_filter: false,
            ignore_expand: false,
            creation_before: Boundary::default(),
            audit_before: Boundary::default(),
            omit_total_count: false,
            omit_page_links: false,
            next_links: NextLinks::default(),
            total_count_ignores_filter: false,
            too_many_environments: TooManyEnvironments::default(),
            unknown_environment: UnknownEnvironment::default(),
            list_includes_deprecated: true,
            list_includes_archived: false,
            nested_environments: 20,
            nested_maintainers: 25,
            never_requested: NeverRequested::default(),
            statuses_include_archived: false,
            statuses_lack: BTreeSet::new(),
            empty_statuses_are_null: false,
            omit_status_parent: false,
            status_self_lacks_environment: false,
            writes: Writes::default(),
        }
    }
}
