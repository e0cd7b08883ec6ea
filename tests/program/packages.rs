//! The wheel and the archive hold a program that runs without Rust, a compiler or a network.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use rusqlite::Connection;
use tempfile::TempDir;

use crate::support::packages::{NAME, archive, environment, folder};
use crate::support::{Ended, NO_DEMO_PAST, ended, program};

/// Files that are installed beside the program.
const SHARED: [&str; 4] = [
    "man/man1/flaglake-extract.1",
    "bash-completion/completions/flaglake",
    "zsh/site-functions/_flaglake",
    "fish/vendor_completions.d/flaglake.fish",
];
const COMPILERS: [&str; 7] = ["cargo", "rustc", "rustup", "cc", "gcc", "clang", "ld"];

/// Runs the program of a folder, in an empty home, with only that folder on the `PATH`.
fn run(bin: &Path, home: &Path, arguments: &[&str]) -> Ended {
    let mut command = Command::new(bin.join("flaglake"));
    command.args(arguments).current_dir(home).env_clear().stdin(Stdio::null());
    command.env(NO_DEMO_PAST.0, NO_DEMO_PAST.1);
    ended(command.env("PATH", bin).env("HOME", home).output().unwrap()).succeeded()
}

/// The program that is installed in `bin` extracts the demo account, and reports on it.
fn extract_and_report(bin: &Path) {
    for compiler in COMPILERS {
        assert!(!bin.join(compiler).exists(), "{compiler}");
    }
    let home = TempDir::new().unwrap();
    let version = run(bin, home.path(), &["--version"]).stdout;
    assert_eq!(version, format!("{}\n", NAME.replace('-', " ")));
    run(bin, home.path(), &["extract", "--demo"]);
    run(bin, home.path(), &["report"]);
    let database = Connection::open(home.path().join("launchdarkly.db")).unwrap();
    let flags = database.query_row("SELECT count(*) FROM flags", [], |row| row.get(0));
    assert_eq!(flags, Ok(116));
    assert!(fs::read_to_string(home.path().join("report.html")).unwrap().contains("storefront"));
}

fn has_shared_files(prefix: &Path) {
    for file in SHARED {
        let path = prefix.join("share").join(file);
        assert!(fs::metadata(&path).is_ok_and(|file| file.len() > 0), "{}", path.display());
    }
}

#[test]
fn a_wheel_runs_in_an_empty_environment() {
    let Some((packages, mut pip)) = folder().zip(program("pip")) else { return };
    let start = Instant::now();
    let environment = environment();
    let bin = environment.path().join("bin");
    pip.arg("--python").arg(bin.join("python3"));
    pip.args(["install", "--quiet", "--no-index", "--find-links"]).arg(packages).arg("flaglake");
    ended(pip.output().unwrap()).succeeded();
    extract_and_report(&bin);
    // The time is for people: nothing depends on it.
    let seconds = start.elapsed().as_secs_f64();
    let _ = writeln!(std::io::stderr(), "wheel, demo and report: {seconds:.1} s");
    has_shared_files(environment.path());
}

#[test]
fn an_archive_runs_where_it_is_unpacked() {
    let Some((packages, mut tar)) = folder().zip(program("tar")) else { return };
    let place = TempDir::new().unwrap();
    tar.arg("-xzf").arg(packages.join(archive())).arg("-C").arg(place.path());
    ended(tar.output().unwrap()).succeeded();
    let root = place.path().join(archive().trim_end_matches(".tar.gz"));
    extract_and_report(&root);
    has_shared_files(&root);
    for file in ["README.md", "LICENSE", "CHANGELOG.md"] {
        assert!(root.join(file).is_file(), "{file}");
    }
}

#[test]
fn packages_leave_nothing_in_the_repository() {
    if folder().is_some() {
        let left = concat!(env!("CARGO_MANIFEST_DIR"), "/flaglake.data");
        assert!(!Path::new(left).exists());
    }
}
