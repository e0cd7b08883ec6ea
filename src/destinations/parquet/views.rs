//! Views, written as tables of a Parquet extraction.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use tracing::warn;

use crate::destinations::coverage;
use crate::model::settings;
use crate::model::sql::words;
use crate::model::table::TableInfo;
use crate::model::table::ddl::create_table;
use crate::model::view::{self, LATEST_EXTRACTION, View};
use crate::record::{Coverage, Record};
use crate::stage::Staged;
use crate::{catalog, resources};

/// Creates the temporary tables that views over a stage need in addition to its own. Those of
/// tables that were not read are empty.
pub(super) fn create_tables(staged: &Staged) -> rusqlite::Result<()> {
    let (connection, all) = (&staged.connection, catalog::tables());
    let missing = all.iter().filter(|table| !staged.tables.contains(table)).cloned();
    for table in missing.chain(catalog::kept()).chain([view::state_table()]) {
        let ddl = create_table(&table, &[]).replacen("TABLE", "TEMP TABLE", 1);
        connection.execute_batch(&ddl)?;
    }
    settings::write(connection, "temp", staged.scorecards.as_ref())?;
    settings::record(connection, "temp").map(drop)
}

/// Creates temporary views over a stage.
pub(super) fn create_over(staged: &Staged) -> rusqlite::Result<()> {
    let connection = &staged.connection;
    // Above this limit, SQLite writes the intermediate rows of a view to files. In memory, they
    // would be the peak of a run.
    connection.execute_batch("PRAGMA shrink_memory; PRAGMA soft_heap_limit = 2000000")?;
    let views = view::all().into_iter().map(|view| view.create_over());
    connection.execute_batch(&views.collect::<String>())
}

/// The views that a Parquet extraction has: those whose required resources this run has read. Rows
/// of earlier runs are in other extractions.
pub(super) fn of(staged: &Staged, record: &Record) -> Vec<View> {
    let is_read = |name: &str| {
        let resource = resources::ALL.iter().find(|resource| resource.name() == name);
        let table = resource.and_then(|resource| resource.tables().into_iter().next());
        table.is_some_and(|table| {
            staged.tables.contains(&table) && coverage(&table, record) != Coverage::None
        })
    };
    let says_something = |view: &View| {
        view.needs.iter().filter(|need| need.is_required).all(|need| is_read(need.resource))
    };
    // The row that names the newest extraction has its own folder, outside the extractions.
    let is_written =
        |view: &View| view.name != LATEST_EXTRACTION && !view.is_internal() && says_something(view);
    view::all().into_iter().filter(is_written).collect()
}

/// The view that names the newest extraction, as a table.
pub(super) fn latest_extraction() -> TableInfo {
    let all = view::all().into_iter();
    all.filter(|view| view.name == LATEST_EXTRACTION)
        .map(|view| view.table())
        .next()
        .unwrap_or_default()
}

/// The views without those that read all rows of a `partial` table.
pub(super) fn without(views: Vec<View>, partial: &BTreeSet<&str>) -> Vec<View> {
    let of_partial: BTreeSet<_> = partial.iter().flat_map(|table| readers(table)).collect();
    let is_right = |view: &View| !of_partial.contains(view.name);
    let (right, wrong): (Vec<_>, Vec<_>) = views.into_iter().partition(is_right);
    if !wrong.is_empty() {
        let names: Vec<_> = wrong.iter().map(|view| view.name).collect();
        warn!(
            "These views are left out, because rows would be missing in them: {}.",
            names.join(", ")
        );
    }
    right
}

/// The views that read the rows of the newest extraction only.
const OF_NEWEST: [&str; 2] = [LATEST_EXTRACTION, "resource_coverage"];

/// The views that read all rows that a table has accumulated, directly or through other views.
pub(super) fn readers(table: &str) -> BTreeSet<&'static str> {
    let views: Vec<_> =
        view::all().into_iter().filter(|view| !OF_NEWEST.contains(&view.name)).collect();
    let (mut readers, mut new) = (BTreeSet::<&'static str>::new(), vec![table]);
    while !new.is_empty() {
        let reads = |view: &&View| new.iter().any(|name| mentions(view, name));
        let is_new = |view: &&View| !readers.contains(view.name) && reads(view);
        let names: Vec<_> = views.iter().filter(is_new).map(|view| view.name).collect();
        readers.extend(names.iter().copied());
        new = names;
    }
    readers
}

/// Whether a view reads all rows that a table has accumulated, directly or through other views.
pub(super) fn reads_whole(view: &View, table: &str) -> bool {
    readers(table).contains(view.name)
}

/// The words of each view's statement.
static WORDS: LazyLock<BTreeMap<&'static str, BTreeSet<String>>> = LazyLock::new(|| {
    let words = |view: &View| words(&view.text).map(str::to_owned).collect();
    view::all().iter().map(|view| (view.name, words(view))).collect()
});

/// Whether `name` occurs as a whole word in a view's statement.
pub(super) fn mentions(view: &View, name: &str) -> bool {
    WORDS.get(view.name).is_some_and(|words| words.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_reads_what_the_views_that_it_reads_read() {
        let find = |name: &str| view::all().into_iter().find(|view| view.name == name).unwrap();
        let reads = |view: &str, table: &str| reads_whole(&find(view), table);
        assert!(mentions(&find("change_actors"), "audit_log_entries"));
        assert!(reads("change_actors", "audit_log_entries"));
        assert!(!mentions(&find("scorecards"), "flag_statuses"));
        assert!(reads("scorecards", "flag_statuses"));
        assert!(!reads("stale_flags", "audit_log_entries"));
        // It reads only the newest.
        assert!(mentions(&find(LATEST_EXTRACTION), "extractions"));
        assert!(!reads(LATEST_EXTRACTION, "extractions") && !reads("stale_flags", "extractions"));
    }

    #[test]
    fn a_view_over_a_view_reads_the_tables_of_both() {
        let readers = readers("audit_log_entries");
        assert!(readers.contains("change_actors"), "{readers:?}");
        let indirect = view::all()
            .into_iter()
            .find(|view| readers.contains(view.name) && !mentions(view, "audit_log_entries"));
        assert!(indirect.is_some(), "{readers:?}");
        assert!(!readers.contains("flags") && !readers.contains("flag_facts"), "{readers:?}");
        assert!(super::readers("extractions").iter().all(|name| !OF_NEWEST.contains(name)));
        assert!(super::readers("no_table").is_empty());
    }
}
