//! What a run writes to the server's log, which backups and replicas have to take.

use std::collections::BTreeMap;

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::generated::{self, Size};

use super::equal::RECORD;
use super::{demo, extract};
use crate::support::Run;
use crate::support::postgres::{Database, Server, server};

/// The number from which on objects are users' own: those before it are the server's catalog.
const FIRST_OF_USERS: u32 = 16_384;

/// The records that the transaction of a run writes to the log, but for those with which a reader
/// removes what earlier transactions have left.
struct Written {
    records: u64,
    bytes: u64,
    /// The bytes of copies of whole pages, which are not among the others: the server writes one at
    /// the first change of a page after a checkpoint.
    pages: u64,
    /// The bytes by relation. Those of the catalog have no name.
    relations: BTreeMap<String, u64>,
}

/// Extracts; returns what that wrote. `None`, with a message, where the server cannot tell.
fn written(run: &Run, database: &Database) -> Option<Written> {
    if !database.try_run("CREATE EXTENSION IF NOT EXISTS pg_walinspect") {
        eprintln!("skipped: the server has no extension `pg_walinspect`");
        return None;
    }
    let start = database.value("SELECT pg_current_wal_insert_lsn()");
    extract(run, &database.address(), &[]).succeeded();
    let xid = "SELECT xmin FROM launchdarkly.extractions ORDER BY started_at DESC LIMIT 1";
    let xid = database.value(xid);
    let rows = database.cells(&format!(
        "SELECT substring(block_ref FROM '#0: rel \\d+/\\d+/(\\d+)'), count(*),
             sum(record_length - fpi_length), sum(fpi_length)
         FROM pg_get_wal_records_info('{start}', pg_current_wal_flush_lsn())
         WHERE xid = {xid} AND record_type NOT LIKE 'PRUNE%' GROUP BY 1"
    ));
    let mut written = Written { records: 0, bytes: 0, pages: 0, relations: BTreeMap::new() };
    for row in rows {
        let number = |at: usize| row[at].as_ref().map_or(0, |text| text.parse().unwrap());
        written.records += number(1);
        written.bytes += number(2);
        written.pages += number(3);
        if let Some(file) = &row[0] {
            *written.relations.entry(name(database, file)).or_default() += number(2);
        }
    }
    Some(written)
}

fn name(database: &Database, file: &str) -> String {
    if file.parse::<u32>().unwrap() < FIRST_OF_USERS {
        return "catalog".to_owned();
    }
    let sql = format!("SELECT relname FROM pg_class WHERE pg_relation_filenode(oid) = {file}");
    database.value(&sql)
}

#[test]
fn an_unchanged_account_writes_a_few_rows_to_the_log_of_the_server() {
    let Some((run, database)) = demo() else { return };
    extract(&run, &database.address(), &[]).succeeded();
    extract(&run, &database.address(), &[]).succeeded();
    let Some(written) = written(&run, &database) else { return };
    let relations = &written.relations;
    assert!(!relations.contains_key("catalog"), "{relations:?}");
    let is_of_runs = |name: &String| {
        let table = name.strip_suffix("_pkey").unwrap_or(name);
        table.ends_with("_daily") || RECORD.contains(&table)
    };
    assert!(relations.keys().all(is_of_runs), "{relations:?}");
    assert!(written.bytes < 100_000, "{}: {relations:?}", written.bytes);
}

#[test]
#[ignore = "long: it measures a larger account"]
fn a_larger_account_writes_what_changes() {
    let Some(database) = server().map(Server::database) else { return };
    let size = Size { projects: 5, environments: 10, flags: 600, archived: 50, ..Size::default() };
    let run = Run::new(generated::account(size), Behaviour::default());
    for night in ["first", "1 % changed", "1 % changed", "1 % changed", "unchanged", "unchanged"] {
        if night.starts_with('1') {
            run.server.change(|account| {
                let flags = account.projects.iter_mut().flat_map(|project| &mut project.flags);
                for flag in flags.step_by(100) {
                    flag.name.push_str(" of today");
                    flag.version += 1;
                }
            });
        }
        database.run("CHECKPOINT");
        let Some(written) = written(&run, &database) else { return };
        let mut relations: Vec<_> = written.relations.into_iter().collect();
        relations.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
        relations.truncate(20);
        let is_first = night == "first";
        let row_bytes = written.bytes;
        assert!(is_first || row_bytes < 300_000, "{night}: {row_bytes} bytes of rows");
        eprintln!(
            "{night}: {} records, {} bytes, and {} of pages; {relations:?}",
            written.records, written.bytes, written.pages
        );
    }
}
