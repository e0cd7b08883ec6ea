//! References to flags in code as they were.

use serde_json::Value;

use super::Moment;
use crate::account::{Account, Project};
use crate::lists::code_references::{answered, of_deleted_flag, of_flag};

/// The answer about a project's flags. Code that mentions a flag was committed with the flag, until
/// the commit of which the answer tells today.
pub(super) fn as_of(moment: Moment, today: &Account, then: &Project) -> String {
    let known = then.flags.iter().filter_map(|flag| {
        let references = of_flag(today, then, flag)?;
        Some((
            flag.key.clone(),
            dated(
                references,
                |last_ms| {
                    if moment.has_seen(last_ms) { last_ms } else { flag.created_ms }
                },
            ),
        ))
    });
    let deleted = today.project(&then.key).and_then(|project| of_deleted_flag(today, project));
    let deleted =
        deleted.map(|(key, references)| (key, dated(references, |last_ms| moment.daily(last_ms))));
    answered(&then.key, known.chain(deleted).collect())
}

/// The references with other times of their latest commits.
fn dated(mut references: Value, time: impl Fn(i64) -> i64) -> Value {
    for reference in references.as_array_mut().into_iter().flatten() {
        let latest = &mut reference["latestCommitTime"];
        if let Some(last_ms) = latest.as_i64() {
            *latest = time(last_ms).into();
        }
    }
    references
}
