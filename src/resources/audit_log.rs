//! The audit log.

use serde::Deserialize;

use crate::Result;
use crate::resource::{Group, Level, Paging, Resource, Scope};
use crate::table::{Sink, TableInfo};

/// The audit log.
pub struct AuditLog;

/// An entry.
#[derive(Debug, Deserialize)]
pub struct Entry {
    #[serde(rename = "_id")]
    pub(crate) id: String,
    pub(crate) date: i64,
}

impl Resource for AuditLog {
    type Item = Entry;
    const NAME: &'static str = "audit_log";
    const PATH: &'static str = "/api/v2/auditlog";
    const LEVEL: Level = Level::Account;
    const PERMISSION: &'static str = "";
    const GROUP: Group = Group::Default;
    const PAGING: Paging = Paging::Before(20);
    const REQUESTS: &'static str = "";
    const TABLES: &'static [fn() -> TableInfo] = &[];

    fn write(_: &Scope, _: &Entry, _: &mut dyn Sink) -> Result<()> {
        Ok(())
    }
}
