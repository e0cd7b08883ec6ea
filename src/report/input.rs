//! What a report is made of: a SQLite output as it is, or a copy of another output.

use rusqlite::Connection;

use super::{lists, open, organisation};
use crate::destinations::address::Address;
use crate::destinations::contract::Wanted;
use crate::error::Kind;
use crate::system::interrupt::Interrupt;
use crate::{Error, Result};

/// The tables that the sections read beside views.
const TABLES: [&str; 6] =
    ["environments", "flag_statuses", "flags", "members", "projects", "teams"];

/// An output to report on.
#[derive(Debug)]
pub struct Input<'i> {
    address: &'i Address,
    interrupt: &'i Interrupt,
}

/// The accounts that a report is about.
#[derive(Debug, PartialEq, Eq)]
pub enum Chosen {
    /// One account, by its name in the output; `None` is that of a SQLite database.
    One(Option<String>),
    /// All accounts of an output that holds several.
    All(Vec<String>),
}

impl<'i> Input<'i> {
    /// The output, as `--input` names it.
    pub fn name(&self) -> Option<String> {
        self.address.input()
    }

    /// The output at `address`.
    pub const fn new(address: &'i Address, interrupt: &'i Interrupt) -> Self {
        Input { address, interrupt }
    }

    /// Finds the account `wanted`; without one, all accounts.
    ///
    /// # Errors
    /// `usage` where the output does not hold it; those of reading the output.
    pub async fn choose(&self, wanted: Option<&str>) -> Result<Chosen> {
        if self.address.report_input().is_some() {
            return Ok(Chosen::One(None));
        }
        let mut accounts = self.address.accounts(self.interrupt).await?;
        match (wanted, accounts.as_slice()) {
            (Some(id), held) if held.iter().any(|one| one == id) => {
                Ok(Chosen::One(Some(id.to_owned())))
            }
            (Some(id), held) => Err(self.other_account(id, held)),
            (None, [_]) => Ok(Chosen::One(accounts.pop())),
            (None, _) => Ok(Chosen::All(accounts)),
        }
    }

    /// The data of one account, with all that a report needs.
    ///
    /// # Errors
    /// Those of the database or the copy; `usage` where a database holds another account than
    /// `wanted`.
    pub async fn open(&self, account: Option<&str>, wanted: Option<&str>) -> Result<Connection> {
        let names: Vec<_> = open::NEEDED.into_iter().chain(lists::names()).chain(TABLES).collect();
        let connection = self.read(account, &names).await?;
        self.check_account(&connection, wanted)?;
        Ok(connection)
    }

    /// The data of one account, with what the page of an organisation needs.
    ///
    /// # Errors
    /// Those of the copy, which name the account.
    pub async fn open_summary(&self, account: &str) -> Result<Connection> {
        let names: Vec<_> = organisation::VIEWS.into_iter().chain(TABLES).collect();
        self.read(Some(account), &names).await
    }

    /// The data of one account, for any statement: a SQLite database as it is, whatever version of
    /// flaglake wrote it, or a copy of the tables and views in `names`.
    ///
    /// # Errors
    /// As for [`Input::open`].
    pub async fn open_any(
        &self,
        account: Option<&str>,
        wanted: Option<&str>,
        names: &[&'static str],
    ) -> Result<Connection> {
        let Some(path) = self.address.report_input() else {
            return self.read(account, names).await;
        };
        let connection = open::open_any(path)?;
        self.interrupt.watch(&connection);
        self.check_account(&connection, wanted)?;
        Ok(connection)
    }

    /// The data of one account, with the tables and views in `names`.
    ///
    /// # Errors
    /// Those of the database or the copy.
    pub async fn read(&self, account: Option<&str>, names: &[&'static str]) -> Result<Connection> {
        let connection = match (self.address.report_input(), account) {
            (Some(path), _) => open::open(path)?,
            (None, account) => {
                let account = account.unwrap_or_default();
                let wanted = Wanted { account, names, interrupt: self.interrupt };
                let copy = self.address.load(&wanted).await?;
                open::read_only(&copy).map_err(|error| self.unreadable(&error))?;
                copy
            }
        };
        self.interrupt.watch(&connection);
        Ok(connection)
    }

    /// The error of data that cannot be read.
    pub fn unreadable(&self, error: &rusqlite::Error) -> Error {
        if let Err(interrupted) = self.interrupt.check() {
            return interrupted;
        }
        if let Some(path) = self.address.report_input() {
            return open::unreadable(path, error);
        }
        self.refused(&error.to_string())
            .hint("an older version of flaglake may have written it: run `flaglake extract`")
    }

    fn refused(&self, reason: &str) -> Error {
        let name = self.address.to_string();
        Error::new(Kind::OutputFailed, format!("could not read `{name}`: {reason}")).resource(name)
    }

    fn check_account(&self, connection: &Connection, wanted: Option<&str>) -> Result<()> {
        let Some(wanted) = wanted.filter(|_| self.address.report_input().is_some()) else {
            return Ok(());
        };
        let sql = "SELECT account_id FROM latest_extraction";
        let held: Option<String> = connection
            .query_row(sql, [], |row| row.get(0))
            .map_err(|error| self.unreadable(&error))?;
        let held: Vec<_> = held.into_iter().collect();
        if held.iter().any(|one| one == wanted) {
            Ok(())
        } else {
            Err(self.other_account(wanted, &held))
        }
    }

    fn other_account(&self, wanted: &str, held: &[String]) -> Error {
        let name = self.address.to_string();
        let error = Error::usage(format!("`{name}` does not hold the account `{wanted}`"));
        let error = error.resource(name);
        match held {
            [] => error.hint("the ID of its account is not known: leave `--account` out"),
            held => error.hint(format!("it holds {}", quoted(held))),
        }
    }
}

/// The first accounts, as a list.
fn quoted(accounts: &[String]) -> String {
    let names: Vec<_> = accounts.iter().map(|one| format!("`{one}`")).collect();
    super::words::some(&names, 10)
}
