//! A lake in a bucket: an object store and a prefix.

use std::fs::File;
use std::io::{Seek, Write};
use std::sync::Arc;

use futures::StreamExt;
use object_store::path::{Path, PathPart};
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutPayload};
use url::Url;

#[cfg(feature = "cloud")]
use crate::launchdarkly::client::NO_CERTIFICATES;
use crate::system::nameless;
use crate::{Error, Result};

/// The schemes of buckets.
pub const SCHEMES: [&str; 7] = ["s3", "s3a", "gs", "az", "azure", "abfs", "abfss"];

/// Whether an address has credentials, which do not belong in it.
pub fn has_credentials(url: &Url) -> bool {
    // `abfss://container@account…` is how Azure writes it.
    let has_user = !url.username().is_empty() && !url.scheme().starts_with("abfs");
    has_user || url.password().is_some()
}

/// An object store, and the prefix of the lake in it.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// The store.
    pub objects: Arc<dyn ObjectStore>,
    /// The address, for errors.
    pub name: String,
    prefix: Path,
}

impl Bucket {
    /// The whole of a store that the caller has opened.
    pub fn of(objects: Arc<dyn ObjectStore>, name: &str) -> Self {
        Bucket { objects, name: name.to_owned(), prefix: Path::default() }
    }

    /// Where in the store the address leads.
    pub const fn root(&self) -> &Path {
        &self.prefix
    }

    /// The full path of the object `name` of the lake. Names are already percent-encoded.
    pub fn path(&self, name: &str) -> Path {
        let part = |part| PathPart::parse(part).unwrap_or_else(|_| PathPart::from(part));
        self.prefix.parts().chain(name.split('/').map(part)).collect()
    }

    /// Writes an object.
    pub async fn put(
        &self,
        name: &str,
        body: PutPayload,
        mode: PutMode,
    ) -> Result<(), object_store::Error> {
        self.objects.put_opts(&self.path(name), body, mode.into()).await.map(drop)
    }

    /// The content of an object, in a private file without a name: it may be too large for memory.
    pub async fn download(&self, name: &str) -> Result<File, object_store::Error> {
        let failed = |error: std::io::Error| object_store::Error::Generic {
            store: "file",
            source: Box::new(error),
        };
        let mut pieces = self.objects.get(&self.path(name)).await?.into_stream();
        let mut file = nameless::create().map_err(failed)?;
        while let Some(piece) = pieces.next().await {
            file.write_all(&piece?).map_err(failed)?;
        }
        file.rewind().map_err(failed)?;
        Ok(file)
    }

    /// Removes an object, if there is one.
    pub async fn remove(&self, path: &Path) -> Result<(), object_store::Error> {
        match self.objects.delete(path).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            outcome => outcome,
        }
    }
}

/// Credentials and endpoint come from the variables that each cloud's own tools read.
#[cfg(feature = "cloud")]
impl Bucket {
    /// Opens the bucket at a URL.
    ///
    /// # Errors
    /// `output_failed` when it cannot be opened.
    pub fn open(url: &Url) -> Result<Self> {
        use object_store::aws::AmazonS3Builder;
        use object_store::gcp::GoogleCloudStorageBuilder;

        let failed = |error: object_store::Error| not_opened(url, &error);
        let objects: Arc<dyn ObjectStore> = match url.scheme() {
            "gs" => Arc::new(
                GoogleCloudStorageBuilder::from_env()
                    .with_url(url.as_str())
                    .build()
                    .map_err(failed)?,
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
        Ok(Bucket { objects, prefix, name: url.to_string() })
    }
}

/// The error of a bucket that cannot be opened. Only its innermost cause says that certificates are
/// missing.
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

/// Also reads the variables of Azure's own tool, `az`, which names account and key in another way
/// than the crate.
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
impl Bucket {
    /// Reports that this build cannot write to buckets.
    ///
    /// # Errors
    /// Always.
    pub fn open(url: &Url) -> Result<Self> {
        Err(Error::usage(format!("cannot write to `{url}`: built without the `cloud` feature")))
    }
}
