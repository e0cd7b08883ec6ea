//! Several accounts side by side: the page of an organisation.

pub mod data;
pub mod html;
pub mod json;
pub mod text;

/// The views and tables that it reads.
pub(super) const VIEWS: [&str; 15] = [
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
    "removal_verdicts",
    "forward_values",
    "code_references",
    "code_reference_files",
];
