//! The record of a run: the tables `extractions` and `extraction_resources`, and those of a sync's
//! state file.

mod announced;
mod extraction_resources;
mod extraction_settings;
mod extractions;
mod newest_entries;
pub mod sync;
mod tally;
mod unexpected;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use self::announced::Announced;
use self::extraction_resources::{ResourceTable, Row};
use self::extraction_settings::SettingTable;
use self::extractions::ExtractionTable;
pub use self::extractions::RunRow;
pub use self::newest_entries::NewestEntries;
pub use self::tally::{Facts, Outcome, Tally};
pub use self::unexpected::Place;
use crate::Result;
use crate::model::scope::Scope;
use crate::model::table::{Sink, Table, TableInfo, write_row, write_rows};

/// The name of the table of settings, which destinations fill.
pub const SETTINGS: &str = SettingTable::NAME;

/// The tables, parent first.
pub fn tables() -> [TableInfo; 3] {
    [ExtractionTable::info(), ResourceTable::info(), SettingTable::info()]
}

/// How much of a resource was read. This decides whether the rows of earlier runs stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// All of it.
    Whole,
    /// All but these scopes, which were refused.
    Except(Vec<Scope>),
    /// Nothing.
    None,
}

type Tallies = BTreeMap<(&'static str, Scope), Arc<Tally>>;

/// A tally while the run goes on, as progress shows it.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The resource.
    pub resource: &'static str,
    /// The key of the project that it belongs to; empty outside projects.
    pub project_key: String,
    /// The requests sent so far.
    pub requests: u64,
    /// The rows received so far. A row counts once where LaunchDarkly has said how many there are.
    pub rows: i64,
    /// What LaunchDarkly has announced.
    pub announced: Announced,
    /// Whether it is read to the end, or cannot be read.
    pub has_ended: bool,
}

/// The tallies of a run. All readers share it.
#[derive(Debug)]
pub struct Record {
    tallies: Mutex<Tallies>,
    /// The projects that are read, with the number of environments of each, once that is known.
    projects: Mutex<BTreeMap<String, usize>>,
    only_selected_projects: bool,
}

impl Record {
    /// An empty record. `only_selected_projects` says that the run reads the named projects only.
    pub fn new(only_selected_projects: bool) -> Self {
        Record { tallies: Mutex::default(), projects: Mutex::default(), only_selected_projects }
    }

    /// The tally of a resource in a scope.
    pub fn tally(&self, resource: &'static str, scope: &Scope) -> Arc<Tally> {
        Arc::clone(self.lock().entry((resource, scope.clone())).or_default())
    }

    /// Adds a remark to the tally of a resource in a scope, if there is one.
    pub fn remark(&self, resource: &'static str, scope: &Scope, remark: &str) {
        if let Some(tally) = self.lock().get(&(resource, scope.clone())) {
            tally.remark(remark);
        }
    }

    /// Drops the tallies of scopes that were deleted during the run.
    pub fn forget(&self, is_deleted: impl Fn(&Scope) -> bool) {
        self.lock().retain(|(_, scope), _| !is_deleted(scope));
    }

    /// Every tally.
    pub fn all(&self) -> Vec<(&'static str, Scope, Arc<Tally>)> {
        let tallies = self.lock();
        let all =
            tallies.iter().map(|((name, scope), tally)| (*name, scope.clone(), Arc::clone(tally)));
        all.collect()
    }

    /// Whether a list in one of these scopes answered 404.
    pub fn has_absence(&self, is_inside: impl Fn(&Scope) -> bool) -> bool {
        self.lock().iter().any(|((_, scope), tally)| is_inside(scope) && tally.is_absent())
    }

    /// The resources that were refused in at least one scope.
    pub fn refused(&self) -> BTreeSet<&'static str> {
        let tallies = self.lock();
        let refused = tallies.iter().filter(|(_, tally)| {
            matches!(tally.lock().outcome, Outcome::NotAvailable | Outcome::InvalidPermissions)
        });
        refused.map(|((name, _), _)| *name).collect()
    }

    /// Whether only some of the account's projects were read.
    pub const fn is_of_selected_projects(&self) -> bool {
        self.only_selected_projects
    }

    /// A resource and scope that was not read to the end.
    pub fn pending(&self) -> Option<(&'static str, Scope)> {
        let tallies = self.lock();
        let pending = |tally: &Tally| tally.lock().outcome == Outcome::Pending;
        tallies.iter().find(|(_, tally)| pending(tally)).map(|(key, _)| key.clone())
    }

    /// How much of `resource` was read. Without a tally, nothing was read.
    pub fn coverage(&self, resource: &str) -> Coverage {
        let tallies = self.lock();
        let mut refused = Vec::new();
        let mut complete = false;
        for ((_, scope), tally) in tallies.iter().filter(|((name, _), _)| *name == resource) {
            match tally.lock().outcome {
                Outcome::Complete => complete = true,
                _ => refused.push(scope.clone()),
            }
        }
        if !complete {
            Coverage::None
        } else if refused.is_empty() {
            Coverage::Whole
        } else {
            Coverage::Except(refused)
        }
    }

    /// Notes the projects that are to be read, with the number of environments of each.
    pub fn plan(&self, projects: BTreeMap<String, usize>) {
        *self.projects.lock().unwrap_or_else(PoisonError::into_inner) = projects;
    }

    /// The projects that are to be read, with the number of environments of each.
    pub fn planned(&self) -> BTreeMap<String, usize> {
        self.projects.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Every tally, as progress shows it.
    pub fn readings(&self) -> Vec<Reading> {
        let tallies = self.lock();
        tallies.iter().map(|((name, scope), tally)| Reading::of(name, scope, tally)).collect()
    }

    /// Writes the rows of both tables.
    ///
    /// # Errors
    /// When the sink refuses a row.
    pub fn write(&self, extraction: &RunRow, sink: &mut dyn Sink) -> Result<()> {
        write_row::<ExtractionTable>(sink, &extraction)?;
        let rows = self.all().into_iter().map(|(resource, scope, tally)| {
            let facts = tally.facts();
            Row {
                extraction_id: &extraction.extraction_id,
                resource,
                scope: scope.to_string(),
                started_at: extraction.started_at,
                requests: signed(tally.requests.load(Ordering::Relaxed)),
                detail: facts.detail(),
                facts,
            }
        });
        write_rows::<ResourceTable>(sink, rows)
    }

    fn lock(&self) -> MutexGuard<'_, Tallies> {
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reading {
    fn of(resource: &'static str, scope: &Scope, tally: &Tally) -> Self {
        let announced = tally.announced();
        let (rows, outcome) = {
            let facts = tally.lock();
            (facts.rows, facts.outcome)
        };
        Reading {
            resource,
            project_key: scope.project_key().to_owned(),
            requests: tally.requests.load(Ordering::Relaxed),
            rows: if announced == Announced::default() { rows } else { announced.arrived() },
            announced,
            has_ended: outcome != Outcome::Pending,
        }
    }
}

/// A counter as the value of a column.
pub fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_tally_nothing_was_read() {
        assert_eq!(Record::new(false).coverage("flags"), Coverage::None);
    }

    #[test]
    fn a_scope_counts_as_read_only_when_its_reading_ended() {
        let (record, web, shop) =
            (Record::new(false), Scope::project("web"), Scope::project("shop"));
        record.tally("flags", &web).note(|facts| facts.passes = 1);
        assert_eq!(record.coverage("flags"), Coverage::None);
        record.tally("flags", &shop).complete();
        assert_eq!(record.coverage("flags"), Coverage::Except(vec![web.clone()]));
        assert_eq!(record.pending(), Some(("flags", web.clone())));
        record.tally("flags", &web).complete();
        assert_eq!(record.coverage("flags"), Coverage::Whole);
        assert_eq!(record.pending(), None);
    }

    #[test]
    fn a_refused_or_skipped_resource_never_becomes_complete() {
        let record = Record::new(false);
        for outcome in [Outcome::Skipped, Outcome::NotAvailable, Outcome::InvalidPermissions] {
            let tally = record.tally("teams", &Scope::Account);
            tally.note(|facts| facts.outcome = outcome);
            tally.complete();
            assert_eq!(tally.facts().outcome, outcome);
            let refused = Facts { outcome, ..Facts::default() };
            let whole = Tally::default();
            whole.absorb(&refused);
            whole.absorb(&Facts { outcome: Outcome::Complete, ..Facts::default() });
            assert_eq!(whole.facts().outcome, outcome);
        }
    }

    #[test]
    fn the_text_of_a_remark_decides_nothing() {
        let record = Record::new(false);
        record.tally("projects", &Scope::Account).remark("project x; only selected projects; y");
        assert!(!record.is_of_selected_projects());
        assert!(Record::new(true).is_of_selected_projects());
    }

    #[test]
    fn a_team_and_a_project_with_one_key_are_two_scopes() {
        let (team, project) = (Scope::team("web"), Scope::project("web"));
        assert_ne!(team, project);
        assert!(!team.is_in_project("web") && project.is_in_project("web"));
        assert!(Scope::environment("web", "test").is_in_project("web"));
        assert_eq!((team.project_key(), project.team_key()), ("", ""));
    }
}
