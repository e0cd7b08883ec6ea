//! Identifiers that look like LaunchDarkly's and depend only on a name.

/// 24 hexadecimal digits, like the `_id` of a project or member.
pub fn object_id(name: &str) -> String {
    format!("{:016x}{:08x}", mixed(name, 1), mixed(name, 2) >> 32)
}

/// A version 4 UUID, like the `_id` of a variation or rule.
pub fn uuid(name: &str) -> String {
    let (high, low) = (mixed(name, 3), mixed(name, 4));
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}

/// 32 hexadecimal digits, like a flag's `salt`.
pub(crate) fn salt(name: &str) -> String {
    format!("{:016x}{:016x}", mixed(name, 5), mixed(name, 6))
}

/// A number that depends on nothing but these two: FNV-1a, then the finish of SplitMix64, which are
/// stable for ever. The standard hasher does not promise that.
pub(crate) fn mixed(name: &str, stream: u64) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ stream;
    let hash = name
        .bytes()
        .fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
