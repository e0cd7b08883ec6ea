//! Parquet: a file, a folder of files, or objects of a bucket. Only the columns that are needed are
//! read, a row group at a time.

use std::fs::File;
use std::path::{Path, PathBuf};

use futures::StreamExt;
use futures::future::LocalBoxFuture;
use object_store::path::Path as ObjectPath;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::{ParquetRecordBatchStreamBuilder, ProjectionMask};
use url::Url;

use super::object::Object;
use super::{Each, Rows, arrow, unreadable};
use crate::Result;
use crate::destinations::parquet::bucket::Bucket;

/// The rows of a batch.
const BATCH: usize = 4096;

/// The files, in order.
enum Files {
    Here(Vec<PathBuf>),
    InBucket(Bucket, Vec<ObjectPath>),
}

struct Parquet {
    files: Files,
    columns: Vec<String>,
    place: String,
}

/// Opens a file, a folder or a part of a bucket, and reads the columns of its first file.
pub(super) async fn open(place: &str) -> Result<Box<dyn Rows>> {
    let files = if place.contains("://") { in_bucket(place).await? } else { here(place)? };
    let mut opened = Parquet { files, columns: Vec::new(), place: place.to_owned() };
    opened.columns = opened.first_columns().await?;
    Ok(Box::new(opened))
}

fn here(place: &str) -> Result<Files> {
    let path = Path::new(place);
    let found = path.metadata().map_err(|error| unreadable(place, error))?;
    if !found.is_dir() {
        return Ok(Files::Here(vec![path.to_owned()]));
    }
    let mut files = Vec::new();
    collect(path, &mut files).map_err(|error| unreadable(place, error))?;
    files.sort();
    if files.is_empty() {
        return Err(unreadable(place, "no file in this folder ends in .parquet"));
    }
    Ok(Files::Here(files))
}

/// Whether a name is that of data. Other programs keep their own files under names with `_` and `.`.
fn is_data(name: &str) -> bool {
    !name.starts_with(['_', '.'])
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        if !name.is_some_and(|name| is_data(&name)) {
            continue;
        }
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "parquet") {
            files.push(path);
        }
    }
    Ok(())
}

async fn in_bucket(place: &str) -> Result<Files> {
    let url = Url::parse(place).map_err(|error| unreadable(place, error))?;
    let bucket = Bucket::open(&url)?;
    let prefix = bucket.root().clone();
    if prefix.as_ref().ends_with(".parquet") {
        return Ok(Files::InBucket(bucket, vec![prefix]));
    }
    let mut listing = bucket.objects.list(Some(&prefix));
    let mut names = Vec::new();
    while let Some(object) = listing.next().await {
        let path = object.map_err(|error| unreadable(place, error))?.location;
        let below = path.prefix_match(&prefix).into_iter().flatten();
        let is_data = below.into_iter().all(|part| is_data(part.as_ref()));
        if is_data && path.as_ref().ends_with(".parquet") {
            names.push(path);
        }
    }
    drop(listing);
    names.sort();
    if names.is_empty() {
        return Err(unreadable(place, "no object there ends in .parquet"));
    }
    Ok(Files::InBucket(bucket, names))
}

impl Rows for Parquet {
    fn columns(&self) -> Option<&[String]> {
        Some(&self.columns)
    }

    fn read<'r>(
        self: Box<Self>,
        wanted: &'r [String],
        each: &'r mut Each<'_>,
    ) -> LocalBoxFuture<'r, Result<()>> {
        Box::pin(async move {
            match &self.files {
                Files::Here(files) => {
                    files.iter().try_for_each(|file| self.file(file, wanted, each))
                }
                Files::InBucket(bucket, objects) => {
                    for object in objects {
                        self.object(bucket, object, wanted, each).await?;
                    }
                    Ok(())
                }
            }
        })
    }
}

type Builder = ParquetRecordBatchReaderBuilder<File>;
type Stream = ParquetRecordBatchStreamBuilder<Object>;

impl Parquet {
    async fn first_columns(&self) -> Result<Vec<String>> {
        let schema = match &self.files {
            Files::Here(files) => {
                let first = files.first().map(PathBuf::as_path).unwrap_or(Path::new(&self.place));
                self.builder(first)?.schema().clone()
            }
            Files::InBucket(bucket, objects) => {
                let first = objects.first().unwrap_or(bucket.root());
                self.stream(bucket, first).await?.schema().clone()
            }
        };
        Ok(schema.fields().iter().map(|field| field.name().clone()).collect())
    }

    fn builder(&self, file: &Path) -> Result<Builder> {
        let shown = file.display().to_string();
        let opened = File::open(file).map_err(|error| unreadable(&shown, error))?;
        Builder::try_new(opened).map_err(|error| unreadable(&shown, error))
    }

    async fn stream(&self, bucket: &Bucket, object: &ObjectPath) -> Result<Stream> {
        let reader = Object::new(bucket.objects.clone(), object.clone());
        let opened = Stream::new(reader).await;
        opened.map_err(|error| unreadable(&self.place, error))
    }

    fn file(&self, file: &Path, wanted: &[String], each: &mut Each<'_>) -> Result<()> {
        let failed = |error: &dyn std::fmt::Display| unreadable(&file.display().to_string(), error);
        let builder = self.builder(file)?;
        let columns = wanted.iter().map(String::as_str);
        let mask = ProjectionMask::columns(builder.parquet_schema(), columns);
        let reader = builder.with_projection(mask).with_batch_size(BATCH).build();
        for batch in reader.map_err(|error| failed(&error))? {
            let batch = batch.map_err(|error| failed(&error))?;
            arrow::rows(&batch, &positions(batch.schema_ref(), wanted), each)?;
        }
        Ok(())
    }

    async fn object(
        &self,
        bucket: &Bucket,
        object: &ObjectPath,
        wanted: &[String],
        each: &mut Each<'_>,
    ) -> Result<()> {
        let stream = self.stream(bucket, object).await?;
        let columns = wanted.iter().map(String::as_str);
        let mask = ProjectionMask::columns(stream.parquet_schema(), columns);
        let stream = stream.with_projection(mask).with_batch_size(BATCH).build();
        let mut stream = stream.map_err(|error| unreadable(&self.place, error))?;
        while let Some(batch) = stream.next().await {
            let batch = batch.map_err(|error| unreadable(&self.place, error))?;
            arrow::rows(&batch, &positions(batch.schema_ref(), wanted), each)?;
        }
        Ok(())
    }
}

fn positions(schema: &arrow_schema::Schema, wanted: &[String]) -> Vec<Option<usize>> {
    wanted.iter().map(|name| schema.index_of(name).ok()).collect()
}
