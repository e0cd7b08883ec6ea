//! The tables of a state file: which syncs there are, how they ran, and what they have sent.

mod batches;
mod rejected;
mod rows;
mod runs;
mod syncs;

pub use self::batches::{BatchRow, BatchTable};
pub use self::rejected::{RejectedRow, RejectedTable};
pub use self::rows::{SyncRow, SyncRowTable};
pub use self::runs::{RunTable, SyncRunRow};
pub use self::syncs::{SyncDefinition, SyncTable};

use crate::model::table::{Table, TableInfo};

/// All of them, parents before children.
pub fn tables() -> [TableInfo; 5] {
    [
        SyncTable::info(),
        RunTable::info(),
        SyncRowTable::info(),
        RejectedTable::info(),
        BatchTable::info(),
    ]
}
