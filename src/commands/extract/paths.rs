//! The files that the runs of all accounts write and read: none is written in place of another.

use std::path::{Path, PathBuf};

use super::Job;
use crate::cli::ExtractArguments;
use crate::system::{database, files};
use crate::{Error, Result};

/// A file, and the option that names it.
struct Named {
    option: &'static str,
    path: PathBuf,
}

/// Checks that no account writes a file that another account writes, or that any of them uses for
/// something else.
///
/// # Errors
/// `usage` where one would.
pub(super) fn check(jobs: &[Job], config: Option<&Path>) -> Result<()> {
    let used: Vec<_> = jobs.iter().flat_map(|job| used(&job.arguments)).collect();
    let config = config.map(|path| Named { option: "--config", path: path.to_owned() });
    let mut taken: Vec<_> = used.into_iter().chain(config).collect();
    for file in jobs.iter().enumerate().flat_map(|(index, job)| written(&job.arguments, index)) {
        if let Some(other) = taken.iter().find(|other| files::is_same(&other.path, &file.path)) {
            return Err(overwritten(&file, other));
        }
        taken.push(file);
    }
    Ok(())
}

/// The files that are made from outputs. That of metrics is one for all accounts.
fn written(arguments: &ExtractArguments, index: usize) -> Vec<Named> {
    let copy = arguments.copy_to.as_ref().map(|copy| &copy.path);
    let metrics = arguments.metrics_file.as_ref().filter(|_| index == 0);
    let all =
        [("--report", arguments.report.as_ref()), ("--copy-to", copy), ("--metrics-file", metrics)];
    named(all)
}

/// The databases, what lies beside them, and the files that are read.
fn used(arguments: &ExtractArguments) -> Vec<Named> {
    let databases = arguments.output.iter().filter_map(|output| output.report_input());
    let databases = databases.flat_map(|path| {
        let beside = database::BESIDE.map(|suffix| files::with_suffix(path, suffix));
        let hidden = ["lock", "stage", "new"].map(|what| files::beside(path, what));
        beside.into_iter().chain(hidden).chain([path.to_owned()])
    });
    let databases = databases.map(|path| Named { option: "--output", path });
    let read = named([
        ("--access-token-file", arguments.connection.access_token_file.as_ref()),
        ("--personal-data-key-file", arguments.personal_data_key_file.as_ref()),
        ("--postgres-password-file", arguments.postgres_password_file.as_ref()),
    ]);
    databases.chain(read).collect()
}

fn named<const N: usize>(all: [(&'static str, Option<&PathBuf>); N]) -> Vec<Named> {
    let named = all.into_iter().filter_map(|(option, path)| Some((option, path?.clone())));
    named.map(|(option, path)| Named { option, path }).collect()
}

fn overwritten(file: &Named, other: &Named) -> Error {
    let (path, option) = (file.path.display(), file.option);
    let message = if option == other.option {
        format!("`{option}` names `{path}` for two accounts")
    } else {
        format!("`{option}` would overwrite `{path}`, which `{}` names", other.option)
    };
    Error::usage(message).resource(path.to_string()).hint("name another file")
}
