//! Where the data goes, and the files beside it.

mod parse;

use std::path::PathBuf;

use url::Url;

pub use parse::parse_input;

use crate::system::files;

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
    /// The place that links lead to, even where nothing is there yet: two names of one file have
    /// one lock, and the links stay. Where they lead nowhere, `publish` says why.
    #[must_use]
    pub fn resolved(&self) -> Self {
        let real = |path: &PathBuf| files::resolve(path).unwrap_or_else(|_| path.clone());
        match self {
            Destination::Sqlite(path) => Destination::Sqlite(real(path)),
            Destination::ParquetFolder(folder) => Destination::ParquetFolder(real(folder)),
            Destination::ParquetBucket(url) => Destination::ParquetBucket(url.clone()),
        }
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
            Destination::Sqlite(path) => files::beside(path, what),
            Destination::ParquetFolder(folder) => folder.join(format!(".flaglake.{what}")),
            Destination::ParquetBucket(url) => {
                let hash = crate::system::hash::hash(url.as_str());
                files::temporary_folder().join(format!("flaglake-{hash:016x}.{what}"))
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
    use std::path::Path;

    use super::*;

    #[test]
    fn the_stage_is_hidden_beside_the_output() {
        let stage = |text: &str| text.parse::<Destination>().unwrap().stage_path();
        assert_eq!(stage("a/lake.db"), Path::new("a/.lake.db.stage"));
        assert_eq!(stage("parquet:lake"), Path::new("lake/.flaglake.stage"));
    }
}
