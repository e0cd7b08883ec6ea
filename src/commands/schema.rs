//! `flaglake schema`: prints the files of `schema/` from the binary.

use std::io::{self, Write};

use crate::cli::{SchemaArguments, SchemaFormat};
use crate::error::{Kind, redact};
use crate::system::files;
use crate::terminal::{suggest, width};
use crate::{Error, Result, catalog};

/// The width of a page where there is no terminal.
const WIDTH: usize = 80;

/// Prints the tables, or explains one.
///
/// # Errors
/// `usage` where there is no such table; when standard output cannot be written. A closed pipe is no
/// error.
pub fn run(arguments: &SchemaArguments) -> Result<()> {
    if let Some(table) = &arguments.table {
        return explain(table, arguments.format);
    }
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

/// Explains a table or view.
fn explain(name: &str, format: SchemaFormat) -> Result<()> {
    if format != SchemaFormat::Markdown {
        return Err(Error::usage("this `--format` prints all tables")
            .hint("leave out the table, or `--format`"));
    }
    let width = width::columns().unwrap_or(WIDTH);
    match catalog::explain::explain(&name.trim().to_ascii_lowercase(), width) {
        Some(page) => print(&page),
        None => Err(unknown(name)),
    }
}

fn unknown(name: &str) -> Error {
    let names = catalog::explain::explained();
    let similar = suggest::similar(name, names);
    let similar: Vec<_> = similar.iter().map(|name| format!("`{name}`")).collect();
    let hint = if similar.is_empty() {
        "`flaglake schema` prints all of them".to_owned()
    } else {
        format!("did you mean {}?", similar.join(" or "))
    };
    Error::usage(format!("there is no table or view `{}`", redact::value(name))).hint(hint)
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
