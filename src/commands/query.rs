//! `flaglake query`: runs one reading statement on an output.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, StdoutLock};

use super::schema::printed;
use crate::Result;
use crate::cli::{QueryArguments, QueryFormat};
use crate::query::Query;
use crate::query::page::{Page, Written};
use crate::query::sheet::{Csv, Json, Markdown, Sheet, Table};
use crate::system::interrupt::{Interrupt, Work};
use crate::terminal::{counted, say, width};

/// Runs the statement and writes its rows.
///
/// # Errors
/// When the output cannot be read, the statement fails, or does more than read; a closed pipe is no
/// error.
pub async fn run(arguments: &QueryArguments, quiet: bool) -> Result<()> {
    let (sql, address) = (arguments.statement()?, arguments.input.address()?);
    let interrupt = Interrupt::listen_during(Work::Reading);
    let account = arguments.account.as_deref();
    let query = Query { address: &address, account, sql: &sql, interrupt: &interrupt };
    let mut page = Page::new(sheet(arguments.format), arguments.max_rows);
    query.run(&mut page).await?;
    match page.end() {
        Ok(written) if !quiet => say(&count(&written)),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        Err(error) => printed(Err(error))?,
    }
    Ok(())
}

/// The form, on standard output.
fn sheet(format: QueryFormat) -> Box<dyn Sheet> {
    let output: BufWriter<StdoutLock<'static>> = BufWriter::new(io::stdout().lock());
    match format {
        QueryFormat::Table => Box::new(Table::new(output, width::columns())),
        QueryFormat::Csv => Box::new(Csv::new(output, io::stdout().is_terminal())),
        QueryFormat::Json => Box::new(Json::new(output)),
        QueryFormat::Markdown => Box::new(Markdown::new(output)),
    }
}

/// How many rows there are, in words.
fn count(written: &Written) -> String {
    match written {
        Written { rows, has_more: true } => {
            format!(
                "The first {}; there are more: `--max-rows` sets how many",
                counted(rows, "row")
            )
        }
        Written { rows, .. } => counted(rows, "row"),
    }
}
