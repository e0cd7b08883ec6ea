//! The output: whether a run could write to it. Nothing is created to find out.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, AtFlags, CWD, accessat, statvfs};

use super::finding::Finding;
use crate::Error;
use crate::destinations::address::Address;
use crate::error::Kind;
use crate::system::lock::Lock;
use crate::system::{database, files};

/// Below this many bytes, a disk is nearly full. A run needs about twice the size of its output.
const LITTLE: u64 = 500_000_000;

/// Looks at the output.
pub(super) fn look(address: &Address) -> Vec<Finding> {
    let name = address.capabilities().name;
    let mut findings = Vec::new();
    match address.local_folder() {
        None => findings.push(Finding::ok("output", format!("{name}: {address}"))),
        Some(folder) => findings.push(place(address, &folder)),
    }
    findings.extend(lock(address));
    findings
}

/// Looks at the disks that a run writes to.
pub(super) fn disks(address: &Address) -> Vec<Finding> {
    let Some(folder) = address.local_folder() else { return Vec::new() };
    let existing = existing(&folder);
    let mut findings = Vec::from_iter(space("disk", &existing));
    let temporary = files::temporary_folder();
    findings.extend(space("disk", &temporary).filter(|_| !files::is_same(&existing, &temporary)));
    findings
}

/// The folder, or the nearest one above it that exists.
fn existing(folder: &Path) -> PathBuf {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let found = whole.ancestors().find(|one| one.is_dir());
    found.unwrap_or(Path::new("/")).to_owned()
}

/// Whether the output is there, and this user may write to it.
fn place(address: &Address, folder: &Path) -> Finding {
    let existing = existing(folder);
    let file = address.report_input();
    if file.is_some() && !folder.is_dir() {
        return Finding::problem(
            "output",
            refused(address, folder, "there is no such folder", "create it"),
        );
    }
    if !may_write(&existing) {
        let hint = "give this user permission to write to it, or name another output";
        return Finding::problem("output", refused(address, &existing, "it is read-only", hint));
    }
    if let Some((path, file)) = file.and_then(|path| Some((path, database::out_of_reach(path)?))) {
        let hint = database::advice(path, &file);
        return Finding::problem(
            "output",
            refused(address, &file, "this user may not use it", &hint),
        );
    }
    let name = address.capabilities().name;
    let size = file.map_or_else(|| size_of(folder), size_of);
    match size {
        None => Finding::warning(
            "output",
            format!("{name}: `{address}` does not exist yet"),
            "`flaglake extract` creates it",
        ),
        Some(bytes) => Finding::ok("output", format!("{name}: `{address}`, {}", megabytes(bytes))),
    }
}

fn refused(address: &Address, path: &Path, reason: &str, hint: &str) -> Error {
    let message = format!("a run could not write `{address}`: `{}`: {reason}", path.display());
    Error::new(Kind::OutputFailed, message).resource(address.to_string()).hint(hint)
}

fn may_write(folder: &Path) -> bool {
    let access = Access::WRITE_OK | Access::EXEC_OK;
    accessat(CWD, folder, access, AtFlags::EACCESS).is_ok()
}

/// The size of a file, or of all files in a folder; `None` if it does not exist.
fn size_of(path: &Path) -> Option<u64> {
    let found = fs::symlink_metadata(path).ok()?;
    if !found.is_dir() {
        return Some(fs::metadata(path).ok()?.len());
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    Some(entries.filter_map(|entry| size_of(&entry.path())).sum())
}

fn megabytes(bytes: u64) -> String {
    match bytes / 1_000_000 {
        10_000.. => format!("{} GB", bytes / 1_000_000_000),
        whole => format!("{whole}.{} MB", bytes / 100_000 % 10),
    }
}

/// The space that is free to this user.
fn space(name: &'static str, folder: &Path) -> Option<Finding> {
    let found = statvfs(folder).ok()?;
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    let text = format!("{} free in `{}`", megabytes(free), folder.display());
    if free < LITTLE {
        return Some(Finding::warning(name, text, files::FULL));
    }
    Some(Finding::ok(name, text))
}

/// Who writes to the output now.
fn lock(address: &Address) -> Option<Finding> {
    match Lock::holder(&address.lock_path()) {
        Ok(None) => None,
        Ok(Some(holder)) => Some(Finding::warning(
            "lock",
            format!("another run is writing to this output: {holder}"),
            "start a run when the other has ended, or with `extract --wait`",
        )),
        Err(error) => Some(Finding::warning("lock", error.to_string(), files::hint(&error))),
    }
}
