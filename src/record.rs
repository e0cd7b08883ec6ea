//! What a run did: the tables `extractions` and `extraction_resources`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::Result;
use crate::resource::Scope;
use crate::table::{Column, Sink, Table, TableInfo, write_row, write_rows};

/// What is noted of the projects where only some of the account's are read.
pub const ONLY_SELECTED: &str = "only selected projects";

/// The two tables, parent first.
pub fn tables() -> [TableInfo; 2] {
    [ExtractionTable::info(), ResourceTable::info()]
}

/// One published run.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "each field is the column of the same name")]
pub struct Extraction {
    pub extraction_id: String,
    /// Milliseconds since 1970.
    pub started_at: i64,
    /// Milliseconds since 1970.
    pub finished_at: i64,
    pub schema_version: i64,
    pub api_version: String,
    pub base_url: String,
    pub account_id: Option<String>,
    pub token_name: Option<String>,
    /// `keep`, `hash` or `drop`.
    pub personal_data: &'static str,
    pub requests: i64,
    pub retries: i64,
    pub rate_limited_ms: i64,
}

/// How reading a resource in a scope ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was read.
    #[default]
    Complete,
    /// The account does not have it: most often, its plan does not.
    NotAvailable,
    /// The access token may not read it.
    InvalidPermissions,
    /// It was not asked for.
    Skipped,
}

impl Outcome {
    /// The value of the column `outcome`.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Complete => "complete",
            Outcome::NotAvailable => "not_available",
            Outcome::InvalidPermissions => "invalid_permissions",
            Outcome::Skipped => "skipped",
        }
    }
}

/// What is known of one resource in one scope.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "each field is the column of the same name")]
pub struct Facts {
    pub outcome: Outcome,
    pub rows: i64,
    pub distinct_rows: i64,
    pub reported_total: Option<i64>,
    pub passes: i64,
    pub http_status: Option<i64>,
    pub detail: Option<String>,
}

impl Facts {
    /// Adds a list that came whole inside another object.
    pub fn add(&mut self, count: usize, total: i64) {
        self.rows += i64::try_from(count).unwrap_or(i64::MAX);
        let reported = self.reported_total.unwrap_or_default();
        self.reported_total = Some(reported.saturating_add(total));
        self.passes = self.passes.max(1);
    }
}

/// Counts one resource in one scope while it is read.
#[derive(Debug, Default)]
pub struct Tally {
    /// Requests sent, retries included.
    pub requests: Arc<AtomicU64>,
    facts: Mutex<Facts>,
}

impl Tally {
    /// Changes the facts.
    pub fn note(&self, change: impl FnOnce(&mut Facts)) {
        change(&mut self.lock());
    }

    /// Adds a remark to `detail`, unless it is there already.
    pub fn remark(&self, remark: &str) {
        let mut facts = self.lock();
        if facts.detail.as_ref().is_some_and(|detail| detail.split("; ").any(|one| one == remark)) {
            return;
        }
        let detail = facts.detail.take();
        facts.detail = Some(detail.map_or(remark.to_owned(), |old| format!("{old}; {remark}")));
    }

    /// A tally of a part, whose requests are this one's.
    #[must_use]
    pub fn part(&self) -> Self {
        Tally { requests: Arc::clone(&self.requests), facts: Mutex::default() }
    }

    /// Adds what a part found.
    pub fn absorb(&self, part: &Facts) {
        self.note(|all| {
            all.rows += part.rows;
            all.passes = all.passes.max(part.passes);
            if let Some(total) = part.reported_total {
                all.reported_total = Some(all.reported_total.unwrap_or(0).saturating_add(total));
            }
            if part.outcome != Outcome::Complete {
                (all.outcome, all.http_status) = (part.outcome, part.http_status);
            }
        });
        if let Some(detail) = &part.detail {
            self.remark(detail);
        }
    }

    /// Whether what was asked for is not there.
    fn is_absent(&self) -> bool {
        let facts = self.lock();
        facts.outcome == Outcome::NotAvailable && facts.http_status == Some(404)
    }

    /// The facts as they stand.
    pub fn facts(&self) -> Facts {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How much of a resource was read: that decides what becomes of the rows of earlier runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// All of it.
    Whole,
    /// All but these scopes, which were refused.
    Except(Vec<Scope>),
    /// Nothing.
    None,
}

type Tallies = BTreeMap<(&'static str, Scope), Arc<Tally>>;

/// The tallies of a run; shared by everything that reads.
#[derive(Debug, Default)]
pub struct Record {
    tallies: Mutex<Tallies>,
}

impl Record {
    /// The tally of a resource in a scope.
    pub fn tally(&self, resource: &'static str, scope: &Scope) -> Arc<Tally> {
        Arc::clone(self.lock().entry((resource, scope.clone())).or_default())
    }

    /// Drops what was noted of scopes that have been deleted meanwhile.
    pub fn forget(&self, is_gone: impl Fn(&Scope) -> bool) {
        self.lock().retain(|(_, scope), _| !is_gone(scope));
    }

    /// Every tally.
    pub fn all(&self) -> Vec<(&'static str, Scope, Arc<Tally>)> {
        let tallies = self.lock();
        let all =
            tallies.iter().map(|((name, scope), tally)| (*name, scope.clone(), Arc::clone(tally)));
        all.collect()
    }

    /// Whether anything in a scope that `is_inside` was not there.
    pub fn has_absence(&self, is_inside: impl Fn(&Scope) -> bool) -> bool {
        self.lock().iter().any(|((_, scope), tally)| is_inside(scope) && tally.is_absent())
    }

    /// The resources of which something was refused.
    pub fn refused(&self) -> BTreeSet<&'static str> {
        let tallies = self.lock();
        let refused = tallies.iter().filter(|(_, tally)| {
            matches!(tally.lock().outcome, Outcome::NotAvailable | Outcome::InvalidPermissions)
        });
        refused.map(|((name, _), _)| *name).collect()
    }

    /// Whether only some of the account's projects were read.
    pub fn is_of_selected_projects(&self) -> bool {
        let details =
            self.lock().values().filter_map(|tally| tally.facts().detail).collect::<Vec<_>>();
        details.iter().any(|detail| detail.split("; ").any(|one| one == ONLY_SELECTED))
    }

    /// How much of `resource` was read.
    pub fn coverage(&self, resource: &str) -> Coverage {
        let tallies = self.lock();
        let mut refused = Vec::new();
        let mut complete = false;
        for ((_, scope), tally) in tallies.iter().filter(|((name, _), _)| *name == resource) {
            match tally.lock().outcome {
                Outcome::Complete => complete = true,
                _ => refused.push(scope.clone()),
            }
        }
        match (refused.is_empty(), complete) {
            (true, _) => Coverage::Whole,
            (false, true) => Coverage::Except(refused),
            (false, false) => Coverage::None,
        }
    }

    /// Requests and rows of every resource so far, over all scopes.
    pub fn totals(&self) -> BTreeMap<&'static str, (u64, i64)> {
        let mut totals = BTreeMap::new();
        for ((resource, _), tally) in self.lock().iter() {
            let (requests, rows) = totals.entry(*resource).or_insert((0, 0));
            *requests += tally.requests.load(Ordering::Relaxed);
            *rows += tally.lock().rows;
        }
        totals
    }

    /// Writes the rows of both tables.
    ///
    /// # Errors
    /// When the sink refuses a row.
    pub fn write(&self, extraction: &Extraction, sink: &mut dyn Sink) -> Result<()> {
        write_row::<ExtractionTable>(sink, &extraction)?;
        let rows = self.all().into_iter().map(|(resource, scope, tally)| Row {
            extraction_id: &extraction.extraction_id,
            resource,
            scope: scope.to_string(),
            started_at: extraction.started_at,
            requests: signed(tally.requests.load(Ordering::Relaxed)),
            facts: tally.facts(),
        });
        write_rows::<ResourceTable>(sink, rows)
    }

    fn lock(&self) -> MutexGuard<'_, Tallies> {
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A counter as a column holds it.
pub fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

struct ExtractionTable;
type E = Column<ExtractionTable>;

impl Table for ExtractionTable {
    type Row<'a> = &'a Extraction;
    const NAME: &'static str = "extractions";
    const DOC: &'static str = "One row per published run of flaglake.";
    const KEY: &'static [&'static str] = &["extraction_id"];
    const COLUMNS: &'static [Column<Self>] = &[
        E::text("extraction_id", "-", "When the run started, as 20261120T020000Z.", |row| {
            &row.extraction_id
        }),
        E::time("started_at", "-", "When the run started: the data is not older.", |row| {
            row.started_at
        }),
        E::time("finished_at", "-", "When it was published: the data is not newer.", |row| {
            row.finished_at
        }),
        E::text("tool_version", "-", "Version of flaglake.", |_| env!("CARGO_PKG_VERSION")),
        E::int("schema_version", "-", "Version of these tables.", |row| row.schema_version),
        E::text("api_version", "-", "API version that was asked for.", |row| &row.api_version),
        E::text("base_url", "-", "Where the account is.", |row| &row.base_url),
        E::text_opt("account_id", "CallerIdentityRep.accountId", "ID of the account.", |row| {
            row.account_id.as_deref()
        }),
        E::text_opt("token_name", "CallerIdentityRep.tokenName", "Name of the token.", |row| {
            row.token_name.as_deref()
        })
        .personal(),
        E::text("personal_data", "-", "Names and addresses: `keep`, `hash` or `drop`.", |row| {
            row.personal_data
        }),
        E::bool(
            "is_latest",
            "-",
            "Whether it is the newest that was published, whatever the clock said.",
            |_| true,
        ),
        E::int("requests", "-", "Requests sent, retries included.", |row| row.requests),
        E::int("retries", "-", "Requests sent again after a failure.", |row| row.retries),
        E::int("rate_limited_ms", "-", "Time spent waiting because told to.", |row| {
            row.rate_limited_ms
        }),
    ];
}

struct Row<'a> {
    extraction_id: &'a str,
    resource: &'static str,
    scope: String,
    started_at: i64,
    requests: i64,
    facts: Facts,
}

struct ResourceTable;
type R = Column<ResourceTable>;

impl Table for ResourceTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "extraction_resources";
    const DOC: &'static str = "One row per resource and scope of each published run.";
    const KEY: &'static [&'static str] = &["extraction_id", "resource", "scope"];
    const PARENTS: &'static [&'static str] = &["extractions"];
    const COLUMNS: &'static [Column<Self>] = &[
        R::text("extraction_id", "-", "The run.", |row| row.extraction_id),
        R::text("resource", "-", "Name of the resource.", |row| row.resource),
        R::text(
            "scope",
            "-",
            "Empty for the account, else the project's key, or project/environment.",
            |row| &row.scope,
        ),
        R::text(
            "outcome",
            "-",
            "`complete`, `not_available`, `invalid_permissions` or `skipped`.",
            |row| row.facts.outcome.name(),
        ),
        R::int("requests", "-", "Requests sent, retries included.", |row| row.requests),
        R::int("rows", "-", "Items received, over all passes.", |row| row.facts.rows),
        R::int("distinct_rows", "-", "Distinct items published.", |row| row.facts.distinct_rows),
        R::int_opt("reported_total", "-", "Items that the API said there are.", |row| {
            row.facts.reported_total
        }),
        R::int("passes", "-", "Times the list was walked.", |row| row.facts.passes),
        R::int_opt("http_status", "-", "Status that refused the resource.", |row| {
            row.facts.http_status
        }),
        R::bool(
            "is_stale",
            "-",
            "Whether the tables hold rows of an earlier run in this scope, as this one has none.",
            |_| false,
        ),
        R::time_opt(
            "rows_read_at",
            "-",
            "When the run started that read what the tables hold; NULL where they hold nothing.",
            |row| (row.facts.outcome == Outcome::Complete).then_some(row.started_at),
        ),
        R::text_opt("detail", "-", "Anything out of the ordinary.", |row| {
            row.facts.detail.as_deref()
        }),
    ];
}
