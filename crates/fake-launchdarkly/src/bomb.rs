//! A hand-written gzip of one repeated byte, which decompresses to about a hundred times its size.

/// Start of the text.
const OPENING: &[u8] = br#"{"items":["#;
/// End of the text.
const CLOSING: &[u8] = b"]}";
/// The longest run that one code repeats.
const LONGEST_RUN: u64 = 258;

/// A gzip of about `bytes` bytes of JSON: a list whose only content is blanks.
pub(super) fn gzip(bytes: u64) -> Vec<u8> {
    let runs = bytes / LONGEST_RUN;
    // Magic, deflate, no flags, no time, no extra flags, unknown system.
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    packed.extend(deflated(runs));
    let blanks = runs * LONGEST_RUN + 1;
    let length = OPENING.len() as u64 + blanks + CLOSING.len() as u64;
    packed.extend(checksum(blanks).to_le_bytes());
    // The length is meant to wrap around.
    packed.extend(&length.to_le_bytes()[..4]);
    packed
}

/// One last block with the fixed codes of RFC 1951, section 3.2.6.
fn deflated(runs: u64) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.push(0b011, 3);
    OPENING.iter().for_each(|byte| bits.literal(*byte));
    bits.literal(b' ');
    for _ in 0..runs {
        // Length 258 and distance 1: the byte before, 258 times.
        bits.code(0b1100_0101, 8);
        bits.code(0, 5);
    }
    CLOSING.iter().for_each(|byte| bits.literal(*byte));
    bits.code(0, 7);
    bits.finish()
}

/// Bits, packed from the least significant end of each byte.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    pending: u32,
    count: u32,
}

impl Bits {
    fn push(&mut self, bits: u32, count: u32) {
        self.pending |= bits << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push((self.pending & 0xff) as u8);
            self.pending >>= 8;
            self.count -= 8;
        }
    }

    /// Codes are written from their most significant bit, unlike all other values.
    fn code(&mut self, code: u32, length: u32) {
        self.push(code.reverse_bits() >> (32 - length), length);
    }

    /// A byte below 144, as all of ASCII is.
    fn literal(&mut self, byte: u8) {
        self.code(0x30 + u32::from(byte), 8);
    }

    fn finish(mut self) -> Vec<u8> {
        self.push(0, 7);
        self.bytes
    }
}

/// The CRC-32 of the whole text with this many blanks.
fn checksum(blanks: u64) -> u32 {
    let opened = OPENING.iter().fold(!0, |crc, byte| after(crc, *byte));
    let filled = Step::of(b' ').times(blanks).apply(opened);
    !CLOSING.iter().fold(filled, |crc, byte| after(crc, *byte))
}

fn after(crc: u32, byte: u8) -> u32 {
    let shift = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    (0..8).fold(crc ^ u32::from(byte), shift)
}

/// The effect of a run of bytes on a CRC: each bit of the CRC adds a column to the constant.
/// Processing a gigabyte byte by byte would take seconds.
#[derive(Clone, Copy)]
struct Step {
    columns: [u32; 32],
    constant: u32,
}

impl Step {
    /// The effect of one byte.
    fn of(byte: u8) -> Self {
        let constant = after(0, byte);
        Step { columns: std::array::from_fn(|bit| after(1 << bit, byte) ^ constant), constant }
    }

    fn apply(&self, crc: u32) -> u32 {
        let set = (0..32).filter(|bit| crc >> bit & 1 == 1);
        set.fold(self.constant, |sum, bit| sum ^ self.columns[bit])
    }

    fn then(&self, next: &Step) -> Self {
        let columns = self.columns.map(|column| next.apply(column) ^ next.constant);
        Step { columns, constant: next.apply(self.constant) }
    }

    /// The same step this many times, by doubling.
    fn times(self, count: u64) -> Self {
        let nothing = Step { columns: std::array::from_fn(|bit| 1 << bit), constant: 0 };
        let (mut result, mut doubled, mut left) = (nothing, self, count);
        while left > 0 {
            if left & 1 == 1 {
                result = result.then(&doubled);
            }
            doubled = doubled.then(&doubled);
            left >>= 1;
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_bytes_one_by_one() {
        for blanks in [1, 2, 259, 1000] {
            let text = OPENING.iter().copied();
            let text = text.chain(std::iter::repeat_n(b' ', blanks)).chain(CLOSING.iter().copied());
            assert_eq!(checksum(blanks as u64), !text.fold(!0, after), "{blanks}");
        }
        let check = b"123456789".iter().fold(!0, |crc, byte| after(crc, *byte));
        assert_eq!(!check, 0xcbf4_3926, "the check value of CRC-32");
    }

    #[test]
    fn a_gigabyte_takes_less_than_seven_megabytes() {
        assert!(gzip(1 << 30).len() < 7 << 20);
    }
}
