//! The file that a report is written to: what may be replaced, and how.

use std::fs::{self, File, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::output::Destination;
use crate::publish::NewFile;
use crate::{Error, Result};

/// How every SQLite file begins: <https://sqlite.org/fileformat.html#the_database_header>.
pub const MAGIC: &[u8] = b"SQLite format 3\0";
/// A new report may be read by all, unlike the data: it is made to be shared.
const SHARED: u32 = 0o644;
/// So many links in a row are a ring, as for Linux: `man 7 path_resolution`.
const MOST_LINKS: usize = 40;

/// A file that a report may be written to.
#[derive(Debug)]
pub struct Place {
    path: PathBuf,
    mode: u32,
}

impl Place {
    /// The file that `path` leads to, if a report of the database `input` may replace it.
    ///
    /// # Errors
    /// `output_failed` where it is a database, something that belongs to one, or no file.
    pub fn find(path: &Path, input: &Path) -> Result<Self> {
        let refuse = |reason: &str, hint: &str| {
            Error::output(path, reason).resource(path.display().to_string()).hint(hint)
        };
        let target = follow(path)
            .ok_or_else(|| refuse("its links lead to each other", "remove the link"))?;
        check_kind(&target).map_err(|(reason, hint)| refuse(reason, hint))?;
        let folder = folder(&target);
        if !folder.is_dir() {
            let reason = format!("there is no folder `{}`", folder.display());
            return Err(refuse(&reason, "create the folder first"));
        }
        if let Some(reason) = belongs(&target, input) {
            return Err(refuse(reason, "name another file"));
        }
        let mode = fs::metadata(&target).map_or(SHARED, |found| found.mode() & 0o777);
        Ok(Place { path: target, mode })
    }

    /// Writes the whole file or nothing.
    ///
    /// # Errors
    /// When the disk or the system refuses.
    pub fn write(&self, content: &str) -> io::Result<()> {
        let new = NewFile::beside(&self.path);
        let mut file = File::create_new(&new.path)?;
        file.write_all(content.as_bytes())?;
        file.set_permissions(Permissions::from_mode(self.mode))?;
        new.take_place(&self.path)
    }
}

/// The file at the end of a chain of links, be it there or not; none where there is no end.
fn follow(path: &Path) -> Option<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(target) = fs::read_link(&path) else { return Some(path) };
        path = folder(&path).join(target);
    }
    None
}

fn folder(path: &Path) -> &Path {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

/// A regular file, or nothing yet; else the reason why not, and advice.
fn check_kind(path: &Path) -> Result<(), (&'static str, &'static str)> {
    if path.is_dir() {
        return Err(("it is a folder", "name a file in it"));
    }
    if path.exists() && !path.is_file() {
        let hint = "name another file, or `-` for standard output";
        return Err(("it is not a regular file", hint));
    }
    Ok(())
}

/// Why a file is not to be replaced: it is a database's.
fn belongs(path: &Path, input: &Path) -> Option<&'static str> {
    let input = fs::canonicalize(input).unwrap_or_else(|_| input.to_owned());
    if is_same(path, &input) {
        return Some("it is the database");
    }
    let beside = ["-wal", "-shm", "-journal"].map(|suffix| with_suffix(&input, suffix));
    let lock = Destination::Sqlite(input.clone()).lock_path();
    if beside.iter().chain([&lock]).any(|own| is_same(path, own)) {
        return Some("it belongs to the database");
    }
    begins_as_database(path).then_some("it is a database")
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Whether two paths are of one file, by whatever names, or would be once it is there.
fn is_same(one: &Path, other: &Path) -> bool {
    let file = |path: &Path| fs::metadata(path).map(|found| (found.dev(), found.ino())).ok();
    match (file(one), file(other)) {
        (Some(one), Some(other)) => one == other,
        _ => {
            let place = |path: &Path| fs::canonicalize(folder(path)).ok();
            one.file_name() == other.file_name() && place(one) == place(other)
        }
    }
}

fn begins_as_database(path: &Path) -> bool {
    let mut start = [0; MAGIC.len()];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start == MAGIC
}
