//! What the lists lack, one request each: configurations that a walk missed, statuses that the
//! bulk list lacks, and flags that only the statuses know.

use std::collections::{BTreeSet, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::try_join_all;
use futures::stream::{self, StreamExt, TryStreamExt};

use super::Extraction;
use super::flags::{one_flag, unless_gone};
use super::project::ProjectPlan;
use super::settle::{Missing, drop_strays, forget, missing, strangers};
use super::walk::hash;
use crate::launchdarkly::Request;
use crate::record::Tally;
use crate::resource::{Resource, Scope};
use crate::resources::flag_statuses::{FlagStatus, FlagStatuses, ONE_PATH};
use crate::resources::flags::{Flag, Flags};
use crate::stage::{Task, Writer, rows};
use crate::{Error, Result};

/// The limiter decides how many are sent; this only bounds how many wait for it.
const AT_ONCE: usize = 32;

impl Extraction<'_> {
    /// Completes flags that some walks saw and others missed: by another walk, then one by one.
    pub(super) async fn repair_flags(&self, plan: &ProjectPlan, tally: &Tally) -> Result<()> {
        let missing = self.missing_configurations(plan).await?;
        if !missing.is_empty() {
            let environments: BTreeSet<_> = missing.into_values().flatten().collect();
            let environments: Vec<_> = environments.into_iter().collect();
            let listed = self.rewalk(&plan.key, &environments, tally).await?;
            self.refetch_missing(plan, &listed, tally).await?;
        }
        self.drop_strays(plan).await
    }

    async fn missing_configurations(&self, plan: &ProjectPlan) -> Result<Missing> {
        let (project, known) = (plan.key.clone(), plan.environments.iter().cloned().collect());
        let question = move |writer: &mut Writer<'_>| {
            drop_strays(writer, &project)?;
            missing(writer, "flag_environments", &project, &known)
        };
        self.stage.ask(question).await
    }

    async fn refetch_missing(
        &self,
        plan: &ProjectPlan,
        listed: &HashSet<u64>,
        tally: &Tally,
    ) -> Result<()> {
        let missing: Vec<_> = self.missing_configurations(plan).await?.into_iter().collect();
        // An environment that even a flag's own endpoint leaves out is hidden from this token.
        let (mut hidden, gone) = (BTreeSet::new(), &AtomicUsize::new(0));
        for some in missing.chunks(AT_ONCE) {
            let wanted = some.iter().filter(|(_, lacking)| !lacking.is_subset(&hidden));
            let refetched = wanted.map(|(flag_key, lacking)| async move {
                let is_listed = listed.contains(&hash(flag_key));
                let given = self.refetch(&plan.key, flag_key, is_listed, tally).await?;
                gone.fetch_add(usize::from(given.is_none()), Ordering::Relaxed);
                let given = given.unwrap_or_else(|| lacking.clone());
                Ok::<_, Error>(lacking.difference(&given).cloned().collect::<Vec<_>>())
            });
            hidden.extend(try_join_all(refetched).await?.into_iter().flatten());
        }
        remark_count(tally, gone.load(Ordering::Relaxed), "flags were deleted meanwhile");
        for environment in &hidden {
            tally.remark(&format!("no configuration is given for environment {environment}"));
        }
        Ok(())
    }

    /// A flag's own endpoint gives environments that nobody asked for, and the flag may have been
    /// archived meanwhile.
    async fn drop_strays(&self, plan: &ProjectPlan) -> Result<()> {
        let project = plan.key.clone();
        self.stage.submit(move |writer| drop_strays(writer, &project)).await
    }

    /// Reads one flag; returns its environments, or `None` where it has been deleted. A flag that
    /// is still listed has not.
    async fn refetch(
        &self,
        project_key: &str,
        flag_key: &str,
        is_listed: bool,
        tally: &Tally,
    ) -> Result<Option<BTreeSet<String>>> {
        let scope = Scope::project(project_key);
        let request = one_flag(project_key, flag_key, tally);
        let ask = async {
            let flag = self.client.object::<Flag>(&request).await?;
            let environments: BTreeSet<String> = flag.environments.keys().cloned().collect();
            Ok((environments, Some(Box::new(rows::<Flags>(scope, vec![flag])) as Task)))
        };
        let Some(environments) = unless_gone(self.once(&request, ask).await)? else {
            if is_listed {
                return Ok(Some(BTreeSet::new()));
            }
            let (project, flag) = (project_key.to_owned(), flag_key.to_owned());
            self.stage.submit(move |writer| forget(writer, &project, &flag)).await?;
            return Ok(None);
        };
        tally.note(|facts| facts.rows += 1);
        Ok(Some(environments))
    }

    /// Reads flags that only the statuses know: created since the walks, or hidden from lists.
    pub(super) async fn adopt_strangers(&self, plan: &ProjectPlan) -> Result<()> {
        let project = plan.key.clone();
        let strangers = self.stage.ask(move |writer| strangers(writer, &project)).await?;
        let tally = self.tally::<Flags>(&Scope::project(&plan.key));
        let mut adopted = 0;
        for some in strangers.chunks(AT_ONCE) {
            let some = some.iter().map(|flag| self.refetch(&plan.key, flag, false, &tally));
            adopted += try_join_all(some).await?.iter().flatten().count();
        }
        remark_count(&tally, adopted, "flags were known by their statuses only");
        let gone = strangers.len() - adopted;
        remark_count(&tally, gone, "flags with a status were deleted meanwhile");
        self.drop_strays(plan).await
    }

    /// Asks one by one for the statuses that bulk lists lack.
    pub(super) async fn repair_statuses(
        &self,
        project_key: &str,
        environments: BTreeSet<String>,
    ) -> Result<()> {
        let (project, table) = (project_key.to_owned(), "flag_statuses");
        let question =
            move |writer: &mut Writer<'_>| missing(writer, table, &project, &environments);
        let mut by_environment = Missing::new();
        for (flag_key, lacking) in self.stage.ask(question).await? {
            for environment in lacking {
                by_environment.entry(environment).or_default().insert(flag_key.clone());
            }
        }
        for (environment, flags) in by_environment {
            let scope = Scope::environment(project_key, environment);
            let tally = self.tally::<FlagStatuses>(&scope);
            self.each_status(&scope, flags.into_iter().collect(), &tally).await?;
        }
        Ok(())
    }

    /// Reads statuses one by one; returns how many there were.
    pub(super) async fn each_status(
        &self,
        scope: &Scope,
        flags: Vec<String>,
        tally: &Tally,
    ) -> Result<usize> {
        let statuses = stream::iter(flags.iter().map(|flag| self.one_status(scope, flag, tally)));
        let statuses = statuses.buffer_unordered(AT_ONCE);
        let found: Vec<bool> = statuses.try_collect().await?;
        let found = found.into_iter().filter(|found| *found).count();
        remark_count(tally, flags.len() - found, "flags have no status");
        Ok(found)
    }

    async fn one_status(&self, scope: &Scope, flag_key: &str, tally: &Tally) -> Result<bool> {
        let keys = [scope.project_key.as_str(), scope.environment_key.as_str(), flag_key];
        let request = Request::new(FlagStatuses::NAME, FlagStatuses::PERMISSION, ONE_PATH, &keys)
            .counted(&tally.requests);
        let ask = async {
            let status = self.client.object::<FlagStatus>(&request).await?.requested(flag_key);
            let rows = rows::<FlagStatuses>(scope.clone(), vec![status]);
            Ok(((), Some(Box::new(rows) as Task)))
        };
        let found = unless_gone(self.once(&request, ask).await)?.is_some();
        tally.note(|facts| facts.rows += i64::from(found));
        Ok(found)
    }
}

fn remark_count(tally: &Tally, count: usize, what: &str) {
    if count > 0 {
        tally.remark(&format!("{count} {what}"));
    }
}
