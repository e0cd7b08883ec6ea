//! The options of commands, as the file spells them: with `_` in place of `-`.

use std::path::Path;

use clap::{ArgAction, CommandFactory};
use toml::Value;

use super::wrong;
use crate::Result;
use crate::cli::Cli;

/// The keys that are tables.
const TABLES: [&str; 2] = ["map", "set"];

/// A command, by the names that lead to it, such as `["sync", "events"]`.
pub(in crate::cli) fn command(names: &[&str]) -> Option<clap::Command> {
    let all = Cli::command();
    let found = names.iter().try_fold(&all, |command, name| command.find_subcommand(name));
    found.cloned()
}

/// The names of the options of a command.
pub(in crate::cli) fn names(command: &[&str]) -> Vec<String> {
    let command = self::command(command);
    let arguments = command.iter().flat_map(clap::Command::get_arguments);
    arguments.filter_map(|argument| Some(argument.get_long()?.replace('-', "_"))).collect()
}

/// Whether an option of a command is so.
fn is(command: &[&str], key: &str, so: impl Fn(&clap::Arg) -> bool) -> bool {
    let (command, name) = (self::command(command), key.replace('_', "-"));
    let mut arguments = command.iter().flat_map(clap::Command::get_arguments);
    arguments.any(|one| one.get_long() == Some(&name) && so(one))
}

/// Whether an option may be given several times.
fn is_repeatable(command: &[&str], key: &str) -> bool {
    is(command, key, |one| matches!(one.get_action(), ArgAction::Append))
}

/// Whether an option has a value where none is given.
pub(super) fn has_default(command: &[&str], key: &str) -> bool {
    is(command, key, |one| !one.get_default_values().is_empty())
}

/// A key and its value as arguments of a command.
pub(in crate::cli) fn arguments(
    path: &Path,
    command: &[&str],
    key: &str,
    value: &Value,
) -> Result<Vec<String>> {
    let option = format!("--{}", key.replace('_', "-"));
    match value {
        Value::Boolean(true) => Ok(vec![option]),
        Value::Boolean(false) => Ok(Vec::new()),
        value => {
            let values = values(path, command, key, value)?;
            Ok(values.into_iter().map(|value| format!("{option}={value}")).collect())
        }
    }
}

/// The values of an option of a command.
pub(super) fn values(
    path: &Path,
    command: &[&str],
    key: &str,
    value: &Value,
) -> Result<Vec<String>> {
    let text = |name: &str, value: &Value| {
        scalar(value).ok_or_else(|| wrong(path, format!("`{name}` is no text")))
    };
    match value {
        Value::Array(values) if is_repeatable(command, key) => {
            values.iter().map(|value| text(key, value)).collect()
        }
        Value::Array(_) => Err(wrong(path, format!("`{key}` takes one value, not a list"))),
        Value::Table(pairs) if TABLES.contains(&key) => {
            let pair = |(name, value): (&String, &Value)| {
                Ok(format!("{name}={}", text(&format!("{key}.{name}"), value)?))
            };
            pairs.iter().map(pair).collect()
        }
        value => Ok(vec![text(key, value)?]),
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Boolean(value) => Some(value.to_string()),
        Value::Datetime(time) => Some(time.to_string()),
        Value::Array(_) | Value::Table(_) => None,
    }
}
