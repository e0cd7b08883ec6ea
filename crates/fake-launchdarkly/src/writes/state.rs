//! What writes have left behind beside the account's own lists.

use std::collections::HashMap;

use super::big::Big;
use super::counters::Counters;
use super::events::Events;
use super::imports::Import;

/// Keys of the project, the environment and the segment.
pub(crate) type SegmentPath = [String; 3];

/// What writes have left behind beside the account's own lists.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// How many writes there were.
    pub counters: Counters,
    /// Imported events.
    pub events: Events,
    /// Members of big segments, by segment and for each environment.
    pub bigs: HashMap<[String; 2], HashMap<String, Big>>,
    /// Imports of members, in the order they were started.
    pub imports: Vec<Import>,
    /// How often each segment was read.
    pub reads: HashMap<SegmentPath, usize>,
    /// How many more requests to new objects are answered with 404, by path.
    pub fresh: HashMap<String, usize>,
    /// The version of what an approval request is about when it was made, by request.
    pub requested: HashMap<String, i64>,
    /// How many objects were made, for identifiers.
    pub made: u64,
}

impl Written {
    /// The members of a big segment, by the keys of its project, its environment and itself.
    pub fn big(&self, path: &[String]) -> Option<&Big> {
        let [project, environment, segment] = path else { return None };
        self.bigs.get(&[project.clone(), environment.clone()])?.get(segment)
    }

    /// The big segments of an environment that were written to, by key.
    pub fn big_segments(&self, place: &[String]) -> impl Iterator<Item = (&String, &Big)> {
        let found = match place {
            [project, environment] => self.bigs.get(&[project.clone(), environment.clone()]),
            _ => None,
        };
        found.into_iter().flatten()
    }

    /// Whether an import into this segment is running.
    pub fn is_importing(&self, place: &[String], segment: &str) -> bool {
        let of_segment = |import: &&Import| import.path[..2] == *place && import.path[2] == segment;
        self.imports.iter().filter(of_segment).any(Import::is_running)
    }
}
