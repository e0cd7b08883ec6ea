//! What commands show people, at 80 and 120 columns: `fixtures/commands/NAME.WIDTH.txt`. The files
//! were looked at when they were written; `UPDATE_FIXTURES=1` writes them again.

use std::path::PathBuf;
use std::{env, fs};

use fake_launchdarkly::{Behaviour, company};

use super::NOW;
use crate::support::{Run, ended};

const COMMANDS: [(&str, &str); 14] = [
    ("projects-list", "projects list"),
    ("environments-list", "environments list --project storefront"),
    ("flags-list", "flags list --project storefront"),
    ("flags-list-environment", "flags list --project storefront --environment production"),
    ("flags-show", "flags show one-page-checkout --project storefront"),
    ("flags-show-archived", "flags show gift-wrapping --project storefront"),
    ("flags-off", "flags off one-page-checkout --project storefront --environment staging --yes"),
    ("flags-off-refused", "flags off one-page-checkout --project storefront --environment staging"),
    (
        "flags-archive-refused",
        "flags archive one-page-checkout --project storefront --comment done",
    ),
    ("segments-list", "segments list --project storefront --environment production"),
    ("segments-show", "segments show staff --project storefront --environment production"),
    ("metrics-list", "metrics list --project storefront"),
    ("approvals-list", "approvals list"),
    ("audit-log-list", "audit-log list"),
];

#[test]
fn commands_look_as_they_did_when_a_person_looked() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/commands"));
    for (name, command) in COMMANDS {
        for width in [80, 120] {
            let shown = look(command, width);
            let path = folder.join(format!("{name}.{width}.txt"));
            if env::var_os("UPDATE_FIXTURES").is_some() {
                fs::create_dir_all(&folder).unwrap();
                fs::write(&path, &shown).unwrap();
            }
            let expected = fs::read_to_string(&path).unwrap_or_default();
            assert!(shown == expected, "{}:\n{shown}\nand not\n{expected}", path.display());
            let widest = shown.lines().map(|line| line.chars().count()).max();
            assert!(is_text_of(&shown) || widest <= Some(width), "{name}: {widest:?}");
        }
    }
}

/// What a command writes to a terminal of this width: first the question, then the result.
fn look(command: &str, width: usize) -> String {
    let run = Run::new(company::account(NOW), Behaviour::default());
    let words: Vec<_> = command.split(' ').collect();
    let mut command = run.command(&words);
    let ended = ended(command.env("COLUMNS", width.to_string()).output().unwrap());
    let shown = format!("{}{}", ended.stderr, ended.stdout);
    let lines = shown.lines().map(|line| format!("{}\n", without_age(line.trim_end())));
    lines.collect()
}

/// The line without the number of days since a time.
fn without_age(line: &str) -> String {
    match line.split_once(" (").filter(|(_, rest)| rest.ends_with(" days ago)")) {
        Some((before, _)) => format!("{before} (… days ago)"),
        None => line.to_owned(),
    }
}

/// Whether it is no table: messages and addresses are not wrapped.
fn is_text_of(shown: &str) -> bool {
    shown.contains("error: ") || shown.contains("https://")
}
