//! Where the data goes, and the files beside it.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use url::Url;

use crate::{Error, Result, files};

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

const FORMS: &str = "use `sqlite:PATH`, `parquet:FOLDER`, `parquet:s3://bucket/prefix` (`gs://` \
                     and `az://` likewise), or a path that ends in .db, .sqlite or .sqlite3";

impl FromStr for Destination {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let wrong = || Error::usage(format!("`{text}` is not an output")).hint(FORMS);
        match text.split_once(':') {
            Some((_, "")) => Err(wrong()),
            // SQLite would take these for something other than files.
            Some((_, place)) if place.starts_with(':') || place.starts_with("file:") => {
                Err(wrong())
            }
            Some(("sqlite", path)) => Ok(Destination::Sqlite(path.into())),
            Some(("parquet", place)) => parquet(place),
            _ if is_sqlite_file(text) => Ok(Destination::Sqlite(text.into())),
            _ => Err(wrong()),
        }
    }
}

fn is_sqlite_file(text: &str) -> bool {
    let extension = Path::new(text).extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("db" | "sqlite" | "sqlite3"))
}

fn parquet(place: &str) -> Result<Destination> {
    let Some((scheme, _)) = place.split_once("://") else {
        return Ok(Destination::ParquetFolder(place.into()));
    };
    let url = Url::parse(place)
        .map_err(|error| Error::usage(format!("`{place}` is not a URL: {error}")).hint(FORMS))?;
    match (scheme, cfg!(feature = "cloud")) {
        ("s3" | "s3a" | "gs" | "az" | "azure" | "abfs" | "abfss", true) => {
            Ok(Destination::ParquetBucket(url))
        }
        ("file", _) => url
            .to_file_path()
            .map(Destination::ParquetFolder)
            .map_err(|()| Error::usage(format!("`{place}` is not a folder")).hint(FORMS)),
        _ => Err(Error::usage(format!("cannot write to `{scheme}://`")).hint(FORMS)),
    }
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
                let hash = crate::extract::walk::hash(url.as_str());
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
    use super::*;

    #[test]
    fn every_documented_form_is_understood() {
        let parse = |text: &str| text.parse::<Destination>().unwrap();
        assert_eq!(parse("sqlite:a/b"), Destination::Sqlite("a/b".into()));
        assert_eq!(parse("lake.sqlite3"), Destination::Sqlite("lake.sqlite3".into()));
        assert_eq!(parse("x/lake.db"), Destination::Sqlite("x/lake.db".into()));
        assert_eq!(parse("parquet:lake"), Destination::ParquetFolder("lake".into()));
        let bucket = Url::parse("s3://bucket/prefix").unwrap();
        assert_eq!(parse("parquet:s3://bucket/prefix"), Destination::ParquetBucket(bucket));
    }

    #[test]
    fn anything_else_is_a_usage_error_with_the_forms() {
        for text in [
            "",
            "lake",
            "sqlite:",
            "sqlite::memory:",
            "sqlite:file:x",
            "csv:lake",
            "parquet:ftp://x/y",
            "parquet:",
        ] {
            let error = text.parse::<Destination>().unwrap_err();
            assert!(error.advice().unwrap().contains("sqlite:PATH"), "{text}");
        }
    }

    #[test]
    fn the_stage_is_hidden_beside_the_output() {
        let stage = |text: &str| text.parse::<Destination>().unwrap().stage_path();
        assert_eq!(stage("a/lake.db"), Path::new("a/.lake.db.stage"));
        assert_eq!(stage("parquet:lake"), Path::new("lake/.flaglake.stage"));
    }
}
