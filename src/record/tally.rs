//! The tally of one resource in one scope: counts, the outcome and remarks.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::announced::Announced;

/// How reading a resource in a scope ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// Not read to the end yet. Such a row is never published.
    #[default]
    Pending,
    /// Everything was read.
    Complete,
    /// The account does not have it, most often because its plan does not include it.
    NotAvailable,
    /// The access token may not read it.
    InvalidPermissions,
    /// It is not selected.
    Skipped,
}

impl Outcome {
    /// The value of the column `outcome`.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Pending => "pending",
            Outcome::Complete => "complete",
            Outcome::NotAvailable => "not_available",
            Outcome::InvalidPermissions => "invalid_permissions",
            Outcome::Skipped => "skipped",
        }
    }
}

/// The facts about one resource in one scope.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "each field is the column of the same name")]
pub struct Facts {
    pub outcome: Outcome,
    pub rows: i64,
    pub distinct_rows: i64,
    pub reported_total: Option<i64>,
    pub passes: i64,
    pub http_status: Option<i64>,
    /// Remarks about anything unusual, without duplicates. Joined, they are the column `detail`.
    pub remarks: Vec<String>,
}

impl Facts {
    /// Adds a list that was read inside another object: its number of items and the server's count.
    pub fn add(&mut self, count: usize, total: i64) {
        self.rows += i64::try_from(count).unwrap_or(i64::MAX);
        let reported = self.reported_total.unwrap_or_default();
        self.reported_total = Some(reported.saturating_add(total));
        self.passes = self.passes.max(1);
    }

    /// The value of the column `detail`.
    pub fn detail(&self) -> Option<String> {
        (!self.remarks.is_empty()).then(|| self.remarks.join("; "))
    }
}

/// Counts one resource in one scope while it is read.
#[derive(Debug, Default)]
pub struct Tally {
    /// Requests sent, retries included.
    pub requests: Arc<AtomicU64>,
    facts: Mutex<Facts>,
    announced: Mutex<Announced>,
}

impl Tally {
    /// Changes the facts.
    pub fn note(&self, change: impl FnOnce(&mut Facts)) {
        change(&mut self.lock());
    }

    /// Sets the outcome to complete, unless the resource was refused or skipped.
    pub fn complete(&self) {
        self.note(|facts| {
            if facts.outcome == Outcome::Pending {
                facts.outcome = Outcome::Complete;
            }
        });
    }

    /// Adds a remark, unless the tally has it already.
    pub fn remark(&self, remark: &str) {
        self.note(|facts| {
            if !facts.remarks.iter().any(|one| one == remark) {
                facts.remarks.push(remark.to_owned());
            }
        });
    }

    /// A tally for one part of the resource. Its requests are counted in this tally as well.
    #[must_use]
    pub fn part(&self) -> Self {
        Tally { requests: Arc::clone(&self.requests), ..Tally::default() }
    }

    /// Adds the facts of a part.
    pub fn absorb(&self, part: &Facts) {
        self.note(|all| {
            all.rows += part.rows;
            all.passes = all.passes.max(part.passes);
            if let Some(total) = part.reported_total {
                all.reported_total = Some(all.reported_total.unwrap_or(0).saturating_add(total));
            }
            match part.outcome {
                Outcome::Pending => {}
                Outcome::Complete if all.outcome == Outcome::Pending => {
                    all.outcome = Outcome::Complete;
                }
                Outcome::Complete => {}
                refused => (all.outcome, all.http_status) = (refused, part.http_status),
            }
        });
        part.remarks.iter().for_each(|remark| self.remark(remark));
    }

    /// Whether the list answered 404.
    pub(super) fn is_absent(&self) -> bool {
        let facts = self.lock();
        facts.outcome == Outcome::NotAvailable && facts.http_status == Some(404)
    }

    /// Notes what a list has announced, or what of it has come.
    pub fn announce(&self, change: impl FnOnce(&mut Announced)) {
        change(&mut self.announced.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// What was announced so far.
    pub fn announced(&self) -> Announced {
        *self.announced.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A copy of the current facts.
    pub fn facts(&self) -> Facts {
        self.lock().clone()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
