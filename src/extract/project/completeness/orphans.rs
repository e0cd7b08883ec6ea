//! Orphan rows: statuses of flags that no list had. Such a flag was created after the walks, is
//! hidden from lists, or is deleted.

use std::collections::BTreeSet;

use super::configurations::Configurations;
use super::one_flag::{forget_flag, read_flag};
use super::queries::orphans;
use super::{AT_ONCE, remark_count};
use crate::Result;
use crate::extract::join::try_join_all;
use crate::extract::project::plan::ProjectPlan;

/// Reads the flags of orphan statuses, and drops the statuses of flags that are deleted. Returns
/// the environments that turned out to be deleted.
pub(super) async fn adopt(
    configurations: &Configurations<'_>,
    plan: &ProjectPlan,
) -> Result<BTreeSet<String>> {
    let lists = &configurations.lists;
    let project = plan.key.clone();
    let orphans =
        lists.fetch.stage.ask_in(&plan.key, move |writer| orphans(writer, &project)).await?;
    let (mut adopted, mut deleted) = (BTreeSet::new(), 0);
    for some in orphans.chunks(AT_ONCE) {
        let read = try_join_all(some.iter().map(|flag| read_flag(lists, flag))).await?;
        for (flag, environments) in some.iter().zip(read) {
            if environments.is_some() {
                adopted.insert(flag);
            } else {
                deleted += 1;
                forget_flag(lists, flag).await?;
            }
        }
    }
    remark_count(lists.tally, adopted.len(), "flags were known by their statuses only");
    remark_count(lists.tally, deleted, "flags with a status were deleted during the run");
    configurations.drop_invalid(plan).await?;
    complete(configurations, plan, &adopted).await
}

/// Leaves out environments that the endpoints of the adopted flags did not return.
async fn complete(
    configurations: &Configurations<'_>,
    plan: &ProjectPlan,
    adopted: &BTreeSet<&String>,
) -> Result<BTreeSet<String>> {
    if adopted.is_empty() {
        return Ok(BTreeSet::new());
    }
    let missing = configurations.missing(plan).await?;
    let missing = missing.into_iter().filter(|(flag, _)| adopted.contains(flag));
    let lacking = missing.flat_map(|(_, environments)| environments).collect();
    configurations.hidden_or_deleted(plan, &lacking).await
}
