//! One line of a table of flags, with these columns:
//! `key | name | tags | owner | age in days | story | traits | description`.

use super::environments::{Purpose, purpose};
use super::people::id_of;
use super::story::{Story, World};
use super::{DAY_MS, values};
use crate::account::{
    ClientSide, CustomProperty, Environment, Flag, FlagConfig, Migration, Rollout, Serve,
};

/// A flag as the table has it.
pub(super) struct Line<'a> {
    key: &'a str,
    name: &'a str,
    tags: Vec<&'a str>,
    /// `@team`, a member's address before the `@`, or nothing.
    owner: Option<&'a str>,
    age_days: i64,
    story: Story,
    /// Words, some with a value: `permanent`, `needs=other-flag`, `targeting=disabled`.
    traits: Vec<&'a str>,
    description: Option<&'a str>,
}

impl<'a> Line<'a> {
    /// Reads a line; `-` is for nothing.
    pub fn parse(line: &'a str) -> Option<Self> {
        let mut fields = line.split('|').map(str::trim);
        let key = fields.next()?;
        let name = fields.next()?;
        let tags = words(fields.next()?);
        let owner = some(fields.next()?);
        let age_days = fields.next()?.parse().ok()?;
        let story = Story::parse(fields.next()?)?;
        let traits = words(fields.next()?);
        let description = some(fields.next()?);
        Some(Line { key, name, tags, owner, age_days, story, traits, description })
    }

    /// Whether it is of the flag with this key.
    pub fn is_of(&self, key: &str) -> bool {
        self.key == key
    }

    /// When the flag was created, in an account of `now_ms`.
    pub fn created_ms(&self, now_ms: i64) -> i64 {
        now_ms - self.age_days * DAY_MS - self.key.len() as i64 * 1_234_567
    }

    /// The flag at `now_ms`, with what it does in each environment.
    pub fn flag(&self, environments: &[Environment], now_ms: i64) -> Flag {
        let mut flag = self.described(now_ms);
        self.own(&mut flag);
        self.qualify(&mut flag);
        self.date(&mut flag, now_ms);
        for environment in environments {
            let world = World {
                now_ms,
                created_ms: flag.created_ms,
                purpose: purpose(&environment.key),
                variations: &flag.variations,
                seed: format!("{} {}", environment.id, self.key),
            };
            let mut state = self.story.state(&world);
            self.target(&mut state.config, &world);
            let needs = self.values_of("needs").map(|key| (key.to_owned(), 0));
            state.config.prerequisites = needs.collect();
            if self.has("debug") {
                state.config.debug_until_ms = Some(now_ms + DAY_MS);
            }
            flag = flag.in_environment(&environment.key, state);
        }
        flag
    }

    /// Targeting for customers that looks like more than it does, or does more than it looks like.
    fn target(&self, config: &mut FlagConfig, world: &World) {
        if world.purpose != Purpose::Live {
            return;
        }
        match self.values_of("targeting").next() {
            Some("everybody") => config.rules.push(world.rule_for_everybody()),
            Some("disabled") => config.rules.push(world.disabled_rule()),
            Some("same") => config.rules.push(world.rule("staff", Serve::Variation(0))),
            Some("all") => config.fallthrough = Some(Serve::Rollout(Rollout::percent(100))),
            _ => {}
        }
    }

    fn described(&self, now_ms: i64) -> Flag {
        let set = match self.story {
            Story::Migrating => "migration",
            _ => self.values_of("values").next().unwrap_or("boolean"),
        };
        let mut flag =
            Flag::new(self.key, self.created_ms(now_ms)).with_values(values::values(set));
        values::name(set, &mut flag.variations);
        flag.name = self.name.to_owned();
        flag.description = self.description.map(str::to_owned);
        flag.tags = self.tags.iter().map(|tag| (*tag).to_owned()).collect();
        flag.temporary = !self.has("permanent");
        flag.version = 2 + (self.age_days + self.key.len() as i64) % 23;
        flag
    }

    fn own(&self, flag: &mut Flag) {
        match self.owner.map(|owner| (owner, owner.strip_prefix('@'))) {
            Some((_, Some(team))) => flag.maintainer_team = Some(team.to_owned()),
            Some((member, None)) => flag.maintainer_id = Some(id_of(member)),
            None => {}
        }
    }

    fn qualify(&self, flag: &mut Flag) {
        flag.client_side = Some(ClientSide {
            using_mobile_key: self.has("mobile"),
            using_environment_id: self.has("web"),
        });
        flag.custom_properties.extend(self.values_of("ticket").map(|ticket| CustomProperty {
            key: "jira.issues".to_owned(),
            name: "Tickets".to_owned(),
            values: vec![ticket.to_owned()],
        }));
        if matches!(self.story, Story::Migrating) {
            flag.purpose = Some("migration".to_owned());
            let context_kind = Some("account".to_owned());
            flag.migration = Some(Migration { context_kind, stage_count: 6 });
        }
        if self.has("permanent") {
            flag.extra.push(("variationJsonSchema".to_owned(), "null".to_owned()));
        }
    }

    fn date(&self, flag: &mut Flag, now_ms: i64) {
        match self.story {
            Story::Archived { days } => flag.archived_ms = Some(now_ms - days * DAY_MS),
            Story::Deprecated { days } => flag.deprecated_ms = Some(now_ms - days * DAY_MS),
            _ => {}
        }
    }

    fn has(&self, word: &str) -> bool {
        self.traits.contains(&word)
    }

    fn values_of(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.traits.iter().filter_map(move |word| {
            word.split_once('=').filter(|(one, _)| *one == name).map(|(_, value)| value)
        })
    }
}

fn some(field: &str) -> Option<&str> {
    (field != "-").then_some(field)
}

fn words(field: &str) -> Vec<&str> {
    some(field).unwrap_or("").split_whitespace().collect()
}
