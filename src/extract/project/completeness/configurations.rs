//! What the lists of flags lack, one request each: configurations that a walk missed, and flags
//! that only the statuses know.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::Result;
use crate::extract::Extraction;
use crate::extract::join::try_join_all;
use crate::extract::project::ProjectPlan;
use crate::extract::project::completeness::queries::{
    Missing, drop_strays, forget, missing, strangers,
};
use crate::extract::project::flags::{one_flag, unless_gone};
use crate::model::scope::Scope;
use crate::record::Tally;
use crate::resources::flags::{Flag, Flags};
use crate::stage::{Task, Writer, rows};
use crate::system::hash::hash;

/// The limiter decides how many are sent; this only bounds how many wait for it.
pub(in crate::extract) const AT_ONCE: usize = 32;

/// How often flags are looked for that a list still has, although they answer 404 by themselves.
pub(in crate::extract) const LOOKS: usize = 6;

/// What asking for flags one by one has shown.
#[derive(Default)]
struct Shown {
    /// Environments that a flag's own endpoint leaves out.
    hidden: BTreeSet<String>,
    /// Flags that are deleted.
    deleted: usize,
    /// Flags that the lists have, although they answer 404 by themselves, with how many lists in a
    /// row had them: a flag is deleted between the two, or the server does not give it.
    unsettled: BTreeMap<String, usize>,
}

impl Shown {
    /// Notes what a flag's own endpoint gave for what was `lacking`; returns whether the flag is
    /// still there. `lists` is how many lists in a row had it, if the newest did.
    fn take(
        &mut self,
        flag: &str,
        lacking: &BTreeSet<String>,
        given: Option<BTreeSet<String>>,
        lists: Option<usize>,
    ) -> bool {
        match (given, lists) {
            (Some(given), _) => self.hidden.extend(lacking.difference(&given).cloned()),
            (None, Some(lists)) => drop(self.unsettled.insert(flag.to_owned(), lists)),
            (None, None) => {
                self.deleted += 1;
                return false;
            }
        }
        true
    }

    /// Whether no flag is left that only one list had.
    fn is_settled(&self) -> bool {
        self.unsettled.values().all(|lists| *lists > 1)
    }
}

impl Extraction<'_> {
    /// Completes flags that some walks saw and others missed: by another walk, then one by one.
    /// Returns the environments that turned out to be deleted.
    pub(in crate::extract) async fn repair_flags(
        &self,
        plan: &ProjectPlan,
        tally: &Tally,
    ) -> Result<BTreeSet<String>> {
        let (mut shown, mut looks) = (Shown::default(), 0);
        while looks < LOOKS && self.look_again(plan, tally, &mut shown).await? {
            looks += 1;
        }
        self.settle_rest(plan, &mut shown).await?;
        remark_count(tally, shown.deleted, "flags were deleted during the run");
        let unsettled = shown.unsettled.len();
        remark_count(tally, unsettled, "flags are listed, but cannot be read by themselves");
        self.drop_strays(plan).await?;
        self.hidden_or_gone(plan, &shown.hidden, tally).await
    }

    /// Looks once for what is missing; returns whether another look may show more.
    async fn look_again(
        &self,
        plan: &ProjectPlan,
        tally: &Tally,
        shown: &mut Shown,
    ) -> Result<bool> {
        let missing = self.missing_configurations(plan).await?;
        let lacking: BTreeSet<_> = missing.into_values().flatten().collect();
        if lacking.is_subset(&shown.hidden) && shown.is_settled() {
            return Ok(false);
        }
        let lacking: Vec<_> = lacking.into_iter().collect();
        let listed = self.rewalk(&plan.key, &lacking, tally).await?;
        self.refetch_missing(plan, &listed, tally, shown).await?;
        Ok(!shown.is_settled())
    }

    /// A flag that only the very last list had is deleted.
    async fn settle_rest(&self, plan: &ProjectPlan, shown: &mut Shown) -> Result<()> {
        let unsettled = std::mem::take(&mut shown.unsettled);
        let (listed, deleted) = unsettled.into_iter().partition(|(_, lists)| *lists > 1);
        shown.unsettled = listed;
        for flag in BTreeMap::into_keys(deleted) {
            shown.deleted += 1;
            self.forget(&plan.key, &flag).await?;
        }
        Ok(())
    }

    /// An environment that even a flag's own endpoint leaves out is deleted, or hidden from this
    /// token. Returns those that are deleted.
    async fn hidden_or_gone(
        &self,
        plan: &ProjectPlan,
        hidden: &BTreeSet<String>,
        tally: &Tally,
    ) -> Result<BTreeSet<String>> {
        let mut gone = BTreeSet::new();
        for environment in hidden {
            let scope = Scope::environment(&plan.key, environment);
            if self.is_gone(&scope).await? {
                self.leave_environment_out(&scope).await?;
                gone.insert(environment.clone());
            } else {
                tally.remark(&format!("no configuration is given for environment {environment}"));
            }
        }
        Ok(gone)
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
        shown: &mut Shown,
    ) -> Result<()> {
        let missing: Vec<_> = self.missing_configurations(plan).await?.into_iter().collect();
        let before = std::mem::take(&mut shown.unsettled);
        for some in missing.chunks(AT_ONCE) {
            let wanted = some.iter().filter(|(_, lacking)| !lacking.is_subset(&shown.hidden));
            let wanted: Vec<_> = wanted.collect();
            let refetched = wanted.iter().map(|(flag, _)| self.refetch(&plan.key, flag, tally));
            let refetched = try_join_all(refetched).await?;
            for ((flag, lacking), given) in wanted.into_iter().zip(refetched) {
                let lists = before.get(flag).copied().unwrap_or_default() + 1;
                let is_listed = listed.contains(&hash(flag));
                if !shown.take(flag, lacking, given, is_listed.then_some(lists)) {
                    self.forget(&plan.key, flag).await?;
                }
            }
        }
        Ok(())
    }

    /// A flag's own endpoint gives environments that nobody asked for, and the flag may have been
    /// archived meanwhile.
    pub(in crate::extract) async fn drop_strays(&self, plan: &ProjectPlan) -> Result<()> {
        let project = plan.key.clone();
        self.stage.jobs().submit(move |writer| drop_strays(writer, &project)).await
    }

    /// Reads one flag; returns its environments, or `None` where there is no such flag.
    pub(in crate::extract) async fn refetch(
        &self,
        project_key: &str,
        flag_key: &str,
        tally: &Tally,
    ) -> Result<Option<BTreeSet<String>>> {
        let scope = Scope::project(project_key);
        let request = one_flag(project_key, flag_key, tally);
        let ask = async {
            let flag = self.client.object::<Flag>(&request).await?;
            let environments: BTreeSet<String> = flag.environments.keys().cloned().collect();
            Ok((environments, Some(Box::new(rows::<Flags>(scope, vec![flag])) as Task)))
        };
        let environments = unless_gone(self.once(&request, ask).await)?;
        tally.note(|facts| facts.rows += i64::from(environments.is_some()));
        Ok(environments)
    }

    pub(in crate::extract) async fn forget(&self, project_key: &str, flag_key: &str) -> Result<()> {
        let (project, flag) = (project_key.to_owned(), flag_key.to_owned());
        self.stage.jobs().submit(move |writer| forget(writer, &project, &flag)).await
    }

    /// Reads flags that only the statuses know: created since the walks, or hidden from lists.
    /// Returns the environments that turned out to be deleted.
    pub(in crate::extract) async fn adopt_strangers(
        &self,
        plan: &ProjectPlan,
    ) -> Result<BTreeSet<String>> {
        let project = plan.key.clone();
        let strangers = self.stage.ask(move |writer| strangers(writer, &project)).await?;
        let tally = self.tally::<Flags>(&Scope::project(&plan.key));
        let (mut adopted, mut deleted) = (BTreeSet::new(), 0);
        for some in strangers.chunks(AT_ONCE) {
            let refetched = some.iter().map(|flag| self.refetch(&plan.key, flag, &tally));
            for (flag, given) in some.iter().zip(try_join_all(refetched).await?) {
                if given.is_some() {
                    adopted.insert(flag);
                    continue;
                }
                deleted += 1;
                self.forget(&plan.key, flag).await?;
            }
        }
        remark_count(&tally, adopted.len(), "flags were known by their statuses only");
        remark_count(&tally, deleted, "flags with a status were deleted during the run");
        self.drop_strays(plan).await?;
        if adopted.is_empty() {
            return Ok(BTreeSet::new());
        }
        let missing = self.missing_configurations(plan).await?;
        let missing = missing.into_iter().filter(|(flag, _)| adopted.contains(flag));
        let lacking = missing.flat_map(|(_, environments)| environments).collect();
        self.hidden_or_gone(plan, &lacking, &tally).await
    }
}

pub(in crate::extract) fn remark_count(tally: &Tally, count: usize, what: &str) {
    if count > 0 {
        tally.remark(&format!("{count} {what}"));
    }
}
