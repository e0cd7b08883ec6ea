//! `flaglake extract`: read each account, publish it, and sum up.

mod after;
mod metrics_file;
mod one;
mod outcome;
mod outputs;
mod publish;
mod resume;
mod settings;
mod show;

use std::time::Instant;

use tracing::error;

use self::outcome::Outcome;
use super::progress::Progress;
use super::ranks::rank;
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
    let mut outcomes = Vec::new();
    let mut interrupt = None;
    for job in jobs {
        let outcome = extract(job, progress, &mut interrupt).await;
        let is_interrupted = outcome.exit_status() == Kind::Interrupted.exit_status();
        outcomes.push(outcome);
        if is_interrupted {
            break;
        }
    }
    if first.plan {
        return worst(outcomes);
    }
    let metrics = first.metrics_file.as_deref();
    let metrics = metrics.map_or(Ok(()), |path| metrics_file::write(path, &outcomes));
    let is_named = outcomes.iter().any(|one| one.name.is_some());
    let printed = match (first.format, is_named) {
        (Format::Json, false) => outcomes.iter().try_for_each(|one| print(&line(&one.to_json()))),
        (Format::Json, true) => print(&line(&show::all(&outcomes))),
        (Format::Text, false) => Ok(()),
        (Format::Text, true) => show::summarize(&outcomes, progress),
    };
    worst(outcomes).and(printed).and(metrics)
}

fn line(object: &serde_json::Value) -> String {
    format!("{object:#}\n")
}

/// Extracts an account, and shows what was published.
async fn extract(job: &Job, progress: &Progress, shared: &mut Option<Interrupt>) -> Outcome {
    let (arguments, started) = (&job.arguments, Instant::now());
    let mut outcome = Outcome::new(job.name.clone());
    if let Some(name) = &job.name {
        progress.say(&format!("Account {name} …"));
    }
    let interrupt = || {
        let interrupt = shared.get_or_insert_with(Interrupt::listen);
        // What the account before has published is no reason to ignore a signal now.
        interrupt.reopen();
        interrupt.clone()
    };
    let done = one::extract(arguments, progress, &mut outcome, interrupt).await;
    progress.clear();
    match done {
        Ok(()) => finish(arguments, &mut outcome, progress, started, shared).await,
        Err(error) => outcome.error = Some(error),
    }
    outcome.took = started.elapsed();
    outcome
}

/// Writes the files that are made from the outputs, and shows what is published.
async fn finish(
    arguments: &ExtractArguments,
    outcome: &mut Outcome,
    progress: &Progress,
    started: Instant,
    interrupt: &Option<Interrupt>,
) {
    outcome.judge(arguments.fail_on);
    let interrupt = interrupt.clone().unwrap_or_default();
    let files = after::write(arguments, outcome, &interrupt).await;
    if outcome.error.is_none() {
        outcome.error = files.err();
    } else if let Err(error) = files {
        error!("{error} [{}]", error.kind().code());
    }
    outcome.took = started.elapsed();
    show::published(arguments, outcome, progress);
}

/// The worst error of all, which also says how many accounts failed. The others are printed here.
fn worst(outcomes: Vec<Outcome>) -> Result<()> {
    let all = outcomes.len();
    let errors = outcomes.into_iter().filter_map(|one| Some((one.name, one.error?)));
    let mut errors: Vec<_> = errors.collect();
    errors.sort_by_key(|(_, error)| rank(error.kind()));
    let count = errors.len();
    let mut errors = errors.into_iter();
    let Some((name, worst)) = errors.next() else { return Ok(()) };
    let Some(name) = name else { return Err(worst) };
    for (name, error) in errors {
        error!("{}: {error} [{}]", name.unwrap_or_default(), error.kind().code());
    }
    let message = match count {
        1 => format!("{name}: {worst}"),
        _ => format!("{count} of {all} accounts did not succeed; the worst is {name}: {worst}"),
    };
    let hint = worst.advice().unwrap_or_default().to_owned();
    Err(Error::new(worst.kind(), message).hint(hint))
}
