//! The least work that the answers can take: decode them into the same structs, and insert the
//! same rows with prepared statements, in one transaction, into a fresh SQLite file.

use std::collections::HashMap;
use std::path::Path;

use flaglake::catalog;
use flaglake::model::resource::Resource;
use flaglake::model::table::ddl;
use flaglake::model::table::{Sink, TableInfo, Value, Written};
use flaglake::resources::{
    environments::Environments, flag_statuses::FlagStatuses, flags::Flags, projects::Projects,
    tags::Tags, team_maintainers::TeamMaintainers, teams::Teams,
};
use rusqlite::types::Null;
use rusqlite::{Connection, Statement};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Result;
use crate::account::Answer;

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct List<T> {
    items: Vec<T>,
}

struct Floor<'c> {
    statements: HashMap<&'static str, Statement<'c>>,
}

/// Does this work once, into a file at `path`; returns the number of rows in it.
pub fn run(answers: &[Answer], path: &Path) -> Result<u64> {
    let connection = Connection::open(path)?;
    // The floor may use more memory than flaglake: with less, it would wait for its own file.
    connection.execute_batch(
        "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -1000000; BEGIN",
    )?;
    let tables = catalog::tables();
    for table in &tables {
        connection.execute_batch(&ddl::create_staged_table(table, &tables))?;
    }
    let statements = tables.iter().map(|table| prepare(&connection, table));
    let mut floor = Floor { statements: statements.collect::<Result<_>>()? };
    answers.iter().try_for_each(|answer| insert_answer(answer, &mut floor))?;
    drop(floor);
    connection.execute_batch("COMMIT")?;
    Ok(connection.total_changes())
}

fn prepare<'c>(
    connection: &'c Connection,
    table: &TableInfo,
) -> Result<(&'static str, Statement<'c>)> {
    let parameters = ddl::parameters(table);
    // Pages overlap, and each group of environments lists the flags again.
    let sql = format!("INSERT OR IGNORE INTO {} VALUES ({parameters})", table.name);
    Ok((table.name, connection.prepare(&sql)?))
}

fn insert_answer(answer: &Answer, floor: &mut Floor<'_>) -> Result {
    match *answer.route() {
        ["projects"] => insert::<Projects>(answer, floor),
        ["projects", _, "environments"] => insert::<Environments>(answer, floor),
        ["tags"] => insert::<Tags>(answer, floor),
        ["teams"] => insert::<Teams>(answer, floor),
        ["teams", _, "maintainers"] => insert::<TeamMaintainers>(answer, floor),
        ["flags", _] => insert::<Flags>(answer, floor),
        ["flag-statuses", _, _] => insert::<FlagStatuses>(answer, floor),
        ["caller-identity"] => Ok(()),
        _ => Err(format!("the benchmark does not know {}", answer.path).into()),
    }
}

fn insert<R: Resource>(answer: &Answer, floor: &mut Floor<'_>) -> Result {
    let list: List<R::Item> = serde_json::from_slice(&answer.body)?;
    let scope = answer.scope();
    Ok(list.items.iter().try_for_each(|item| R::write(&scope, item, floor))?)
}

impl Sink for Floor<'_> {
    fn write(&mut self, table: &'static str, cells: &[Value<'_>]) -> flaglake::Result<Written> {
        let Some(statement) = self.statements.get_mut(table) else { return Ok(Written::Kept) };
        for (index, cell) in (1..).zip(cells) {
            bind(statement, index, cell)?;
        }
        let inserted = statement.raw_execute()? > 0;
        Ok(if inserted { Written::Fresh } else { Written::Kept })
    }

    fn wants(&self, table: &str) -> bool {
        self.statements.contains_key(table)
    }
}

fn bind(statement: &mut Statement<'_>, index: usize, cell: &Value<'_>) -> rusqlite::Result<()> {
    match cell {
        Value::Null => statement.raw_bind_parameter(index, Null),
        Value::Text(text) => statement.raw_bind_parameter(index, text),
        Value::Int(int) => statement.raw_bind_parameter(index, int),
        Value::Real(real) => statement.raw_bind_parameter(index, real),
        Value::Bool(bool) => statement.raw_bind_parameter(index, bool),
        Value::Time(milliseconds) => {
            let time = jiff::Timestamp::from_millisecond(*milliseconds).unwrap_or_default();
            statement.raw_bind_parameter(index, format!("{time:.3}"))
        }
    }
}
