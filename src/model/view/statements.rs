//! The statements that create a view: over a stage, in an output, and as a table.

use std::borrow::Cow;

use super::{MARK, View};
use crate::model::table::{ColumnInfo, TableInfo, Type};

/// The views that several others read, and that are not stored.
const SHARED: [&str; 4] =
    ["critical_environments", "exempt_flags", "project_limits", "stale_flags"];

impl View {
    /// The statement that creates it; `temporary` is `TEMP ` or empty.
    pub fn create(&self, temporary: &str) -> String {
        format!("CREATE {temporary}VIEW {} AS\n{};\n", self.name, self.text.trim_end())
    }

    /// The statements that create it over a stage, for one connection only. A view that several
    /// others read is computed once, because the stage does not change any more.
    pub fn create_over(&self) -> String {
        let (name, text) = (self.name, self.text.trim_end());
        if self.stored.is_none() && !SHARED.contains(&name) {
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
        let (name, text) = (self.name, self.published());
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

    /// The rows in an output: the stored ones, as long as thresholds are the same where they matter.
    /// SQLite allows some 1,000 tables in a statement, with all those that its views name.
    fn published(&self) -> Cow<'_, str> {
        let text = self.text.trim_end();
        let Some(stored) = self.stored else { return Cow::Borrowed(text) };
        let columns: Vec<_> = self.columns.iter().map(|column| column.name).collect();
        let columns = columns.join(", ");
        if !self.follows_thresholds {
            return Cow::Owned(format!("SELECT {columns} FROM {stored}"));
        }
        Cow::Owned(format!(
            "SELECT {columns} FROM {stored} WHERE (SELECT is_current FROM stored_state)\n\
             UNION ALL\n\
             SELECT {columns} FROM (\n{text}\n) WHERE NOT (SELECT is_current FROM stored_state)"
        ))
    }

    /// The table that stores its rows in a SQLite output.
    pub fn stored_table(&self) -> Option<TableInfo> {
        self.stored.map(|name| TableInfo { name, ..self.table() })
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
