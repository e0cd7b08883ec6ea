//! Hashes that stay the same from one build of flaglake to the next.

use aws_lc_rs::digest::{SHA256, digest};

/// The first 64 bits of the SHA-256 of `text`.
///
/// The standard library's hasher may change with any Rust release. Hashes that are kept in files,
/// or that two programs must agree on, may not change.
pub fn hash(text: &str) -> u64 {
    start_of_digest(text.as_bytes())
}

/// Like [`hash`], as SQLite keeps integers.
pub fn of_bytes(bytes: &[u8]) -> i64 {
    start_of_digest(bytes).cast_signed()
}

fn start_of_digest(bytes: &[u8]) -> u64 {
    let digest = digest(&SHA256, bytes);
    let first = digest.as_ref().iter().take(8);
    first.fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_the_start_of_the_sha_256() {
        // SHA-256 of "abc", FIPS 180-2, appendix B.1.
        assert_eq!(hash("abc"), 0xba78_16bf_8f01_cfea);
    }
}
