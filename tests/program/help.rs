//! Help and version go to standard output, once.

use tempfile::TempDir;

use crate::support::{binary, ended};

#[test]
fn help_and_version_are_printed_once() {
    let folder = TempDir::new().unwrap();
    let print = |argument: &str, format: &str| {
        let arguments = ["--error-format", format, argument];
        ended(binary(folder.path()).args(arguments).output().unwrap()).succeeded()
    };
    for format in ["text", "json"] {
        let version = print("--version", format);
        assert_eq!(version.stdout, concat!("flaglake ", env!("CARGO_PKG_VERSION"), "\n"));
        let help = print("--help", format);
        assert_eq!(help.stdout.matches("Usage:").count(), 1, "{}", help.stdout);
        assert_eq!((version.stderr, help.stderr), (String::new(), String::new()));
    }
}

fn help(arguments: &[&str]) -> String {
    let folder = TempDir::new().unwrap();
    ended(binary(folder.path()).args(arguments).output().unwrap()).succeeded().stdout
}

#[test]
fn short_help_is_grouped_and_leaves_details_to_the_long_one() {
    let (short, long) = (help(&["extract", "-h"]), help(&["extract", "--help"]));
    for heading in ["Account:", "Output:", "What to read:", "Data of earlier runs:", "Messages:"] {
        for text in [&short, &long] {
            assert!(text.lines().any(|line| line == heading), "{heading} {text}");
        }
    }
    assert!(short.lines().count() * 2 < long.lines().count(), "{short}");
    assert!(!short.contains("[env:") && long.contains("[env: FLAGLAKE_CONCURRENCY"), "{short}");
    let options = |text: &str| {
        let words = text.split_whitespace().filter(|word| word.starts_with("--"));
        words.map(str::to_owned).collect::<std::collections::BTreeSet<_>>()
    };
    let (few, all) = (options(&short), options(&long));
    assert!(few.is_subset(&all), "{few:?}");
    assert!(!few.contains("--concurrency") && all.contains("--concurrency"));
    assert!(few.contains("--output") && few.contains("--metrics-file"));
}

#[test]
fn the_summary_is_short_unless_all_tables_are_asked_for() {
    let folder = TempDir::new().unwrap();
    let run = |arguments: &[&str]| {
        let all = [&["extract", "--demo"], arguments].concat();
        ended(binary(folder.path()).args(all).output().unwrap()).succeeded().stdout
    };
    let table = |text: &str| {
        let lines = text.lines().take_while(|line| !line.is_empty()).map(str::to_owned);
        lines.collect::<Vec<_>>()
    };
    let (short, whole) = (table(&run(&[])), table(&run(&["--verbose"])));
    assert!(short.len() < 20 && whole.len() > 38, "{} {}", short.len(), whole.len());
    assert!(short.iter().all(|line| line.len() <= 80), "{short:#?}");
    let row = |lines: &[String], name: &str| {
        let line = lines.iter().find(|line| line.split_whitespace().next() == Some(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap()
    };
    for name in ["projects", "flags", "members", "metrics"] {
        assert_eq!(row(&short, name), row(&whole, name));
    }
    // The further tables of a line are those that the long list has below it.
    let further = short.iter().find(|line| line.contains(" members ")).unwrap();
    let parts = row(&whole, "member_custom_roles") + row(&whole, "team_members");
    assert!(further.contains(&format!("{parts} rows in 2 tables")), "{further}");
}
