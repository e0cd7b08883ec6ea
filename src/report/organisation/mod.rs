//! Several accounts side by side: the page of an organisation.

pub mod data;
pub mod html;
pub mod json;
pub mod text;

/// The views that it reads.
pub(super) const VIEWS: [&str; 11] = [
    "project_daily",
    "scorecards",
    "critical_environments",
    "exempt_flags",
    "project_thresholds",
    "flag_readiness",
    "stale_flags",
    "stale_percentages",
    "unowned_flags",
    "owner_debt",
    "flag_judgements",
];
