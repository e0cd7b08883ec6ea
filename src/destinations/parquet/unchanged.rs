//! `--skip-unchanged`: a run that finds what the newest extraction holds is only recorded. Its
//! record names that extraction, whose rows are not copied.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{Context, SHA256};
use futures::stream::{self, StreamExt, TryStreamExt};
use rusqlite::types::ValueRef;

use super::manifest::{Known, KnownTable};
use super::read::{RECORD, RUNS, text};
use super::{Parquet, Part, lake};
use crate::model::table::TableInfo;
use crate::model::view::LATEST_EXTRACTION;
use crate::stage::Staged;
use crate::system::database;
use crate::{Result, catalog, record};

/// The columns of views that change by the passing of time: ages, and times of reading. They are
/// not compared, so they stay as they were at the start of the extraction that holds them.
const PASSING: [&str; 8] = [
    "age_days",
    "days",
    "inactive_days",
    "quiet_days",
    "rows_read_at",
    "status_days",
    "unchanged_days",
    "waiting_days",
];

/// The columns of the record of a run that describe the data. The others differ in each run.
const RECORDED: [(&str, &[&str]); 2] = [
    (
        RUNS,
        &["tool_version", "schema_version", "base_url", "personal_data", "only_selected_projects"],
    ),
    (RECORD, &["resource", "scope", "outcome", "detail"]),
];

/// Files that are looked at at once.
const AT_ONCE: usize = 8;

/// The content of a table: two tables with the same digest have the same rows.
#[derive(Debug)]
pub(super) struct Content {
    pub rows: usize,
    /// `None` for a table that accumulates: the stage has only the rows that are new to it.
    pub digest: Option<String>,
}

/// The content of each table, by its name.
pub(super) type Contents = BTreeMap<&'static str, Content>;

impl Content {
    fn of(staged: &Staged, (schema, table): &Part) -> rusqlite::Result<Self> {
        let columns = compared(table);
        let (list, key) = (columns.join(", "), table.key.join(", "));
        let sql = format!("SELECT {list} FROM {schema}.{} ORDER BY {key}", table.name);
        let mut digest = Context::new(&SHA256);
        digest.update(list.as_bytes());
        let mut statement = staged.connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            count += 1;
            for index in 0..columns.len() {
                add(&mut digest, row.get_ref(index)?);
            }
        }
        let bytes = digest.finish();
        let digits = bytes.as_ref().iter().map(|byte| format!("{byte:02x}"));
        let digest = (!table.accumulates).then(|| digits.collect());
        Ok(Content { rows: count, digest })
    }

    /// Whether the table of an earlier extraction has this content.
    fn is_in(&self, known: &KnownTable) -> bool {
        match &self.digest {
            Some(digest) => known.digest.as_ref() == Some(digest),
            None => self.rows == 0,
        }
    }
}

/// Adds a cell to a digest, with its type and length, so that no two rows look alike.
fn add(digest: &mut Context, cell: ValueRef<'_>) {
    let mut add = |kind: u8, bytes: &[u8]| {
        digest.update(&[kind]);
        digest.update(&bytes.len().to_le_bytes());
        digest.update(bytes);
    };
    match cell {
        ValueRef::Null => add(0, &[]),
        ValueRef::Integer(number) => add(1, &number.to_le_bytes()),
        ValueRef::Real(number) => add(2, &number.to_le_bytes()),
        ValueRef::Text(text) => add(3, text),
        ValueRef::Blob(bytes) => add(4, bytes),
    }
}

/// The columns of a table in which two extractions of an unchanged account are equal.
fn compared(table: &TableInfo) -> Vec<&'static str> {
    if let Some((_, columns)) = RECORDED.iter().find(|(name, _)| *name == table.name) {
        return columns.to_vec();
    }
    let columns = catalog::arrow::file(table).columns.into_iter().map(|column| column.name);
    columns.filter(|name| !PASSING.contains(name)).collect()
}

impl Parquet {
    /// The content of each part of this run; empty if nothing is to be compared.
    ///
    /// # Errors
    /// When the stage cannot be read.
    pub(super) fn contents(&self, staged: &Staged, parts: &[Part]) -> Result<Contents> {
        if !self.skip_unchanged {
            return Ok(Contents::new());
        }
        let contents = parts.iter().map(|part| Ok((part.1.name, Content::of(staged, part)?)));
        let contents = contents.collect::<rusqlite::Result<_>>();
        contents.map_err(|error| database::failed(staged.path(), &error))
    }

    /// The ID of the newest extraction, if it holds these contents completely, and readers are
    /// pointed to it.
    ///
    /// # Errors
    /// `output_failed` when the store cannot be read.
    pub(super) async fn same(&self, contents: &Contents) -> Result<Option<String>> {
        if contents.is_empty() {
            return Ok(None);
        }
        let Some(id) = self.newest_id().await? else { return Ok(None) };
        // The run was compared with the extractions that it knew at its start.
        if !self.has(&id) || !self.is_read_by_queries(&id).await {
            return Ok(None);
        }
        let Some(known) = self.complete(&id).await? else { return Ok(None) };
        let is_same = |table: &KnownTable| {
            contents.get(table.name.as_str()).is_some_and(|content| content.is_in(table))
        };
        // The row that names the extraction is not data.
        let is_data = |table: &&KnownTable| table.name != LATEST_EXTRACTION;
        let tables: Vec<_> = known.tables.iter().filter(is_data).collect();
        let is_same = tables.len() == contents.len() && tables.into_iter().all(is_same);
        Ok((is_same && self.has_files(&known).await?).then_some(id))
    }

    /// Whether queries read the extraction `id`.
    async fn is_read_by_queries(&self, id: &str) -> bool {
        if self.has_log {
            let row = lake::partition(LATEST_EXTRACTION, &self.earlier.account, id);
            return self.earlier.refers_to(&row);
        }
        self.named_by_row().await.as_deref() == Some(id)
    }

    /// The extraction that the row for queries names; `None` where it cannot be read.
    async fn named_by_row(&self) -> Option<String> {
        let file = lake::newest_row(&self.earlier.account);
        let batch = self.store.batches(&file, &["extraction_id"]).await.ok()?.next()?.ok()?;
        let ids = text(&batch, "extraction_id")?;
        (batch.num_rows() == 1).then(|| ids.value(0).to_owned())
    }

    /// Whether all files of an extraction are there, with their sizes, and readers read them.
    async fn has_files(&self, known: &Known) -> Result<bool> {
        let files = known
            .tables
            .iter()
            .flat_map(|table| table.files.iter().map(move |file| (file.as_str(), table.bytes)));
        let found = stream::iter(files).map(async |(file, bytes)| {
            let size = self.store.size(file).await?;
            let is_read = !self.has_log || self.earlier.referred.contains(file);
            Ok::<_, crate::Error>(is_read && size.is_some() && (bytes.is_none() || size == bytes))
        });
        found.buffered(AT_ONCE).try_all(async |is_there| is_there).await
    }
}

/// Records in the stage that an earlier extraction holds the rows of this run. Returns the parts that
/// are to be written: the record.
pub(super) fn refer(staged: &Staged, mut parts: Vec<Part>, id: &str) -> Result<Vec<Part>> {
    parts.retain(|(_, table)| record::tables().contains(table));
    let sql = format!("UPDATE main.{RUNS} SET same_as = ?1");
    let noted = staged.connection.execute(&sql, [id]);
    noted.map_err(|error| database::failed(staged.path(), &error))?;
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::view;

    /// Whether a view's column is the age of something, or a time of reading, by its description.
    fn passes(doc: &str) -> bool {
        doc.starts_with("Whole days since") || doc.starts_with("When the rows that the tables hold")
    }

    #[test]
    fn all_that_passes_with_time_is_left_out() {
        for view in view::all() {
            for column in &view.columns {
                assert_eq!(
                    PASSING.contains(&column.name),
                    passes(column.doc),
                    "{}.{}",
                    view.name,
                    column.name
                );
            }
        }
    }

    #[test]
    fn the_compared_columns_of_the_record_exist() {
        for table in record::tables() {
            let columns = compared(&table);
            assert!(!columns.is_empty() && !columns.contains(&"extraction_id"), "{}", table.name);
            assert!(columns.iter().all(|name| table.position(name).is_some()), "{columns:?}");
        }
    }

    #[test]
    fn cells_are_told_apart_by_type_and_length() {
        let digest = |cells: &[ValueRef<'_>]| {
            let mut digest = Context::new(&SHA256);
            cells.iter().for_each(|cell| add(&mut digest, *cell));
            digest.finish().as_ref().to_vec()
        };
        let text = |text: &'static str| ValueRef::Text(text.as_bytes());
        assert_ne!(digest(&[text("ab"), text("c")]), digest(&[text("a"), text("bc")]));
        assert_ne!(digest(&[text(""), ValueRef::Null]), digest(&[ValueRef::Null, text("")]));
        assert_ne!(digest(&[ValueRef::Integer(0)]), digest(&[ValueRef::Real(0.0)]));
    }
}
