//! `flaglake sync run`: several syncs with one summary.

use serde_json::{Value, json};
use tracing::warn;

use super::Progress;
use super::one::execute;
use super::place::connect;
use super::show::{self, Shown, Way};
use crate::cli::{Format, Job, RunArguments, SyncCommand, load_syncs};
use crate::commands::Session;
use crate::commands::ranks;
use crate::commands::schema::print;
use crate::error::Kind;
use crate::model::privacy::Privacy;
use crate::sync::engine::Finished;
use crate::sync::remote;
use crate::sync::state::Access;
use crate::system::interrupt::{Interrupt, Work};
use crate::{Error, Result};

/// How a sync of the file ended.
struct Ended {
    name: String,
    finished: Finished,
    shown: Shown,
}

/// Runs the syncs of a file. One that fails does not keep the others from running.
///
/// # Errors
/// The worst error of all.
pub(super) async fn run(arguments: &RunArguments, progress: &Progress) -> Result<()> {
    let format = arguments.format;
    match prepare(arguments).await {
        Ok(Some((jobs, session))) => run_all(jobs, &session, format, progress).await,
        Ok(None) => begin(0, format).and(summarize(&[], None, format, progress)),
        Err(error) => {
            // Programs get their object in any case.
            let kind = Some(error.kind()).filter(|_| format == Format::Json);
            let printed = kind.map_or(Ok(()), |kind| {
                begin(0, format).and(summarize(&[], Some(kind), format, progress))
            });
            printed.and(Err(error))
        }
    }
}

/// The syncs to run, and the connection for them; `None` where there are none.
async fn prepare(arguments: &RunArguments) -> Result<Option<(Vec<Job>, Session)>> {
    let mut jobs = load_syncs(arguments)?;
    if arguments.failed {
        jobs = failed(jobs).await?;
    }
    let Some(first) = jobs.first() else { return Ok(None) };
    let has_events = jobs.iter().any(|job| matches!(job.command, SyncCommand::Events(_)));
    let session = connect(connection(&first.command)?, has_events).await?;
    Ok(Some((jobs, session)))
}

async fn run_all(
    jobs: Vec<Job>,
    session: &Session,
    format: Format,
    progress: &Progress,
) -> Result<()> {
    let interrupt = Interrupt::listen_during(Work::Sending);
    let way = match format {
        Format::Json => Way::Stream,
        Format::Text => Way::Text,
    };
    let (mut ended, mut printed) = (Vec::new(), Ok(()));
    for job in jobs {
        printed = printed.and_then(|()| begin(ended.len(), format));
        progress.say(&format!("Sync {} …", job.name));
        let (finished, shown) = execute(&job.command, session, &interrupt, progress, way).await;
        let is_interrupted = is_of(&finished, Kind::Interrupted);
        let one = Ended { name: job.name, finished, shown };
        printed = printed.and_then(|()| end(&one, format));
        ended.push(one);
        if is_interrupted {
            break;
        }
    }
    progress.clear();
    printed.and_then(|()| summarize(&ended, None, format, progress))?;
    worst(ended)
}

/// Prints what stands before a sync. Each one is printed as it ends, since plans may be large.
fn begin(number: usize, format: Format) -> Result<()> {
    match format {
        Format::Json => print(if number == 0 { "{\"syncs\":[" } else { "," }),
        Format::Text => Ok(()),
    }
}

/// Prints the object of a sync, or its rest.
fn end(one: &Ended, format: Format) -> Result<()> {
    match format {
        Format::Text => Ok(()),
        Format::Json if one.finished.has_begun => {
            print(&show::object(&one.finished.summary, &one.shown))
        }
        Format::Json => print(&failure(one).to_string()),
    }
}

fn is_of(finished: &Finished, kind: Kind) -> bool {
    finished.outcome.as_ref().is_err_and(|error| error.kind() == kind)
}

fn connection(command: &SyncCommand) -> Result<&crate::cli::SyncConnection> {
    match command {
        SyncCommand::Metrics(one) => Ok(&one.connection),
        SyncCommand::Events(one) => Ok(&one.connection),
        SyncCommand::Segment(one) => Ok(&one.connection),
        _ => Err(Error::usage("this command runs no sync")),
    }
}

/// The syncs whose last run did not succeed, or that have never run.
async fn failed(jobs: Vec<Job>) -> Result<Vec<Job>> {
    let mut failed = Vec::new();
    for job in jobs {
        let Some(common) = job.command.common() else { continue };
        let (state, _remote) = remote::open(&common.state, Access::Read, Privacy::Keep).await?;
        let runs = state.runs(Some(&job.name), 1)?;
        let outcome = runs.first().map_or("", |run| run.outcome.as_str());
        if outcome == Kind::RowsRejected.code() && sends_again(&job.command) {
            warn!(
                "{}: its last run sent all rows but those that were rejected, and `append_all` \
                 would send all of them again: it is left out.",
                job.name
            );
        } else if outcome != "succeeded" {
            failed.push(job);
        }
    }
    Ok(failed)
}

/// Whether another run would send rows that LaunchDarkly has accepted.
fn sends_again(command: &SyncCommand) -> bool {
    matches!(command, SyncCommand::Events(one) if one.append_all)
}

/// Prints one summary of all.
fn summarize(
    ended: &[Ended],
    refused: Option<Kind>,
    format: Format,
    progress: &Progress,
) -> Result<()> {
    match format {
        Format::Json => print(&format!("],{}\n", all(ended, refused).trim_start_matches('{'))),
        Format::Text if matches!(progress, Progress::Quiet) => Ok(()),
        Format::Text => {
            let text = |one: &Ended| {
                if one.finished.has_begun {
                    show::text(&one.finished.summary, &one.shown)
                } else {
                    format!("{}: {}\n", one.name, one.finished.summary.outcome)
                }
            };
            print(&ended.iter().map(text).collect::<String>())
        }
    }
}

/// A sync that did not begin.
fn failure(one: &Ended) -> Value {
    let mut object = json!(one.finished.summary);
    object["sync_name"] = json!(one.name);
    object["message"] = json!(one.finished.outcome.as_ref().err().map(ToString::to_string));
    object
}

/// The object about all syncs, without the list of them. `refused` is why none of them has begun.
fn all(ended: &[Ended], refused: Option<Kind>) -> String {
    let failed = ended.iter().filter_map(|one| one.finished.outcome.as_ref().err());
    let (outcome, exit_status) = ranks::outcome(failed.map(Error::kind).chain(refused));
    json!({ "outcome": outcome, "exit_status": exit_status }).to_string()
}

/// Fails with the worst error of all.
fn worst(ended: Vec<Ended>) -> Result<()> {
    let all = ended.len();
    let errors = ended.into_iter().filter_map(|one| Some((one.name, one.finished.outcome.err()?)));
    ranks::worst("syncs", all, errors.collect())
}
