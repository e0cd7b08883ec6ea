//! Looks for mistakes in the settings that only the account's data shows.

use std::collections::BTreeSet;

use tracing::warn;

use crate::Result;
use crate::model::settings::Scorecards;
use crate::stage::Staged;
use crate::terminal::suggest;

/// Warns of settings for projects that the account does not have: a key may be misspelled.
///
/// # Errors
/// When the stage cannot be read.
pub(super) fn warn_of_unknown_projects(scorecards: &Scorecards, staged: &Staged) -> Result<()> {
    let mut statement = staged.connection.prepare("SELECT project_key FROM projects")?;
    let known = statement.query_map([], |row| row.get(0))?;
    let known = known.collect::<rusqlite::Result<BTreeSet<String>>>()?;
    let named = scorecards.settings.iter().map(|setting| setting.project_key.as_str());
    let named: BTreeSet<_> = named.filter(|key| !key.is_empty()).collect();
    for key in named.into_iter().filter(|key| !known.contains(*key)) {
        let hint = suggest::hint(key, known.iter().map(String::as_str));
        warn!("`[scorecards.projects.{key}]`: the account has no project `{key}`; {hint}");
    }
    Ok(())
}
