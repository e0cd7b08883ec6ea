//! What a SQLite output keeps of earlier runs: every version of a row, and figures for each day.
//!
//! A version is what is known as a slowly changing dimension of type 2: `valid_from` is the start
//! of the run that saw it first, `valid_to` that of the run that saw it changed or gone.

use crate::model::table::{ColumnInfo, Personal, TableInfo, Type};

/// A table, and where its versions are kept.
#[derive(Clone, Debug)]
pub struct History {
    /// The table.
    pub of: TableInfo,
    /// Its versions: the same columns, and from when to when they were in force.
    pub versions: TableInfo,
}

impl History {
    /// The history of `of`. The names of the table of versions live as long as the process.
    pub fn new(of: TableInfo) -> Self {
        let mut columns = of.columns.clone();
        columns.extend(own_columns());
        let doc = format!("Versions of each row of `{}`, from when to when each held.", of.name);
        let versions = TableInfo {
            name: format!("{}_history", of.name).leak(),
            doc: doc.leak(),
            key: of.key.iter().copied().chain(["valid_from"]).collect(),
            accumulates: true,
            columns,
            ..TableInfo::default()
        };
        History { of, versions }
    }
}

fn own_columns() -> [ColumnInfo; 3] {
    let mut until = column(
        "valid_to",
        "Start of the run that found it changed or deleted, as in `valid_from`; NULL while it holds.",
        Type::Time,
    );
    until.nullable = true;
    [
        column(
            "valid_from",
            "Start of the run that saw this version first; later where a clock was wrong, as no version begins before what was known.",
            Type::Time,
        ),
        until,
        column("extraction_id", "The run that saw this version first.", Type::Text),
    ]
}

/// A column that flaglake fills itself, and always.
pub(crate) const fn column(name: &'static str, doc: &'static str, ty: Type) -> ColumnInfo {
    let (source, nullable, personal) = ("-", false, Personal::No);
    ColumnInfo { name, source, doc, ty, nullable, lenient: false, personal, volatile: false }
}
