//! Checks of `docs/operate/`: each command runs as cron, systemd or Kubernetes would run it. Each
//! file is checked by its own tool, where that is installed.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use clap::Parser;
use flaglake::cli::Cli;
use flaglake::launchdarkly::token::VARIABLES;
use tempfile::TempDir;

use crate::support::page::Block;
use crate::support::place::{Place, TOKEN};
use crate::support::python;
use crate::support::{Ended, ended};

/// The file that `/etc/flaglake/flaglake.toml` stands for.
const SYNCS: &str = r#"
[[sync]]
object = "segment"
from = "csv:beta-users.csv"
project = "internal-tools"
environment = "test"
segment = "staff"
"#;

/// Checks a crontab, a unit of systemd or a manifest of Kubernetes.
pub fn check(place: &Place, block: &Block) {
    match block.language.as_str() {
        "crontab" => block.body.lines().for_each(|line| run_job(place, line, block)),
        "ini" => check_unit(place, block),
        _ if block.body.contains("kind:") => run_container(place, block),
        _ => check_alert(place, block),
    }
}

/// The command line takes these arguments.
pub fn understand(arguments: &str, block: &Block) {
    let is_argument = |word: &String| !["|", "||", "&&", ">"].contains(&word.as_str());
    let arguments = words(arguments).into_iter().take_while(is_argument);
    if let Err(error) = Cli::try_parse_from(std::iter::once("flaglake".to_owned()).chain(arguments))
    {
        panic!("{block}: {error}");
    }
}

/// The words of a command, as the shell splits them. Quotes do not nest.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for one in command.chars() {
        match quote {
            Some(open) if one == open => quote = None,
            None if matches!(one, '"' | '\'') => {
                quote = Some(one);
                word.get_or_insert_default();
            }
            None if one.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(one),
        }
    }
    words.extend(word);
    words
}

/// A line is five fields and a command, which says nothing when all is well.
fn run_job(place: &Place, line: &str, block: &Block) {
    let job: Vec<_> = line.splitn(6, ' ').collect();
    assert_eq!(job.len(), 6, "{block}: `{line}` is not a job");
    let ended = run(place, job[5], &[], block);
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("", ""), "{block}");
}

/// A service's command runs with the variables that it sets; systemd understands all of the unit.
fn check_unit(place: &Place, block: &Block) {
    let settings = || block.body.lines().filter_map(|line| line.split_once('='));
    let command = settings().find(|(name, _)| *name == "ExecStart");
    let variables = settings().filter(|(name, _)| *name == "Environment");
    let variables: Vec<_> = variables.filter_map(|(_, pair)| pair.split_once('=')).collect();
    match command {
        Some((_, command)) => {
            run(place, command, &variables, block);
            verify_units(&block.body, "", block);
        }
        None => verify_units("[Service]\nExecStart=/bin/true\n", &block.body, block),
    }
}

/// Has systemd read a service, and a timer unless it is empty.
fn verify_units(service: &str, timer: &str, block: &Block) {
    let folder = TempDir::new().unwrap();
    let mut units = vec![("flaglake.service", service), ("flaglake.timer", timer)];
    units.retain(|(_, text)| !text.is_empty());
    for (name, text) in &units {
        let text = text.replace("/usr/local/bin/flaglake", env!("CARGO_BIN_EXE_flaglake"));
        fs::write(folder.path().join(name), text).unwrap();
    }
    let names = units.iter().map(|(name, _)| *name);
    let mut command = Command::new("systemd-analyze");
    command.current_dir(folder.path()).arg("verify").args(names);
    accept(&mut command, block);
}

/// Kubernetes takes a manifest, and its container runs.
fn run_container(place: &Place, block: &Block) {
    if !python::has(&["kubernetes_validate", "yaml"]) {
        return;
    }
    let script = include_str!("../recipes/validate_kubernetes.py");
    let manifest = python::run_with_input(script, &block.body);
    let manifest = manifest.unwrap_or_else(|error| panic!("{block}: {error}"));
    let container = &manifest["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(container["env"][0]["name"], VARIABLES[0], "{block}");
    let words = container["args"].as_array().unwrap().iter().map(|word| word.as_str().unwrap());
    let words: Vec<_> = std::iter::once("/usr/local/bin/flaglake").chain(words).collect();
    run(place, &words.join(" "), &[(VARIABLES[0], TOKEN)], block);
}

/// An alert of Grafana is about metrics that a run writes, and its condition is one of its steps.
fn check_alert(place: &Place, block: &Block) {
    if !python::has(&["yaml"]) {
        return;
    }
    let script = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)";
    let alert = python::run_with_input(script, &block.body);
    let alert = alert.unwrap_or_else(|error| panic!("{block}: {error}"));
    let rule = &alert["groups"][0]["rules"][0];
    let steps = rule["data"].as_array().unwrap();
    assert!(steps.iter().any(|step| step["refId"] == rule["condition"]), "{block}");
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("flaglake.prom");
    let command =
        format!("/usr/local/bin/flaglake extract --demo --metrics-file {}", path.display());
    run(place, &command, &[], block);
    let metrics = fs::read_to_string(path).unwrap();
    let asked = steps.iter().filter_map(|step| step["model"]["expr"].as_str());
    for name in asked.flat_map(str::split_whitespace).filter(|word| word.contains("flaglake_")) {
        assert!(metrics.contains(&format!("\n{name}{{")), "{block}: `{name}`");
    }
}

/// A program finds nothing to say; skipped with a message where it is not installed.
fn accept(command: &mut Command, block: &Block) {
    let program = command.get_program().to_string_lossy().into_owned();
    let Ok(output) = command.stdin(Stdio::null()).output() else {
        let _ = writeln!(std::io::stderr(), "skipped {block}: there is no `{program}`");
        return;
    };
    let ended = ended(output).succeeded();
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("", ""), "{block}: {program}");
}

/// Runs a command with little more than `variables`, in a folder that has what its paths name; it
/// leaves a database or a state file there.
fn run(place: &Place, command: &str, variables: &[(&str, &str)], block: &Block) -> Ended {
    let (program, arguments) = command.split_once(' ').unwrap_or((command, ""));
    assert_eq!(program, "/usr/local/bin/flaglake", "{block}: not the absolute path");
    understand(arguments, block);
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("token"), TOKEN).unwrap();
    fs::write(folder.path().join("flaglake.toml"), SYNCS).unwrap();
    fs::write(folder.path().join("beta-users.csv"), "context_key\nada\n").unwrap();
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &here(command, folder.path())]).current_dir(folder.path());
    shell.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", folder.path());
    shell.env("LD_BASE_URI", place.base_uri()).stdin(Stdio::null());
    for (name, value) in variables {
        shell.env(name, here(value, folder.path()));
    }
    let ended = ended(shell.output().unwrap()).succeeded();
    let left = if arguments.starts_with("sync") { "flaglake-sync.db" } else { "launchdarkly.db" };
    assert!(folder.path().join(left).exists(), "{block}: it left no `{left}`");
    ended
}

/// A text whose paths lead into `folder`, and to the program that is being tested.
fn here(text: &str, folder: &Path) -> String {
    let folder = folder.to_str().unwrap();
    let token = format!("{folder}/token");
    let (database, state) = (format!("sqlite:{folder}/"), format!("{folder}/"));
    let syncs = format!("{folder}/flaglake.toml");
    let paths = [
        ("/usr/local/bin/flaglake", env!("CARGO_BIN_EXE_flaglake")),
        ("/etc/flaglake/token", &token),
        ("/etc/flaglake/flaglake.toml", &syncs),
        ("%d/token", &token),
        ("sqlite:/srv/flaglake/", &database),
        ("sqlite:/var/lib/flaglake/", &database),
        ("sqlite:/data/", &database),
        ("/srv/flaglake/", &state),
    ];
    paths.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}
