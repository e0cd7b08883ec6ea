//! The address of a folder or bucket of Parquet files.

use std::fmt::{self, Display, Formatter};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use url::Url;

use super::Parquet;
use super::bucket::{Bucket, SCHEMES, has_credentials};
use crate::destinations::Kind;
use crate::destinations::address::Address;
use crate::destinations::address::parse::{Meant, Parsed, place, scheme};
use crate::destinations::contract::{Answer, Capabilities, Destination, Place, Wanted};
use crate::system::files;
use crate::system::hash::hash;
use crate::system::interrupt::Interrupt;
use crate::{Error, Result};

/// `parquet:` and a folder, or the URL of a bucket.
pub(in crate::destinations) const KIND: Kind = Kind {
    schemes: &["parquet"],
    parse,
    of_path: |_| None,
    capabilities: Capabilities {
        name: "Parquet",
        keeps_history: false,
        keeps_extractions: true,
        has_views: false,
    },
};

/// The place of Parquet files.
#[derive(Debug)]
pub(in crate::destinations) enum Lake {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket: `s3://`, `gs://` or `az://`.
    Bucket(Url),
    /// A bucket that the caller has opened.
    Opened(Bucket),
}

fn parse(text: &str) -> Parsed<Address> {
    Lake::parse("parquet", text).map(Address::new)
}

impl Lake {
    /// Parses the text after the scheme of an output, such as `parquet`.
    pub(in crate::destinations) fn parse(output: &str, text: &str) -> Parsed<Self> {
        if text.trim().is_empty() {
            return Err(Meant::Quoting(format!("there is no folder after `{output}:`")));
        }
        if let Some(rest) = text.strip_prefix("//") {
            let relative = place(&format!("{output}:"), rest);
            let absolute = place(&format!("{output}:/"), rest);
            return Err(Meant::Quoting(format!(
                "a folder follows `{output}:`: `{relative}`, or `{absolute}`"
            )));
        }
        match scheme(text) {
            None => Ok(Lake::Folder(text.into())),
            Some(("file", rest)) if rest.starts_with("//") => Url::parse(text)
                .ok()
                .and_then(|url| url.to_file_path().ok())
                .map(Lake::Folder)
                .ok_or(Meant::Rule("it is not a folder of this machine")),
            Some((name, rest)) if SCHEMES.contains(&name.to_ascii_lowercase().as_str()) => {
                bucket(output, text, name, rest)
            }
            Some((name, rest)) => Err(Meant::Quoting(format!(
                "flaglake cannot write to `{name}:`; for a folder, write `{}`",
                place(&format!("{output}:./"), &format!("{name}:{rest}"))
            ))),
        }
    }
}

fn bucket(output: &str, text: &str, scheme: &str, rest: &str) -> Parsed<Lake> {
    if !cfg!(feature = "cloud") {
        return Err(Meant::Quoting(format!("this build cannot write to `{scheme}://`")));
    }
    let url = Url::parse(text).ok().filter(|url| url.has_host());
    let Some(url) = url.filter(|_| rest.starts_with("//")) else {
        let bucket = place(&format!("{output}:{scheme}://"), rest);
        return Err(Meant::Quoting(format!("a bucket is written `{bucket}`")));
    };
    if has_credentials(&url) {
        return Err(Meant::Rule(
            "credentials do not belong in it: they come from the variables that each cloud's own \
             tools read",
        ));
    }
    Ok(Lake::Bucket(url))
}

impl Display for Lake {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Lake::Folder(folder) => write!(formatter, "{}/", folder.display()),
            Lake::Bucket(url) => write!(formatter, "{url}"),
            Lake::Opened(bucket) => write!(formatter, "{}", bucket.name),
        }
    }
}

impl Place for Lake {
    fn capabilities(&self) -> Capabilities {
        KIND.capabilities
    }

    fn resolved(&self) -> Option<Address> {
        let Lake::Folder(folder) = self else { return None };
        files::resolve(folder).ok().map(|folder| Address::new(Lake::Folder(folder)))
    }

    fn beside(&self, what: &str) -> PathBuf {
        match self {
            Lake::Folder(folder) => folder.join(format!(".flaglake.{what}")),
            Lake::Bucket(_) | Lake::Opened(_) => {
                let hash = hash(&self.to_string());
                files::temporary_folder().join(format!("flaglake-{hash:016x}.{what}"))
            }
        }
    }

    fn local_folder(&self) -> Option<PathBuf> {
        let Lake::Folder(folder) = self else { return None };
        Some(folder.clone())
    }

    fn check(&self) -> Result<()> {
        match self {
            Lake::Folder(folder) => check_folder(folder),
            Lake::Bucket(_) | Lake::Opened(_) => files::check_length(&self.beside("stage"), 0),
        }
    }

    fn open(&self, _patience: Duration, _interrupt: &Interrupt) -> Result<Box<dyn Destination>> {
        Ok(Box::new(Parquet::check(self, false)?))
    }

    fn input(&self) -> Option<String> {
        let place = self.to_string();
        Some(format!("parquet:{}", place.trim_end_matches('/')))
    }

    fn accounts<'a>(&'a self, interrupt: &'a Interrupt) -> Answer<'a, Vec<String>> {
        Box::pin(async {
            interrupt.or(async { Parquet::existing(self, false).await?.accounts().await }).await
        })
    }

    fn load<'a>(&'a self, wanted: &'a Wanted<'a>) -> Answer<'a, Connection> {
        Box::pin(async { Parquet::existing(self, false).await?.load(wanted).await })
    }
}

/// Checks that the folder can hold a stage; creates it if it is missing.
fn check_folder(folder: &Path) -> Result<()> {
    files::check_length(&folder.join(".flaglake.stage"), 0)?;
    match fs::metadata(folder) {
        Ok(found) if !found.is_dir() => Err(is_file(folder)),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            fs::create_dir_all(folder).map_err(|error| files::failed(folder, &error))
        }
        Err(error) => Err(files::failed(folder, &error)),
    }
}

/// The error of a file in the place of the folder.
fn is_file(path: &Path) -> Error {
    let error = Error::output(path, "it is a file");
    error.resource(path.display().to_string()).hint("name a folder")
}
