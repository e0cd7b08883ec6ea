//! Churn: the account changes while it is read.

mod flags;
mod structure;

use super::account::Flag;
use super::fragments::Stored;
use super::random::Random;

/// How much the account changes while it is read. The same requests in the same order see the same
/// changes.
#[derive(Clone, Copy, Debug)]
pub struct Churn {
    /// Seed that selects the changes.
    pub seed: u64,
    /// How many changes to expect ahead of each answer with data: 0.1 is busy, 2.0 is a storm.
    pub per_request: f64,
    /// Whether one change in twenty is to projects, environments, tags or teams.
    pub structure: bool,
}

impl Churn {
    /// Changes of flags only.
    pub fn flags(seed: u64, per_request: f64) -> Self {
        Churn { seed, per_request, structure: false }
    }

    /// Changes of everything.
    pub fn everything(seed: u64, per_request: f64) -> Self {
        Churn { seed, per_request, structure: true }
    }
}

/// The changes made so far, and the generator that selects the next.
#[derive(Default)]
pub(super) struct Turmoil {
    random: Option<Random>,
    journal: Vec<String>,
    states: Vec<(String, Flag)>,
}

impl Turmoil {
    /// The changes, in order.
    pub fn journal(&self) -> &[String] {
        &self.journal
    }

    /// Every flag as a change left it, or as it was before it was deleted, with its project's key.
    pub fn states(&self) -> &[(String, Flag)] {
        &self.states
    }

    /// Makes the changes that precede the answer to this request.
    pub fn stir(&mut self, churn: Churn, stored: &mut Stored, path: &str, query: &str) {
        let random = self.random.get_or_insert_with(|| Random::new(churn.seed, 0));
        for _ in 0..count(churn.per_request, random) {
            let number = self.journal.len() + 1;
            stored.account.now_ms += 1;
            let states = &mut self.states;
            let mut scene = Scene { stored, random, number, states };
            let structural = if churn.structure && scene.random.chance(5) {
                structure::change(&mut scene)
            } else {
                None
            };
            let what = structural
                .or_else(|| flags::change(&mut scene))
                .unwrap_or_else(|| "nothing, for want of a project".to_owned());
            self.journal.push(format!("{number}: {what}, before {path}?{query}"));
        }
    }
}

/// A random number of changes with this average.
fn count(expected: f64, random: &mut Random) -> usize {
    let whole = expected.max(0.0).trunc();
    let part = ((expected - whole) * 1_000_000.0) as usize;
    whole as usize + usize::from(random.below(1_000_000) < part)
}

/// The inputs of one change.
struct Scene<'a> {
    stored: &'a mut Stored,
    random: &'a mut Random,
    /// The change's number, for keys that are not in use yet.
    number: usize,
    /// The states of flags so far.
    states: &'a mut Vec<(String, Flag)>,
}

impl Scene<'_> {
    /// The position of some project.
    fn project(&mut self) -> Option<usize> {
        let count = self.stored.account.projects.len();
        (count > 0).then(|| self.random.below(count))
    }

    /// A moment that is later than any before.
    fn now_ms(&self) -> i64 {
        self.stored.account.now_ms
    }
}
