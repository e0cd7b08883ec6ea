//! Generated flags, about as large as real ones.

use super::{NOW_MS, Size};
use crate::account::{
    Account, CustomProperty, Environment, Flag, FlagConfig, FlagEnvironment, FlagStatus, Rollout,
    Rule, Serve, Target, uuid,
};
use crate::random::Random;

const DAY_MS: i64 = 86_400_000;

const SUBJECTS: [&str; 12] = [
    "checkout", "search", "invoice", "profile", "upload", "inbox", "report", "login", "banner",
    "export", "quota", "theme",
];
const WORKS: [&str; 8] =
    ["redesign", "cache", "limits", "retry", "preview", "shortcut", "import", "fallback"];
const VALUES: [&[&str]; 4] = [
    &["true", "false"],
    &["\"control\"", "\"short form\"", "\"long form\""],
    &["10", "25", "50", "100"],
    &[r#"{"columns":3,"labels":["new","hot"]}"#, r#"{"columns":4,"labels":[]}"#, "{}"],
];

/// The objects that a project's flags refer to.
pub(super) struct Names<'a> {
    pub account: &'a Account,
    pub environments: &'a [Environment],
}

/// All flags of a project: live, then deprecated, then archived.
pub(super) fn flags(names: &Names, size: Size, random: &mut Random) -> Vec<Flag> {
    let total = size.flags + size.deprecated + size.archived;
    let flag = |number: usize| {
        let flag = flag(names, number, created_ms(number, total, size), random);
        let ended = flag.created_ms + DAY_MS;
        match number {
            live if live < size.flags => flag,
            deprecated if deprecated < size.flags + size.deprecated => flag.deprecated(ended),
            _ => flag.archived(ended),
        }
    };
    (0..total).map(flag).collect()
}

/// The creation dates of live, deprecated and archived flags interleave, so that pagination by date
/// meets all states. The shared millisecond lies in the middle.
fn created_ms(number: usize, total: usize, size: Size) -> i64 {
    let shuffled = (number * 7919 + 13) % total.max(1);
    let first = (total / 2).saturating_sub(size.same_millisecond / 2);
    let shared = shuffled >= first && shuffled < first + size.same_millisecond;
    let age = if shared { first } else { shuffled };
    NOW_MS - DAY_MS - age as i64 * 3_600_000
}

fn flag(names: &Names, number: usize, created_ms: i64, random: &mut Random) -> Flag {
    let (subject, work) = (SUBJECTS[random.below(12)], WORKS[random.below(8)]);
    let values = VALUES[[0, 0, 0, 1, 2, 3][random.below(6)]];
    let mut flag = Flag::new(format!("{subject}-{work}-{number:05}"), created_ms);
    flag = flag.with_values(values.iter().copied());
    flag.name = format!("{subject} {work} {number}");
    flag.description = (!random.chance(20)).then(|| {
        format!("Controls the {work} of {subject}. Remove once every region has it, see the plan.")
    });
    flag.temporary = random.chance(70);
    flag.version = 1 + random.below(40) as i64;
    flag.tags = tags(names.account, random);
    own(&mut flag, names.account, random);
    decorate(&mut flag, number, random);
    for environment in names.environments {
        let state = state(&flag, random);
        flag = flag.in_environment(&environment.key, state);
    }
    flag
}

fn tags(account: &Account, random: &mut Random) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for _ in 0..random.below(5) {
        tags.extend(account.tags.get(random.below(account.tags.len())).cloned());
    }
    tags.sort();
    tags.dedup();
    tags
}

fn own(flag: &mut Flag, account: &Account, random: &mut Random) {
    let member = account.members.get(random.below(account.members.len()));
    let team = account.teams.get(random.below(account.teams.len()));
    match random.below(10) {
        0 => {}
        1..6 => flag.maintainer_id = member.map(|member| member.id.clone()),
        _ => flag.maintainer_team = team.map(|team| team.key.clone()),
    }
}

fn decorate(flag: &mut Flag, number: usize, random: &mut Random) {
    if random.chance(25) {
        flag.custom_properties.push(CustomProperty {
            key: "ticket".to_owned(),
            name: "Ticket".to_owned(),
            values: vec![format!("WORK-{number}")],
        });
    }
    if number % 11 == 10 {
        flag.extra.push(("_fieldOfTomorrow".to_owned(), format!(r#"{{"value":{number}}}"#)));
    }
}

fn state(flag: &Flag, random: &mut Random) -> FlagEnvironment {
    let off = flag.variations.len() as i64 - 1;
    let age = random.below(60) as i64 * DAY_MS;
    let mut config = FlagConfig::on((NOW_MS - age).max(flag.created_ms), 0, off);
    config.on = random.chance(70);
    config.version = 1 + random.below(30) as i64;
    target(flag, &mut config, random);
    let requested = NOW_MS - random.below(3000) as i64 * 1000;
    let mut status = match random.below(4) {
        0 => FlagStatus::never_requested("inactive"),
        1 => FlagStatus::requested("inactive", requested - 9 * DAY_MS),
        _ if config.on && config.rules.is_empty() => FlagStatus::requested("launched", requested),
        _ => FlagStatus::requested("active", requested),
    };
    status.default = random.chance(40).then(|| flag.variations[off as usize].value.clone());
    FlagEnvironment { config, status: Some(status) }
}

fn target(flag: &Flag, config: &mut FlagConfig, random: &mut Random) {
    let off = flag.variations.len() as i64 - 1;
    if random.chance(20) {
        let percent = 1 + random.below(99) as i64;
        let weights = [(0, percent * 1000), (off, (100 - percent) * 1000)];
        config.fallthrough = Some(Serve::Rollout(Rollout::new(weights)));
    }
    for number in 0..[0, 0, 0, 1, 1, 3][random.below(6)] {
        config.rules.push(rule(flag, number, random));
    }
    if random.chance(20) {
        let users = (0..1 + random.below(8)).map(|number| format!("user-{number:06}"));
        config.targets.push(Target::new("user", 0, users));
    }
    if random.chance(10) {
        config.context_targets.push(Target::new("organization", 0, ["org-01", "org-02"]));
    }
}

fn rule(flag: &Flag, number: usize, random: &mut Random) -> Rule {
    let country = ["DE", "FR", "NL", "SE"][random.below(4)];
    let clauses = format!(
        r#"[{{"_id":"{}","attribute":"country","op":"in","values":["{country}","BE"],"contextKind":"user","negate":false}}]"#,
        uuid(&format!("clause {} {number}", flag.key))
    );
    let serve = if random.chance(25) {
        Serve::Rollout(Rollout::percent(50))
    } else {
        Serve::Variation(random.below(flag.variations.len()) as i64)
    };
    let mut rule = Rule::new(serve, clauses);
    rule.id = Some(uuid(&format!("rule {} {number}", flag.key)));
    rule.description = random.chance(30).then(|| format!("Customers in {country}"));
    rule
}
