//! Asks a person for consent to a change.

use std::io::{self, IsTerminal, Write};

use rustix::termios::QueueSelector;
use tokio::task::spawn_blocking;

use super::Access;
use crate::demand::consent::{self, Consent};
use crate::error::Kind;
use crate::terminal::{say, spelled_out};
use crate::{Error, Result};

/// How consent is given, besides on a terminal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given {
    /// Whether `--yes` gives it.
    pub yes: bool,
    /// Whether `--request-approval` is another way.
    pub can_request: bool,
    /// Whether messages are not wanted.
    pub quiet: bool,
}

impl Given {
    /// Shows what a change does, and asks for consent unless it was given. Returns whether a person was
    /// asked, which takes time.
    ///
    /// # Errors
    /// `approval_required` without consent; `interrupted` on a signal.
    pub async fn or_ask(self, access: &Access, consent: &Consent) -> Result<bool> {
        if !(self.yes && self.quiet) {
            show(consent);
        }
        if self.yes {
            return Ok(false);
        }
        if !has_terminal() {
            return Err(consent::missing(self.can_request));
        }
        let answer = ask(access, consent).await?;
        if consent.is_given_by(&answer) { Ok(true) } else { Err(consent::refused()) }
    }
}

/// Shows what a change does, on standard error.
pub(super) fn show(consent: &Consent) {
    consent.lines().iter().for_each(|line| say(&spelled_out(line)));
}

/// Whether a person can be asked.
pub(super) fn has_terminal() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// The answer; empty where there is none.
async fn ask(access: &Access, consent: &Consent) -> Result<String> {
    // What was typed before the question is no answer to it.
    let _ = rustix::termios::tcflush(io::stdin(), QueueSelector::IFlush);
    let mut stderr = io::stderr();
    // A closed terminal gives no answer, which is a "no".
    let _ = write!(stderr, "{}", spelled_out(&consent.prompt())).and_then(|()| stderr.flush());
    let read = spawn_blocking(|| {
        let mut answer = String::new();
        io::stdin().read_line(&mut answer).map(|_| answer)
    });
    let answer = async {
        let answer = read.await.map_err(|error| Error::new(Kind::Internal, error.to_string()))?;
        Ok(answer.unwrap_or_default())
    };
    let answer = access.read(answer).await;
    if !answer.as_ref().is_ok_and(|answer| answer.ends_with('\n')) {
        say("");
    }
    answer
}
