//! PostgreSQL: one transaction on stable tables. Readers see either the old or the new data, and
//! are never blocked.

mod address;
mod arrays;
mod connection;
mod copy;
mod destination;
mod difference;
mod encoded;
mod identity;
mod load;
mod merge;
mod migrate;
mod mirror;
mod previous;
mod publish;
mod views;

use std::time::Duration;

pub(super) use self::address::KIND;

use self::address::Schema;
use self::connection::refused;
use self::identity::{Found, State};
use self::mirror::Mirror;
use super::AUDIT_LOG;
use super::Retention;
use super::one_account::Conflict;
use super::sqlite::Sqlite;
use crate::model::table::TableInfo;
use crate::postgres::session::{Session, blocking};
use crate::system::interrupt::Interrupt;
use crate::{Result, catalog};

/// The tables that a run reads before it publishes.
const KNOWN: [&str; 4] =
    ["extractions", "extraction_resources", "projects", "environments_history"];

/// A schema that was inspected.
struct Postgres {
    schema: Schema,
    /// The last extraction that it recorded then.
    state: State,
    /// A copy of the tables in [`KNOWN`], and what reads it.
    known: Mirror,
    reader: Sqlite,
    /// How long to wait for another run that is publishing.
    patience: Duration,
    interrupt: Interrupt,
    retention: Retention,
}

impl Postgres {
    /// Connects, and checks that the schema is flaglake's or does not exist.
    ///
    /// # Errors
    /// `output_failed` when it is something else.
    fn open(schema: &Schema, patience: Duration, interrupt: &Interrupt) -> Result<Self> {
        let (state, known) = blocking(|| async {
            let session = interrupt.or(connection::open(schema)).await?;
            let looked = session.or(interrupt, look(&session, schema)).await;
            session.close().await;
            looked
        })?;
        let reader = Sqlite::check(&known.0, patience, interrupt)?;
        let (schema, interrupt) = (schema.clone(), interrupt.clone());
        let retention = Retention::default();
        Ok(Postgres { schema, state, known, reader, patience, interrupt, retention })
    }

    /// Checks that the schema holds no data of another account.
    fn check_account(&self, account: Option<&str>, is_demo: bool) -> Result<()> {
        let State { extraction_id: Some(_), account_id: last, .. } = &self.state else {
            return Ok(());
        };
        let Some(conflict) = Conflict::between(last.as_deref(), account, is_demo) else {
            return Ok(());
        };
        let hint = match conflict {
            Conflict::RealAccount => "name another schema for the demo: `?schema=demo`",
            Conflict::OtherAccount(_) => {
                "if the token is the right one, name another schema (`?schema=NAME`): each account \
                 has its own"
            }
        };
        Err(refused(&self.schema, &conflict.reason(), hint))
    }

    /// Copies the newest entries of the audit log: those up to `lookback` before the newest.
    async fn copy_newest_entries(&self, lookback: Duration) -> Result<()> {
        let table = catalog::tables().into_iter().find(|table| table.name == AUDIT_LOG);
        let Some(table) = table.map(entry_times) else { return Ok(()) };
        let session = self.interrupt.or(connection::open(&self.schema)).await?;
        let schema = model_name(&self.schema, &table);
        let condition = format!(
            "occurred_at >= coalesce((SELECT max(occurred_at) - interval '{} s' FROM {schema}
                 WHERE occurred_at <= now()), '-infinity')",
            lookback.as_secs().saturating_add(1).min(u64::from(u32::MAX))
        );
        let copying = async {
            let found = Found::look(&session.client, &self.schema).await?;
            let connection = self.known.connect()?;
            connection
                .execute_batch(&format!("DROP TABLE IF EXISTS {AUDIT_LOG}"))
                .map_err(|error| self.known.failed(&error))?;
            let (client, known) = (&session.client, &self.known);
            known.fill(&connection, client, &self.schema, &found, &table, &condition).await
        };
        let copied = session.or(&self.interrupt, copying).await;
        session.close().await;
        copied
    }
}

fn model_name(schema: &Schema, table: &TableInfo) -> String {
    crate::model::table::postgres::qualified(&schema.name, table)
}

/// The table of entries with the columns that tell which are known.
fn entry_times(mut table: TableInfo) -> TableInfo {
    let key = table.key.clone();
    table.columns.retain(|column| column.name == "occurred_at" || key.contains(&column.name));
    table
}

async fn look(session: &Session, schema: &Schema) -> Result<(State, Mirror)> {
    let found = Found::look(&session.client, schema).await?;
    let tables: Vec<_> = catalog::tables()
        .into_iter()
        .chain(catalog::kept())
        .filter(|table| KNOWN.contains(&table.name))
        .collect();
    let known = Mirror::create(&session.client, schema, &found, "known", &tables).await?;
    Ok((found.state, known))
}
