//! The output that a command reads.

use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args};

use super::extract::password_in_argument;
use super::values::parse_path;
use crate::destinations::address::{Address, parse_input};
use crate::terminal::values::variable;
use crate::{Error, Result};

/// The output of `flaglake extract` to read.
#[derive(Args, Clone, Debug)]
pub struct InputArguments {
    /// The output of `flaglake extract` to read: PATH or sqlite:PATH, parquet:FOLDER or
    /// delta:FOLDER, or parquet:s3://… (gs:// and az:// likewise), or
    /// postgres://USER@HOST/DATABASE?schema=NAME. Without it, that of FLAGLAKE_OUTPUT, else
    /// launchdarkly.db
    #[arg(short, long, value_name = "INPUT", env = "FLAGLAKE_INPUT", hide_env_values = true,
        value_parser = parse_input)]
    pub input: Option<Address>,
    /// Its password
    #[command(flatten)]
    pub password: PasswordFile,
}

/// The file of a password.
#[derive(Args, Clone, Debug)]
pub struct PasswordFile {
    /// Read the password of PostgreSQL from a file. Without it, the password comes from PGPASSWORD
    /// or the password file (~/.pgpass)
    #[arg(long, value_name = "PATH", env = "FLAGLAKE_POSTGRES_PASSWORD_FILE",
        value_parser = parse_path)]
    pub postgres_password_file: Option<PathBuf>,
}

impl InputArguments {
    /// The output to read. Without `--input`, it is the one that `extract` writes with the same
    /// `FLAGLAKE_OUTPUT`.
    ///
    /// # Errors
    /// `usage` when `FLAGLAKE_OUTPUT` is not a valid output, or the password cannot be read.
    pub fn address(&self) -> Result<Address> {
        if let Some(input) = &self.input {
            return self.password.of(input);
        }
        let output = variable("FLAGLAKE_OUTPUT")
            .map_err(|_| Error::usage("the value of `FLAGLAKE_OUTPUT` is not text"))?;
        self.password.of(&output.as_deref().unwrap_or("launchdarkly.db").parse()?)
    }
}

impl PasswordFile {
    /// The address with its password, if it takes one.
    ///
    /// # Errors
    /// `usage` when the file cannot be read.
    pub fn of(&self, address: &Address) -> Result<Address> {
        let with = self.postgres_password_file.as_deref();
        let with = with.map(|file| address.with_password_file(file)).transpose()?;
        Ok(with.flatten().unwrap_or_else(|| address.clone()))
    }
}

/// Checks that no argument holds a password.
///
/// # Errors
/// `usage` where one does.
pub fn check_input(input: Option<&Address>, matches: &ArgMatches) -> Result<()> {
    let is_argument = matches.value_source("input") == Some(ValueSource::CommandLine);
    if is_argument && input.is_some_and(|input| input.has_password()) {
        return Err(password_in_argument());
    }
    Ok(())
}
