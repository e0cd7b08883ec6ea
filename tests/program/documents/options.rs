//! The options in `docs/options.md` are those of the command line.

use clap::{Arg, Command, CommandFactory};
use flaglake::cli::Cli;

use super::keep_equal;
use crate::support::page;

#[test]
fn the_options_are_those_of_the_command_line() {
    let options = options();
    keep_equal("docs/options.md", |page| {
        page.replace_range(page::generated(page, "options"), &options);
    });
}

/// A table for each set of commands that share options.
fn options() -> String {
    let cli = Cli::command();
    let commands = commands(&cli);
    let mut groups = vec![("Every command".to_owned(), cli.get_arguments().collect::<Vec<_>>())];
    for argument in commands.iter().flat_map(|(_, command)| command.get_arguments()) {
        let is_same = |other: &Arg| is_same(other, argument);
        let having = commands.iter().filter(|(_, command)| command.get_arguments().any(is_same));
        let name = group(&cli, &having.map(|(name, _)| name.as_str()).collect::<Vec<_>>());
        match groups.iter_mut().find(|(group, _)| *group == name) {
            Some((_, arguments)) if arguments.iter().any(|other| is_same(other)) => {}
            Some((_, arguments)) => arguments.push(argument),
            None => groups.push((name, vec![argument])),
        }
    }
    let header = ["Option", "Variable", "Default", "Meaning"];
    let section = |(name, arguments): &(String, Vec<&Arg>)| {
        let rows: Vec<_> = arguments.iter().map(|argument| option(argument)).collect();
        let heading = name.replacen("every", "Every", usize::from(name.starts_with("every")));
        format!("{heading}:\n\n{}", page::table(&header, &rows))
    };
    groups.iter().map(section).collect::<Vec<_>>().join("\n")
}

/// All commands with their names; a command that has commands stands for those.
fn commands(cli: &Command) -> Vec<(String, &Command)> {
    let named = |command: &'_ Command| command.get_name().to_owned();
    let mut found = Vec::new();
    for command in cli.get_subcommands() {
        let inner = command.get_subcommands();
        let inner: Vec<_> =
            inner.map(|one| (format!("{} {}", named(command), named(one)), one)).collect();
        if inner.is_empty() {
            found.push((named(command), command));
        }
        found.extend(inner);
    }
    found
}

/// Whether two commands mean the same by an option.
fn is_same(one: &Arg, other: &Arg) -> bool {
    let help = |argument: &Arg| argument.get_help().map(ToString::to_string);
    one.get_id() == other.get_id() && one.get_env() == other.get_env() && help(one) == help(other)
}

/// The commands `names` as the heading of a table. All commands of one command are named together.
fn group(cli: &Command, names: &[&str]) -> String {
    let mut shown: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    for command in cli.get_subcommands().filter(|command| command.has_subcommands()) {
        let start = format!("`{} ", command.get_name());
        let count = shown.iter().filter(|name| name.starts_with(&start)).count();
        if count == command.get_subcommands().count() {
            shown.retain(|name| !name.starts_with(&start));
            shown.push(format!("every command of `{}`", command.get_name()));
        }
    }
    let last = shown.pop().unwrap_or_default();
    if shown.is_empty() { last } else { format!("{} and {last}", shown.join(", ")) }
}

fn option(argument: &Arg) -> Vec<String> {
    let takes_value = argument.get_action().takes_values();
    let short = argument.get_short().map(|short| format!("`-{short}`, ")).unwrap_or_default();
    let names = argument.get_value_names().filter(|_| takes_value).unwrap_or_default();
    let name = names.first().map(|name| format!(" {name}")).unwrap_or_default();
    let long = argument.get_long().map(|long| format!("--{long}{name}"));
    let option = long.unwrap_or_else(|| name.trim_start().to_owned());
    let variable = argument.get_env().map(|name| format!("`{}`", name.to_string_lossy()));
    let values = argument.get_default_values().iter().filter(|_| takes_value);
    let default: Vec<_> = values.map(|value| format!("`{}`", value.to_string_lossy())).collect();
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let possible = argument.get_possible_values().into_iter().filter(|_| takes_value);
    let possible: Vec<_> = possible.map(|value| format!("`{}`", value.get_name())).collect();
    let full = if possible.is_empty() { help } else { format!("{help} ({})", possible.join(", ")) };
    let meaning = full.replace('|', "\\|");
    vec![format!("{short}`{option}`"), variable.unwrap_or_default(), default.concat(), meaning]
}
