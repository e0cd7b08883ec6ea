//! Flags and their statuses, held against each other: a flag in use has a status wherever statuses
//! were read, or LaunchDarkly itself says that it has none.
//!
//! A flag that lacks a status may have been deleted, archived, or created again under its key while
//! the lists were read. So its status is asked for, and then the flag itself. Where the flag is the
//! same after that as before, its statuses are its own.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::extract::Extraction;
use crate::extract::join::try_join_all;
use crate::extract::project::ProjectPlan;
use crate::extract::project::completeness::configurations::{AT_ONCE, LOOKS, remark_count};
use crate::extract::project::completeness::queries::{
    Identity, Missing, archived_with_status, drop_archived_statuses, identities, missing,
};
use crate::extract::project::statuses::{NO_STATUS, StatusesRead};
use crate::extract::unavailable::is_refusal;
use crate::model::scope::Scope;
use crate::record::Tally;
use crate::resources::flag_statuses::FlagStatuses;
use crate::resources::flags::Flags;
use crate::stage::Writer;
use crate::system::hash::hash;
use crate::{Error, Result};

/// With more flags than this in question, the list is walked first: it shows a hundred a request.
const MOST_SINGLY: usize = 100;

/// The statuses of a project's environments, before the last walk of its flags.
#[derive(Default)]
pub(in crate::extract) struct ProjectStatuses {
    /// How those of each environment were read.
    pub read: Vec<(String, StatusesRead)>,
    /// The flags, as they were then, that were asked for by themselves and had no status.
    without: BTreeMap<String, Identity>,
}

/// How flags and statuses of a project compare so far.
#[derive(Default)]
struct Matching {
    /// The environments whose statuses were read, by key: which of them came in bulk.
    environments: BTreeMap<String, bool>,
    /// Statuses that were asked for by themselves, and are not there.
    asked: BTreeSet<(String, String)>,
    /// Flags as they were before their statuses were asked for and after. One that has become
    /// another since, as a later list shows, is not sure any more.
    sure: BTreeMap<String, Identity>,
    /// Whether some flags never stayed the same.
    is_unsure: bool,
    /// How many flags turned out to be deleted.
    deleted: usize,
}

impl Matching {
    /// What is known of statuses that were asked for by themselves counts for `same` flags only.
    fn new(read: Vec<(String, StatusesRead)>, same: &BTreeSet<String>) -> Self {
        let mut matching = Matching::default();
        for (environment, read) in read {
            let (is_bulk, without) = match read {
                StatusesRead::InBulk => (true, Vec::new()),
                StatusesRead::EachFlag { without } => (false, without),
                StatusesRead::Not => continue,
            };
            let asked = without.into_iter().filter(|flag| same.contains(flag));
            let asked = asked.map(|flag| (environment.clone(), flag));
            matching.asked.extend(asked);
            matching.environments.insert(environment, is_bulk);
        }
        matching
    }

    fn keys(&self) -> BTreeSet<String> {
        self.environments.keys().cloned().collect()
    }

    fn leave_out(&mut self, gone: &BTreeSet<String>) {
        self.environments.retain(|environment, _| !gone.contains(environment));
    }
}

impl Extraction<'_> {
    /// Reads the statuses of a project.
    pub(in crate::extract) async fn project_statuses(
        &self,
        plan: &ProjectPlan,
    ) -> Result<ProjectStatuses> {
        let read = plan.environments.iter().map(async |environment| {
            let scope = Scope::environment(&plan.key, environment);
            Ok::<_, Error>((environment.clone(), self.statuses(scope).await?))
        });
        let read = try_join_all(read).await?;
        let without = read.iter().flat_map(|(_, read)| read.without()).cloned().collect();
        Ok(ProjectStatuses { without: self.identities(plan, &without).await?, read })
    }

    /// Makes sure that every flag in use has its statuses, or is known to have none. `archived` are
    /// the flags that were archived before statuses were read.
    pub(in crate::extract) async fn match_statuses(
        &self,
        plan: &ProjectPlan,
        statuses: ProjectStatuses,
        archived: &HashSet<u64>,
    ) -> Result<()> {
        let mut matching = self.matching(plan, statuses).await?;
        self.ask_until_sure(plan, &mut matching).await?;
        self.drop_archived_statuses(plan, &matching, archived).await?;
        if matching.is_unsure || !matching.sure.is_empty() {
            self.note_without_status(plan, &mut matching).await?;
        }
        for environment in matching.environments.keys() {
            let scope = Scope::environment(&plan.key, environment);
            self.tally::<FlagStatuses>(&scope).complete();
        }
        Ok(())
    }

    /// How flags and statuses compare before anything is asked again.
    async fn matching(&self, plan: &ProjectPlan, statuses: ProjectStatuses) -> Result<Matching> {
        let then = statuses.without;
        let now = self.identities(plan, &then.keys().cloned().collect()).await?;
        let same = then.into_iter().filter(|(flag, then)| now.get(flag) == Some(then));
        let mut matching = Matching::new(statuses.read, &same.map(|(flag, _)| flag).collect());
        // Environments that were left out since are not in the plan.
        matching.environments.retain(|environment, _| plan.environments.contains(environment));
        matching.leave_out(&self.adopt_strangers(plan).await?);
        Ok(matching)
    }

    /// Asks again until no flag lacks a status that may have one.
    async fn ask_until_sure(&self, plan: &ProjectPlan, matching: &mut Matching) -> Result<()> {
        let tally = self.tally::<Flags>(&Scope::project(&plan.key));
        for _ in 0..LOOKS {
            let lacking = self.lacking(plan, matching).await?;
            if lacking.is_empty() {
                let deleted = "flags without a status were deleted during the run";
                remark_count(&tally, matching.deleted, deleted);
                return Ok(());
            }
            self.ask_again(plan, lacking, matching, &tally).await?;
            let gone = self.repair_flags(&self.left(plan), &tally).await?;
            matching.leave_out(&gone);
        }
        tally.remark("flags kept changing while their statuses were read");
        matching.is_unsure = true;
        Ok(())
    }

    /// Flags in use that lack a status, but for those that are known to have none.
    async fn lacking(&self, plan: &ProjectPlan, matching: &Matching) -> Result<Missing> {
        let (project, environments) = (plan.key.clone(), matching.keys());
        let question = move |writer: &mut Writer<'_>| {
            missing(writer, "flag_statuses", &project, &environments)
        };
        let mut lacking = self.stage.ask(question).await?;
        let sure = lacking.keys().filter(|flag| matching.sure.contains_key(*flag));
        let now = self.identities(plan, &sure.cloned().collect()).await?;
        lacking
            .retain(|flag, _| now.get(flag).is_none_or(|now| matching.sure.get(flag) != Some(now)));
        Ok(lacking)
    }

    /// Asks for statuses, then for the flags that lacked them.
    async fn ask_again(
        &self,
        plan: &ProjectPlan,
        lacking: Missing,
        matching: &mut Matching,
        tally: &Tally,
    ) -> Result<()> {
        let flags: BTreeSet<String> = lacking.keys().cloned().collect();
        let before = self.identities(plan, &flags).await?;
        self.ask_statuses(plan, &lacking, &mut matching.asked).await?;
        matching.deleted += self.ask_flags(plan, &flags, tally).await?;
        self.drop_strays(plan).await?;
        let after = self.identities(plan, &flags).await?;
        matching.sure.extend(after.into_iter().filter(|(flag, now)| before.get(flag) == Some(now)));
        Ok(())
    }

    /// Asks for each status that is lacking, unless that was done: `asked` is emptied.
    async fn ask_statuses(
        &self,
        plan: &ProjectPlan,
        lacking: &Missing,
        asked: &mut BTreeSet<(String, String)>,
    ) -> Result<()> {
        let mut by_environment = Missing::new();
        let pairs = lacking.iter().flat_map(|(flag, keys)| keys.iter().map(move |key| (key, flag)));
        for (environment, flag) in pairs {
            let pair = (environment.clone(), flag.clone());
            if !asked.contains(&pair) {
                by_environment.entry(pair.0).or_default().insert(pair.1);
            }
        }
        asked.clear();
        for (environment, flags) in by_environment {
            let scope = Scope::environment(&plan.key, environment);
            let tally = self.tally::<FlagStatuses>(&scope);
            self.each_status(&scope, flags.into_iter().collect(), &tally).await?;
        }
        Ok(())
    }

    /// Asks whether flags are still there; forgets those that are not, and returns how many.
    async fn ask_flags(
        &self,
        plan: &ProjectPlan,
        flags: &BTreeSet<String>,
        tally: &Tally,
    ) -> Result<usize> {
        let mut listed = HashSet::new();
        if flags.len() > MOST_SINGLY {
            listed = self.rewalk(&plan.key, &[], tally).await?;
        }
        let singly: Vec<_> = flags.iter().filter(|flag| !listed.contains(&hash(flag))).collect();
        let mut deleted = 0;
        for some in singly.chunks(AT_ONCE) {
            let are_there = some.iter().map(|flag| self.is_there(plan, flag, tally));
            for (flag, is_there) in some.iter().zip(try_join_all(are_there).await?) {
                if !is_there {
                    deleted += 1;
                    self.forget(&plan.key, flag).await?;
                }
            }
        }
        Ok(deleted)
    }

    /// Whether a flag's own endpoint has it. Where that is refused, nothing says that it has not.
    async fn is_there(&self, plan: &ProjectPlan, flag: &str, tally: &Tally) -> Result<bool> {
        match self.refetch(&plan.key, flag, tally).await {
            Err(error) if is_refusal(&error) => Ok(true),
            outcome => Ok(outcome?.is_some()),
        }
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
        self.stage.ask(move |writer| identities(writer, &project, &flags)).await
    }

    /// Whether the lists of statuses have archived flags is not documented. Where most of the
    /// flags that were archived before have statuses, they do, and a flag with a status in every
    /// list keeps them. Elsewhere only a flag that was in use for a moment has any.
    async fn drop_archived_statuses(
        &self,
        plan: &ProjectPlan,
        matching: &Matching,
        archived: &HashSet<u64>,
    ) -> Result<()> {
        let project = plan.key.clone();
        let found = self.stage.ask(move |writer| archived_with_status(writer, &project)).await?;
        if found.is_empty() {
            return Ok(());
        }
        let known = found.iter().filter(|flag| archived.contains(&hash(flag))).count();
        let in_bulk = matching.environments.iter().filter(|(_, is_bulk)| **is_bulk);
        let in_bulk: BTreeSet<_> = in_bulk.map(|(environment, _)| environment.clone()).collect();
        let is_listed = 2 * known > archived.len();
        let least = if is_listed { in_bulk.len() } else { usize::MAX };
        let project = plan.key.clone();
        let drop = move |writer: &mut Writer<'_>| {
            drop_archived_statuses(writer, &project, &in_bulk, least)
        };
        self.stage.jobs().submit(drop).await
    }

    /// Records how many flags have no status. An environment that was deleted since its list was
    /// read answers the same way, so the environments are listed once more.
    async fn note_without_status(&self, plan: &ProjectPlan, matching: &mut Matching) -> Result<()> {
        matching.sure.clear();
        if self.lacking(plan, matching).await?.is_empty() {
            return Ok(());
        }
        let left = self.left_of(plan).await?;
        matching.environments.retain(|environment, _| left.contains(environment));
        let mut without = BTreeMap::<String, usize>::new();
        for environment in self.lacking(plan, matching).await?.into_values().flatten() {
            *without.entry(environment).or_default() += 1;
        }
        for (environment, count) in without {
            let scope = Scope::environment(&plan.key, environment);
            remark_count(&self.tally::<FlagStatuses>(&scope), count, NO_STATUS);
        }
        Ok(())
    }
}
