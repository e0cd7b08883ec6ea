//! The demo account as it was: today's, with everything undone that happened since. And as it is
//! later, where today is the day on which its story ended.
//!
//! Only what the story tells is undone: creations, archivings and deprecations, the last change of
//! each configuration and object, requests, reviews, visits. Keys, IDs and times stay the same, so
//! that the accounts of several moments are one account through time.

mod derived;
mod experiments;
mod flags;
mod later;
mod references;
mod undo;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::history::approval_required_ms;
use super::moment::Moment;
use crate::Family;
use crate::account::{Account, Approval, Environment, Json, Member, Project, Team};
use crate::lists;

/// A list: its family, and the arguments in its path.
type Place = (Family, Vec<String>);

/// The demo account at any moment.
pub struct Past {
    /// Today's, with all of its lists, which are made once.
    today: Account,
    /// The lists that it has of its own.
    own_lists: BTreeMap<Place, Vec<Json>>,
}

impl Past {
    /// The past of this account, made by [`super::account`].
    pub fn of(today: Account) -> Self {
        let lists = lists::all(&today).collect();
        let own_lists = today.lists.clone();
        Past { today: Account { lists, ..today }, own_lists }
    }

    /// The account as it was at `at_ms`: what was created later is missing, what was changed later is
    /// as it was, and `now_ms` is `at_ms`. What is in two such accounts has the same keys, IDs and
    /// times in both. After today, only what happens daily goes on.
    pub fn account(&self, at_ms: i64) -> Account {
        match at_ms.cmp(&self.today.now_ms) {
            Ordering::Less => as_of(&self.today, at_ms),
            Ordering::Equal => Account { lists: self.own_lists.clone(), ..self.today.clone() },
            Ordering::Greater => later::as_of(&self.today, at_ms),
        }
    }
}

fn as_of(today: &Account, at_ms: i64) -> Account {
    let moment = Moment(at_ms);
    let mut then = Account { now_ms: at_ms, ..today.clone() };
    then.members = today.members.iter().filter_map(|one| member(moment, one)).collect();
    let teams = then.teams.iter().filter_map(|one| team(moment, one, &then.members));
    then.teams = teams.collect();
    then.projects = today.projects.iter().map(|one| project(moment, today, one)).collect();
    then.audit_log.retain(|entry| moment.has_seen(entry.date_ms));
    then.tags.clear();
    then.collect_tags();
    then.lists = derived::as_of(moment, today, &then);
    then
}

fn member(moment: Moment, member: &Member) -> Option<Member> {
    let mut member = moment.has_seen(member.created_ms).then(|| member.clone())?;
    member.last_seen_ms = moment.daily(member.last_seen_ms);
    Some(member)
}

fn team(moment: Moment, team: &Team, members: &[Member]) -> Option<Team> {
    let mut team = team.created_ms.is_none_or(|at| moment.has_seen(at)).then(|| team.clone())?;
    team.member_ids.retain(|id| members.iter().any(|member| member.id == *id));
    if team.last_modified_ms.is_some_and(|at| !moment.has_seen(at)) {
        team.last_modified_ms = team.created_ms;
        team.version = team.version.map(|version| version - 1);
    }
    Some(team)
}

fn project(moment: Moment, today: &Account, project: &Project) -> Project {
    let environments = project.environments.iter();
    let environments = environments.map(|one| environment(moment, today.now_ms, one)).collect();
    let flags = project.flags.iter().filter_map(|flag| flags::as_of(moment, project, flag));
    Project { environments, flags: flags.collect(), ..project.clone() }
}

/// Changes needed no approval before that was required.
fn environment(moment: Moment, now_ms: i64, environment: &Environment) -> Environment {
    let required_ms = approval_required_ms(environment, now_ms);
    let has_changed = required_ms.is_some_and(|at| !moment.has_seen(at));
    let before = || Environment { approval: Some(Approval::by(0)), ..environment.clone() };
    if has_changed { before() } else { environment.clone() }
}
