//! How the flags of a project compare with their statuses.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::queries::{Identity, Missing};
use crate::extract::project::statuses::StatusesRead;

/// The statuses of a project's environments, before the last walk of its flags.
pub(in crate::extract::project) struct ProjectStatuses {
    /// How the statuses of each environment were read.
    pub(super) read: Vec<(String, StatusesRead)>,
    /// Flags whose own request has shown that they have no status, as they were at that time.
    pub(super) without: BTreeMap<String, Identity>,
}

impl ProjectStatuses {
    /// Whether the list of every environment was read.
    pub(super) fn are_in_bulk(&self) -> bool {
        self.read.iter().all(|(_, read)| *read == StatusesRead::InBulk)
    }
}

/// How the lists of statuses compare with the flags that were walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::extract::project) enum Listed {
    /// Not all environments have a list of statuses.
    No,
    /// Every list has the same flags.
    Same,
    /// A list lacks a flag, or has another one.
    Other,
}

/// The flags of a project before its statuses were read.
pub(in crate::extract::project) struct Before {
    /// Hashes of the keys of archived flags.
    pub archived: HashSet<u64>,
    /// When the newest current flag was created (milliseconds since 1970), by LaunchDarkly's clock.
    pub newest: i64,
}

/// How the flags of a project compare with their statuses so far.
#[derive(Default)]
pub(super) struct Matching {
    /// The environments whose statuses were read, and whether their list was read.
    pub environments: BTreeMap<String, bool>,
    /// Statuses (environment and flag) that were requested one by one and do not exist.
    pub asked: BTreeSet<(String, String)>,
    /// Flags that were the same before and after their statuses were requested: a missing status
    /// does not exist. A flag that a later list shows with another identity is not certain any
    /// more.
    pub certain: BTreeMap<String, Identity>,
    /// Whether some flags changed in every attempt.
    pub is_uncertain: bool,
    /// The number of flags that turned out to be deleted.
    pub deleted: usize,
}

impl Matching {
    /// The comparison to begin with. Requests for single statuses count only for flags in `same`,
    /// which have not changed since.
    pub fn new(read: Vec<(String, StatusesRead)>, same: &BTreeSet<String>) -> Self {
        let mut matching = Matching::default();
        for (environment, read) in read {
            let (is_bulk, without) = match read {
                StatusesRead::InBulk => (true, Vec::new()),
                StatusesRead::EachFlag { without } => (false, without),
                StatusesRead::Not => continue,
            };
            let asked = without.into_iter().filter(|flag| same.contains(flag));
            let asked = asked.map(|flag| (environment.clone(), flag));
            matching.asked.extend(asked);
            matching.environments.insert(environment, is_bulk);
        }
        matching
    }

    /// The keys of the environments.
    pub fn keys(&self) -> BTreeSet<String> {
        self.environments.keys().cloned().collect()
    }

    /// The keys of the environments whose list of statuses was read.
    pub fn in_bulk(&self) -> BTreeSet<String> {
        let in_bulk = self.environments.iter().filter(|(_, is_bulk)| **is_bulk);
        in_bulk.map(|(environment, _)| environment.clone()).collect()
    }

    /// Leaves out environments that are deleted.
    pub fn leave_out(&mut self, deleted: &BTreeSet<String>) {
        self.environments.retain(|environment, _| !deleted.contains(environment));
    }
}

/// The flags whose status is missing, by environment, without those in `asked`.
pub(super) fn by_environment(lacking: &Missing, asked: &BTreeSet<(String, String)>) -> Missing {
    let mut by_environment = Missing::new();
    let pairs = lacking.iter().flat_map(|(flag, keys)| keys.iter().map(move |key| (key, flag)));
    for (environment, flag) in pairs {
        let pair = (environment.clone(), flag.clone());
        if !asked.contains(&pair) {
            by_environment.entry(pair.0).or_default().insert(pair.1);
        }
    }
    by_environment
}
