//! What of the account a run reads.

use std::collections::BTreeSet;
use std::time::Duration;

use super::flag_environments::TARGET_VALUES;
use crate::model::resource::Group;
use crate::model::table::TableInfo;
use crate::resources::{self, PageRows};

/// How flag statuses are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum FlagStatusMode {
    /// One request an environment, falling back to one a flag where that is refused.
    #[default]
    Bulk,
    /// One request a flag and environment.
    PerFlag,
}

/// What is to be read.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Keys of the projects wanted; empty for all.
    pub projects: Vec<String>,
    /// Names of the resources wanted.
    pub resources: BTreeSet<&'static str>,
    /// How flag statuses are asked for.
    pub flag_status: FlagStatusMode,
    /// Whether to keep the keys of individually targeted contexts: end users' identifiers.
    pub target_values: bool,
    /// Whether to publish although rows fall short of what the API reported.
    pub allow_unverified: bool,
    /// Whether a resource that is refused ends the run, although others can do without it.
    pub strict: bool,
    /// How far back the audit log is read the first time.
    pub audit_log_since: Duration,
    /// How far back of the newest known entry the audit log is read again later.
    pub audit_log_lookback: Duration,
}

/// How late an entry of the audit log may appear.
const ONE_HOUR: Duration = Duration::from_secs(3600);

/// What LaunchDarkly shows at first.
const NINETY_DAYS: Duration = Duration::from_secs(90 * 86_400);

impl Default for Selection {
    fn default() -> Self {
        Selection {
            projects: Vec::new(),
            resources: resources::group(Group::Default),
            flag_status: FlagStatusMode::default(),
            target_values: false,
            allow_unverified: false,
            strict: false,
            audit_log_since: NINETY_DAYS,
            audit_log_lookback: ONE_HOUR,
        }
    }
}

impl Selection {
    /// Whether the resource called `name` is wanted.
    pub fn wants(&self, name: &str) -> bool {
        self.resources.contains(name)
    }

    /// Whether only the projects that were named are read, not all of the account's.
    pub fn is_of_selected_projects(&self) -> bool {
        !self.projects.is_empty()
    }

    /// What must be the same for one run to go on where another stopped.
    pub fn fingerprint(&self) -> String {
        let projects: BTreeSet<_> = self.projects.iter().collect();
        format!(
            "{projects:?} {:?} {:?} {} {:?} {:?}",
            self.resources,
            self.flag_status,
            self.target_values,
            self.audit_log_since,
            self.audit_log_lookback
        )
    }

    /// The resources wanted.
    pub fn resources(&self) -> impl Iterator<Item = &'static dyn PageRows> + '_ {
        resources::ALL.iter().copied().filter(|resource| self.wants(resource.name()))
    }

    /// The tables that the resources wanted fill.
    pub fn tables(&self) -> Vec<TableInfo> {
        let tables = self.resources().flat_map(|resource| resource.tables());
        tables.filter(|table| self.target_values || table.name != TARGET_VALUES).collect()
    }
}
