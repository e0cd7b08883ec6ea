//! Merges the sorted runs of one project into one sequence of items.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

/// How much of each run is in memory while it is read, in bytes.
const READ_AHEAD: usize = 4 << 10;

/// A part of the file of runs.
struct Section {
    file: Arc<File>,
    at: u64,
    end: u64,
}

impl Read for Section {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let most = buffer.len().min(left);
        let read = self.file.read_at(&mut buffer[..most], self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// A run that is read from its start to its end.
struct Source {
    input: Box<dyn Read>,
    item: Vec<u8>,
}

impl Source {
    /// Reads the next item, and puts its key into `key`; returns whether there was one.
    fn advance(&mut self, key: &mut Vec<u8>) -> io::Result<bool> {
        let mut lengths = [0; super::HEADER];
        if self.input.read(&mut lengths[..1])? == 0 {
            return Ok(false);
        }
        self.input.read_exact(&mut lengths[1..])?;
        let [key_length, item_length] = super::lengths(lengths);
        key.resize(key_length, 0);
        self.input.read_exact(key)?;
        self.item.resize(item_length, 0);
        self.input.read_exact(&mut self.item)?;
        Ok(true)
    }
}

/// The items of one project in the order of their keys. Items with the same key keep the order in
/// which they were written.
pub(in crate::stage) struct Merge {
    /// The project.
    pub project_key: String,
    sources: Vec<Source>,
    /// The key of each source's item, and the number of the source: a later one is later in time.
    keys: BinaryHeap<Reverse<(Vec<u8>, usize)>>,
    /// The key and the source of the item that was taken last.
    current: Option<(Vec<u8>, usize)>,
}

impl Merge {
    /// The runs of a project, each as its start and end in the file, and the rows in memory.
    pub(super) fn new(
        project_key: String,
        file: &Arc<File>,
        runs: impl Iterator<Item = (u64, u64)>,
        collected: Vec<u8>,
    ) -> io::Result<Self> {
        let in_file = runs.map(|(at, end)| {
            let section = Section { file: Arc::clone(file), at, end };
            Box::new(BufReader::with_capacity(READ_AHEAD, section)) as Box<dyn Read>
        });
        let in_memory: Box<dyn Read> = Box::new(io::Cursor::new(collected));
        let sources = in_file.chain([in_memory]);
        let sources = sources.map(|input| Source { input, item: Vec::new() }).collect();
        let mut merge = Merge { project_key, sources, keys: BinaryHeap::new(), current: None };
        (0..merge.sources.len()).try_for_each(|number| merge.advance(number, Vec::new()))?;
        Ok(merge)
    }

    /// The rows of the next item.
    pub fn next(&mut self) -> io::Result<Option<&[u8]>> {
        if let Some((key, number)) = self.current.take() {
            self.advance(number, key)?;
        }
        let Some(Reverse((key, number))) = self.keys.pop() else { return Ok(None) };
        self.current = Some((key, number));
        Ok(Some(&self.sources[number].item))
    }

    fn advance(&mut self, number: usize, mut key: Vec<u8>) -> io::Result<()> {
        if self.sources[number].advance(&mut key)? {
            self.keys.push(Reverse((key, number)));
        }
        Ok(())
    }
}
