//! Resources beyond the core: groups, refusals, stale rows, beta endpoints, request counts.

mod code_files;
mod degraded;
mod refusals;
mod requests;
mod selection;
mod tables;
mod types;

use crate::support::{Run, rows};
use fake_launchdarkly::{Behaviour, company};
use flaglake::resources;
use rusqlite::Connection;

const NOW: i64 = 1_790_000_000_000;

fn company() -> Run {
    Run::new(company::account(NOW), Behaviour::default())
}

/// Outcome, status and staleness of a resource in the newest extraction.
fn outcome(run: &Run, resource: &str) -> Vec<String> {
    let sql = format!(
        "SELECT DISTINCT outcome, http_status, is_stale, rows_read_at IS NOT NULL
         FROM extraction_resources WHERE resource = '{resource}' AND extraction_id =
             (SELECT extraction_id FROM extractions ORDER BY started_at DESC LIMIT 1) ORDER BY 1"
    );
    rows(&run.database(), &sql)
}

/// Every row of every table but those that tell of the run.
fn all(database: &Connection) -> crate::support::Tables {
    crate::support::tables_of(database, resources::tables())
}
