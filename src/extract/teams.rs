//! The teams of the account and their maintainers.

use tracing::warn;

use super::deleted::listed_now::is_team_listed;
use super::deleted::{deleted_among, not_found, note_deleted};
use super::fetch::{Fetch, request};
use super::join::try_join_all;
use super::list::{Keyed, List};
use super::unavailable::NO_TEAMS;
use crate::Result;
use crate::error::Error;
use crate::launchdarkly::Request;
use crate::model::privacy::Privacy;
use crate::model::scope::Scope;
use crate::model::table::Lenient;
use crate::record::{Outcome, Tally};
use crate::resources::decode::{MemberSummary, Nested};
use crate::resources::team_maintainers::TeamMaintainers;
use crate::resources::teams::{Team, Teams};

impl Keyed for Team {
    fn key(&self) -> &str {
        &self.key
    }

    fn guard(&mut self, privacy: &Privacy) {
        let maintainers = self.maintainers.iter_mut().flat_map(|page| &mut page.items);
        maintainers.for_each(|member| member.guard(privacy));
    }
}

impl Keyed for MemberSummary {
    fn key(&self) -> &str {
        &self.id
    }

    fn guard(&mut self, privacy: &Privacy) {
        if let Lenient::Value(email) = &mut self.email {
            privacy.treat_own(&mut email.0);
        }
        for name in [&mut self.first_name, &mut self.last_name] {
            if let Some(Lenient::Value(name)) = name {
                privacy.treat_own(name);
            }
        }
    }
}

/// Reads teams and their maintainers.
pub(super) struct TeamReader<'a> {
    /// Access to the account and the stage.
    pub fetch: &'a Fetch<'a>,
}

impl TeamReader<'_> {
    /// Reads the teams, if they are selected. An account without teams is recorded as such.
    pub async fn read(&self) -> Result<()> {
        if !self.fetch.wants::<Teams>() {
            return Ok(());
        }
        let tally = self.fetch.tally::<Teams>(&Scope::Account);
        let maintainers = self.fetch.tally::<TeamMaintainers>(&Scope::Account);
        let mut teams = match self.list(&tally).await {
            Ok(teams) => teams,
            Err(error) => return no_teams(error, &[&tally, &maintainers]),
        };
        if self.fetch.wants::<TeamMaintainers>() {
            self.read_maintainers(&mut teams, &maintainers).await?;
        }
        self.fetch.stage.jobs().write::<Teams>(Scope::Account, teams).await?;
        tally.complete();
        Ok(())
    }

    async fn list(&self, tally: &Tally) -> Result<Vec<Team>> {
        let mut teams = Vec::<Team>::new();
        let plain = request::<Teams>(&[]).counted(&tally.requests);
        let expanded = self.expanded().counted(&tally.requests);
        match self.pages(expanded).collect(self.fetch, tally, &mut teams).await {
            // A server that refuses to expand still lists. The maintainers of each team are read by
            // requests of their own then.
            Err(error) if error.http_status() == Some(400) => {
                self.pages(plain).collect(self.fetch, tally, &mut teams).await?;
            }
            outcome => outcome?,
        }
        Ok(teams)
    }

    /// The request for the list of teams. It expands the first maintainers of each team only if
    /// maintainers are selected: a stage may be kept, and must not hold addresses needlessly.
    fn expanded(&self) -> Request {
        let maintainers = self.fetch.wants::<TeamMaintainers>();
        let parts = if maintainers { "members,maintainers" } else { "members" };
        request::<Teams>(&[]).with("expand", format!("{parts},roleAttributes"))
    }

    fn pages(&self, request: Request) -> List<'_> {
        List::of::<Teams>(self.fetch, request)
    }

    async fn read_maintainers(&self, teams: &mut Vec<Team>, tally: &Tally) -> Result<()> {
        tally.note(|facts| facts.passes = 1);
        let completed = teams.iter_mut().map(|team| self.complete_team(team, tally));
        let completed = try_join_all(completed.map(async |one| not_found(one.await))).await?;
        self.drop_deleted(teams, completed).await?;
        tally.complete();
        Ok(())
    }

    /// Drops teams that were deleted while their maintainers were read.
    async fn drop_deleted(
        &self,
        teams: &mut Vec<Team>,
        outcomes: Vec<Option<Error>>,
    ) -> Result<()> {
        let keyed = teams.iter().map(|team| team.key.as_str()).zip(outcomes);
        let is_listed = async |key: &str| is_team_listed(self.fetch, key).await;
        let deleted = deleted_among(keyed, is_listed).await?;
        for key in &deleted {
            note_deleted::<Teams>(self.fetch, &Scope::Account, "team", key);
        }
        teams.retain(|team| !deleted.contains(&team.key));
        Ok(())
    }

    /// Reads the maintainers that the list of teams does not carry: it has the first few only.
    async fn complete_team(&self, team: &mut Team, tally: &Tally) -> Result<()> {
        let page = team.maintainers.get_or_insert_with(Nested::unknown);
        if page.is_complete() {
            let (count, total) = (page.items.len(), page.total_count.unwrap_or_default());
            tally.note(|facts| facts.add(count, total));
            return Ok(());
        }
        let request = request::<TeamMaintainers>(&[&team.key]).counted(&tally.requests);
        for page_of in [&self.expanded(), &request] {
            self.fetch.client.check_link(page_of, page.next())?;
        }
        let own = Tally::default();
        let list = List::of::<TeamMaintainers>(self.fetch, request);
        let list = List { total: page.total_count, ..list };
        list.collect(self.fetch, &own, &mut page.items).await?;
        add_maintainers(tally, &own, &team.key, page.items.len());
        Ok(())
    }
}

/// Adds the tally of one team's maintainers to that of all teams.
fn add_maintainers(all: &Tally, own: &Tally, team_key: &str, count: usize) {
    let own = own.facts();
    all.note(|facts| {
        facts.add(count, own.reported_total.unwrap_or_default());
        facts.passes = facts.passes.max(own.passes);
    });
    for remark in own.remarks {
        all.remark(&format!("team {team_key}: {remark}"));
    }
}

/// Records that the account has no teams. The endpoint then answers 404 or 405, depending on the
/// account's plan.
///
/// # Errors
/// `error`, where it has another status.
fn no_teams(error: Error, tallies: &[&Tally]) -> Result<()> {
    let Some(status @ (404 | 405)) = error.http_status() else { return Err(error) };
    warn!("{NO_TEAMS} (status {status})");
    for tally in tallies {
        tally.note(|facts| {
            facts.outcome = Outcome::NotAvailable;
            facts.http_status = Some(i64::from(status));
        });
        tally.remark("the account's plan has no teams");
    }
    Ok(())
}
