//! `--rejected FILE.csv`: the rows that did not reach LaunchDarkly, for those who can mend them.

use std::path::Path;

use super::state::State;
use crate::system::files;
use crate::{Error, Result};

/// Writes the rejected rows of the run, in the order of the source. Keys are as in the source.
///
/// # Errors
/// `output_failed` when the file cannot be written.
pub fn write(state: &State, path: &Path) -> Result<()> {
    let failed = |error: csv::Error| Error::output(path, error);
    let file = files::create_private(path).map_err(|error| files::failed(path, &error))?;
    let mut file = csv::Writer::from_writer(file);
    file.write_record(["row_number", "row_key", "reason", "message"]).map_err(failed)?;
    let sql = "SELECT row_number, row_key, reason, message FROM fate WHERE reason IS NOT NULL
               ORDER BY row_number";
    let mut statement = state.or_failed(state.connection.prepare(sql))?;
    let mut rows = state.or_failed(statement.query([]))?;
    while let Some(row) = state.or_failed(rows.next())? {
        let number: i64 = state.or_failed(row.get(0))?;
        let texts = [1, 2, 3].map(|column| row.get::<_, Option<String>>(column));
        let [key, reason, message] = texts.map(|text| text.ok().flatten().unwrap_or_default());
        file.write_record([number.to_string(), key, reason, message]).map_err(failed)?;
    }
    file.flush().map_err(|error| Error::output(path, error))
}
