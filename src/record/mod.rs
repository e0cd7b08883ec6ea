//! What a run did: the tables `extractions` and `extraction_resources`.

mod extraction_resources;
mod extractions;
mod tally;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use self::extraction_resources::{ResourceTable, Row};
pub use self::extractions::Extraction;
use self::extractions::ExtractionTable;
pub use self::tally::{Facts, Outcome, Tally, has_remark};
use crate::Result;
use crate::resource::Scope;
use crate::table::{Sink, Table, TableInfo, write_row, write_rows};

/// What is noted of the projects where only some of the account's are read.
pub const ONLY_SELECTED: &str = "only selected projects";

/// The two tables, parent first.
pub fn tables() -> [TableInfo; 2] {
    [ExtractionTable::info(), ResourceTable::info()]
}

/// How much of a resource was read: that decides what becomes of the rows of earlier runs.
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

/// The tallies of a run; shared by everything that reads.
#[derive(Debug, Default)]
pub struct Record {
    tallies: Mutex<Tallies>,
}

impl Record {
    /// The tally of a resource in a scope.
    pub fn tally(&self, resource: &'static str, scope: &Scope) -> Arc<Tally> {
        Arc::clone(self.lock().entry((resource, scope.clone())).or_default())
    }

    /// Drops what was noted of scopes that have been deleted meanwhile.
    pub fn forget(&self, is_gone: impl Fn(&Scope) -> bool) {
        self.lock().retain(|(_, scope), _| !is_gone(scope));
    }

    /// Every tally.
    pub fn all(&self) -> Vec<(&'static str, Scope, Arc<Tally>)> {
        let tallies = self.lock();
        let all =
            tallies.iter().map(|((name, scope), tally)| (*name, scope.clone(), Arc::clone(tally)));
        all.collect()
    }

    /// Whether anything in a scope that `is_inside` was not there.
    pub fn has_absence(&self, is_inside: impl Fn(&Scope) -> bool) -> bool {
        self.lock().iter().any(|((_, scope), tally)| is_inside(scope) && tally.is_absent())
    }

    /// The resources of which something was refused.
    pub fn refused(&self) -> BTreeSet<&'static str> {
        let tallies = self.lock();
        let refused = tallies.iter().filter(|(_, tally)| {
            matches!(tally.lock().outcome, Outcome::NotAvailable | Outcome::InvalidPermissions)
        });
        refused.map(|((name, _), _)| *name).collect()
    }

    /// Whether only some of the account's projects were read.
    pub fn is_of_selected_projects(&self) -> bool {
        let details =
            self.lock().values().filter_map(|tally| tally.facts().detail).collect::<Vec<_>>();
        details.iter().any(|detail| has_remark(detail, ONLY_SELECTED))
    }

    /// How much of `resource` was read.
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
        match (refused.is_empty(), complete) {
            (true, _) => Coverage::Whole,
            (false, true) => Coverage::Except(refused),
            (false, false) => Coverage::None,
        }
    }

    /// Requests and rows of every resource so far, over all scopes.
    pub fn totals(&self) -> BTreeMap<&'static str, (u64, i64)> {
        let mut totals = BTreeMap::new();
        for ((resource, _), tally) in self.lock().iter() {
            let (requests, rows) = totals.entry(*resource).or_insert((0, 0));
            *requests += tally.requests.load(Ordering::Relaxed);
            *rows += tally.lock().rows;
        }
        totals
    }

    /// Writes the rows of both tables.
    ///
    /// # Errors
    /// When the sink refuses a row.
    pub fn write(&self, extraction: &Extraction, sink: &mut dyn Sink) -> Result<()> {
        write_row::<ExtractionTable>(sink, &extraction)?;
        let rows = self.all().into_iter().map(|(resource, scope, tally)| Row {
            extraction_id: &extraction.extraction_id,
            resource,
            scope: scope.to_string(),
            started_at: extraction.started_at,
            requests: signed(tally.requests.load(Ordering::Relaxed)),
            facts: tally.facts(),
        });
        write_rows::<ResourceTable>(sink, rows)
    }

    fn lock(&self) -> MutexGuard<'_, Tallies> {
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A counter as a column holds it.
pub fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
