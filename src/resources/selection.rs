//! The selection: the parts of the account that a run reads.

use std::collections::BTreeSet;
use std::time::Duration;

use super::flag_environments::TARGET_VALUES;
use crate::model::resource::Group;
use crate::model::table::TableInfo;
use crate::resources::{self, PageRows};

/// How flag statuses are requested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum FlagStatusMode {
    /// One request an environment, falling back to one a flag where that is refused.
    #[default]
    Bulk,
    /// One request a flag and environment.
    PerFlag,
}

/// The parts of the account that a run reads, and how.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Keys of the selected projects; empty for all.
    pub projects: Vec<String>,
    /// Names of the selected resources.
    pub resources: BTreeSet<&'static str>,
    /// How flag statuses are requested.
    pub flag_status: FlagStatusMode,
    /// Whether to store the keys of individually targeted contexts, which identify end users.
    pub target_values: bool,
    /// Whether to publish although fewer rows were read than the API reported.
    pub allow_unverified: bool,
    /// Whether a refused resource ends the run even if no other resource needs it.
    pub strict: bool,
    /// How far back the first run reads the audit log.
    pub audit_log_since: Duration,
    /// How far before the newest known entry a later run starts to read the audit log again.
    pub audit_log_lookback: Duration,
}

/// How late an entry may appear in the audit log.
const ONE_HOUR: Duration = Duration::from_secs(3600);

/// The period that LaunchDarkly's user interface shows by default.
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
    /// Whether the resource called `name` is selected.
    pub fn wants(&self, name: &str) -> bool {
        self.resources.contains(name)
    }

    /// Whether the run reads only named projects instead of all of the account's.
    pub fn is_of_selected_projects(&self) -> bool {
        !self.projects.is_empty()
    }

    /// A text that must be equal for one run to resume another.
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

    /// The selected resources.
    pub fn resources(&self) -> impl Iterator<Item = &'static dyn PageRows> + '_ {
        resources::ALL.iter().copied().filter(|resource| self.wants(resource.name()))
    }

    /// The tables that the selected resources fill.
    pub fn tables(&self) -> Vec<TableInfo> {
        let tables = self.resources().flat_map(|resource| resource.tables());
        tables.filter(|table| self.target_values || table.name != TARGET_VALUES).collect()
    }
}
