//! The account with a cache of its rendered JSON, so that a flag is rendered once and then copied.

use std::cmp::Ordering;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering as Memory};
use std::time::Instant;

use super::account::{Account, Flag, Project};
use super::render;
use super::writes::Written;

/// Past this many bytes, parts are rendered again each time: enough for 120,000 flag-environments.
const LARGEST_CACHE: usize = 512 << 20;

/// A name that `sort` can have, and how it compares flags.
type FlagOrder = (&'static str, fn(&Flag, &Flag) -> Ordering);

/// The orders that a list of flags can be asked for.
pub(super) const FLAG_ORDERS: [FlagOrder; 6] = [
    ("creationDate", |left, right| left.created_ms.cmp(&right.created_ms)),
    ("key", |left, right| left.key.cmp(&right.key)),
    ("name", |left, right| left.name.cmp(&right.name)),
    ("maintainerId", |left, right| left.maintainer_id.cmp(&right.maintainer_id)),
    ("tags", |left, right| left.tags.cmp(&right.tags)),
    ("type", |left, right| left.temporary.cmp(&right.temporary)),
];

/// The account and its rendered parts.
pub(super) struct Stored {
    /// The account.
    pub account: Account,
    /// What writes have left behind beside the account.
    pub written: Written,
    started: Instant,
    projects: Vec<ProjectParts>,
    bytes: AtomicUsize,
}

struct ProjectParts {
    flags: Vec<FlagParts>,
    orders: [OnceLock<Vec<usize>>; FLAG_ORDERS.len()],
}

struct FlagParts {
    base: OnceLock<Box<str>>,
    /// Summary and full form, by environment.
    environments: Vec<[OnceLock<Box<str>>; 2]>,
}

impl Stored {
    /// Stores an account of which nothing is rendered yet.
    pub fn new(account: Account) -> Self {
        let (projects, written) = (unrendered(&account), Written::default());
        Stored { projects, account, written, started: Instant::now(), bytes: AtomicUsize::new(0) }
    }

    /// The server's clock: the account's time, and the time that the server has run.
    pub fn clock_ms(&self) -> i64 {
        let ran_ms = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.account.now_ms.saturating_add(ran_ms)
    }

    /// Changes the account and clears the cache.
    pub fn change<T>(&mut self, change: impl FnOnce(&mut Account) -> T) -> T {
        let answer = change(&mut self.account);
        self.projects = unrendered(&self.account);
        self.bytes = AtomicUsize::new(0);
        answer
    }

    /// Changes one flag and removes only that flag from the cache.
    pub fn change_flag(&mut self, project: usize, flag: usize, change: impl FnOnce(&mut Flag)) {
        let owner = &mut self.account.projects[project];
        change(&mut owner.flags[flag]);
        let parts = &mut self.projects[project];
        parts.flags[flag] = FlagParts::new(owner.environments.len());
        parts.orders = Default::default();
    }

    /// Adds a flag at this position.
    pub fn insert_flag(&mut self, project: usize, position: usize, flag: Flag) {
        let owner = &mut self.account.projects[project];
        owner.flags.insert(position, flag);
        let parts = &mut self.projects[project];
        parts.flags.insert(position, FlagParts::new(owner.environments.len()));
        parts.orders = Default::default();
    }

    /// Removes a flag.
    pub fn remove_flag(&mut self, project: usize, flag: usize) -> Flag {
        let parts = &mut self.projects[project];
        parts.flags.remove(flag);
        parts.orders = Default::default();
        self.account.projects[project].flags.remove(flag)
    }

    /// Renders everything that flags are made of, in full.
    pub fn render(&self) {
        let mut text = String::new();
        for (project, owner) in self.account.projects.iter().enumerate() {
            for flag in 0..owner.flags.len() {
                text.clear();
                self.push_flag(project, flag, &mut text);
                for environment in 0..owner.environments.len() {
                    self.push_config(project, flag, environment, true, &mut text);
                }
            }
        }
    }

    /// Positions of a project's flags in the order with this position in [`FLAG_ORDERS`]; ties keep
    /// the account's.
    pub fn order(&self, project: usize, order: usize) -> Vec<usize> {
        let (_, compare) = FLAG_ORDERS[order];
        let sorted = || {
            let flags = &self.account.projects[project].flags;
            let mut positions: Vec<usize> = (0..flags.len()).collect();
            positions.sort_by(|left, right| compare(&flags[*left], &flags[*right]));
            positions
        };
        self.projects[project].orders[order].get_or_init(sorted).clone()
    }

    /// Adds a flag's JSON, without environments and without its closing brace.
    pub fn push_flag(&self, project: usize, flag: usize, text: &mut String) {
        let render = || {
            let owner = &self.account.projects[project];
            render::flag::base(&self.account, owner, &owner.flags[flag])
        };
        self.push(&self.projects[project].flags[flag].base, render, text);
    }

    /// Adds a flag's JSON in one environment, without its closing brace.
    pub fn push_config(
        &self,
        project: usize,
        flag: usize,
        environment: usize,
        full: bool,
        text: &mut String,
    ) {
        let render = || {
            let owner = &self.account.projects[project];
            let place = render::config::Place {
                project: owner,
                environment: &owner.environments[environment],
                flag: &owner.flags[flag],
            };
            render::config::open(&place, full)
        };
        let forms = &self.projects[project].flags[flag].environments[environment];
        self.push(&forms[usize::from(full)], render, text);
    }

    fn push(&self, kept: &OnceLock<Box<str>>, render: impl Fn() -> String, text: &mut String) {
        if let Some(part) = kept.get() {
            return text.push_str(part);
        }
        let part = render();
        text.push_str(&part);
        if self.bytes.fetch_add(part.len(), Memory::Relaxed) < LARGEST_CACHE {
            // Fails only if another request has stored the same text first.
            let _ = kept.set(part.into_boxed_str());
        }
    }
}

impl FlagParts {
    fn new(environments: usize) -> Self {
        let environments = (0..environments).map(|_| Default::default()).collect();
        FlagParts { base: OnceLock::new(), environments }
    }
}

fn unrendered(account: &Account) -> Vec<ProjectParts> {
    let project = |project: &Project| ProjectParts {
        flags: project.flags.iter().map(|_| FlagParts::new(project.environments.len())).collect(),
        orders: Default::default(),
    };
    account.projects.iter().map(project).collect()
}
