//! The README is true: every command on it is run, every query answered, every table compared.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::{env, fs};

use crate::support::page::Block;
use crate::support::place::Place;
use crate::support::rust_files;
use crate::support::{binary, ended};
use clap::{Arg, CommandFactory};
use flaglake::cli::Cli;
use flaglake::error::Kind;
use flaglake::model::table::TableInfo;
use flaglake::model::thresholds::{self, Threshold};
use flaglake::model::view::{self, View};
use flaglake::resources::PageRows;
use flaglake::{catalog, resources};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use tempfile::TempDir;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

fn readme() -> String {
    fs::read_to_string(PATH).unwrap()
}

/// What `change` makes of the README is what it is; `UPDATE_README=1` makes it so.
#[track_caller]
fn keep_equal(change: impl Fn(&mut String)) {
    static ONE_WRITER: Mutex<()> = Mutex::new(());
    let _guard = ONE_WRITER.lock();
    let actual = readme();
    let mut expected = actual.clone();
    change(&mut expected);
    if env::var_os("UPDATE_README").is_some() {
        // In one step: other tests read the page at the same time.
        let new = format!("{PATH}.new");
        fs::write(&new, &expected).unwrap();
        fs::rename(&new, PATH).unwrap();
        return;
    }
    let mut lines = actual.lines().zip(expected.lines()).enumerate();
    if let Some((index, (is, should))) = lines.find(|(_, (is, should))| is != should) {
        panic!(
            "README.md is stale: run UPDATE_README=1 cargo test --test readme\n\
             line {} is        {is}\nand should be {should}",
            index + 1
        );
    }
    assert_eq!(actual.len(), expected.len(), "README.md is stale at its end");
}

#[test]
fn the_table_of_tables_is_that_of_the_definitions() {
    let row = |table: &TableInfo| {
        let name = table.name;
        let key = format!("`{}`", table.key.join("`, `"));
        vec![format!("[`{name}`](schema/tables.md#{name})"), table.doc.to_owned(), key]
    };
    let tables: Vec<_> = catalog::tables().into_iter().chain(catalog::kept()).collect();
    let rows: Vec<_> = tables.iter().map(row).collect();
    let table = crate::support::page::table(&["Table", "Holds", "Key"], &rows);
    keep_equal(|page| page.replace_range(crate::support::page::generated(page, "tables"), &table));
}

#[test]
fn the_tables_of_views_and_thresholds_are_those_of_the_definitions() {
    let row = |view: &View| {
        let link = format!("[`{0}`](schema/tables.md#{0})", view.name);
        vec![link, view.question.to_owned()]
    };
    let rows: Vec<_> = view::all().iter().map(row).collect();
    let views = crate::support::page::table(&["View", "Question"], &rows);
    keep_equal(|page| page.replace_range(crate::support::page::generated(page, "views"), &views));
    let row = |one: &Threshold| {
        vec![format!("`{}`", one.name), format!("{} {}", one.default, one.unit), one.doc.to_owned()]
    };
    let rows: Vec<_> = thresholds::ALL.iter().map(row).collect();
    let thresholds =
        crate::support::page::table(&["Threshold", "Default", "What it decides"], &rows);
    keep_equal(|page| {
        page.replace_range(crate::support::page::generated(page, "thresholds"), &thresholds)
    });
}

#[test]
fn the_table_of_resources_is_that_of_the_definitions() {
    let row = |resource: &&dyn PageRows| {
        let tables: Vec<_> =
            resource.tables().iter().map(|table| format!("`{}`", table.name)).collect();
        let permission = match resource.permission() {
            "" => "Reader role".to_owned(),
            action => format!("`{action}`"),
        };
        let group = resource.group().name().to_owned();
        let endpoint = format!("`{}`", resource.path().trim_start_matches("/api/v2"));
        let name = format!("`{}`", resource.name());
        vec![name, group, tables.join(", "), endpoint, permission]
    };
    let rows: Vec<_> = resources::ALL.iter().map(row).collect();
    let table = crate::support::page::table(
        &["Resource", "Group", "Tables", "Endpoint", "Permission"],
        &rows,
    );
    keep_equal(|page| {
        page.replace_range(crate::support::page::generated(page, "resources"), &table)
    });
}

#[test]
fn the_options_are_those_of_the_command_line() {
    let options = options();
    keep_equal(|page| {
        page.replace_range(crate::support::page::generated(page, "options"), &options)
    });
    let page = readme();
    for resource in resources::ALL {
        let name = resource.name();
        assert!(page.contains(&format!("`{name}`")), "say that there is `{name}`");
    }
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
        format!("{name}:\n\n{}", crate::support::page::table(&header, &rows))
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

#[test]
fn the_table_of_errors_is_that_of_the_code() {
    let page = readme();
    let rows =
        crate::support::page::section(&page, "## Errors").filter(|line| line.starts_with("| "));
    let rows: Vec<_> = rows.skip(2).map(crate::support::page::cells).collect();
    assert!(rows.iter().all(|row| row.len() == 4 && !row[2].is_empty()), "say when: {rows:?}");
    let actual: Vec<_> = rows.iter().map(|row| format!("{} {}", row[0], row[1])).collect();
    let kinds = Kind::ALL.iter().map(|kind| format!("{} `{}`", kind.exit_status(), kind.code()));
    let expected: Vec<_> = std::iter::once("0 ".to_owned()).chain(kinds).collect();
    assert_eq!(
        actual, expected,
        "exit statuses and codes in the table under `## Errors` of README.md (left) are not those \
         of `error::Kind` (right): edit the table"
    );
}

#[test]
fn every_link_leads_somewhere() {
    let page = readme();
    let anchors: BTreeSet<_> = crate::support::page::anchors(&page).collect();
    for target in
        crate::support::page::links(&page).filter(|target| !target.starts_with("https://"))
    {
        let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
        let found = match file {
            "" => anchors.contains(anchor),
            file => Path::new(env!("CARGO_MANIFEST_DIR")).join(file).exists(),
        };
        assert!(found, "README.md links to `{target}`, which does not exist");
    }
}

#[test]
fn every_query_is_answered_as_shown() {
    let folder = TempDir::new().unwrap();
    ended(binary(folder.path()).args(["extract", "--demo"]).output().unwrap()).succeeded();
    let database = Connection::open(folder.path().join("launchdarkly.db")).unwrap();
    keep_equal(|page| {
        let blocks = crate::support::page::blocks(page);
        let queries = blocks.iter().enumerate().rev().filter(|(_, one)| one.language == "sql");
        for (index, query) in queries {
            let answer = answer(&database, query);
            if let Some(shown) = blocks.get(index + 1).filter(|next| next.language == "text") {
                page.replace_range(shown.range.clone(), &answer);
            }
        }
    });
}

/// The rows that a query returns, drawn as `sqlite3 -box` does.
fn answer(database: &Connection, query: &Block) -> String {
    let mut statement =
        database.prepare(&query.body).unwrap_or_else(|error| panic!("{query}: {error}"));
    let header: Vec<_> = statement.column_names().map(str::to_owned).collect();
    let rows = statement
        .query_map([], |row| (0..header.len()).map(|index| row.get_ref(index).map(cell)).collect());
    let rows: Vec<Vec<String>> =
        rows.unwrap().collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{query}: {error}"));
    assert!(!rows.is_empty(), "{query}: the query finds nothing in the demo account");
    let lines: Vec<_> = std::iter::once(&header).chain(&rows).collect();
    let width =
        |index: usize| lines.iter().map(|line| line[index].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let rule = |left: &str, middle: &str, right: &str| {
        let dashes: Vec<_> = widths.iter().map(|width| "─".repeat(width + 2)).collect();
        format!("{left}{}{right}\n", dashes.join(middle))
    };
    let line = |cells: &Vec<String>| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| format!(" {cell:<width$} "));
        format!("│{}│\n", padded.collect::<Vec<_>>().join("│"))
    };
    let body: String = rows.iter().map(line).collect();
    [rule("┌", "┬", "┐"), line(&header), rule("├", "┼", "┤"), body, rule("└", "┴", "┘")].concat()
}

fn cell(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(integer) => integer.to_string(),
        ValueRef::Real(real) => real.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(_) => panic!("no column holds bytes"),
    }
}

#[test]
fn every_command_does_what_is_shown() {
    let page = readme();
    let blocks = crate::support::page::blocks(&page);
    let place = Place::new();
    let (mut ran, mut command) = (None, "");
    for (index, block) in blocks.iter().enumerate() {
        let fails = blocks.get(index + 1).is_some_and(|next| next.language == "json");
        match (block.language.as_str(), command) {
            ("sh", _) => ran = place.run_commands(block, fails),
            ("python", _) => ran = place.run_python(block),
            ("tree", _) => place.look_for_files(block),
            ("crontab" | "ini" | "yaml" | "dockerfile", _) => {
                crate::support::schedule::check(&place, block)
            }
            // `every_query_is_answered_as_shown` runs it, and compares the answer.
            ("sql", _) | ("text", "sql") => {}
            ("text", "sh" | "python") => crate::support::place::compare_output(ran.as_ref(), block),
            ("json", "sh") => crate::support::place::compare_error(ran.as_ref(), block),
            (language, _) => {
                panic!("{block}: this test does not know what to do with `{language}`")
            }
        }
        if !matches!(block.language.as_str(), "text" | "json") {
            command = &block.language;
        }
    }
}

#[test]
fn every_promise_names_tests_that_exist() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let sources = rust_files(&folder).into_iter();
    let sources: String = sources.map(|path| fs::read_to_string(path).unwrap()).collect();
    let page = readme();
    let rows = crate::support::page::section(&page, "## Reliability")
        .filter(|line| line.starts_with("| "));
    let promises: Vec<_> = rows.skip(2).map(crate::support::page::cells).collect();
    assert!(promises.len() > 10);
    for cells in promises {
        let names: Vec<_> = cells[2].split(", ").map(|name| name.trim_matches('`')).collect();
        assert!(!names.is_empty(), "{}", cells[0]);
        for name in names {
            assert!(sources.contains(&format!("\nfn {name}() {{")), "{}: {name}", cells[0]);
        }
    }
}
