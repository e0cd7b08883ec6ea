//! The memory for pages that were requested and are not in the stage yet.
//!
//! Pages differ in size: one with 100 flags has some 60 KB in a small account, and several MB where
//! flags have many environments and rules. So it is bytes that are bounded, and not the number of
//! pages. As the size of a page is known only when it has arrived, each page counts as the largest
//! one of its resource until then.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

/// The answers that may be in memory at the same time, in KiB. Decoded, they take about twice as
/// much. Where the stage is slower than the network, as much as this waits for it.
const ALL: u32 = 6 * 1024 + 512;

/// What a page counts before any page of its resource has arrived, in KiB.
const UNKNOWN: u32 = ALL / 8;

/// The memory for the pages of one run.
#[derive(Debug)]
pub(super) struct Memory {
    free: Semaphore,
    /// The largest page of each resource so far, in KiB.
    largest: Mutex<BTreeMap<&'static str, u32>>,
}

/// The part of the memory that one page takes until this is dropped.
#[derive(Debug)]
pub(super) struct Held<'m> {
    memory: &'m Memory,
    resource: &'static str,
    permit: Option<SemaphorePermit<'m>>,
}

impl Default for Memory {
    fn default() -> Self {
        let all = usize::try_from(ALL).unwrap_or(usize::MAX);
        Memory { free: Semaphore::new(all), largest: Mutex::default() }
    }
}

impl Memory {
    /// Waits until there is memory for a page of `resource`.
    pub async fn page(&self, resource: &'static str) -> Held<'_> {
        // The semaphore is never closed, so that there is no error.
        let permit = self.free.acquire_many(self.expected(resource)).await.ok();
        Held { memory: self, resource, permit }
    }

    fn expected(&self, resource: &str) -> u32 {
        let largest = self.largest.lock().unwrap_or_else(PoisonError::into_inner);
        largest.get(resource).copied().unwrap_or(UNKNOWN)
    }

    fn note(&self, resource: &'static str, size: u32) {
        let mut largest = self.largest.lock().unwrap_or_else(PoisonError::into_inner);
        let known = largest.entry(resource).or_default();
        *known = size.max(*known);
    }
}

impl Held<'_> {
    /// Counts the page as what it is: it has arrived, and has this many bytes. A page that is larger
    /// than expected does not wait, since it is in memory already; later ones wait for it.
    pub fn arrived(&mut self, bytes: u64) {
        let size = u32::try_from(bytes.div_ceil(1024)).unwrap_or(ALL).clamp(1, ALL);
        self.memory.note(self.resource, size);
        let Some(permit) = &mut self.permit else { return };
        let held = u32::try_from(permit.num_permits()).unwrap_or(ALL);
        let surplus = usize::try_from(held.saturating_sub(size)).unwrap_or_default();
        drop(permit.split(surplus));
        let free = u32::try_from(self.memory.free.available_permits()).unwrap_or(ALL);
        let missing = size.saturating_sub(held).min(free);
        if let Ok(more) = self.memory.free.try_acquire_many(missing) {
            permit.merge(more);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    /// The pages for which there is memory at the same time.
    fn pages<'m>(memory: &'m Memory, resource: &'static str) -> Vec<Held<'m>> {
        let page = || memory.page(resource).now_or_never();
        std::iter::from_fn(page).collect()
    }

    fn arrive(memory: &Memory, resource: &'static str, bytes: u64) {
        memory.page(resource).now_or_never().unwrap().arrived(bytes);
    }

    #[test]
    fn eight_pages_of_unknown_size_are_requested_at_once() {
        assert_eq!(pages(&Memory::default(), "flags").len(), 8);
    }

    #[test]
    fn the_larger_the_pages_the_fewer_are_in_memory() {
        let memory = Memory::default();
        for (bytes, most) in [(64 << 10, 104), (1 << 20, 6), (3 << 20, 2), (90 << 20, 1)] {
            arrive(&memory, "flags", bytes);
            assert_eq!(pages(&memory, "flags").len(), most, "{bytes}");
        }
        assert_eq!(pages(&memory, "segments").len(), 8);
    }

    #[test]
    fn a_page_that_arrives_makes_room_for_others_or_takes_theirs() {
        let memory = Memory::default();
        arrive(&memory, "tags", 1 << 20);
        let mut first = memory.page("flags").now_or_never().unwrap();
        assert_eq!(pages(&memory, "tags").len(), 5);
        first.arrived(3 << 20);
        assert_eq!(pages(&memory, "tags").len(), 3);
        first.arrived(2 << 20);
        assert_eq!(pages(&memory, "tags").len(), 4);
        drop(first);
        assert_eq!(pages(&memory, "tags").len(), 6);
    }

    #[test]
    fn a_page_larger_than_all_that_is_free_gives_it_back_once() {
        let memory = Memory::default();
        arrive(&memory, "tags", 1 << 20);
        let mut held = pages(&memory, "tags");
        held[0].arrived(40 << 20);
        drop(held);
        assert_eq!(memory.free.available_permits(), usize::try_from(ALL).unwrap());
    }
}
