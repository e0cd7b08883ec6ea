//! The options in `docs/options.md` are those of the command line.

use clap::{Arg, CommandFactory};
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
    let commands: Vec<_> = cli.get_subcommands().collect();
    let mut groups = vec![("Every command".to_owned(), cli.get_arguments().collect::<Vec<_>>())];
    for argument in commands.iter().flat_map(|command| command.get_arguments()) {
        let same = |other: &Arg| {
            other.get_id() == argument.get_id() && other.get_env() == argument.get_env()
        };
        let having = commands.iter().filter(|command| command.get_arguments().any(same));
        let names: Vec<_> = having.map(|command| format!("`{}`", command.get_name())).collect();
        let name = names.join(" and ");
        match groups.iter_mut().find(|(group, _)| *group == name) {
            Some((_, arguments)) if arguments.iter().any(|other| same(other)) => {}
            Some((_, arguments)) => arguments.push(argument),
            None => groups.push((name, vec![argument])),
        }
    }
    let header = ["Option", "Variable", "Default", "Meaning"];
    let section = |(name, arguments): &(String, Vec<&Arg>)| {
        let rows: Vec<_> = arguments.iter().map(|argument| option(argument)).collect();
        format!("{name}:\n\n{}", page::table(&header, &rows))
    };
    groups.iter().map(section).collect::<Vec<_>>().join("\n")
}

fn option(argument: &Arg) -> Vec<String> {
    let takes_value = argument.get_action().takes_values();
    let short = argument.get_short().map(|short| format!("`-{short}`, ")).unwrap_or_default();
    let names = argument.get_value_names().filter(|_| takes_value).unwrap_or_default();
    let name = names.first().map(|name| format!(" {name}")).unwrap_or_default();
    let long = argument.get_long().expect("options have long names");
    let variable = argument.get_env().map(|name| format!("`{}`", name.to_string_lossy()));
    let values = argument.get_default_values().iter().filter(|_| takes_value);
    let default: Vec<_> = values.map(|value| format!("`{}`", value.to_string_lossy())).collect();
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let possible = argument.get_possible_values().into_iter().filter(|_| takes_value);
    let possible: Vec<_> = possible.map(|value| format!("`{}`", value.get_name())).collect();
    let meaning =
        if possible.is_empty() { help } else { format!("{help} ({})", possible.join(", ")) };
    vec![
        format!("{short}`--{long}{name}`"),
        variable.unwrap_or_default(),
        default.concat(),
        meaning,
    ]
}
