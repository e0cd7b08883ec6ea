//! The plan of a run: what it will send, before anything is sent.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::Path;

use aws_lc_rs::digest::{Context as Digest, SHA256};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::context::Run;
use crate::error::Kind;
use crate::system::files;
use crate::{Error, Result};

/// One thing that a run will do, or one row that it will not send.
#[derive(Clone, Debug, Serialize)]
pub struct PlanItem {
    /// `create`, `update`, `add`, `remove` or `reject`.
    pub action: String,
    /// The row's number in the source; `None` for a removal.
    pub row_number: Option<i64>,
    /// The row key.
    pub row_key: Option<String>,
    /// What is sent, where the key is not all there is; for a rejected row, the reason.
    pub detail: Option<Box<RawValue>>,
}

/// The plan, except for its items: those may be many.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Plan {
    /// A text that is equal for equal plans only.
    pub fingerprint: String,
    /// Everything but the items that decides what is sent: object, target, account and options.
    pub settings: Value,
    /// How many items of each action there are.
    pub counts: BTreeMap<String, u64>,
    /// How many removals come from a row.
    pub removals_from_rows: i64,
}

/// What is read of a stored plan.
#[derive(Deserialize)]
struct Stored {
    fingerprint: String,
}

const REJECTED: &str =
    "SELECT 'reject', row_number, row_key, json_quote(reason) FROM fate WHERE reason IS NOT NULL";

impl Run<'_> {
    /// Calls `each` for every item of the plan that `items` selects, and for every rejected row.
    ///
    /// # Errors
    /// Those of `each`, and `output_failed` when the items cannot be read.
    pub fn for_each_item(
        &self,
        items: &str,
        each: &mut dyn FnMut(PlanItem) -> Result<()>,
    ) -> Result<()> {
        for sql in [items, REJECTED] {
            let failed = |error: rusqlite::Error| self.state.failed(&error);
            let mut statement = self.state.connection.prepare(sql).map_err(failed)?;
            let mut rows = statement.query([]).map_err(failed)?;
            while let Some(row) = rows.next().map_err(failed)? {
                let detail: Option<String> = row.get(3).map_err(failed)?;
                each(PlanItem {
                    action: row.get(0).map_err(failed)?,
                    row_number: row.get(1).map_err(failed)?,
                    row_key: row.get(2).map_err(failed)?,
                    detail: detail.and_then(|text| RawValue::from_string(text).ok()),
                })?;
            }
        }
        Ok(())
    }

    /// Counts the items of the plan, and computes its fingerprint.
    ///
    /// # Errors
    /// `output_failed` when the items cannot be read.
    pub fn plan(&self, items: &str, settings: Value) -> Result<Plan> {
        let mut digest = Digest::new(&SHA256);
        digest.update(json(&(self.name(), &settings))?.as_bytes());
        let (mut counts, mut removals_from_rows) = (BTreeMap::new(), 0);
        self.for_each_item(items, &mut |item| {
            digest.update(json(&item)?.as_bytes());
            removals_from_rows += i64::from(item.action == "remove" && item.row_number.is_some());
            *counts.entry(item.action).or_default() += 1;
            Ok(())
        })?;
        let hash = digest.finish();
        let hash = hash.as_ref().iter().map(|byte| format!("{byte:02x}"));
        Ok(Plan {
            fingerprint: format!("sha256:{}", hash.collect::<String>()),
            settings,
            counts,
            removals_from_rows,
        })
    }

    /// Writes the whole plan as JSON.
    ///
    /// # Errors
    /// `output_failed` when it cannot be written.
    pub fn write_plan(&self, plan: &Plan, items: &str, path: &Path) -> Result<()> {
        let failed = |error: &std::io::Error| files::failed(path, error);
        let file = files::create_private(path).map_err(|error| failed(&error))?;
        let mut file = BufWriter::new(file);
        let written = self.push_plan(plan, items, &mut file);
        written.and_then(|()| file.flush().map_err(|error| failed(&error)))
    }

    /// Writes the plan as a JSON object: its name, fingerprint, settings, counts and items.
    ///
    /// # Errors
    /// `output_failed` when it cannot be written.
    pub fn push_plan(&self, plan: &Plan, items: &str, out: &mut dyn Write) -> Result<()> {
        let failed = |error: std::io::Error| {
            Error::new(Kind::OutputFailed, format!("could not write the plan: {error}"))
                .hint(files::hint(&error))
        };
        let head = format!(
            "{{\"sync_name\":{},\"fingerprint\":{},\"settings\":{},\"counts\":{},\"items\":[",
            json(&self.name())?,
            json(&plan.fingerprint)?,
            json(&plan.settings)?,
            json(&plan.counts)?
        );
        out.write_all(head.as_bytes()).map_err(failed)?;
        let mut is_first = true;
        self.for_each_item(items, &mut |item| {
            let separator = if std::mem::take(&mut is_first) { "" } else { "," };
            write!(out, "{separator}{}", json(&item)?).map_err(failed)
        })?;
        out.write_all(b"]}").map_err(failed)
    }

    /// Checks that the plan is still the one that a file holds.
    ///
    /// # Errors
    /// `conflict` if it is another one, `usage` if the file is not a plan.
    pub fn check_plan(&self, plan: &Plan, path: &Path) -> Result<()> {
        let shown = path.display().to_string();
        let wrong = |reason: String| Error::usage(format!("`{shown}` is not a plan: {reason}"));
        let text = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
        let stored: Stored =
            serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))?;
        if stored.fingerprint == plan.fingerprint {
            return Ok(());
        }
        let message = format!(
            "the plan in `{shown}` does not apply: the source, an option, or what LaunchDarkly holds \
             has changed"
        );
        Err(Error::new(Kind::Conflict, message)
            .resource(shown)
            .hint("nothing was sent; make a new plan with `--dry-run --plan FILE`"))
    }
}

fn json(value: &impl Serialize) -> Result<String> {
    let bug = |error| Error::new(Kind::Internal, format!("a plan is not JSON: {error}"));
    serde_json::to_string(value).map_err(bug)
}
