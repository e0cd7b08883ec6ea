//! Where the data goes, and the files beside it.

mod parse;

use std::path::{Path, PathBuf};

use url::Url;

pub use parse::parse_input;

/// Where the data goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// One SQLite file.
    Sqlite(PathBuf),
    /// A folder of Parquet files.
    ParquetFolder(PathBuf),
    /// A bucket of Parquet files: `s3://`, `gs://` or `az://`.
    ParquetBucket(Url),
}

impl Destination {
    /// The place that a link leads to, even where nothing is there yet: two names of one file have
    /// one lock, and the link stays.
    #[must_use]
    pub fn resolved(&self) -> Self {
        let Destination::Sqlite(path) = self else { return self.clone() };
        let Ok(target) = std::fs::read_link(path) else { return self.clone() };
        let there = path.parent().unwrap_or(Path::new("")).join(target);
        Destination::Sqlite(std::fs::canonicalize(path).unwrap_or(there))
    }

    /// The staging database: beside the output, so that both need the same disk; in the
    /// temporary folder where the output is a bucket.
    pub fn stage_path(&self) -> PathBuf {
        self.beside("stage")
    }

    /// The file that is locked while a run writes to this output.
    pub fn lock_path(&self) -> PathBuf {
        self.beside("lock")
    }

    fn beside(&self, what: &str) -> PathBuf {
        match self {
            Destination::Sqlite(path) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                path.with_file_name(format!(".{name}.{what}"))
            }
            Destination::ParquetFolder(folder) => folder.join(format!(".flaglake.{what}")),
            Destination::ParquetBucket(url) => {
                let hash = crate::extract::walk::hash(url.as_str());
                std::env::temp_dir().join(format!("flaglake-{hash:016x}.{what}"))
            }
        }
    }
}

impl std::fmt::Display for Destination {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Destination::Sqlite(path) => write!(formatter, "{}", path.display()),
            Destination::ParquetFolder(folder) => write!(formatter, "{}/", folder.display()),
            Destination::ParquetBucket(url) => write!(formatter, "{url}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stage_is_hidden_beside_the_output() {
        let stage = |text: &str| text.parse::<Destination>().unwrap().stage_path();
        assert_eq!(stage("a/lake.db"), Path::new("a/.lake.db.stage"));
        assert_eq!(stage("parquet:lake"), Path::new("lake/.flaglake.stage"));
    }
}
