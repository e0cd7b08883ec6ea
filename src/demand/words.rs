//! What a flag serves, in words.

mod clause;
mod segment;

use serde_json::Value;

use super::detail::{Config, Detail};
use super::record::Record;

pub use self::segment::segment_rule;

/// The longest text of a variation's value, in characters.
const LONGEST_VALUE: usize = 40;

/// What the flag serves in an environment now, such as "off: everybody gets `red`".
pub fn served(detail: &Detail, config: &Config) -> String {
    served_when(detail, config, config.is_on())
}

/// What the flag serves in an environment when targeting is on, or off.
pub fn served_when(detail: &Detail, config: &Config, is_on: bool) -> String {
    let words = if detail.is_archived() {
        "archived: code gets its fallback".to_owned()
    } else if is_on {
        format!("on: {}", on(detail, config))
    } else {
        format!("off: {}", off(detail, config))
    };
    let Some(prerequisites) = prerequisites(config).filter(|_| is_on) else { return words };
    format!("{words}; only while {prerequisites}, else as when off")
}

fn off(detail: &Detail, config: &Config) -> String {
    match config.row.int("off_variation") {
        Some(variation) => format!("everybody gets {}", label(detail, variation)),
        None => "code gets its fallback, since no variation is set".to_owned(),
    }
}

fn on(detail: &Detail, config: &Config) -> String {
    let default = served_by(detail, config.row.int("fallthrough_variation"), config, -1);
    let rules = config.rules.iter().map(|row| rule(detail, config, row));
    let targets = config.targets.iter().filter_map(|row| target(detail, row));
    std::iter::once(default).chain(rules).chain(targets).collect::<Vec<_>>().join("; ")
}

/// What a rule serves: a variation, or shares of several.
fn served_by(detail: &Detail, variation: Option<i64>, config: &Config, rule: i64) -> String {
    let rollout = config.rollout(rule);
    match variation {
        Some(variation) if rule < 0 => format!("everybody gets {}", label(detail, variation)),
        Some(variation) => label(detail, variation),
        None if rollout.is_empty() => "nothing is set, so code gets its fallback".to_owned(),
        None => shares(detail, &rollout),
    }
}

/// "25 % of users get `blue`, the rest `red`"
fn shares(detail: &Detail, rollout: &[&Record]) -> String {
    let shares = rollout.iter().filter(|row| row.int("weight") != Some(0)).collect::<Vec<_>>();
    let (last, others) = match shares.split_last() {
        Some((last, others)) => (*last, others),
        None => return "nobody gets anything".to_owned(),
    };
    let kind = last.text("context_kind").unwrap_or("user");
    let name = |row: &Record| label(detail, row.int("variation").unwrap_or_default());
    if others.is_empty() {
        return format!("all {} get {}", plural(kind), name(last));
    }
    let share = |(index, row): (usize, &&&Record)| {
        let percent = percent(row.int("weight").unwrap_or_default());
        let who = if index == 0 { format!(" of {} get", plural(kind)) } else { String::new() };
        format!("{percent} %{who} {}", name(row))
    };
    let others: Vec<_> = others.iter().enumerate().map(share).collect();
    let by = last.text("bucket_by").filter(|by| !matches!(*by, "key" | "")).map(spelled_by);
    format!("{}, the rest {}{}", others.join(", "), name(last), by.unwrap_or_default())
}

fn spelled_by(attribute: &str) -> String {
    format!(" (divided by `{attribute}`)")
}

/// The weight is in thousandths of a percent.
fn percent(weight: i64) -> String {
    let (whole, rest) = (weight / 1000, weight % 1000);
    let decimals = format!("{rest:03}");
    match decimals.trim_end_matches('0') {
        "" => whole.to_string(),
        decimals => format!("{whole}.{decimals}"),
    }
}

fn plural(kind: &str) -> String {
    if kind == "user" { "users".to_owned() } else { format!("contexts of the kind `{kind}`") }
}

/// "rule 1: `country` is one of DE, AT → `blue`"
fn rule(detail: &Detail, config: &Config, row: &Record) -> String {
    let index = row.int("rule_index").unwrap_or_default();
    let clauses = row.json::<Vec<Value>>("clauses").unwrap_or_default();
    let when = clause::clauses(&clauses);
    let serves = served_by(detail, row.int("variation"), config, index);
    let disabled = if row.is("disabled") { " (disabled)" } else { "" };
    format!("rule {}{disabled}: {when} → {serves}", index + 1)
}

/// "3 users get `blue`"
fn target(detail: &Detail, row: &Record) -> Option<String> {
    let count = row.int("value_count").filter(|count| *count > 0)?;
    let kind = row.text("context_kind").unwrap_or("user");
    let who = match (kind, count) {
        ("user", 1) => "1 user gets".to_owned(),
        ("user", _) => format!("{count} users get"),
        (kind, 1) => format!("1 context of the kind `{kind}` gets"),
        (kind, _) => format!("{count} contexts of the kind `{kind}` get"),
    };
    Some(format!("{who} {}", label(detail, row.int("variation")?)))
}

fn prerequisites(config: &Config) -> Option<String> {
    let one = |row: &Record| {
        let flag = row.text("prerequisite_flag_key").unwrap_or_default();
        format!("`{flag}` serves variation {}", row.int("variation").unwrap_or_default())
    };
    let all: Vec<_> = config.prerequisites.iter().map(one).collect();
    (!all.is_empty()).then(|| all.join(" and "))
}

/// A variation by its name, or else by its value. Its index is added where that does not tell it
/// from all others.
pub fn label(detail: &Detail, index: i64) -> String {
    let found = detail.variations.iter().find(|row| row.int("variation_index") == Some(index));
    let Some(row) = found else { return format!("variation {index}") };
    let named = named(row);
    let alike = detail.variations.iter().filter(|other| self::named(other) == named).count();
    let is_cut = name(row).is_none() && named != value(row);
    let which = if alike > 1 || is_cut { format!(" (variation {index})") } else { String::new() };
    format!("`{named}`{which}")
}

fn named(variation: &Record) -> String {
    name(variation).map_or_else(|| shortened(&value(variation)), str::to_owned)
}

/// The name of a variation, if it has one that can be seen.
pub fn name(variation: &Record) -> Option<&str> {
    variation.text("name").filter(|name| !name.trim().is_empty())
}

/// The value of a variation: a text without the quotes of JSON, unless nothing else could be seen.
pub fn value(variation: &Record) -> String {
    let text: Option<String> = variation.json("value");
    let text = text.filter(|text| !text.trim().is_empty());
    text.unwrap_or_else(|| variation.shown("value"))
}

/// The start of a long value.
pub fn shortened(value: &str) -> String {
    match value.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests;
