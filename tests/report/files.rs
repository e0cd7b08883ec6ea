//! Where a report goes, and what it never replaces.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use tempfile::TempDir;

use crate::{names, page, place, report};

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
        ("ring.html", "its links lead to each other"),
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
