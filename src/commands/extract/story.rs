//! The demo in an output that holds it already. By the clock alone, each run of another day would
//! create all flags of the demo once more, as its story ends today. So there the story ends when it
//! ended for the output's first run, and after that only what happens daily goes on.

use fake_launchdarkly::company;
use jiff::Timestamp;
use rusqlite::Connection;

use super::one::Prepared;
use crate::Result;
use crate::cli::ExtractArguments;
use crate::commands::{hints, serve, session};
use crate::destinations::address::Address;
use crate::launchdarkly::identity::DEMO_ACCOUNT_ID;
use crate::report::input::Input;
use crate::system::interrupt::Interrupt;

/// What is read of an output.
const NAMES: [&str; 2] = ["flags", "latest_extraction"];

/// One flag is enough: the dates of all follow from the end of the story.
const SQL: &str = "
    SELECT project_key, flag_key, flags.created_at FROM flags CROSS JOIN latest_extraction
    WHERE account_id = ?1";

/// The session of a run; one of the demo goes on with the account that the first output holds which
/// holds one.
///
/// # Errors
/// When the demo's server cannot be started.
pub(super) async fn continued(
    arguments: &ExtractArguments,
    prepared: Prepared,
    interrupt: &Interrupt,
) -> Result<Prepared> {
    let Some(server) = &prepared.session.demo else { return Ok(prepared) };
    let now_ms = server.read(|account| account.now_ms);
    let Some(end_ms) = end_of_story(&arguments.output, interrupt).await else {
        return Ok(prepared);
    };
    let account = company::Past::of(company::account(end_ms)).account(now_ms);
    let session = session(&arguments.connection, serve(account).await?, hints::of_reading)?;
    Ok(Prepared { session, ..prepared })
}

/// When the story ended, by the first output that tells it.
async fn end_of_story(outputs: &[Address], interrupt: &Interrupt) -> Option<i64> {
    for output in outputs {
        let input = Input::new(output, interrupt);
        // An output that cannot be read tells nothing. The run says why it cannot.
        let opened = input.open_any(Some(DEMO_ACCOUNT_ID), None, &NAMES).await;
        let end_ms = opened.ok().and_then(|held| end_in(&held).ok().flatten());
        if end_ms.is_some() {
            return end_ms;
        }
    }
    None
}

fn end_in(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    let mut statement = connection.prepare(SQL)?;
    let mut flags = statement.query([DEMO_ACCOUNT_ID])?;
    while let Some(flag) = flags.next()? {
        let (project, key, created): (String, String, String) =
            (flag.get(0)?, flag.get(1)?, flag.get(2)?);
        let created = created.parse::<Timestamp>().ok().map(Timestamp::as_millisecond);
        let end_ms = created.and_then(|at_ms| company::end_of_story(&project, &key, at_ms));
        if end_ms.is_some() {
            return Ok(end_ms);
        }
    }
    Ok(None)
}
