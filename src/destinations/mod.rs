//! Destinations publish the verified stage: all of it becomes visible at once, or nothing does.
//!
//! Each has a folder, and a line in the registry below. The rest of the program uses them through
//! [`contract`] only.

pub mod address;
pub mod contract;
mod copy;
mod degraded;
pub mod delta;
mod disk;
mod extraction;
mod new_file;
mod one_account;
pub mod parquet;
mod postgres;
mod previous;
mod removals;
mod sqlite;
mod status_since;

use std::time::Duration;

use tracing::warn;

use crate::model::resource::Group;
use crate::model::table::TableInfo;
use crate::record::{Coverage, Record};
use crate::resources;
use crate::resources::PageRows;

use address::Address;
use address::parse::Parsed;
use contract::Capabilities;
use extraction::ids;

pub use degraded::Degraded;
pub use extraction::{choose_id, stage_record};
pub(crate) use new_file::NewFile;
pub use previous::{FlagCounts, Previous};
pub use sqlite::Copy;

/// The table of audit log entries: a run reads only entries that are newer than those in it.
const AUDIT_LOG: &str = "audit_log_entries";

/// The account whose data is published.
#[derive(Clone, Copy, Debug)]
pub struct Account<'a> {
    /// Its ID, if LaunchDarkly reports it.
    pub id: Option<&'a str>,
    /// The address that it is read from.
    pub base_url: &'a str,
    /// The ID of the token that it is read with; never the token.
    pub token_id: Option<&'a str>,
}

/// The data that an output keeps of each run. By default, all of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Retention {
    /// SQLite: versions of rows that ended longer ago than this are deleted.
    pub history: Option<Duration>,
    /// Parquet and Delta Lake: the number of extractions to keep per account, at least one.
    pub extractions: Option<usize>,
    /// Parquet and Delta Lake: whether a run that finds what the newest extraction holds is only recorded.
    pub skip_unchanged: bool,
}

/// The tables that were published, each with its rows.
pub type Rows = Vec<(&'static str, usize)>;

/// A kind of destination, as addresses name it.
struct Kind {
    /// The schemes of its addresses.
    schemes: &'static [&'static str],
    /// Reads the text after the scheme.
    parse: fn(&str) -> Parsed<Address>,
    /// The address that a path without a scheme is, if it is one of this kind.
    of_path: fn(&str) -> Option<Address>,
    /// Its features.
    capabilities: Capabilities,
}

/// The kinds of destinations. To add one, write its folder and name it here.
const REGISTRY: [Kind; 4] = [sqlite::KIND, parquet::KIND, delta::KIND, postgres::KIND];

/// The names of the destinations with a feature, for messages.
pub fn names_of(has: impl Fn(&Capabilities) -> bool) -> String {
    let kinds = REGISTRY.iter().map(|kind| kind.capabilities);
    kinds.filter(has).map(|one| one.name).collect::<Vec<_>>().join(" and ")
}

fn warn_of(removals: Vec<String>) {
    removals.iter().for_each(|removal| warn!("{removal}"));
}

/// How much of a table was read.
fn coverage(table: &TableInfo, record: &Record) -> Coverage {
    let fills = |resource: &&&dyn PageRows| resource.tables().contains(table);
    let resource = resources::ALL.iter().find(fills);
    // A run whose core resources are incomplete fails and is never published.
    let list = resource.filter(|resource| resource.group() != Group::Core);
    list.map_or(Coverage::Whole, |list| record.coverage(list.name()))
}
