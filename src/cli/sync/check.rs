//! What can be known of a sync before anything is read or sent: whether its options fit together.

use std::path::{Path, PathBuf};

use super::{CommonArguments, SyncCommand};
use crate::sync::events::Events;
use crate::sync::metrics::Metrics;
use crate::sync::object::SyncObject;
use crate::sync::place::StatePlace;
use crate::sync::segments::Members;
use crate::system::files;
use crate::{Error, Result};

impl SyncCommand {
    /// The options that all syncs share; `None` for commands that run no sync.
    pub fn common(&self) -> Option<&CommonArguments> {
        match self {
            SyncCommand::Metrics(one) => Some(&one.common),
            SyncCommand::Events(one) => Some(&one.common),
            SyncCommand::Segment(one) => Some(&one.common),
            _ => None,
        }
    }

    /// The name of the sync: its own, or object and target.
    pub fn name(&self) -> String {
        let (common, default) = match self {
            SyncCommand::Metrics(one) => (&one.common, format!("metrics:{}", one.project)),
            SyncCommand::Events(one) => (&one.common, format!("events:{}", one.environment)),
            SyncCommand::Segment(one) => {
                (&one.common, format!("segment:{}/{}", one.environment, one.segment))
            }
            _ => return String::new(),
        };
        common.sync_name.clone().unwrap_or(default)
    }

    /// Checks the options of the sync.
    ///
    /// # Errors
    /// `usage` when they contradict each other.
    pub fn check(&self) -> Result<()> {
        let Some(common) = self.common() else { return Ok(()) };
        let options = common.options()?;
        if common.sync_name.as_ref().is_some_and(|name| name.trim().is_empty()) {
            return Err(Error::usage("`--sync-name` is empty"));
        }
        options.source.check(&options.selected)?;
        common.check_files()?;
        let nowhere = String::new;
        let fields = match self {
            SyncCommand::Metrics(one) => Metrics::new(one.metrics())?.fields(),
            SyncCommand::Events(one) => Events::new(one.events(nowhere(), nowhere()))?.fields(),
            SyncCommand::Segment(one) => Members::new(one.segment(nowhere(), nowhere())?)?.fields(),
            _ => &[],
        };
        options.mapping.check(fields)
    }
}

impl CommonArguments {
    /// The files that a run writes, with the options that name them.
    pub fn written(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        let files = [("--rejected", &self.rejected), ("--plan", &self.plan)];
        files.into_iter().filter_map(|(option, path)| Some((option, path.as_deref()?)))
    }

    /// Refuses to write a file that the run reads, or writes for another purpose.
    fn check_files(&self) -> Result<()> {
        let state = match &self.state {
            StatePlace::File(path) => vec![path.clone(), files::beside(path, "lock")],
            StatePlace::Bucket(_) => Vec::new(),
        };
        let others = [&self.query_file, &self.apply, &self.personal_data_key_file];
        let others = others.into_iter().flatten().cloned();
        let used: Vec<PathBuf> =
            state.into_iter().chain(self.from.path().map(Path::to_owned)).chain(others).collect();
        for (option, path) in self.written() {
            if let Some(used) = used.iter().find(|used| files::is_same(path, used)) {
                return Err(overwritten(option, used));
            }
        }
        match (&self.rejected, &self.plan) {
            (Some(one), Some(other)) if files::is_same(one, other) => {
                Err(overwritten("--rejected", other))
            }
            _ => Ok(()),
        }
    }
}

fn overwritten(option: &str, path: &Path) -> Error {
    Error::usage(format!("`{option}` would overwrite `{}`", path.display()))
        .hint("this run uses that file for something else: name another one")
}
