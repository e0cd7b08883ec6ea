//! The commands, one file each, and what they share.

pub mod check;
mod check_line;
pub mod extract;
pub mod plan;
pub mod policy;
pub mod report;
pub mod resources;
pub mod schema;
pub mod summary;

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::{env, panic};

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};
use tokio::sync::Semaphore;
use tracing_subscriber::EnvFilter;
use url::Url;

use crate::cli::{Cli, Command, Connection, Format, Messages, settle_address, settle_resume};
use crate::demo;
use crate::error::Kind;
use crate::extract::{Extraction, Limits, Selection};
use crate::interrupt::outlive_size_limit;
use crate::launchdarkly::instance::parse_base_uri;
use crate::launchdarkly::{Client, Token};
use crate::progress::Progress;
use crate::publish::NewestEntries;
use crate::record::Record;
use crate::stage::Stage;
use crate::terminal::{say_last, spelled_out};
use crate::{Error, Result};

/// Runs the command that the arguments ask for; returns the exit status.
///
/// This is where every error, and a panic, ends: written once, in the form that was asked for.
pub fn main() -> ExitCode {
    let format = requested_error_format();
    outlive_size_limit();
    let outcome = panic::catch_unwind(|| {
        let cli = parse(format)?;
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

/// Parses the arguments. Help and version end the process here, as clap does; so does a usage
/// error that is to be written for people.
fn parse(format: Format) -> anyhow::Result<Cli> {
    let outcome = without_empty_variables(Cli::command()).try_get_matches().and_then(|matches| {
        let mut cli = Cli::from_arg_matches(&matches)?;
        if let Some((_, matches)) = matches.subcommand() {
            if let Some(connection) = connection_of(&mut cli) {
                settle_address(connection, matches);
            }
            if let Command::Extract(arguments) = &mut cli.command {
                settle_resume(arguments, matches);
                arguments.output = arguments.output.resolved();
            }
        }
        Ok(cli)
    });
    outcome.map_err(|error| {
        let help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
        if help && let Err(error) = schema::printed(error.print()) {
            return error.into();
        }
        if help || format == Format::Text {
            error.exit();
        }
        Error::usage(one_line(&error)).hint("`flaglake extract --help` lists the options").into()
    })
}

fn connection_of(cli: &mut Cli) -> Option<&mut Connection> {
    match &mut cli.command {
        Command::Extract(arguments) => Some(&mut arguments.connection),
        Command::Check(arguments) => Some(&mut arguments.connection),
        Command::Schema(_) | Command::Resources(_) | Command::Report(_) => None,
    }
}

/// A variable that is set but empty, as compose files and charts leave it, is as good as unset.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let names: Vec<_> = command.get_subcommands().map(|one| one.get_name().to_owned()).collect();
    let command = command.mut_args(|argument| {
        let variable = argument.get_env().and_then(env::var_os);
        match variable.is_some_and(|value| value.is_empty()) {
            true => argument.env(None::<&'static str>),
            false => argument,
        }
    });
    names
        .into_iter()
        .fold(command, |command, name| command.mut_subcommand(name, without_empty_variables))
}

/// The format of errors, known even where the arguments cannot be parsed.
fn requested_error_format() -> Format {
    let arguments: Vec<_> =
        env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let pairs =
        arguments.windows(2).filter(|pair| pair[0] == "--error-format").map(|pair| &*pair[1]);
    let joined = arguments.iter().filter_map(|argument| argument.strip_prefix("--error-format="));
    let variable = env::var("FLAGLAKE_ERROR_FORMAT").unwrap_or_default();
    match pairs.chain(joined).next_back().unwrap_or(&variable) {
        "json" => Format::Json,
        _ => Format::Text,
    }
}

/// What clap says, without its usage lines.
fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let lines = text
        .lines()
        .take_while(|line| !["Usage:", "For more"].iter().any(|end| line.starts_with(end)));
    let words: Vec<_> = lines.flat_map(str::split_whitespace).collect();
    words.join(" ").trim_start_matches("error: ").to_owned()
}

fn run(cli: Cli) -> Result<()> {
    private_files();
    let quiet = cli.messages.quiet;
    match cli.command {
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Resources(arguments) => resources::run(&arguments),
        Command::Report(arguments) => report::run(&arguments, quiet),
        Command::Check(arguments) => {
            log(&cli.messages, Progress::Quiet);
            until_done(check::run(&arguments))
        }
        Command::Extract(arguments) => {
            let progress = Progress::new(quiet);
            log(&cli.messages, progress.clone());
            until_done(extract::run(&arguments, &progress))
        }
    }
}

/// Whatever is created is for its owner only: flag data is nobody else's business.
fn private_files() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// Does `work`. What still runs after it, such as looking up a host's name, is not waited for.
fn until_done(work: impl Future<Output = Result<()>>) -> Result<()> {
    let runtime = runtime()?;
    let outcome = runtime.block_on(work);
    runtime.shutdown_background();
    outcome
}

/// Two threads: one reads bodies while the other talks to the network.
fn runtime() -> Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let built = builder.worker_threads(2).enable_all().build();
    built.map_err(|error| Error::new(Kind::Internal, format!("could not start: {error}")))
}

/// Sets up the log. Other crates speak only when something is wrong.
fn log(messages: &Messages, progress: Progress) {
    let level = match (messages.quiet, messages.verbose) {
        (true, _) => "error",
        (false, 0) => "warn",
        (false, 1) => "warn,flaglake=debug",
        (false, _) => "trace",
    };
    let wanted = env::var("FLAGLAKE_LOG").ok();
    // `EnvFilter::new` would panic where it cannot complain on standard error.
    let filter = wanted.as_deref().and_then(|filter| EnvFilter::try_new(filter).ok());
    let is_ignored = wanted.is_some() && filter.is_none();
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter.unwrap_or_else(|| EnvFilter::new(level)))
        .log_internal_errors(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(progress);
    // A second call, as in tests, keeps the first log.
    let _ = match messages.log_format {
        Format::Text => builder.try_init(),
        Format::Json => builder.json().try_init(),
    };
    if is_ignored {
        tracing::warn!("`FLAGLAKE_LOG` holds no filter that can be understood: it is ignored.");
    }
}

/// A client, and the demo server it speaks to if there is one.
struct Session {
    client: Arc<Client>,
    base_uri: Url,
    /// How many projects are read side by side.
    projects_at_once: usize,
    /// Stops when dropped.
    demo: Option<demo::Server>,
}

impl Session {
    /// What is read, for people.
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
            client: &self.client,
            stage,
            record,
            selection,
            limits: Limits::default(),
            projects_at_once: self.projects_at_once,
            pages: Semaphore::new(self.projects_at_once / 4),
            expands_archive_checks: true.into(),
            newest_entries: NewestEntries::default(),
            left_out: Mutex::default(),
            without_query: Mutex::default(),
            warned: Mutex::default(),
        }
    }
}

/// Connects as the arguments say. Nothing is sent yet.
async fn connect(connection: &Connection) -> Result<Session> {
    let (base_uri, token, demo) = match connection.demo {
        true => demo_account().await?,
        false => {
            let token = Token::find(connection.access_token_file.as_deref())?;
            (connection.address()?, token, None)
        }
    };
    let client = Arc::new(Client::new(&connection.client_options(base_uri.clone()), token)?);
    let projects_at_once = usize::from(connection.concurrency) * 4;
    Ok(Session { client, base_uri, projects_at_once, demo })
}

/// Starts the server of the demo account.
async fn demo_account() -> Result<(Url, Token, Option<demo::Server>)> {
    let account = demo::company::account(jiff::Timestamp::now().as_millisecond());
    let server = demo::Server::start(account, demo::Behaviour::default()).await;
    let server = server.map_err(|error| {
        Error::new(Kind::Internal, format!("could not start the demo server: {error}"))
    })?;
    let base_uri = parse_base_uri(&server.base_uri())?;
    Ok((base_uri, Token::parse(demo::account::DEMO_TOKEN)?, Some(server)))
}
