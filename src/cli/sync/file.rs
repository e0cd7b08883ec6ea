//! The configuration file of `flaglake sync run`: each of its syncs becomes the options of the
//! command for its object, so that a file and a command line are checked alike.

mod account;

use std::collections::BTreeSet;
use std::path::Path;

use clap::{CommandFactory, FromArgMatches};
use toml::{Table, Value};

use self::account::{ACCOUNT, account, account_of};
use super::SyncCommand;
use super::run::RunArguments;
use crate::Result;
use crate::cli::configuration::{self, Defaults, STATE, Section, check_names, options, wrong};
use crate::cli::{Cli, Command, check_own};
use crate::error::redact;
use crate::terminal::suggest;

/// A sync of the file.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its name.
    pub name: String,
    /// The command that runs it.
    pub command: SyncCommand,
}

/// The options that all syncs of the file share.
struct Shared {
    /// Those of the file. Variables override them.
    defaults: Defaults,
    /// Which of them are of the account alone. No variable overrides its token or address.
    own: BTreeSet<String>,
    /// Those of the command line, as arguments. They override all others.
    given: Vec<String>,
}

/// The objects, as the file names them.
const OBJECTS: [&str; 3] = ["metrics", "events", "segment"];

/// Reads the syncs of a file that are to run. All of the file is checked.
///
/// # Errors
/// `usage` if it cannot be read, or anything in it is unknown or wrong.
pub fn load(arguments: &RunArguments) -> Result<Vec<Job>> {
    let jobs = read(arguments)?;
    for job in &jobs {
        job.command.check().map_err(|error| {
            wrong(&arguments.file, format!("the sync `{}`: {error}", job.name))
                .hint(error.advice().unwrap_or_default())
        })?;
    }
    selected(&arguments.file, jobs, &arguments.names)
}

/// Reads all syncs of a file.
fn read(arguments: &RunArguments) -> Result<Vec<Job>> {
    let path = &arguments.file;
    let profile = arguments.profile.as_deref();
    let table = configuration::read(path, profile, &["connection", STATE, "sync"])?;
    let syncs = match table.get("sync") {
        Some(Value::Array(syncs)) if !syncs.is_empty() => syncs,
        _ => return Err(wrong(path, "it has no `[[sync]]`")),
    };
    let account = account(path, &table, syncs, arguments)?;
    let (defaults, own) = defaults(path, &table, &account)?;
    let shared = Shared { defaults, own, given: given(arguments) };
    let jobs = syncs.iter().map(|sync| job(path, sync, &shared)).collect::<Result<Vec<_>>>()?;
    check_unique(path, &jobs)?;
    let is_of_account = |sync: &Value| account_of(sync).is_none_or(|one| account == [one]);
    let jobs = jobs.into_iter().zip(syncs).filter(|(_, sync)| is_of_account(sync));
    Ok(jobs.map(|(job, _)| job).collect())
}

/// The options of the file that all syncs share, and which of them are of the account alone.
fn defaults(
    path: &Path,
    table: &Table,
    account: &[String],
) -> Result<(Defaults, BTreeSet<String>)> {
    let defaults = Defaults::of_section(path, table, Section::Connection)?;
    let chosen = configuration::chosen(path, table, defaults, account, &[Section::Connection])?;
    let mut defaults = chosen.defaults;
    configuration::set_state(path, table, &mut defaults)?;
    Ok((defaults, chosen.own))
}

/// The arguments of the command line.
fn given(arguments: &RunArguments) -> Vec<String> {
    let state = arguments.state.iter().map(|state| format!("--state={state}"));
    let dry_run = arguments.dry_run.then(|| "--dry-run".to_owned());
    state.chain(dry_run).chain(arguments.given.iter().cloned()).collect()
}

/// The names of the options of a command of `sync`, as the file spells them.
fn options(command: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
    options::names(&["sync", command]).into_iter().filter(|name| is_wanted(name)).collect()
}

/// Adds a key and its value as an option of a command of `sync`.
fn push(
    path: &Path,
    command: &str,
    key: &str,
    value: &Value,
    arguments: &mut Vec<String>,
) -> Result<()> {
    arguments.extend(options::arguments(path, &["sync", command], key, value)?);
    Ok(())
}

/// Checks the names and keys of all syncs of a file, for commands that do not run them.
///
/// # Errors
/// `usage` where one is unknown.
pub fn check_syncs(path: &Path, file: &Table) -> Result<()> {
    // A variable need not be set where no sync runs.
    let is_known = |sync: &&Value| {
        let object = sync.get("object").and_then(Value::as_str).unwrap_or_default();
        !object.contains("${")
    };
    match file.get("sync") {
        None => Ok(()),
        Some(Value::Array(syncs)) => {
            syncs.iter().filter(is_known).try_for_each(|sync| checked(path, sync).map(drop))
        }
        Some(_) => Err(wrong(path, "`sync` is not `[[sync]]`")),
    }
}

/// The keys of a sync, and its object.
fn checked<'s>(path: &Path, sync: &'s Value) -> Result<(&'s Table, &'s str)> {
    let Value::Table(sync) = sync else { return Err(wrong(path, "`sync` is not `[[sync]]`")) };
    let object = sync.get("object").and_then(Value::as_str).unwrap_or_default();
    if !OBJECTS.contains(&object) {
        return Err(wrong(
            path,
            "each `[[sync]]` needs `object`: `metrics`, `events` or `segment`",
        )
        .hint(suggest::hint(object, OBJECTS)));
    }
    check_keys(path, object, sync)?;
    check_name(path, sync)?;
    Ok((sync, object))
}

fn job(path: &Path, sync: &Value, shared: &Shared) -> Result<Job> {
    let (sync, object) = checked(path, sync)?;
    let text = |key: &str| sync.get(key).and_then(Value::as_str);
    let mut arguments = vec!["flaglake".to_owned(), "sync".to_owned(), object.to_owned()];
    for (key, value) in sync {
        match key.as_str() {
            "object" | ACCOUNT => {}
            // The name is that of the sync; a segment's own is called otherwise.
            "name" | "sync_name" => push(path, object, "sync_name", value, &mut arguments)?,
            "segment_name" => push(path, object, "name", value, &mut arguments)?,
            key => push(path, object, key, value, &mut arguments)?,
        }
    }
    arguments.extend(shared.given.iter().cloned());
    let name = text("name").or(text("sync_name")).unwrap_or(object);
    let command = parsed(path, name, (shared, object), arguments)?;
    Ok(Job { name: command.name(), command })
}

/// Refuses keys that are no options of the object, and those of `[connection]`.
fn check_keys(path: &Path, object: &str, sync: &Table) -> Result<()> {
    let connection = Section::Connection.keys();
    let ours = options(object, |name| name != "name" && name != "dry-run" && name != "format");
    let ours = ours.into_iter().filter(|name| !connection.contains(name));
    let mut known: Vec<_> = ours.collect();
    known.extend(["name", "object", ACCOUNT].map(str::to_owned));
    if object == "segment" {
        known.push("segment_name".to_owned());
    }
    if let Some(name) = sync.keys().find(|name| connection.contains(name)) {
        return Err(wrong(path, format!("`{name}` belongs in `[connection]`")));
    }
    if let Some(name) = ["dry_run", "format"].into_iter().find(|name| sync.contains_key(*name)) {
        let option = name.replace('_', "-");
        return Err(wrong(path, format!("`{name}` belongs on the command line"))
            .hint(format!("`flaglake sync run FILE --{option}` is for all syncs of the file")));
    }
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    check_names(path, "a `[[sync]]`", sync.keys(), &known)
}

/// Checks the name of a sync. The default one has project and environment, which only LaunchDarkly
/// knows for a client-side ID.
fn check_name(path: &Path, sync: &Table) -> Result<()> {
    if sync.contains_key("name") && sync.contains_key("sync_name") {
        return Err(wrong(
            path,
            "a `[[sync]]` has both `name` and `sync_name`, which are the same",
        ));
    }
    if sync.get(ACCOUNT).is_some_and(|account| account.as_str().is_none()) {
        return Err(wrong(path, "the `account` of a `[[sync]]` is not a text"));
    }
    let name = sync.get("name").or(sync.get("sync_name"));
    if name.is_some_and(|name| name.as_str().is_some_and(|name| name.trim().is_empty())) {
        return Err(wrong(path, "the `name` of a `[[sync]]` is empty"));
    }
    if name.is_none() && sync.contains_key("client_side_id") {
        return Err(wrong(path, "a `[[sync]]` with `client_side_id` needs a `name`"));
    }
    Ok(())
}

fn parsed(
    path: &Path,
    name: &str,
    (shared, object): (&Shared, &str),
    arguments: Vec<String>,
) -> Result<SyncCommand> {
    let failed = |error: &clap::Error| {
        let text = error.render().to_string();
        let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
        wrong(path, format!("the sync `{name}`: {}", redact::value(first)))
            .hint("keys are the options of `flaglake sync`, with `_` in place of `-`")
    };
    let command = Cli::command()
        .mut_subcommand("sync", |sync| sync.mut_subcommands(|one| one.args_override_self(true)));
    let command = shared.defaults.apply_to(command, &["sync", object]);
    let matches = command.try_get_matches_from(arguments).map_err(|error| failed(&error))?;
    let cli = Cli::from_arg_matches(&matches).map_err(|error| failed(&error))?;
    match cli.command {
        Command::Sync(mut sync) => {
            let inner = matches.subcommand().and_then(|(_, sync)| sync.subcommand());
            if let Some((_, inner)) = inner {
                check_own(&shared.own, inner)?;
                sync.command.connection_mut().resolve(inner);
            }
            Ok(sync.command)
        }
        _ => Err(wrong(path, format!("the sync `{name}` is none"))),
    }
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
