//! A flag as it was.

use super::Moment;
use crate::account::{Flag, FlagConfig, FlagEnvironment, FlagStatus, Project, mixed};
use crate::company::DAY_MS;
use crate::company::change::Change;
use crate::company::environments::{Purpose, purpose};
use crate::company::status;

/// How soon customers request a flag that was created. Developers do at once.
const RELEASE_MS: i64 = 7 * DAY_MS;

/// The flag, unless it was created later.
pub(super) fn as_of(moment: Moment, project: &Project, flag: &Flag) -> Option<Flag> {
    let mut then = moment.has_seen(flag.created_ms).then(|| flag.clone())?;
    then.version = (flag.version - changes_since(moment, flag)).max(1);
    then.archived_ms = moment.once(flag.archived_ms);
    then.deprecated_ms = moment.once(flag.deprecated_ms);
    for (environment, state) in &mut then.environments {
        let seed = format!("{} {environment} {}", project.key, flag.key);
        let past = Past { moment, flag, purpose: purpose(environment), seed };
        *state = past.state(state);
    }
    Some(then)
}

/// How often the flag was changed since: each change is a version.
fn changes_since(moment: Moment, flag: &Flag) -> i64 {
    let configs = flag.environments.values().map(|state| state.config.last_modified_ms);
    let changes = configs.chain(flag.archived_ms).chain(flag.deprecated_ms);
    changes.filter(|at_ms| !moment.has_seen(*at_ms)).count() as i64
}

/// The longest time for which events of a flag are debugged.
const DEBUGGED_MS: i64 = 2 * DAY_MS;

/// A flag in an environment at a moment.
struct Past<'f> {
    moment: Moment,
    flag: &'f Flag,
    purpose: Purpose,
    /// Makes this flag in this environment unlike others.
    seed: String,
}

impl Past<'_> {
    fn state(&self, today: &FlagEnvironment) -> FlagEnvironment {
        let config = self.config(&today.config);
        let status = today.status.as_ref().map(|status| self.status(status, &config));
        FlagEnvironment { config, status }
    }

    /// A flag is created turned off. Between that and its last change, it was as that change found
    /// it.
    fn config(&self, today: &FlagConfig) -> FlagConfig {
        let created_ms = self.flag.created_ms;
        let before = Change::undone(today);
        let between_ms = created_ms.midpoint(today.last_modified_ms);
        let debug_until_ms =
            today.debug_until_ms.filter(|until| until - self.moment.0 <= DEBUGGED_MS);
        let config = if self.moment.has_seen(today.last_modified_ms) {
            today.clone()
        } else if (before.on || before.version > 1) && self.moment.has_seen(between_ms) {
            FlagConfig { last_modified_ms: between_ms, ..before }
        } else {
            let prerequisites = today.prerequisites.clone();
            let off = FlagConfig::off(created_ms, self.flag.defaults);
            let (context_kinds, check_ratio) = (today.context_kinds.clone(), today.check_ratio);
            FlagConfig { prerequisites, context_kinds, check_ratio, ..off }
        };
        FlagConfig { debug_until_ms, ..config }
    }

    fn status(&self, today: &FlagStatus, config: &FlagConfig) -> FlagStatus {
        let requested_ms = today.last_requested_ms.and_then(|last_ms| self.requested_ms(last_ms));
        let name = status::name(config, self.flag.created_ms, requested_ms, self.moment.0);
        match requested_ms {
            Some(at_ms) => {
                FlagStatus { default: today.default.clone(), ..FlagStatus::requested(name, at_ms) }
            }
            None => FlagStatus::never_requested(name),
        }
    }

    /// The last request by then of a flag that is requested all the time until `last_ms`.
    fn requested_ms(&self, last_ms: i64) -> Option<i64> {
        if self.moment.has_seen(last_ms) {
            return Some(last_ms);
        }
        let wait_ms = if self.purpose == Purpose::Work { 0 } else { RELEASE_MS };
        let first_ms = self.flag.created_ms + wait_ms;
        let latest_ms = self.moment.0 - (mixed(&self.seed, 41) % 3_000_000) as i64;
        self.moment.once(Some(latest_ms.max(first_ms)))
    }
}
