//! Temporary files without a name.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::atomic::{AtomicU64, Ordering};

use super::files::{PRIVATE, temporary_folder};

/// Creates a file in the temporary folder that has no name any more: nobody else can open it, and its
/// space is free once it is closed, whatever happens.
///
/// # Errors
/// If the system refuses that.
pub fn create() -> io::Result<File> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = temporary_folder().join(format!("flaglake-{}-{number}", std::process::id()));
    // Another process with this number may have died between the two steps.
    let _ = fs::remove_file(&path);
    let mut options = OpenOptions::new();
    let file = options.read(true).write(true).create_new(true).mode(PRIVATE).open(&path)?;
    fs::remove_file(&path)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek, Write};
    use std::os::unix::fs::MetadataExt;

    use super::*;

    #[test]
    fn nothing_is_left_of_a_file_without_a_name() {
        let (mut one, other) = (create().unwrap(), create().unwrap());
        one.write_all(b"private").unwrap();
        one.rewind().unwrap();
        let mut text = String::new();
        one.read_to_string(&mut text).unwrap();
        assert_eq!(text, "private");
        for file in [one, other] {
            let found = file.metadata().unwrap();
            assert_eq!((found.nlink(), found.mode() & 0o777), (0, 0o600));
        }
    }
}
