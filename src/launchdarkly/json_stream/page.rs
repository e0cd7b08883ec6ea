//! Reads a list as it arrives: its items one by one, and then the envelope around them.
//!
//! Memory use does not depend on the length of the list. That matters for the flag statuses of an
//! environment, which are not paged.

use std::marker::PhantomData;

use serde::de::{DeserializeOwned, IgnoredAny};

pub use super::defect::{Defect, decode};
use super::defect::{garbled, is_json, without_values};
pub use super::envelope::{End, Envelope, Link};
use super::scanner::Scanner;

enum State {
    /// Outside the top-level array `items`.
    Envelope,
    /// Inside it.
    Items,
}

/// The largest item or envelope in bytes. A larger one is refused before it fills the memory.
pub const LARGEST_ITEM: usize = 64 << 20;

/// Reads one list from the chunks of its body.
pub struct PageReader<T> {
    buffer: Vec<u8>,
    state: State,
    scanner: Scanner,
    envelope: Vec<u8>,
    index: usize,
    /// The bytes of the body so far.
    bytes: u64,
    /// Whether the comma before the next item has been read.
    separated: bool,
    /// An item is not decoded before this many bytes of it have arrived. Otherwise a large item
    /// that arrives in small chunks would be decoded from its start again for each of them.
    patience: usize,
    /// The first item that is not what `T` expects. The body is read to its end all the same,
    /// because only the rest shows whether it is JSON.
    unfit: Option<Defect>,
    items: PhantomData<T>,
}

impl<T: DeserializeOwned> Default for PageReader<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: DeserializeOwned> PageReader<T> {
    /// A reader at the start of a body.
    pub fn new() -> Self {
        PageReader {
            buffer: Vec::new(),
            state: State::Envelope,
            scanner: Scanner::default(),
            envelope: Vec::new(),
            index: 0,
            bytes: 0,
            separated: false,
            patience: 0,
            unfit: None,
            items: PhantomData,
        }
    }

    /// Takes the next chunk of the body; returns the items that it completes.
    ///
    /// # Errors
    /// A defect if the body is not JSON. For an item that is not what `T` expects, see
    /// [`Self::finish`].
    pub fn push(&mut self, chunk: &[u8]) -> Result<Vec<T>, Defect> {
        self.buffer.extend_from_slice(chunk);
        self.bytes += u64::try_from(chunk.len()).unwrap_or_default();
        let mut items = Vec::new();
        let mut position = 0;
        while self.advance(&mut position, &mut items, self.patience)? {}
        self.buffer.drain(..position);
        if self.buffer.len().max(self.envelope.len()) > LARGEST_ITEM {
            return Err(self.too_large());
        }
        Ok(items)
    }

    /// Ends the body; returns the remaining items and the fields of the envelope.
    ///
    /// # Errors
    /// A defect if the body is incomplete, not JSON, not a list, or has an item that is not what
    /// `T` expects.
    pub fn finish(mut self) -> Result<End<T>, Defect> {
        let (mut items, mut position) = (Vec::new(), 0);
        while self.advance(&mut position, &mut items, 0)? {}
        if matches!(self.state, State::Items) {
            return Err(self.syntax_defect("the body is incomplete".to_owned()));
        }
        if let Some(unfit) = self.unfit {
            return Err(if is_json(&self.envelope) { unfit } else { garbled(&self.envelope) });
        }
        let envelope: Envelope<T> = decode(&self.envelope)?;
        let has_items = envelope.items.is_some();
        items.extend(envelope.items.unwrap_or_default());
        let has_links = envelope.links.is_some();
        let next = envelope.links.and_then(|links| links.next).and_then(|link| link.href);
        let bytes = self.bytes;
        Ok(End { items, total_count: envelope.total_count, next, has_items, has_links, bytes })
    }

    /// Takes one step; returns whether another step may be possible with the bytes received.
    fn advance(
        &mut self,
        position: &mut usize,
        items: &mut Vec<T>,
        patience: usize,
    ) -> Result<bool, Defect> {
        match self.state {
            State::Envelope => Ok(self.scan_envelope(position)),
            State::Items => self.read_item(position, items, patience),
        }
    }

    fn scan_envelope(&mut self, position: &mut usize) -> bool {
        let rest = &self.buffer[*position..];
        let end = rest.iter().position(|byte| self.scanner.enters_items(*byte));
        let taken = end.map_or(rest.len(), |end| end + 1);
        self.envelope.extend_from_slice(&rest[..taken]);
        *position += taken;
        if end.is_some() {
            self.state = State::Items;
        }
        end.is_some()
    }

    fn read_item(
        &mut self,
        position: &mut usize,
        items: &mut Vec<T>,
        patience: usize,
    ) -> Result<bool, Defect> {
        if !self.skip_separator(position)? {
            return Ok(false);
        }
        let start = *position;
        let rest = &self.buffer[start..];
        if rest[0] == b']' {
            self.leave_items();
            return Ok(true);
        }
        if rest.len() < patience {
            return Ok(false);
        }
        let length = if self.unfit.is_some() {
            skip(rest).map_err(|error| self.syntax_defect(error))?
        } else {
            match read::<T>(rest) {
                Ok(found) => found.map(|(item, length)| {
                    items.push(item);
                    length
                }),
                Err(error) => return self.read_on(start, &error),
            }
        };
        let Some(length) = length else {
            self.patience = rest.len() * 2;
            return Ok(false);
        };
        *position = start + length;
        self.index += 1;
        (self.separated, self.patience) = (false, 0);
        Ok(true)
    }

    /// Notes that an item is not what `T` expects. The next step checks its syntax only.
    fn read_on(&mut self, start: usize, error: &serde_json::Error) -> Result<bool, Defect> {
        let unfit = Defect { garbled: false, ..self.item_defect(start, error) };
        // No answer is nested that deeply. The rest is not read, since it may have no end.
        if error.to_string().starts_with("recursion limit") {
            return Err(unfit);
        }
        self.unfit = Some(unfit);
        Ok(true)
    }

    /// Moves to the start of the next item or to the closing bracket; returns whether that has
    /// arrived. Blanks are scanned only once, because there may be any number of them.
    fn skip_separator(&mut self, position: &mut usize) -> Result<bool, Defect> {
        loop {
            let rest = self.buffer[*position..].iter();
            *position += rest.take_while(|byte| byte.is_ascii_whitespace()).count();
            match (self.buffer.get(*position), self.index > 0, self.separated) {
                (None, ..) => return Ok(false),
                (Some(b','), true, false) => self.separated = true,
                (Some(b']'), _, false) | (Some(_), false, false) => return Ok(true),
                (Some(b']' | b','), ..) | (Some(_), true, false) => {
                    return Err(self.syntax_defect("expected one comma between items".to_owned()));
                }
                (Some(_), _, true) => return Ok(true),
            }
            *position += 1;
        }
    }

    fn leave_items(&mut self) {
        self.state = State::Envelope;
        self.scanner.left_items();
    }

    fn syntax_defect(&self, reason: String) -> Defect {
        Defect { path: format!("items[{}]", self.index), reason, garbled: true }
    }

    fn too_large(&self) -> Defect {
        let reason = "it is larger than the largest item that is accepted".to_owned();
        Defect { path: format!("items[{}]", self.index), reason, garbled: false }
    }

    /// Decodes the item again to find the path of the field that fails.
    fn item_defect(&self, start: usize, error: &serde_json::Error) -> Defect {
        let mut decoder = serde_json::Deserializer::from_slice(&self.buffer[start..]);
        let inner = serde_path_to_error::deserialize::<_, T>(&mut decoder)
            .err()
            .map(|error| error.path().to_string())
            .filter(|path| path != ".");
        let item = format!("items[{}]", self.index);
        let path = inner.map_or(item.clone(), |inner| format!("{item}.{inner}"));
        Defect::new(path, error)
    }
}

/// The item at the start of `rest`, and its length; `None` if its end has not arrived.
fn read<T: DeserializeOwned>(rest: &[u8]) -> serde_json::Result<Option<(T, usize)>> {
    let mut stream = serde_json::Deserializer::from_slice(rest).into_iter::<T>();
    match stream.next() {
        Some(Err(error)) if !error.is_eof() => Err(error),
        Some(Ok(item)) => {
            let length = stream.byte_offset();
            // A number at the end may have more digits.
            let is_whole = length < rest.len() || matches!(rest[0], b'"' | b'{' | b'[');
            Ok(is_whole.then_some((item, length)))
        }
        _ => Ok(None),
    }
}

/// The length of the item at the start of `rest`, which may be any JSON.
fn skip(rest: &[u8]) -> Result<Option<usize>, String> {
    let found = read::<IgnoredAny>(rest).map_err(|error| without_values(&error.to_string()))?;
    let Some((_, length)) = found else { return Ok(None) };
    let text = std::str::from_utf8(&rest[..length]);
    text.map(|_| Some(length)).map_err(|_| "it is not UTF-8".to_owned())
}

#[cfg(test)]
mod tests;
