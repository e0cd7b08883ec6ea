//! The failures that a user may be able to remedy.

/// Why something failed, as far as the advice to the user depends on it.
///
/// The advice names options, which only the command knows: see [`Advise`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble<'a> {
    /// There is no access token.
    NoToken,
    /// The file with the access token cannot be read.
    TokenFile,
    /// LaunchDarkly does not accept the access token.
    TokenRefused,
    /// The access token is valid, but it does not permit a request.
    NotPermitted {
        /// The resource that was requested.
        resource: &'a str,
        /// The action that the token's role must allow; empty where none is documented.
        permission: &'a str,
    },
    /// The retries of a request are used up by answers with status 429.
    RateLimited,
    /// No connection to LaunchDarkly, or one that broke.
    Unreachable,
    /// Connecting, or waiting for the next bytes, took too long.
    NetworkTimeout,
    /// One attempt took too long as a whole.
    AttemptTimeout,
    /// An answer is larger than the largest that is accepted.
    TooLarge,
    /// A proxy, a firewall or a login page seems to answer in place of LaunchDarkly.
    AnotherAnswers,
    /// A proxy requires a user name and a password.
    ProxyPassword,
    /// The link to the next page leads to another host, or back to the same page.
    WrongLink,
}

/// Turns a failure into advice for the user. A command gives it to [`super::Client::new`].
pub type Advise = fn(Trouble<'_>) -> String;
