//! The faults of every n-th write.

use std::io;

use super::{Done, WriteOutcome, Writes};
use crate::Family;
use crate::call::Refusal;

/// How many writes there were so far.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    arrived: usize,
    patches: usize,
    executed: usize,
    losable: usize,
}

impl Counters {
    /// Counts a write that was not carried out yet, and refuses it where its turn has come.
    pub fn arrived(&mut self, switches: &Writes, method: &str) -> Result<(), Refusal> {
        self.arrived += 1;
        if let Some((_, status)) = switches.fail_before.filter(|(n, _)| every(*n, self.arrived)) {
            return Err(Refusal::documented(status));
        }
        if method != "PATCH" {
            return Ok(());
        }
        self.patches += 1;
        match switches.conflicts {
            Some(n) if every(n, self.patches) => Err(Refusal::documented(409)),
            _ => Ok(()),
        }
    }

    /// Counts a write that was carried out. The error says that its answer is lost.
    pub fn executed(
        &mut self,
        switches: &Writes,
        family: Family,
        done: Done,
    ) -> io::Result<WriteOutcome> {
        self.executed += 1;
        if is_losable(family) {
            self.losable += 1;
            if switches.lost_answers.is_some_and(|n| every(n, self.losable)) {
                return Err(io::Error::other("the answer is lost"));
            }
        }
        match switches.fail_after {
            Some((n, status)) if every(n, self.executed) => Ok(Err(Refusal::documented(status))),
            _ => Ok(Ok(done)),
        }
    }
}

fn is_losable(family: Family) -> bool {
    use Family::{EventImport, Metrics, SegmentTargets, Segments};
    matches!(family, EventImport | Metrics | SegmentTargets | Segments)
}

/// Whether the `count`-th is one of every `n`.
fn every(n: usize, count: usize) -> bool {
    n > 0 && count.is_multiple_of(n)
}
