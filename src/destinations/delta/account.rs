//! What the logs of a lake tell about an account, before a run.

use std::collections::BTreeMap;

use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;

use super::log::Log;
use super::table::Table;
use super::{Delta, paths};
use crate::catalog::arrow::IN_FOLDERS;
use crate::destinations::Account;
use crate::{Error, Result};

/// Logs that are read at once.
const AT_ONCE: usize = 8;

/// A file to which the current version of a table refers, and the extraction that it is of.
struct Live {
    table: &'static str,
    extraction_id: String,
    file: String,
}

impl Delta {
    /// Reads the state of the account. First, commits the rest of extractions whose runs were killed
    /// while they committed.
    ///
    /// # Errors
    /// `output_failed` where a table cannot be read, or not be written to.
    pub(super) async fn look_at(&mut self, account: &Account<'_>, is_demo: bool) -> Result<()> {
        self.lake.look_at(account, is_demo).await?;
        self.finish_commits().await?;
        let live = self.live().await?;
        let mut accumulated = BTreeMap::<_, Vec<String>>::new();
        for one in live {
            self.lake.earlier.referred.insert(one.file.clone());
            accumulated.entry((one.table, one.extraction_id)).or_default().push(one.file);
        }
        self.read_by_log(&accumulated);
        self.lake.clean_up().await;
        Ok(())
    }

    /// The value of the account's partitions.
    pub(super) fn account_id(&self) -> String {
        paths::partition_value(&self.lake.earlier.account).unwrap_or_default()
    }

    /// Commits the rest of the extractions that have a manifest and are still claimed. Another host
    /// may be doing the same: what it has committed is left as it is.
    async fn finish_commits(&mut self) -> Result<()> {
        let now = Timestamp::now().as_millisecond();
        let earlier = &self.lake.earlier;
        let order = earlier.newest_first(now);
        let newest =
            order.iter().find(|(_, known)| known.holds_rows()).map(|(id, _)| (*id).clone());
        let unfinished = order.iter().rev().map(|(id, _)| *id);
        let unfinished: Vec<_> =
            unfinished.filter(|id| earlier.claims.contains(*id)).cloned().collect();
        for id in unfinished {
            self.commit(&id, Some(&id) == newest.as_ref()).await?;
            self.lake.earlier.claims.remove(&id);
        }
        Ok(())
    }

    /// The files of the account to which the current versions of all tables refer.
    async fn live(&self) -> Result<Vec<Live>> {
        let account_id = &self.account_id();
        let tables = stream::iter(Table::all()).map(async |table| {
            let log = Log { store: &self.lake.store, table: table.0.name };
            let Some(snapshot) = log.newest().await? else { return Ok(Vec::new()) };
            table.check(&snapshot).map_err(|obstacle| self.refused(obstacle))?;
            let files = snapshot.of_account(account_id).map(|add| Live {
                table: table.0.name,
                extraction_id: add.partition(IN_FOLDERS[1]).unwrap_or_default().to_owned(),
                file: paths::in_lake(table.0.name, &add.path),
            });
            Ok::<_, Error>(files.collect())
        });
        let live: Vec<Vec<_>> = tables.buffered(AT_ONCE).try_collect().await?;
        Ok(live.into_iter().flatten().collect())
    }

    /// Tables that accumulate are read as their logs say: another program may have replaced their
    /// files, to compact them or to delete rows.
    fn read_by_log(&mut self, accumulated: &BTreeMap<(&str, String), Vec<String>>) {
        for (id, known) in &mut self.lake.earlier.extractions {
            for table in &mut known.tables {
                if Table::find(&table.name).is_some_and(|table| table.accumulates()) {
                    let files = accumulated.get(&(table.name.as_str(), id.clone()));
                    table.files = files.cloned().unwrap_or_default();
                }
            }
        }
    }
}
