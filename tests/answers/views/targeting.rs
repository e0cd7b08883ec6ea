//! What flaglake works out of LaunchDarkly's answers agrees with the rows of rules, rollouts and
//! targets.

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::account::{FlagConfig, Rollout, Rule, Serve};
use fake_launchdarkly::generated::{self, Size};
use rusqlite::Connection;

use crate::support::Run;
use crate::views::served::SOME;
use crate::views::walks::Dice;

/// What targeting can serve, by the rows of an output.
const TARGETING: &str = include_str!("targeting.sql");

/// Fills `targeting_variations` from the rows of rules, rollouts and targets.
pub fn fill(connection: &Connection) {
    let sql = format!(
        "{TARGETING} UPDATE flag_environments AS one SET targeting_variations = (
             SELECT list FROM targeting WHERE targeting.project_key = one.project_key
                 AND targeting.flag_key = one.flag_key
                 AND targeting.environment_key = one.environment_key)"
    );
    connection.execute(&sql, []).unwrap();
}

const CLAUSES: [&str; 9] = [
    SOME,
    SOME,
    "[]",
    "[ ]",
    "null",
    r#"[{"attribute":"segmentMatch","op":"segmentMatch","values":[],"negate":true}]"#,
    r#"[{"attribute":"kind","op":"in","values":[],"negate":true}]"#,
    r#"[{"attribute":"country","op":"in","values":[ ]}]"#,
    r#"[{"attribute":"kind","op":"in","values":[],"negate":true},{"op":"in","values":["[]"]}]"#,
];

/// Weights of a rollout, some of which leave something over.
const WEIGHTS: [&[(i64, i64)]; 6] = [
    &[(0, 60_000), (1, 10_000), (2, 0)],
    &[(0, 50_000), (1, 50_000)],
    &[(0, 100_000), (1, 0)],
    &[(0, 60_000), (1, 0)],
    &[(1, 60_000)],
    &[],
];

fn serve(dice: &mut Dice) -> Serve {
    match dice.below(3) {
        0 => Serve::Rollout(Rollout::new(WEIGHTS[dice.below(6) as usize])),
        _ => Serve::Variation(dice.below(2) as i64),
    }
}

/// Gives a configuration other rules and another default rule; its targets stay.
fn change(config: &mut FlagConfig, dice: &mut Dice) {
    config.fallthrough = (dice.below(8) > 0).then(|| serve(dice));
    config.rules.clear();
    for _ in 0..dice.below(4) {
        let mut rule = Rule::new(serve(dice), CLAUSES[dice.below(9) as usize]);
        rule.disabled = [None, None, Some(false), Some(true)][dice.below(4) as usize];
        config.rules.push(rule);
    }
}

#[test]
fn what_targeting_serves_follows_from_the_tables() {
    let mut account = generated::account(Size { projects: 4, ..Size::default() });
    let mut dice = Dice(1);
    for flag in account.projects.iter_mut().flat_map(|project| &mut project.flags) {
        for state in flag.environments.values_mut() {
            change(&mut state.config, &mut dice);
        }
    }
    let run = Run::new(account, Behaviour::default());
    run.extract(&[]);
    let differ = format!(
        "{TARGETING} SELECT count(*) FROM targeting JOIN flag_environments AS one
             USING (project_key, flag_key, environment_key)
         WHERE list IS NOT targeting_variations"
    );
    assert_eq!(run.value::<i64>(&differ), 0);
    let kinds = "SELECT count(DISTINCT coalesce(targeting_variations, '')) FROM flag_environments";
    assert_eq!(run.value::<i64>(kinds), 4, "none, each of two variations, and both");
    assert!(run.value::<i64>("SELECT count(*) FROM flag_environments") > 1500);
}
