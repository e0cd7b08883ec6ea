//! Files: resolves paths, checks the length of names, and explains the system's errors.

use std::error::Error as Cause;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::{env, fs};

use rustix::fs::statvfs;
use rustix::io::Errno;

use crate::{Error, Result};

/// The most links in a row, as in Linux: `man 7 path_resolution`. More count as a loop.
const MOST_LINKS: usize = 40;

/// The longest path that SQLite opens, in bytes: `MAX_PATHNAME` in its `os_unix.c`, less
/// `-journal`.
const LONGEST_PATH: usize = 512 - 8;

/// The longest suffix that SQLite adds to a name.
const LONGEST_SUFFIX: &str = "-journal";

/// The mode of files that hold personal data: only their owner may read and write them.
pub const PRIVATE: u32 = 0o600;

/// The advice if disk space is missing.
pub const FULL: &str = "the disk is full, or this user's share of it: make room, and run again";

/// The advice if a file has reached the limit of file sizes: `man 2 setrlimit`.
pub const LIMITED: &str = "files may not grow that large here: raise the limit (`ulimit -f`)";

/// The error of a file at `path` that could not be written.
pub fn failed(path: &Path, error: &io::Error) -> Error {
    let failed = Error::output(path, error).resource(path.display().to_string()).hint(hint(error));
    if is_full(error) { failed.full() } else { failed }
}

/// Whether disk space is missing, or a limit of sizes is reached.
pub fn is_full(error: &io::Error) -> bool {
    use ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

/// The advice for an error of the system.
pub fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        _ if is_loop(error) => {
            "a symbolic link leads to itself, or is where a file should be: remove it"
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => FULL,
        ErrorKind::FileTooLarge => LIMITED,
        ErrorKind::NotFound => "create the folder first",
        ErrorKind::InvalidFilename => "choose a shorter name, or a folder nearer to the root",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "may this user write to the file and its folder?"
        }
        _ => "is there room on the disk, and may this user write there?",
    }
}

/// Whether links form a loop, or there is a link where links are not followed.
pub fn is_loop(error: &io::Error) -> bool {
    Errno::from_io_error(error) == Some(Errno::LOOP)
}

/// The system's own error that caused another one, if there is one.
pub fn cause<'e>(error: &'e (dyn Cause + 'static)) -> Option<&'e io::Error> {
    match error.downcast_ref::<io::Error>() {
        Some(system) if system.raw_os_error().is_some() => Some(system),
        // The `source` of such an error skips the error inside it.
        Some(other) => other.get_ref().and_then(|inner| cause(inner)),
        None => error.source().and_then(cause),
    }
}

/// The folder of `path`.
pub fn folder(path: &Path) -> &Path {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

/// `path` with `suffix` at the end of its name.
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The hidden file beside `path` with the suffix `what`.
pub fn beside(path: &Path, what: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{what}"))
}

/// Whether two paths lead to the same file, whether or not it exists.
pub fn is_same(one: &Path, other: &Path) -> bool {
    let id = |path: &Path| path.metadata().map(|found| (found.dev(), found.ino())).ok();
    let place = |path: &Path| std::path::absolute(resolve(path).ok()?).ok();
    let (one_id, one_place) = (id(one), place(one));
    (one_id.is_some() && one_id == id(other)) || (one_place.is_some() && one_place == place(other))
}

/// Creates a file, or empties the one that exists. From then on, only its owner may read it.
///
/// # Errors
/// If the system refuses that.
pub fn create_private(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).mode(PRIVATE).open(path)?;
    // Devices and pipes are no files of ours.
    if file.metadata()?.is_file() {
        make_private(&file)?;
        file.set_len(0)?;
    }
    Ok(file)
}

/// Takes the permissions of all but the owner from a file.
fn make_private(file: &File) -> io::Result<()> {
    let mode = file.metadata()?.mode();
    if mode & 0o077 == 0 {
        Ok(())
    } else {
        file.set_permissions(fs::Permissions::from_mode(PRIVATE))
    }
}

/// Takes the permissions of all but the owner from the file at `path`, if there is one.
///
/// # Errors
/// If the system refuses that.
pub fn keep_private(path: &Path) -> io::Result<()> {
    match File::open(path) {
        Ok(file) => make_private(&file),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// The system's folder for temporary files, as a path without links.
pub fn temporary_folder() -> PathBuf {
    let folder = env::temp_dir();
    fs::canonicalize(&folder).unwrap_or(folder)
}

/// Resolves all links in `path`, including those of its folders. Nothing need exist there. A path
/// without links is returned as the user wrote it.
///
/// # Errors
/// If links form a loop, or the system refuses to follow them.
pub fn resolve(path: &Path) -> io::Result<PathBuf> {
    let target = follow(path)?;
    let Some(name) = target.file_name() else { return real_folder(&target) };
    let parent = folder(&target);
    let real = real_folder(parent)?;
    if real == std::path::absolute(parent)? { Ok(target) } else { Ok(real.join(name)) }
}

/// The path at the end of a chain of links. Nothing need exist there.
///
/// # Errors
/// If the chain is a loop.
pub fn follow(path: &Path) -> io::Result<PathBuf> {
    // With a slash at the end, a link would not be recognized.
    let mut path: PathBuf = path.components().collect();
    for _ in 0..MOST_LINKS {
        let Ok(target) = fs::read_link(&path) else { return Ok(path) };
        path = folder(&path).join(target);
    }
    Err(Errno::LOOP.into())
}

/// The path of a folder without links. Folders that do not exist yet are kept as they are.
fn real_folder(folder: &Path) -> io::Result<PathBuf> {
    let missing = match fs::canonicalize(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => error,
        outcome => return outcome,
    };
    match (folder.parent(), folder.file_name()) {
        (Some(_), Some(name)) => Ok(real_folder(self::folder(folder))?.join(name)),
        _ => Err(missing),
    }
}

/// Checks that the names and paths of the files that SQLite needs for a database at `path` are not
/// too long, and leaves room for suffixes of `others` bytes.
///
/// # Errors
/// `output_failed` if one would be too long.
pub fn check_length(path: &Path, others: usize) -> Result<()> {
    let name = path.file_name().unwrap_or_default().len();
    let spare = others + LONGEST_SUFFIX.len();
    let longest = longest_name(folder(path));
    if name + spare > longest {
        let most = longest.saturating_sub(spare);
        return Err(too_long(path, &format!("its name has {name} bytes, and {most} are the most")));
    }
    let (length, most) = (whole_length(path), LONGEST_PATH.saturating_sub(others));
    if length > most {
        let reason = format!("its whole path has {length} bytes, and {most} are the most");
        return Err(too_long(path, &reason));
    }
    Ok(())
}

/// Whether SQLite refuses a path because of its length.
pub fn is_too_long(path: &Path) -> bool {
    whole_length(path) > LONGEST_PATH
}

fn whole_length(path: &Path) -> usize {
    std::path::absolute(path).map_or(0, |path| path.as_os_str().len())
}

fn too_long(path: &Path, reason: &str) -> Error {
    let hint =
        "choose a shorter name, or a folder nearer to the root: files beside it have longer names";
    Error::output(path, reason).resource(path.display().to_string()).hint(hint)
}

/// The most bytes that a name may have in `folder`.
fn longest_name(folder: &Path) -> usize {
    // The limit of most file systems, if this one does not report its own.
    const USUAL: usize = 255;
    let told = statvfs(folder).ok().and_then(|system| usize::try_from(system.f_namemax).ok());
    told.filter(|most| *most > 0).unwrap_or(USUAL)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use tempfile::TempDir;

    use super::*;

    #[test]
    fn links_are_followed_and_other_paths_stay() {
        let folder = TempDir::new().unwrap();
        let place = fs::canonicalize(folder.path()).unwrap();
        fs::create_dir_all(place.join("private/x")).unwrap();
        symlink("private/x", place.join("x")).unwrap();
        symlink("../missing.db", place.join("private/x/link.db")).unwrap();
        symlink("lake", place.join("other")).unwrap();
        for (typed, leads_to) in [
            ("a.db", "a.db"),
            ("x/a.db", "private/x/a.db"),
            ("x/../a.db", "private/a.db"),
            ("x/new/a.db", "private/x/new/a.db"),
            ("x/link.db", "private/missing.db"),
            ("x", "private/x"),
            ("x/", "private/x"),
            ("other/", "lake"),
            ("nowhere/a.db", "nowhere/a.db"),
        ] {
            assert_eq!(resolve(&place.join(typed)).unwrap(), place.join(leads_to), "{typed}");
        }
        assert_eq!(resolve(Path::new("a.db")).unwrap(), Path::new("a.db"));
        assert_eq!(resolve(Path::new("target/a.db")).unwrap(), Path::new("target/a.db"));
    }

    #[test]
    fn links_that_form_a_loop_are_an_error() {
        let folder = TempDir::new().unwrap();
        symlink("b", folder.path().join("a")).unwrap();
        symlink("a", folder.path().join("b")).unwrap();
        for name in ["a", "a/x.db"] {
            let error = resolve(&folder.path().join(name)).unwrap_err();
            assert!(is_loop(&error) && hint(&error).contains("link"), "{name}: {error}");
        }
    }

    #[test]
    fn the_systems_error_is_found_inside_others() {
        let full = io::Error::from(Errno::NOSPC);
        let wrapped = io::Error::other(io::Error::other(full));
        let found = cause(&wrapped).unwrap();
        assert!(is_full(found) && hint(found) == FULL);
        assert!(cause(&io::Error::other("nothing")).is_none());
        assert!(is_full(&Errno::DQUOT.into()) && is_full(&Errno::FBIG.into()));
        assert!(!is_full(&Errno::ACCESS.into()));
    }

    #[test]
    fn names_and_paths_leave_room_for_suffixes() {
        let name = |length: usize| Path::new("/tmp").join("n".repeat(length));
        check_length(&name(240), 7).unwrap();
        assert!(check_length(&name(241), 7).unwrap_err().to_string().contains("240 are the most"));
        let deep = |length: usize| PathBuf::from(format!("/{}/x", "d/".repeat(length / 2)));
        check_length(&deep(490), 7).unwrap();
        assert!(check_length(&deep(500), 7).unwrap_err().to_string().contains("497 are the most"));
    }
}
