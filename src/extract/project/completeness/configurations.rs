//! Configurations that some walks have read and others missed: they are read by another walk, then
//! flag by flag.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::one_flag::{forget_flag, read_flag};
use super::queries::{Missing, drop_invalid, missing};
use super::{AT_ONCE, LOOKS, remark_count};
use crate::Result;
use crate::extract::deleted::Deleted;
use crate::extract::deleted::listed_now::is_environment_deleted;
use crate::extract::join::try_join_all;
use crate::extract::project::flags::FlagLists;
use crate::extract::project::plan::ProjectPlan;
use crate::model::scope::Scope;
use crate::stage::Writer;
use crate::system::hash::hash;

/// The results of the requests for single flags.
#[derive(Default)]
struct Shown {
    /// Environments that a flag's own endpoint does not return.
    hidden: BTreeSet<String>,
    /// The number of flags that are deleted.
    deleted: usize,
    /// Flags whose own endpoint answers 404 although the lists have them, with the number of lists
    /// in a row that had them. After one list, such a flag may have been deleted since the list was
    /// read; after two, the server does not return it.
    unreadable: BTreeMap<String, usize>,
}

impl Shown {
    /// Notes which environments a flag's own endpoint returned, where those in `lacking` were
    /// missing. `lists` is the number of lists in a row that had the flag, if the newest had it.
    /// Returns whether the flag still exists.
    fn take(
        &mut self,
        flag: &str,
        lacking: &BTreeSet<String>,
        returned: Option<BTreeSet<String>>,
        lists: Option<usize>,
    ) -> bool {
        match (returned, lists) {
            (Some(returned), _) => self.hidden.extend(lacking.difference(&returned).cloned()),
            (None, Some(lists)) => drop(self.unreadable.insert(flag.to_owned(), lists)),
            (None, None) => {
                self.deleted += 1;
                return false;
            }
        }
        true
    }

    /// Whether at least two lists had each unreadable flag.
    fn is_certain(&self) -> bool {
        self.unreadable.values().all(|lists| *lists > 1)
    }
}

/// Completes the configurations of a project's flags.
#[derive(Clone, Copy)]
pub(in crate::extract::project) struct Configurations<'p> {
    /// The lists of the project's flags.
    pub lists: FlagLists<'p>,
    /// Leaves out environments that are deleted during the run.
    pub deleted: &'p Deleted<'p>,
}

impl Configurations<'_> {
    /// Reads missing configurations. Returns the environments that turned out to be deleted.
    pub async fn complete(&self, plan: &ProjectPlan) -> Result<BTreeSet<String>> {
        let (mut shown, mut looks) = (Shown::default(), 0);
        while looks < LOOKS && self.look_again(plan, &mut shown).await? {
            looks += 1;
        }
        self.drop_uncertain(&mut shown).await?;
        let (tally, unreadable) = (self.lists.tally, shown.unreadable.len());
        remark_count(tally, shown.deleted, "flags were deleted during the run");
        remark_count(tally, unreadable, "flags are listed, but cannot be read by themselves");
        self.drop_invalid(plan).await?;
        self.hidden_or_deleted(plan, &shown.hidden).await
    }

    /// Reads missing configurations once; returns whether another attempt may read more.
    async fn look_again(&self, plan: &ProjectPlan, shown: &mut Shown) -> Result<bool> {
        let missing = self.missing(plan).await?;
        let lacking: BTreeSet<_> = missing.into_values().flatten().collect();
        if lacking.is_subset(&shown.hidden) && shown.is_certain() {
            return Ok(false);
        }
        let lacking: Vec<_> = lacking.into_iter().collect();
        let listed = self.lists.rewalk(&lacking).await?;
        self.read_missing(plan, &listed, shown).await?;
        Ok(!shown.is_certain())
    }

    /// Drops unreadable flags that only the very last list had: they are deleted.
    async fn drop_uncertain(&self, shown: &mut Shown) -> Result<()> {
        let unreadable = std::mem::take(&mut shown.unreadable);
        let (listed, deleted) = unreadable.into_iter().partition(|(_, lists)| *lists > 1);
        shown.unreadable = listed;
        for flag in BTreeMap::into_keys(deleted) {
            shown.deleted += 1;
            forget_flag(&self.lists, &flag).await?;
        }
        Ok(())
    }

    /// Leaves out environments that a flag's own endpoint did not return, if they are deleted.
    /// Otherwise the token may not see them, which is recorded. Returns those that are deleted.
    pub(super) async fn hidden_or_deleted(
        &self,
        plan: &ProjectPlan,
        hidden: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>> {
        let mut deleted = BTreeSet::new();
        for environment in hidden {
            let scope = Scope::environment(&plan.key, environment);
            if is_environment_deleted(self.lists.fetch, &scope).await? {
                self.deleted.leave_environment_out(&scope).await?;
                deleted.insert(environment.clone());
            } else {
                let remark = format!("no configuration is returned for environment {environment}");
                self.lists.tally.remark(&remark);
            }
        }
        Ok(deleted)
    }

    /// Flags in use that lack a configuration. Deletes invalid configurations first.
    pub(super) async fn missing(&self, plan: &ProjectPlan) -> Result<Missing> {
        let (project, known) = (plan.key.clone(), plan.environments.iter().cloned().collect());
        let question = move |writer: &mut Writer<'_>| {
            drop_invalid(writer, &project)?;
            missing(writer, "flag_environments", &project, &known)
        };
        self.lists.fetch.stage.ask_in(&plan.key, question).await
    }

    /// Reads the flags that still lack a configuration one by one.
    async fn read_missing(
        &self,
        plan: &ProjectPlan,
        listed: &HashSet<u64>,
        shown: &mut Shown,
    ) -> Result<()> {
        let missing: Vec<_> = self.missing(plan).await?.into_iter().collect();
        let before = std::mem::take(&mut shown.unreadable);
        for some in missing.chunks(AT_ONCE) {
            let wanted = some.iter().filter(|(_, lacking)| !lacking.is_subset(&shown.hidden));
            let wanted: Vec<_> = wanted.collect();
            let read = wanted.iter().map(|(flag, _)| read_flag(&self.lists, flag));
            let read = try_join_all(read).await?;
            for ((flag, lacking), returned) in wanted.into_iter().zip(read) {
                let lists = before.get(flag).copied().unwrap_or_default() + 1;
                let is_listed = listed.contains(&hash(flag));
                if !shown.take(flag, lacking, returned, is_listed.then_some(lists)) {
                    forget_flag(&self.lists, flag).await?;
                }
            }
        }
        Ok(())
    }

    /// Deletes invalid configurations: a flag's own endpoint returns all environments, not only the
    /// selected ones, and the flag may have been archived during the run.
    pub(super) async fn drop_invalid(&self, plan: &ProjectPlan) -> Result<()> {
        let project = plan.key.clone();
        self.lists.fetch.stage.jobs().submit(move |writer| drop_invalid(writer, &project)).await
    }
}
