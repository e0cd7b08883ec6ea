//! Computes daily figures from the extractions of the account, with the statements that fill their
//! tables in a SQLite output: they run once for each extraction, over its stored tables and views.

use rusqlite::Connection;
use tracing::warn;

use super::plan::OF_RECORD;
use super::rows::Extraction;
use crate::destinations::copy;
use crate::destinations::parquet::Parquet;
use crate::model::project_daily;
use crate::model::resource::Resource;
use crate::model::sql::has_word;
use crate::model::subject_daily;
use crate::model::table::TableInfo;
use crate::model::view;
use crate::resources::flag_statuses::FlagStatuses;
use crate::resources::flags::Flags;
use crate::system::interrupt::Interrupt;
use crate::{Result, catalog, record};

/// A view that an extraction lacks where no status was read. The statements see that by themselves.
const OPTIONAL: &str = "stale_flags";

/// The tables of all flags, and of those of the run that is being added.
const BEGIN: &str = "
    CREATE TABLE main.flags_history (
        project_key, flag_key, created_at, archived_at,
        PRIMARY KEY (project_key, flag_key, created_at, archived_at)) WITHOUT ROWID;
    CREATE TEMP TABLE added (extraction_id);
    CREATE TEMP VIEW latest_extraction AS
        SELECT * FROM main.extractions WHERE extraction_id = (SELECT extraction_id FROM temp.added);";

/// Keeps which flags a run has seen: also those that are deleted count on the day of their
/// creation.
const SEE: &str = "
    INSERT OR IGNORE INTO main.flags_history
    SELECT project_key, flag_key, created_at, coalesce(archived_at, '') FROM temp.flags";

/// Whether there is a flag whose status decides a figure. Otherwise, statuses need not be read.
const NEEDS_STATUSES: &str =
    "SELECT EXISTS (SELECT 1 FROM temp.stale_percentages WHERE unknown_flags > 0)";

/// The statements that fill the tables of daily figures in `names`.
fn statements(names: &[&str]) -> String {
    let is_of_projects = names.contains(&project_daily::NAME);
    let of_projects = is_of_projects.then(|| format!("{SEE};\n{}", project_daily::SQL));
    let of_subjects = subject_daily::statements();
    let of_subjects = subject_daily::tables().zip(of_subjects);
    let of_subjects = of_subjects.filter(|(table, _)| names.contains(&table.name));
    of_projects.into_iter().chain(of_subjects.map(|(_, sql)| sql)).collect::<Vec<_>>().join(";\n")
}

impl Parquet {
    /// Adds the figures of `names` of all runs up to the newest. Earlier ones that cannot be read
    /// are left out, with a warning.
    ///
    /// # Errors
    /// When the newest extraction cannot be read, the copy not be written, or the process is to
    /// end.
    pub(super) async fn compute_daily(
        &self,
        copy: &Connection,
        newest: &Extraction,
        runs: &[Extraction],
        names: &[&str],
        interrupt: &Interrupt,
    ) -> Result<()> {
        let sql = statements(names);
        if sql.is_empty() {
            return Ok(());
        }
        let tables = tables(&sql);
        let days = Days { lake: self, copy, newest: &newest.id, sql, tables };
        days.begin().map_err(|error| copy::failed(&error))?;
        let mut held = None;
        for run in runs.iter().filter(|run| run.id <= newest.id) {
            match days.add(run, &mut held).await {
                Err(error) if run.id != newest.id => {
                    // The end of the whole is not that of one extraction.
                    interrupt.check()?;
                    held = None;
                    warn!(%error, "The extraction {} cannot be read: trends do not have it.", run.id);
                }
                added => added?,
            }
        }
        days.end().map_err(|error| copy::failed(&error))
    }
}

/// The figures that are being computed.
struct Days<'d> {
    lake: &'d Parquet,
    copy: &'d Connection,
    /// The ID of the newest extraction.
    newest: &'d str,
    /// The statements that fill the tables.
    sql: String,
    /// What the statements read, with the columns that they name.
    tables: Vec<TableInfo>,
}

impl Days<'_> {
    fn begin(&self) -> rusqlite::Result<()> {
        self.copy.execute_batch(BEGIN)?;
        for view in view::all().iter().filter(|view| view.name == "resource_coverage") {
            self.copy.execute_batch(&view.create("TEMP "))?;
        }
        for table in &self.tables {
            let ddl = copy::declaration(table).replacen("TABLE", "TEMP TABLE", 1);
            self.copy.execute_batch(&ddl)?;
        }
        Ok(())
    }

    /// Adds the figures of a run. `held` is the extraction whose rows the tables hold.
    async fn add(&self, run: &Extraction, held: &mut Option<String>) -> Result<()> {
        let holder = run.known.same_as.as_ref().unwrap_or(&run.id);
        if held.as_ref() != Some(holder) {
            *held = None;
            if !self.fill(&self.lake.extraction(holder).await?).await? {
                if run.id != self.newest {
                    warn!("The extraction {} lacks what trends need: they do not have it.", run.id);
                }
                return Ok(());
            }
            *held = Some(holder.clone());
        }
        let sql = format!("DELETE FROM temp.added; INSERT INTO temp.added VALUES ('{}')", run.id);
        let added = self.copy.execute_batch(&sql).and_then(|()| self.copy.execute_batch(&self.sql));
        added.map_err(|error| copy::failed(&error))
    }

    /// Copies the rows of an extraction; `false` if it does not have all that the figures need.
    async fn fill(&self, from: &Extraction) -> Result<bool> {
        let is_view = |name| view::all().iter().any(|view| view.name == name);
        let lacks = |table: &&TableInfo| !from.known.has(table.name) && table.name != OPTIONAL;
        let has_views =
            !self.tables.iter().filter(|table| is_view(table.name)).any(|one| lacks(&one));
        if !from.known.has(Flags::NAME) || !has_views {
            return Ok(false);
        }
        let clear = self.tables.iter().map(|table| format!("DELETE FROM temp.{};", table.name));
        let cleared = self.copy.execute_batch(&clear.collect::<String>());
        cleared.map_err(|error| copy::failed(&error))?;
        let (statuses, others): (Vec<_>, Vec<_>) =
            self.tables.iter().partition(|table| table.name == FlagStatuses::NAME);
        for table in others {
            self.lake.copy_rows(self.copy, "temp", table, from).await?;
        }
        if !statuses.is_empty() && self.needs_statuses().map_err(|error| copy::failed(&error))? {
            for table in statuses {
                self.lake.copy_rows(self.copy, "temp", table, from).await?;
            }
        }
        Ok(true)
    }

    fn needs_statuses(&self) -> rusqlite::Result<bool> {
        self.copy.query_row(NEEDS_STATUSES, [], |row| row.get(0))
    }

    /// Removes all but the figures.
    fn end(&self) -> rusqlite::Result<()> {
        let drop = self.tables.iter().map(|table| format!("DROP TABLE temp.{};", table.name));
        let own = "DROP VIEW temp.resource_coverage; DROP VIEW temp.latest_extraction;
                   DROP TABLE temp.added; DROP TABLE main.flags_history;";
        self.copy.execute_batch(&(drop.collect::<String>() + own))
    }
}

/// The tables and views that the statements name, with the columns that they name.
fn tables(sql: &str) -> Vec<TableInfo> {
    let kept = catalog::kept().into_iter().chain(record::tables().to_vec());
    let others: Vec<_> = kept.map(|table| table.name).chain(OF_RECORD).collect();
    let all = catalog::tables().into_iter().chain(catalog::views());
    let read = all.filter(|table| has_word(sql, table.name) && !others.contains(&table.name));
    let narrow = |mut table: TableInfo| {
        let key = table.key.clone();
        table.columns.retain(|column| key.contains(&column.name) || has_word(sql, column.name));
        table
    };
    read.map(narrow).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_statements_read_is_known_from_their_text() {
        let found = tables(project_daily::SQL);
        let names: Vec<_> = found.iter().map(|table| table.name).collect();
        let mut expected = vec![
            "critical_environments",
            "exempt_flags",
            "flag_judgements",
            "flag_readiness",
            "flag_statuses",
            "flags",
            "members",
            "project_thresholds",
            "projects",
            "stale_flags",
            "stale_percentages",
            "teams",
            "unowned_flags",
        ];
        let mut sorted = names.clone();
        sorted.sort_unstable();
        expected.sort_unstable();
        assert_eq!(sorted, expected);
        for table in found {
            assert!(table.key.iter().all(|key| table.position(key).is_some()), "{}", table.name);
        }
    }
}
