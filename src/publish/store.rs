//! Folders and buckets as one thing: an object store and a prefix.

use std::any::Any;
use std::error::Error as Cause;
use std::io::{self, ErrorKind};
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use futures::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use parquet::errors::ParquetError;
use url::Url;

#[cfg(feature = "cloud")]
use crate::launchdarkly::client::NO_CERTIFICATES;
use crate::output::Destination;
use crate::{Error, Result, files};

/// An object store, and where in it the data is.
#[derive(Clone, Debug)]
pub struct Store {
    /// The store.
    pub objects: Arc<dyn ObjectStore>,
    prefix: Path,
    name: String,
    /// The folder, where it is one.
    folder: Option<PathBuf>,
}

impl Store {
    /// Opens the store of a Parquet destination. A folder is created.
    ///
    /// # Errors
    /// `output_failed` when it cannot be opened.
    pub fn open(destination: &Destination) -> Result<Self> {
        match destination {
            Destination::Sqlite(path) | Destination::ParquetFolder(path) => folder(path),
            Destination::ParquetBucket(url) => bucket(url),
        }
    }

    /// Whether it is a folder of this machine, which its lock keeps for one run.
    pub const fn is_folder(&self) -> bool {
        self.folder.is_some()
    }

    /// The full path of an object.
    pub fn path(&self, parts: &[impl AsRef<str>]) -> Path {
        self.prefix.parts().chain(parts.iter().map(|part| part.as_ref().into())).collect()
    }

    /// The path of an object as a manifest names it: from the prefix on.
    pub fn relative(&self, path: &Path) -> String {
        let parts = path.prefix_match(&self.prefix).into_iter().flatten();
        parts.map(|part| part.as_ref().to_owned()).collect::<Vec<_>>().join("/")
    }

    /// Whether nobody writes below `prefix` any more: nothing there is younger than `age`. A folder
    /// is kept for one run by its lock.
    ///
    /// # Errors
    /// `output_failed` when it cannot be listed.
    pub async fn is_dead(&self, prefix: &Path, age: SignedDuration) -> Result<bool> {
        if self.is_folder() {
            return Ok(true);
        }
        let files = self.objects.list(Some(prefix)).try_collect::<Vec<_>>().await;
        let files = files.map_err(|error| self.failed(error))?;
        let dead = (Timestamp::now() - age).as_second();
        Ok(files.iter().all(|file| file.last_modified.timestamp() < dead))
    }

    /// Removes one object, if that is possible.
    pub async fn remove_file(&self, parts: &[impl AsRef<str>]) {
        // What stays does no harm.
        let _ = self.objects.delete(&self.path(parts)).await;
    }

    /// Removes everything below `prefix`.
    ///
    /// # Errors
    /// `output_failed` when that is not possible.
    pub async fn remove(&self, prefix: &Path) -> Result<()> {
        if let Some(folder) = &self.folder {
            // Half-written files of a dead run are hidden from the object store's lists.
            return match std::fs::remove_dir_all(folder.join(prefix.as_ref())) {
                Err(error) if error.kind() != ErrorKind::NotFound => Err(self.failed(error)),
                _ => Ok(()),
            };
        }
        let failed = |error| self.failed(error);
        let files = self.objects.list(Some(prefix)).try_collect::<Vec<_>>().await;
        for file in files.map_err(failed)? {
            self.objects.delete(&file.location).await.map_err(failed)?;
        }
        Ok(())
    }

    /// The error of an operation that failed here.
    pub fn failed(&self, error: impl std::fmt::Display + 'static) -> Error {
        let failed = Error::output(&self.name, &error)
            .hint("is there room, and may these credentials or this user write there?");
        match system_error(&error) {
            Some(system) if files::is_full(system) => failed.hint(files::hint(system)).full(),
            _ => failed,
        }
    }
}

/// The system's own error behind one of those that writing may end with.
fn system_error(error: &dyn Any) -> Option<&io::Error> {
    let known = [
        error.downcast_ref::<object_store::Error>().map(|error| error as &(dyn Cause + 'static)),
        error.downcast_ref::<ParquetError>().map(|error| error as _),
        error.downcast_ref::<io::Error>().map(|error| error as _),
    ];
    known.into_iter().flatten().find_map(files::cause)
}

fn folder(path: &FilePath) -> Result<Store> {
    if path.exists() && !path.is_dir() {
        return Err(Error::output(path, "it is a file").hint("name a folder"));
    }
    let hint = "may this user write there?";
    std::fs::create_dir_all(path).map_err(|error| Error::output(path, error).hint(hint))?;
    let store = LocalFileSystem::new_with_prefix(path);
    let store = store.map_err(|error| Error::output(path, error).hint(hint))?;
    let objects = Arc::new(store.with_automatic_cleanup(true));
    let (name, folder) = (path.display().to_string(), Some(path.to_owned()));
    Ok(Store { objects, prefix: Path::default(), name, folder })
}

/// Credentials and endpoint come from the variables that each cloud's own tools read.
#[cfg(feature = "cloud")]
fn bucket(url: &Url) -> Result<Store> {
    use object_store::aws::AmazonS3Builder;
    use object_store::gcp::GoogleCloudStorageBuilder;

    let failed = |error: object_store::Error| not_opened(url, &error);
    let objects: Arc<dyn ObjectStore> = match url.scheme() {
        "gs" => Arc::new(
            GoogleCloudStorageBuilder::from_env().with_url(url.as_str()).build().map_err(failed)?,
        ),
        "s3" | "s3a" => Arc::new(
            AmazonS3Builder::from_env()
                .with_url(url.as_str())
                .with_allow_http(endpoint_is_loopback())
                .build()
                .map_err(failed)?,
        ),
        _ => Arc::new(azure().with_url(url.as_str()).build().map_err(failed)?),
    };
    let prefix = Path::from_url_path(url.path()).map_err(|error| failed(error.into()))?;
    Ok(Store { objects, prefix, name: url.to_string(), folder: None })
}

/// The innermost cause is what tells of a lack of certificates, without which no bucket is opened.
#[cfg(feature = "cloud")]
fn not_opened(url: &Url, error: &(dyn std::error::Error + 'static)) -> Error {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    let cause = cause.to_string();
    let hint = if cause.contains("certificate") { NO_CERTIFICATES } else { "" };
    Error::output(url.as_str(), format!("{error}: {cause}")).hint(hint)
}

/// `az`, Azure's own tool, calls account and key otherwise than the crate does.
#[cfg(feature = "cloud")]
fn azure() -> object_store::azure::MicrosoftAzureBuilder {
    let mut builder = object_store::azure::MicrosoftAzureBuilder::from_env();
    if let Ok(account) = std::env::var("AZURE_STORAGE_ACCOUNT") {
        builder = builder.with_account(account);
    }
    if let Ok(key) = std::env::var("AZURE_STORAGE_KEY") {
        builder = builder.with_access_key(key);
    }
    builder
}

/// Plain HTTP is for emulators on this machine only: credentials would be sent in clear.
#[cfg(feature = "cloud")]
fn endpoint_is_loopback() -> bool {
    let endpoints = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"];
    let endpoint = endpoints.iter().find_map(|name| std::env::var(name).ok());
    let url = endpoint.and_then(|endpoint| Url::parse(&endpoint).ok());
    url.is_some_and(|url| crate::launchdarkly::instance::is_loopback(&url))
}

#[cfg(not(feature = "cloud"))]
fn bucket(url: &Url) -> Result<Store> {
    Err(Error::usage(format!("cannot write to `{url}`: built without the `cloud` feature")))
}
