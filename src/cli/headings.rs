//! The headings under which help shows the options that commands share, or that are many.

/// Which account.
pub(super) const CONNECTION: &str = "Account";
/// The limits of the client.
pub(super) const LIMITS: &str = "Limits and retries";
/// The configuration file.
pub(super) const CONFIGURATION: &str = "Configuration file";
/// The log and errors.
pub(super) const MESSAGES: &str = "Messages";
/// Where to write.
pub(super) const OUTPUT: &str = "Output";
/// What a run leaves besides its outputs.
pub(super) const RESULT: &str = "Result of the run";
/// What to read.
pub(super) const READING: &str = "What to read";
/// When a run fails.
pub(super) const FAILING: &str = "When to fail";
/// Stopped runs, and other runs.
pub(super) const RESUMING: &str = "Resuming and waiting";
/// Personal data.
pub(super) const PEOPLE: &str = "Personal data";
/// The data of earlier runs.
pub(super) const EARLIER: &str = "Data of earlier runs";
