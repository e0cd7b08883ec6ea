//! `served_variations` agrees with evaluating every context against random flags.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::views::account::Account;
use crate::views::served::{SOME, account, configure};

/// A small pseudo-random generator with a fixed sequence.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// A configuration, reduced to the steps of an evaluation.
#[derive(Clone)]
struct Model {
    is_on: bool,
    off: Option<i64>,
    /// Whether a context may fail to match the step, and the variations served if it matches.
    steps: Vec<(bool, Vec<i64>)>,
    needs: Vec<(usize, i64)>,
}

impl Model {
    /// All variations that any context is served, found by evaluating the steps.
    fn outcomes(&self, others: &[(bool, Vec<Option<i64>>)]) -> Vec<Option<i64>> {
        let mut all = Vec::new();
        let passing = |(flag, needed): &(usize, i64)| {
            others[*flag].0 && others[*flag].1.contains(&Some(*needed))
        };
        let failing = |(flag, needed): &(usize, i64)| {
            !others[*flag].0 || others[*flag].1.iter().any(|one| *one != Some(*needed))
        };
        if !self.is_on || self.needs.iter().any(failing) {
            all.push(self.off);
        }
        if self.is_on && self.needs.iter().all(passing) {
            for context in 0..1_u32 << self.steps.len() {
                let matched = self.steps.iter().enumerate();
                let mut matched =
                    matched.filter(|(index, (may_pass, _))| !may_pass || context >> index & 1 > 0);
                all.extend(
                    matched
                        .next()
                        .into_iter()
                        .flat_map(|(_, (_, served))| served)
                        .map(|one| Some(*one)),
                );
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Makes a random configuration, in the database and as a model. Earlier flags may be its
/// prerequisites.
fn random(account: &Account, dice: &mut Dice, number: usize) -> Model {
    let key = format!("{number:03}");
    let at = ("shop", key.as_str(), "production");
    let is_on = dice.below(5) > 0;
    let off = (dice.below(6) > 0).then(|| dice.below(2) as i64);
    let mut steps = Vec::new();
    let users = dice.below(4).saturating_sub(2) as i64;
    if users > 0 {
        let variation = dice.below(3) as i64;
        account.target(at, "user", variation, users);
        steps.push((true, vec![variation]));
    }
    let rules = dice.below(4).saturating_sub(1) as usize;
    for index in 0..rules {
        let serve = serve(account, dice, at, index as i64);
        let (clauses, disabled) = ([SOME, SOME, "[]"][dice.below(3) as usize], dice.below(5) == 0);
        let variation = if serve.len() == 1 { json!(serve[0]) } else { Value::Null };
        account.rule(
            at,
            index,
            clauses,
            &[("variation", variation), ("disabled", json!(disabled))],
        );
        if !disabled {
            steps.push((clauses == SOME, serve));
        }
    }
    let serve = serve(account, dice, at, -1);
    let default = if serve.len() == 1 { json!(serve[0]) } else { Value::Null };
    steps.push((false, serve));
    let mut needs = Vec::new();
    for _ in 0..if number > 9 { dice.below(3) } else { 0 } {
        let needed = number - 1 - dice.below(9) as usize;
        if needs.iter().all(|(other, _)| *other != needed) {
            needs.push((needed, dice.below(2) as i64));
        }
    }
    for (other, variation) in &needs {
        let row = [
            ("project_key", json!("shop")),
            ("flag_key", json!(key)),
            ("environment_key", json!("production")),
            ("prerequisite_flag_key", json!(format!("{other:03}"))),
            ("variation", json!(variation)),
        ];
        account.insert("flag_prerequisites", &row);
    }
    let cells = [
        ("is_on", json!(is_on)),
        ("off_variation", json!(off)),
        ("fallthrough_variation", default),
        ("rule_count", json!(rules)),
        ("target_count", json!(users)),
        ("prerequisite_count", json!(needs.len())),
    ];
    configure(account, &key, &cells);
    Model { is_on, off, steps, needs }
}

/// The variations that a rule serves: one, or those of a rollout, which it inserts.
fn serve(account: &Account, dice: &mut Dice, at: (&str, &str, &str), rule: i64) -> Vec<i64> {
    if dice.below(4) > 0 {
        return vec![dice.below(3).saturating_sub(1) as i64];
    }
    account.rollout(at, rule, &[(0, 30_000), (1, 70_000), (2, 0)]);
    vec![0, 1]
}

#[test]
fn it_agrees_with_walking_every_context_through_random_flags() {
    let account = account();
    // Rows inside a configuration are inserted before the configuration here.
    account.connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    let mut dice = Dice(11);
    let mut expected: Vec<(bool, Vec<Option<i64>>)> = Vec::new();
    for number in 0..600 {
        let model = random(&account, &mut dice, number);
        let outcomes = model.outcomes(&expected);
        expected.push((model.is_on, outcomes));
    }
    let actual = account.rows("SELECT variations FROM served_variations ORDER BY flag_key");
    let unknown = actual.iter().filter(|one| *one == "NULL").count();
    for (number, (actual, (_, expected))) in actual.iter().zip(&expected).enumerate() {
        let expected = json!(expected).to_string();
        assert!(actual == "NULL" || *actual == expected, "{number}: {actual} {expected:?}");
    }
    let kinds: BTreeSet<_> = actual.iter().collect();
    assert!(kinds.len() > 8 && unknown < 60, "{kinds:?} {unknown}");
}
