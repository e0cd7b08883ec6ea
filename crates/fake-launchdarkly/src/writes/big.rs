//! Members of big segments, which no list shows.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::{Value, json};

/// The members of one big segment.
#[derive(Debug, Default)]
pub(crate) struct Big {
    /// Included keys that were written.
    pub included: HashSet<String>,
    /// Excluded keys that were written.
    pub excluded: HashSet<String>,
    /// How many keys were included and excluded before anything was written. No list has them.
    unlisted: [u64; 2],
    /// The counts at each moment they changed, the oldest first.
    counts: Vec<Counts>,
}

#[derive(Clone, Copy, Debug)]
struct Counts {
    at_ms: i64,
    version: u64,
    included: u64,
    excluded: u64,
}

impl Big {
    /// The members of a segment that nothing was written to yet, by the JSON in its list.
    pub fn of(segment: &Value) -> Self {
        let metadata = &segment["_unboundedMetadata"];
        let count = |name: &str| metadata[name].as_u64().unwrap_or(0);
        let unlisted = [count("includedCount"), count("excludedCount")];
        let counts = Counts {
            at_ms: metadata["lastModified"].as_i64().unwrap_or(0),
            version: count("version"),
            included: unlisted[0],
            excluded: unlisted[1],
        };
        Big { unlisted, counts: vec![counts], ..Big::default() }
    }

    /// Whether a key is included, and whether it is excluded.
    pub fn membership(&self, key: &str) -> (bool, bool) {
        (self.included.contains(key), self.excluded.contains(key))
    }

    /// Removes every included key, as an import that replaces them does.
    pub fn clear(&mut self) {
        self.included.clear();
        self.unlisted[0] = 0;
    }

    /// Records the counts after a change.
    pub fn changed(&mut self, at_ms: i64) {
        let version = self.counts.last().map_or(0, |counts| counts.version) + 1;
        let included = self.unlisted[0] + self.included.len() as u64;
        let excluded = self.unlisted[1] + self.excluded.len() as u64;
        self.counts.push(Counts { at_ms, version, included, excluded });
    }

    /// Shows the counts as they were `late` before the clock.
    pub fn show(&self, metadata: &mut Value, clock_ms: i64, late: Duration) {
        let late_ms = i64::try_from(late.as_millis()).unwrap_or(i64::MAX);
        let visible_ms = clock_ms.saturating_sub(late_ms);
        let visible = self.counts.iter().rev().find(|counts| counts.at_ms <= visible_ms);
        if let Some(counts) = visible.or(self.counts.first()) {
            metadata["version"] = json!(counts.version);
            metadata["includedCount"] = json!(counts.included);
            metadata["excludedCount"] = json!(counts.excluded);
            metadata["lastModified"] = json!(counts.at_ms);
        }
    }
}
