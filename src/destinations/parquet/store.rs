//! One interface to folders and buckets: objects with names relative to the root of the lake.

use std::any::Any;
use std::collections::BTreeSet;
use std::error::Error as Cause;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use object_store::buffered::BufWriter;
use object_store::{ObjectStoreExt, PutMode};
use parquet::arrow::async_writer::AsyncFileWriter;
use parquet::errors::ParquetError;

use super::address::Lake;
use super::bucket::Bucket;
use super::folder::Folder;
use super::lake;
use crate::error::Kind;
use crate::system::files;
use crate::{Error, Result};

/// Where a lake is.
#[derive(Clone, Debug)]
pub enum Store {
    /// A local folder, which its lock reserves for one run.
    Folder(Folder),
    /// A prefix of a bucket, to which other hosts may write.
    Bucket(Bucket),
}

/// The entries of a folder of a lake.
#[derive(Debug, Default)]
pub struct Listing {
    /// The names of the files.
    pub files: BTreeSet<String>,
    /// The names of the folders.
    pub folders: BTreeSet<String>,
}

impl Store {
    /// Opens the store of a Parquet destination. A folder is created.
    ///
    /// # Errors
    /// `output_failed` when it cannot be opened.
    pub(super) fn open(lake: &Lake) -> Result<Self> {
        match lake {
            Lake::Folder(path) => Folder::open(path).map(Store::Folder),
            Lake::Bucket(url) => Bucket::open(url).map(Store::Bucket),
            Lake::Opened(bucket) => Ok(Store::Bucket(bucket.clone())),
        }
    }

    /// Opens the store of a lake to read it. Creates nothing.
    ///
    /// # Errors
    /// `usage` when there is no such folder; `output_failed` when it cannot be opened.
    pub(super) fn existing(lake: &Lake) -> Result<Self> {
        match lake {
            Lake::Folder(path) => Folder::existing(path).map(Store::Folder),
            Lake::Bucket(_) | Lake::Opened(_) => Store::open(lake),
        }
    }

    /// The entries of a folder; none if the folder does not exist.
    ///
    /// # Errors
    /// `output_failed` when it cannot be listed.
    pub async fn list(&self, folder: &str) -> Result<Listing> {
        let listing = match self {
            Store::Folder(root) => {
                return root.list(folder).map_err(|error| self.unreadable(folder, error));
            }
            Store::Bucket(bucket) => {
                let listing = bucket.objects.list_with_delimiter(Some(&bucket.path(folder))).await;
                listing.map_err(|error| self.unreadable(folder, error))?
            }
        };
        let name = |path: &object_store::path::Path| path.filename().map(str::to_owned);
        let files = listing.objects.iter().filter_map(|object| name(&object.location)).collect();
        let folders = listing.common_prefixes.iter().filter_map(name).collect();
        Ok(Listing { files, folders })
    }

    /// The contents of an object, if there is one.
    ///
    /// # Errors
    /// `output_failed` when they cannot be read.
    pub async fn read(&self, name: &str) -> Result<Option<Bytes>> {
        match self {
            Store::Folder(root) => root.read(name).map_err(|error| self.unreadable(name, error)),
            Store::Bucket(bucket) => match bucket.objects.get(&bucket.path(name)).await {
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                object => {
                    let object = object.map_err(|error| self.unreadable(name, error))?;
                    let bytes = object.bytes().await;
                    bytes.map(Some).map_err(|error| self.unreadable(name, error))
                }
            },
        }
    }

    /// Creates an object. Returns `false` if it exists already. A store without conditional writes
    /// cannot tell: `true`.
    ///
    /// # Errors
    /// `output_failed` when it cannot be written.
    pub async fn create(&self, name: &str, body: String) -> Result<bool> {
        match self {
            Store::Folder(root) => self.or_failed(root.create(name, body.as_bytes())),
            Store::Bucket(bucket) => match bucket.put(name, body.into(), PutMode::Create).await {
                Err(object_store::Error::AlreadyExists { .. }) => Ok(false),
                Err(object_store::Error::NotImplemented { .. }) => Ok(true),
                outcome => self.or_failed(outcome).map(|()| true),
            },
        }
    }

    /// Creates an object that is whole and durable as soon as it has its name. Returns `false` if it
    /// exists already.
    ///
    /// # Errors
    /// `output_failed` when it cannot be written, or the store has no conditional writes.
    pub async fn create_whole(&self, name: &str, body: Vec<u8>) -> Result<bool> {
        match self {
            Store::Folder(root) => self.or_failed(root.create_whole(name, &body)),
            Store::Bucket(bucket) => match bucket.put(name, body.into(), PutMode::Create).await {
                Err(object_store::Error::AlreadyExists { .. }) => Ok(false),
                Err(object_store::Error::NotImplemented { .. }) => Err(self.unconditional()),
                outcome => self.or_failed(outcome).map(|()| true),
            },
        }
    }

    /// The error of a store that cannot write an object only if it does not exist.
    pub fn unconditional(&self) -> Error {
        self.failed("this store has no conditional writes: two runs could overwrite each other")
            .hint("use a store with them, or `parquet:`, which does not need them")
    }

    /// Writes an object durably. Replaces the one that has its name.
    ///
    /// # Errors
    /// `output_failed` when it cannot be written.
    pub async fn replace(&self, name: &str, body: Vec<u8>) -> Result<()> {
        match self {
            Store::Folder(root) => self.or_failed(root.replace(name, &body)),
            Store::Bucket(bucket) => {
                self.or_failed(bucket.put(name, body.into(), PutMode::Overwrite).await)
            }
        }
    }

    /// A data file that is written piece by piece.
    ///
    /// # Errors
    /// `output_failed` when it cannot be created.
    pub fn sink(&self, name: &str) -> Result<Box<dyn AsyncFileWriter>> {
        match self {
            Store::Folder(root) => {
                let part = self.or_failed(root.sink(name))?;
                Ok(Box::new(part))
            }
            Store::Bucket(bucket) => {
                Ok(Box::new(BufWriter::new(Arc::clone(&bucket.objects), bucket.path(name))))
            }
        }
    }

    /// Makes data files durable. In a bucket, a completed upload is durable already.
    ///
    /// # Errors
    /// `output_failed` when that fails.
    pub fn make_durable(&self, names: &[String]) -> Result<()> {
        match self {
            Store::Folder(root) => self.or_failed(root.make_durable(names)),
            Store::Bucket(_) => Ok(()),
        }
    }

    /// Removes an object, if there is one.
    ///
    /// # Errors
    /// `output_failed` when that is not possible.
    pub async fn remove(&self, name: &str) -> Result<()> {
        match self {
            Store::Folder(root) => self.or_failed(root.remove(name)),
            Store::Bucket(bucket) => self.or_failed(bucket.remove(&bucket.path(name)).await),
        }
    }

    /// Removes the data files in an extraction's folder, and nothing else that is there.
    ///
    /// # Errors
    /// `output_failed` when that is not possible.
    pub async fn remove_parts(&self, folder: &str) -> Result<()> {
        let Store::Bucket(bucket) = self else {
            let Store::Folder(root) = self else { return Ok(()) };
            return self.or_failed(root.remove_parts(folder));
        };
        let files = self.list(folder).await?.files;
        for name in files.iter().filter(|name| lake::is_part(name)) {
            self.or_failed(bucket.remove(&bucket.path(&format!("{folder}/{name}"))).await)?;
        }
        Ok(())
    }

    /// Whether no other run still writes to a folder: no file in it is younger than `age`. In a
    /// local folder, the lock of this run rules that out.
    ///
    /// # Errors
    /// `output_failed` when it cannot be listed.
    pub async fn is_dead(&self, folder: &str, age: SignedDuration) -> Result<bool> {
        let Store::Bucket(bucket) = self else { return Ok(true) };
        let listing = bucket.objects.list_with_delimiter(Some(&bucket.path(folder))).await;
        let dead = (Timestamp::now() - age).as_second();
        let objects = self.or_failed(listing)?.objects;
        Ok(objects.iter().all(|object| object.last_modified.timestamp() < dead))
    }

    /// Like [`Self::is_dead`], of one object.
    ///
    /// # Errors
    /// `output_failed` when it cannot be looked at.
    pub async fn is_old(&self, name: &str, age: SignedDuration) -> Result<bool> {
        let Store::Bucket(bucket) = self else { return Ok(true) };
        match bucket.objects.head(&bucket.path(name)).await {
            Err(object_store::Error::NotFound { .. }) => Ok(true),
            object => {
                let dead = (Timestamp::now() - age).as_second();
                Ok(self.or_failed(object)?.last_modified.timestamp() < dead)
            }
        }
    }

    /// The size of an object in bytes; `None` if there is none.
    ///
    /// # Errors
    /// `output_failed` when it cannot be looked at.
    pub async fn size(&self, name: &str) -> Result<Option<u64>> {
        match self {
            Store::Folder(root) => match std::fs::metadata(root.path(name)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                file => Ok(Some(file.map_err(|error| self.unreadable(name, error))?.len())),
            },
            Store::Bucket(bucket) => match bucket.objects.head(&bucket.path(name)).await {
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                object => Ok(Some(object.map_err(|error| self.unreadable(name, error))?.size)),
            },
        }
    }

    /// The error of an operation that failed here.
    pub fn failed(&self, error: impl std::fmt::Display + 'static) -> Error {
        let failed = Error::output(self.name(), &error)
            .hint("is there room, and may these credentials or this user write there?");
        match system_error(&error) {
            Some(system) if files::is_full(system) => failed.hint(files::hint(system)).full(),
            _ => failed,
        }
    }

    /// The error of an object that cannot be read.
    pub fn unreadable(&self, name: &str, error: impl std::fmt::Display) -> Error {
        let message = format!("could not read `{name}` in `{}`: {error}", self.name());
        Error::new(Kind::OutputFailed, message).hint(
            "may these credentials or this user read it? If it is damaged, restore it, or delete \
             the manifest of its extraction, which is lost then",
        )
    }

    /// The error of a lake that cannot be read.
    pub fn refused(&self, reason: impl std::fmt::Display) -> Error {
        let name = self.name();
        Error::new(Kind::OutputFailed, format!("could not read `{name}`: {reason}")).resource(name)
    }

    fn name(&self) -> String {
        match self {
            Store::Folder(root) => root.name(),
            Store::Bucket(bucket) => bucket.name.clone(),
        }
    }

    fn or_failed<T, E: std::fmt::Display + 'static>(&self, outcome: Result<T, E>) -> Result<T> {
        outcome.map_err(|error| self.failed(error))
    }
}

/// The system error that caused an error of writing.
fn system_error(error: &dyn Any) -> Option<&io::Error> {
    let known = [
        error.downcast_ref::<object_store::Error>().map(|error| error as &(dyn Cause + 'static)),
        error.downcast_ref::<ParquetError>().map(|error| error as _),
        error.downcast_ref::<io::Error>().map(|error| error as _),
    ];
    known.into_iter().flatten().find_map(files::cause)
}
