//! The scripts of `flaglake completions`: shells accept them, and complete commands and options.

use std::fs;
use std::path::Path;

use clap::ValueEnum;
use clap_complete::Shell;
use tempfile::TempDir;

use crate::support::{Ended, binary, ended, program};

/// A folder with the script of each shell, under the shell's name.
fn scripts() -> TempDir {
    let folder = TempDir::new().unwrap();
    for shell in Shell::value_variants() {
        let name = shell.to_string();
        let output = binary(folder.path()).args(["completions", &name]).output().unwrap();
        fs::write(folder.path().join(&name), ended(output).succeeded().stdout).unwrap();
    }
    folder
}

#[test]
fn every_script_names_commands_of_two_levels() {
    let folder = scripts();
    for shell in Shell::value_variants() {
        let script = fs::read_to_string(folder.path().join(shell.to_string())).unwrap();
        for word in ["extract", "approvals", "withdraw", "max-removals"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}

/// Runs a line of a shell beside the scripts; `None` where the shell is not installed.
fn shell(name: &str, options: &[&str], line: &str, folder: &Path) -> Option<Ended> {
    let mut command = program(name)?;
    command.current_dir(folder).env("HOME", folder).args(options).args(["-c", line]);
    let ended = ended(command.output().unwrap()).succeeded();
    assert_eq!(ended.stderr, "", "{name}");
    Some(ended)
}

#[test]
fn bash_completes_commands_and_options() {
    let folder = scripts();
    let complete = |words: &str, index: usize| {
        // bash hands the function the program, the word to complete, and the word before it.
        let line = format!(
            "source ./bash; COMP_WORDS=({words}); COMP_CWORD={index}; \
             _flaglake flaglake \"${{COMP_WORDS[-1]}}\" \"${{COMP_WORDS[-2]}}\"; \
             echo \"${{COMPREPLY[@]}}\""
        );
        shell("bash", &["--norc"], &line, folder.path()).map(|ended| ended.stdout)
    };
    if let Some(found) = complete("flaglake ext", 1) {
        assert_eq!(found.trim(), "extract");
    }
    if let Some(found) = complete("flaglake sync segment --max-rem", 3) {
        assert_eq!(found.trim(), "--max-removals");
    }
}

#[test]
fn zsh_completes_with_a_function_that_it_can_load() {
    let folder = scripts();
    let line = "fpath=($PWD $fpath); cp zsh _flaglake; autoload -Uz compinit; \
                compinit -u -d dump; autoload +X _flaglake; echo $_comps[flaglake]";
    if let Some(ended) = shell("zsh", &["-f"], line, folder.path()) {
        assert_eq!(ended.stdout.trim(), "_flaglake");
    }
}

#[test]
fn fish_completes_commands_and_options() {
    let folder = scripts();
    let complete = |words: &str| {
        let line = format!("source ./fish; complete -C '{words}'");
        shell("fish", &["--no-config"], &line, folder.path()).map(|ended| ended.stdout)
    };
    if let Some(found) = complete("flaglake ext") {
        assert!(found.starts_with("extract\t") && found.lines().count() == 1, "{found}");
    }
    if let Some(found) = complete("flaglake approvals with") {
        assert!(found.starts_with("withdraw\t"), "{found}");
    }
}

#[test]
fn a_shell_that_is_not_known_is_a_usage_error() {
    let folder = TempDir::new().unwrap();
    let arguments = ["--error-format", "json", "completions", "csh"];
    ended(binary(folder.path()).args(arguments).output().unwrap()).failed(2, "usage");
}
