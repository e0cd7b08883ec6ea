//! The variables that are set. Of those that may hold a secret, only the name is shown.

use std::env;

use clap::{Command, CommandFactory};

use super::finding::Finding;
use crate::cli::Cli;
use crate::error::redact;
use crate::launchdarkly::token::VARIABLES;
use crate::terminal::suggest::closest;

/// The starts of the names of flaglake's own variables.
const OWN: [&str; 2] = ["FLAGLAKE_", "LD_"];

/// The starts of the names of variables of libraries. Their values are not shown.
const OTHERS: [&str; 6] = ["LAUNCHDARKLY_", "PG", "AWS_", "AZURE_", "GOOGLE_", "SSL_CERT_"];

/// Words in the names of variables that may hold a secret, or the place of one.
const SECRET: [&str; 5] = ["TOKEN", "PASSWORD", "SECRET", "KEY", "CREDENTIAL"];

/// The variables that no option has.
const WITHOUT_OPTION: [&str; 2] = ["FLAGLAKE_LOG", "FLAGLAKE_PERSONAL_DATA_KEY"];

/// Finds the variables that are set, and those that flaglake does not know.
pub(super) fn look() -> Vec<Finding> {
    let mut names: Vec<String> =
        env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect();
    names.sort_unstable();
    let known = known();
    let unknown = names
        .iter()
        .filter(|name| name.starts_with("FLAGLAKE_") && !known.iter().any(|one| one == *name));
    let mut findings = vec![Finding::ok("variables", shown(&names, &known))];
    findings.extend(unknown.map(|name| {
        let guess = closest(name, known.iter().map(String::as_str));
        let hint = guess.map(|guess| format!("did you mean `{guess}`?")).unwrap_or_default();
        Finding::warning("variables", format!("flaglake does not know `{name}`"), &hint)
    }));
    findings
}

fn shown(names: &[String], known: &[String]) -> String {
    let is_one = |name: &&String| OWN.iter().chain(&OTHERS).any(|start| name.starts_with(start));
    let shown: Vec<_> = names.iter().filter(is_one).map(|name| variable(name, known)).collect();
    if shown.is_empty() { "none is set".to_owned() } else { shown.join(", ") }
}

/// A variable, with its value if that is surely no secret. A name that flaglake does not know may be
/// one of a secret, misspelled.
fn variable(name: &str, known: &[String]) -> String {
    let is_secret = VARIABLES.contains(&name) || SECRET.iter().any(|word| name.contains(word));
    let is_own = known.iter().any(|one| one == name);
    match env::var(name) {
        Ok(value) if is_own && !is_secret => format!("{name}={}", redact::value(&value)),
        _ => name.to_owned(),
    }
}

/// The names of all of flaglake's variables.
fn known() -> Vec<String> {
    let mut names: Vec<_> = WITHOUT_OPTION.iter().map(ToString::to_string).collect();
    collect(&Cli::command(), &mut names);
    names
}

fn collect(command: &Command, names: &mut Vec<String>) {
    let variables = command.get_arguments().filter_map(|one| one.get_env());
    names.extend(variables.map(|name| name.to_string_lossy().into_owned()));
    command.get_subcommands().for_each(|inner| collect(inner, names));
}
