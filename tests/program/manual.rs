//! `flaglake man` writes a page for each command, and the programs that show pages accept them.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use clap::CommandFactory;
use flaglake::cli::Cli;
use tempfile::TempDir;

use crate::support::{Ended, binary, ended, program};

fn run(folder: &Path, arguments: &[&str]) -> Ended {
    ended(binary(folder).args(arguments).output().unwrap())
}

/// A folder with all pages.
fn pages() -> TempDir {
    let folder = TempDir::new().unwrap();
    run(folder.path(), &["man", "--output", "."]).succeeded();
    folder
}

/// The names of a command's page and those of the commands that it has.
fn names(command: &clap::Command, before: &str) -> Vec<String> {
    let name = format!("{before}{}", command.get_name());
    let inner = command.get_subcommands().filter(|inner| inner.get_name() != "help");
    let inner = inner.flat_map(|inner| names(inner, &format!("{name}-")));
    inner.chain([format!("{name}.1")]).collect()
}

#[test]
fn every_command_has_a_page_that_all_users_may_read() {
    let folder = pages();
    let entries = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap());
    let entries: Vec<_> = entries.collect();
    for entry in &entries {
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o644, "{:?}", entry.file_name());
    }
    let written = entries.iter().map(|entry| entry.file_name().into_string().unwrap());
    let expected: BTreeSet<_> = names(&Cli::command(), "").into_iter().collect();
    assert!(expected.len() > 30, "{expected:?}");
    assert_eq!(written.collect::<BTreeSet<_>>(), expected);
}

#[test]
fn a_page_names_every_option_in_plain_ascii() {
    let folder = pages();
    let text = fs::read_to_string(folder.path().join("flaglake-sync-segment.1")).unwrap();
    assert!(text.is_ascii());
    let cli = Cli::command();
    let segment = cli.find_subcommand("sync").unwrap().find_subcommand("segment").unwrap();
    for option in segment.get_arguments().filter_map(clap::Arg::get_long) {
        assert!(text.contains(&format!("\\-\\-{}", option.replace('-', "\\-"))), "{option}");
    }
}

#[test]
fn the_page_of_the_program_is_printed_without_a_folder() {
    let folder = pages();
    let printed = run(folder.path(), &["man"]).succeeded().stdout;
    assert_eq!(printed, fs::read_to_string(folder.path().join("flaglake.1")).unwrap());
    assert!(printed.contains(concat!("\"flaglake ", env!("CARGO_PKG_VERSION"), "\"")), "{printed}");
}

#[test]
fn a_folder_that_does_not_exist_is_an_error() {
    let folder = TempDir::new().unwrap();
    let arguments = ["--error-format", "json", "man", "--output", "missing"];
    run(folder.path(), &arguments).failed(8, "output_failed");
}

/// Runs a program on all pages; it has nothing to say.
fn accept(name: &str, arguments: &[&str]) {
    let Some(mut command) = program(name) else { return };
    let folder = pages();
    let pages = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let ended = ended(command.args(arguments).args(pages).output().unwrap());
    assert_eq!((ended.status, ended.stderr.as_str()), (0, ""), "{name}: {}", ended.stdout);
}

#[test]
fn troff_formats_every_page_without_a_warning() {
    accept("groff", &["-man", "-Tutf8", "-ww", "-z"]);
}

#[test]
fn mandoc_finds_no_error_in_a_page() {
    accept("mandoc", &["-T", "lint", "-W", "error"]);
}
