//! What is left of a part, and where to split it.

/// A part is not split if fewer pages are estimated to be left of it.
const SMALLEST: i64 = 8;
/// The least distance to a walk that begins where it is not known how far the log goes back.
const NEAREST: i64 = 8;
/// That distance, as a multiple of the pages that were read.
const GROWTH: i64 = 4;

/// The time that is left to be read of a part. Times are in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rest {
    /// Where its walk is.
    pub(super) from: i64,
    /// The older end.
    pub(super) to: i64,
    /// The time that a page takes up, estimated from the pages nearby.
    pub(super) page: i64,
    /// Whether entries are about as dense below as here.
    pub(super) is_even: bool,
    /// The pages that were read: of the whole log where no older part is known, otherwise of the
    /// part.
    pub(super) pages_read: i64,
}

impl Rest {
    /// The estimated number of pages.
    pub(super) fn pages(&self) -> i64 {
        self.from.saturating_sub(self.to).max(0) / self.page.max(1)
    }

    /// The time at which another walk should begin, if that is of use. `self` is then what is left
    /// below that time.
    ///
    /// A part between two walks is halved. Below the oldest walk, and in a busy time with a quiet one
    /// below, the distance grows with what was read, because it is not known how far that goes on: a
    /// log that ends early costs few requests that find nothing.
    pub(super) fn split(&mut self) -> Option<i64> {
        if self.pages() < SMALLEST {
            return None;
        }
        let half = self.from.saturating_sub(self.to) / 2;
        let pages = NEAREST.max(self.pages_read.saturating_mul(GROWTH));
        let near = pages.saturating_mul(self.page);
        let distance = if self.is_even { half } else { half.min(near) };
        let time = self.from.saturating_sub(distance);
        self.from = if self.is_even { self.to } else { time };
        self.pages_read = self.pages_read.saturating_add(pages);
        Some(time)
    }
}
