//! Writes the files of an extraction, then its manifest, and then points readers to it.

use std::time::Duration;

use jiff::Timestamp;

use super::manifest::{Manifest, TableManifest, newest_entry};
use super::unchanged::{Contents, refer};
use super::{Parquet, Part, lake, views};
use crate::Result;
use crate::destinations::{Rows, coverage};
use crate::record::{Coverage, Record, RunRow};
use crate::stage::Staged;
use crate::system::database;
use crate::system::interrupt::Interrupt;
use crate::verify::ReferenceCheck;

/// The files that a run wrote.
pub(in crate::destinations) struct Written {
    tables: Vec<TableManifest>,
    /// The rows of each table, also of those that an earlier extraction holds.
    pub rows: Rows,
    /// The file with the row that names the extraction, for queries; empty where that is one of the
    /// tables.
    newest_row: Vec<u8>,
}

impl Parquet {
    /// Points readers to what was written. If only the record of the run was, they stay pointed to
    /// the extraction that holds the same rows.
    ///
    /// # Errors
    /// `output_failed`.
    pub(super) async fn publish(&self, written: Written, extraction: &RunRow) -> Result<Rows> {
        let id = &extraction.extraction_id;
        if extraction.same_as.is_none() {
            self.store
                .replace(&lake::newest_row(&self.earlier.account), written.newest_row)
                .await?;
            self.point_to(id).await?;
        }
        self.release(id).await?;
        self.prune(extraction).await;
        Ok(written.rows)
    }

    /// Writes all files, and then the manifest, which makes them count. If that was asked for, and
    /// the newest extraction holds the same rows, writes only the record of the run.
    ///
    /// # Errors
    /// `output_failed`. The files that were written do not count then, and are removed.
    pub(in crate::destinations) async fn write(
        &self,
        staged: &Staged,
        record: &Record,
        extraction: &mut RunRow,
        check: ReferenceCheck,
        interrupt: &Interrupt,
    ) -> Result<Written> {
        let id = extraction.extraction_id.clone();
        let written = self.write_all(staged, record, extraction, check, interrupt).await;
        if written.is_err() {
            // Frees a disk that this run has filled. If this fails, the next run removes the files.
            let _ = self.remove_dead(&id).await;
        }
        written
    }

    /// Releases the ID of an extraction that is published.
    pub(in crate::destinations) async fn release(&self, id: &str) -> Result<()> {
        self.store.remove(&lake::claim(&self.earlier.account, id)).await
    }

    async fn write_all(
        &self,
        staged: &Staged,
        record: &Record,
        extraction: &mut RunRow,
        check: ReferenceCheck,
        interrupt: &Interrupt,
    ) -> Result<Written> {
        let known = self.newest_entries(Duration::ZERO).await;
        let parts = interrupt.or(self.parts(staged, record)).await?;
        let contents = self.contents(staged, &parts)?;
        extraction.same_as = interrupt.or(self.same(&contents)).await?;
        let written = if let Some(same) = &extraction.same_as {
            // The check reads the stage, which is written next.
            check.finish()?;
            let parts = refer(staged, parts, same)?;
            let written = self.write_parts(staged, &parts, &contents, extraction);
            let rows = contents.iter().map(|(name, content)| (*name, content.rows)).collect();
            Written { rows, ..interrupt.or(written).await? }
        } else {
            let written = self.write_parts(staged, &parts, &contents, extraction);
            let written = interrupt.or(written).await?;
            check.finish()?;
            written
        };
        interrupt.commit()?;
        let read_to = known.occurred_at.max(newest_entry(staged, extraction.finished_at)?);
        let last = newest_entry(staged, i64::MAX)?;
        self.write_manifest(&manifest(extraction, &written.tables, [read_to, last])).await?;
        Ok(written)
    }

    /// The tables and views that an extraction of this run has.
    async fn parts(&self, staged: &Staged, record: &Record) -> Result<Vec<Part>> {
        let failed = |error| database::failed(staged.path(), &error);
        let views = views::of(staged, record);
        views::create_tables(staged).map_err(failed)?;
        let partial = self.accumulate(staged, &views).await?;
        views::create_over(staged).map_err(failed)?;
        // A table that could not be read is left out: an empty one would say that there are no
        // rows.
        let is_read = |table: &&_| coverage(table, record) != Coverage::None;
        let tables = staged.tables.iter().filter(is_read).map(|table| ("main", table.clone()));
        let views = views::without(views, &partial);
        Ok(tables.chain(views.iter().map(|view| ("temp", view.table()))).collect())
    }

    /// Writes the file of each part, and makes it durable.
    async fn write_parts(
        &self,
        staged: &Staged,
        parts: &[Part],
        contents: &Contents,
        extraction: &RunRow,
    ) -> Result<Written> {
        let mut tables = Vec::new();
        for (schema, table) in parts {
            let id = &extraction.extraction_id;
            let mut written = self.write_table(staged, schema, table, id).await?;
            written.digest = contents.get(table.name).and_then(|content| content.digest.clone());
            tables.push(written);
        }
        let rows = tables.iter().map(|table| (table.name, table.rows)).collect();
        let mut newest_row = Vec::new();
        if !self.has_log {
            newest_row = self.newest_row(staged)?;
        } else if extraction.same_as.is_none() {
            let (table, id) = (views::latest_extraction(), &extraction.extraction_id);
            tables.push(self.write_table(staged, "temp", &table, id).await?);
        }
        let files: Vec<_> = tables.iter().flat_map(|table| table.files.iter().cloned()).collect();
        self.store.make_durable(&files)?;
        Ok(Written { tables, rows, newest_row })
    }

    async fn write_manifest(&self, manifest: &Manifest<'_>) -> Result<()> {
        let body = serde_json::to_string_pretty(manifest);
        let body = body.map_err(|error| self.store.failed(error))? + "\n";
        let name = lake::manifest(&self.earlier.account, manifest.extraction_id);
        self.store.replace(&name, body.into()).await
    }

    /// Tells programs to read the new extraction.
    pub(in crate::destinations) async fn point_to(&self, id: &str) -> Result<()> {
        let account = &self.earlier.account;
        let pointer = serde_json::json!({
            "extraction_id": id,
            "manifest": lake::manifest(account, id),
        });
        self.store.replace(&lake::pointer(account), format!("{pointer:#}\n").into()).await
    }
}

fn manifest<'m>(
    extraction: &'m RunRow,
    tables: &'m [TableManifest],
    [read_to, last]: [Option<i64>; 2],
) -> Manifest<'m> {
    let time = |milliseconds| {
        let time = Timestamp::from_millisecond(milliseconds).unwrap_or_default();
        format!("{time:.3}")
    };
    Manifest {
        extraction_id: &extraction.extraction_id,
        started_at: time(extraction.started_at),
        finished_at: time(extraction.finished_at),
        tool_version: env!("CARGO_PKG_VERSION"),
        schema_version: extraction.schema_version,
        account_id: extraction.account_id.as_deref(),
        same_as: extraction.same_as.as_deref(),
        audit_log_read_to: read_to.map(time),
        audit_log_last: last.map(time),
        tables,
    }
}
