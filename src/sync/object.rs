//! An object of LaunchDarkly that rows become: one type for each, behind one trait.

use serde_json::Value;

use super::cell::Cell;
use super::context::{Context, Run};
use super::cursor::Cursor;
use super::fields::{Bound, Field, Row};
use super::reason::{Reason, Rejection};
use crate::Result;

/// A row in the form that is sent. Its buffers are used again for the next row.
#[derive(Clone, Debug, Default)]
pub struct Encoded {
    /// The row key; `None` where rows have none.
    pub key: Option<String>,
    /// What is sent, as JSON; empty where the key is all there is.
    pub body: String,
    /// The value of the cursor column.
    pub cursor: Option<Cursor>,
    /// Whether an earlier run has sent the row for certain, so that it is not looked at.
    pub is_behind: bool,
}

impl Encoded {
    /// Empties the buffers.
    pub fn clear(&mut self) {
        self.body.clear();
        self.key = None;
        self.cursor = None;
        self.is_behind = false;
    }

    /// Sets the row key: the value of the column `name`.
    ///
    /// # Errors
    /// `null_key` or `empty_key` if it has none, `bad_type` if it is no key. An empty key is set all
    /// the same, as it names the rejected row.
    pub fn set_key(&mut self, cell: Option<Cell<'_>>, name: &str) -> Result<(), Rejection> {
        let key = cell.unwrap_or(Cell::Null).key().map_err(|why| why.of(name))?;
        let none = || Rejection::new(Reason::NullKey, format!("`{name}` is NULL"));
        let key = key.ok_or_else(none)?;
        let is_empty = key.is_empty();
        self.key = Some(key.into_owned());
        if is_empty {
            return Err(Rejection::new(Reason::EmptyKey, format!("`{name}` is empty")));
        }
        Ok(())
    }
}

/// An object of LaunchDarkly that rows become.
#[expect(async_fn_in_trait, reason = "the futures run where they are made, on one thread")]
pub trait SyncObject {
    /// Its name: `metrics`, `events` or `segment`.
    fn name(&self) -> &'static str;

    /// The place that it writes to, such as `web/production`.
    fn target(&self) -> String;

    /// The fields that a row can fill.
    fn fields(&self) -> &'static [Field];

    /// Further columns that are read.
    fn other_columns(&self) -> Vec<&str> {
        Vec::new()
    }

    /// How rows are told from those of earlier runs, as options; empty where that cannot change.
    fn identity(&self) -> String {
        String::new()
    }

    /// Whether rows with the same key are one row. Otherwise they are numbered.
    fn folds_duplicates(&self) -> bool {
        true
    }

    /// Takes note of a row that `--limit` cuts off.
    fn cut_off(&mut self, encoded: &Encoded) {
        let _ = encoded;
    }

    /// Whether rows that are missing from the source lead to removals.
    fn is_mirror(&self) -> bool {
        false
    }

    /// The context kind of the keys that it writes, if they are all of one kind.
    fn context_kind(&self) -> Option<&str> {
        None
    }

    /// What of its options decides what is sent: a part of the plan.
    fn settings(&self) -> Value {
        Value::Null
    }

    /// What it means that the state file is new, if that matters.
    fn without_state(&self) -> Option<&'static str> {
        None
    }

    /// Checks the place, without looking at any row.
    async fn inspect(&mut self, context: &Context<'_>) -> Result<()>;

    /// Prepares for the rows of a source whose columns are bound.
    fn prepare(&mut self, bound: &Bound, run: &Run<'_>) -> Result<()> {
        let _ = (bound, run);
        Ok(())
    }

    /// Brings a row into the form that is sent. `encoded` is empty.
    ///
    /// # Errors
    /// The reason why the row cannot be sent.
    fn encode(&mut self, row: &Row<'_>, encoded: &mut Encoded) -> Result<(), Rejection>;

    /// Decides what will be sent. All rows are staged.
    async fn plan(&mut self, run: &mut Run<'_>) -> Result<()>;

    /// The statement that selects the items of the plan: action, row number, key and detail.
    fn items(&self) -> &'static str {
        "SELECT kind, row_number, row_key, body FROM action ORDER BY position"
    }

    /// Records what is about to be sent, where the state file is stored only now and then: a run that
    /// is killed leaves nothing that the next one does not know to be its own.
    ///
    /// # Errors
    /// `output_failed` when the state file cannot be written.
    fn intend(&self, run: &Run<'_>) -> Result<()> {
        let _ = run;
        Ok(())
    }

    /// Sends what was planned, and counts it in the run's row.
    async fn apply(&mut self, run: &mut Run<'_>) -> Result<()>;
}
