//! Finds the start of a list's items without decoding the fields before them.

/// Finds the opening bracket of the top-level `items` array, byte by byte.
#[derive(Default)]
pub(super) struct Scanner {
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// How many characters of the current string agree with `items`; `None` once one differs.
    matched: Option<usize>,
    key_is_items: bool,
}

const KEY: &[u8] = b"items";

impl Scanner {
    /// Takes the next byte; returns whether it is the opening bracket.
    pub(super) fn enters_items(&mut self, byte: u8) -> bool {
        if self.in_string {
            self.inside_string(byte);
            return false;
        }
        match byte {
            b'"' => {
                self.in_string = true;
                self.matched = Some(0);
            }
            b',' if self.depth == 1 => self.key_is_items = false,
            b'[' if self.depth == 1 && self.key_is_items => return true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        false
    }

    fn inside_string(&mut self, byte: u8) {
        match (self.escaped, byte) {
            (true, _) => self.escaped = false,
            (false, b'\\') => (self.escaped, self.matched) = (true, None),
            (false, b'"') => {
                self.in_string = false;
                self.key_is_items = self.depth == 1 && self.matched == Some(KEY.len());
            }
            (false, byte) => {
                let next = self.matched.filter(|at| KEY.get(*at) == Some(&byte));
                self.matched = next.map(|at| at + 1);
            }
        }
    }

    /// Continues after the array has been read. The next byte is its closing bracket.
    pub(super) fn left_items(&mut self) {
        self.depth += 1;
        self.key_is_items = false;
    }
}
