//! Where a state file is: on this machine, or in a bucket.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use url::Url;

use crate::destinations::parquet::bucket::{SCHEMES, has_credentials};
use crate::error::redact;
use crate::terminal::values::trim_path;
use crate::{Error, Result};

/// The place of a state file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatePlace {
    /// A file of this machine.
    File(PathBuf),
    /// An object of a bucket, for machines that are thrown away.
    Bucket(Url),
}

impl FromStr for StatePlace {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let text = trim_path(text);
        if text.is_empty() {
            return Err(Error::usage("the state file has no name"));
        }
        if !text.contains("://") {
            return Ok(StatePlace::File(text.into()));
        }
        let shown = redact::value(text);
        let refuse = |reason: &str| Err(Error::usage(format!("the state file `{shown}` {reason}")));
        let Ok(url) = Url::parse(text) else { return refuse("is not an address") };
        if !SCHEMES.contains(&url.scheme()) {
            return refuse("is in no bucket: use `s3://`, `gs://` or `az://`, or a path");
        }
        if has_credentials(&url) {
            return refuse(
                "has credentials: they come from the variables of each cloud's own tools",
            );
        }
        if !url.has_host() || url.path().trim_matches('/').is_empty() {
            return refuse("needs a bucket and a name, such as `s3://bucket/flaglake-sync.db`");
        }
        Ok(StatePlace::Bucket(url))
    }
}

impl fmt::Display for StatePlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StatePlace::File(path) => write!(formatter, "{}", path.display()),
            StatePlace::Bucket(url) => write!(formatter, "{url}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_file_is_a_path_or_an_object_of_a_bucket() {
        for text in ["flaglake-sync.db", "/var/lib/state.db", "s3://bucket/a/state.db", "gs://b/s"]
        {
            assert_eq!(text.parse::<StatePlace>().unwrap().to_string(), text);
        }
        for text in ["", "https://host/state.db", "s3://bucket", "s3://user:pass@bucket/x", "s3://"]
        {
            assert!(text.parse::<StatePlace>().is_err(), "{text}");
        }
    }
}
