//! The address of an output, and the files beside it.

pub(super) mod parse;

use std::fmt::{self, Display, Formatter};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

pub use parse::parse_input;

use super::contract::Place;

/// The address of an output, in any destination.
#[derive(Clone, Debug)]
pub struct Address(Arc<dyn Place>);

impl Address {
    /// An address whose destination is that of `place`.
    pub fn new(place: impl Place + 'static) -> Self {
        Address(Arc::new(place))
    }

    /// The address that symbolic links lead to, even where nothing exists there yet: two names of
    /// one file then share one lock, and the links stay. An address whose links lead nowhere is
    /// returned as it is; `publish` reports the error.
    #[must_use]
    pub fn resolved(&self) -> Self {
        self.0.resolved().unwrap_or_else(|| self.clone())
    }

    /// The path of the staging database. It is beside the output, so that both use the same disk;
    /// where the output is a bucket, it is in the temporary folder.
    pub fn stage_path(&self) -> PathBuf {
        self.0.beside("stage")
    }

    /// The file that is locked while a run writes to this output.
    pub fn lock_path(&self) -> PathBuf {
        self.0.beside("lock")
    }
}

impl Deref for Address {
    type Target = dyn Place;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl Display for Address {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A path in the form that a shell accepts.
pub fn quoted(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:".contains(&byte);
    if path.bytes().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_stage_is_hidden_beside_the_output() {
        let stage = |text: &str| text.parse::<Address>().unwrap().stage_path();
        assert_eq!(stage("a/lake.db"), Path::new("a/.lake.db.stage"));
        assert_eq!(stage("parquet:lake"), Path::new("lake/.flaglake.stage"));
    }
}
