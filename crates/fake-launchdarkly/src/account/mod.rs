//! The contents of a fake account: plain data, every field of which a test can set.
//!
//! Every `new` gives something LaunchDarkly could have created a moment ago; the `with_…` methods
//! add to it, and all fields are public, so that tests can set hostile values. Nothing here is
//! checked: broken references are served as they are.

mod audit;
mod config;
mod flag;
mod identifiers;
mod people;
mod project;
mod token;

use std::collections::{BTreeMap, BTreeSet};

pub use audit::AuditEntry;
pub use config::{FlagConfig, FlagEnvironment, FlagStatus, Rollout, Rule, Serve, Target};
pub use flag::{CustomProperty, Flag, Migration, State, Variation};
pub(crate) use identifiers::{mixed, salt};
pub use identifiers::{object_id, uuid};
pub use people::{Member, Team};
pub use project::{Approval, ClientSide, Environment, Project};
pub use token::{
    ApiVersion, DEMO_TOKEN, EVERY_ACTION, Profile, READER_TOKEN, SERVICE_TOKEN, Token, TokenKind,
};

use super::Family;

/// JSON text, served as it is: `9007199254740993`, `1e308` and `-0.0` keep every digit.
pub type Json = String;

/// Everything that one LaunchDarkly account would answer with.
#[derive(Clone, Debug)]
pub struct Account {
    /// The current time in the account, in epoch milliseconds; ages are relative to it.
    pub now_ms: i64,
    /// The account's ID in answers of `caller-identity`.
    pub account_id: String,
    /// The projects, in the order lists show them.
    pub projects: Vec<Project>,
    /// Every tag of the account; see [`Account::collect_tags`].
    pub tags: Vec<String>,
    /// The teams; an empty list is an account without any.
    pub teams: Vec<Team>,
    /// The members.
    pub members: Vec<Member>,
    /// The access tokens that the server accepts.
    pub tokens: Vec<Token>,
    /// The audit log, in any order.
    pub audit_log: Vec<AuditEntry>,
    /// Items in place of those that follow from the account, by family and by the arguments in the
    /// path.
    pub lists: BTreeMap<(Family, Vec<String>), Vec<Json>>,
}

/// The demo account's ID.
pub fn account_id() -> String {
    object_id("account")
}

impl Account {
    /// An account with nothing in it but the three demo tokens.
    pub fn new(now_ms: i64) -> Self {
        Account {
            now_ms,
            account_id: account_id(),
            projects: Vec::new(),
            tags: Vec::new(),
            teams: Vec::new(),
            members: Vec::new(),
            tokens: Token::demo_tokens(),
            audit_log: Vec::new(),
            lists: BTreeMap::new(),
        }
    }

    /// The account with one more project, its tags included in the account's.
    pub fn with_project(mut self, project: Project) -> Self {
        self.projects.push(project);
        self.collect_tags();
        self
    }

    /// The account with one more team.
    pub fn with_team(mut self, team: Team) -> Self {
        self.teams.push(team);
        self
    }

    /// The account with one more member.
    pub fn with_member(mut self, member: Member) -> Self {
        self.members.push(member);
        self
    }

    /// The account with one more access token.
    pub fn with_token(mut self, token: Token) -> Self {
        self.tokens.push(token);
        self
    }

    /// The project with this key.
    pub fn project(&self, key: &str) -> Option<&Project> {
        self.projects.iter().find(|project| project.key == key)
    }

    /// The project with this key, to be changed.
    pub fn project_mut(&mut self, key: &str) -> Option<&mut Project> {
        self.projects.iter_mut().find(|project| project.key == key)
    }

    /// The team with this key.
    pub fn team(&self, key: &str) -> Option<&Team> {
        self.teams.iter().find(|team| team.key == key)
    }

    /// The member with this identifier.
    pub fn member(&self, id: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.id == id)
    }

    /// Sets `tags` to all that projects, environments and flags carry, added to those already
    /// there, in order.
    pub fn collect_tags(&mut self) {
        let mut tags: BTreeSet<String> = self.tags.drain(..).collect();
        for project in &self.projects {
            tags.extend(project.tags.iter().cloned());
            tags.extend(project.environments.iter().flat_map(|one| one.tags.iter().cloned()));
            tags.extend(project.flags.iter().flat_map(|flag| flag.tags.iter().cloned()));
        }
        self.tags = tags.into_iter().collect();
    }
}
