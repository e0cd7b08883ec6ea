//! The file that a report is written to. It must not be a database, or belong to one.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::destinations::NewFile;
use crate::system::{database, files};
use crate::{Error, Result};

/// The first bytes of a SQLite file: <https://sqlite.org/fileformat.html#the_database_header>.
pub const MAGIC: &[u8] = b"SQLite format 3\0";
/// The first bytes of a Parquet file: <https://parquet.apache.org/docs/file-format/>.
const PARQUET: &[u8] = b"PAR1";
/// The mode of a new report. All users may read it, unlike the data, because it is made to be
/// shared.
const SHARED: u32 = 0o644;
/// A file that a report may be written to.
#[derive(Debug)]
pub struct Place {
    path: PathBuf,
    /// The database that the report is of, if it is one.
    input: Option<PathBuf>,
    mode: u32,
}

impl Place {
    /// The file that `path` leads to, if a report of the database `input` may replace it.
    ///
    /// # Errors
    /// `output_failed` where it is a database, belongs to one, or is not a regular file.
    pub fn find(path: &Path, input: Option<&Path>) -> Result<Self> {
        let refuse = |reason: &str, hint: &str| {
            Error::output(path, reason).resource(path.display().to_string()).hint(hint)
        };
        let target = files::follow(path)
            .map_err(|_| refuse("its symbolic links form a loop", "remove the link"))?;
        check_kind(&target).map_err(|(reason, hint)| refuse(reason, hint))?;
        let folder = files::folder(&target);
        if !folder.is_dir() {
            let reason = format!("there is no folder `{}`", folder.display());
            return Err(refuse(&reason, "create the folder first"));
        }
        if let Some(reason) = belongs(&target, input) {
            return Err(refuse(reason, "name another file"));
        }
        let mode = match fs::metadata(&target) {
            Ok(found) => found.mode() & 0o777,
            Err(error) if error.kind() == ErrorKind::NotFound => SHARED,
            Err(error) => return Err(files::failed(path, &error)),
        };
        Ok(Place { path: target, input: input.map(Path::to_owned), mode })
    }

    /// Writes the whole file or nothing.
    ///
    /// # Errors
    /// `output_failed` when the disk or the system refuses, or the file may no longer be replaced.
    pub fn write(&self, content: &str) -> Result<()> {
        let failed = |error| files::failed(&self.path, &error);
        let new = NewFile::beside(&self.path).map_err(failed)?;
        self.fill(&new.path, content).map_err(failed)?;
        // The file may have changed while the report was made, so it is checked again.
        Place::find(&self.path, self.input.as_deref())?;
        new.take_place(&self.path).map_err(failed)
    }

    fn fill(&self, path: &Path, content: &str) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).open(path)?;
        file.write_all(content.as_bytes())?;
        file.set_permissions(Permissions::from_mode(self.mode))
    }
}

/// Accepts a regular file, or none yet. The error is the reason and a hint.
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

/// The reason why a file must not be replaced, if it is a database or a file of Parquet, or belongs
/// to a database.
fn belongs(path: &Path, input: Option<&Path>) -> Option<&'static str> {
    input.and_then(|input| belongs_to(path, input)).or_else(|| {
        let starts = [(MAGIC, "it is a database"), (PARQUET, "it is a Parquet file")];
        starts.into_iter().find_map(|(magic, reason)| begins_as(path, magic).then_some(reason))
    })
}

fn belongs_to(path: &Path, input: &Path) -> Option<&'static str> {
    let input = fs::canonicalize(input).unwrap_or_else(|_| input.to_owned());
    if is_same(path, &input) {
        return Some("it is the database");
    }
    let beside = database::BESIDE.map(|suffix| files::with_suffix(&input, suffix));
    let hidden = ["lock", "stage", "new"].map(|what| files::beside(&input, what));
    let is_own = beside.iter().chain(&hidden).any(|own| is_same(path, own));
    is_own.then_some("it belongs to the database")
}

/// Whether two paths name the same file, which need not exist yet.
fn is_same(one: &Path, other: &Path) -> bool {
    let file = |path: &Path| fs::metadata(path).map(|found| (found.dev(), found.ino())).ok();
    match (file(one), file(other)) {
        (Some(one), Some(other)) => one == other,
        _ => {
            let place = |path: &Path| fs::canonicalize(files::folder(path)).ok();
            one.file_name() == other.file_name() && place(one) == place(other)
        }
    }
}

fn begins_as(path: &Path, magic: &[u8]) -> bool {
    let mut start = vec![0; magic.len()];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start == magic
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_report_does_not_replace_a_database_folder_or_link() {
        for kind in ["database", "Parquet", "folder", "link"] {
            let folder = TempDir::new().unwrap();
            let path = |name: &str| folder.path().join(name);
            fs::write(path("x.db"), MAGIC).unwrap();
            let place = Place::find(&path("report.html"), Some(&path("x.db"))).unwrap();
            match kind {
                "database" => fs::write(path("report.html"), MAGIC).unwrap(),
                "Parquet" => fs::write(path("report.html"), "PAR1").unwrap(),
                "folder" => fs::create_dir(path("report.html")).unwrap(),
                _ => symlink("x.db", path("report.html")).unwrap(),
            }
            assert!(place.write("a report").is_err(), "{kind}");
            let begins = |magic| begins_as(&path("report.html"), magic);
            assert!(path("report.html").is_dir() || begins(MAGIC) || begins(PARQUET));
            assert!(!path(".report.html.new").exists(), "{kind}");
        }
    }
}
