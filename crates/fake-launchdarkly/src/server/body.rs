//! A response body that can be slow, be cut off or stall.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// How a body is sent. The default is all at once.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Manner {
    /// At most this many bytes at a time, with this pause between two pieces.
    pub pieces: Option<(usize, Duration)>,
    /// Interrupts the body after at most this many bytes, and always before the last byte.
    pub early: Option<(usize, Early)>,
}

/// How an interrupted body ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum Early {
    /// The connection closes.
    Breaks,
    /// Nothing more is sent.
    FallsSilent,
}

/// Sends bytes, then ends, fails (which closes the connection) or stalls.
pub(super) struct Answered {
    rest: Bytes,
    pieces: Option<(usize, Duration)>,
    pausing: Option<Pin<Box<Sleep>>>,
    ending: Ending,
}

enum Ending {
    Whole,
    Breaks,
    BreaksNow,
    Silent,
}

impl Answered {
    /// The body `bytes`, sent in this manner.
    pub fn new(bytes: Bytes, manner: Manner) -> Self {
        let last = bytes.len().saturating_sub(1);
        let (rest, ending) = match manner.early {
            None => (bytes, Ending::Whole),
            Some((sent, Early::Breaks)) => (bytes.slice(..sent.min(last)), Ending::Breaks),
            Some((sent, Early::FallsSilent)) => (bytes.slice(..sent.min(last)), Ending::Silent),
        };
        Answered { rest, pieces: manner.pieces, pausing: None, ending }
    }

    fn next_piece(&mut self) -> Bytes {
        let Some((length, pause)) = self.pieces else { return std::mem::take(&mut self.rest) };
        let piece = self.rest.split_to(length.clamp(1, self.rest.len()));
        self.pausing = (!self.rest.is_empty()).then(|| Box::pin(sleep(pause)));
        piece
    }
}

impl Body for Answered {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(pausing) = &mut self.pausing {
            ready!(pausing.as_mut().poll(context));
        }
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(self.next_piece()))));
        }
        match self.ending {
            Ending::Whole => Poll::Ready(None),
            Ending::Silent => Poll::Pending,
            Ending::Breaks => {
                // hyper discards unwritten bytes on an error. Returning `Pending` first lets it
                // write them.
                self.ending = Ending::BreaksNow;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Ending::BreaksNow => {
                Poll::Ready(Some(Err(io::Error::other("the answer was scripted to break off"))))
            }
        }
    }

    /// Only a complete body has a known size; an interrupted one announces more bytes than it
    /// sends.
    fn size_hint(&self) -> SizeHint {
        match self.ending {
            Ending::Whole => SizeHint::with_exact(self.rest.len() as u64),
            _ => SizeHint::default(),
        }
    }
}
