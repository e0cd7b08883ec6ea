//! Which tables of an extraction are copied, and which views are computed.

use std::collections::BTreeSet;

use super::rows::Extraction;
use crate::destinations::AUDIT_LOG;
use crate::destinations::parquet::views::{mentions, reads_whole};
use crate::model::resource::Resource;
use crate::model::table::TableInfo;
use crate::model::view::{self, HISTORY, LATEST_EXTRACTION, View};
use crate::resources::audit_log::AuditLog;
use crate::{catalog, record};

/// The views over the record of the runs. They are computed, since the record of all runs is copied.
pub(super) const OF_RECORD: [&str; 3] = [LATEST_EXTRACTION, "resource_coverage", COVERAGE];

/// The view that names the data that views lack.
pub(super) const COVERAGE: &str = "view_coverage";

/// A view whose rows are neither stored nor computed.
pub(super) struct Absent {
    /// Its name.
    pub view: &'static str,
    /// The resource that it lacks.
    pub resource: &'static str,
    /// The reason, in one word.
    pub outcome: &'static str,
}

/// What a copy consists of.
#[derive(Default)]
pub(super) struct Plan {
    /// The tables and views whose rows are copied. One that the extraction does not have is empty.
    pub stored: Vec<TableInfo>,
    /// The views that are computed.
    pub computed: Vec<View>,
    /// The views that are empty because their rows are not known.
    pub absent: Vec<Absent>,
    names: BTreeSet<&'static str>,
}

impl Plan {
    /// The plan for a copy with these tables and views.
    pub(super) fn new(newest: &Extraction, names: &[&'static str]) -> Self {
        let mut plan = Plan::default();
        let views = view::all();
        names.iter().for_each(|name| plan.add(newest, name, &views));
        plan
    }

    fn add(&mut self, newest: &Extraction, name: &str, views: &[View]) {
        let others = catalog::kept().into_iter().chain(record::tables().to_vec());
        let is_other = others.into_iter().any(|table| table.name == name);
        if is_other || OF_RECORD.contains(&name) || self.names.contains(name) {
            return;
        }
        if let Some(view) = views.iter().find(|view| view.name == name) {
            self.names.insert(view.name);
            self.add_view(newest, view, views);
        } else if let Some(table) = catalog::tables().into_iter().find(|table| table.name == name) {
            self.names.insert(table.name);
            self.stored.push(table);
        }
    }

    /// Adds a view. If the extraction lacks it, a resource that it requires was not read, or the
    /// version of flaglake that wrote the extraction did not have it.
    fn add_view(&mut self, newest: &Extraction, view: &View, views: &[View]) {
        if newest.known.has(view.name) {
            self.stored.push(view.table());
        } else if let Some((resource, outcome)) = unknown(view) {
            self.stored.push(view.table());
            self.absent.push(Absent { view: view.name, resource, outcome });
        } else {
            let tables = catalog::tables();
            let names = tables.iter().map(|table| table.name);
            let names = names.chain(views.iter().map(|view| view.name));
            let read = names.filter(|name| *name != view.name && mentions(view, name));
            read.for_each(|name| self.add(newest, name, views));
            self.computed.push(view.clone());
        }
    }
}

/// The resource of which one extraction does not have all rows that a view reads, and a word for it.
fn unknown(view: &View) -> Option<(&'static str, &'static str)> {
    if view.needs.iter().any(|need| need.resource == HISTORY) {
        Some((HISTORY, "not_kept"))
    } else if reads_whole(view, AUDIT_LOG) {
        Some((AuditLog::NAME, "incomplete"))
    } else {
        None
    }
}
