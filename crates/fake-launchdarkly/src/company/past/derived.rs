//! Lists as they were: today's items, with everything undone that happened since.

use std::collections::BTreeMap;

use serde_json::Value;

use super::experiments::{self, Experiments};
use super::undo::undo;
use super::{Moment, Place, references};
use crate::Family;
use crate::account::{Account, Json, Project};

/// The lists of `today` as they were `then`. It has all of them.
pub(super) fn as_of(moment: Moment, today: &Account, then: &Account) -> BTreeMap<Place, Vec<Json>> {
    let past = Past { moment, then, experiments: Experiments::of(moment, today, then) };
    // The roles of a team follow from the team.
    let lists = today.lists.iter().filter(|((family, _), _)| *family != Family::TeamRoles);
    let lists = lists.map(|(place, items)| {
        let items = items.iter().filter_map(|item| past.item(place, item)).collect();
        (place.clone(), items)
    });
    let references = then.projects.iter().map(|project| {
        let place = (Family::CodeReferences, vec![project.key.clone()]);
        (place, vec![references::as_of(moment, today, project)])
    });
    lists.chain(references).collect()
}

struct Past<'a> {
    moment: Moment,
    then: &'a Account,
    experiments: Experiments,
}

impl Past<'_> {
    /// An item of a list, unless it is newer.
    fn item(&self, (family, arguments): &Place, item: &Json) -> Option<Json> {
        match arguments.first().and_then(|key| self.then.project(key)) {
            Some(project) if *family == Family::Experiments => {
                Some(experiments::as_of(self.moment, project, item)?.to_string())
            }
            project => {
                let mut item: Value = serde_json::from_str(item).ok()?;
                undo(self.moment, &mut item, i64::MIN).then(|| {
                    self.derive(*family, project, &mut item);
                    item.to_string()
                })
            }
        }
    }

    /// Sets what follows from other things.
    fn derive(&self, family: Family, project: Option<&Project>, item: &mut Value) {
        match (family, project) {
            (Family::ApprovalRequests, _) => review(item),
            (Family::Holdouts, Some(project)) => {
                self.experiments.keep_known(project, &mut item["experiments"], "key");
            }
            (Family::Layers, Some(project)) => {
                let environments = item["environments"].as_object_mut().into_iter().flatten();
                environments.for_each(|(_, one)| {
                    let reservations = &mut one["reservations"];
                    self.experiments.keep_known(project, reservations, "experimentKey");
                });
            }
            (Family::Metrics, Some(project)) if item["experimentCount"] != 0 => {
                item["experimentCount"] = self.experiments.count(project).into();
            }
            (Family::Views, Some(project)) => count_flags(project, item),
            _ => {}
        }
    }
}

/// A view of a team has the team's flags.
fn count_flags(project: &Project, view: &mut Value) {
    let team = view["key"].as_str().unwrap_or_default();
    let flags = project.flags.iter().filter(|flag| flag.maintainer_team.as_deref() == Some(team));
    let count = flags.count();
    if let Some(summary) = view.get_mut("resourceSummary") {
        summary["flagCount"] = count.into();
        summary["totalCount"] = count.into();
    }
}

/// The state of an approval request follows from its reviews.
fn review(request: &mut Value) {
    let reviews = request["allReviews"].as_array().map_or(&[][..], Vec::as_slice);
    let deeds: Vec<_> = reviews.iter().filter_map(|review| review["kind"].as_str()).collect();
    let (count, last) = (deeds.len(), deeds.last().copied());
    let review_status = match last {
        Some("approve") => "approved",
        Some("decline") => "declined",
        _ => "pending",
    };
    let is_so = match request["status"].as_str() {
        Some("completed") => !request["appliedDate"].is_null(),
        Some("failed") => review_status == "declined",
        Some("scheduled") => review_status == "approved",
        _ => true,
    };
    request["_version"] = (1 + count).into();
    request["reviewStatus"] = review_status.into();
    if let Some(fields) = request.as_object_mut().filter(|_| !is_so) {
        fields.insert("status".to_owned(), "pending".into());
        fields.remove("appliedByMemberId");
        fields.remove("executionDate");
    }
}
