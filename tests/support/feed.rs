//! Feeds a page of any bytes to a resource in pieces, for the property tests and the fuzz target. A
//! violated property panics.
#![allow(dead_code, reason = "each user needs a part of it")]

use flaglake::catalog;
use flaglake::error::Kind;
use flaglake::model::scope::Scope;
use flaglake::model::table::{ColumnInfo, Sink, TableInfo, Type, Value, Written};
use flaglake::resources::PageRows;
use flaglake::stage::Writer;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// No page gives more cells for each of its bytes: `{},` is a variation, a row of eight.
const MOST_CELLS_A_BYTE: usize = 3;

/// Allowance for the text of a row that is not in the page: the scope's keys, the name of a state,
/// numbers as text.
const OWN_TEXT: usize = 100;

/// How much longer text may get: a space in a URL's path is `%20`, a letter of its host four of
/// ASCII.
const MOST_GROWTH: usize = 4;

pub fn scope() -> Scope {
    Scope::environment("web", "production")
}

/// A sink that counts what it hands on.
struct Counter<'s> {
    cells: usize,
    /// The bytes of text in the largest row.
    largest: usize,
    next: Option<&'s mut dyn Sink>,
}

impl Sink for Counter<'_> {
    fn write(&mut self, table: &'static str, cells: &[Value<'_>]) -> flaglake::Result<Written> {
        let text = |cell: &Value<'_>| if let Value::Text(text) = cell { text.len() } else { 0 };
        self.cells += cells.len();
        self.largest = self.largest.max(cells.iter().map(text).sum());
        self.next.as_mut().map_or(Ok(Written::Fresh), |next| next.write(table, cells))
    }

    fn wants(&self, _: &str) -> bool {
        true
    }
}

/// Feeds a page to `resource`: no more comes out than the page accounts for. Returns whether it
/// was accepted.
fn extract(
    resource: &dyn PageRows,
    page: &[u8],
    piece: usize,
    next: Option<&mut dyn Sink>,
) -> bool {
    let mut counter = Counter { cells: 0, largest: 0, next };
    let pieces = &mut page.chunks(piece.max(1));
    let outcome = resource.extract_pieces(pieces, &scope(), &mut counter);
    let (cells, largest) = (counter.cells, counter.largest);
    assert!(cells <= MOST_CELLS_A_BYTE * page.len(), "{cells} cells of {} bytes", page.len());
    assert!(largest <= MOST_GROWTH * page.len() + OWN_TEXT, "{largest} bytes of {}", page.len());
    if let Err(error) = &outcome {
        assert_eq!(error.kind(), Kind::UnexpectedResponse, "{error}");
        assert!(error.concerns().is_some(), "{error}");
        assert!(error.to_string().len() < 1000 + 2 * page.len(), "{error}");
    }
    outcome.is_ok()
}

/// Counts what comes out of a page, every part of every row; returns whether it was accepted.
pub fn count(resource: &dyn PageRows, page: &[u8], piece: usize) -> bool {
    extract(resource, page, piece, None)
}

/// A database in memory with every table.
pub struct Lake {
    connection: Connection,
    tables: Vec<TableInfo>,
}

impl Lake {
    pub fn new() -> Self {
        let connection = Connection::open_in_memory().unwrap();
        let tables = catalog::tables();
        connection.execute_batch(&catalog::sqlite::script(&tables)).unwrap();
        connection.pragma_update(None, "foreign_keys", false).unwrap();
        connection.set_prepared_statement_cache_capacity(2 * tables.len());
        Lake { connection, tables }
    }

    pub fn writer(&self) -> LakeWriter<'_> {
        LakeWriter { lake: self, writer: Writer::new(&self.connection, &self.tables).unwrap() }
    }

    fn read(&self, table: &TableInfo) {
        let sql = format!("SELECT * FROM {}", table.name);
        let mut statement = self.connection.prepare_cached(&sql).unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for (index, column) in table.columns.iter().enumerate() {
                let cell = row.get_ref(index).unwrap();
                assert!(fits(column, cell), "{}.{}: {cell:?}", table.name, column.name);
            }
        }
    }
}

/// A stage for a lake, filled as in a run.
pub struct LakeWriter<'l> {
    lake: &'l Lake,
    writer: Writer<'l>,
}

impl LakeWriter<'_> {
    /// Writes a page, reads its rows back and forgets them; returns whether it was accepted.
    pub fn take(&mut self, resource: &dyn PageRows, page: &[u8], piece: usize) -> bool {
        self.lake.connection.execute_batch("BEGIN").unwrap();
        let accepted = extract(resource, page, piece, Some(&mut self.writer));
        if accepted {
            let filled = resource.tables();
            // A page of projects holds environments, too.
            let others = self.lake.tables.iter().filter(|table| table.name.starts_with("env"));
            filled.iter().chain(others).for_each(|table| self.lake.read(table));
        }
        self.lake.connection.execute_batch("ROLLBACK").unwrap();
        accepted
    }
}

/// Whether a cell is what its column declares.
fn fits(column: &ColumnInfo, cell: ValueRef<'_>) -> bool {
    match (column.ty, cell) {
        (_, ValueRef::Null) => column.nullable,
        (Type::Text | Type::Json, ValueRef::Text(text)) => std::str::from_utf8(text).is_ok(),
        (Type::Time, ValueRef::Text(text)) => text.ends_with(b"Z"),
        (Type::Int, ValueRef::Integer(_)) => true,
        (Type::Bool, ValueRef::Integer(int)) => int == 0 || int == 1,
        _ => false,
    }
}
