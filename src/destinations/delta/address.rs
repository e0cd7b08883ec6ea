//! The address of a folder or bucket of Delta tables.

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::Connection;

use super::Delta;
use crate::Result;
use crate::destinations::Kind;
use crate::destinations::address::Address;
use crate::destinations::address::parse::Parsed;
use crate::destinations::contract::{Answer, Capabilities, Destination, Place, Wanted};
use crate::destinations::parquet::bucket::Bucket;
use crate::destinations::parquet::{Lake, Parquet};
use crate::system::files;
use crate::system::interrupt::Interrupt;

/// `delta:` and a folder, or the URL of a bucket.
pub(in crate::destinations) const KIND: Kind = Kind {
    schemes: &["delta"],
    parse,
    of_path: |_| None,
    capabilities: Capabilities {
        name: "Delta Lake",
        keeps_history: false,
        keeps_extractions: true,
        has_views: false,
    },
};

/// The place of Delta tables: that of their files.
#[derive(Debug)]
struct DeltaLake(Lake);

fn parse(text: &str) -> Parsed<Address> {
    Lake::parse("delta", text).map(|lake| Address::new(DeltaLake(lake)))
}

/// The address of Delta tables in a bucket that the caller has opened.
pub fn in_bucket(bucket: Bucket) -> Address {
    Address::new(DeltaLake(Lake::Opened(bucket)))
}

impl Display for DeltaLake {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Place for DeltaLake {
    fn capabilities(&self) -> Capabilities {
        KIND.capabilities
    }

    fn resolved(&self) -> Option<Address> {
        let Lake::Folder(folder) = &self.0 else { return None };
        let folder = files::resolve(folder).ok()?;
        Some(Address::new(DeltaLake(Lake::Folder(folder))))
    }

    fn beside(&self, what: &str) -> PathBuf {
        self.0.beside(what)
    }

    fn local_folder(&self) -> Option<PathBuf> {
        self.0.local_folder()
    }

    fn check(&self) -> Result<()> {
        self.0.check()
    }

    fn open(&self, _patience: Duration, _interrupt: &Interrupt) -> Result<Box<dyn Destination>> {
        Ok(Box::new(Delta { lake: Parquet::with_logs(&self.0)? }))
    }

    fn input(&self) -> Option<String> {
        let place = self.0.to_string();
        Some(format!("delta:{}", place.trim_end_matches('/')))
    }

    fn accounts<'a>(&'a self, interrupt: &'a Interrupt) -> Answer<'a, Vec<String>> {
        Box::pin(async {
            interrupt.or(async { Parquet::existing(&self.0, true).await?.accounts().await }).await
        })
    }

    fn load<'a>(&'a self, wanted: &'a Wanted<'a>) -> Answer<'a, Connection> {
        Box::pin(async { Parquet::existing(&self.0, true).await?.load(wanted).await })
    }
}
