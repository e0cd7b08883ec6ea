//! A lake in a local folder. Each operation is durable when it returns, except writing data files:
//! `make_durable` makes all of them durable together.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use parquet::arrow::async_writer::AsyncFileWriter;

use super::lake;
use super::store::Listing;
use crate::destinations::disk;
use crate::system::files;
use crate::{Error, Result};

/// A folder.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Opens a folder, and creates it if it is missing.
    ///
    /// # Errors
    /// `output_failed` when it cannot be.
    pub fn open(path: &Path) -> Result<Self> {
        if path.exists() && !path.is_dir() {
            return Err(Error::output(path, "it is a file").hint("name a folder"));
        }
        let created = create_folders(path);
        created.map_err(|error| files::failed(path, &error))?;
        Ok(Folder { root: path.to_owned() })
    }

    /// Opens a folder that exists.
    ///
    /// # Errors
    /// `usage` when it does not.
    pub fn existing(path: &Path) -> Result<Self> {
        if path.is_dir() {
            return Ok(Folder { root: path.to_owned() });
        }
        let name = path.display().to_string();
        let missing = Error::usage(format!("there is no folder `{name}`")).resource(name);
        Err(missing.hint("run `flaglake extract`, or name the folder of a lake"))
    }

    /// Its name.
    pub fn name(&self) -> String {
        self.root.display().to_string()
    }

    /// The path of the file `name` of the lake.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The entries of a folder. Links are skipped: they lead outside the lake.
    pub fn list(&self, folder: &str) -> io::Result<Listing> {
        let mut listing = Listing::default();
        let entries = match fs::read_dir(self.path(folder)) {
            Err(error) if is_absent(&error) => return Ok(listing),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let (kind, Ok(name)) = (entry.file_type()?, entry.file_name().into_string()) else {
                continue;
            };
            if kind.is_dir() {
                listing.folders.insert(name);
            } else if kind.is_file() {
                listing.files.insert(name);
            }
        }
        Ok(listing)
    }

    /// The contents of a file, if there is one.
    pub fn read(&self, name: &str) -> io::Result<Option<Bytes>> {
        match fs::read(self.path(name)) {
            Err(error) if is_absent(&error) => Ok(None),
            contents => contents.map(|contents| Some(contents.into())),
        }
    }

    /// Creates a file. Returns `false` if it exists already.
    pub fn create(&self, name: &str, body: &[u8]) -> io::Result<bool> {
        let path = self.path(name);
        create_parent(&path)?;
        let mut file = match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
            file => file?,
        };
        let written = file.write_all(body).and_then(|()| self.make_durable(&[name.to_owned()]));
        if written.is_err() {
            let _ = disk::remove_file(&path);
        }
        written.map(|()| true)
    }

    /// Creates a file that is whole and durable as soon as it has its name. Returns `false` if that
    /// name is taken.
    pub fn create_whole(&self, name: &str, body: &[u8]) -> io::Result<bool> {
        let mut file = NewPart::create(self.path(name))?;
        file.file.write_all(body)?;
        disk::sync_file(&file.begun)?;
        file.is_whole = disk::rename_to_vacant(&file.begun, &file.path)?;
        if file.is_whole {
            self.sync_folders_of(name)?;
        }
        Ok(file.is_whole)
    }

    /// Replaces a file atomically: readers find the old contents or the new ones, even after a loss
    /// of power.
    pub fn replace(&self, name: &str, body: &[u8]) -> io::Result<()> {
        let mut file = NewPart::create(self.path(name))?;
        file.file.write_all(body)?;
        disk::sync_file(&file.begun)?;
        file.take_place()?;
        self.sync_folders_of(name)
    }

    /// Makes the names of the folders that contain a file durable.
    fn sync_folders_of(&self, name: &str) -> io::Result<()> {
        self.folders_of(name).iter().rev().try_for_each(|folder| disk::sync_folder(folder))
    }

    /// A data file that is written piece by piece.
    pub fn sink(&self, name: &str) -> io::Result<NewPart> {
        NewPart::create(self.path(name))
    }

    /// Makes files durable, and then the folders that contain them, up to the root of the lake.
    pub fn make_durable(&self, names: &[String]) -> io::Result<()> {
        names.iter().try_for_each(|name| disk::sync_file(&self.path(name)))?;
        let folders: BTreeSet<_> = names.iter().flat_map(|name| self.folders_of(name)).collect();
        // Deepest first: in sorted order, a folder comes before its contents.
        folders.iter().rev().try_for_each(|folder| disk::sync_folder(folder))
    }

    /// Removes a file, if there is one.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        let path = self.path(name);
        if disk::remove_file(&path)? {
            disk::sync_folder(path.parent().unwrap_or(&self.root))?;
        }
        Ok(())
    }

    /// Removes the data files in an extraction's folder, and the folder unless it holds more.
    pub fn remove_parts(&self, folder: &str) -> io::Result<()> {
        let parts = self.list(folder)?.files.into_iter().filter(|name| lake::is_part(name));
        let path = self.path(folder);
        let mut is_changed = false;
        for part in parts {
            is_changed |= disk::remove_file(&path.join(part))?;
        }
        match (path.is_symlink(), path.parent()) {
            (false, Some(parent)) if fs::remove_dir(&path).is_ok() => disk::sync_folder(parent),
            // A file that flaglake did not write is kept, and so is its folder.
            _ if is_changed => disk::sync_folder(&path),
            _ => Ok(()),
        }
    }

    /// The folders that contain a file, from the root of the lake downwards.
    fn folders_of(&self, name: &str) -> Vec<PathBuf> {
        let path = self.path(name);
        let folders = path.ancestors().skip(1);
        let mut folders: Vec<_> = folders
            .take_while(|folder| folder.starts_with(&self.root))
            .map(Path::to_owned)
            .collect();
        folders.reverse();
        folders
    }
}

/// A file that gets its final name only when it is complete.
pub struct NewPart {
    file: File,
    begun: PathBuf,
    path: PathBuf,
    is_whole: bool,
}

impl NewPart {
    fn create(path: PathBuf) -> io::Result<Self> {
        create_parent(&path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let begun = path.with_file_name(lake::begun(&name));
        // Removes the file of a dead run. A symbolic link is removed, not followed.
        disk::remove_file(&begun)?;
        let file = OpenOptions::new().write(true).create_new(true).open(&begun)?;
        Ok(NewPart { file, begun, path, is_whole: false })
    }

    fn take_place(&mut self) -> io::Result<()> {
        disk::rename(&self.begun, &self.path)?;
        self.is_whole = true;
        Ok(())
    }
}

impl AsyncFileWriter for NewPart {
    // Publishing runs on a thread of its own, so it may block on the disk.
    fn write(&mut self, bytes: Bytes) -> BoxFuture<'_, parquet::errors::Result<()>> {
        let written = self.file.write_all(&bytes);
        async move { Ok(written?) }.boxed()
    }

    fn complete(&mut self) -> BoxFuture<'_, parquet::errors::Result<()>> {
        let moved = self.take_place();
        async move { Ok(moved?) }.boxed()
    }
}

impl Drop for NewPart {
    fn drop(&mut self) {
        if !self.is_whole {
            // If this fails, the next run removes the file.
            let _ = disk::remove_file(&self.begun);
        }
    }
}

/// Whether there is no such file or folder.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn create_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}

/// Creates a folder and its missing parents, and makes their names durable.
fn create_folders(path: &Path) -> io::Result<()> {
    let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    let missing: Vec<_> = path.ancestors().take_while(is_missing).collect();
    fs::create_dir_all(path)?;
    let mut parents = missing.iter().filter_map(|folder| folder.parent());
    parents.try_for_each(disk::sync_folder)
}
