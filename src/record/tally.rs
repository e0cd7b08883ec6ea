//! What is counted and noted of one resource in one scope while it is read.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How reading a resource in a scope ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was read.
    #[default]
    Complete,
    /// The account does not have it: most often, its plan does not.
    NotAvailable,
    /// The access token may not read it.
    InvalidPermissions,
    /// It was not asked for.
    Skipped,
}

impl Outcome {
    /// The value of the column `outcome`.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Complete => "complete",
            Outcome::NotAvailable => "not_available",
            Outcome::InvalidPermissions => "invalid_permissions",
            Outcome::Skipped => "skipped",
        }
    }
}

/// What is known of one resource in one scope.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "each field is the column of the same name")]
pub struct Facts {
    pub outcome: Outcome,
    pub rows: i64,
    pub distinct_rows: i64,
    pub reported_total: Option<i64>,
    pub passes: i64,
    pub http_status: Option<i64>,
    pub detail: Option<String>,
}

impl Facts {
    /// Adds a list that came whole inside another object.
    pub fn add(&mut self, count: usize, total: i64) {
        self.rows += i64::try_from(count).unwrap_or(i64::MAX);
        let reported = self.reported_total.unwrap_or_default();
        self.reported_total = Some(reported.saturating_add(total));
        self.passes = self.passes.max(1);
    }
}

/// Whether a remark is among those of a `detail`.
pub fn has_remark(detail: &str, remark: &str) -> bool {
    detail.split("; ").any(|one| one == remark)
}

/// Counts one resource in one scope while it is read.
#[derive(Debug, Default)]
pub struct Tally {
    /// Requests sent, retries included.
    pub requests: Arc<AtomicU64>,
    facts: Mutex<Facts>,
}

impl Tally {
    /// Changes the facts.
    pub fn note(&self, change: impl FnOnce(&mut Facts)) {
        change(&mut self.lock());
    }

    /// Adds a remark to `detail`, unless it is there already.
    pub fn remark(&self, remark: &str) {
        let mut facts = self.lock();
        if facts.detail.as_ref().is_some_and(|detail| has_remark(detail, remark)) {
            return;
        }
        let detail = facts.detail.take();
        facts.detail = Some(detail.map_or(remark.to_owned(), |old| format!("{old}; {remark}")));
    }

    /// A tally of a part, whose requests are this one's.
    #[must_use]
    pub fn part(&self) -> Self {
        Tally { requests: Arc::clone(&self.requests), facts: Mutex::default() }
    }

    /// Adds what a part found.
    pub fn absorb(&self, part: &Facts) {
        self.note(|all| {
            all.rows += part.rows;
            all.passes = all.passes.max(part.passes);
            if let Some(total) = part.reported_total {
                all.reported_total = Some(all.reported_total.unwrap_or(0).saturating_add(total));
            }
            if part.outcome != Outcome::Complete {
                (all.outcome, all.http_status) = (part.outcome, part.http_status);
            }
        });
        if let Some(detail) = &part.detail {
            self.remark(detail);
        }
    }

    /// Whether what was asked for is not there.
    pub(super) fn is_absent(&self) -> bool {
        let facts = self.lock();
        facts.outcome == Outcome::NotAvailable && facts.http_status == Some(404)
    }

    /// The facts as they stand.
    pub fn facts(&self) -> Facts {
        self.lock().clone()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
