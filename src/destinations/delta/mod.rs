//! Delta Lake: the files of [`super::parquet`], and a log for each table, so that a reader sees the
//! newest extraction of each account, and can go back to earlier ones.
//!
//! The log is written here, by the published protocol: versions 1 for readers and 2 for writers,
//! which every reader knows. flaglake's own use of it is small: it adds a file per table and run,
//! and removes the one before. The crates that could do it, `delta_kernel` and `deltalake`, bring
//! 38 and more than 100 others, with a second copy of Arrow.
//!
//! A run writes its files, then its manifest, and then commits table after table. The manifest is a
//! record of what is to be committed: if the run is killed in between, the next run of the account
//! commits the rest first.

mod account;
mod action;
mod address;
mod checkpoint;
mod destination;
mod expired;
mod format;
mod log;
mod paths;
mod publish;
mod schema;
mod snapshot;
mod table;

pub(super) use self::address::KIND;
pub use self::address::in_bucket;

use super::parquet::Parquet;

/// A Delta output that was inspected.
struct Delta {
    /// Its files.
    lake: Parquet,
}
