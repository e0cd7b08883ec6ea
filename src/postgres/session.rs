//! A connection to the server.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::config::SslMode as Encryption;
use tokio_postgres::error::SqlState;
use tokio_postgres::{CancelToken, Client, Config};
use tracing::debug;

use super::password;
use super::settings::{Settings, SslMode};
use super::tls::{HandshakeFailed, Tls};
use crate::error::Kind;
use crate::system::interrupt::Interrupt;
use crate::{Error, Result};

/// Longest time to tell the server that a statement is not needed any more.
const CANCEL: Duration = Duration::from_secs(2);

/// The advice if the server does not let the user in.
const ACCESS: &str = "the password comes from `--postgres-password-file`, PGPASSWORD or ~/.pgpass; \
                      may the user connect to this database?";

/// The advice if the connection cannot be encrypted.
const ENCRYPTION: &str =
    "`sslmode` and `sslrootcert` say how the connection is encrypted and verified";

/// A connection, and the task that moves its bytes.
pub(crate) struct Session {
    pub client: Client,
    cancel: CancelToken,
    tls: Tls,
    driver: JoinHandle<()>,
}

impl Session {
    /// Connects to a database.
    pub(crate) async fn open(settings: &Settings) -> Result<Self, Failure> {
        let tls = Tls::new(settings).map_err(Failure::Roots)?;
        let mut last = Failure::Unencrypted;
        for mode in attempts(settings) {
            match Session::attempt(settings, *mode, tls.clone()).await {
                Err(failure) if failure.is_about_encryption() => last = failure,
                outcome => return outcome,
            }
        }
        Err(last)
    }

    async fn attempt(settings: &Settings, mode: Encryption, tls: Tls) -> Result<Self, Failure> {
        let config = config(settings, mode);
        let limit = settings.connect_timeout;
        let connecting = timeout(limit, config.connect(tls.clone())).await;
        let (client, connection) = connecting.map_err(|_| Failure::Slow(limit))??;
        let driver = tokio::spawn(async move {
            if let Err(error) = connection.await {
                debug!(%error, "The connection to PostgreSQL ended.");
            }
        });
        Ok(Session { cancel: client.cancel_token(), client, tls, driver })
    }

    /// Does `work`. If the process is told to end, the server is told, too.
    pub(crate) async fn or<T>(
        &self,
        interrupt: &Interrupt,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let outcome = interrupt.or(work).await;
        if outcome.as_ref().is_err_and(|error| error.kind() == Kind::Interrupted) {
            self.cancel().await;
        }
        outcome
    }

    /// Tells the server that the rest of a result is not needed.
    pub(crate) async fn cancel(&self) {
        let _ = timeout(CANCEL, self.cancel.cancel_query(self.tls.clone())).await;
    }

    /// Ends the connection in order.
    pub(crate) async fn close(self) {
        drop(self.client);
        let _ = timeout(CANCEL, self.driver).await;
    }
}

/// The modes to try, one after the other.
fn attempts(settings: &Settings) -> &'static [Encryption] {
    if settings.is_socket() {
        return &[Encryption::Disable];
    }
    match settings.ssl_mode {
        SslMode::Disable => &[Encryption::Disable],
        SslMode::Allow => &[Encryption::Disable, Encryption::Require],
        SslMode::Prefer => &[Encryption::Prefer, Encryption::Disable],
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => &[Encryption::Require],
    }
}

fn config(settings: &Settings, mode: Encryption) -> Config {
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
pub(crate) enum Failure {
    /// The root certificates cannot be used; the reason.
    Roots(String),
    /// No way to encrypt was tried.
    Unencrypted,
    /// The server did not answer in this time.
    Slow(Duration),
    /// The server refused, or could not be reached.
    Server(tokio_postgres::Error),
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Failure::Server(error)
    }
}

impl Failure {
    /// Whether another mode of encryption may work: the server refuses this one, or its handshake
    /// failed.
    fn is_about_encryption(&self) -> bool {
        let Failure::Server(error) = self else { return false };
        error.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION)
            || cause_is::<HandshakeFailed>(error)
    }

    /// The reason for people.
    pub(crate) fn reason(&self) -> String {
        match self {
            Failure::Roots(reason) => reason.clone(),
            Failure::Unencrypted => "there is no way to connect".to_owned(),
            Failure::Slow(limit) => {
                format!("the server did not answer within {} s", limit.as_secs())
            }
            Failure::Server(error) => words(error),
        }
    }

    /// What to do about it.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Failure::Roots(_) => "`sslrootcert` names a file with certificates in PEM form",
            Failure::Unencrypted => ENCRYPTION,
            Failure::Slow(_) => {
                "is it running, and may this machine reach it? PGCONNECT_TIMEOUT sets the time"
            }
            Failure::Server(error) => return hint(error),
        })
    }
}

/// What the server said; its details are left out, because they quote rows.
pub(crate) fn words(error: &tokio_postgres::Error) -> String {
    if let Some(said) = error.as_db_error() {
        return format!("{} (SQLSTATE {})", said.message(), said.code().code());
    }
    let cause = error.source().map(|cause| format!(": {cause}"));
    format!("{error}{}", cause.unwrap_or_default())
}

/// What to do about an error of the connection; `None` for one of a statement.
pub(crate) fn hint(error: &tokio_postgres::Error) -> Option<&'static str> {
    let Some(code) = error.code() else { return Some(hint_of_cause(error)) };
    match *code {
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => Some(ACCESS),
        SqlState::INVALID_CATALOG_NAME => Some("create the database first: `createdb`"),
        _ => None,
    }
}

/// The server has sent no error. What is left besides the network and the handshake is a server
/// without TLS, and a password that is missing.
fn hint_of_cause(error: &tokio_postgres::Error) -> &'static str {
    if cause_is::<HandshakeFailed>(error) {
        ENCRYPTION
    } else if error.is_closed() || cause_is::<io::Error>(error) {
        "is the server running, and may this machine reach it?"
    } else {
        "a password comes from `--postgres-password-file`, PGPASSWORD or ~/.pgpass; `sslmode` says \
         whether the server must encrypt"
    }
}

fn cause_is<E: std::error::Error + 'static>(error: &tokio_postgres::Error) -> bool {
    error.source().is_some_and(<dyn std::error::Error>::is::<E>)
}

/// Runs `work` on a thread with a runtime of its own, for callers that are not asynchronous.
pub(crate) fn blocking<T: Send, F: Future<Output = Result<T>>>(
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
