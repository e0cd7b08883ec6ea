//! The data of earlier runs that a SQLite output keeps: every version of a row, and daily figures.
//!
//! Versions form a slowly changing dimension of type 2: `valid_from` is the start of the run that
//! first saw the version, `valid_to` the start of the run that saw it changed or deleted.

use crate::model::table::{ColumnInfo, Personal, TableInfo, Type};

/// A table and the table of its versions.
#[derive(Clone, Debug)]
pub struct History {
    /// The table.
    pub of: TableInfo,
    /// The table of its versions: the same columns, and the period in which each version was valid.
    pub versions: TableInfo,
}

impl History {
    /// The history of `of`. The strings of the history table are leaked: they live as long as the
    /// process.
    pub fn new(of: TableInfo) -> Self {
        let mut columns = of.columns.clone();
        columns.extend(own_columns());
        let doc = format!(
            "Versions of each row of `{}`, each with the period in which it was valid.",
            of.name
        );
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
        "Start of the run that found it changed or deleted, as in `valid_from`; NULL while it is valid.",
        Type::Time,
    );
    until.nullable = true;
    [
        column(
            "valid_from",
            "Start of the run that first saw this version; later where a clock was wrong, because no version begins before an earlier one.",
            Type::Time,
        ),
        until,
        column("extraction_id", "The run that first saw this version.", Type::Text),
    ]
}

/// A column that flaglake fills itself and that is never NULL.
pub(crate) const fn column(name: &'static str, doc: &'static str, ty: Type) -> ColumnInfo {
    let (source, nullable, personal) = ("-", false, Personal::No);
    ColumnInfo { name, source, doc, ty, nullable, lenient: false, personal, volatile: false }
}
