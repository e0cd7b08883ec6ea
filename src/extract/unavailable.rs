//! Goes on without resources that the account's plan lacks or the token may not read.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use tracing::warn;

use super::deleted::rows::forget_scope;
use super::fetch::Fetch;
use crate::error::Kind;
use crate::model::resource::Resource;
use crate::model::scope::Scope;
use crate::record::{Outcome, Tally};
use crate::{Error, Result};

/// Leaves out resources that are not available, and warns once of each.
pub(super) struct Unavailable<'a> {
    fetch: &'a Fetch<'a>,
    warned: Mutex<BTreeSet<&'static str>>,
}

impl<'a> Unavailable<'a> {
    /// No warning was printed yet.
    pub fn new(fetch: &'a Fetch<'a>) -> Self {
        Unavailable { fetch, warned: Mutex::default() }
    }

    /// Leaves out a resource whose reading ended in `outcome`, if that says that it is not
    /// available.
    ///
    /// # Errors
    /// Any other error; with `--strict`, every error.
    pub async fn go_on_without<R: Resource>(
        &self,
        scope: Scope,
        tally: &Tally,
        outcome: Result<()>,
    ) -> Result<()> {
        match outcome {
            Err(error) if !self.fetch.selection.strict && is_unavailable(&error) => {
                note_unavailable(tally, &error);
                self.warn_once::<R>(&error);
                self.forget_staged::<R>(scope).await
            }
            Err(error) if is_unavailable(&error) && error.advice().is_none() => {
                Err(error.hint("without `--strict`, the run goes on without it"))
            }
            outcome => outcome,
        }
    }

    fn warn_once<R: Resource>(&self, error: &Error) {
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if warned.insert(R::NAME) {
            warn!("{}", without(R::NAME, error));
        }
    }

    /// Removes the rows of a scope from the stage, where some pages were read before the refusal.
    async fn forget_staged<R: Resource>(&self, scope: Scope) -> Result<()> {
        let jobs = self.fetch.stage.jobs();
        jobs.submit(move |writer| forget_scope(writer, R::TABLES, R::LEVEL, &scope)).await
    }
}

fn note_unavailable(tally: &Tally, error: &Error) {
    let outcome = match error.kind() {
        Kind::InvalidPermissions => Outcome::InvalidPermissions,
        _ => Outcome::NotAvailable,
    };
    tally.note(|facts| {
        facts.outcome = outcome;
        facts.http_status = error.http_status().map(i64::from);
        (facts.rows, facts.reported_total) = (0, None);
    });
    // The server's own message is not recorded: it may name people.
    let status = error.http_status().unwrap_or_default();
    tally.remark(&format!("LaunchDarkly answered {status}"));
}

/// The warning of `extract` and `check` for an account whose plan has no teams.
pub const NO_TEAMS: &str = "the account's plan has no teams; extractions go on without them";

/// The warning of `extract` and `check` for a resource that is not available: the reason, the
/// consequence and the remedy. It does not quote the server's message, which may name people.
pub fn without(resource: &str, error: &Error) -> String {
    let status = error.http_status().unwrap_or_default();
    if error.kind() == Kind::InvalidPermissions {
        let hint = error.advice().map(|hint| format!(" — {hint}")).unwrap_or_default();
        return format!("{error} (status {status}); extractions go on without it{hint}");
    }
    format!(
        "{resource} is not available (status {status}); extractions go on without it — the \
         account's plan may not include it; `flaglake extract --skip {resource}` leaves it out"
    )
}

/// Whether an error says that a resource is not available: the token may not read it, or the
/// account does not have it. The run can go on without it.
pub fn is_unavailable(error: &Error) -> bool {
    error.kind() == Kind::InvalidPermissions || matches!(error.http_status(), Some(404 | 405))
}
