//! Parses the command line and the environment into options, or reports a usage error.

mod shown;

use std::env;
use std::ffi::OsStr;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches};

pub(super) use self::shown::{Parsed, parsed};
use super::schema;
use crate::Error;
use crate::cli::{
    Cli, Command, ExtractArguments, File, FlagsArguments, FlagsCommand, Format, SyncArguments,
    SyncCommand, check_doctor, check_input, check_own, check_source, resolve_address,
    resolve_given, resolve_output, resolve_resume,
};
use crate::error::redact;
use crate::terminal::values::{List, trim};

/// Parses the arguments. Help and version end the process here, as clap does; so does a usage
/// error that is to be written for people.
pub(super) fn parse(format: Format) -> anyhow::Result<Cli> {
    let failed = |error| refused(error, format);
    let command = without_empty_variables(Cli::command());
    let is_short = env::args_os().any(|argument| argument == "-h");
    let command = if is_short { without_details(command) } else { command };
    let matches = command.clone().try_get_matches().map_err(failed)?;
    let (names, file) = file(&matches)?;
    let Some(file) = file else {
        check_no_accounts(&names, &matches)?;
        return resolved(&matches, failed);
    };
    let configured = file.apply(command.clone(), &strings(&names));
    let matches = configured.try_get_matches().map_err(failed)?;
    check_own(file.own(), innermost(&matches).map_or(&matches, |(_, inner)| inner))?;
    let mut cli = resolved(&matches, failed)?;
    if let Command::Extract(arguments) = &mut cli.command {
        arguments.scorecards = file.scorecards()?;
        arguments.file = Some(file.path().to_owned());
        let accounts = file.accounts(&command, &arguments.connection.accounts())?;
        let is_several = accounts.len() > 1;
        for one in accounts {
            let matches = one.command.try_get_matches().map_err(failed)?;
            if let Some((_, inner)) = innermost(&matches) {
                if is_several {
                    check_token(inner)?;
                }
                check_own(&one.own, inner)?;
            }
            if let Command::Extract(of_account) = resolved(&matches, failed)?.command {
                let (scorecards, file) = (arguments.scorecards.clone(), arguments.file.clone());
                let of_account = ExtractArguments { scorecards, file, ..*of_account };
                arguments.accounts.push((one.name, of_account));
            }
        }
    }
    Ok(cli)
}

/// Refuses one token for several accounts: the data of one would be published as that of another.
fn check_token(matches: &ArgMatches) -> crate::Result<()> {
    let is_for_all = |id: &&'static str| {
        let source = matches.value_source(id);
        matches!(source, Some(ValueSource::CommandLine | ValueSource::EnvVariable))
    };
    let ids = ["access_token_file", "access_token_variable", "demo"];
    match ids.into_iter().find(is_for_all) {
        None => Ok(()),
        Some(id) => {
            let option = id.replace('_', "-");
            Err(Error::usage(format!("`--{option}` is the same for all accounts of the file"))
                .hint("leave it, or its variable, out, or choose one account with `--account`"))
        }
    }
}

/// Refuses an account of a configuration file where there is none. A variable may name one for other
/// commands; `sync run` has a file of its own.
fn check_no_accounts(names: &[String], matches: &ArgMatches) -> crate::Result<()> {
    let inner = innermost(matches).map_or(matches, |(_, inner)| inner);
    let is_given = inner.try_get_raw("account").is_ok()
        && inner.value_source("account") == Some(ValueSource::CommandLine)
        && !accounts(inner).is_empty();
    if is_given && names != ["sync", "run"] {
        return Err(Error::usage("`--account` is of a configuration file")
            .hint("name the file with `--config`"));
    }
    Ok(())
}

/// The names that lead to the command, and the configuration file that it uses, with the account
/// that it works with.
fn file(matches: &ArgMatches) -> crate::Result<(Vec<String>, Option<File>)> {
    let names = names(matches);
    let innermost = innermost(matches).map_or(matches, |(_, inner)| inner);
    let mut file = File::find(innermost, &strings(&names))?;
    if let Some(file) = &mut file {
        file.choose(&strings(&names), &accounts(innermost))?;
    }
    Ok((names, file))
}

/// The accounts of the file that were asked for.
fn accounts(innermost: &ArgMatches) -> Vec<String> {
    let lists = innermost.try_get_many::<List<String>>("account").ok().flatten();
    lists.into_iter().flatten().flat_map(|list| list.0.iter().cloned()).collect()
}

fn strings(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

/// The options, those that depend on others resolved.
fn resolved(
    matches: &ArgMatches,
    failed: impl FnOnce(clap::Error) -> anyhow::Error,
) -> anyhow::Result<Cli> {
    let mut cli = Cli::from_arg_matches(matches).map_err(failed)?;
    if let Some((_, inner)) = innermost(matches) {
        resolve(&mut cli, inner)?;
    }
    Ok(cli)
}

/// Help and version end the process here, and so does a usage error that is to be written for
/// people.
fn refused(error: clap::Error, format: Format) -> anyhow::Error {
    let error = without_secrets(error);
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return match schema::printed(error.print()) {
            Ok(()) => std::process::exit(0),
            Err(error) => error.into(),
        };
    }
    if format == Format::Text {
        error.exit();
    }
    Error::usage(one_line(&error)).hint("`flaglake extract --help` lists the options").into()
}

/// The names that lead to the command.
fn names(matches: &ArgMatches) -> Vec<String> {
    match matches.subcommand() {
        None => Vec::new(),
        Some((name, inner)) => {
            let rest = names(inner);
            std::iter::once(name.to_owned()).chain(rest).collect()
        }
    }
}

/// Resolves options that depend on where others come from.
fn resolve(cli: &mut Cli, matches: &ArgMatches) -> crate::Result<()> {
    if let Command::Sync(arguments) = &mut cli.command {
        arguments.command.connection_mut().resolve(matches);
    } else if let Some(connection) = cli.command.connection_mut() {
        resolve_address(connection, matches);
    }
    match &mut cli.command {
        Command::Extract(arguments) => {
            arguments.is_verbose = cli.messages.verbose > 0;
            resolve_resume(arguments, matches);
            resolve_output(arguments, matches)
        }
        Command::Report(arguments) => check_input(arguments.input.input.as_ref(), matches),
        Command::Doctor(arguments) => check_doctor(arguments, matches),
        Command::Query(arguments) => check_input(arguments.input.input.as_ref(), matches),
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
const LISTS: [&str; 5] = ["account", "allow_http", "project", "resources", "skip"];

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

/// The command for its short help, which leaves variables to `--help`.
fn without_details(command: clap::Command) -> clap::Command {
    let hidden = |argument: clap::Arg| argument.hide_env(true);
    command.mut_args(hidden).mut_subcommands(without_details)
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
