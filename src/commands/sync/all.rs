//! `flaglake sync run`: several syncs with one summary.

use serde_json::{Value, json};
use tracing::error;

use super::Progress;
use super::one::execute;
use super::place::connect;
use super::show::{self, Shown, Way};
use crate::cli::{Format, Job, RunArguments, SyncCommand, load_syncs};
use crate::commands::schema::print;
use crate::error::Kind;
use crate::model::privacy::Privacy;
use crate::sync::engine::Finished;
use crate::sync::remote;
use crate::sync::state::Access;
use crate::system::interrupt::Interrupt;
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
    let mut jobs = load_syncs(arguments)?;
    if arguments.failed {
        jobs = failed(jobs).await?;
    }
    let format = arguments.format;
    let Some(first) = jobs.first() else {
        return begin(0, format).and(summarize(&[], format, progress));
    };
    let has_events = jobs.iter().any(|job| matches!(job.command, SyncCommand::Events(_)));
    let session = connect(connection(&first.command)?, has_events).await?;
    let interrupt = Interrupt::listen();
    let way = match format {
        Format::Json => Way::Stream,
        Format::Text => Way::Text,
    };
    let (mut ended, mut printed) = (Vec::new(), Ok(()));
    for job in jobs {
        printed = printed.and_then(|()| begin(ended.len(), format));
        progress.say(&format!("Sync {} …", job.name));
        let (finished, shown) = execute(&job.command, &session, &interrupt, progress, way).await;
        let is_interrupted = is_of(&finished, Kind::Interrupted);
        if let Err(error) = &finished.outcome {
            error!("{}: {error} [{}]", job.name, error.kind().code());
        }
        let one = Ended { name: job.name, finished, shown };
        printed = printed.and_then(|()| end(&one, format));
        ended.push(one);
        if is_interrupted {
            break;
        }
    }
    progress.clear();
    printed.and_then(|()| summarize(&ended, format, progress))?;
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
    match (format, &one.finished.summary) {
        (Format::Text, _) => Ok(()),
        (Format::Json, Some(summary)) => print(&show::object(summary, &one.shown)),
        (Format::Json, None) => print(&failure(one).to_string()),
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
        let state = match &job.command {
            SyncCommand::Metrics(one) => &one.common.state,
            SyncCommand::Events(one) => &one.common.state,
            SyncCommand::Segment(one) => &one.common.state,
            _ => continue,
        };
        let (state, _remote) = remote::open(state, Access::Read, Privacy::Keep).await?;
        let runs = state.runs(Some(&job.name), 1)?;
        if runs.first().is_none_or(|run| run.outcome != "succeeded") {
            failed.push(job);
        }
    }
    Ok(failed)
}

/// Prints one summary of all.
fn summarize(ended: &[Ended], format: Format, progress: &Progress) -> Result<()> {
    match format {
        Format::Json => print(&format!("],{}\n", all(ended).trim_start_matches('{'))),
        Format::Text if matches!(progress, Progress::Quiet) => Ok(()),
        Format::Text => {
            let text = |one: &Ended| match &one.finished.summary {
                Some(summary) => show::text(summary, &one.shown),
                None => format!("{}: {}\n", one.name, outcome(&one.finished)),
            };
            print(&ended.iter().map(text).collect::<String>())
        }
    }
}

fn outcome(finished: &Finished) -> &'static str {
    match &finished.outcome {
        Ok(()) => "succeeded",
        Err(error) => error.kind().code(),
    }
}

/// A sync that did not begin.
fn failure(one: &Ended) -> Value {
    json!({
        "sync_name": one.name,
        "outcome": outcome(&one.finished),
        "message": one.finished.outcome.as_ref().err().map(ToString::to_string),
    })
}

/// The object about all syncs, without the list of them.
fn all(ended: &[Ended]) -> String {
    let worst = ended.iter().filter_map(|one| one.finished.outcome.as_ref().err());
    let worst = worst.map(Error::kind).min_by_key(|kind| rank(*kind));
    let object = json!({
        "outcome": worst.map_or("succeeded", Kind::code),
        "exit_status": worst.map_or(0, Kind::exit_status),
    });
    object.to_string()
}

/// The order of errors: the worst first.
const RANKS: [Kind; 15] = [
    Kind::Interrupted,
    Kind::Internal,
    Kind::Usage,
    Kind::InvalidCredentials,
    Kind::InvalidPermissions,
    Kind::OutputFailed,
    Kind::UnexpectedResponse,
    Kind::Unavailable,
    Kind::RateLimited,
    Kind::Conflict,
    Kind::Guarded,
    Kind::ApprovalRequired,
    Kind::RowsRejected,
    Kind::Degraded,
    Kind::ScorecardFailed,
];

fn rank(kind: Kind) -> usize {
    RANKS.iter().position(|one| *one == kind).unwrap_or(RANKS.len())
}

/// The worst error of all, which also says how many syncs failed.
fn worst(ended: Vec<Ended>) -> Result<()> {
    let all = ended.len();
    let errors = ended.into_iter().filter_map(|one| Some((one.name, one.finished.outcome.err()?)));
    let mut errors: Vec<_> = errors.collect();
    errors.sort_by_key(|(_, error)| rank(error.kind()));
    let count = errors.len();
    match errors.into_iter().next() {
        None => Ok(()),
        Some((name, error)) if count == 1 => {
            let message = format!("{name}: {error}");
            Err(Error::new(error.kind(), message).hint(error.advice().unwrap_or_default()))
        }
        Some((name, error)) => {
            let message =
                format!("{count} of {all} syncs did not succeed; the worst is {name}: {error}");
            Err(Error::new(error.kind(), message).hint(error.advice().unwrap_or_default()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_a_rank() {
        for kind in Kind::ALL {
            assert!(rank(kind) < RANKS.len(), "{kind:?}");
        }
        let ranked = RANKS.map(Kind::exit_status);
        assert_eq!(ranked, [130, 1, 2, 3, 4, 8, 7, 6, 5, 13, 12, 10, 11, 14, 9]);
    }

    #[test]
    fn the_worst_error_of_two_wins_in_either_order() {
        let ended = |kind: Kind| Ended {
            name: format!("{kind:?}"),
            finished: Finished { summary: None, outcome: Err(Error::new(kind, "no")) },
            shown: Shown::new(Way::Text),
        };
        for (index, worse) in RANKS.into_iter().enumerate() {
            for better in RANKS.into_iter().skip(index + 1) {
                for pair in [[worse, better], [better, worse]] {
                    let ended: Vec<_> = pair.into_iter().map(ended).collect();
                    assert!(all(&ended).contains(worse.code()), "{pair:?}");
                    let error = worst(ended).unwrap_err();
                    assert_eq!(error.kind(), worse);
                    let expected =
                        format!("2 of 2 syncs did not succeed; the worst is {worse:?}: no");
                    assert_eq!(error.to_string(), expected);
                }
            }
        }
        assert!(worst(Vec::new()).is_ok());
    }
}
