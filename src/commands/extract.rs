//! `flaglake extract`: read each account, publish it, and sum up.

mod after;
mod locks;
mod metrics_file;
mod one;
mod outcome;
mod outputs;
mod past;
mod paths;
mod publish;
mod resume;
mod settings;
mod show;
mod story;

use std::time::Instant;

use tracing::error;

use self::locks::Locks;
use self::one::Prepared;
use self::outcome::Outcome;
pub(super) use self::outputs::check_distinct;
use self::past::{Past, Shared};
use super::progress::Progress;
use super::ranks;
use super::schema::print;
use crate::cli::{ExtractArguments, Format};
use crate::error::Kind;
use crate::system::interrupt::Interrupt;
use crate::{Error, Result};

/// An account to extract.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its name in the configuration file, if it is from one.
    pub name: Option<String>,
    /// How to extract it.
    pub arguments: ExtractArguments,
}

/// The accounts that the arguments name: those of the configuration file, or else one.
pub fn jobs(arguments: ExtractArguments) -> Vec<Job> {
    if arguments.accounts.is_empty() {
        return vec![Job { name: None, arguments }];
    }
    let named = arguments.accounts.into_iter();
    named.map(|(name, arguments)| Job { name: Some(name), arguments }).collect()
}

/// Extracts the accounts one after the other. One that fails does not keep the others from being
/// extracted.
///
/// # Errors
/// By the table of codes, the worst error of all; the previous data is unchanged where an account
/// failed.
pub async fn run(jobs: &[Job], progress: &Progress) -> Result<()> {
    let Some(Job { arguments: first, .. }) = jobs.first() else { return Ok(()) };
    if first.plan && first.format == Format::Json {
        return Err(
            Error::usage("`--plan` is not written as JSON").hint("leave out `--format json`")
        );
    }
    paths::check(jobs, first.file.as_deref())?;
    let mut outcomes = extract_each(jobs, progress).await;
    if first.plan {
        return worst(outcomes);
    }
    if let Some(path) = &first.metrics_file
        && let Err(error) = metrics_file::write(path, &outcomes)
    {
        note(&mut outcomes, error);
    }
    let is_named = outcomes.iter().any(|one| one.name.is_some());
    let printed = match (first.format, is_named) {
        (Format::Json, false) => outcomes.iter().try_for_each(|one| print(&line(&one.to_json()))),
        (Format::Json, true) => print(&line(&show::all(&outcomes))),
        (Format::Text, false) => Ok(()),
        (Format::Text, true) => show::summarize(&outcomes, progress),
    };
    worst(outcomes).and(printed)
}

/// Notes an error of the run as a whole, where no account has one of its own.
fn note(outcomes: &mut [Outcome], error: Error) {
    match outcomes.last_mut() {
        Some(last) if last.error.is_none() => last.error = Some(error),
        _ => error!("{error} [{}]", error.kind().code()),
    }
}

/// Extracts the accounts. Tokens are read first, because one may be typed in, or come from a pipe,
/// before signals are caught.
async fn extract_each(jobs: &[Job], progress: &Progress) -> Vec<Outcome> {
    let mut prepared = Vec::new();
    for job in jobs {
        prepared.push(one::prepare(&job.arguments).await);
    }
    let interrupt = Interrupt::listen();
    let mut outcomes = Vec::new();
    for (job, prepared) in jobs.iter().zip(prepared) {
        // What the account before has published is no reason to ignore a signal now.
        interrupt.reopen();
        let outcome = extract(job, prepared, progress, &interrupt).await;
        let is_interrupted = outcome.exit_status() == Kind::Interrupted.exit_status();
        outcomes.push(outcome);
        if is_interrupted {
            break;
        }
    }
    outcomes
}

fn line(object: &serde_json::Value) -> String {
    format!("{object:#}\n")
}

/// Extracts an account, and shows what was published.
async fn extract(
    job: &Job,
    prepared: Result<Prepared>,
    progress: &Progress,
    interrupt: &Interrupt,
) -> Outcome {
    let arguments = &job.arguments;
    if let Some(name) = &job.name {
        progress.say(&format!("Account {name} …"));
    }
    let locks = Locks::default();
    let shared = Shared { progress, interrupt, locks: &locks };
    let prepared = continued(arguments, prepared, interrupt).await;
    let past = past_of(arguments, &prepared, shared).await;
    let started = Instant::now();
    let mut outcome = Outcome::new(job.name.clone(), &arguments.output);
    let done = match (prepared, past) {
        (Ok(prepared), Ok(past)) => {
            outcome.past = past;
            one::extract(arguments, prepared, shared, &mut outcome).await
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    drop(locks);
    progress.clear();
    match done {
        Ok(()) => finish(arguments, &mut outcome, progress, started, interrupt).await,
        Err(error) => outcome.error = Some(error),
    }
    outcome.took = started.elapsed();
    outcome
}

/// Goes on with the demo of an output that holds it.
async fn continued(
    arguments: &ExtractArguments,
    prepared: Result<Prepared>,
    interrupt: &Interrupt,
) -> Result<Prepared> {
    match prepared {
        Ok(prepared) if arguments.plan => Ok(prepared),
        Ok(prepared) => Box::pin(story::continued(arguments, prepared, interrupt)).await,
        Err(error) => Err(error),
    }
}

/// Makes the past of the demo, where there is one to make.
async fn past_of(
    arguments: &ExtractArguments,
    prepared: &Result<Prepared>,
    shared: Shared<'_>,
) -> Result<Option<Past>> {
    match prepared {
        Ok(prepared) => Box::pin(past::make(arguments, prepared, shared)).await,
        Err(_) => Ok(None),
    }
}

/// Writes the files that are made from the outputs, and shows what is published.
async fn finish(
    arguments: &ExtractArguments,
    outcome: &mut Outcome,
    progress: &Progress,
    started: Instant,
    interrupt: &Interrupt,
) {
    outcome.judge(arguments.fail_on);
    let files = after::write(arguments, outcome, interrupt).await;
    if outcome.error.is_none() {
        outcome.error = files.err();
    } else if let Err(error) = files {
        error!("{error} [{}]", error.kind().code());
    }
    outcome.took = started.elapsed();
    show::published(arguments, outcome, progress);
}

/// Fails with the worst error of all. That of an account without a name is the only one.
fn worst(outcomes: Vec<Outcome>) -> Result<()> {
    let all = outcomes.len();
    let mut errors = Vec::new();
    for outcome in outcomes {
        match (outcome.name, outcome.error) {
            (Some(name), Some(error)) => errors.push((name, error)),
            (None, Some(error)) => return Err(error),
            (_, None) => {}
        }
    }
    ranks::worst("accounts", all, errors)
}
