//! `flaglake check --print-policy`: the policy that a token's role needs.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::schema::print as write;
use crate::sync::permissions::writes;
use crate::terminal::say;
use crate::{Result, resources};

/// Prints the policy that allows reading `wanted`, and names the resources without a documented
/// action.
///
/// # Errors
/// When standard output cannot be written.
pub(super) fn print(wanted: &BTreeSet<&'static str>) -> Result<()> {
    write(&format!("{:#}\n", policy(wanted)))?;
    let open = undocumented(wanted);
    if !open.is_empty() {
        say(&format!(
            "LaunchDarkly documents no action that allows reading {}: give the token the Reader \
             role to be sure of them, or leave them out with `--skip`.",
            open.join(", ")
        ));
    }
    Ok(())
}

/// Prints the policy that allows what `sync` writes, and the reads that its guards need.
///
/// # Errors
/// When standard output cannot be written.
pub(super) fn print_writes() -> Result<()> {
    write(&format!("{:#}\n", write_policy()))?;
    say("Remove the statements that your syncs do not need, and put the keys of projects and \
         environments in place of `*`. Where segments need approvals, an unattended sync also takes \
         `bypassRequiredSegmentApproval`.");
    Ok(())
}

fn write_policy() -> serde_json::Value {
    let statement = |specifier: &str, actions: &[&str]| json!({"effect": "allow", "resources": [specifier], "actions": actions});
    let reads = std::iter::once(statement("proj/*", &["viewProject"]));
    reads.chain(writes().iter().map(|one| statement(one.specifier, one.actions))).collect()
}

/// The statements of an inline policy: <https://launchdarkly.com/docs/home/account/role-policies>.
fn policy(wanted: &BTreeSet<&'static str>) -> serde_json::Value {
    let mut actions = BTreeMap::<&str, BTreeSet<&str>>::new();
    for resource in wanted.iter().filter_map(|name| resources::find(name)) {
        if !resource.permission().is_empty() {
            actions.entry(resource.specifier()).or_default().insert(resource.permission());
        }
    }
    let statement = |(specifier, actions): (&str, BTreeSet<&str>)| json!({"effect": "allow", "resources": [specifier], "actions": actions});
    actions.into_iter().map(statement).collect()
}

/// The resources for which no action is documented.
fn undocumented(wanted: &BTreeSet<&'static str>) -> Vec<&'static str> {
    let found = wanted.iter().filter_map(|name| resources::find(name));
    found.filter(|one| one.permission().is_empty()).map(|one| one.name()).collect()
}
