//! The actions that writes take: <https://launchdarkly.com/docs/home/account/roles/role-actions>.

use std::sync::LazyLock;

use super::metrics;
use crate::launchdarkly::writes::{events, segments};

/// A kind of write, and what a token's role must allow for it.
#[derive(Clone, Debug)]
pub struct Writes {
    /// Its name.
    pub name: &'static str,
    /// What it does, after "may not".
    pub what: &'static str,
    /// The resources of a policy's statement.
    pub specifier: &'static str,
    /// The actions.
    pub actions: &'static [&'static str],
    /// The list whose objects say which actions are denied.
    pub list: &'static str,
}

static METRIC_ACTIONS: LazyLock<Vec<&str>> = LazyLock::new(metrics::actions);

static ALL: LazyLock<[Writes; 4]> = LazyLock::new(|| {
    [
        Writes {
            name: "write_metrics",
            what: "create and change metrics",
            specifier: "proj/*:metric/*",
            actions: &METRIC_ACTIONS,
            list: "/api/v2/metrics/{project}",
        },
        Writes {
            name: "write_events",
            what: "import metric events",
            specifier: "proj/*:env/*",
            actions: &[events::PERMISSION],
            list: "/api/v2/projects/{project}/environments",
        },
        Writes {
            name: "write_segments",
            what: "create segments and change their members",
            specifier: "proj/*:env/*:segment/*",
            actions: &["createSegment", segments::UPDATE_INCLUDED],
            list: "/api/v2/segments/{project}/{environment}",
        },
        Writes {
            name: "write_flags",
            what: "turn flags on and off",
            specifier: "proj/*:env/*:flag/*",
            actions: &["updateOn", "createApprovalRequest"],
            list: "/api/v2/flags/{project}",
        },
    ]
});

/// All kinds of writes.
pub fn writes() -> &'static [Writes] {
    &*ALL
}
