//! Command lines that `flaglake config show` reads as a command would.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{ArgMatches, CommandFactory, FromArgMatches};

use super::{file, innermost, one_line, strings, without_empty_variables, without_secrets};
use crate::Error;
use crate::cli::{Cli, Command};

/// A command line that is read: of an account, where the file has any.
pub(in crate::commands) struct Parsed {
    pub account: Option<String>,
    /// The command, such as `extract`.
    pub command: clap::Command,
    pub matches: ArgMatches,
    /// The options that the file sets; `None` where there is no file.
    pub file: Option<BTreeSet<String>>,
}

/// Parses a command line as [`super::parse`] does, for `flaglake config show`.
///
/// # Errors
/// `usage` where it, or the configuration file, is wrong.
pub(in crate::commands) fn parsed(arguments: &[String]) -> crate::Result<Vec<Parsed>> {
    let line = || given().chain(arguments.iter().cloned());
    let failed = |error| Error::usage(one_line(&without_secrets(error)));
    let command = without_empty_variables(Cli::command());
    let matches = command.clone().try_get_matches_from(line()).map_err(failed)?;
    let (names, file) = file(&matches)?;
    let names = strings(&names);
    let read = |account, command: clap::Command, options| {
        let matches = command.clone().try_get_matches_from(line()).map_err(failed)?;
        let matches = innermost(&matches).map_or(matches.clone(), |(_, inner)| inner.clone());
        let command =
            names.iter().try_fold(&command, |command, name| command.find_subcommand(name));
        let command = command.cloned().unwrap_or_default();
        Ok(Parsed { account, command, matches, file: options })
    };
    let Some(file) = file else { return Ok(vec![read(None, command, None)?]) };
    let wanted = match Cli::from_arg_matches(&matches).map_err(failed)?.command {
        Command::Extract(arguments) => Some(arguments.connection.accounts()),
        _ => None,
    };
    let accounts = wanted.map(|names| file.accounts(&command, &names)).transpose()?;
    let accounts = accounts.unwrap_or_default();
    if accounts.is_empty() {
        let configured = file.apply(command, &names);
        return Ok(vec![read(None, configured, Some(file.options()))?]);
    }
    accounts.into_iter().map(|one| read(Some(one.name), one.command, Some(one.options))).collect()
}

/// The name of the program, and the configuration file of this command line.
fn given() -> impl Iterator<Item = String> {
    let matches = without_empty_variables(Cli::command()).try_get_matches().ok();
    let of = |id: &str, text: Option<String>| text.map(|text| format!("--{id}={text}"));
    let innermost = matches.as_ref().and_then(|all| Some(innermost(all)?.1));
    let path = innermost.and_then(|one| one.get_one::<PathBuf>("config"));
    let profile = innermost.and_then(|one| one.get_one::<String>("profile"));
    let file = of("config", path.map(|path| path.display().to_string()));
    let profile = of("profile", profile.cloned());
    ["flaglake".to_owned()].into_iter().chain(file).chain(profile)
}
