//! The lists of the account: tags and teams.

use tracing::warn;

use super::deleted::absence;
use super::join::try_join_all;
use super::list::{Keyed, List};
use super::unavailable::NO_TEAMS;
use super::{Extraction, request};
use crate::Result;
use crate::error::Error;
use crate::launchdarkly::Request;
use crate::model::privacy::Privacy;
use crate::model::resource::Resource;
use crate::model::scope::Scope;
use crate::model::table::Lenient;
use crate::record::{Outcome, Tally};
use crate::resources::decode::{MemberSummary, Nested};
use crate::resources::tags::Tags;
use crate::resources::team_maintainers::TeamMaintainers;
use crate::resources::teams::{Team, Teams};

impl Keyed for String {
    fn key(&self) -> &str {
        self
    }
}

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

impl Extraction<'_> {
    pub(super) async fn tags(&self) -> Result<()> {
        if !self.selection.wants(Tags::NAME) {
            return Ok(());
        }
        let tally = self.tally::<Tags>(&Scope::Account);
        let request = request::<Tags>(&[]).counted(&tally.requests);
        let list = List { request, limit: self.limits.of::<Tags>(), total: None, now: false };
        let mut tags = Vec::<String>::new();
        self.read_all(list, &tally, &mut tags).await?;
        self.stage.jobs().write::<Tags>(Scope::Account, tags).await?;
        tally.complete();
        Ok(())
    }

    pub(super) async fn teams(&self) -> Result<()> {
        if !self.selection.wants(Teams::NAME) {
            return Ok(());
        }
        let tally = self.tally::<Teams>(&Scope::Account);
        let maintainers = self.tally::<TeamMaintainers>(&Scope::Account);
        let mut teams = match self.team_list(&tally).await {
            Ok(teams) => teams,
            Err(error) => return no_teams(error, &[&tally, &maintainers]),
        };
        if self.selection.wants(TeamMaintainers::NAME) {
            maintainers.note(|facts| facts.passes = 1);
            let complete = teams.iter_mut().map(|team| self.complete_team(team, &maintainers));
            let complete = complete.map(async |one| absence(one.await));
            let absences = try_join_all(complete).await?;
            self.drop_deleted_teams(&mut teams, absences).await?;
            maintainers.complete();
        }
        self.stage.jobs().write::<Teams>(Scope::Account, teams).await?;
        tally.complete();
        Ok(())
    }

    /// Drops teams that were deleted while their maintainers were read.
    async fn drop_deleted_teams(
        &self,
        teams: &mut Vec<Team>,
        absences: Vec<Option<Error>>,
    ) -> Result<()> {
        let keyed = teams.iter().map(|team| team.key.as_str()).zip(absences);
        let gone = self.gone_among(keyed, async |key: &str| self.lists_team(key).await).await?;
        for key in &gone {
            self.note_deleted::<Teams>(&Scope::Account, "team", key);
        }
        teams.retain(|team| !gone.contains(&team.key));
        Ok(())
    }

    async fn team_list(&self, tally: &Tally) -> Result<Vec<Team>> {
        let mut teams = Vec::<Team>::new();
        let plain = request::<Teams>(&[]).counted(&tally.requests);
        let request = self.expanded_teams().counted(&tally.requests);
        match self.read_all(self.team_pages(request), tally, &mut teams).await {
            // A server that refuses to expand still lists; the maintainers are asked for then.
            Err(error) if error.http_status() == Some(400) => {
                self.read_all(self.team_pages(plain), tally, &mut teams).await?;
            }
            outcome => outcome?,
        }
        Ok(teams)
    }

    /// The list of teams, each with its first maintainers, if those are wanted: a stage that stays
    /// holds no addresses that nobody asked for.
    fn expanded_teams(&self) -> Request {
        let maintainers = self.selection.wants(TeamMaintainers::NAME);
        let parts = if maintainers { "members,maintainers" } else { "members" };
        request::<Teams>(&[]).with("expand", format!("{parts},roleAttributes"))
    }

    fn team_pages(&self, request: Request) -> List<'_> {
        List { request, limit: self.limits.of::<Teams>(), total: None, now: false }
    }

    /// The list carries a team's first maintainers only.
    async fn complete_team(&self, team: &mut Team, tally: &Tally) -> Result<()> {
        let page = team.maintainers.get_or_insert_with(Nested::unknown);
        if page.is_complete() {
            let (count, total) = (page.items.len(), page.total_count.unwrap_or_default());
            tally.note(|facts| facts.add(count, total));
            return Ok(());
        }
        let request = request::<TeamMaintainers>(&[&team.key]).counted(&tally.requests);
        for page_of in [&self.expanded_teams(), &request] {
            self.client.check_link(page_of, page.next())?;
        }
        let own = Tally::default();
        let limit = self.limits.of::<TeamMaintainers>();
        let list = List { request, limit, total: page.total_count, now: false };
        self.read_all(list, &own, &mut page.items).await?;
        let (facts, total) = (own.facts(), own.facts().reported_total.unwrap_or_default());
        tally.note(|all| {
            all.add(page.items.len(), total);
            all.passes = all.passes.max(facts.passes);
        });
        for remark in facts.remarks {
            tally.remark(&format!("team {}: {remark}", team.key));
        }
        Ok(())
    }
}

/// Plans without teams answer 404 or 405: that is recorded, and the run goes on.
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
