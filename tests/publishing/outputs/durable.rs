//! Durability after a power loss: each step of publishing Parquet is on the disk before the next.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use crate::outputs::company;
use crate::support::lake;
use crate::support::{Run, ended};

/// The disk operations in order: step and path.
fn steps(run: &Run, arguments: &[&str]) -> Vec<(String, String)> {
    let mut command = run.command(&["extract", "--output", "parquet:lake", "--log-format", "json"]);
    command.args(arguments).env("FLAGLAKE_LOG", "flaglake::destinations::disk=trace");
    let log = ended(command.output().unwrap()).succeeded().stderr;
    let lines = log.lines().filter_map(|line| serde_json::from_str(line).ok());
    let text = |line: &serde_json::Value, name: &str| line["fields"][name].as_str().unwrap().into();
    lines.map(|line: serde_json::Value| (text(&line, "step"), text(&line, "path"))).collect()
}

/// The position of a step, at `from` or later.
#[track_caller]
fn find(steps: &[(String, String)], from: usize, step: &str, path: &str) -> usize {
    let found = steps.iter().skip(from).position(|one| one.0 == step && one.1 == path);
    from + found.unwrap_or_else(|| panic!("`{path}` is not {step} after step {from}: {steps:#?}"))
}

/// The folders that contain a file, up to the root of the lake.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    let folders = Path::new(path).ancestors().skip(1).map(|path| path.to_str().unwrap());
    folders.take_while(|folder| !folder.is_empty())
}

/// The positions at which a file is renamed, and at which its name is durable. Its contents are
/// synchronised before the rename.
#[track_caller]
fn replaced(steps: &[(String, String)], from: usize, path: &str) -> (usize, usize) {
    let (folder, name) = path.rsplit_once('/').unwrap();
    let renamed = find(steps, from, "renamed", path);
    let synced = find(steps, 0, "synced", &format!("{folder}/.{name}.new"));
    assert!(synced < renamed, "{path}");
    let durable = folders(path).map(|folder| find(steps, renamed, "synced", folder)).max();
    (renamed, durable.unwrap())
}

#[test]
fn each_step_of_publishing_is_durable_before_the_next() {
    let run = company();
    run.extract(&["--output", "parquet:lake"]);
    let old = lake::newest(&run.path("lake"));
    let steps = steps(&run, &["--keep-extractions", "1"]);
    let (account, id) = (lake::account(&run.path("lake")), lake::newest(&run.path("lake")));
    let manifest = format!("lake/_extractions/{account}/{id}.json");
    let claim = find(&steps, 0, "synced", &format!("lake/_extractions/{account}/{id}.claim"));
    let (named, manifest_done) = replaced(&steps, 0, &manifest);
    let tables = lake::json(&run.folder.path().join(&manifest));
    let tables = tables["tables"].as_array().unwrap();
    assert!(tables.len() > 20);
    for table in tables {
        let path = format!("lake/{}", table["files"][0].as_str().unwrap());
        let renamed = find(&steps, 0, "renamed", &path);
        assert!(claim < renamed, "an ID is claimed before its first file is written");
        for path in std::iter::once(path.as_str()).chain(folders(&path)) {
            assert!(find(&steps, renamed, "synced", path) < named, "{path}");
        }
    }
    let row = format!("lake/latest_extraction/{account}/part-0.parquet");
    let (row, row_done) = replaced(&steps, manifest_done, &row);
    let pointer = format!("lake/_latest/{account}.json");
    let (pointer, pointer_done) = replaced(&steps, row_done, &pointer);
    assert!(manifest_done < row && row_done < pointer);
    let old_manifest = format!("lake/_extractions/{account}/{old}.json");
    let removed = find(&steps, pointer_done, "removed", &old_manifest);
    let forgotten = find(&steps, removed, "synced", &format!("lake/_extractions/{account}"));
    let is_of_old = |(step, path): &&(String, String)| {
        step == "removed" && path.contains(&format!("extraction_id={old}/"))
    };
    let first = steps.iter().position(|step| is_of_old(&step)).unwrap();
    assert!(forgotten < first, "files are removed after the manifest that names them");
    assert_eq!(steps.iter().filter(is_of_old).count(), tables.len());
}

/// A file system in a file, which is unmounted when it is dropped.
struct Disk<'d>(&'d Path);

impl<'d> Disk<'d> {
    /// `None` where this user may not mount.
    fn mount(image: &Path, at: &'d Path) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount").args(["-o", "loop"]).arg(image).arg(at).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Disk(at))
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).output();
    }
}

#[test]
fn a_loss_of_power_after_a_run_takes_nothing_that_it_published() {
    let run = company();
    let (image, after) = (run.path("disk.img"), run.path("after.img"));
    fs::File::create(&image).unwrap().set_len(64 << 20).unwrap();
    let made = Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&image).output();
    let (at, there) = (run.path("disk"), run.path("there"));
    let disk = made.is_ok_and(|made| made.status.success()).then(|| Disk::mount(&image, &at));
    let Some(disk) = disk.flatten() else {
        writeln!(std::io::stderr(), "skipped: a file system in a file cannot be mounted").unwrap();
        return;
    };
    for _ in 0..2 {
        run.extract(&["--output", "parquet:disk/lake", "--keep-extractions", "1"]);
    }
    let id = lake::newest(&run.path("disk/lake"));
    // A copy of the disk without the writes that the system has not made yet.
    fs::copy(&image, &after).unwrap();
    drop(disk);
    let _disk = Disk::mount(&after, &there).expect("the file system recovers");
    let lake = there.join("lake");
    assert_eq!(lake::newest(&lake), id);
    let manifest = lake::json(&lake::manifest(&lake, &id));
    for table in manifest["tables"].as_array().unwrap() {
        let rows = lake::rows(&lake.join(table["files"][0].as_str().unwrap()));
        assert_eq!(rows.len() as u64, table["rows"].as_u64().unwrap(), "{table}");
    }
    let row = lake.join("latest_extraction").join(lake::account(&lake)).join("part-0.parquet");
    assert_eq!(lake::rows(&row).len(), 1);
}
