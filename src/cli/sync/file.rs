//! The configuration file of `flaglake sync run`: each of its syncs becomes the options of the
//! command for its object, so that a file and a command line are checked alike.

use std::path::Path;

use clap::{CommandFactory, FromArgMatches};
use toml::{Table, Value};

use super::SyncCommand;
use super::run::RunArguments;
use crate::cli::{Cli, Command};
use crate::error::redact;
use crate::terminal::suggest;
use crate::{Error, Result};

/// A sync of the file.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its name.
    pub name: String,
    /// The command that runs it.
    pub command: SyncCommand,
}

/// Arguments that all syncs of the file share. Later arguments override earlier ones.
struct Shared {
    /// Those of the file. They come before those of a sync.
    of_file: Vec<String>,
    /// Those of the command line. They come last.
    given: Vec<String>,
}

/// The objects, as the file names them.
const OBJECTS: [&str; 3] = ["metrics", "events", "segment"];

/// The tables and keys at the top of the file.
const TOP: [&str; 3] = ["connection", "state", "sync"];

/// Reads the syncs of a file.
///
/// # Errors
/// `usage` if it cannot be read, or anything in it is unknown or wrong.
pub fn load(arguments: &RunArguments) -> Result<Vec<Job>> {
    let path = &arguments.file;
    let text = std::fs::read_to_string(path)
        .map_err(|error| Error::usage(format!("could not read `{}`: {error}", path.display())))?;
    let table = text.parse::<Table>().map_err(|error| wrong(path, error.message()))?;
    let table = substituted(Value::Table(table), path)?;
    let Value::Table(table) = table else { return Err(wrong(path, "it is not a table")) };
    check_names(path, "the file", table.keys(), &TOP)?;
    let shared = shared(path, &table, arguments)?;
    let syncs = match table.get("sync") {
        Some(Value::Array(syncs)) if !syncs.is_empty() => syncs,
        _ => return Err(wrong(path, "it has no `[[sync]]`")),
    };
    let jobs = syncs.iter().map(|sync| job(path, sync, &shared)).collect::<Result<Vec<_>>>()?;
    check_unique(path, &jobs)?;
    selected(path, jobs, &arguments.names)
}

fn wrong(path: &Path, reason: impl std::fmt::Display) -> Error {
    Error::usage(format!("`{}`: {reason}", path.display())).resource(path.display().to_string())
}

/// Refuses a name that is not one of `known`.
fn check_names<'n>(
    path: &Path,
    place: &str,
    names: impl IntoIterator<Item = &'n String>,
    known: &[&str],
) -> Result<()> {
    match names.into_iter().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(wrong(path, format!("{place} has an unknown key `{name}`"))
            .hint(suggest::hint(name, known.iter().copied()))),
    }
}

/// The arguments that all syncs share.
fn shared(path: &Path, table: &Table, arguments: &RunArguments) -> Result<Shared> {
    let mut of_file = Vec::new();
    if let Some(connection) = table.get("connection") {
        let Value::Table(connection) = connection else {
            return Err(wrong(path, "`connection` is not a table"));
        };
        let known = options("status", |name| !["state", "format"].contains(&name));
        let known: Vec<_> = known.iter().map(String::as_str).collect();
        check_names(path, "`[connection]`", connection.keys(), &known)?;
        push_all(path, connection, &mut of_file)?;
    }
    if let Some(state) = table.get("state") {
        push(path, "state", state, &mut of_file)?;
    }
    Ok(Shared { of_file, given: given(arguments) })
}

/// The arguments of the command line.
fn given(arguments: &RunArguments) -> Vec<String> {
    let state = arguments.state.iter().map(|state| format!("--state={state}"));
    let dry_run = arguments.dry_run.then(|| "--dry-run".to_owned());
    state.chain(dry_run).chain(arguments.given.iter().cloned()).collect()
}

/// The names of the options of a command of `sync`, as the file spells them.
fn options(command: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let cli = Cli::command();
    let found = cli.find_subcommand("sync").and_then(|sync| sync.find_subcommand(command));
    let arguments = found.into_iter().flat_map(clap::Command::get_arguments);
    let names = arguments.filter_map(|argument| argument.get_long());
    names.filter(|name| is_wanted(name)).map(|name| name.replace('-', "_")).collect()
}

fn job(path: &Path, sync: &Value, shared: &Shared) -> Result<Job> {
    let Value::Table(sync) = sync else { return Err(wrong(path, "`sync` is not `[[sync]]`")) };
    let text = |key: &str| sync.get(key).and_then(Value::as_str);
    let object = text("object").unwrap_or_default();
    if !OBJECTS.contains(&object) {
        return Err(wrong(
            path,
            "each `[[sync]]` needs `object`: `metrics`, `events` or `segment`",
        )
        .hint(suggest::hint(object, OBJECTS)));
    }
    check_keys(path, object, sync)?;
    let mut arguments = vec!["flaglake".to_owned(), "sync".to_owned(), object.to_owned()];
    arguments.extend(shared.of_file.iter().cloned());
    for (key, value) in sync {
        match key.as_str() {
            "object" => {}
            // The name is that of the sync; a segment's own is called otherwise.
            "name" | "sync_name" => push(path, "sync_name", value, &mut arguments)?,
            "segment_name" => push(path, "name", value, &mut arguments)?,
            key => push(path, key, value, &mut arguments)?,
        }
    }
    arguments.extend(shared.given.iter().cloned());
    let command = parsed(path, text("name").or(text("sync_name")).unwrap_or(object), arguments)?;
    Ok(Job { name: name_of(&command), command })
}

/// Refuses keys that are no options of the object, and those of `[connection]`.
fn check_keys(path: &Path, object: &str, sync: &Table) -> Result<()> {
    let connection = options("status", |name| !["state", "format"].contains(&name));
    let ours = options(object, |name| name != "name" && name != "dry-run" && name != "format");
    let ours = ours.into_iter().filter(|name| !connection.contains(name));
    let mut known: Vec<_> = ours.collect();
    known.extend(["name", "object"].map(str::to_owned));
    if object == "segment" {
        known.push("segment_name".to_owned());
    }
    if let Some(name) = sync.keys().find(|name| connection.contains(name)) {
        return Err(wrong(path, format!("`{name}` belongs into `[connection]`")));
    }
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    check_names(path, "a `[[sync]]`", sync.keys(), &known)
}

fn parsed(path: &Path, name: &str, arguments: Vec<String>) -> Result<SyncCommand> {
    let failed = |error: &clap::Error| {
        let text = error.render().to_string();
        let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
        wrong(path, format!("the sync `{name}`: {}", redact::value(first)))
            .hint("keys are the options of `flaglake sync`, with `_` in place of `-`")
    };
    let command = Cli::command()
        .mut_subcommand("sync", |sync| sync.mut_subcommands(|one| one.args_override_self(true)));
    let matches = command.try_get_matches_from(arguments).map_err(|error| failed(&error))?;
    let cli = Cli::from_arg_matches(&matches).map_err(|error| failed(&error))?;
    match cli.command {
        Command::Sync(sync) => Ok(sync.command),
        _ => Err(wrong(path, format!("the sync `{name}` is none"))),
    }
}

fn push_all(path: &Path, table: &Table, arguments: &mut Vec<String>) -> Result<()> {
    table.iter().try_for_each(|(key, value)| push(path, key, value, arguments))
}

/// Adds a key and its value as an option of the command line.
fn push(path: &Path, key: &str, value: &Value, arguments: &mut Vec<String>) -> Result<()> {
    let option = format!("--{}", key.replace('_', "-"));
    match value {
        Value::Boolean(true) => arguments.push(option),
        Value::Boolean(false) => {}
        Value::Array(values) => {
            values.iter().try_for_each(|value| push(path, key, value, arguments))?;
        }
        Value::Table(pairs) => {
            for (name, value) in pairs {
                let value = scalar(value)
                    .ok_or_else(|| wrong(path, format!("`{key}.{name}` is no text")))?;
                arguments.push(format!("{option}={name}={value}"));
            }
        }
        value => {
            let value = scalar(value).ok_or_else(|| wrong(path, format!("`{key}` is no text")))?;
            arguments.push(format!("{option}={value}"));
        }
    }
    Ok(())
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

/// Replaces `${VARIABLE}` in every text.
fn substituted(value: Value, path: &Path) -> Result<Value> {
    Ok(match value {
        Value::String(text) => Value::String(with_variables(&text, path)?),
        Value::Array(values) => {
            let values = values.into_iter().map(|value| substituted(value, path));
            Value::Array(values.collect::<Result<_>>()?)
        }
        Value::Table(table) => {
            let pairs = table.into_iter().map(|(key, value)| Ok((key, substituted(value, path)?)));
            Value::Table(pairs.collect::<Result<_>>()?)
        }
        other => other,
    })
}

fn with_variables(text: &str, path: &Path) -> Result<String> {
    let mut parts = text.split("${");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let Some((name, rest)) = part.split_once('}') else {
            return Err(wrong(path, "`${` has no `}`"));
        };
        let value = std::env::var(name).map_err(|_| {
            wrong(path, format!("the environment variable `{name}` is not set, or is not text"))
        })?;
        result.push_str(&value);
        result.push_str(rest);
    }
    Ok(result)
}

/// The name of a sync: its own, or object and target.
fn name_of(command: &SyncCommand) -> String {
    let (common, default) = match command {
        SyncCommand::Metrics(one) => (&one.common, format!("metrics:{}", one.project)),
        SyncCommand::Events(one) => (&one.common, format!("events:{}", one.environment)),
        SyncCommand::Segment(one) => {
            (&one.common, format!("segment:{}/{}", one.environment, one.segment))
        }
        _ => return String::new(),
    };
    common.sync_name.clone().unwrap_or(default)
}

fn check_unique(path: &Path, jobs: &[Job]) -> Result<()> {
    let is_repeated = |(index, job): &(usize, &Job)| {
        jobs.iter().take(*index).any(|earlier| earlier.name == job.name)
    };
    match jobs.iter().enumerate().find(is_repeated) {
        Some((_, job)) => Err(wrong(path, format!("two syncs have the name `{}`", job.name))
            .hint("give one of them another `name`")),
        None => Ok(()),
    }
}

fn selected(path: &Path, jobs: Vec<Job>, names: &[String]) -> Result<Vec<Job>> {
    if let Some(unknown) = names.iter().find(|name| !jobs.iter().any(|job| job.name == **name)) {
        let known = jobs.iter().map(|job| job.name.as_str());
        return Err(
            wrong(path, format!("it has no sync `{unknown}`")).hint(suggest::hint(unknown, known))
        );
    }
    let is_selected = |job: &Job| names.is_empty() || names.contains(&job.name);
    Ok(jobs.into_iter().filter(is_selected).collect())
}

#[cfg(test)]
mod tests;
