//! The section `[scorecards]`: thresholds and settings of views and scorecards.

use std::path::Path;

use toml::{Table, Value};

use super::{check_names, wrong};
use crate::Result;
use crate::model::settings::{
    CRITICAL_ENVIRONMENTS, EXEMPT_TAGS, Scorecards, TEAM_RULE, TEAM_RULES,
};
use crate::model::thresholds;

/// The keys of the section.
const KEYS: [&str; 5] = [CRITICAL_ENVIRONMENTS, EXEMPT_TAGS, TEAM_RULE, "thresholds", "projects"];

/// The keys of the section of a project.
const PROJECT_KEYS: [&str; 3] = [CRITICAL_ENVIRONMENTS, EXEMPT_TAGS, "thresholds"];

/// The largest number that a threshold may have.
const LARGEST: f64 = 100_000.0;

/// Reads the section of a file; `None` where it has none. What the section leaves out is as it is by
/// default.
///
/// # Errors
/// `usage` if anything in the section is unknown or wrong.
pub(in crate::cli) fn scorecards(path: &Path, file: &Table) -> Result<Option<Scorecards>> {
    let mut scorecards = Scorecards::default();
    let Some(section) = file.get("scorecards") else { return Ok(None) };
    let place = "`[scorecards]`";
    let section = table(path, place, section)?;
    check_names(path, place, section.keys(), &KEYS)?;
    lists(path, section, "", &mut scorecards)?;
    if let Some(rule) = section.get(TEAM_RULE) {
        let known = rule.as_str().filter(|rule| TEAM_RULES.contains(rule)).ok_or_else(|| {
            wrong(path, format!("`{TEAM_RULE}` is one of {}", TEAM_RULES.join(", ")))
        })?;
        scorecards.push(TEAM_RULE, "", 0, known.to_owned());
    }
    for (name, value) in numbers(path, section)? {
        scorecards.thresholds.insert(name, value);
    }
    if let Some(projects) = section.get("projects") {
        for (key, project) in table(path, "`[scorecards.projects]`", projects)? {
            of_project(path, key, project, &mut scorecards)?;
        }
    }
    Ok(Some(scorecards))
}

/// Reads the section of a project.
fn of_project(path: &Path, key: &str, project: &Value, scorecards: &mut Scorecards) -> Result<()> {
    let place = format!("`[scorecards.projects.{key}]`");
    if key.trim().is_empty() {
        return Err(wrong(path, "the key of a project in `[scorecards.projects]` is empty"));
    }
    let project = table(path, &place, project)?;
    check_names(path, &place, project.keys(), &PROJECT_KEYS)?;
    lists(path, project, key, scorecards)?;
    for (name, value) in numbers(path, project)? {
        scorecards.push(name, key, 0, value.to_string());
    }
    Ok(())
}

fn table<'t>(path: &Path, place: &str, value: &'t Value) -> Result<&'t Table> {
    value.as_table().ok_or_else(|| wrong(path, format!("{place} is not a section")))
}

/// Reads the settings that are lists of patterns.
fn lists(path: &Path, section: &Table, project: &str, scorecards: &mut Scorecards) -> Result<()> {
    for name in [CRITICAL_ENVIRONMENTS, EXEMPT_TAGS] {
        let Some(value) = section.get(name) else { continue };
        let patterns: Option<Vec<&str>> =
            value.as_array().and_then(|all| all.iter().map(Value::as_str).collect());
        let patterns = patterns.filter(|all| all.iter().all(|pattern| !pattern.trim().is_empty()));
        let patterns = patterns.ok_or_else(|| {
            wrong(path, format!("`{name}` is a list of patterns, such as `[\"prod*\"]`"))
        })?;
        for (position, pattern) in (0_i64..).zip(patterns) {
            scorecards.push(name, project, position, pattern.trim().to_owned());
        }
    }
    Ok(())
}

/// Reads thresholds.
fn numbers(path: &Path, section: &Table) -> Result<Vec<(&'static str, f64)>> {
    let Some(section) = section.get("thresholds") else { return Ok(Vec::new()) };
    let section = table(path, "`thresholds`", section)?;
    let known: Vec<_> = thresholds::ALL.iter().map(|one| one.name).collect();
    check_names(path, "`thresholds`", section.keys(), &known)?;
    let number = |value: &Value| {
        #[expect(clippy::cast_precision_loss, reason = "larger numbers are refused")]
        let number = value.as_float().or(value.as_integer().map(|number| number as f64));
        // The sum has no negative zero.
        number.filter(|number| (0.0..=LARGEST).contains(number)).map(|number| number + 0.0)
    };
    let named = known.into_iter().filter_map(|name| Some((name, section.get(name)?)));
    named
        .map(|(name, value)| match number(value) {
            Some(value) => Ok((name, value)),
            None => Err(wrong(path, format!("`{name}` is a number from 0 to {LARGEST}"))),
        })
        .collect()
}

#[cfg(test)]
mod tests;
