//! The files that the runs of all accounts write and read: none is written in place of another.

use std::path::{Path, PathBuf};

use super::Job;
use super::outputs::place;
use crate::cli::ExtractArguments;
use crate::destinations::address::Address;
use crate::system::{database, files};
use crate::{Error, Result};

/// A file, and the option that names it.
struct Named {
    option: &'static str,
    path: PathBuf,
}

/// Checks that no account writes a file that another account writes, or that any of them uses for
/// something else, and that no output is inside of another.
///
/// # Errors
/// `usage` where one would be.
pub(super) fn check(jobs: &[Job], config: Option<&Path>) -> Result<()> {
    check_not_nested(jobs)?;
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

/// Refuses an output inside of the folder of another: programs that read the outer one would take
/// the inner one's files for its own.
fn check_not_nested(jobs: &[Job]) -> Result<()> {
    let outputs: Vec<_> = jobs.iter().flat_map(|job| &job.arguments.output).collect();
    for outer in &outputs {
        if let Some(inner) = outputs.iter().find(|inner| is_inside(inner, outer)) {
            return Err(Error::usage(format!("the output `{inner}` is inside of `{outer}`"))
                .hint("name a folder of its own for each output"));
        }
    }
    Ok(())
}

fn is_inside(inner: &Address, outer: &Address) -> bool {
    match (inner.local_folder(), outer.local_folder()) {
        (Some(folder), Some(lake)) if outer.report_input().is_none() => {
            let (folder, lake) = (place(folder), place(lake));
            // A database is in its folder, and a lake is its folder.
            let own = usize::from(inner.report_input().is_none());
            folder.ancestors().skip(own).any(|folder| files::is_same(folder, &lake))
        }
        // Buckets. What is before the first colon is the kind.
        (None, None) => {
            let [inner, outer] = [inner, outer].map(|address| address.to_string());
            let url = |text: &str| Some(text.split_once(':')?.1.trim_end_matches('/').to_owned());
            let urls = url(&inner).zip(url(&outer));
            urls.is_some_and(|(inner, outer)| inner.starts_with(&format!("{outer}/")))
        }
        _ => false,
    }
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

#[cfg(test)]
mod tests {
    #[test]
    fn a_prefix_of_a_bucket_may_be_inside_of_another() {
        let is_inside = |inner: &str, outer: &str| {
            super::is_inside(&inner.parse().unwrap(), &outer.parse().unwrap())
        };
        assert!(is_inside("parquet:s3://b/lake/flags", "parquet:s3://b/lake"));
        assert!(is_inside("delta:s3://b/lake/flags", "parquet:s3://b/lake/"));
        assert!(is_inside("parquet:s3://b/lake", "parquet:s3://b"));
        assert!(!is_inside("parquet:s3://b/lake2", "parquet:s3://b/lake"));
        assert!(!is_inside("parquet:s3://b/lake/", "parquet:s3://b/lake"));
        assert!(!is_inside("parquet:s3://b/lake", "parquet:s3://b/lake/flags"));
        assert!(!is_inside("parquet:lake", "parquet:s3://b"));
    }
}
