//! The token, what it may read, and the server's clock. The checks are those of `flaglake check`.

use std::path::Path;

use super::finding::Finding;
use crate::cli::{CONNECTION, DoctorArguments};
use crate::commands::check::line::{Line, Outcome};
use crate::commands::check::{self, Checked};
use crate::commands::{Session, connect, hints};
use crate::launchdarkly::token::VARIABLES;
use crate::terminal::values::variable;

/// The most seconds that the clocks may differ without a remark.
const APART: u64 = 30;

/// Looks at the account.
pub(super) async fn look(arguments: &DoctorArguments) -> Vec<Finding> {
    let check = arguments.check();
    let session = match connect(&check.connection, hints::of_reading).await {
        Ok(session) => session,
        Err(error) => return vec![Finding::problem("token", error)],
    };
    let checked = check::check(&session, &check).await;
    let mut findings = Vec::from_iter(token(&session, &checked, arguments).await);
    findings.extend(permissions(checked.lines));
    findings.extend(session.client.limiter.clock_ahead().map(clock));
    findings
}

/// The line about the connection says whose token it is.
async fn token(
    session: &Session,
    checked: &Checked,
    arguments: &DoctorArguments,
) -> Option<Finding> {
    let line = checked.lines.iter().find(|line| line.name == CONNECTION)?;
    match &line.outcome {
        Outcome::Failed(error) => Some(Finding::problem("token", error.clone())),
        Outcome::Passed(text) | Outcome::Skipped(text) => {
            let identity = checked.identity.as_ref()?;
            let role = check::role(&session.client, identity).await;
            let role = role.unwrap_or_else(|| "a role that it may not read".to_owned());
            let origin = origin(arguments);
            Some(Finding::ok("token", format!("{text}, with {role}; from {origin}")))
        }
    }
}

/// Where the token comes from.
fn origin(arguments: &DoctorArguments) -> String {
    let connection = &arguments.connection;
    if connection.demo {
        return "the demo account".to_owned();
    }
    let named = connection.access_token_variable.as_deref();
    match (connection.access_token_file.as_deref(), named) {
        (Some(file), _) if file == Path::new("-") => "standard input".to_owned(),
        (Some(_), _) => "the file of `--access-token-file`".to_owned(),
        (None, Some(name)) => name.to_owned(),
        (None, None) => {
            let set = VARIABLES.into_iter().find(|name| matches!(variable(name), Ok(Some(_))));
            set.unwrap_or("nowhere").to_owned()
        }
    }
}

/// One finding for the lists that can be read, and one for each of the others.
fn permissions(lines: Vec<Line>) -> Vec<Finding> {
    let lines: Vec<_> = lines.into_iter().filter(|line| line.name != CONNECTION).collect();
    if lines.is_empty() {
        return Vec::new();
    }
    let passed = lines.iter().filter(|line| matches!(line.outcome, Outcome::Passed(_))).count();
    let text = format!("{passed} of {} resources can be read", lines.len());
    let mut findings = vec![Finding::ok("permissions", text)];
    findings.extend(lines.into_iter().filter_map(|Line { name, outcome }| match outcome {
        Outcome::Passed(_) => None,
        Outcome::Skipped(text) => {
            Some(Finding::warning("permissions", format!("{name}: {text}"), ""))
        }
        Outcome::Failed(error) => Some(Finding::problem("permissions", error)),
    }));
    findings
}

/// The difference of the clocks, from its bounds in microseconds.
fn clock((least, most): (i64, i64)) -> Finding {
    let nearest = 0.clamp(least.min(most), least.max(most));
    let seconds = nearest.unsigned_abs() / 1_000_000;
    let direction = if nearest > 0 { "behind" } else { "ahead of" };
    if seconds > APART {
        let text = format!("this machine's clock is {seconds} s {direction} the server's");
        return Finding::warning("clock", text, "set the clock, for instance by NTP");
    }
    Finding::ok("clock", format!("differs from the server's by {seconds} s, or by up to one more"))
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;

    #[test]
    fn a_clock_that_is_wrong_is_a_warning() {
        assert_eq!(clock((-400_000, 600_000)).level, Level::Ok);
        assert_eq!(clock((29_000_000, 30_000_000)).level, Level::Ok);
        let behind = clock((90_000_000, 91_000_000));
        assert_eq!(behind.level, Level::Warning);
        assert!(behind.to_text(None, false).contains("90 s behind"), "{behind:?}");
        assert!(clock((-91_000_000, -90_000_000)).to_text(None, false).contains("90 s ahead of"));
    }
}
