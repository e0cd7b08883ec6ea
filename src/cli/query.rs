//! The arguments of `flaglake query`.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::builder::EnumValueParser;
use clap::{Args, ValueEnum};

use super::input::InputArguments;
use super::values::{key, parse_path};
use crate::system::files;
use crate::terminal::values::{Trimmed, trim};
use crate::{Error, Result};

/// `flaglake query`
#[derive(Args, Clone, Debug)]
pub struct QueryArguments {
    /// The statement: one `SELECT`; `-` reads it from standard input
    #[arg(value_name = "SQL", required_unless_present = "file", conflicts_with = "file")]
    pub sql: Option<String>,
    /// Read the statement from a file
    #[arg(long, value_name = "PATH", value_parser = parse_path)]
    pub file: Option<PathBuf>,
    /// What to read
    #[command(flatten)]
    pub input: InputArguments,
    /// The ID of the account to read, for an output of several accounts
    #[arg(long, value_name = "ID", env = "FLAGLAKE_ACCOUNT", value_parser = key())]
    pub account: Option<String>,
    /// How to write the rows
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<QueryFormat>::new()), default_value_t, env = "FLAGLAKE_QUERY_FORMAT")]
    pub format: QueryFormat,
    /// Write at most the first rows, this many
    #[arg(long, value_name = "N", env = "FLAGLAKE_MAX_ROWS",
        value_parser = Trimmed(clap::value_parser!(u64)))]
    pub max_rows: Option<u64>,
}

/// The form of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum QueryFormat {
    /// A table for people
    #[default]
    Table,
    /// CSV with a header line
    Csv,
    /// One object, for programs
    Json,
    /// A table of Markdown
    Markdown,
}

impl QueryArguments {
    /// The statement.
    ///
    /// # Errors
    /// `usage` when it cannot be read.
    pub fn statement(&self) -> Result<String> {
        let statement = match (&self.sql, &self.file) {
            (Some(sql), _) if sql == "-" => read(Path::new("-")),
            (_, Some(file)) => read(file),
            (sql, None) => Ok(sql.clone().unwrap_or_default()),
        }?;
        Ok(trim(&statement).to_owned())
    }
}

/// The text of a file; `-` is standard input.
fn read(path: &Path) -> Result<String> {
    let mut text = String::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin().read_to_string(&mut text).map(drop)
    } else {
        std::fs::read_to_string(path).map(|read| text = read)
    };
    read.map(|()| text).map_err(|error| {
        Error::usage(format!("could not read the statement from `{}`: {error}", path.display()))
            .resource(path.display().to_string())
            .hint(files::hint(&error))
    })
}
