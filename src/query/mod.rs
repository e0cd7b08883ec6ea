//! One statement over an output of any kind, which is only read.
//!
//! * `sqlite`: a SQLite output as it is, or a copy of what the statement reads (`names`).
//! * `server`: a PostgreSQL output, in PostgreSQL's SQL.
//! * [`page`]: takes the rows, as many as are wanted; [`sheet`]: one file for each form.

mod names;
pub mod page;
mod server;
pub mod sheet;
mod sqlite;
pub mod value;

use self::page::Page;
use crate::destinations::address::Address;
use crate::report::input::{Chosen, Input};
use crate::system::interrupt::Interrupt;
use crate::{Error, Result};

/// A statement, and where it runs.
#[derive(Clone, Copy, Debug)]
pub struct Query<'q> {
    /// The output.
    pub address: &'q Address,
    /// The ID of the account, if one is asked about.
    pub account: Option<&'q str>,
    /// The statement.
    pub sql: &'q str,
    /// The signals that end it.
    pub interrupt: &'q Interrupt,
}

impl Query<'_> {
    /// Runs the statement, and gives its rows to `page`.
    ///
    /// # Errors
    /// `usage` where the statement does more than read, fails, or an account must be named; those of
    /// opening the output.
    pub async fn run(&self, page: &mut Page<'_>) -> Result<()> {
        if let Some(place) = self.address.on_server() {
            return server::run(self, place, page).await;
        }
        let input = Input::new(self.address, self.interrupt);
        let account = match input.choose(self.account).await? {
            Chosen::One(account) => account,
            Chosen::All(accounts) => return Err(self.several(&accounts)),
        };
        let connection = sqlite::open(self, &input, account.as_deref()).await?;
        sqlite::run(self, &input, connection, page)
    }

    fn several(&self, accounts: &[String]) -> Error {
        let names: Vec<_> = accounts.iter().map(|one| format!("`{one}`")).collect();
        let names = crate::report::words::some(&names, 10);
        Error::usage(format!("`{}` holds several accounts", self.address))
            .resource(self.address.to_string())
            .hint(format!("name one with `--account`: {names}"))
    }

    /// The error of a statement that does more than read.
    fn not_reading(&self) -> Error {
        Error::usage("the statement is not one that only reads rows; nothing was changed")
            .resource(self.address.to_string())
            .hint("write one `SELECT` statement")
    }

    /// The error of a statement that fails.
    fn failed(&self, reason: &str, hint: impl Into<String>) -> Error {
        Error::usage(format!("the statement failed on `{}`: {reason}", self.address))
            .resource(self.address.to_string())
            .hint(hint)
    }
}
