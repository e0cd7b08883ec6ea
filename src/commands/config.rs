//! `flaglake config show`: the value of each option, and where it comes from.

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches};
use comfy_table::Table;
use comfy_table::presets::NOTHING;
use serde_json::{Value, json};

use super::arguments::{Parsed, parsed};
use super::schema::print;
use crate::Result;
use crate::cli::{ConfigArguments, ConfigCommand, ConfigShow, Format, overridden};
use crate::error::redact;
use crate::terminal::spelled_out;

/// An option of the command.
struct Setting {
    option: String,
    values: Vec<String>,
    source: &'static str,
}

/// A command line with its options: that of an account, where the file has any.
struct Shown {
    account: Option<String>,
    settings: Vec<Setting>,
}

/// Shows the options of a command.
///
/// # Errors
/// `usage` where the command line or the file is wrong; when standard output cannot be written.
pub fn run(arguments: &ConfigArguments) -> Result<()> {
    let ConfigCommand::Show(ConfigShow { format, arguments }) = &arguments.command;
    let all: Vec<_> = parsed(arguments)?.iter().map(shown).collect();
    print(&match format {
        Format::Text => all.iter().map(text).collect::<Vec<_>>().join("\n"),
        Format::Json => format!("{:#}\n", json!(all.iter().map(to_json).collect::<Vec<_>>())),
    })
}

fn shown(parsed: &Parsed) -> Shown {
    let overridden = overridden(&parsed.matches);
    let is_shown = |one: &&Arg| !overridden.contains(&one.get_id().as_str());
    let options = parsed.command.get_arguments().filter(is_shown);
    let settings = options.filter_map(|one| setting(parsed, one)).collect();
    Shown { account: parsed.account.clone(), settings }
}

fn setting(parsed: &Parsed, argument: &Arg) -> Option<Setting> {
    let (name, matches) = (argument.get_long()?, &parsed.matches);
    let source = matches.value_source(argument.get_id().as_str());
    let is_of_file = parsed.file.as_ref().is_some_and(|has| has.contains(&name.replace('-', "_")));
    let source = match source {
        Some(ValueSource::CommandLine) => "argument",
        Some(ValueSource::EnvVariable) => "variable",
        _ if is_of_file => "file",
        Some(_) => "default",
        None => return None,
    };
    let values = values(matches, argument);
    Some(Setting { option: format!("--{name}"), values, source })
}

/// The values of an option as they were written, without secrets.
fn values(matches: &ArgMatches, argument: &Arg) -> Vec<String> {
    let id = argument.get_id().as_str();
    if let Ok(Some(is_on)) = matches.try_get_one::<bool>(id) {
        return vec![is_on.to_string()];
    }
    let raw = matches.try_get_raw(id).ok().flatten().into_iter().flatten();
    raw.map(|value| redact::value(&value.to_string_lossy())).collect()
}

fn text(shown: &Shown) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(["option", "value", "from"]);
    for Setting { option, values, source } in &shown.settings {
        let values: Vec<_> = values.iter().map(|value| spelled_out(value)).collect();
        table.add_row([option.as_str(), &values.join(", "), source]);
    }
    let account = shown.account.as_ref().map(|name| format!("account {}\n", spelled_out(name)));
    format!("{}{table}\n", account.unwrap_or_default())
}

fn to_json(shown: &Shown) -> Value {
    let options = shown
        .settings
        .iter()
        .map(|one| json!({ "option": one.option, "values": one.values, "from": one.source }));
    json!({ "account": shown.account, "options": options.collect::<Vec<_>>() })
}
