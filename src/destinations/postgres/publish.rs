//! Publishes a run: all tables in one transaction, under a lock of the schema.

use rusqlite::Connection;
use tracing::{debug, warn};

use super::Postgres;
use super::connection::{self, broken, refused};
use super::difference::Sender;
use super::identity::Found;
use super::mirror::{self, Mirror};
use super::{migrate, views};
use crate::destinations::Rows;
use crate::destinations::contract::{Destination, Verified};
use crate::destinations::sqlite::Sqlite;
use crate::model::table::TableInfo;
use crate::postgres::session::Session;
use crate::record::RunRow;
use crate::system::hash::hash;
use crate::{Result, catalog};

/// The limits of the transaction: flaglake's own work between two statements may take a while, but
/// no statement may hang for ever.
const LIMITS: &str = "SET LOCAL statement_timeout = '1h'; SET LOCAL client_min_messages = warning; \
                      SET LOCAL idle_in_transaction_session_timeout = 0";

impl Postgres {
    /// Publishes the run.
    ///
    /// # Errors
    /// Those of the contract; the schema is unchanged then.
    pub(super) async fn publish(&self, run: Verified<'_>, extraction: &mut RunRow) -> Result<Rows> {
        let session = run.interrupt.or(connection::open(&self.schema)).await?;
        let writing = self.write(&session, run, extraction);
        let written = session.or(run.interrupt, writing).await;
        let outcome = match written {
            Ok(rows) => self.commit(&session, run, extraction).await.map(|()| rows),
            Err(error) => Err(error),
        };
        session.close().await;
        outcome
    }

    /// Writes everything but the end of the transaction.
    async fn write(
        &self,
        session: &Session,
        run: Verified<'_>,
        extraction: &mut RunRow,
    ) -> Result<Rows> {
        let client = &session.client;
        self.begin(session).await?;
        let found = Found::look(client, &self.schema).await?;
        if found.state != self.state {
            let hint = "nothing was published, and the data there is unchanged: run again";
            return Err(refused(
                &self.schema,
                "another run replaced its data during this run",
                hint,
            ));
        }
        let before = Mirror::create(client, &self.schema, &found, "before", &kept_tables()).await?;
        debug!("The published tables are copied.");
        let after = Mirror::vacant(&self.schema, "after");
        if !found.relations.is_empty() {
            mirror::copy(&before.0, &after.0)?;
        }
        let rows = self.apply(&after, run, extraction).await?;
        self.send(session, &found, &before, &after, run).await?;
        Ok(rows)
    }

    /// Begins the transaction, and waits while another run is publishing. What that run commits is
    /// visible to the statements after the lock: each has its own snapshot.
    async fn begin(&self, session: &Session) -> Result<()> {
        let lock = hash(&format!("flaglake {}", self.schema.name)).cast_signed();
        let patience = self.patience.as_millis().clamp(1, 86_400_000);
        let sql = format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED; {LIMITS}; SET LOCAL lock_timeout = '{patience}ms';
             SELECT pg_advisory_xact_lock({lock})"
        );
        session.client.batch_execute(&sql).await.map_err(|error| broken(&self.schema, &error))
    }

    /// Publishes the run to the copy: its results are those of a SQLite output.
    async fn apply(
        &self,
        after: &Mirror,
        run: Verified<'_>,
        extraction: &mut RunRow,
    ) -> Result<Rows> {
        // The data becomes visible later.
        let interrupt = &run.interrupt.of_part();
        let mut sqlite = Sqlite::check(&after.0, self.patience, interrupt)?;
        sqlite.forget(self.retention);
        let rows = Destination::publish(&sqlite, Verified { interrupt, ..run }, extraction).await?;
        debug!("The copy is up to date.");
        Ok(rows)
    }

    /// Sends the rows in which the copies differ.
    async fn send(
        &self,
        session: &Session,
        found: &Found,
        before: &Mirror,
        after: &Mirror,
        run: Verified<'_>,
    ) -> Result<()> {
        let (client, schema) = (&session.client, &self.schema);
        let copies = attached(after, before).map_err(|error| after.failed(&error))?;
        run.interrupt.watch(&copies);
        migrate::create(client, schema, found).await?;
        let sender = Sender { copies: &copies, client, schema, interrupt: run.interrupt };
        for table in kept_tables() {
            sender.send(&table, &format!("main.{}", table.name)).await?;
        }
        debug!("Tables are sent.");
        for view in &views::create(&copies).map_err(|error| after.failed(&error))? {
            sender.send_view(view, !found.relations.contains_key(view.name)).await?;
        }
        migrate::complete(client, schema, found).await?;
        debug!("Everything is sent.");
        Ok(())
    }

    /// Makes everything visible. If the answer is lost, the record of the run tells whether it was.
    async fn commit(
        &self,
        session: &Session,
        run: Verified<'_>,
        extraction: &RunRow,
    ) -> Result<()> {
        run.interrupt.commit()?;
        let Err(error) = session.client.batch_execute("COMMIT").await else { return Ok(()) };
        if error.as_db_error().is_none() && self.is_published(&extraction.extraction_id).await {
            warn!("The connection was lost, but the data is published.");
            return Ok(());
        }
        Err(broken(&self.schema, &error))
    }

    async fn is_published(&self, id: &str) -> bool {
        let Ok(session) = connection::open(&self.schema).await else { return false };
        let found = Found::look(&session.client, &self.schema).await;
        session.close().await;
        found.is_ok_and(|found| found.state.extraction_id.as_deref() == Some(id))
    }
}

/// Every table but views, parents first.
fn kept_tables() -> Vec<TableInfo> {
    catalog::tables().into_iter().chain(catalog::kept()).collect()
}

/// A connection to the copy with the new rows, that also has the earlier ones.
fn attached(after: &Mirror, before: &Mirror) -> rusqlite::Result<Connection> {
    let connection = Connection::open(&after.0)?;
    connection.pragma_update(None, "cache_size", -5_000)?;
    connection.execute("ATTACH ?1 AS before", [before.0.to_string_lossy()])?;
    Ok(connection)
}
