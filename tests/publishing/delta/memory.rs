//! A bucket in memory, on which other programs and failures act at chosen moments.

use std::fmt::{self, Debug, Display, Formatter};
use std::fs;
use std::path::Path as Folder;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{BoxStream, StreamExt, TryStreamExt};
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    ObjectStoreExt, PutMode, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

use super::log::Objects;

/// What happens at each write and each removal, instead of it or before it.
pub trait Acts: Debug + Send + Sync + 'static {
    /// Called before an object is read or written. An error is the outcome.
    fn before(&self, _name: &str, _writes: bool) -> Result<()> {
        Ok(())
    }

    /// Called before an object is created or replaced, with the bucket.
    fn put(&self, _bucket: &InMemory, _name: &str) {}

    /// Whether an object that was to be created only if there is none replaces one.
    fn replaces(&self) -> bool {
        false
    }

    /// Called after an object was created or replaced. An error is the outcome, though it was.
    fn written(&self, _name: &str) -> Result<()> {
        Ok(())
    }
}

/// A bucket in memory.
#[derive(Debug)]
pub struct Memory<A> {
    pub bucket: Arc<InMemory>,
    pub acts: A,
}

impl<A> Display for Memory<A> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("memory")
    }
}

#[async_trait]
impl<A: Acts> ObjectStore for Memory<A> {
    async fn put_opts(
        &self,
        location: &Path,
        payload: PutPayload,
        opts: PutOptions,
    ) -> Result<PutResult> {
        self.acts.before(location.as_ref(), true)?;
        self.acts.put(&self.bucket, location.as_ref());
        let mode = if self.acts.replaces() { PutMode::Overwrite } else { opts.mode.clone() };
        let opts = PutOptions { mode, ..opts };
        let result = self.bucket.put_opts(location, payload, opts).await?;
        self.acts.written(location.as_ref())?;
        Ok(result)
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        _: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        panic!("`{location}` of a test is large");
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.acts.before(location.as_ref(), false)?;
        self.bucket.get_opts(location, options).await
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        // flaglake removes one object at a time.
        match self.acts.before("", true) {
            Err(error) => futures::stream::once(async { Err(error) }).boxed(),
            Ok(()) => self.bucket.delete_stream(locations),
        }
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.bucket.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.acts.before("", false)?;
        self.bucket.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.bucket.copy_opts(from, to, options).await
    }
}

/// Nothing happens.
#[derive(Debug)]
pub struct Nothing;

impl Acts for Nothing {}

/// All objects of a bucket.
pub async fn objects(bucket: &InMemory) -> Objects {
    let metas: Vec<_> = bucket.list(None).try_collect().await.unwrap();
    let mut objects = Objects::new();
    for meta in metas {
        let body: Bytes = bucket.get(&meta.location).await.unwrap().bytes().await.unwrap();
        objects.insert(meta.location.to_string(), body);
    }
    objects
}

/// Writes the objects to a folder, for programs that read one.
pub fn export(objects: &Objects, folder: &Folder) {
    for (name, body) in objects {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, body).unwrap();
    }
}
