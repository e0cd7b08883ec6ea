//! The names of the files of a log, and the names of data files in it.

use percent_encoding::percent_decode_str;

/// The digits of a version in the name of a file.
const DIGITS: usize = 20;

/// The folder of a table's log.
pub(super) fn folder(table: &str) -> String {
    format!("{table}/_delta_log")
}

/// The commit that makes a version.
pub(super) fn commit(table: &str, version: u64) -> String {
    format!("{}/{}", folder(table), commit_name(version))
}

/// The name of a commit in the folder of its log.
pub(super) fn commit_name(version: u64) -> String {
    format!("{version:020}.json")
}

/// The checkpoint of a version.
pub(super) fn checkpoint(table: &str, version: u64) -> String {
    format!("{}/{version:020}.checkpoint.parquet", folder(table))
}

/// The object that names the newest checkpoint.
pub(super) fn last_checkpoint(table: &str) -> String {
    format!("{}/_last_checkpoint", folder(table))
}

/// The version of a commit, by the name of its file.
pub(super) fn commit_version(name: &str) -> Option<u64> {
    version(name.strip_suffix(".json")?)
}

/// The version of a checkpoint that is one file, by its name. One in several parts is not read: the
/// commits before it say the same.
pub(super) fn checkpoint_version(name: &str) -> Option<u64> {
    version(name.strip_suffix(".checkpoint.parquet")?)
}

/// The version of a commit or of what belongs to it, by the name of its file: a checkpoint in
/// whatever form, a checksum, or several commits in one file, of which it is the first.
pub(super) fn entry_version(name: &str) -> Option<u64> {
    let (digits, rest) = name.split_once('.')?;
    let is_entry = matches!(rest, "json" | "crc" | "checkpoint.parquet")
        || (rest.starts_with("checkpoint.") && rest.ends_with(".parquet"))
        || rest.ends_with(".compacted.json");
    version(digits).filter(|_| is_entry)
}

fn version(digits: &str) -> Option<u64> {
    let are_digits = digits.len() == DIGITS && digits.bytes().all(|one| one.is_ascii_digit());
    digits.parse().ok().filter(|_| are_digits)
}

/// The path of a file in the log of its table. Names of files are percent-encoded already; the path
/// is encoded once more, so that a reader that decodes it finds the file.
pub(super) fn in_log(table: &str, file: &str) -> Option<String> {
    let path = file.strip_prefix(table)?.strip_prefix('/')?;
    Some(path.replace('%', "%25"))
}

/// The file that a path in the log of `table` names, relative to the root of the lake.
pub(super) fn in_lake(table: &str, path: &str) -> String {
    format!("{table}/{}", percent_decode_str(path).decode_utf8_lossy())
}

/// The value in the name of a folder such as `account_id=…`.
pub(super) fn partition_value(folder: &str) -> Option<String> {
    let (_, encoded) = folder.split_once('=')?;
    Some(percent_decode_str(encoded).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_the_log_leads_back_to_its_file() {
        let file = "flags/account_id=..%2Fa%20b/extraction_id=x20261120T020000Z/part-0.parquet";
        let path = in_log("flags", file).unwrap();
        assert!(path.starts_with("account_id=..%252Fa%2520b/"), "{path}");
        assert_eq!(in_lake("flags", &path), file);
        assert_eq!(in_log("flag", file), None);
        assert_eq!(partition_value("account_id=..%2Fa%20b").unwrap(), "../a b");
    }

    #[test]
    fn only_files_with_twenty_digits_are_versions() {
        assert_eq!(commit_version("00000000000000000012.json"), Some(12));
        assert_eq!(checkpoint_version("00000000000000000010.checkpoint.parquet"), Some(10));
        for name in [
            "12.json",
            "+0000000000000000012.json",
            "_last_checkpoint",
            "00000000000000000012.crc",
            "00000000000000000010.00000000000000000012.compacted.json",
            ".00000000000000000012.json.new",
        ] {
            assert_eq!(commit_version(name), None, "{name}");
        }
        let part = "00000000000000000010.checkpoint.0000000001.0000000002.parquet";
        assert_eq!(checkpoint_version(part), None);
    }
}
