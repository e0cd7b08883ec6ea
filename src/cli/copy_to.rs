//! The value of `--copy-to`: a file, and the mode that it gets.

use std::path::PathBuf;

use super::values::parse_path;

/// The text between the file and its mode.
const MODE: &str = ",mode=";

/// Where to put a copy of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyTo {
    /// The file.
    pub path: PathBuf,
    /// Its mode, if one was named.
    pub mode: Option<u32>,
}

impl CopyTo {
    /// Reads `FILE` or `FILE,mode=0644`.
    ///
    /// # Errors
    /// Where the mode is none, lets users execute the file, or keeps its owner from reading it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let Some((path, mode)) = text.rsplit_once(MODE) else {
            return Ok(CopyTo { path: parse_path(text)?, mode: None });
        };
        let number = u32::from_str_radix(mode.trim(), 8).ok();
        // The owner must be able to replace it, and a database is no program.
        let mode = number.filter(|mode| mode & !0o666 == 0 && mode & 0o400 != 0);
        let mode = mode.ok_or("the mode is an octal number, such as 0644 or 0640")?;
        Ok(CopyTo { path: parse_path(path)?, mode: Some(mode) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_a_file_and_maybe_a_mode() {
        let parsed =
            |text| CopyTo::parse(text).map(|one| (one.path.display().to_string(), one.mode));
        assert_eq!(parsed("a.db"), Ok(("a.db".to_owned(), None)));
        assert_eq!(parsed("a,b.db,mode=0644"), Ok(("a,b.db".to_owned(), Some(0o644))));
        assert_eq!(parsed("a.db,mode=640"), Ok(("a.db".to_owned(), Some(0o640))));
        for wrong in [
            "a.db,mode=",
            "a.db,mode=0755",
            "a.db,mode=0044",
            "a.db,mode=rw",
            ",mode=0644",
            "",
            "a.db,mode=4644",
        ] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
    }
}
