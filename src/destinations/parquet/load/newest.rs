//! Copies the tables and views of the newest extraction.

use rusqlite::{Connection, params};

use super::plan::{Absent, COVERAGE, OF_RECORD, Plan};
use super::rows::Extraction;
use crate::Result;
use crate::catalog;
use crate::destinations::copy;
use crate::destinations::parquet::Parquet;
use crate::model::settings;
use crate::model::table::TableInfo;
use crate::model::view::{self, View};

impl Parquet {
    /// Copies the tables and views with these names.
    ///
    /// # Errors
    /// `output_failed` when a file is missing or damaged.
    pub(super) async fn copy_parts(
        &self,
        copy: &Connection,
        newest: &Extraction,
        names: &[&'static str],
    ) -> Result<()> {
        let plan = Plan::new(newest, names);
        create(copy, newest, &plan).map_err(|error| copy::failed(&error))?;
        for table in &plan.stored {
            self.copy_rows(copy, "main", table, newest).await?;
        }
        Ok(())
    }
}

fn create(copy: &Connection, newest: &Extraction, plan: &Plan) -> rusqlite::Result<()> {
    let kept = catalog::kept();
    let own = kept.iter().filter(|table| !is_history(table));
    for table in plan.stored.iter().chain(own) {
        copy.execute_batch(&copy::declaration(table))?;
    }
    copy.execute_batch(&copy::declaration(&view::state_table()))?;
    settings::restore(copy, &newest.id)?;
    let of_record = view::all().into_iter().filter(|view| OF_RECORD.contains(&view.name));
    for view in of_record.chain(plan.computed.iter().cloned()) {
        copy.execute_batch(&statement(&view))?;
    }
    note(copy, &plan.absent)
}

/// Whether a table holds versions of rows, which an extraction has none of.
fn is_history(table: &TableInfo) -> bool {
    catalog::history::versions().any(|versions| versions == table)
}

/// The statement that creates a view. Views that are absent are part of what data is missing.
fn statement(view: &View) -> String {
    if view.name != COVERAGE {
        return view.create("");
    }
    format!(
        "CREATE TABLE absent_views (view_name, resource, outcome);
         CREATE VIEW {COVERAGE} AS SELECT * FROM (\n{}\n)
         UNION ALL
         SELECT view_name, resource, 1, '', outcome, NULL, NULL FROM absent_views
         WHERE resource NOT IN (SELECT resource FROM resource_coverage WHERE NOT is_complete)",
        view.text.trim_end()
    )
}

fn note(copy: &Connection, absent: &[Absent]) -> rusqlite::Result<()> {
    let mut insert = copy.prepare("INSERT INTO absent_views VALUES (?1, ?2, ?3)")?;
    absent.iter().try_for_each(|Absent { view, resource, outcome }| {
        insert.execute(params![view, resource, outcome]).map(drop)
    })
}
