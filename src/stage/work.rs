//! The thread that owns the staging database: takes jobs, and commits them in groups.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::time::timeout;

use super::Writer;
use super::file::settle;
use crate::Result;
use crate::error::Kind;

/// A task for the writer.
pub type Task = Box<dyn FnOnce(&mut Writer<'_>) -> Result<()> + Send>;

/// A message to the writer.
pub(super) enum Job {
    Do(Task),
    /// A task that needs all rows of a project in the tables, and whose outcome somebody awaits.
    /// Other jobs are done while these rows are written.
    In(String, Task),
    /// Writes all rows to the tables, commits, and ends the writer, even if other handles to it
    /// still exist.
    Finish,
    /// Commits and ends the writer. Rows that are not in the tables yet stay in the file of runs.
    End,
}

/// A transaction is committed after this time, even if nothing else arrives, or as soon as this many
/// bytes of rows are in memory. A run that is killed loses the answers since the last commit, and
/// requests them again when it is resumed.
const LONGEST: Duration = Duration::from_secs(1);
const LARGEST: usize = 2 << 20;

/// How many items are written to the tables before the next job is looked for: a few milliseconds.
const SLICE: usize = 100;

/// A task that waits until the rows of its project are in the tables.
struct Waiting {
    project_key: String,
    task: Task,
    /// Whether they are being written. Rows that arrive after that are not waited for.
    has_begun: bool,
}

/// The state of the thread.
pub(super) struct Work<'c> {
    pub writer: Writer<'c>,
    pub queue: mpsc::Receiver<Job>,
    timer: Runtime,
    waiting: VecDeque<Waiting>,
    /// The time of the first job since the last commit.
    since: Option<Instant>,
}

impl<'c> Work<'c> {
    /// Begins the first transaction.
    pub fn new(writer: Writer<'c>, queue: mpsc::Receiver<Job>) -> Result<Self> {
        let timer = Builder::new_current_thread().enable_time().build().map_err(|error| {
            let message = format!("the staging database could not start: {error}");
            crate::Error::new(Kind::Internal, message)
        })?;
        Ok(Work { writer, queue, timer, waiting: VecDeque::new(), since: None })
    }

    /// Does jobs until the end, and commits them.
    pub fn run(mut self, connection: &Connection) -> Result<()> {
        connection.execute_batch("BEGIN")?;
        loop {
            match self.next() {
                Ok(Job::Do(task)) => task(&mut self.writer)?,
                Ok(Job::In(project_key, task)) => {
                    self.waiting.push_back(Waiting { project_key, task, has_begun: false });
                }
                Ok(Job::Finish) => {
                    self.writer.everywhere()?;
                    break;
                }
                Ok(Job::End) | Err(TryRecvError::Disconnected) => break,
                Err(TryRecvError::Empty) => {}
            }
            self.merge_for_waiting()?;
            self.commit_if_due()?;
        }
        self.writer.commit()?;
        drop(self.writer);
        connection.execute_batch("COMMIT")?;
        Ok(settle(connection)?)
    }

    /// The next job; `Empty` if there is other work to do first.
    fn next(&mut self) -> Result<Job, TryRecvError> {
        let mut job = self.queue.try_recv();
        if matches!(job, Err(TryRecvError::Empty)) && !self.writer.is_busy() {
            job = self.wait();
        }
        if job.is_ok() {
            self.since.get_or_insert_with(Instant::now);
        }
        job
    }

    /// Waits for a job, but not longer than until the next commit.
    fn wait(&mut self) -> Result<Job, TryRecvError> {
        let Some(since) = self.since else {
            return self.queue.blocking_recv().ok_or(TryRecvError::Disconnected);
        };
        let left = LONGEST.saturating_sub(since.elapsed());
        let received = self.timer.block_on(async { timeout(left, self.queue.recv()).await });
        match received {
            Ok(job) => job.ok_or(TryRecvError::Disconnected),
            Err(_) => Err(TryRecvError::Empty),
        }
    }

    /// Writes some rows to the tables, if a task waits for them, and does the tasks that need not
    /// wait any longer.
    fn merge_for_waiting(&mut self) -> Result<()> {
        self.writer.merge_some(SLICE)?;
        while !self.writer.is_busy()
            && let Some(mut first) = self.waiting.pop_front()
        {
            if first.has_begun || !self.writer.waits(&first.project_key) {
                (first.task)(&mut self.writer)?;
            } else {
                self.writer.begin_merge(&first.project_key)?;
                first.has_begun = true;
                self.waiting.push_front(first);
            }
        }
        Ok(())
    }

    /// Commits if that is due. While rows are written to the tables, it is due only if there is no
    /// room for more.
    fn commit_if_due(&mut self) -> Result<()> {
        let is_full = self.writer.held() >= LARGEST;
        let is_late = self.since.is_some_and(|since| since.elapsed() >= LONGEST);
        if is_full || (is_late && !self.writer.is_busy()) {
            self.writer.commit()?;
            self.since = None;
        }
        Ok(())
    }
}
