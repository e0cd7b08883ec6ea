//! A file as a part of a body. It is read while it is sent, so its size needs no memory.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// The bytes that are read at once.
const PIECE: u64 = 64 * 1024;

/// A file whose bytes are sent. Clones share the file.
#[derive(Clone, Debug)]
pub struct FileBody {
    file: Arc<File>,
    length: u64,
}

impl FileBody {
    /// The first `length` bytes of `file`, which must not change until they are sent.
    pub fn new(file: File, length: u64) -> Self {
        FileBody { file: Arc::new(file), length }
    }

    /// The number of bytes.
    pub const fn len(&self) -> u64 {
        self.length
    }

    /// Whether there are no bytes.
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }
}

/// A form with a file: the text before the file, the file, and the text after it.
#[derive(Clone, Debug)]
pub(in crate::launchdarkly) struct Form {
    pub(super) head: Bytes,
    pub(super) file: FileBody,
    pub(super) tail: Bytes,
}

/// Separates the parts. It must not occur in a part; the keys of contexts are no such text.
pub(super) const BOUNDARY: &str = "flaglake-5f1c0c4e9b7d4c52a1f3";

impl Form {
    /// A form of the text `fields`, and of `file` as the field `file`.
    pub(super) fn new(fields: &[(&str, &str)], file: &FileBody) -> Self {
        let field = |(name, value): &(&str, &str)| {
            format!(
                "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
        };
        let fields: String = fields.iter().map(field).collect();
        let start = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; \
             filename=\"members.csv\"\r\ncontent-type: text/csv\r\n\r\n"
        );
        let tail = format!("\r\n--{BOUNDARY}--\r\n");
        Form { head: (fields + &start).into(), file: file.clone(), tail: tail.into() }
    }

    /// The number of bytes.
    pub(super) const fn len(&self) -> u64 {
        self.file.length + self.head.len() as u64 + self.tail.len() as u64
    }

    /// The bytes, to be sent once.
    pub(in crate::launchdarkly) fn sending(&self) -> Sending {
        Sending { form: self.clone(), sent: 0 }
    }
}

/// A form that is being sent.
pub(in crate::launchdarkly) struct Sending {
    form: Form,
    sent: u64,
}

impl Sending {
    fn next(&mut self) -> io::Result<Option<Bytes>> {
        let (head, file) = (self.form.head.len() as u64, self.form.file.length);
        let piece = if self.sent == 0 {
            self.form.head.clone()
        } else if self.sent < head + file {
            self.read(self.sent - head)?
        } else if self.sent == head + file {
            self.form.tail.clone()
        } else {
            return Ok(None);
        };
        self.sent += piece.len() as u64;
        Ok(Some(piece))
    }

    fn read(&self, offset: u64) -> io::Result<Bytes> {
        let length = PIECE.min(self.form.file.length - offset);
        let mut piece = vec![0; usize::try_from(length).map_err(io::Error::other)?];
        self.form.file.file.read_exact_at(&mut piece, offset)?;
        Ok(piece.into())
    }
}

impl Body for Sending {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Poll::Ready(self.next().map(|piece| piece.map(Frame::data)).transpose())
    }

    /// The exact size: it becomes `Content-Length`.
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.form.len() - self.sent)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn all(form: &Form) -> Vec<u8> {
        let mut sending = form.sending();
        let mut bytes = Vec::new();
        while let Some(piece) = sending.next().unwrap() {
            bytes.extend_from_slice(&piece);
        }
        bytes
    }

    #[test]
    fn a_form_is_as_long_as_it_says() {
        for length in [0, 1, 65_536, 65_537, 200_000] {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&vec![b'k'; length]).unwrap();
            let form = Form::new(&[("mode", "merge")], &FileBody::new(file, length as u64));
            let bytes = all(&form);
            assert_eq!(bytes.len() as u64, form.len());
            let text = String::from_utf8(bytes).unwrap();
            assert_eq!(text.matches(BOUNDARY).count(), 3);
            assert!(text.contains(&format!("text/csv\r\n\r\n{}\r\n--", "k".repeat(length))));
        }
    }
}
