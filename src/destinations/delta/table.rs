//! A table of the lake, as this version of flaglake writes it, and the changes that a run makes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::json;
use uuid::Uuid;

use super::action::{Action, Add, Format, Metadata, Protocol, Texts};
use super::schema::{Refused, Schema};
use super::snapshot::Snapshot;
use crate::catalog;
use crate::catalog::arrow::IN_FOLDERS;
use crate::destinations::parquet::accumulates;
use crate::model::table::TableInfo;

/// The versions of the protocol that flaglake knows: every reader and writer does.
const PROTOCOL: Protocol = Protocol { min_reader_version: 1, min_writer_version: 2 };

/// The property by which a table is known to be flaglake's; its value is the table's name.
const OURS: &str = "flaglake.table";

/// The property by which users forbid to remove rows.
const APPEND_ONLY: &str = "delta.appendOnly";

/// A table.
pub(super) struct Table(pub TableInfo);

/// A file that a run has written for a table.
pub(super) struct Part<'p> {
    /// Its path in the log.
    pub path: String,
    pub account_id: &'p str,
    pub extraction_id: &'p str,
    pub rows: usize,
    pub bytes: u64,
}

/// Why a table cannot be written to, and what to do.
pub(super) struct Obstacle {
    pub reason: String,
    pub hint: &'static str,
}

impl Table {
    /// All tables that a lake may have.
    pub fn all() -> impl Iterator<Item = Self> {
        catalog::tables().into_iter().chain(catalog::views()).map(Table)
    }

    pub fn find(name: &str) -> Option<Self> {
        static ALL: LazyLock<BTreeMap<&'static str, TableInfo>> =
            LazyLock::new(|| Table::all().map(|table| (table.0.name, table.0)).collect());
        ALL.get(name).cloned().map(Table)
    }

    /// Whether each extraction adds rows to those of earlier ones.
    pub fn accumulates(&self) -> bool {
        accumulates(&self.0)
    }

    /// Checks that flaglake made a table, and that this version can write to it.
    ///
    /// # Errors
    /// The obstacle.
    pub fn check(&self, snapshot: &Snapshot) -> Result<(), Obstacle> {
        let (protocol, metadata) = (&snapshot.protocol, &snapshot.metadata);
        if protocol.min_reader_version > PROTOCOL.min_reader_version
            || protocol.min_writer_version > PROTOCOL.min_writer_version
        {
            return Err(self.of_newer_protocol(protocol));
        }
        let owner = metadata.configuration.get(OURS).and_then(Option::as_deref);
        if owner != Some(self.0.name) || metadata.partition_columns != IN_FOLDERS {
            return Err(self.obstacle(
                "is a Delta table that flaglake did not make",
                "name a new folder or prefix",
            ));
        }
        let is_append_only = metadata.configuration.get(APPEND_ONLY).and_then(Option::as_deref);
        if is_append_only == Some("true") && !self.accumulates() {
            let reason =
                format!("has the property `{APPEND_ONLY}`, but each run replaces its rows");
            return Err(self.obstacle(&reason, "remove the property"));
        }
        self.schema(Some(metadata)).map(drop)
    }

    /// The definition to commit; `None` where the table has it.
    fn metadata(&self, before: Option<&Metadata>, now: i64) -> Result<Option<Metadata>, Obstacle> {
        let schema = self.schema(before)?;
        let schema_string = serde_json::to_string(&schema).unwrap_or_default();
        let Some(before) = before else { return Ok(Some(self.created(schema_string, now))) };
        let description = Some(self.0.doc.to_owned());
        let is_same = before.description == description && parsed(before) == Some(schema);
        Ok((!is_same).then(|| Metadata { schema_string, description, ..before.clone() }))
    }

    fn created(&self, schema_string: String, now: i64) -> Metadata {
        Metadata {
            id: Uuid::new_v4().to_string(),
            name: Some(self.0.name.to_owned()),
            description: Some(self.0.doc.to_owned()),
            format: Format { provider: "parquet".to_owned(), options: Texts::new() },
            schema_string,
            partition_columns: IN_FOLDERS.map(str::to_owned).to_vec(),
            created_time: Some(now),
            configuration: Texts::from([(OURS.to_owned(), Some(self.0.name.to_owned()))]),
        }
    }

    fn schema(&self, before: Option<&Metadata>) -> Result<Schema, Obstacle> {
        let ours = Schema::of(&self.0);
        let Some(before) = before else { return Ok(ours) };
        let Some(theirs) = parsed(before) else {
            return Err(self.obstacle("has a schema that is not understood", NEWER));
        };
        theirs.extended(&ours).map_err(|refused| match refused {
            Refused::Newer(name) => {
                let reason =
                    format!("has a column `{name}`, which this version of flaglake does not know");
                self.obstacle(&reason, NEWER)
            }
            Refused::Changed(name) => {
                let reason = format!("has a column `{name}` of another type or with a constraint");
                self.obstacle(&reason, "flaglake never changes a type: name a new folder or prefix")
            }
        })
    }

    /// The actions of the commit that makes `part` the account's newest rows, or adds them where
    /// rows accumulate. `None` where an earlier attempt has done it.
    ///
    /// # Errors
    /// Where the table cannot be written to.
    pub fn plan(
        &self,
        before: Option<&Snapshot>,
        part: &Part<'_>,
        now: i64,
    ) -> Result<Option<Vec<Action>>, Obstacle> {
        if let Some(before) = before {
            self.check(before)?;
            if before.knows(&part.path) || (self.accumulates() && part.is_in(before)) {
                return Ok(None);
            }
        }
        let mut actions = vec![part.commit_info(self.accumulates(), now)];
        if before.is_none() {
            actions.push(PROTOCOL.into());
        }
        let metadata = self.metadata(before.map(|before| &before.metadata), now)?;
        actions.extend(metadata.map(Action::from));
        actions.push(part.add(now).into());
        let replaced = before.filter(|_| !self.accumulates());
        let replaced = replaced.into_iter().flat_map(|before| before.of_account(part.account_id));
        actions.extend(replaced.map(|add| add.removed(now).into()));
        Ok(Some(actions))
    }

    fn of_newer_protocol(&self, protocol: &Protocol) -> Obstacle {
        let Protocol { min_reader_version, min_writer_version } = protocol;
        let reason = format!(
            "has version {min_reader_version} of the Delta protocol for readers and \
             {min_writer_version} for writers; flaglake knows {} and {}",
            PROTOCOL.min_reader_version, PROTOCOL.min_writer_version
        );
        self.obstacle(
            &reason,
            "remove what needs the newer version from the table, or name a new folder",
        )
    }

    fn obstacle(&self, reason: &str, hint: &'static str) -> Obstacle {
        Obstacle { reason: format!("`{}` {reason}", self.0.name), hint }
    }
}

/// What to do about a table of a newer version.
const NEWER: &str = "a newer version of flaglake may have written it: use that one; a column of your \
                     own belongs in a table of your own";

fn parsed(metadata: &Metadata) -> Option<Schema> {
    serde_json::from_str(&metadata.schema_string).ok()
}

impl Part<'_> {
    /// Whether a table has rows of this account and extraction, in whichever file.
    fn is_in(&self, snapshot: &Snapshot) -> bool {
        let mut files = snapshot.of_account(self.account_id);
        files.any(|add| add.partition(IN_FOLDERS[1]) == Some(self.extraction_id))
    }

    fn add(&self, now: i64) -> Add {
        let values = [self.account_id, self.extraction_id].map(|value| Some(value.to_owned()));
        Add {
            path: self.path.clone(),
            partition_values: IN_FOLDERS.map(str::to_owned).into_iter().zip(values).collect(),
            size: i64::try_from(self.bytes).unwrap_or(i64::MAX),
            modification_time: now,
            data_change: true,
            stats: Some(json!({ "numRecords": self.rows }).to_string()),
            tags: None,
        }
    }

    fn commit_info(&self, accumulates: bool, now: i64) -> Action {
        let run = json!({ "account_id": self.account_id, "extraction_id": self.extraction_id });
        let commit_info = json!({
            "timestamp": now,
            "operation": "WRITE",
            "operationParameters": {
                "mode": if accumulates { "Append" } else { "Overwrite" },
                "partitionBy": json!(IN_FOLDERS).to_string(),
            },
            "isBlindAppend": accumulates,
            "engineInfo": concat!("flaglake/", env!("CARGO_PKG_VERSION")),
            "userMetadata": run.to_string(),
        });
        Action { commit_info: Some(commit_info), ..Action::default() }
    }
}
