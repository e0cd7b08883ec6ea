//! Statuses: every flag in use has one wherever statuses were read, or LaunchDarkly itself says
//! that it has none.
//!
//! A flag that lacks a status may have been deleted, archived, or deleted and created again while
//! the lists were read. Its status is requested, and then the flag itself. If the flag is the same
//! after that as before, the statuses belong to it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::configurations::Configurations;
use super::matching::{Before, Listed, Matching, ProjectStatuses, by_environment};
use super::one_flag::{exists, forget_flag};
use super::orphans::adopt;
use super::queries::{
    Identity, Missing, archived_with_status, drop_archived_statuses, drop_statuses_of_newer,
    identities, incomplete, missing, orphans,
};
use super::{AT_ONCE, LOOKS, remark_count};
use crate::extract::fetch::Fetch;
use crate::extract::join::try_join_all;
use crate::extract::project::plan::ProjectPlan;
use crate::extract::project::statuses::{NO_STATUS, StatusReader};
use crate::model::scope::Scope;
use crate::resources::flag_statuses::FlagStatuses;
use crate::stage::{Task, Writer};
use crate::system::hash::hash;
use crate::{Error, Result};

/// If more flags than this lack a status, the list is walked first: it returns a hundred flags for
/// each request.
const MOST_SINGLY: usize = 100;

/// Reads the statuses of a project's flags and completes them.
#[derive(Clone, Copy)]
pub(in crate::extract::project) struct Statuses<'p> {
    /// Completes the flags' configurations.
    pub configurations: Configurations<'p>,
    /// Reads statuses.
    pub reader: StatusReader<'p>,
}

impl Statuses<'_> {
    /// Reads the statuses of a project.
    pub async fn read(&self, plan: &ProjectPlan) -> Result<ProjectStatuses> {
        let read = plan.environments.iter().map(async |environment| {
            let scope = Scope::environment(&plan.key, environment);
            Ok::<_, Error>((environment.clone(), self.reader.read(scope).await?))
        });
        let read = try_join_all(read).await?;
        let without = read.iter().flat_map(|(_, read)| read.without()).cloned().collect();
        Ok(ProjectStatuses { without: self.identities(plan, &without).await?, read })
    }

    /// Compares the lists of all environments with the flags that were walked: all flags in use,
    /// and either all or none of those that are `archived`.
    pub async fn compare(
        &self,
        plan: &ProjectPlan,
        statuses: &ProjectStatuses,
        archived: &HashSet<u64>,
    ) -> Result<Listed> {
        if plan.environments.is_empty() || !statuses.are_in_bulk() {
            return Ok(Listed::No);
        }
        let environments: BTreeSet<String> = plan.environments.iter().cloned().collect();
        let (project, count) = (plan.key.clone(), archived.len());
        let question = move |writer: &mut Writer<'_>| {
            let listed = archived_with_status(writer, &project)?.len();
            let is_same = (listed == 0 || listed == count)
                && orphans(writer, &project)?.is_empty()
                && incomplete(writer, "flag_statuses", &project, &environments)?.is_empty();
            Ok(if is_same { Listed::Same } else { Listed::Other })
        };
        self.fetch().stage.ask_in(&plan.key, question).await
    }

    /// Makes sure that every flag in use has its statuses, or is known to have none. `before` are
    /// the flags from before statuses were read.
    pub async fn complete(
        &self,
        plan: &ProjectPlan,
        statuses: ProjectStatuses,
        before: &Before,
    ) -> Result<()> {
        let mut matching = self.matching(plan, statuses, before).await?;
        self.ask_until_certain(plan, &mut matching).await?;
        self.drop_archived(plan, &matching, &before.archived).await?;
        if matching.is_uncertain || !matching.certain.is_empty() {
            self.note_without_status(plan, &mut matching).await?;
        }
        for environment in matching.environments.keys() {
            let scope = Scope::environment(&plan.key, environment);
            self.fetch().tally::<FlagStatuses>(&scope).complete();
        }
        Ok(())
    }

    /// Compares flags and statuses before any status is requested again.
    ///
    /// A flag that was created since the first walk may have the key of another one that was created
    /// since, and whose statuses were listed. Its statuses are requested again.
    async fn matching(
        &self,
        plan: &ProjectPlan,
        statuses: ProjectStatuses,
        before: &Before,
    ) -> Result<Matching> {
        let then = statuses.without;
        let now = self.identities(plan, &then.keys().cloned().collect()).await?;
        let same = then.into_iter().filter(|(flag, then)| now.get(flag) == Some(then));
        let mut matching = Matching::new(statuses.read, &same.map(|(flag, _)| flag).collect());
        // Environments that were left out in the meantime are not in the plan.
        matching.environments.retain(|environment, _| plan.environments.contains(environment));
        matching.leave_out(&adopt(&self.configurations, plan).await?);
        let (project, newest) = (plan.key.clone(), before.newest);
        let what = format!("drop statuses of newer flags of {project}");
        let drop: Task = Box::new(move |writer| drop_statuses_of_newer(writer, &project, newest));
        self.fetch().change_once(what, drop).await?;
        Ok(matching)
    }

    /// Requests statuses until every missing one is known not to exist.
    async fn ask_until_certain(&self, plan: &ProjectPlan, matching: &mut Matching) -> Result<()> {
        let tally = self.configurations.lists.tally;
        for _ in 0..LOOKS {
            let lacking = self.lacking(plan, matching).await?;
            if lacking.is_empty() {
                let deleted = "flags without a status were deleted during the run";
                remark_count(tally, matching.deleted, deleted);
                return Ok(());
            }
            self.ask_again(plan, lacking, matching).await?;
            let remaining = self.configurations.deleted.without_left_out(plan);
            let deleted = self.configurations.complete(&remaining).await?;
            matching.leave_out(&deleted);
        }
        tally.remark("flags kept changing while their statuses were read");
        matching.is_uncertain = true;
        Ok(())
    }

    /// Flags in use that lack a status, without those that are known to have none.
    async fn lacking(&self, plan: &ProjectPlan, matching: &Matching) -> Result<Missing> {
        let (project, environments) = (plan.key.clone(), matching.keys());
        let question = move |writer: &mut Writer<'_>| {
            missing(writer, "flag_statuses", &project, &environments)
        };
        let mut lacking = self.fetch().stage.ask_in(&plan.key, question).await?;
        let certain = lacking.keys().filter(|flag| matching.certain.contains_key(*flag));
        let now = self.identities(plan, &certain.cloned().collect()).await?;
        let is_certain = |flag: &String| {
            now.get(flag).is_some_and(|now| matching.certain.get(flag) == Some(now))
        };
        lacking.retain(|flag, _| !is_certain(flag));
        Ok(lacking)
    }

    /// Requests the missing statuses, then the flags that lack them.
    async fn ask_again(
        &self,
        plan: &ProjectPlan,
        lacking: Missing,
        matching: &mut Matching,
    ) -> Result<()> {
        let flags: BTreeSet<String> = lacking.keys().cloned().collect();
        let before = self.identities(plan, &flags).await?;
        self.ask_statuses(plan, &lacking, &mut matching.asked).await?;
        matching.deleted += self.ask_flags(&flags).await?;
        self.configurations.drop_invalid(plan).await?;
        let after = self.identities(plan, &flags).await?;
        let same = after.into_iter().filter(|(flag, now)| before.get(flag) == Some(now));
        matching.certain.extend(same);
        Ok(())
    }

    /// Requests each missing status, unless that was done just before: `asked` is emptied.
    async fn ask_statuses(
        &self,
        plan: &ProjectPlan,
        lacking: &Missing,
        asked: &mut BTreeSet<(String, String)>,
    ) -> Result<()> {
        let by_environment = by_environment(lacking, asked);
        asked.clear();
        for (environment, flags) in by_environment {
            let scope = Scope::environment(&plan.key, environment);
            let tally = self.fetch().tally::<FlagStatuses>(&scope);
            self.reader.each(&scope, flags.into_iter().collect(), &tally).await?;
        }
        Ok(())
    }

    /// Asks whether flags still exist; drops those that do not, and returns their number.
    async fn ask_flags(&self, flags: &BTreeSet<String>) -> Result<usize> {
        let lists = &self.configurations.lists;
        let mut listed = HashSet::new();
        if flags.len() > MOST_SINGLY {
            listed = lists.rewalk(&[]).await?;
        }
        let singly: Vec<_> = flags.iter().filter(|flag| !listed.contains(&hash(flag))).collect();
        let mut deleted = 0;
        for some in singly.chunks(AT_ONCE) {
            let exist = try_join_all(some.iter().map(|flag| exists(lists, flag))).await?;
            for (flag, _) in some.iter().zip(exist).filter(|(_, exists)| !exists) {
                deleted += 1;
                forget_flag(lists, flag).await?;
            }
        }
        Ok(deleted)
    }

    async fn identities(
        &self,
        plan: &ProjectPlan,
        flags: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, Identity>> {
        if flags.is_empty() {
            return Ok(BTreeMap::new());
        }
        let (project, flags) = (plan.key.clone(), flags.clone());
        self.fetch()
            .stage
            .ask_in(&plan.key, move |writer| identities(writer, &project, &flags))
            .await
    }

    /// Drops the statuses of archived flags, unless the server lists them.
    ///
    /// Whether the lists of statuses include archived flags is not documented. If most flags that
    /// were archived before have a status, they do, and an archived flag with a status in every
    /// list keeps them. Otherwise only a flag that was in use for part of the run has any.
    async fn drop_archived(
        &self,
        plan: &ProjectPlan,
        matching: &Matching,
        archived: &HashSet<u64>,
    ) -> Result<()> {
        let project = plan.key.clone();
        let found = self
            .fetch()
            .stage
            .ask_in(&plan.key, move |writer| archived_with_status(writer, &project));
        let found = found.await?;
        if found.is_empty() {
            return Ok(());
        }
        let known = found.iter().filter(|flag| archived.contains(&hash(flag))).count();
        let in_bulk = matching.in_bulk();
        let is_listed = 2 * known > archived.len();
        let least = if is_listed { in_bulk.len() } else { usize::MAX };
        let project = plan.key.clone();
        let drop = move |writer: &mut Writer<'_>| {
            drop_archived_statuses(writer, &project, &in_bulk, least)
        };
        self.fetch().stage.jobs().submit(drop).await
    }

    /// Records how many flags have no status. The environments are listed again first, as requests
    /// for the statuses of an environment that is deleted get the same answer.
    async fn note_without_status(&self, plan: &ProjectPlan, matching: &mut Matching) -> Result<()> {
        matching.certain.clear();
        if self.lacking(plan, matching).await?.is_empty() {
            return Ok(());
        }
        let remaining = self.configurations.deleted.remaining_environments(plan).await?;
        matching.environments.retain(|environment, _| remaining.contains(environment));
        let mut without = BTreeMap::<String, usize>::new();
        for environment in self.lacking(plan, matching).await?.into_values().flatten() {
            *without.entry(environment).or_default() += 1;
        }
        for (environment, count) in without {
            let scope = Scope::environment(&plan.key, environment);
            remark_count(&self.fetch().tally::<FlagStatuses>(&scope), count, NO_STATUS);
        }
        Ok(())
    }

    fn fetch(&self) -> &Fetch<'_> {
        self.reader.fetch
    }
}
