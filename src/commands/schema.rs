//! `flaglake schema`: prints the files of `schema/` from the binary.

use std::io::{self, Write};

use crate::cli::{SchemaArguments, SchemaFormat};
use crate::error::Kind;
use crate::system::files;
use crate::{Error, Result, catalog};

/// Prints the tables.
///
/// # Errors
/// When standard output cannot be written; a closed pipe is no error.
pub fn run(arguments: &SchemaArguments) -> Result<()> {
    let name = match arguments.format {
        SchemaFormat::Markdown => "tables.md",
        SchemaFormat::Mermaid => "diagram.md",
        SchemaFormat::Sql => "sqlite.sql",
        SchemaFormat::Postgres => "postgres.sql",
        SchemaFormat::State => "state.sql",
        SchemaFormat::Arrow => "arrow.json",
        SchemaFormat::Dbt => "sources.yml",
        SchemaFormat::Commands => "commands.json",
        SchemaFormat::Datasette => "datasette.json",
        SchemaFormat::Grafana => return print(catalog::GRAFANA),
    };
    let file = catalog::files().into_iter().find(|file| file.0 == name);
    let text = file.map(|(_, text)| text).unwrap_or_default();
    print(&text)
}

/// Writes to standard output. A reader that closed the pipe is no error.
pub(super) fn print(text: &str) -> Result<()> {
    let mut stdout = io::stdout();
    // Without a flush, an error at the end of the process would not be reported.
    printed(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
}

/// A pipe that was closed is no error.
pub(super) fn printed(outcome: io::Result<()>) -> Result<()> {
    match outcome {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let message = format!("could not write to standard output: {error}");
            Err(Error::new(Kind::OutputFailed, message).hint(files::hint(&error)))
        }
        _ => Ok(()),
    }
}
