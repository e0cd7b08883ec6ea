//! The demo account on a day after its story ended. Nothing is created or changed any more, so all
//! keys, IDs and times stay. What happened daily goes on: requests, visits, uses of tokens.

use serde_json::Value;

use super::undo::SEEN;
use crate::account::{Account, Flag, FlagStatus, Json};
use crate::company::{DAY_MS, status};

/// What happened within this time before the story ended happens daily.
const DAILY_MS: i64 = 7 * DAY_MS;

/// `last`, which has all of its lists, as it is at `at_ms`.
pub(super) fn as_of(last: &Account, at_ms: i64) -> Account {
    let later = Later { end_ms: last.now_ms, at_ms };
    let mut then = Account { now_ms: at_ms, ..last.clone() };
    for member in &mut then.members {
        member.last_seen_ms = later.daily(member.last_seen_ms);
    }
    for flag in then.projects.iter_mut().flat_map(|project| &mut project.flags) {
        later.request(flag);
    }
    then.lists.values_mut().flatten().for_each(|item| later.see(item));
    then
}

struct Later {
    /// When the story ended.
    end_ms: i64,
    at_ms: i64,
}

impl Later {
    /// The last time of what happened daily, moved on by whole days; any other time as it is.
    fn daily(&self, time_ms: i64) -> i64 {
        let is_daily = self.end_ms - time_ms < DAILY_MS;
        let passed_ms = (self.at_ms - self.end_ms) / DAY_MS * DAY_MS;
        if is_daily { time_ms + passed_ms } else { time_ms }
    }

    /// Requests a flag until now, and sets the statuses that follow.
    fn request(&self, flag: &mut Flag) {
        for state in flag.environments.values_mut() {
            let Some(status) = &mut state.status else { continue };
            let requested_ms = status.last_requested_ms.map(|time_ms| self.daily(time_ms));
            let name = status::name(&state.config, flag.created_ms, requested_ms, self.at_ms);
            let default = status.default.take();
            let name = name.to_owned();
            *status = FlagStatus { name, last_requested_ms: requested_ms, default };
        }
    }

    /// Moves the times of an item of a list at which it was last seen or used.
    fn see(&self, item: &mut Json) {
        if let Ok(mut value) = serde_json::from_str(item) {
            self.see_parts(&mut value);
            *item = value.to_string();
        }
    }

    fn see_parts(&self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.see_parts(item)),
            Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| {
                match value.as_i64().filter(|_| SEEN.contains(&name.as_str())) {
                    Some(time_ms) => *value = self.daily(time_ms).into(),
                    None => self.see_parts(value),
                }
            }),
            _ => {}
        }
    }
}
