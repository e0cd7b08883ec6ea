//! A connection to the server, and the meaning of its errors.

use std::error::Error as _;
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::config::SslMode as Encryption;
use tokio_postgres::error::SqlState;
use tokio_postgres::{CancelToken, Client, Config};
use tracing::debug;

use super::address::Schema;
use super::password;
use super::settings::SslMode;
use super::tls::Tls;
use crate::error::Kind;
use crate::system::interrupt::Interrupt;
use crate::{Error, Result};

/// Longest time to tell the server that a statement is not needed any more.
const CANCEL: Duration = Duration::from_secs(2);

/// The advice if the server does not let the user in.
const ACCESS: &str = "the password comes from `--postgres-password-file`, PGPASSWORD or ~/.pgpass; \
                      may the user connect to this database?";

/// A connection, and the task that moves its bytes.
pub(super) struct Session {
    pub client: Client,
    cancel: CancelToken,
    tls: Tls,
    driver: JoinHandle<()>,
}

impl Session {
    /// Connects to the database of a schema.
    pub(super) async fn open(schema: &Schema) -> Result<Self> {
        let tls = Tls::new(&schema.0).map_err(|error| {
            refused(schema, &error, "`sslrootcert` names a file with certificates in PEM form")
        })?;
        let attempts = attempts(schema);
        let mut last = None;
        for mode in attempts {
            match Session::attempt(schema, *mode, tls.clone()).await {
                Err(error) if is_about_encryption(&error) => last = Some(error),
                outcome => return outcome.map_err(|error| failed(schema, &error)),
            }
        }
        let error = last.map(|error| failed(schema, &error));
        Err(error.unwrap_or_else(|| refused(schema, "there is no way to connect", "")))
    }

    async fn attempt(schema: &Schema, mode: Encryption, tls: Tls) -> Result<Self, Failure> {
        let config = config(schema, mode);
        let connecting = timeout(schema.0.connect_timeout, config.connect(tls.clone())).await;
        let (client, connection) = connecting.map_err(|_| Failure::Slow)??;
        let driver = tokio::spawn(async move {
            if let Err(error) = connection.await {
                debug!(%error, "The connection to PostgreSQL ended.");
            }
        });
        Ok(Session { cancel: client.cancel_token(), client, tls, driver })
    }

    /// Does `work`. If the process is told to end, the server is told, too.
    pub(super) async fn or<T>(
        &self,
        interrupt: &Interrupt,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let outcome = interrupt.or(work).await;
        if outcome.as_ref().is_err_and(|error| error.kind() == Kind::Interrupted) {
            let _ = timeout(CANCEL, self.cancel.cancel_query(self.tls.clone())).await;
        }
        outcome
    }

    /// Ends the connection in order.
    pub(super) async fn close(self) {
        drop(self.client);
        let _ = timeout(CANCEL, self.driver).await;
    }
}

/// The modes to try, one after the other.
fn attempts(schema: &Schema) -> &'static [Encryption] {
    if schema.0.is_socket() {
        return &[Encryption::Disable];
    }
    match schema.0.ssl_mode {
        SslMode::Disable => &[Encryption::Disable],
        SslMode::Allow => &[Encryption::Disable, Encryption::Require],
        SslMode::Prefer => &[Encryption::Prefer, Encryption::Disable],
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => &[Encryption::Require],
    }
}

fn config(schema: &Schema, mode: Encryption) -> Config {
    let settings = &schema.0;
    let mut config = Config::new();
    // A host that starts with a slash is the folder of a socket.
    config.host(&settings.host).port(settings.port).user(&settings.user);
    config.dbname(&settings.database).application_name("flaglake").ssl_mode(mode);
    if let Some(password) = password::find(settings) {
        config.password(password.expose_secret());
    }
    config
}

/// Why a connection was not made.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server did not answer in time.
    Slow,
    /// The server refused, or could not be reached.
    Server(tokio_postgres::Error),
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Failure::Server(error)
    }
}

/// Whether another mode of encryption may work: the server refuses this one, or speaks no TLS.
fn is_about_encryption(error: &Failure) -> bool {
    let Failure::Server(error) = error else { return false };
    error.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION)
        || error.to_string().contains("TLS")
}

/// The error of a server that refused or could not be reached.
pub(super) fn failed(schema: &Schema, error: &Failure) -> Error {
    match error {
        Failure::Slow => refused(
            schema,
            &format!("the server did not answer within {} s", schema.0.connect_timeout.as_secs()),
            "is it running, and may this machine reach it? PGCONNECT_TIMEOUT sets the time",
        ),
        Failure::Server(error) => refused(schema, &words(error), hint(error)),
    }
}

/// The error of a statement.
pub(super) fn broken(schema: &Schema, error: &tokio_postgres::Error) -> Error {
    refused(schema, &words(error), hint(error))
}

/// `output_failed` for a schema.
pub(super) fn refused(schema: &Schema, reason: &str, hint: &str) -> Error {
    Error::output(schema.to_string(), reason).resource(schema.to_string()).hint(hint)
}

/// What the server said; its details are left out, because they quote rows.
fn words(error: &tokio_postgres::Error) -> String {
    if let Some(said) = error.as_db_error() {
        return format!("{} (SQLSTATE {})", said.message(), said.code().code());
    }
    let cause = error.source().map(|cause| format!(": {cause}"));
    format!("{error}{}", cause.unwrap_or_default())
}

fn hint(error: &tokio_postgres::Error) -> &'static str {
    let Some(code) = error.code() else {
        let words = words(error);
        return if words.contains("password") {
            ACCESS
        } else if words.contains("TLS") || words.contains("certificate") {
            "`sslmode` and `sslrootcert` say how the connection is encrypted and verified"
        } else {
            "is the server running, and may this machine reach it?"
        };
    };
    match *code {
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => ACCESS,
        SqlState::INVALID_CATALOG_NAME => "create the database first: `createdb`",
        SqlState::INSUFFICIENT_PRIVILEGE => {
            "the user needs CREATE on the database or the schema, and owns flaglake's tables"
        }
        SqlState::LOCK_NOT_AVAILABLE => {
            "another run or another program holds a lock: wait for it to end, or raise `--busy-timeout`"
        }
        SqlState::DISK_FULL => "the server's disk is full: make room, and run again",
        SqlState::READ_ONLY_SQL_TRANSACTION => "the server only allows reading: name the primary",
        _ => "nothing was published, and the previous data is unchanged: run again",
    }
}

/// Runs `work` on a thread with a runtime of its own, for callers that are not asynchronous.
pub(super) fn blocking<T: Send, F: Future<Output = Result<T>>>(
    work: impl FnOnce() -> F + Send,
) -> Result<T> {
    let bug = |what: &str| Error::new(Kind::Internal, format!("could not connect: {what}"));
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let mut builder = tokio::runtime::Builder::new_current_thread();
            let runtime = builder.enable_all().build().map_err(|error| bug(&error.to_string()))?;
            let outcome = runtime.block_on(work());
            runtime.shutdown_background();
            outcome
        });
        thread.join().unwrap_or_else(|_| Err(bug("the thread stopped")))
    })
}
