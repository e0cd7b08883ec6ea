//! What the account's plan lacks, or the token may not read: the run goes on without it.

use std::sync::PoisonError;

use tracing::warn;

use super::Extraction;
use crate::error::Kind;
use crate::extract::project::completeness::queries::forget_scope;
use crate::model::resource::Resource;
use crate::model::scope::Scope;
use crate::record::{Outcome, Tally};
use crate::{Error, Result};

impl Extraction<'_> {
    /// Goes on without what was refused, unless that is not wanted.
    pub(super) async fn unless_refused<R: Resource>(
        &self,
        scope: Scope,
        tally: &Tally,
        outcome: Result<()>,
    ) -> Result<()> {
        match outcome {
            Err(error) if !self.selection.strict && is_refusal(&error) => {
                self.do_without::<R>(scope, tally, &error).await
            }
            Err(error) if is_refusal(&error) && error.advice().is_none() => {
                Err(error.hint("without `--strict`, the run goes on without it"))
            }
            outcome => outcome,
        }
    }

    /// Leaves out what the account's plan lacks, or the token may not read; records that.
    async fn do_without<R: Resource>(
        &self,
        scope: Scope,
        tally: &Tally,
        error: &Error,
    ) -> Result<()> {
        let outcome = match error.kind() {
            Kind::InvalidPermissions => Outcome::InvalidPermissions,
            _ => Outcome::NotAvailable,
        };
        tally.note(|facts| {
            facts.outcome = outcome;
            facts.http_status = error.http_status().map(i64::from);
            (facts.rows, facts.reported_total) = (0, None);
        });
        // Not in the server's words, which may name people.
        let status = error.http_status().unwrap_or_default();
        tally.remark(&format!("LaunchDarkly answered {status}"));
        self.warn_once::<R>(error);
        self.forget_staged::<R>(scope).await
    }

    fn warn_once<R: Resource>(&self, error: &Error) {
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if warned.insert(R::NAME) {
            warn!("{}", without(R::NAME, error));
        }
    }

    /// Takes what was staged of a scope out again.
    pub(super) async fn forget_staged<R: Resource>(&self, scope: Scope) -> Result<()> {
        let jobs = self.stage.jobs();
        jobs.submit(move |writer| forget_scope(writer, R::TABLES, R::LEVEL, &scope)).await
    }
}

/// What `extract` and `check` say of an account whose plan has no teams.
pub const NO_TEAMS: &str = "the account's plan has no teams; extractions go on without them";

/// What `extract` and `check` say of a resource that is refused: why, what follows, and what to do.
/// Not in the server's words, which may name people.
pub fn without(resource: &str, error: &Error) -> String {
    let status = error.http_status().unwrap_or_default();
    if error.kind() == Kind::InvalidPermissions {
        let hint = error.advice().map(|hint| format!(" — {hint}")).unwrap_or_default();
        return format!("{error} (status {status}); extractions go on without{hint}");
    }
    format!(
        "LaunchDarkly has no {resource} here (status {status}); extractions go on without — the \
         plan may lack it; `flaglake extract --skip {resource}` leaves it out"
    )
}

/// Whether the run may go on without what was asked for.
pub fn is_refusal(error: &Error) -> bool {
    error.kind() == Kind::InvalidPermissions || matches!(error.http_status(), Some(404 | 405))
}
