//! Maintainers of a team beyond those its list entry carries:
//! `GET /api/v2/teams/{team}/maintainers`,
//! <https://launchdarkly.com/docs/api/teams/get-team-maintainers>.

use super::decode::MemberSummary;
use super::teams::{MaintainerRow, MaintainerTable};
use crate::resources::prelude::*;

/// The members who maintain a team.
pub struct TeamMaintainers;

impl Resource for TeamMaintainers {
    type Item = MemberSummary;
    const NAME: &'static str = "team_maintainers";
    const PATH: &'static str = "/api/v2/teams/{team}/maintainers";
    const LEVEL: Level = Level::Team;
    const PERMISSION: &'static str = "viewTeam";
    const SPECIFIER: &'static str = "team/*";
    const PAGING: Paging = Paging::Offset(100);
    const REQUESTS: &'static str = "1 a team with more than 25 maintainers, for each further 100";
    const NEEDS: &'static [&'static str] = &["teams"];
    const PLAN: Option<&'static str> = Some("Enterprise");
    const TABLES: &'static [fn() -> TableInfo] = &[MaintainerTable::info];
    const DROPPED: &'static [Dropped] = &[dropped("MemberSummary._links", "link")];

    fn write(scope: &Scope, member: &MemberSummary, sink: &mut dyn Sink) -> Result<()> {
        if member.id.is_empty() {
            return Ok(());
        }
        let row = MaintainerRow { team_key: scope.team_key(), member };
        write_row::<MaintainerTable>(sink, &row).map(drop)
    }
}
