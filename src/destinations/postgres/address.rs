//! The address of a schema in a PostgreSQL database.

use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use super::{Postgres, load, mirror};
use crate::Result;
use crate::catalog::postgres::SCHEMA;
use crate::destinations::Kind;
use crate::destinations::address::Address;
use crate::destinations::address::parse::Parsed;
use crate::destinations::contract::{Answer, Capabilities, Destination, OnServer, Place, Wanted};
use crate::destinations::previous::Previous;
use crate::postgres::address::escaped;
use crate::postgres::password;
use crate::postgres::settings::Settings;
use crate::system::files;
use crate::system::hash::hash;
use crate::system::interrupt::Interrupt;
use crate::terminal::values::variable;

/// `postgres://USER@HOST/DATABASE?schema=NAME`; `postgresql://` is the same.
pub(in crate::destinations) const KIND: Kind = Kind {
    schemes: &["postgres", "postgresql"],
    parse,
    of_path: |_| None,
    capabilities: Capabilities {
        name: "PostgreSQL",
        keeps_history: true,
        keeps_extractions: false,
        has_views: true,
    },
};

/// A schema of a database.
#[derive(Clone, Debug)]
pub(super) struct Schema {
    /// The server and its database.
    pub server: Settings,
    pub name: String,
}

fn parse(text: &str) -> Parsed<Address> {
    let server = Settings::parse(text, |name| variable(name).ok().flatten())?;
    let name = server.schema.clone().unwrap_or_else(|| SCHEMA.to_owned());
    Ok(Address::new(Schema { server, name }))
}

impl Display for Schema {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.within(&self.server.address()))
    }
}

impl Schema {
    /// The address of the schema in the database at `address`.
    fn within(&self, address: &str) -> String {
        let separator = if self.server.is_socket() { '&' } else { '?' };
        format!("{address}{separator}schema={}", escaped(&self.name))
    }
}

impl Place for Schema {
    fn capabilities(&self) -> Capabilities {
        KIND.capabilities
    }

    fn has_password(&self) -> bool {
        self.server.password.is_some()
    }

    fn on_server(&self) -> Option<OnServer<'_>> {
        Some(OnServer { settings: &self.server, schema: &self.name })
    }

    fn with_password_file(&self, file: &Path) -> Result<Option<Address>> {
        let from_file = Some(password::read(file)?);
        let server = Settings { from_file, ..self.server.clone() };
        Ok(Some(Address::new(Schema { server, name: self.name.clone() })))
    }

    /// A hash of the address without user and password: all users of a schema share one lock.
    fn beside(&self, what: &str) -> PathBuf {
        let hash = hash(&self.to_string());
        files::temporary_folder().join(format!("flaglake-{hash:016x}.{what}"))
    }

    fn check(&self) -> Result<()> {
        files::check_length(&self.beside("stage"), 0)
    }

    fn remove_remains(&self) {
        mirror::remove_remains(self);
    }

    fn open(&self, patience: Duration, interrupt: &Interrupt) -> Result<Box<dyn Destination>> {
        Ok(Box::new(Postgres::open(self, patience, interrupt)?))
    }

    fn previous(&self, _patience: Duration, interrupt: &Interrupt) -> Result<Previous> {
        super::previous::read(self, interrupt)
    }

    fn input(&self) -> Option<String> {
        Some(self.within(&self.server.address_of_user()))
    }

    fn accounts<'a>(&'a self, interrupt: &'a Interrupt) -> Answer<'a, Vec<String>> {
        Box::pin(async { Ok(vec![load::account(self, interrupt).await?]) })
    }

    fn load<'a>(&'a self, wanted: &'a Wanted<'a>) -> Answer<'a, Connection> {
        Box::pin(load::load(self, wanted))
    }
}
