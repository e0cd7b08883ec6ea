//! Parses the command line and the environment into options, or reports a usage error.

use std::env;
use std::ffi::OsStr;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, CommandFactory, FromArgMatches};

use super::schema;
use crate::Error;
use crate::cli::{
    Cli, Command, FlagsArguments, FlagsCommand, Format, SyncArguments, SyncCommand, check_doctor,
    check_input, check_source, resolve_address, resolve_given, resolve_output, resolve_resume,
};
use crate::error::redact;
use crate::terminal::values::trim;

/// Parses the arguments. Help and version end the process here, as clap does; so does a usage
/// error that is to be written for people.
pub(super) fn parse(format: Format) -> anyhow::Result<Cli> {
    let outcome = without_empty_variables(Cli::command()).try_get_matches().and_then(|matches| {
        let mut cli = Cli::from_arg_matches(&matches)?;
        let resolved = innermost(&matches).map_or(Ok(()), |(_, inner)| resolve(&mut cli, inner));
        Ok((cli, resolved))
    });
    let outcome = outcome.map_err(without_secrets).map_err(|error| {
        if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
            return match schema::printed(error.print()) {
                Ok(()) => std::process::exit(0),
                Err(error) => error.into(),
            };
        }
        if format == Format::Text {
            error.exit();
        }
        anyhow::Error::from(
            Error::usage(one_line(&error)).hint("`flaglake extract --help` lists the options"),
        )
    });
    let (cli, resolved) = outcome?;
    resolved?;
    Ok(cli)
}

/// Resolves options that depend on where others come from.
fn resolve(cli: &mut Cli, matches: &ArgMatches) -> crate::Result<()> {
    if let Some(connection) = cli.command.connection_mut() {
        resolve_address(connection, matches);
    }
    match &mut cli.command {
        Command::Extract(arguments) => {
            resolve_resume(arguments, matches);
            resolve_output(arguments, matches)
        }
        Command::Report(arguments) => check_input(arguments.input.as_ref(), matches),
        Command::Doctor(arguments) => check_doctor(arguments, matches),
        Command::Query(arguments) => check_input(arguments.input.as_ref(), matches),
        Command::Flags(FlagsArguments {
            command: FlagsCommand::Archive(archive) | FlagsCommand::Restore(archive),
        }) => check_input(archive.input.as_ref(), matches),
        Command::Sync(SyncArguments { command: SyncCommand::Run(run) }) => {
            resolve_given(run, matches);
            Ok(())
        }
        Command::Sync(SyncArguments { command }) => command.common().map_or(Ok(()), check_source),
        _ => Ok(()),
    }
}

/// The command with its arguments: the innermost, such as `list` of `flags`.
fn innermost(matches: &ArgMatches) -> Option<(&str, &ArgMatches)> {
    let (name, inner) = matches.subcommand()?;
    Some(innermost(inner).unwrap_or((name, inner)))
}

/// The arguments that are lists.
const LISTS: [&str; 3] = ["project", "resources", "skip"];

/// Whether a variable's value is blank. A list is also blank if it holds only commas.
fn is_blank(value: &OsStr, is_list: bool) -> bool {
    let is_nothing = |text: &str| trim(text).is_empty();
    value
        .to_str()
        .is_some_and(|text| is_nothing(text) || (is_list && text.split(',').all(is_nothing)))
}

/// Removes secrets from the values that a usage error quotes.
fn without_secrets(mut error: clap::Error) -> clap::Error {
    let quoted: Vec<_> =
        error.context().filter_map(|(kind, value)| Some((kind, masked(value)?))).collect();
    if !quoted.is_empty() {
        // The suggestion repeats the argument, which may hold a secret.
        error.remove(ContextKind::Suggested);
    }
    for (kind, value) in quoted {
        error.insert(kind, value);
    }
    error
}

/// A quoted value without secrets; `None` where it has none.
fn masked(value: &ContextValue) -> Option<ContextValue> {
    let masked = match value {
        ContextValue::String(text) => ContextValue::String(redact::value(text)),
        ContextValue::Strings(texts) => {
            ContextValue::Strings(texts.iter().map(|text| redact::value(text)).collect())
        }
        _ => return None,
    };
    (masked != *value).then_some(masked)
}

/// Treats a variable that is set but empty as unset: compose files and Helm charts often leave one.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let names: Vec<_> = command.get_subcommands().map(|one| one.get_name().to_owned()).collect();
    let command = command.mut_args(|argument| {
        let variable = argument.get_env().and_then(env::var_os);
        let is_list = LISTS.contains(&argument.get_id().as_str());
        if variable.is_some_and(|value| is_blank(&value, is_list)) {
            return argument.env(None::<&'static str>);
        }
        argument
    });
    names
        .into_iter()
        .fold(command, |command, name| command.mut_subcommand(name, without_empty_variables))
}

/// The format of errors, known even where the arguments cannot be parsed.
pub(super) fn requested_error_format() -> Format {
    let arguments: Vec<_> =
        env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let pairs =
        arguments.windows(2).filter(|pair| pair[0] == "--error-format").map(|pair| &*pair[1]);
    let joined = arguments.iter().filter_map(|argument| argument.strip_prefix("--error-format="));
    let variable = env::var("FLAGLAKE_ERROR_FORMAT").unwrap_or_default();
    match trim(pairs.chain(joined).next_back().unwrap_or(&variable)) {
        "json" => Format::Json,
        _ => Format::Text,
    }
}

/// clap's message in one line, without its usage lines.
fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let lines = text
        .lines()
        .take_while(|line| !["Usage:", "For more"].iter().any(|end| line.starts_with(end)));
    let words: Vec<_> = lines.flat_map(str::split_whitespace).collect();
    words.join(" ").trim_start_matches("error: ").to_owned()
}
