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
//! -- Key: project_key, flag_key
//! -- Column: project_key text: Key of the project.
//! -- Column: age_days integer?: Whole days since the flag was created.
//! -- Example: SELECT * FROM stale_flags
//! SELECT …
//! ```

use std::borrow::Cow;

use crate::model::table::{ColumnInfo, Personal, TableInfo, Type};

/// The text that marks a view as flaglake's own. Views that users made are left unchanged. The
/// text must never change: views in existing databases carry it.
pub const MARK: &str = "flaglake's: made anew by every run";

/// The view that names the newest extraction.
pub const LATEST_EXTRACTION: &str = "latest_extraction";

/// The views that several others read and that take longest to compute.
const SHARED: [&str; 4] =
    ["flag_readiness", "served_variations", "served_fallbacks", "stale_flags"];

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

    /// Reads the first line of a field and returns the field's name.
    fn begin(&mut self, line: &'static str) -> &'static str {
        let Some((field, value)) = line.split_once(':') else { return "" };
        let value = value.trim();
        match field {
            "Question" => self.question = value,
            "Needs" => self.needs = list(value).map(Need::parse).collect(),
            "Key" => self.key = list(value).collect(),
            "Column" => self.columns.extend(column(value)),
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

    /// The statement that creates it; `temporary` is `TEMP ` or empty.
    pub fn create(&self, temporary: &str) -> String {
        format!("CREATE {temporary}VIEW {} AS\n{};\n", self.name, self.text.trim_end())
    }

    /// The statements that create it over a stage, for one connection only. A view that several
    /// others read is computed once, because the stage does not change any more.
    pub fn create_over(&self) -> String {
        let (name, text) = (self.name, self.text.trim_end());
        if !SHARED.contains(&name) {
            return format!("DROP VIEW IF EXISTS temp.{name};\n{}", self.create("TEMP "));
        }
        format!(
            "DROP TABLE IF EXISTS temp.{name};\nCREATE TEMP TABLE {name} AS\n{text};\n\
             CREATE UNIQUE INDEX temp.{name}_key ON {name} ({});\n",
            self.key.join(", ")
        )
    }

    /// The statement that creates it in an output.
    ///
    /// DuckDB parses the views of an attached SQLite file in its own dialect. If that fails, it
    /// cannot even list the tables. DuckDB's comments nest and SQLite's do not, so that each program
    /// sees a different statement: DuckDB sees one that has the columns with their types, and that
    /// fails with advice when it is run. Both end in the same parenthesis, because programs that
    /// dump a database append a semicolon.
    pub fn publish(&self) -> String {
        let (name, text) = (self.name, self.text.trim_end());
        let error = format!(
            "error('DuckDB cannot run this view, but SQLite can: FROM sqlite_query(''<the attached \
             database>'', ''SELECT * FROM {name}''). A Parquet output has it as a table.')"
        );
        // Each column must raise the error: DuckDB would evaluate a condition on a constant.
        let column = |column: &ColumnInfo| {
            format!("CAST({error} AS {}) AS {}", duckdb_type(column.ty), column.name)
        };
        let columns = self.columns.iter().map(column).collect::<Vec<_>>().join(", ");
        // The condition raises the error in statements that read no column, such as
        // `SELECT count(*)`: DuckDB skips unused columns, but never a condition.
        format!(
            "CREATE VIEW {name} AS /* /* {MARK} */ SELECT * FROM (\n{text}\n\
             -- */ SELECT {columns} FROM (SELECT 1 WHERE CAST({error} AS BOOLEAN)\n)"
        )
    }

    /// The view as a table, for outputs that store its rows.
    pub fn table(&self) -> TableInfo {
        TableInfo {
            name: self.name,
            doc: self.question,
            key: self.key.clone(),
            columns: self.columns.clone(),
            ..TableInfo::default()
        }
    }
}

/// The type that DuckDB gives to a column of this type in a table of an attached SQLite file.
const fn duckdb_type(ty: Type) -> &'static str {
    match ty {
        Type::Text | Type::Json => "VARCHAR",
        Type::Int | Type::Bool => "BIGINT",
        Type::Real => "DOUBLE",
        Type::Time => "TIMESTAMP",
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
fn column(text: &'static str) -> Option<ColumnInfo> {
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
        /// Every view.
        pub fn all() -> Vec<View> {
            with_needs(vec![$(View::parse(
                stringify!($name),
                include_str!(concat!("../../schema/views/", stringify!($name), ".sql")),
            )),*])
        }
    };
}

views! {
    latest_extraction
    resource_coverage
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
    blast_radius

    unowned_flags
    owner_debt
    flag_hygiene
    flag_lifetimes
    flag_velocity
    temporary_turned_permanent
    inactive_projects

    change_actors
    uncommented_critical_changes
    environment_governance
    access_hygiene

    scorecards
}
