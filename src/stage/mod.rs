//! The staging database beside the output: one writer, upserts by key, constant memory.
//!
//! It is also the checkpoint of the run. Rows are committed together with the answers that they
//! came from, so that a run that was stopped or killed can be resumed. They are committed in groups,
//! since a transaction for each answer would write the same pages again and again: a run that is
//! killed loses up to a second of answers, and a run that is interrupted loses none.

mod checkpoint;
mod file;
mod for_output;
mod journal;
mod pending;
mod successor;
mod tables;
mod unexpected;
mod work;
mod writer;

use std::path::Path;
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::error::Kind;
use crate::model::privacy::Privacy;
use crate::model::resource::Resource;
use crate::model::scope::Scope;
use crate::model::settings::Scorecards;
use crate::model::table::TableInfo;
use crate::model::table::ddl;
use crate::system::{database, files};
use crate::{Error, Result};

pub use checkpoint::Checkpoint;
use checkpoint::Found;
pub(crate) use file::remove;
use file::{StageFile, configure, create, reopen};
pub use journal::{Entry, Journal};
use pending::Pending;
pub use work::Task;
use work::{Job, Work};
pub use writer::Writer;

/// How many jobs may wait for the writer: enough to keep it busy, but little memory.
const QUEUE: usize = 2;

/// A handle to a stage's writer.
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
        self.submit(rows::<R>(scope, items)).await
    }
}

/// The job that writes the rows of `items`.
pub fn rows<R: Resource>(
    scope: Scope,
    items: Vec<R::Item>,
) -> impl FnOnce(&mut Writer<'_>) -> Result<()> + Send + 'static {
    move |writer| items.iter().try_for_each(|item| writer.take::<R>(&scope, item))
}

/// A running stage: a thread that owns the staging database.
pub struct Stage {
    jobs: Jobs,
    writer: JoinHandle<Result<()>>,
    tables: Vec<TableInfo>,
    file: StageFile,
    /// The answers that the run received before it stopped, if it is resumed.
    pub journal: Journal,
    /// When the run started, in milliseconds since 1970.
    pub started_at: i64,
    /// The extraction ID with which the stopped run began to publish; empty if it did not.
    pub published_as: String,
    /// The treatment of personal data.
    pub privacy: Privacy,
}

/// A finished stage, ready to be verified and published.
pub struct Staged {
    /// The staging database.
    pub connection: Connection,
    /// The tables it holds.
    pub tables: Vec<TableInfo>,
    /// The treatment of personal data.
    pub privacy: Privacy,
    /// The thresholds and settings of the configuration file, if there is one.
    pub scorecards: Option<Scorecards>,
    file: StageFile,
}

impl Stage {
    /// Opens the staging database at `path` for `tables`. Resumes the one there if the checkpoint
    /// allows it; otherwise replaces it by a new one.
    ///
    /// # Errors
    /// `output_failed` when it cannot be created.
    pub fn open(path: &Path, tables: Vec<TableInfo>, checkpoint: &Checkpoint) -> Result<Self> {
        if let Some(found) = checkpoint.find(path) {
            return Stage::start(StageFile::new(path), tables, found, checkpoint.privacy.clone());
        }
        remove(path)?;
        let failed = |error| database::failed(path, &error);
        // From here on, an error also removes the incomplete stage.
        let file = StageFile::new(path);
        let connection = create(path).map_err(failed)?;
        configure(&connection).map_err(failed)?;
        let ddl = tables.iter().map(|table| ddl::create_staged_table(table, &tables));
        connection.execute_batch(&ddl.collect::<String>()).map_err(failed)?;
        checkpoint.write(&connection).map_err(failed)?;
        let pending = Pending::open(path, &connection)?;
        let found = Found::new(connection, pending, checkpoint.started_at);
        Stage::start(file, tables, found, checkpoint.privacy.clone())
    }

    fn start(
        file: StageFile,
        tables: Vec<TableInfo>,
        found: Found,
        privacy: Privacy,
    ) -> Result<Self> {
        let Found { connection, pending, journal, started_at, published_as } = found;
        let (jobs, queue) = mpsc::channel(QUEUE);
        let name = thread::Builder::new().name("stage".into());
        let (held, guard) = (tables.clone(), privacy.clone());
        let writer = name.spawn(move || work(&connection, &held, guard, pending, queue));
        let writer = writer.map_err(|error| files::failed(&file.path, &error))?;
        let jobs = Jobs(jobs);
        Ok(Stage { jobs, writer, tables, file, journal, started_at, published_as, privacy })
    }

    /// The handle to the writer.
    pub const fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// Writes an answer together with its rows, so that after a crash, either both or neither
    /// exist.
    ///
    /// # Errors
    /// When the writer has failed; [`Self::finish`] tells why.
    pub async fn keep_answer(
        &self,
        entry: Entry,
        answer: String,
        rows: Option<Task>,
    ) -> Result<()> {
        self.jobs
            .submit(move |writer| {
                if let Some(rows) = rows {
                    rows(writer)?;
                }
                writer.keep_answer(&entry, &answer)
            })
            .await
    }

    /// Runs a query in the writer, after all jobs that were submitted before.
    ///
    /// # Errors
    /// When the query fails, or the writer has failed.
    pub async fn ask<T, F>(&self, question: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Writer<'_>) -> Result<T> + Send + 'static,
    {
        self.answered(question, Job::Do).await
    }

    /// Runs a query about one project in the writer, after all jobs that were submitted before. If
    /// rows of the project must be written to the tables first, other jobs go on in between.
    ///
    /// # Errors
    /// When the query fails, or the writer has failed.
    pub async fn ask_in<T, F>(&self, project_key: &str, question: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Writer<'_>) -> Result<T> + Send + 'static,
    {
        let project_key = project_key.to_owned();
        self.answered(question, |task| Job::In(project_key, task)).await
    }

    async fn answered<T, F>(&self, question: F, job: impl FnOnce(Task) -> Job) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Writer<'_>) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let task: Task = Box::new(move |writer| {
            let value = question(writer)?;
            // The receiver may have been dropped because the run was interrupted.
            let _ = reply.send(value);
            Ok(())
        });
        self.jobs.0.send(job(task)).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())
    }

    /// Writes all rows to the tables, commits and ends the writer.
    ///
    /// # Errors
    /// The error that made the writer fail.
    pub async fn finish(self) -> Result<Staged> {
        let path = &self.file.path;
        end(self.jobs, self.writer, Job::Finish).await.map_err(|error| error.at(path))?;
        let connection = reopen(path).map_err(|error| database::failed(path, &error))?;
        let (tables, privacy) = (self.tables, self.privacy);
        Ok(Staged { connection, tables, privacy, scorecards: None, file: self.file })
    }

    /// Ends the writer; returns the error that ended the run.
    ///
    /// If the writer failed, its error is the cause, and is returned. If the error is temporary,
    /// the stage is kept as a checkpoint for the next run.
    pub async fn abandon(self, error: Error) -> Error {
        match end(self.jobs, self.writer, Job::End).await {
            Err(cause) => cause.at(&self.file.path),
            Ok(()) if error.kind().is_passing() => self.file.keep(error),
            Ok(()) => error,
        }
    }

    /// Ends the writer and removes the stage.
    pub async fn remove(self) {
        // The stage is not needed, so an error does not matter.
        let _ = end(self.jobs, self.writer, Job::End).await;
    }

    /// Like [`Self::abandon`], but always removes the stage.
    pub async fn discard(self, error: Error) -> Error {
        let cause = end(self.jobs, self.writer, Job::End).await.err();
        cause.map_or(error, |cause| cause.at(&self.file.path))
    }
}

impl Staged {
    /// Where the staging database is.
    pub fn path(&self) -> &Path {
        &self.file.path
    }

    /// Keeps the stage as a checkpoint: everything was read, but `error`, which is returned,
    /// prevented publishing.
    pub fn keep(self, error: Error) -> Error {
        self.file.keep(error)
    }
}

/// Ends the writer after the waiting jobs; returns its result.
async fn end(jobs: Jobs, writer: JoinHandle<Result<()>>, job: Job) -> Result<()> {
    // Sending fails if the writer has failed, and so has ended already.
    let _ = jobs.0.send(job).await;
    let joined = tokio::task::spawn_blocking(|| writer.join()).await;
    joined.ok().and_then(Result::ok).unwrap_or_else(|| Err(closed()))
}

/// The error of a caller whose writer has ended. The writer's own error replaces it later.
fn closed() -> Error {
    Error::new(Kind::Internal, "the staging database stopped working")
}

fn work(
    connection: &Connection,
    tables: &[TableInfo],
    privacy: Privacy,
    pending: Pending,
    queue: mpsc::Receiver<Job>,
) -> Result<()> {
    let writer = Writer::new(connection, tables)?.guarding(privacy).collecting(pending);
    Work::new(writer, queue)?.run(connection)
}
