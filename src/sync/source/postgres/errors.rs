//! The errors of a source on a server.

use tokio_postgres::{Client, Error as Failed};

use crate::Error;
use crate::model::table::postgres::quoted;
use crate::postgres::reading;
use crate::postgres::session::{Failure, hint, words};
use crate::postgres::settings::Settings;
use crate::sync::source::unreadable;

/// The schema that the address names, as SQL.
pub(super) fn search_path(settings: &Settings) -> Option<String> {
    settings.schema.as_deref().map(quoted)
}

/// The error of a connection that was not made.
pub(super) fn not_connected(settings: &Settings, failure: &Failure) -> Error {
    let error = unreadable(&settings.address(), failure.reason());
    match failure.hint() {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// The error of a statement, or of a connection that was lost.
pub(super) fn failed(settings: &Settings, error: &Failed) -> Error {
    let unread = unreadable(&settings.address(), words(error));
    match hint(error).or_else(|| reading::hint(error)) {
        Some(hint) => unread.hint(hint),
        None => unread,
    }
}

/// The error of a query that the server refuses, with the table that may be meant.
pub(super) async fn refused(
    client: &Client,
    settings: &Settings,
    query: &str,
    error: &Failed,
) -> Error {
    let refused = failed(settings, error);
    let search_path = search_path(settings);
    match reading::advice(client, search_path.as_deref(), query, error).await {
        Some(hint) => refused.hint(hint),
        None => refused,
    }
}

/// The error of a table that does not exist.
pub(super) async fn unknown_table(client: &Client, settings: &Settings, name: &str) -> Error {
    let error = unreadable(&settings.address(), format!("there is no table `{name}`"));
    let search_path = search_path(settings);
    match reading::meant(client, search_path.as_deref(), name).await {
        Some(name) => error.hint(format!("did you mean `{name}`?")),
        None => error.hint(
            "`--table` is read as in SQL: quote a name with capitals, and name the schema \
             (`SCHEMA.NAME`) where the search path does not have it",
        ),
    }
}
