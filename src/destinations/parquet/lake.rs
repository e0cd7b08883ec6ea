//! The names of all files and folders of a lake, relative to its root.
//!
//! Each account has its own folder in the folder of each table. Names of accounts and extractions
//! are such that no reader infers that they are numbers or times, and that no path leads out of the
//! lake.

use aws_lc_rs::digest;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::destinations::Account;
use crate::model::view::LATEST_EXTRACTION;

/// The folder of the manifests and claims.
pub(super) const EXTRACTIONS: &str = "_extractions";

/// The object that says that the tables have logs.
pub(in crate::destinations) const FORMAT: &str = "_format.json";

/// The characters that are percent-encoded in the name of an account.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'_').remove(b'-');

/// The bytes of a digest in the name of an account whose ID is unknown.
const DIGEST: usize = 8;

/// The name of an account's folders. If the account ID is unknown, it is a digest of the address
/// and the token's ID, which is the same on every host and in every release.
pub(super) fn account(account: &Account<'_>) -> String {
    match account.id {
        Some(id) => with_id(id),
        None => {
            let token = account.token_id.unwrap_or_default();
            let text = format!("{}\n{token}", account.base_url.trim_end_matches('/'));
            let digest = digest::digest(&digest::SHA256, text.as_bytes());
            let digits = digest.as_ref().iter().take(DIGEST).map(|byte| format!("{byte:02x}"));
            format!("account_id=unknown-{}", digits.collect::<String>())
        }
    }
}

/// The name of the folders of the account with this ID.
pub(super) fn with_id(id: &str) -> String {
    format!("account_id={}", utf8_percent_encode(id, ENCODED))
}

/// The folder of an account's manifests and claims.
pub(super) fn extractions(account: &str) -> String {
    format!("{EXTRACTIONS}/{account}")
}

/// The manifest of an extraction.
pub(super) fn manifest(account: &str, id: &str) -> String {
    format!("{EXTRACTIONS}/{account}/{id}.json")
}

/// The object that reserves an ID for one run, and shows that the files of a dead run are
/// flaglake's.
pub(super) fn claim(account: &str, id: &str) -> String {
    format!("{EXTRACTIONS}/{account}/{id}.claim")
}

/// The folder of the files of a table in one extraction.
pub(super) fn partition(table: &str, account: &str, id: &str) -> String {
    format!("{table}/{account}/extraction_id={id}")
}

/// The row that names the account's newest extraction, for queries.
pub(super) fn newest_row(account: &str) -> String {
    format!("{LATEST_EXTRACTION}/{account}/part-0.parquet")
}

/// The folder of the objects that name the newest extraction of each account.
pub(super) const POINTERS: &str = "_latest";

/// The object that names the account's newest extraction, for programs.
pub(super) fn pointer(account: &str) -> String {
    format!("{POINTERS}/{account}.json")
}

/// The name of an account, from that of its folders: its ID, if it is known.
pub(super) fn account_name(folder: &str) -> Option<String> {
    let name = percent_decode_str(folder.strip_prefix("account_id=")?).decode_utf8().ok()?;
    (with_id(&name) == folder).then(|| name.into_owned())
}

/// Whether a text has the form of an extraction's ID, such as `x20261120T020000Z`.
pub(super) fn is_id(text: &str) -> bool {
    text.strip_prefix('x').is_some_and(is_time)
}

/// Whether a text has the form of an ID before schema version 4, such as `20261120T020000Z`.
pub(super) fn is_time(text: &str) -> bool {
    let form = b"00000000T000000Z";
    let fits =
        |(one, form): (u8, &u8)| if *form == b'0' { one.is_ascii_digit() } else { one == *form };
    text.len() == form.len() && text.bytes().zip(form).all(fits)
}

/// Whether a file in an extraction's folder is one that flaglake writes there, or began to write.
pub(super) fn is_part(name: &str) -> bool {
    let begun = name.strip_prefix('.').and_then(|name| name.strip_suffix(".new"));
    let number = begun.unwrap_or(name).strip_prefix("part-");
    let number = number.and_then(|number| number.strip_suffix(".parquet"));
    number
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|one| one.is_ascii_digit()))
}

/// The temporary name of a file that is being written. It is hidden, so that readers ignore it.
pub(super) fn begun(name: &str) -> String {
    format!(".{name}.new")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(id: Option<&str>, token_id: Option<&str>) -> String {
        account(&Account { id, base_url: "https://app.launchdarkly.com/", token_id })
    }

    #[test]
    fn an_account_id_is_encoded_for_paths() {
        assert_eq!(named(Some("56c1-a_B.9"), None), "account_id=56c1-a_B.9");
        assert_eq!(named(Some("../a b%ü"), None), "account_id=..%2Fa%20b%25%C3%BC");
        assert_eq!(account_name("account_id=..%2Fa%20b%25%C3%BC").as_deref(), Some("../a b%ü"));
        for other in ["account_id=a b", "account_id=%FF", "account=a", "mine"] {
            assert_eq!(account_name(other), None, "{other}");
        }
    }

    #[test]
    fn an_unknown_account_is_named_by_address_and_token() {
        // printf 'https://app.launchdarkly.com\n61095542756dba551110ae21' | sha256sum
        let name = named(None, Some("61095542756dba551110ae21"));
        assert_eq!(name, "account_id=unknown-98ed06d0507a3ee8");
        assert_ne!(name, named(None, Some("another")));
    }

    #[test]
    fn only_what_flaglake_writes_has_the_form_of_its_files() {
        for name in ["part-0.parquet", "part-12.parquet", ".part-0.parquet.new"] {
            assert!(is_part(name), "{name}");
        }
        for name in ["part-.parquet", "part-x.parquet", "part-0.parquet.bak", ".part-0.parquet"] {
            assert!(!is_part(name), "{name}");
        }
        assert!(is_id("x20261120T020000Z"));
        for id in ["20261120T020000Z", "x20261120", "x2026112aT020000Z", "x20261120T020000Zx", ""] {
            assert!(!is_id(id), "{id}");
        }
    }
}
