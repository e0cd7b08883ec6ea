//! Generated accounts of any size. The same size and seed give the same account.

mod flags;
mod log;

use super::account::{Account, Approval, Environment, Member, Project, Team};
use super::random::Random;

/// 2026-11-20T02:00:00Z, the current time in generated accounts.
pub const NOW_MS: i64 = 1_795_140_000_000;

/// How large an account is. All counts but those of tags, teams, members and the audit log are per project.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Projects.
    pub projects: usize,
    /// Environments of each project; the first is critical.
    pub environments: usize,
    /// Live flags.
    pub flags: usize,
    /// Archived flags.
    pub archived: usize,
    /// Deprecated flags.
    pub deprecated: usize,
    /// Number of flags created in one shared millisecond; they are neither the oldest nor the
    /// newest.
    pub same_millisecond: usize,
    /// Tags of the account, from which flags have up to four.
    pub tags: usize,
    /// Teams.
    pub teams: usize,
    /// Maintainers of each team, taken from the members.
    pub maintainers: usize,
    /// Members.
    pub members: usize,
    /// Entries of the audit log, of the 80 days before [`NOW_MS`].
    pub audit_entries: usize,
    /// Seed of the generator; it does not affect the counts.
    pub seed: u64,
}

impl Default for Size {
    /// A small account that still has more than one page of flags.
    fn default() -> Self {
        Size {
            projects: 2,
            environments: 4,
            flags: 120,
            archived: 30,
            deprecated: 10,
            same_millisecond: 0,
            tags: 40,
            teams: 5,
            maintainers: 3,
            members: 25,
            audit_entries: 0,
            seed: 1,
        }
    }
}

impl Size {
    /// The account of the benchmarks: 20 projects × 1,000 live flags × 6 environments.
    pub fn benchmark() -> Self {
        Size {
            projects: 20,
            environments: 6,
            flags: 1000,
            archived: 100,
            deprecated: 20,
            tags: 500,
            teams: 40,
            maintainers: 5,
            members: 300,
            ..Size::default()
        }
    }
}

/// The account of this size.
pub fn account(size: Size) -> Account {
    let mut account = Account::new(NOW_MS);
    account.members = (0..size.members).map(member).collect();
    account.teams = (0..size.teams).map(|number| team(number, size, &account.members)).collect();
    account.tags = (0..size.tags).map(|number| format!("tag-{number:04}")).collect();
    for number in 0..size.projects {
        let mut random = Random::new(size.seed, number as u64);
        let project = project(number, size, &account, &mut random);
        account.projects.push(project);
    }
    account.audit_log = log::entries(&account, size);
    account
}

fn project(number: usize, size: Size, account: &Account, random: &mut Random) -> Project {
    let mut project = Project::new(format!("project-{number:03}"));
    project.name = format!("Project {number}");
    project.tags = account.tags.iter().take(number % 3).cloned().collect();
    for position in 0..size.environments {
        project = project.with_environment(environment(position));
    }
    if number % 5 == 4 {
        project.extra.push(("_fieldOfTomorrow".to_owned(), r#"{"value":[1,null]}"#.to_owned()));
    }
    let names = flags::Names { account, environments: &project.environments };
    project.flags = flags::flags(&names, size, random);
    project
}

fn environment(position: usize) -> Environment {
    const NAMES: [&str; 6] = ["production", "staging", "test", "development", "canary", "europe"];
    let key = match (NAMES.get(position), position) {
        (Some(name), _) => (*name).to_owned(),
        (None, position) => format!("environment-{position:03}"),
    };
    let mut environment = Environment::new(key);
    environment.critical = position == 0;
    environment.require_comments = position == 0;
    environment.approval = (position < 2).then(|| Approval::by(1 - position as i64));
    environment
}

fn member(number: usize) -> Member {
    let email = format!("member{number:04}@generated.example");
    let mut member = Member::new(email, NOW_MS - 400 * 86_400_000 + number as i64);
    member.first_name = Some(format!("First{number}"));
    member.last_name = Some(format!("Last{number}"));
    member
}

fn team(number: usize, size: Size, members: &[Member]) -> Team {
    let team = Team::new(format!("team-{number:03}"), NOW_MS - 300 * 86_400_000);
    let start = number * size.maintainers;
    let chosen = members.iter().cycle().skip(start).take(size.maintainers.min(members.len()));
    chosen.fold(team, |team, member| team.with_maintainer(&member.id))
}
