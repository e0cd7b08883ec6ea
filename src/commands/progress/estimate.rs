//! How far a run is: the rows of each resource, the requests that are still to come, and how long
//! they will take.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::resource::Resource;
use crate::model::scope::Level;
use crate::record::{Reading, Record};
use crate::resources::flag_statuses::FlagStatuses;
use crate::resources::flags::Flags;
use crate::resources::selection::{FlagStatusMode, Selection};

/// Before this share of the requests is sent, nothing is said about the time that is left.
const LEAST_SHARE: u64 = 20;
/// Before this time has passed, neither.
const LEAST_TIME: Duration = Duration::from_secs(2);

/// The state of a run.
pub(super) struct Estimate<'a> {
    readings: &'a [Reading],
    planned: BTreeMap<String, usize>,
    selection: &'a Selection,
}

/// The rows of a resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rows {
    /// The requests sent so far.
    pub requests: u64,
    /// The rows received so far, each counted once.
    pub received: i64,
    /// How many there will be, if LaunchDarkly said so.
    pub total: Option<i64>,
    /// Whether the total is an estimate: some flags were not counted yet.
    pub is_about: bool,
}

impl<'a> Estimate<'a> {
    /// The state that a record has now.
    pub fn new(readings: &'a [Reading], record: &Record, selection: &'a Selection) -> Self {
        Estimate { readings, planned: record.planned(), selection }
    }

    /// The rows of a resource in all scopes; `None` if none was asked for yet.
    pub fn rows(&self, resource: &str) -> Option<Rows> {
        let readings = || self.readings.iter().filter(|one| one.resource == resource);
        readings().next()?;
        let announced = sum(readings().map(|one| one.announced.rows));
        let counted = readings().filter(|one| one.announced.requests > 0).count();
        let is_of_projects = resource == Flags::NAME;
        let scopes = if is_of_projects { self.planned.len() } else { readings().count() };
        let is_whole = readings().filter(|one| one.announced.is_whole).count() == scopes;
        let is_about = is_of_projects && !is_whole;
        let total = (counted > 0 && (is_about || counted == scopes))
            .then(|| announced.saturating_mul(signed(scopes)) / signed(counted));
        let received = sum(readings().map(|one| one.rows));
        let requests = readings().map(|one| one.requests).sum();
        Some(Rows { requests, received, total, is_about })
    }

    /// About how many requests the run takes in all; `None` until the flags of a project are
    /// counted.
    pub fn requests(&self) -> Option<u64> {
        if self.planned.is_empty() {
            return None;
        }
        let outside = self.readings.iter().filter(|one| one.project_key.is_empty());
        let mut requests = outside.map(expected).fold(0, u64::saturating_add);
        for resource in self.selection.resources() {
            let lists = match resource.level() {
                Level::Project => self.planned.len(),
                Level::Environment => self.planned.values().sum(),
                Level::Account | Level::Team => continue,
            };
            requests = requests.saturating_add(self.of_lists(resource.name(), lists as u64)?);
        }
        Some(requests)
    }

    /// The requests of the lists that a resource has in all projects: as those that are counted
    /// already, or one each.
    fn of_lists(&self, resource: &str, lists: u64) -> Option<u64> {
        let begun = self.readings.iter().filter(|one| one.resource == resource);
        let begun: Vec<_> = begun.filter(|one| !one.project_key.is_empty()).collect();
        let counted = begun.iter().filter(|one| one.has_ended || one.announced.requests > 0);
        let (count, sum) = counted.fold((0, 0), |(count, sum): (u64, u64), one| {
            (count + 1, sum.saturating_add(expected(one)))
        });
        let sent: u64 = begun.iter().map(|one| one.requests).sum();
        if resource == Flags::NAME && count == 0 {
            return None;
        }
        let each =
            sum.checked_div(count).unwrap_or_else(|| self.requests_of_a_list(resource)).max(1);
        Some(sent.max(sum.saturating_add(lists.saturating_sub(count).saturating_mul(each))))
    }

    /// The requests of a list of which nothing is known.
    fn requests_of_a_list(&self, resource: &str) -> u64 {
        let is_each_flag = self.selection.flag_status == FlagStatusMode::PerFlag;
        if resource != FlagStatuses::NAME || !is_each_flag {
            return 1;
        }
        let flags = self.rows(Flags::NAME).and_then(|rows| rows.total).unwrap_or(1);
        flags.unsigned_abs() / (self.planned.len() as u64).max(1)
    }
}

/// The requests that a list takes.
fn expected(reading: &Reading) -> u64 {
    if reading.has_ended {
        return reading.requests;
    }
    reading.requests.max(reading.announced.requests).max(1)
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX).max(1)
}

/// The sum of counts of a server, which may be any numbers.
pub(super) fn sum(counts: impl Iterator<Item = i64>) -> i64 {
    counts.fold(0, i64::saturating_add)
}

/// How long it takes to send the requests that are `left`, after the first ones were sent in the
/// time that has `elapsed`, in words; `None` as long as nothing can be said.
pub(super) fn time_left(elapsed: Duration, sent: u64, left: u64) -> Option<String> {
    let is_early = elapsed < LEAST_TIME || sent.saturating_mul(LEAST_SHARE) < sent + left;
    if is_early || sent == 0 || left == 0 {
        return None;
    }
    let left = elapsed.as_secs_f64() * left as f64 / sent as f64;
    Some(match left {
        left if left < 10.0 => "a few seconds left".to_owned(),
        left if left < 90.0 => format!("about {} s left", (left / 10.0).ceil() * 10.0),
        left if left < 5400.0 => format!("about {} min left", (left / 60.0).ceil()),
        left => format!("about {} h left", (left / 3600.0).ceil()),
    })
}

#[cfg(test)]
mod tests;
