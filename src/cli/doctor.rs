//! The arguments of `flaglake doctor`.

use std::time::Duration;

use clap::builder::EnumValueParser;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args};

use super::check::CheckArguments;
use super::connection::Connection;
use super::extract::password_in_argument;
use super::input::PasswordFile;
use super::messages::Format;
use super::wanted::WantedResources;
use crate::Result;
use crate::destinations::address::Address;
use crate::terminal::values::Trimmed;

/// The most retries of a request. One shows whether a failure was chance.
const RETRIES: usize = 1;

/// The longest time for a request with its retries.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// `flaglake doctor`
#[derive(Args, Clone, Debug)]
pub struct DoctorArguments {
    /// Which account, and how to treat it
    #[command(flatten)]
    pub connection: Connection,
    /// Which resources
    #[command(flatten)]
    pub wanted: WantedResources,
    /// The output of `flaglake extract` to look at. May be repeated
    #[arg(
        short,
        long,
        value_name = "OUTPUT",
        default_value = "launchdarkly.db",
        env = "FLAGLAKE_OUTPUT",
        hide_env_values = true
    )]
    pub output: Vec<Address>,
    /// Its password
    #[command(flatten)]
    pub password: PasswordFile,
    /// How to write what was found
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<Format>::new()), default_value_t, env = "FLAGLAKE_FORMAT")]
    pub format: Format,
}

impl DoctorArguments {
    /// The checks of `flaglake check`. Whatever the options say, a request is given up soon.
    pub fn check(&self) -> CheckArguments {
        let mut connection = self.connection.clone();
        connection.retries = connection.retries.min(RETRIES);
        connection.max_wait = connection.max_wait.min(MAX_WAIT);
        CheckArguments {
            connection,
            wanted: self.wanted.clone(),
            only: Vec::new(),
            print_policy: false,
            writes: false,
            format: self.format,
        }
    }
}

/// Checks that no argument holds a password.
///
/// # Errors
/// `usage` where one does.
pub fn check_doctor(arguments: &DoctorArguments, matches: &ArgMatches) -> Result<()> {
    let is_argument = matches.value_source("output") == Some(ValueSource::CommandLine);
    if is_argument && arguments.output.iter().any(|output| output.has_password()) {
        return Err(password_in_argument());
    }
    Ok(())
}
