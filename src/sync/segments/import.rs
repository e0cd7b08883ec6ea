//! Fills a big segment by importing CSV files.

use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Members;
use super::members::read;
use super::ownership::intend_actions;
use crate::error::Kind;
use crate::launchdarkly::request::FileBody;
use crate::launchdarkly::writes::imports::{self, Import, ImportMode};
use crate::launchdarkly::writes::segments as api;
use crate::sync::answers::{ATTEMPTS, Verdict, conflict, pause};
use crate::sync::context::{Progress, Run};
use crate::sync::places::{Checked, if_permitted};
use crate::system::files;
use crate::{Error, Result};

/// The largest file, in bytes, and the most keys in one:
/// <https://launchdarkly.com/docs/home/flags/list-based-segments>.
const LARGEST_FILE: u64 = 40_000_000;
const MOST_LINES: i64 = 1_000_000;

/// How long to wait for another import of the environment to end.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// How long to wait for an import to end. LaunchDarkly says that one takes minutes to hours.
const LONGEST_IMPORT: Duration = Duration::from_secs(6 * 3_600);

/// The longest pause between two looks at an import.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// The keys that a file can carry: whether it can have line breaks is not documented. Others are
/// sent one by one.
const IN_FILE: &str =
    "kind = 'add' AND instr(row_key, char(10)) = 0 AND instr(row_key, char(13)) = 0";

/// A file of keys.
struct Part {
    body: FileBody,
    lines: i64,
    /// The position in the plan of its last key.
    last: i64,
    /// Whether no key follows.
    is_last: bool,
}

impl Members {
    /// Imports the keys that are to be added. What a file cannot carry is left in the plan.
    pub(super) async fn import(&self, run: &mut Run<'_>, mode: ImportMode) -> Result<()> {
        let stored = run.state.stored("row_key");
        intend_actions(run, IN_FILE)?;
        let mut last = 0;
        loop {
            let part = write_part(run, last)?;
            if mode == ImportMode::Replace && !(last == 0 && part.is_last) {
                return Err(Error::new(Kind::Internal, "an import that replaces has two files"));
            }
            run.verify_lease(None).await?;
            self.import_part(run, mode, &part).await?;
            let held = format!(
                "UPDATE state.sync_rows SET status = 'held' WHERE sync_name = :sync AND row_key IN
                 (SELECT {stored} FROM action
                  WHERE {IN_FILE} AND position > {last} AND position <= {})",
                part.last
            );
            run.execute(&held)?;
            run.row.added += part.lines;
            Progress::add(&run.context.progress.sent, usize::try_from(part.lines).unwrap_or(0));
            last = part.last;
            if part.is_last {
                break;
            }
        }
        run.row.removed += i64::try_from(run.removals.unnamed).unwrap_or(i64::MAX);
        let sent = format!("DELETE FROM action WHERE {IN_FILE}");
        run.execute(&sent).map(drop)
    }

    /// Starts an import, and waits for its end.
    async fn import_part(&self, run: &Run<'_>, mode: ImportMode, part: &Part) -> Result<()> {
        let request = imports::start(&self.options.place, mode, &part.body);
        let (started, mut attempts) = (Instant::now(), 0);
        loop {
            let sent = run.context.interrupt.or(run.context.client.send(&request)).await;
            attempts += 1;
            let error = match sent {
                Ok(reply) => {
                    let id = reply.location().and_then(|place| place.rsplit('/').next());
                    let id = id.map(str::to_owned);
                    return run
                        .context
                        .interrupt
                        .or(self.wait(run, id.as_deref(), LONGEST_IMPORT))
                        .await;
                }
                Err(error) => error,
            };
            match Verdict::of(error) {
                // Another import of the environment may take minutes.
                Verdict::Conflict(error) if started.elapsed() > LONGEST_WAIT => {
                    return Err(conflict("another import", &error));
                }
                Verdict::Unknown(error) if attempts >= ATTEMPTS => return Err(error),
                // Only one import of an environment runs at a time. One whose answer was lost may
                // be running; when it has ended, a merge of the same keys has no effect.
                verdict @ (Verdict::Conflict(_) | Verdict::Unknown(_)) => {
                    let is_ours = matches!(verdict, Verdict::Unknown(_));
                    let longest = if is_ours { LONGEST_IMPORT } else { LONGEST_WAIT };
                    run.context.interrupt.or(self.wait(run, None, longest)).await?;
                    sleep(pause(attempts).min(LONGEST_PAUSE)).await;
                }
                Verdict::Refused(why) => {
                    let message = format!("LaunchDarkly refused the import: {}", why.message);
                    return Err(Error::unexpected(api::NAME, "", message));
                }
                Verdict::Fatal(error)
                    if error.http_status() == Some(404) && attempts < ATTEMPTS =>
                {
                    sleep(pause(attempts)).await;
                }
                Verdict::Fatal(error) => return Err(error),
            }
        }
    }

    /// Waits until the import of this ID has ended, or else until none is in progress.
    async fn wait(&self, run: &Run<'_>, id: Option<&str>, longest: Duration) -> Result<()> {
        let (started, mut looks) = (Instant::now(), 0);
        loop {
            let is_over = match id {
                Some(id) => {
                    let request = imports::one(&self.options.place, id);
                    let import = run.context.client.object::<Import>(&request).await;
                    match if_permitted(import, "Whether the import has ended")? {
                        Checked::Known(import) => is_over(&import.status)?,
                        Checked::NotChecked => true,
                    }
                }
                None => match read(&run.context, &self.options.place).await? {
                    Checked::Known(Some(segment)) => segment.import_in_progress != Some(true),
                    _ => true,
                },
            };
            if is_over {
                return Ok(());
            }
            check_patience(started.elapsed(), longest)?;
            looks += 1;
            sleep(pause(looks).min(LONGEST_PAUSE)).await;
        }
    }
}

/// Ends the wait for an import that does not end.
fn check_patience(waited: Duration, longest: Duration) -> Result<()> {
    if waited <= longest {
        return Ok(());
    }
    let minutes = longest.as_secs() / 60;
    Err(Error::new(Kind::Unavailable, format!("an import has not ended within {minutes} minutes"))
        .resource(api::NAME)
        .hint("it may still end; LaunchDarkly's page of the segment shows it. Run again then"))
}

/// Whether an import with this status has ended.
fn is_over(status: &str) -> Result<bool> {
    match status {
        "complete" => Ok(true),
        "stopped" => Err(Error::unexpected(api::NAME, "", "the import was stopped")
            .hint("someone stopped it on LaunchDarkly's pages, or it failed: run again")),
        "pending_approval" => Err(Error::new(
            Kind::ApprovalRequired,
            "LaunchDarkly requires an approval for the import",
        )
        .resource(api::NAME)
        .hint("approve it on LaunchDarkly's pages, and run again")),
        _ => Ok(false),
    }
}

/// Writes the next keys to a file without a name, so that nothing is left of it in any case.
fn write_part(run: &Run<'_>, after: i64) -> Result<Part> {
    let (file, path) = temporary(run)?;
    let failed = |error: std::io::Error| files::failed(&path, &error);
    let sql = format!(
        "SELECT position, row_key FROM action WHERE {IN_FILE} AND position > ?1 ORDER BY position"
    );
    let mut statement = run.state.or_failed(run.state.connection.prepare(&sql))?;
    let mut rows = run.state.or_failed(statement.query([after]))?;
    let mut file = BufWriter::new(file);
    let (mut bytes, mut lines, mut last, mut is_last) = (0, 0, after, true);
    while let Some(row) = run.state.or_failed(rows.next())? {
        let key: String = run.state.or_failed(row.get(1))?;
        let line = quoted(&key);
        let is_full = lines == MOST_LINES || bytes + line.len() as u64 + 1 > LARGEST_FILE;
        // A key that is larger than a file is LaunchDarkly's to refuse.
        if is_full && lines > 0 {
            is_last = false;
            break;
        }
        writeln!(file, "{line}").map_err(failed)?;
        bytes += line.len() as u64 + 1;
        lines += 1;
        last = run.state.or_failed(row.get(0))?;
    }
    let mut file = file.into_inner().map_err(|error| failed(error.into_error()))?;
    file.rewind().map_err(failed)?;
    Ok(Part { body: FileBody::new(file, bytes), lines, last, is_last })
}

/// Whether the keys that are to be added are few enough for one file.
pub(super) fn fits_one_file(run: &Run<'_>) -> Result<bool> {
    // As `quoted` writes them.
    let sql = format!(
        "SELECT count(*) <= {MOST_LINES} AND coalesce(sum(octet_length(row_key) + 1
            + CASE WHEN row_key GLOB '*[,\"]*' OR row_key GLOB ' *' OR row_key GLOB '* '
                THEN 2 + length(row_key) - length(replace(row_key, '\"', '')) ELSE 0 END), 0)
            <= {LARGEST_FILE}
         FROM action WHERE {IN_FILE}"
    );
    Ok(run.state.number(&sql)? == 1)
}

/// Whether a file can carry a key that is to be added.
pub(super) fn has_lines(run: &Run<'_>) -> Result<bool> {
    let sql = format!("SELECT EXISTS (SELECT 1 FROM action WHERE {IN_FILE})");
    Ok(run.state.number(&sql)? == 1)
}

fn temporary(run: &Run<'_>) -> Result<(File, std::path::PathBuf)> {
    let path = files::beside(run.state.path(), "import");
    let failed = |error: std::io::Error| files::failed(&path, &error);
    // What a killed run has left.
    let _ = std::fs::remove_file(&path);
    let mut options = std::fs::OpenOptions::new();
    let file = options.read(true).write(true).create_new(true).open(&path).map_err(failed)?;
    std::fs::remove_file(&path).map_err(failed)?;
    Ok((file, path))
}

/// A key as CSV has it (RFC 4180).
fn quoted(key: &str) -> String {
    if key.contains([',', '"']) || key.starts_with(' ') || key.ends_with(' ') {
        format!("\"{}\"", key.replace('"', "\"\""))
    } else {
        key.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_with_commas_and_quotes_are_quoted() {
        for (key, line) in [
            ("a", "a"),
            ("a,b", "\"a,b\""),
            ("a\"b", "\"a\"\"b\""),
            (" a", "\" a\""),
            ("a b", "a b"),
        ] {
            assert_eq!(quoted(key), line);
        }
    }

    #[test]
    fn an_import_that_does_not_end_is_waited_for_for_hours_and_not_for_ever() {
        for longest in [LONGEST_WAIT, LONGEST_IMPORT] {
            assert!(check_patience(longest, longest).is_ok());
            let error = check_patience(longest + Duration::from_secs(1), longest).unwrap_err();
            assert_eq!(error.kind(), Kind::Unavailable);
        }
    }

    #[test]
    fn only_a_complete_import_is_over() {
        assert!(is_over("complete").unwrap());
        for status in ["preparing", "ready", "in_progress", "", "something new"] {
            assert!(!is_over(status).unwrap(), "{status}");
        }
        assert_eq!(is_over("stopped").unwrap_err().kind(), Kind::UnexpectedResponse);
        assert_eq!(is_over("pending_approval").unwrap_err().kind(), Kind::ApprovalRequired);
    }
}
