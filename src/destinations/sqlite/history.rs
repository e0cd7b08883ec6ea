//! Versions of rows in a SQLite output: opened and closed in the transaction that publishes.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use super::archived;
use super::migrate::outside;
use super::moment::{END, MOMENT, NEXT};
use crate::model::history::History;
use crate::model::privacy::Privacy;
use crate::model::table::{ColumnInfo, Personal, TableInfo};
use crate::record::{Coverage, Record};
use crate::resources::flag_statuses::STATUS_SINCE;
use crate::{catalog, resources};

/// The state of a table in the output before it was updated.
pub(super) struct Known {
    history: &'static History,
    /// The columns of the history table, or of the table itself if it has no history yet; empty if
    /// neither exists.
    columns: Vec<String>,
    /// Whether the history table existed.
    has_versions: bool,
}

/// Reads the state of an output before its tables are migrated.
pub(super) fn known(connection: &Connection) -> rusqlite::Result<Vec<Known>> {
    let look = |history: &'static History| {
        let versions = columns(connection, history.versions.name)?;
        let has_versions = !versions.is_empty();
        let columns = if has_versions { versions } else { columns(connection, history.of.name)? };
        Ok(Known { history, columns, has_versions })
    };
    catalog::history::all().iter().map(look).collect()
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?1, 'main')")?;
    let names = statement.query_map([table], |row| row.get(0))?;
    names.collect()
}

/// Deletes the history of another account.
pub(super) fn forget(connection: &Connection) -> rusqlite::Result<()> {
    let delete = |table: &TableInfo| format!("DELETE FROM main.{};", table.name);
    connection.execute_batch(&catalog::history::tables().iter().map(delete).collect::<String>())
}

/// Creates the first versions from rows that a version of flaglake without history published. They
/// are valid since the start of the run that read them.
pub(super) fn begin(connection: &Connection, known: &[Known]) -> rusqlite::Result<()> {
    for Known { history: History { of, versions }, .. } in
        known.iter().filter(|known| !known.has_versions)
    {
        let names = names(&of.columns, "");
        let sql = format!(
            "INSERT INTO main.{} ({names}, valid_from, extraction_id)
             SELECT {names}, run.started_at, run.extraction_id FROM main.{} CROSS JOIN (
                 SELECT started_at, extraction_id FROM main.extractions
                 JOIN main.extraction_resources USING (extraction_id)
                 WHERE resource = ?1 AND outcome = 'complete'
                 ORDER BY started_at DESC LIMIT 1) AS run",
            versions.name, of.name
        );
        connection.execute(&sql, [resource(of)])?;
        if of.position(STATUS_SINCE).is_some() {
            let sql = format!("UPDATE main.{} SET {STATUS_SINCE} = valid_from", versions.name);
            connection.execute(&sql, [])?;
        }
    }
    Ok(())
}

/// Closes the versions of rows that were changed or deleted, and opens versions of rows that were
/// changed or added. Scopes that this run did not read are left unchanged.
pub(super) fn update(
    connection: &Connection,
    known: &[Known],
    record: &Record,
    has_mode_changed: bool,
) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("without_people", 1, flags, |context| {
        let text: Option<String> = context.get(0)?;
        Ok(text.map(|text| Privacy::without_people(&text)))
    })?;
    for known in known {
        let coverage = record.coverage(resource(&known.history.of));
        let update = Update { connection, known, has_mode_changed };
        update.close_orphans(record)?;
        archived::close(connection, known.history, &coverage, record)?;
        if coverage != Coverage::None {
            update.close(&coverage, record)?;
            update.fill()?;
            update.open()?;
        }
    }
    connection.remove_function("without_people", 1)
}

/// The update of one history table.
struct Update<'u> {
    connection: &'u Connection,
    known: &'u Known,
    /// Whether the previous run treated personal data in another way.
    has_mode_changed: bool,
}

impl Update<'_> {
    /// Closes the versions of orphan rows. Where all parents were read and one no longer exists,
    /// its children do not exist either, even if they were not read.
    fn close_orphans(&self, record: &Record) -> rusqlite::Result<()> {
        let History { of, versions } = self.known.history;
        let all = catalog::tables();
        for parent in of.references().filter_map(|name| all.iter().find(|one| one.name == name)) {
            if record.coverage(resource(parent)) != Coverage::Whole {
                continue;
            }
            let sql = format!(
                "UPDATE main.{} AS old
                 SET valid_to = {END}
                 WHERE valid_to IS NULL AND {} AND NOT EXISTS (
                     SELECT 1 FROM main.{} AS new WHERE {})",
                versions.name,
                self.is_selected(record),
                parent.name,
                same_key(parent)
            );
            self.connection.execute(&sql, [])?;
        }
        Ok(())
    }

    /// The condition that a row is of a project that this run selected.
    fn is_selected(&self, record: &Record) -> &'static str {
        if record.is_of_selected_projects() && is_in_project(&self.known.history.of) {
            "project_key IN (SELECT project_key FROM stage.projects)"
        } else {
            "TRUE"
        }
    }

    fn close(&self, coverage: &Coverage, record: &Record) -> rusqlite::Result<()> {
        let History { of, versions } = self.known.history;
        let (is_read, scopes) = match coverage {
            Coverage::Except(scopes) => outside(scopes),
            // The statement has one parameter, which must be used.
            _ => ("?1 = ''".to_owned(), String::new()),
        };
        let is_selected = self.is_selected(record);
        let sql = format!(
            "UPDATE main.{} AS old
             SET valid_to = {END}
             WHERE valid_to IS NULL AND {is_read} AND {is_selected} AND NOT EXISTS (
                 SELECT 1 FROM main.{} AS new WHERE {} AND {})",
            versions.name,
            of.name,
            same_key(of),
            self.same_values()
        );
        self.connection.execute(&sql, [scopes]).map(drop)
    }

    /// Fills the columns of open versions that could not be compared.
    fn fill(&self) -> rusqlite::Result<()> {
        let History { of, versions } = self.known.history;
        let set = of.columns.iter().filter(|column| self.is_incomparable(column));
        let set: Vec<_> = set.map(|column| format!("{0} = new.{0}", column.name)).collect();
        if set.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "UPDATE main.{} AS old SET {} FROM main.{} AS new
             WHERE {} AND old.valid_to IS NULL",
            versions.name,
            set.join(", "),
            of.name,
            same_key(of)
        );
        self.connection.execute(&sql, []).map(drop)
    }

    fn open(&self) -> rusqlite::Result<()> {
        let History { of, versions } = self.known.history;
        let is_first = is_empty(self.connection, versions)?;
        let begin = if is_first { MOMENT.to_owned() } else { after_others(of, versions) };
        // A first run opens a version for every row, so it need not search for open ones.
        let is_new = if is_first { "TRUE".to_owned() } else { is_without_version(of, versions) };
        let sql = format!(
            "INSERT INTO main.{} ({}, valid_from, extraction_id)
             SELECT {}, {begin}, run.extraction_id
             FROM main.{} AS new CROSS JOIN stage.extractions AS run
             WHERE {is_new} ORDER BY {}",
            versions.name,
            names(&of.columns, ""),
            names(&of.columns, "new."),
            of.name,
            of.key.join(", ")
        );
        self.connection.execute(&sql, []).map(drop)
    }

    /// The condition that `old` and `new` have equal values.
    fn same_values(&self) -> String {
        let of = &self.known.history.of;
        let compared = of.columns.iter().filter(|column| {
            !column.volatile && !of.key.contains(&column.name) && self.is_known(column)
        });
        let terms = compared.filter_map(|column| match self.personal(column) {
            Personal::No => Some(format!("new.{0} IS old.{0}", column.name)),
            Personal::Mentions => {
                Some(format!("without_people(new.{0}) IS without_people(old.{0})", column.name))
            }
            Personal::Whole => None,
        });
        let terms: Vec<_> = terms.collect();
        if terms.is_empty() { "TRUE".to_owned() } else { terms.join(" AND ") }
    }

    /// The part of a column that depends on the treatment of personal data, if that has changed
    /// since the previous run.
    fn personal(&self, column: &ColumnInfo) -> Personal {
        if self.has_mode_changed {
            Privacy::concerns(&self.known.history.of, column)
        } else {
            Personal::No
        }
    }

    /// Whether the output had the column before.
    fn is_known(&self, column: &ColumnInfo) -> bool {
        let columns = &self.known.columns;
        columns.is_empty() || columns.iter().any(|name| name == column.name)
    }

    fn is_incomparable(&self, column: &ColumnInfo) -> bool {
        !self.is_known(column) || self.personal(column) != Personal::No
    }
}

fn names(columns: &[ColumnInfo], prefix: &str) -> String {
    columns.iter().map(|column| format!("{prefix}{}", column.name)).collect::<Vec<_>>().join(", ")
}

/// The condition that `old` and `new` are rows of the same object.
pub(super) fn same_key(table: &TableInfo) -> String {
    let terms = table.key.iter().map(|name| format!("old.{name} = new.{name}"));
    terms.collect::<Vec<_>>().join(" AND ")
}

/// The time at which a version of `new` begins: this run, or later if an earlier version of the
/// object has not ended by then.
fn after_others(of: &TableInfo, versions: &TableInfo) -> String {
    format!(
        "max({MOMENT}, coalesce((
             SELECT max(max(coalesce(valid_to, ''), {NEXT})) FROM main.{} AS old WHERE {}), ''))",
        versions.name,
        same_key(of)
    )
}

/// The condition that `new` has no open version.
fn is_without_version(of: &TableInfo, versions: &TableInfo) -> String {
    let (name, same_key) = (versions.name, same_key(of));
    format!(
        "NOT EXISTS (SELECT 1 FROM main.{name} AS old WHERE {same_key} AND old.valid_to IS NULL)"
    )
}

fn is_in_project(table: &TableInfo) -> bool {
    table.position("project_key").is_some()
}

/// The resource that fills a table.
fn resource(table: &TableInfo) -> &'static str {
    let fills = resources::ALL.iter().find(|resource| resource.tables().contains(table));
    fills.map_or(table.name, |resource| resource.name())
}

/// Whether a table of the output is empty.
pub(super) fn is_empty(connection: &Connection, table: &TableInfo) -> rusqlite::Result<bool> {
    let sql = format!("SELECT NOT EXISTS (SELECT 1 FROM main.{})", table.name);
    connection.query_row(&sql, [], |row| row.get(0))
}

#[cfg(test)]
mod tests;
