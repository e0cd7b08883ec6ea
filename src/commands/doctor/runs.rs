//! The last runs, as the output records them.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::Connection;

use super::finding::Finding;
use crate::Result;
use crate::destinations::address::Address;
use crate::error::Kind;
use crate::model::time::milliseconds;
use crate::report::input::{Chosen, Input};
use crate::system::interrupt::Interrupt;
use crate::terminal::counted;

/// Data that is older than this is a warning, in hours.
const OLD: i64 = 48;

/// The most runs that are shown, and the most accounts of a lake.
const MOST: usize = 3;

/// What is asked about the last runs.
const RUNS: &str = "SELECT started_at, finished_at, tool_version, schema_version, account_id,
        requests, retries
    FROM extractions ORDER BY is_latest DESC, started_at DESC LIMIT 3";

/// The resources that the newest run did not read whole.
const GAPS: &str = "SELECT resource || ': ' || outcome || coalesce(' (' || min(detail) || ')', '')
    FROM extraction_resources JOIN latest_extraction USING (extraction_id)
    WHERE outcome NOT IN ('complete', 'skipped') GROUP BY resource, outcome ORDER BY 1";

/// Looks at the runs of each account.
pub(super) async fn look(address: &Address, interrupt: &Interrupt) -> Vec<Finding> {
    if address.report_input().is_some_and(|path| !path.exists()) {
        return Vec::new();
    }
    if address.local_folder().is_some_and(|folder| is_empty(&folder)) {
        return Vec::new();
    }
    let input = Input::new(address, interrupt);
    match accounts(&input).await {
        Ok(findings) => findings,
        // A lake that was never written to.
        Err(error) if error.kind() == Kind::Usage => {
            let hint = error.advice().unwrap_or_default().to_owned();
            vec![Finding::warning("runs", error.to_string(), &hint)]
        }
        Err(error) => vec![Finding::problem("runs", error)],
    }
}

/// Whether nothing was published to a folder: what a run leaves there before is hidden.
fn is_empty(folder: &Path) -> bool {
    let mut names = std::fs::read_dir(folder).into_iter().flatten().flatten();
    names.all(|one| one.file_name().to_string_lossy().starts_with('.'))
}

async fn accounts(input: &Input<'_>) -> Result<Vec<Finding>> {
    let accounts = match input.choose(None).await? {
        Chosen::One(account) => vec![account],
        Chosen::All(accounts) => accounts.into_iter().map(Some).take(MOST).collect(),
    };
    let mut findings = Vec::new();
    for account in accounts {
        let names = ["latest_extraction"];
        let connection = input.open_any(account.as_deref(), None, &names).await?;
        let read = read(&connection).map_err(|error| input.unreadable(&error))?;
        findings.extend(read);
    }
    Ok(findings)
}

fn read(connection: &Connection) -> rusqlite::Result<Vec<Finding>> {
    let mut statement = connection.prepare(RUNS)?;
    let runs = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, words(row)?)))?;
    let runs = runs.collect::<rusqlite::Result<Vec<_>>>()?;
    let Some((newest, _)) = runs.first() else {
        return Ok(vec![Finding::warning("runs", "there is none yet", "run `flaglake extract`")]);
    };
    let mut findings: Vec<_> = runs.iter().map(|(_, words)| Finding::ok("runs", words)).collect();
    findings.extend(age(newest));
    let mut statement = connection.prepare(GAPS)?;
    let gaps = statement.query_map([], |row| row.get::<_, String>(0))?;
    for gap in gaps {
        findings.push(Finding::warning("runs", format!("not read whole: {}", gap?), ""));
    }
    Ok(findings)
}

/// A run in words.
fn words(row: &rusqlite::Row<'_>) -> rusqlite::Result<String> {
    let (started, finished): (String, String) = (row.get(0)?, row.get(1)?);
    let (tool, schema): (String, i64) = (row.get(2)?, row.get(3)?);
    let account: Option<String> = row.get(4)?;
    let (requests, retries): (i64, i64) = (row.get(5)?, row.get(6)?);
    let account = account.unwrap_or_else(|| "unknown".to_owned());
    let time = |text: &str| milliseconds(text).unwrap_or_default();
    let seconds = (time(&finished) - time(&started)).max(0) / 1000;
    Ok(format!(
        "{started}: {seconds} s, {}, {}, account {account}, \
         flaglake {tool}, schema version {schema}",
        counted(requests, "request"),
        if retries == 1 { "1 retry".to_owned() } else { format!("{retries} retries") },
    ))
}

/// A warning about data that is old.
fn age(started: &str) -> Option<Finding> {
    let age = Timestamp::now().as_millisecond() - milliseconds(started)?;
    let hours = age / 3_600_000;
    let text = format!("the newest data is {} days old", hours / 24);
    (hours >= OLD).then(|| Finding::warning("runs", text, "is `flaglake extract` still scheduled?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_data_is_a_warning() {
        let now = Timestamp::now();
        let before = |hours: i64| format!("{:.3}", now - jiff::SignedDuration::from_hours(hours));
        assert!(age(&before(47)).is_none());
        assert!(age(&before(49)).unwrap().to_text(None, false).contains("2 days old"));
    }
}
