//! The definition of a view: a hand-written `SELECT` that answers one question.
//!
//! A view is one file in `schema/views/`. Its header describes it with one field per line, which
//! may continue on indented lines; this module reads the header. The rest is the statement:
//!
//! ```sql
//! -- Question: Which flags are stale?
//! -- Definition: …
//! -- Source: …
//! -- Assumptions: …
//! -- Needs: flags, code_references?
//! -- Stored: always (or `until a threshold changes`; only where a SQLite output stores the rows)
//! -- Key: project_key, flag_key
//! -- Column: project_key text: Key of the project.
//! -- Column: age_days integer?: Whole days since the flag was created.
//! -- Example: SELECT * FROM stale_flags
//! SELECT …
//! ```

mod statements;

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::model::history::column;
use crate::model::table::{ColumnInfo, Personal, TableInfo, Type};

/// The text that marks a view as flaglake's own. Views that users made are left unchanged. The
/// text must never change: views in existing databases carry it.
pub const MARK: &str = "flaglake's: made anew by every run";

/// The views that only other views need, and that are not written to Parquet files.
const INTERNAL: [&str; 2] = ["stored_state", "project_limits"];

/// The view that names the newest extraction.
pub const LATEST_EXTRACTION: &str = "latest_extraction";

/// The row in the file of `view_coverage` that is replaced by the needs of all views.
const NEEDS: &str = "('', '', 0)";

/// A view, as its file defines it.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The view's name, which is also its file's name.
    pub name: &'static str,
    /// The question that it answers.
    pub question: &'static str,
    /// The meaning of a row, and the definitions of the columns.
    pub definition: String,
    /// The source of the definition.
    pub source: String,
    /// The assumptions, and the cases in which the answer may mislead.
    pub assumptions: String,
    /// The resources that its rows are computed from.
    pub needs: Vec<Need>,
    /// The table of a SQLite output that stores its rows, if it takes long to work them out.
    pub stored: Option<&'static str>,
    /// Whether its rows depend on thresholds, which users may change between runs.
    pub follows_thresholds: bool,
    /// The columns that identify a row.
    pub key: Vec<&'static str>,
    /// Its columns, in order.
    pub columns: Vec<ColumnInfo>,
    /// An example of a query.
    pub example: String,
    /// The text of the whole file.
    pub text: Cow<'static, str>,
}

/// The need of a view that uses the history of earlier runs.
pub const HISTORY: &str = "history";

/// The table that says for which run, and with which thresholds and settings, rows are stored.
pub fn state_table() -> TableInfo {
    TableInfo {
        name: "stored_views",
        doc: "The run and the settings for which the rows in `stored_` tables were worked out; without a row, none is current.",
        key: vec!["extraction_id"],
        columns: vec![
            column("extraction_id", "The run.", Type::Text),
            column("settings", "The thresholds and settings.", Type::Text),
        ],
        ..TableInfo::default()
    }
}

/// The statement after which no stored row is current.
pub const NONE_CURRENT: &str = "DELETE FROM main.stored_views";

/// The statement after which the stored rows are those of the newest run.
pub const NOW_CURRENT: &str = "INSERT INTO main.stored_views
    SELECT extraction_id, settings FROM temp.latest_extraction CROSS JOIN temp.stored_state";

/// A resource that a view needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// The resource's name, or [`HISTORY`].
    pub resource: &'static str,
    /// Whether the view has no rows without it, instead of rows that say `unknown`.
    pub is_required: bool,
}

impl View {
    /// Reads a view's file. A field that the header lacks is empty; a test reports it.
    pub fn parse(name: &'static str, text: &'static str) -> Self {
        let mut view = View {
            name,
            question: "",
            definition: String::new(),
            source: String::new(),
            assumptions: String::new(),
            needs: Vec::new(),
            stored: None,
            follows_thresholds: false,
            key: Vec::new(),
            columns: Vec::new(),
            example: String::new(),
            text: Cow::Borrowed(text),
        };
        let mut field = "";
        for line in text.lines().map_while(|line| line.strip_prefix("--")) {
            match line.strip_prefix("   ") {
                Some(more) => view.extend(field, more),
                None => field = view.begin(line.trim_start()),
            }
        }
        view
    }

    /// Whether only other views need it.
    pub fn is_internal(&self) -> bool {
        INTERNAL.contains(&self.name)
    }

    /// Names the table that stores the rows, if the header says that they are stored.
    fn stored_as(self, table: &'static str) -> Self {
        View { stored: self.stored.map(|_| table), ..self }
    }

    /// Reads the first line of a field and returns the field's name.
    fn begin(&mut self, line: &'static str) -> &'static str {
        let Some((field, value)) = line.split_once(':') else { return "" };
        let value = value.trim();
        match field {
            "Question" => self.question = value,
            "Needs" => self.needs = list(value).map(Need::parse).collect(),
            "Stored" => {
                self.stored = Some("");
                self.follows_thresholds = value != "always";
            }
            "Key" => self.key = list(value).collect(),
            "Column" => self.columns.extend(read_column(value)),
            _ => self.extend(field, value),
        }
        field
    }

    /// Appends a line to a field whose text takes several lines.
    fn extend(&mut self, field: &str, more: &str) {
        let text = match field {
            "Definition" => &mut self.definition,
            "Source" => &mut self.source,
            "Assumptions" => &mut self.assumptions,
            "Example" => &mut self.example,
            _ => return,
        };
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(more.trim());
    }
}

impl Need {
    /// The resource in words.
    pub fn text(&self) -> String {
        let without = if self.is_required { "" } else { " (else unknown)" };
        format!("`{}`{without}", self.resource)
    }

    fn parse(text: &'static str) -> Self {
        let optional = text.strip_suffix('?');
        Need { resource: optional.unwrap_or(text), is_required: optional.is_none() }
    }
}

fn list(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split(',').map(str::trim).filter(|one| !one.is_empty())
}

/// Reads `age_days integer?: Whole days since the flag was created.`
fn read_column(text: &'static str) -> Option<ColumnInfo> {
    let (head, doc) = text.split_once(": ")?;
    let (name, ty) = head.split_once(' ')?;
    let nullable = ty.ends_with('?');
    let ty = match ty.trim_end_matches('?') {
        "text" => Type::Text,
        "json" => Type::Json,
        "integer" => Type::Int,
        "real" => Type::Real,
        "boolean" => Type::Bool,
        "time" => Type::Time,
        _ => return None,
    };
    let (source, personal) = ("-", Personal::No);
    Some(ColumnInfo { name, source, doc, ty, nullable, lenient: false, personal, volatile: false })
}

/// Replaces the placeholder row by the needs of all views.
fn with_needs(mut views: Vec<View>) -> Vec<View> {
    let rows: Vec<_> = views.iter().flat_map(needed_resources).collect();
    for view in views.iter_mut().filter(|view| view.text.contains(NEEDS)) {
        view.text = view.text.replace(NEEDS, &rows.join(",\n        ")).into();
    }
    views
}

/// The resources that a view needs, as rows of SQL.
fn needed_resources(view: &View) -> impl Iterator<Item = String> {
    let resources = view.needs.iter().filter(|need| need.resource != HISTORY);
    resources.map(|need| {
        format!("('{}', '{}', {})", view.name, need.resource, i32::from(need.is_required))
    })
}

/// Reads the files of `schema/views/` with these names.
macro_rules! views {
    ($($name:ident)*) => {
        /// Read once: other definitions are looked up by them again and again.
        static ALL: LazyLock<Vec<View>> = LazyLock::new(|| {
            with_needs(vec![$(View::parse(
                stringify!($name),
                include_str!(concat!("../../schema/views/", stringify!($name), ".sql")),
            ).stored_as(concat!("stored_", stringify!($name)))),*])
        });

        /// Every view.
        pub fn all() -> Vec<View> {
            ALL.clone()
        }
    };
}

views! {
    latest_extraction
    stored_state
    resource_coverage
    critical_environments
    exempt_flags
    project_thresholds
    project_limits
    flag_facts
    flag_judgements
    flag_subjects
    flag_readiness
    view_coverage

    stale_flags
    stale_percentages
    status_counts
    never_requested_flags
    inactive_flags
    launched_flags

    flag_lifecycle
    flags_ready_for_code_removal
    flags_ready_to_archive
    served_variations
    served_fallbacks
    forward_values
    removal_verdicts
    forgotten_rollouts
    fallback_mismatches
    code_reference_mismatches
    code_removal_to_archive
    flag_dependents blast_radius blast_radius_totals

    unowned_flags
    owner_debt
    flag_hygiene
    flag_lifetimes
    flag_velocity
    temporary_turned_permanent inactive_projects quiet_environments

    change_actors
    uncommented_critical_changes applied_approvals
    environment_governance
    access_hygiene

    scorecards
}
