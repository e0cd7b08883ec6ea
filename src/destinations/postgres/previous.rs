//! The row counts of the last extraction in a schema.

use super::address::Schema;
use super::connection;
use super::identity::Found;
use super::mirror::Mirror;
use crate::destinations::previous::Previous;
use crate::destinations::sqlite::Sqlite;
use crate::postgres::session::blocking;
use crate::system::interrupt::Interrupt;
use crate::{Result, catalog};

/// Counts the published rows; without an extraction, there are none.
pub(super) fn read(schema: &Schema, interrupt: &Interrupt) -> Result<Previous> {
    let copied = blocking(|| async {
        let session = interrupt.or(connection::open(schema)).await?;
        let copying = async {
            let found = Found::look(&session.client, schema).await?;
            let tables = catalog::tables();
            // The name is this process's own: a run may be reading at the same time.
            let name = format!("plan-{}", std::process::id());
            Mirror::create(&session.client, schema, &found, &name, &tables).await
        };
        let mirror = session.or(interrupt, copying).await;
        session.close().await;
        mirror
    })?;
    let patience = std::time::Duration::ZERO;
    Ok(Sqlite::check(&copied.0, patience, interrupt)?.previous())
}
