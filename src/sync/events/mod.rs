//! `sync events`: rows become metric events, each of which LaunchDarkly counts once.

mod apply;
mod batch;
mod encode;
mod finish;
mod outbox;
mod plan;
mod progress;
mod time;
mod verify;

use std::collections::BTreeSet;
use std::time::Duration;

use clap::ValueEnum;
use serde_json::{Value, json};

use self::encode::FIELDS;
use self::outbox::Outbox;
use self::progress::REJECTED;
use super::context::{Context, Run};
use super::cursor::Cursor;
use super::fields::{Bound, Field, Row};
use super::object::{Encoded, SyncObject};
use super::places::{self, Checked};
use super::reason::{Reason, Rejection};
use crate::terminal::suggest;
use crate::{Error, Result};

/// What settles events of which it is not known whether LaunchDarkly has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Unknown {
    /// They are sent again with the same payload ID: LaunchDarkly counts them twice if it has them
    /// and has forgotten the ID
    Resend,
    /// They count as sent: they are lost if LaunchDarkly does not have them
    Skip,
}

/// How a row is told from rows that were sent before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The column with a unique ID.
    pub id: Option<String>,
    /// The column whose values increase.
    pub cursor: Option<String>,
    /// Where the cursor starts.
    pub cursor_from: Option<String>,
    /// Rows this far behind the cursor are looked at again.
    pub lag: Option<Duration>,
    /// Whether every row of every run is new.
    pub append_all: bool,
}

/// The options of `sync events`.
#[derive(Clone, Debug, Default)]
pub struct EventOptions {
    /// The project's key.
    pub project: String,
    /// The environment's key.
    pub environment: String,
    /// How a row is told from rows that were sent before.
    pub identity: Identity,
    /// What settles unknown events.
    pub unknown: Option<Unknown>,
}

/// Metric events of one environment.
#[derive(Debug)]
pub struct Events {
    options: EventOptions,
    /// The context kinds that rows use, apart from `user`.
    kinds: BTreeSet<String>,
    /// Those of them that the last row has brought.
    new_kinds: Vec<String>,
    /// Where the cursor stands.
    progress: progress::Progress,
    /// The batches of earlier runs that are not settled.
    outbox: Outbox,
    /// LaunchDarkly's first refusal of a batch.
    refusal: Option<Error>,
    now_ms: i64,
}

impl Events {
    /// Events to be sent as `options` say.
    ///
    /// # Errors
    /// `usage` if the options contradict each other.
    pub fn new(options: EventOptions) -> Result<Self> {
        check(&options.identity)?;
        Ok(Events {
            options,
            kinds: BTreeSet::new(),
            new_kinds: Vec::new(),
            progress: progress::Progress::default(),
            outbox: Outbox::default(),
            refusal: None,
            now_ms: jiff::Timestamp::now().as_millisecond(),
        })
    }

    /// Checks that the context kinds of the rows exist.
    async fn check_kinds(&self, context: &Context<'_>) -> Result<()> {
        if self.kinds.is_empty() {
            return Ok(());
        }
        let known = places::context_kinds(context.client, &self.options.project).await?;
        let Checked::Known(known) = known else { return Ok(()) };
        self.kinds.iter().try_for_each(|kind| places::check_kind(kind, &known))
    }

    fn add_kinds(&mut self, kinds: Vec<String>) {
        self.new_kinds.extend(kinds.into_iter().filter(|kind| !self.kinds.contains(kind)));
        self.kinds.extend(self.new_kinds.iter().cloned());
    }

    /// Sets the row key, if there is a column for it.
    fn set_key(&self, row: &Row<'_>, encoded: &mut Encoded) -> Result<(), Rejection> {
        let id = self.options.identity.id.as_deref();
        let Some(column) = id else { return Ok(()) };
        encoded.set_key(row.get(FIELDS.len()), column)?;
        if encoded.key.as_deref().is_some_and(|key| key.starts_with(REJECTED)) {
            encoded.key = None;
            let message = format!("`{column}`: no ID may start with `{REJECTED}`");
            return Err(Rejection::new(Reason::BadType, message));
        }
        Ok(())
    }

    /// Reads the cursor, and whether the row is behind it.
    fn set_cursor(&mut self, row: &Row<'_>, encoded: &mut Encoded) -> Result<(), Rejection> {
        let Some(column) = &self.options.identity.cursor else { return Ok(()) };
        let cursor = Cursor::of(row.get(self.cursor_position()), column)?;
        encoded.is_behind = self.progress.is_behind(&cursor)?;
        encoded.cursor = Some(cursor);
        Ok(())
    }

    /// Without an ID, a row is known by its cursor and its content.
    fn set_own_key(&self, encoded: &mut Encoded) {
        if self.options.identity.id.is_none() {
            let hash = crate::system::hash::of_bytes(encoded.body.as_bytes());
            encoded.key = Some(Cursor::own_key(encoded.cursor.as_ref(), hash));
        }
    }

    /// The position of the cursor column among the fields.
    fn cursor_position(&self) -> usize {
        FIELDS.len() + usize::from(self.options.identity.id.is_some())
    }
}

fn check(identity: &Identity) -> Result<()> {
    let Identity { id, cursor, cursor_from, lag, append_all } = identity;
    let is_told = id.is_some() || cursor.is_some();
    if !is_told && !append_all {
        return Err(Error::usage("how is a row told from rows that were sent before?").hint(
            "`--id COLUMN` names a unique ID (the safest), `--cursor COLUMN` a column whose values \
             increase; `--append-all` sends every row in every run",
        ));
    }
    if is_told && *append_all {
        return Err(Error::usage("`--append-all` cannot be combined with `--id` or `--cursor`"));
    }
    if lag.is_some() && (id.is_none() || cursor.is_none()) {
        return Err(Error::usage("`--lag` needs `--cursor` and `--id`")
            .hint("rows within the lag are read again, and known by their ID"));
    }
    if cursor_from.is_some() && cursor.is_none() {
        return Err(Error::usage("`--cursor-from` needs `--cursor`"));
    }
    Ok(())
}

impl SyncObject for Events {
    fn name(&self) -> &'static str {
        "events"
    }

    fn target(&self) -> String {
        format!("{}/{}", self.options.project, self.options.environment)
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn other_columns(&self) -> Vec<&str> {
        let Identity { id, cursor, .. } = &self.options.identity;
        id.iter().chain(cursor).map(String::as_str).collect()
    }

    fn identity(&self) -> String {
        let Identity { id, cursor, .. } = &self.options.identity;
        let option = |name, column: &Option<String>| {
            column.as_ref().map(|column| format!("--{name} {column}"))
        };
        let told: Vec<_> = option("id", id).into_iter().chain(option("cursor", cursor)).collect();
        if told.is_empty() { "--append-all".to_owned() } else { told.join(" ") }
    }

    fn without_state(&self) -> Option<&'static str> {
        Some("all rows count as not sent yet")
    }

    async fn inspect(&mut self, context: &Context<'_>) -> Result<()> {
        let EventOptions { project, environment, .. } = &self.options;
        places::environment(context.client, project, environment).await.map(drop)
    }

    fn prepare(&mut self, bound: &Bound, run: &Run<'_>) -> Result<()> {
        if !bound.has(encode::CONTEXT_KEY) && !bound.has(encode::CONTEXT_KEYS) {
            let hint = suggest::hint("context_key", bound.wanted.iter().map(String::as_str));
            return Err(Error::usage("the source has no column `context_key` or `context_keys`")
                .hint(format!("`--map context_key=COLUMN` names another column; {hint}")));
        }
        if run.context.options.full {
            tracing::warn!("`--full` sends all events again: LaunchDarkly counts them again.");
        }
        self.outbox = Outbox::load(run, self.options.unknown, self.now_ms)?;
        self.progress = progress::Progress::load(&self.options.identity, run, &self.outbox)?;
        Ok(())
    }

    fn folds_duplicates(&self) -> bool {
        self.options.identity.id.is_some()
    }

    fn cut_off(&mut self, encoded: &Encoded) {
        self.progress.note_cut_off(encoded.cursor.as_ref());
        // Only rows that are looked at have to be right.
        for kind in self.new_kinds.drain(..) {
            self.kinds.remove(&kind);
        }
    }

    fn encode(&mut self, row: &Row<'_>, encoded: &mut Encoded) -> Result<(), Rejection> {
        self.new_kinds.clear();
        let keyed = self.set_key(row, encoded);
        self.set_cursor(row, encoded)?;
        if encoded.is_behind {
            return Ok(());
        }
        let outcome = keyed.and_then(|()| encode::event(row, self.now_ms, &mut encoded.body));
        match outcome {
            Ok(kinds) => {
                self.add_kinds(kinds);
                self.set_own_key(encoded);
                Ok(())
            }
            Err(why) => {
                self.progress.note_rejected(encoded.cursor.as_ref());
                Err(why)
            }
        }
    }

    async fn plan(&mut self, run: &mut Run<'_>) -> Result<()> {
        self.check_kinds(&run.context).await?;
        self.make_plan(run)
    }

    fn settings(&self) -> Value {
        let Identity { id, cursor, cursor_from, lag, append_all } = &self.options.identity;
        json!({
            "id": id,
            "cursor": cursor,
            "cursor_from": cursor_from,
            "lag_seconds": lag.map(|lag| lag.as_secs()),
            "append_all": append_all,
            "unknown": self.options.unknown.and_then(|one| {
                one.to_possible_value().map(|value| value.get_name().to_owned())
            }),
        })
    }

    fn items(&self) -> &'static str {
        "SELECT 'create', s.row_number, s.row_key, s.body FROM source s
         LEFT JOIN fate f USING (row_number) WHERE f.fate IS NULL ORDER BY s.row_number"
    }

    async fn apply(&mut self, run: &mut Run<'_>) -> Result<()> {
        self.apply_plan(run).await
    }
}
