//! A server whose disk is full.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use super::{extract, small};
use crate::support::postgres::Database;

/// A file system of 32 MB for a tablespace; `None`, with a message, where none can be mounted.
struct Disk {
    folder: TempDir,
    database: Database,
}

impl Disk {
    fn mount(database: &Database) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=32m,mode=700", "flaglake"]).arg(folder.path());
        let succeeds =
            |command: &mut Command| command.output().is_ok_and(|ended| ended.status.success());
        if succeeds(&mut mount) {
            let disk = Disk { folder, database: database.again() };
            // A tablespace is a folder of the server's own user.
            assert!(succeeds(Command::new("chown").arg("postgres").arg(disk.folder.path())));
            return Some(disk);
        }
        eprintln!("skipped: this user cannot mount a small file system");
        None
    }

    /// Takes all of its space; returns the file that does.
    fn fill(&self) -> PathBuf {
        let path = self.folder.path().join("filler");
        let mut file = File::create(&path).unwrap();
        // Less than a page of the server is left.
        for size in [1_000_000, 4096] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Without its files, the server could write no checkpoint, which other tests need.
        let name = &self.database.name;
        self.database.try_run("DROP SCHEMA IF EXISTS launchdarkly CASCADE");
        self.database.try_run("CHECKPOINT");
        self.database.try_run(&format!("DROP TABLESPACE of_{name}"));
        let _ = Command::new("umount").arg("--lazy").arg(self.folder.path()).status();
    }
}

#[test]
fn a_full_disk_of_the_server_leaves_the_previous_data() {
    let Some((run, database)) = small() else { return };
    let Some(disk) = Disk::mount(&database) else { return };
    let (name, address) = (&database.name, database.address());
    database
        .run(&format!("CREATE TABLESPACE of_{name} LOCATION '{}'", disk.folder.path().display()));
    database.run(&format!("ALTER DATABASE {name} SET default_tablespace = of_{name}"));
    extract(&run, &address, &[]).succeeded();
    let rows = "SELECT name FROM launchdarkly.flags ORDER BY project_key, flag_key";
    let before = database.rows(rows);
    run.server.change(|account| {
        let flags = account.projects.iter_mut().flat_map(|project| &mut project.flags);
        flags.for_each(|flag| flag.name = "new ".repeat(5_000));
    });
    let filler = disk.fill();
    let error = extract(&run, &address, &[]).failed(8, "output_failed");
    assert!(error["message"].as_str().unwrap().contains("53100"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("the server's disk is full"), "{error}");
    assert_eq!(database.rows(rows), before);
    assert_eq!(database.value("SELECT count(*) FROM launchdarkly.extractions"), "1");
    fs::remove_file(filler).unwrap();
    extract(&run, &address, &[]).succeeded();
    assert_ne!(database.rows(rows), before);
    assert_eq!(database.value("SELECT count(*) FROM launchdarkly.extractions"), "2");
}
