//! A body that can break off.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

/// All bytes at once, and then the end or an error that closes the connection.
pub(super) struct Answered {
    bytes: Option<Bytes>,
    ending: Ending,
}

enum Ending {
    Whole,
    Breaks,
    BreaksNow,
}

impl Answered {
    pub fn whole(bytes: Bytes) -> Self {
        Answered { bytes: Some(bytes), ending: Ending::Whole }
    }

    pub fn broken(bytes: Bytes) -> Self {
        Answered { bytes: Some(bytes), ending: Ending::Breaks }
    }
}

impl Body for Answered {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match self.ending {
            Ending::Whole => Poll::Ready(None),
            Ending::Breaks => {
                // An error would throw away what hyper has not written yet; while it waits, it writes.
                self.ending = Ending::BreaksNow;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Ending::BreaksNow => {
                Poll::Ready(Some(Err(io::Error::other("the answer was scripted to break off"))))
            }
        }
    }

    /// Only a whole body has a known size, as a broken one announces more than it has.
    fn size_hint(&self) -> SizeHint {
        match (&self.ending, &self.bytes) {
            (Ending::Whole, Some(bytes)) => SizeHint::with_exact(bytes.len() as u64),
            (Ending::Whole, None) => SizeHint::with_exact(0),
            _ => SizeHint::default(),
        }
    }
}
