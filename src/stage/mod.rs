//! The staging database beside the output: one writer, upserts by key, flat memory.

mod writer;

use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::error::Kind;
use crate::resource::{Resource, Scope};
use crate::table::TableInfo;
use crate::{Error, Result, catalog};

pub use writer::Writer;

/// Something for the writer to do.
type Task = Box<dyn FnOnce(&mut Writer<'_>) -> Result<()> + Send>;

/// What the writer is sent.
enum Job {
    Do(Task),
    /// The end, although somebody may still hold a way to the writer.
    End,
}

/// How many batches may wait for the writer: enough to keep it busy, few enough to stay small.
const QUEUE: usize = 2;

/// The way to a stage's writer.
#[derive(Clone)]
pub struct Jobs(mpsc::Sender<Job>);

impl Jobs {
    /// Hands a job to the writer; waits while its queue is full.
    ///
    /// # Errors
    /// When the writer has failed; [`Stage::finish`] tells why.
    pub async fn submit<F>(&self, job: F) -> Result<()>
    where
        F: FnOnce(&mut Writer<'_>) -> Result<()> + Send + 'static,
    {
        self.0.send(Job::Do(Box::new(job))).await.map_err(|_| closed())
    }

    /// Hands items to the writer.
    ///
    /// # Errors
    /// When the writer has failed; [`Stage::finish`] tells why.
    pub async fn write<R: Resource>(&self, scope: Scope, items: Vec<R::Item>) -> Result<()> {
        self.submit(move |writer| items.iter().try_for_each(|item| R::write(&scope, item, writer)))
            .await
    }
}

/// SQLite's cache in KiB: rows come in no order while they are written, and in that of their key
/// when they are read back.
const WRITING: i64 = 12_000;
const READING: i64 = 1_000;

/// A running stage: a thread that owns the staging database.
pub struct Stage {
    jobs: Jobs,
    writer: JoinHandle<Result<()>>,
    tables: Vec<TableInfo>,
    file: StageFile,
}

/// A finished stage, ready to be verified and published.
pub struct Staged {
    /// The staging database.
    pub connection: Connection,
    /// The tables it holds.
    pub tables: Vec<TableInfo>,
    file: StageFile,
}

/// The file of a stage; it goes with the run, however that ends.
struct StageFile(PathBuf);

impl Drop for StageFile {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next run.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Stage {
    /// Creates the staging database at `path`, replacing the remains of a dead run.
    ///
    /// # Errors
    /// `output_failed` when it cannot be created.
    pub fn create(path: &Path, tables: Vec<TableInfo>) -> Result<Self> {
        remove(path)?;
        let file = StageFile(path.to_owned());
        let connection = open(path, WRITING).map_err(|error| Error::output(path, error))?;
        let ddl: String = tables.iter().map(|table| create_table(table, &tables)).collect();
        connection.execute_batch(&ddl).map_err(|error| Error::output(path, error))?;
        let (jobs, queue) = mpsc::channel(QUEUE);
        let name = thread::Builder::new().name("stage".into());
        let held = tables.clone();
        let writer = name.spawn(move || work(&connection, &held, queue));
        let writer = writer.map_err(|error| Error::output(path, error))?;
        Ok(Stage { jobs: Jobs(jobs), writer, tables, file })
    }

    /// The way to the writer.
    pub fn jobs(&self) -> Jobs {
        self.jobs.clone()
    }

    /// Hands a job to the writer; waits while its queue is full.
    ///
    /// # Errors
    /// When the writer has failed; [`Self::finish`] tells why.
    pub async fn submit<F>(&self, job: F) -> Result<()>
    where
        F: FnOnce(&mut Writer<'_>) -> Result<()> + Send + 'static,
    {
        self.jobs.submit(job).await
    }

    /// Asks the writer something, after all jobs submitted before.
    ///
    /// # Errors
    /// When the question fails, or the writer has failed.
    pub async fn ask<T, F>(&self, question: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Writer<'_>) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.submit(move |writer| {
            let value = question(writer)?;
            // The asker may be gone because the run was interrupted.
            let _ = reply.send(value);
            Ok(())
        })
        .await?;
        answer.await.map_err(|_| closed())
    }

    /// Ends the writer and commits.
    ///
    /// # Errors
    /// Whatever made the writer fail.
    pub async fn finish(self) -> Result<Staged> {
        end(self.jobs, self.writer).await?;
        let path = &self.file.0;
        let connection = open(path, READING).map_err(|error| Error::output(path, error))?;
        Ok(Staged { connection, tables: self.tables, file: self.file })
    }

    /// Ends the writer; returns the error that ended the run.
    ///
    /// A writer that failed is the cause of whatever failed after it.
    pub async fn abandon(self, error: Error) -> Error {
        end(self.jobs, self.writer).await.err().unwrap_or(error)
    }
}

impl Staged {
    /// Where the staging database is.
    pub fn path(&self) -> &Path {
        &self.file.0
    }
}

/// Ends the writer after the jobs that wait; returns how it fared.
async fn end(jobs: Jobs, writer: JoinHandle<Result<()>>) -> Result<()> {
    // A writer that has failed takes nothing any more, and has ended already.
    let _ = jobs.0.send(Job::End).await;
    let joined = tokio::task::spawn_blocking(|| writer.join()).await;
    joined.ok().and_then(Result::ok).unwrap_or_else(|| Err(closed()))
}

/// The error of a caller whose writer is gone; the writer's own error takes its place.
fn closed() -> Error {
    Error::new(Kind::Internal, "the staging database stopped working")
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::output(path, error))
        }
        _ => Ok(()),
    }
}

/// The same DDL as the output's, so that publishing may copy whole records.
fn create_table(table: &TableInfo, all: &[TableInfo]) -> String {
    catalog::sqlite::create_table(table, all)
}

/// A stage is scrap until it is published: no journal, no waiting for the disk.
fn open(path: &Path, cache_kibibytes: i64) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "OFF")?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    connection.pragma_update(None, "foreign_keys", false)?;
    connection.pragma_update(None, "cache_size", -cache_kibibytes)?;
    Ok(connection)
}

fn work(
    connection: &Connection,
    tables: &[TableInfo],
    mut queue: mpsc::Receiver<Job>,
) -> Result<()> {
    connection.execute_batch("BEGIN")?;
    let mut writer = Writer::new(connection, tables)?;
    while let Some(Job::Do(task)) = queue.blocking_recv() {
        task(&mut writer)?;
    }
    drop(writer);
    connection.execute_batch("COMMIT")?;
    Ok(())
}
