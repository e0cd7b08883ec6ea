//! LaunchDarkly's own verdict on whether a flag is ready to be archived.

use crate::account::{Flag, FlagEnvironment, Project, State};
use crate::json::Object;

/// The `stale` field that `expand=archiveChecks` adds. Archived flags have none, nor has a flag
/// whose project has no critical environment: only those count.
pub(crate) fn of(project: &Project, flag: &Flag) -> Option<String> {
    let mut critical = project.environments.iter().filter(|one| one.critical).peekable();
    if flag.state() == State::Archived || critical.peek().is_none() {
        return None;
    }
    let states: Vec<_> = critical.map(|one| flag.environment(&one.key)).collect();
    let all = |name: &str| flag.temporary && states.iter().all(|state| has_status(state, name));
    let verdict = Object::new()
        .raw("cleanupId", "null")
        .boolean("readyForCodeRemoval", all("launched"))
        .boolean("readyToArchive", all("inactive"));
    Some(verdict.close())
}

fn has_status(state: &FlagEnvironment, name: &str) -> bool {
    state.status.as_ref().is_some_and(|status| status.name == name)
}
