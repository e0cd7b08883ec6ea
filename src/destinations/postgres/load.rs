//! Copies the tables of a schema to a private database, for reports.

use rusqlite::Connection;

use super::address::Schema;
use super::connection::{self, broken, refused};
use super::identity::Found;
use super::mirror;
use crate::destinations::contract::Wanted;
use crate::destinations::copy;
use crate::model::table::TableInfo;
use crate::model::view;
use crate::postgres::session::Session;
use crate::system::interrupt::Interrupt;
use crate::{Error, Result, catalog, record};

/// All tables are read in one state of the database, and nothing can be written.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// The name of the account that the schema holds.
pub(super) async fn account(schema: &Schema, interrupt: &Interrupt) -> Result<String> {
    let session = interrupt.or(connection::open(schema)).await?;
    let looking = async { name(schema, &look(schema, &session).await?) };
    let name = session.or(interrupt, looking).await;
    session.close().await;
    name
}

/// Copies what is wanted of the last extraction.
pub(super) async fn load(schema: &Schema, wanted: &Wanted<'_>) -> Result<Connection> {
    let session = wanted.interrupt.or(connection::open(schema)).await?;
    let copied = session.or(wanted.interrupt, copied(schema, &session, wanted)).await;
    session.close().await;
    copied
}

async fn copied(schema: &Schema, session: &Session, wanted: &Wanted<'_>) -> Result<Connection> {
    let found = look(schema, session).await?;
    if name(schema, &found)? != wanted.account {
        let reason = format!("it holds no extraction of the account `{}`", wanted.account);
        return Err(refused(schema, &reason, "each schema has the data of one account"));
    }
    let copy = copy::create()?;
    wanted.interrupt.watch(&copy);
    for table in tables(wanted.names) {
        let created = copy.execute_batch(&copy::declaration(&table));
        created.map_err(|error| copy::failed(&error))?;
        let Some(known) = found.columns_of(&table) else { continue };
        let failed = |error: rusqlite::Error| copy::failed(&error);
        mirror::copy_rows(&copy, &session.client, schema, &known, "TRUE", failed).await?;
    }
    let state = copy.execute_batch(&copy::declaration(&view::state_table()));
    state.map(|()| copy).map_err(|error| copy::failed(&error))
}

/// The tables and views with these names, the record of the runs, and tables that flaglake keeps.
fn tables(names: &[&'static str]) -> Vec<TableInfo> {
    let record = record::tables();
    let is_wanted = |table: &TableInfo| names.contains(&table.name) || record.contains(table);
    let history: Vec<_> = catalog::history::versions().collect();
    let kept = catalog::kept().into_iter().filter(|table| !history.contains(&table));
    let others = catalog::tables().into_iter().chain(catalog::views());
    others.filter(is_wanted).chain(kept).collect()
}

async fn look(schema: &Schema, session: &Session) -> Result<Found> {
    let begun = session.client.batch_execute(BEGIN).await;
    begun.map_err(|error| broken(schema, &error))?;
    Found::look_to_read(&session.client, schema).await
}

/// The ID of the account, or the name of the schema where LaunchDarkly has not told it.
fn name(schema: &Schema, found: &Found) -> Result<String> {
    if found.state.extraction_id.is_none() {
        let reason = format!("`{schema}` holds no extraction");
        return Err(Error::usage(reason).hint("run `flaglake extract` with this output"));
    }
    Ok(found.state.account_id.clone().unwrap_or_else(|| schema.name.clone()))
}
