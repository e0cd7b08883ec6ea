//! What the lists of flags have shown about the server and the account, in any project.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Mutex, PoisonError};

use super::plan::ProjectPlan;
use crate::extract::fetch::Fetch;

/// Facts that one project shows, and that other projects are read by.
pub(super) struct Signs {
    /// Whether requests expand `archiveChecks`, until the server refuses that.
    pub expands_archive_checks: AtomicBool,
    /// Whether pages are requested at once, until the server is seen to ignore offsets or counts.
    pub reads_at_once: AtomicBool,
    /// Whether a flag was seen to move between the lists of a project.
    are_moving: AtomicBool,
    /// Whether a list without a filter had a deprecated flag.
    pub lists_deprecated: AtomicBool,
    /// Whether deprecated flags were found that the list without a filter lacks.
    pub hides_deprecated: AtomicBool,
    /// Projects whose lists were not looked at again.
    open: Mutex<Vec<Open>>,
}

/// The looks that a project was spared, because nothing was seen to move.
#[derive(Clone, Debug)]
pub(super) struct Open {
    /// The project.
    pub plan: ProjectPlan,
    /// What was not looked at.
    pub looks: Looks,
}

/// Looks at lists that a project may be spared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Looks {
    /// The number of archived flags that were walked, if they were not counted again.
    pub archived: Option<i64>,
    /// Whether the list of deprecated flags was not requested.
    pub deprecated: bool,
}

impl Default for Signs {
    fn default() -> Self {
        Signs {
            expands_archive_checks: true.into(),
            reads_at_once: true.into(),
            are_moving: false.into(),
            lists_deprecated: false.into(),
            hides_deprecated: false.into(),
            open: Mutex::default(),
        }
    }
}

impl Signs {
    /// Notes that a flag has moved.
    pub fn note_move(&self) {
        self.are_moving.store(true, Relaxed);
    }

    /// Whether a flag was seen to move, or the run had to wait, so that its requests do not follow
    /// each other closely.
    pub fn has_moved(&self, fetch: &Fetch<'_>) -> bool {
        let waited = fetch.client.counters.rate_limited_ms.load(Relaxed) > 0;
        waited || self.are_moving.load(Relaxed)
    }

    /// Notes the looks that a project was spared.
    pub fn leave_open(&self, plan: &ProjectPlan, looks: Looks) {
        if looks != Looks::default() {
            let plan = plan.clone();
            self.open.lock().unwrap_or_else(PoisonError::into_inner).push(Open { plan, looks });
        }
    }

    /// The looks that are needed after all: those at deprecated flags, unless a list was seen to
    /// include them; and the counts, if anything was seen to move in another project.
    pub fn take_open(&self, fetch: &Fetch<'_>) -> Vec<Open> {
        let open = std::mem::take(&mut *self.open.lock().unwrap_or_else(PoisonError::into_inner));
        let (has_moved, is_listed) = (self.has_moved(fetch), self.lists_deprecated.load(Relaxed));
        let needed = open.into_iter().map(|Open { plan, looks }| {
            let archived = looks.archived.filter(|_| has_moved);
            Open { plan, looks: Looks { archived, deprecated: looks.deprecated && !is_listed } }
        });
        needed.filter(|one| one.looks != Looks::default()).collect()
    }
}
