//! The commands, one file each, and what they share.

mod arguments;
pub mod check;
pub mod completions;
pub mod config;
pub mod demand;
pub mod doctor;
pub mod extract;
mod hints;
pub mod man;
pub mod plan;
pub mod policy;
pub mod progress;
pub mod query;
mod ranks;
pub mod report;
pub mod resources;
pub mod schema;
mod sentences;
pub mod summary;
pub mod sync;

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::panic;
use std::process::ExitCode;
use std::sync::Arc;

use fake_launchdarkly::account::{Account, DEMO_TOKEN};
use fake_launchdarkly::{Behaviour, Server, company};
use tracing_subscriber::EnvFilter;
use url::Url;

use self::sentences::Sentences;
use crate::cli::{Cli, Command, Connection, Format, Messages};
use crate::commands::progress::Progress;
use crate::error::Kind;
use crate::extract::{Extraction, Fetch};
use crate::launchdarkly::instance::parse_base_uri;
use crate::launchdarkly::trouble::Advise;
use crate::launchdarkly::{Client, Token};
use crate::record::NewestEntries;
use crate::record::Record;
use crate::resources::selection::Selection;
use crate::stage::Stage;
use crate::system::interrupt::outlive_size_limit;
use crate::system::memory::restart_with_small_arenas;
use crate::terminal::values::variable;
use crate::terminal::{say_last, spelled_out};
use crate::{Error, Result};

/// Runs the command that the arguments ask for; returns the exit status.
///
/// Every error and every panic is reported here, once, in the requested format.
pub fn main() -> ExitCode {
    let format = arguments::requested_error_format();
    outlive_size_limit();
    let outcome = panic::catch_unwind(|| {
        let cli = arguments::parse(format)?;
        run(cli).map_err(anyhow::Error::from)
    });
    let bug = |_| Err(Error::new(Kind::Internal, "flaglake has a bug; see above").into());
    match outcome.unwrap_or_else(bug) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => explain(&error, format),
    }
}

/// Writes an error to standard error; returns the exit status.
fn explain(error: &anyhow::Error, format: Format) -> ExitCode {
    let Some(known) = error.downcast_ref::<Error>() else {
        say_last(&format!("error: {error:#} [{}]", Kind::Internal.code()));
        return ExitCode::from(Kind::Internal.exit_status());
    };
    match format {
        Format::Json => say_last(&known.to_json()),
        Format::Text => {
            let message = spelled_out(&known.to_string());
            let hint = known.advice().map(|hint| format!("\nhint: {}", spelled_out(hint)));
            let hint = hint.unwrap_or_default();
            say_last(&format!("error: {message} [{}]{hint}", known.kind().code()));
        }
    }
    ExitCode::from(known.kind().exit_status())
}

fn run(cli: Cli) -> Result<()> {
    private_files();
    let quiet = cli.messages.quiet;
    match cli.command {
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Resources(arguments) => resources::run(&arguments),
        Command::Query(arguments) => {
            log(&cli.messages, Progress::Lines)?;
            until_done(query::run(&arguments, quiet))
        }
        Command::Report(arguments) => {
            log(&cli.messages, Progress::Lines)?;
            until_done(report::run(&arguments, quiet))
        }
        Command::Config(arguments) => config::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
        Command::Check(arguments) => {
            log(&cli.messages, Progress::Quiet)?;
            until_done(check::run(&arguments))
        }
        Command::Doctor(arguments) => {
            log(&cli.messages, Progress::Quiet)?;
            until_done(doctor::run(&arguments))
        }
        Command::Sync(arguments) => {
            restart_with_small_arenas();
            let progress = Progress::new(quiet);
            log(&cli.messages, progress.clone())?;
            until_done(sync::run(&arguments, &progress))
        }
        Command::Extract(arguments) => {
            restart_with_small_arenas();
            let progress = Progress::new(quiet);
            log(&cli.messages, progress.clone())?;
            until_done(extract::run(&extract::jobs(*arguments), &progress))
        }
        command => {
            log(&cli.messages, Progress::Lines)?;
            until_done(demand::run(&command, quiet))
        }
    }
}

/// Makes created files accessible to their owner only, because flag data may be confidential.
fn private_files() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// Runs `work` to its end. Background tasks, such as a DNS lookup, are not waited for.
fn until_done(work: impl Future<Output = Result<()>>) -> Result<()> {
    let runtime = runtime()?;
    let outcome = runtime.block_on(work);
    runtime.shutdown_background();
    outcome
}

/// One thread reads bodies, while this one decides what to read. Memory that is freed stays with the
/// thread that allocated it, and the writer of the stage needs a processor as well.
fn runtime() -> Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let built = builder.worker_threads(1).enable_all().build();
    built.map_err(|error| Error::new(Kind::Internal, format!("could not start: {error}")))
}

/// Sets up the log. Other crates log only warnings and errors, unless `-vv` is given. Without
/// `--verbose` and `FLAGLAKE_LOG`, messages are written as sentences.
fn log(messages: &Messages, progress: Progress) -> Result<()> {
    let level = match (messages.quiet, messages.verbose) {
        (true, _) => "error",
        (false, 0) => "warn",
        (false, 1) => "warn,flaglake=debug",
        (false, _) => "trace",
    };
    let asked = variable("FLAGLAKE_LOG").ok().flatten();
    let is_for_people = asked.is_none() && (messages.quiet || messages.verbose == 0);
    // The library's message is dropped, because it quotes the value, which may hold a secret.
    let filter = EnvFilter::try_new(asked.as_deref().unwrap_or(level)).map_err(|_| {
        Error::usage("`FLAGLAKE_LOG` is no filter for the log")
            .hint("use a level, such as `debug`, or `MODULE=LEVEL`, separated by commas")
    })?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .log_internal_errors(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(progress);
    // A second call, as in tests, keeps the first log.
    let _ = match messages.log_format {
        Format::Text if is_for_people => builder.event_format(Sentences).try_init(),
        Format::Text => builder.try_init(),
        Format::Json => builder.json().try_init(),
    };
    Ok(())
}

/// A client, and the demo server that it connects to, if any.
struct Session {
    client: Arc<Client>,
    base_uri: Url,
    /// The number of projects that are read concurrently.
    projects_at_once: usize,
    /// Stops when dropped.
    demo: Option<Server>,
}

impl Session {
    /// The name of the account, for messages.
    fn name(&self) -> String {
        match self.demo {
            Some(_) => "the demo account".to_owned(),
            None => self.base_uri.as_str().trim_end_matches('/').to_owned(),
        }
    }

    fn extraction<'a>(
        &'a self,
        stage: &'a Stage,
        record: &'a Record,
        selection: &'a Selection,
    ) -> Extraction<'a> {
        Extraction {
            fetch: Fetch::new(&self.client, stage, record, selection),
            projects_at_once: self.projects_at_once,
            newest_entries: NewestEntries::default(),
            known_projects: BTreeSet::new(),
        }
    }
}

/// Creates a client from the arguments; `advise` supplies the hints. No request is sent yet.
async fn connect(connection: &Connection, advise: Advise) -> Result<Session> {
    let place = if connection.demo {
        demo_account().await?
    } else {
        let variable = connection.access_token_variable.as_deref();
        let token = Token::find(connection.access_token_file.as_deref(), variable, advise)?;
        (connection.address()?, token, None)
    };
    session(connection, place, advise)
}

/// The address of an API, a token for it, and its server where that is one of the demo.
type ApiPlace = (Url, Token, Option<Server>);

/// Starts a server of the demo account of today.
async fn demo_account() -> Result<ApiPlace> {
    serve(company::account(jiff::Timestamp::now().as_millisecond())).await
}

/// Starts a server of a demo account.
async fn serve(account: Account) -> Result<ApiPlace> {
    let server = Server::start(account, Behaviour::default()).await;
    let server = server.map_err(|error| {
        Error::new(Kind::Internal, format!("could not start the demo server: {error}"))
    })?;
    let base_uri = parse_base_uri(&server.base_uri(), &[])?;
    Ok((base_uri, Token::parse(DEMO_TOKEN)?, Some(server)))
}

/// Creates a client of an API.
fn session(connection: &Connection, place: ApiPlace, advise: Advise) -> Result<Session> {
    let (base_uri, token, demo) = place;
    let options = connection.client_options(base_uri.clone());
    let client = Arc::new(Client::new(&options, token, advise)?);
    let projects_at_once = usize::from(connection.concurrency) * 4;
    Ok(Session { client, base_uri, projects_at_once, demo })
}
