//! Destinations of a report, and the files that it never replaces.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::report::{change, names, page, place, report};
use crate::support::{binary, ended};

fn refused(folder: &TempDir, output: &str, reason: &str) {
    let arguments = ["--output", output, "--error-format", "json"];
    let error = report(folder, &arguments).failed(8, "output_failed");
    assert!(error["message"].as_str().unwrap().contains(reason), "{output}: {error}");
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn what_is_not_a_file_for_reports_is_not_overwritten() {
    let folder = place();
    let path = |name: &str| folder.path().join(name);
    let before = fs::read(path("launchdarkly.db")).unwrap();
    fs::create_dir(path("folder")).unwrap();
    symlink("launchdarkly.db", path("link.html")).unwrap();
    symlink("launchdarkly.db-wal", path("wal.html")).unwrap();
    symlink("nowhere/report.html", path("dangling.html")).unwrap();
    symlink("ring.html", path("ring.html")).unwrap();
    fs::hard_link(path("launchdarkly.db"), path("hard.html")).unwrap();
    fs::copy(path("launchdarkly.db"), path("copy.html")).unwrap();
    for (output, reason) in [
        ("launchdarkly.db", "it is the database"),
        ("link.html", "it is the database"),
        ("hard.html", "it is the database"),
        ("copy.html", "it is a database"),
        ("launchdarkly.db-wal", "it belongs to the database"),
        ("folder/../launchdarkly.db-shm", "it belongs to the database"),
        ("./launchdarkly.db-journal", "it belongs to the database"),
        (".launchdarkly.db.lock", "it belongs to the database"),
        ("wal.html", "it belongs to the database"),
        ("folder", "it is a folder"),
        ("/dev/null", "it is not a regular file"),
        ("nowhere/report.html", "there is no folder `nowhere`"),
        ("dangling.html", "there is no folder `./nowhere`"),
        ("ring.html", "its symbolic links form a loop"),
    ] {
        refused(&folder, output, reason);
    }
    for name in ["launchdarkly.db", "hard.html", "copy.html"] {
        assert!(fs::read(path(name)).unwrap() == before, "{name}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 8, "nothing new is there");
}

#[test]
fn a_link_stays_and_what_it_leads_to_is_replaced() {
    let folder = place();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("real.html"), "old").unwrap();
    symlink("real.html", path("report.html")).unwrap();
    assert!(page(&folder).len() > 1000 && fs::read_link(path("report.html")).is_ok());
    assert_eq!(names(folder.path()), ["launchdarkly.db", "real.html", "report.html"]);
    fs::remove_file(path("real.html")).unwrap();
    assert!(page(&folder).len() > 1000 && fs::read_link(path("report.html")).is_ok());
    assert_eq!(mode(&path("real.html")), 0o644);
}

#[test]
fn a_report_that_is_there_keeps_its_mode() {
    let folder = place();
    let path = folder.path().join("report.html");
    fs::write(&path, "old").unwrap();
    for kept in [0o600, 0o664] {
        fs::set_permissions(&path, PermissionsExt::from_mode(kept)).unwrap();
        assert!(page(&folder).len() > 1000);
        assert_eq!(mode(&path), kept);
    }
}

#[test]
fn the_input_is_named_as_the_output_of_extract() {
    let folder = place();
    let path = |name: &str| folder.path().join(name);
    fs::rename(path("launchdarkly.db"), path("lake.db")).unwrap();
    report(&folder, &["--quiet", "-i", "sqlite:lake.db"]).succeeded();
    let error = report(&folder, &["--error-format", "json", "-i", "parquet:lake"]);
    let error = error.failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("no folder `lake`"), "{error}");
    for (output, is_found) in [("sqlite:lake.db", true), ("lake.db", true), ("parquet:x", false)] {
        let mut command = binary(folder.path());
        command.arg("report").env("FLAGLAKE_OUTPUT", output);
        assert_eq!(command.output().unwrap().status.success(), is_found, "{output}");
    }
}

#[test]
fn a_database_that_may_only_be_read_is_read() {
    let folder = place();
    change(&folder, "PRAGMA journal_mode = WAL; UPDATE flags SET name = 'a'");
    let path = |name: &str| folder.path().join(name);
    assert_eq!(names(folder.path()), ["launchdarkly.db"], "the log is removed");
    fs::set_permissions(path("launchdarkly.db"), PermissionsExt::from_mode(0o444)).unwrap();
    let whole = binary(folder.path());
    let program = TempDir::new().unwrap();
    fs::set_permissions(program.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let program_path = program.path().join("flaglake");
    fs::copy(whole.get_program(), &program_path).unwrap();
    fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o555)).unwrap();
    let mut command = Command::new(&program_path);
    command.args(["report", "--format", "text"]).env_clear().current_dir(folder.path());
    if rustix::process::geteuid().is_root() {
        // root ignores permissions.
        command.uid(65_534).gid(65_534);
    }
    let text = ended(command.output().unwrap()).succeeded().stdout;
    fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
    assert!(text.contains("Live flags"), "{text}");
}
