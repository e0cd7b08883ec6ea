//! Rows that wait to be written to the tables: in memory first, then in a file of sorted runs.
//!
//! The rows of one answer are in no order, and the tables are ordered by key. If each answer were
//! written to the tables at once, it would change pages all over its project, and each of them
//! would be written again for the next answer. Rows are therefore collected, sorted and appended to
//! a file as a run, and the runs of a project are merged into the tables when somebody needs its
//! rows, so that each page of a table is written about once. That is how a log-structured merge
//! tree writes.
//!
//! The unit is an item with all its rows. Items of one key are written to the tables in the order
//! in which they arrived, so that the outcome is the same as if they had been written at once.

pub(super) mod encoding;
pub(super) mod merge;

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::ops::Range;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;
use rustix::fs::OFlags;

use self::merge::Merge;
use super::checkpoint::boot;
use crate::Result;
use crate::system::files;

/// The suffix of the file of runs, which is beside the staging database.
pub(super) const SUFFIX: &str = "-rows";

/// The table that says which part of the file belongs to which project. It changes in the
/// transaction of the answers whose rows are in these runs.
pub(super) const DDL: &str = "CREATE TABLE runs (
    start INTEGER PRIMARY KEY, length INTEGER NOT NULL, project_key TEXT NOT NULL);";

/// The most runs of one project. Each is read through a buffer, and buffers take memory.
const MOST_RUNS: usize = 512;

/// The lengths of an item's key and of its rows, in bytes.
const HEADER: usize = 8;

fn lengths(header: [u8; HEADER]) -> [usize; 2] {
    let [a, b, c, d, e, f, g, h] = header;
    [u32::from_le_bytes([a, b, c, d]) as usize, u32::from_le_bytes([e, f, g, h]) as usize]
}

/// The rows of one project in memory.
#[derive(Default)]
struct Collected {
    bytes: Vec<u8>,
    items: Vec<Range<usize>>,
}

impl Collected {
    /// The items in the order of their keys, and those of one key as they came.
    fn sorted(&mut self) -> impl Iterator<Item = &[u8]> {
        let bytes = &self.bytes;
        self.items.sort_by_key(|item| key(&bytes[item.clone()]));
        self.items.iter().map(|item| &bytes[item.clone()])
    }
}

/// The key of an item.
fn key(item: &[u8]) -> &[u8] {
    let length = item.first_chunk().map_or(0, |header| lengths(*header)[0]);
    item.get(HEADER..HEADER + length).unwrap_or_default()
}

/// Collects rows, project by project.
pub(super) struct Pending {
    path: PathBuf,
    file: Arc<File>,
    collected: BTreeMap<String, Collected>,
    /// Where the runs of each project start and end.
    runs: BTreeMap<String, Vec<(u64, u64)>>,
    /// The end of the last run.
    end: u64,
    /// The number of bytes in memory.
    held: usize,
    /// Whether a power loss would leave the database, so that the file must be there as well.
    is_durable: bool,
}

impl Pending {
    /// Opens the file beside the staging database at `stage`, and finds the runs in it.
    ///
    /// # Errors
    /// When the file cannot be created, or lacks what the database says it has.
    pub fn open(stage: &Path, connection: &Connection) -> Result<Self> {
        let path = files::with_suffix(stage, SUFFIX);
        let failed = |error| files::failed(&path, &error);
        let runs = read_runs(connection)?;
        let end = runs.values().flatten().map(|(_, end)| *end).max().unwrap_or_default();
        let file = open(&path).map_err(failed)?;
        if file.metadata().map_err(failed)?.len() < end {
            return Err(encoding::damaged());
        }
        let (file, collected, is_durable) = (Arc::new(file), BTreeMap::new(), boot().is_err());
        Ok(Pending { path, file, collected, runs, end, held: 0, is_durable })
    }

    /// The number of bytes in memory.
    pub const fn held(&self) -> usize {
        self.held
    }

    /// Whether rows of the project wait.
    pub fn has(&self, project_key: &str) -> bool {
        self.collected.contains_key(project_key) || self.runs.contains_key(project_key)
    }

    /// The projects of which rows wait.
    pub fn projects(&self) -> Vec<String> {
        let others = self.collected.keys().filter(|key| !self.runs.contains_key(*key));
        self.runs.keys().chain(others).cloned().collect()
    }

    /// A project with so many runs that they should be merged.
    pub fn crowded(&self) -> Option<String> {
        let crowded = self.runs.iter().find(|(_, runs)| runs.len() >= MOST_RUNS);
        crowded.map(|(project, _)| project.clone())
    }

    /// Adds an item of a project.
    pub fn add(&mut self, project_key: &str, key: &[u8], rows: &[u8]) {
        if !self.collected.contains_key(project_key) {
            self.collected.insert(project_key.to_owned(), Collected::default());
        }
        let Some(Collected { bytes, items }) = self.collected.get_mut(project_key) else { return };
        let start = bytes.len();
        for length in [key.len(), rows.len()] {
            bytes.extend(u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
        }
        bytes.extend_from_slice(key);
        bytes.extend_from_slice(rows);
        self.held += bytes.len() - start;
        items.push(start..bytes.len());
    }

    /// Appends the rows in memory to the file, before the transaction is committed.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn spill(&mut self, connection: &Connection) -> Result<()> {
        if self.held == 0 {
            return Ok(());
        }
        let failed = |error| files::failed(&self.path, &error);
        let sql = "INSERT INTO runs (start, length, project_key) VALUES (?1, ?2, ?3)";
        let mut insert = connection.prepare_cached(sql)?;
        (&*self.file).seek(SeekFrom::Start(self.end)).map_err(failed)?;
        let mut out = BufWriter::new(&*self.file);
        for (project, mut collected) in std::mem::take(&mut self.collected) {
            collected.sorted().try_for_each(|item| out.write_all(item)).map_err(failed)?;
            let (start, length) = (self.end, collected.bytes.len() as u64);
            insert.execute((start.cast_signed(), length.cast_signed(), &project))?;
            self.end += length;
            self.runs.entry(project).or_default().push((start, self.end));
        }
        out.flush().map_err(failed)?;
        drop(out);
        if self.is_durable {
            self.file.sync_data().map_err(failed)?;
        }
        self.held = 0;
        Ok(())
    }

    /// Forgets the file's contents if none are needed, after the transaction was committed.
    ///
    /// # Errors
    /// When the file cannot be truncated.
    pub fn committed(&mut self) -> Result<()> {
        if self.runs.is_empty() && self.end > 0 {
            self.file.set_len(0).map_err(|error| files::failed(&self.path, &error))?;
            self.end = 0;
        }
        Ok(())
    }

    /// Takes the rows of a project, to write them to the tables in the same transaction.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn take(&mut self, project_key: &str, connection: &Connection) -> Result<Option<Merge>> {
        if !self.has(project_key) {
            return Ok(None);
        }
        let runs = self.runs.remove(project_key).unwrap_or_default();
        if !runs.is_empty() {
            connection.execute("DELETE FROM runs WHERE project_key = ?1", [project_key])?;
        }
        let mut collected = self.collected.remove(project_key).unwrap_or_default();
        self.held -= collected.bytes.len();
        let mut sorted = Vec::with_capacity(collected.bytes.len());
        collected.sorted().for_each(|item| sorted.extend_from_slice(item));
        let merge = Merge::new(project_key.to_owned(), &self.file, runs.into_iter(), sorted);
        merge.map(Some).map_err(|error| self.unreadable(&error))
    }

    /// The error of a file that cannot be read.
    pub fn unreadable(&self, error: &io::Error) -> crate::Error {
        files::failed(&self.path, error)
    }
}

fn open(path: &Path) -> io::Result<File> {
    // A link is not followed: other users may write to the folder of a bucket's stage.
    let flags = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or_default();
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).custom_flags(flags);
    options.mode(files::PRIVATE).open(path)
}

fn read_runs(connection: &Connection) -> rusqlite::Result<BTreeMap<String, Vec<(u64, u64)>>> {
    let sql = "SELECT project_key, start, start + length FROM runs ORDER BY start";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut runs = BTreeMap::<_, Vec<_>>::new();
    while let Some(row) = rows.next()? {
        let (start, end): (i64, i64) = (row.get(1)?, row.get(2)?);
        runs.entry(row.get(0)?).or_default().push((start.cast_unsigned(), end.cast_unsigned()));
    }
    Ok(runs)
}

#[cfg(test)]
mod tests;
