//! What tests of guards and of files with several syncs share.

use crate::setup::{summary, sync_without_writes};
use crate::support::Run;

/// The arguments that run the syncs of a file.
pub const RUN: [&str; 2] = ["run", "syncs.toml"];

/// A sync of a segment, as a file has it.
pub const USERS: &str = r#"
[[sync]]
name = "users"
object = "segment"
from = "csv:users.csv"
project = "web"
environment = "production"
segment = "beta"
"#;

/// Checks that a guard stops the run before anything is written, and says `words`.
#[track_caller]
pub fn guards(run: &Run, arguments: &[&str], more: &[&str], words: &str) {
    let ended = sync_without_writes(run, arguments, more);
    let error = ended.failed(12, "guarded");
    assert!(error["message"].as_str().unwrap().contains(words), "{error}");
    assert_eq!(summary(&ended)["outcome"], "guarded");
}
