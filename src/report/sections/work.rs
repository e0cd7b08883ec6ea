//! The work list: flags that can be cleaned up, with what to do, who does it, and what to look at
//! first.

use rusqlite::{Connection, Row};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::extraction::Extraction;
use crate::destinations::address::quoted;
use crate::report::columns::rows;
use crate::report::words::shortened;

/// The characters of a value that people are shown.
const MOST_CHARACTERS: usize = 200;

/// A flag that can be cleaned up.
#[derive(Clone, Debug, Serialize)]
pub struct Work {
    /// Key of the project.
    pub project_key: String,
    /// Key of the flag.
    pub flag_key: String,
    /// Name of the flag.
    pub name: Option<String>,
    /// What to do.
    pub step: Step,
    /// The owner: key of the team or ID of the member that maintains it; none if nobody does.
    pub owner: Option<String>,
    /// The owner's name for people.
    pub owner_name: String,
    /// The verdict on that step: `safe`, `caution`, `blocked` or `unknown`.
    pub verdict: String,
    /// The reasons against it, as in `removal_verdicts`.
    pub reasons: Vec<String>,
    /// The value that every critical environment serves, as JSON; none if they serve several.
    pub value: Option<String>,
    /// The repositories whose code mentions it.
    pub repositories: Vec<String>,
    /// The places in code that mention it, as far as known.
    pub places: Vec<Place>,
    /// Whole days since it was created.
    pub age_days: i64,
}

/// A place in code that mentions a flag.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Place {
    /// Name of the repository.
    pub repository: String,
    /// Path of the file.
    pub path: String,
    /// The line at which the place begins.
    pub line: i64,
    /// Its address; none if the repository has no template for addresses.
    pub url: Option<String>,
}

impl Place {
    /// The place in words: `shop: src/cart.rs:12`.
    pub fn shown(&self) -> String {
        format!("{}: {}:{}", self.repository, self.path, self.line)
    }
}

/// What to do with a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Replace it in code by the value that it serves.
    RemoveFromCode,
    /// Archive it.
    Archive,
    /// Find out whether code mentions it.
    CheckCode,
}

impl Step {
    /// The step in words.
    pub const fn words(self) -> &'static str {
        match self {
            Step::RemoveFromCode => "remove from code",
            Step::Archive => "archive",
            Step::CheckCode => "look for it in code",
        }
    }

    /// Its name in the JSON and the CSV.
    pub const fn name(self) -> &'static str {
        match self {
            Step::RemoveFromCode => "remove_from_code",
            Step::Archive => "archive",
            Step::CheckCode => "check_code",
        }
    }

    /// Why a flag is at this step.
    pub const fn conditions(self) -> &'static str {
        match self {
            Step::RemoveFromCode => "launched in every critical environment, and still in code",
            Step::Archive => "inactive in every critical environment, and not in code",
            Step::CheckCode => "ready but for code references, which were not read",
        }
    }

    fn parse(text: &str) -> Self {
        let all = [Step::RemoveFromCode, Step::Archive];
        all.into_iter().find(|step| step.name() == text).unwrap_or(Step::CheckCode)
    }
}

#[cfg(test)]
impl Work {
    /// A flag that is safe to archive.
    pub(in crate::report) fn example() -> Self {
        Work {
            project_key: "shop".to_owned(),
            flag_key: "flag".to_owned(),
            name: None,
            step: Step::Archive,
            owner: Some("team".to_owned()),
            owner_name: "Team".to_owned(),
            verdict: "safe".to_owned(),
            reasons: Vec::new(),
            value: None,
            repositories: Vec::new(),
            places: Vec::new(),
            age_days: 100,
        }
    }
}

impl Work {
    /// The command that archives it, in the account of `extraction`. With the output, it refuses the
    /// token of another account.
    pub fn archive_command(&self, extraction: &Extraction) -> String {
        let [project, key] = [&self.project_key, &self.flag_key].map(|key| quoted(key));
        let options = extraction.options();
        format!("flaglake flags archive --project {project} {key}{options}{}", extraction.input)
    }

    /// The command that ends the work on it; none where something else must be done first.
    pub fn command(&self, extraction: &Extraction) -> Option<String> {
        let is_ready = self.step == Step::Archive && self.verdict == "safe";
        is_ready.then(|| self.archive_command(extraction))
    }

    /// The reasons in words.
    pub fn shown_reasons(&self) -> String {
        let reasons: Vec<_> = self.reasons.iter().map(|reason| reason.replace('_', " ")).collect();
        reasons.join(", ")
    }

    /// The value that stays, for people: a large one is shortened.
    pub fn shown_value(&self) -> Option<String> {
        self.value.as_deref().map(|value| shortened(value, MOST_CHARACTERS))
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Work {
            project_key: row.get(0)?,
            flag_key: row.get(1)?,
            step: Step::parse(&row.get::<_, String>(2)?),
            owner: row.get(3)?,
            owner_name: row.get(4)?,
            verdict: row.get(5)?,
            reasons: array(&row.get::<_, String>(6)?),
            value: row.get(7)?,
            repositories: array(&row.get::<_, String>(8)?),
            age_days: row.get(9)?,
            name: row.get(10)?,
            places: array(&row.get::<_, String>(11)?),
        })
    }
}

const SQL: &str = "
    WITH names AS MATERIALIZED (
        SELECT subject_kind, subject, subject_name FROM scorecards
        WHERE scorecard = 'hygiene' AND subject_kind IN ('team', 'owner')
    )
    SELECT
        flag.project_key, flag.flag_key,
        CASE WHEN ready_for_code_removal THEN 'remove_from_code' WHEN ready_to_archive THEN 'archive'
            ELSE 'check_code' END AS step,
        coalesce(maintainer_team_key, maintainer_id, maintainer_email) AS owned_by,
        coalesce(subject_name, maintainer_team_key, maintainer_id, maintainer_email, 'nobody') AS owned_by_name,
        CASE WHEN ready_to_archive OR NOT coalesce(ready_for_code_removal, 0) AND inactive
            THEN archive_verdict ELSE code_removal_verdict END AS verdict_on_step,
        CASE WHEN ready_to_archive OR NOT coalesce(ready_for_code_removal, 0) AND inactive
            THEN archive_reasons ELSE code_removal_reasons END,
        value,
        (SELECT json_group_array(repository) FROM (
            SELECT DISTINCT repository FROM code_references AS reference
            WHERE reference.project_key = flag.project_key AND reference.flag_key = flag.flag_key
            ORDER BY 1)),
        CAST(julianday(started_at) - julianday(flag.created_at) AS INTEGER),
        nullif(flags.name, ''),
        (SELECT json_group_array(json_object('repository', repository, 'path', path, 'line', line, 'url', url)) FROM (
            SELECT repository, path, line, url FROM code_reference_files AS place
            WHERE place.project_key = flag.project_key AND place.flag_key = flag.flag_key
            ORDER BY repository, path, line))
    FROM flag_judgements AS flag
    CROSS JOIN latest_extraction
    JOIN flags USING (project_key, flag_key)
    JOIN removal_verdicts USING (project_key, flag_key)
    LEFT JOIN forward_values USING (project_key, flag_key)
    LEFT JOIN names
        ON subject = coalesce(maintainer_team_key, maintainer_id, maintainer_email)
        AND subject_kind = CASE WHEN maintainer_team_key IS NULL THEN 'owner' ELSE 'team' END
    WHERE ready_for_code_removal OR ready_to_archive OR code_not_checked
    ORDER BY owned_by IS NULL, owned_by,
        CASE verdict_on_step WHEN 'safe' THEN 0 WHEN 'caution' THEN 1 WHEN 'unknown' THEN 2 ELSE 3 END,
        flag.created_at, flag.project_key, flag.flag_key";

/// Reads it, owner by owner: safe flags first, then the oldest.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &Connection) -> rusqlite::Result<Vec<Work>> {
    rows(connection, SQL, Work::read)
}

/// The values of a JSON array; none if it is not one.
fn array<T: DeserializeOwned>(json: &str) -> Vec<T> {
    serde_json::from_str(json).unwrap_or_default()
}

/// The work of one owner.
#[derive(Clone, Copy, Debug)]
pub struct Share<'a> {
    /// The owner, as in [`Work`].
    pub owner: Option<&'a str>,
    /// The owner's name for people.
    pub name: &'a str,
    /// The flags.
    pub flags: &'a [Work],
}

impl Share<'_> {
    /// The owner as an argument of `--owner`, for a shell.
    pub fn argument(&self) -> String {
        quoted(self.owner.unwrap_or(self.name))
    }
}

/// The owners with the most work first; nobody comes last.
pub fn by_owner(work: &[Work]) -> Vec<Share<'_>> {
    let mut owners: Vec<_> = work
        .chunk_by(|one, next| one.owner == next.owner)
        .filter_map(|flags| {
            let first = flags.first()?;
            Some(Share { owner: first.owner.as_deref(), name: &first.owner_name, flags })
        })
        .collect();
    owners.sort_by_key(|one| (one.owner.is_none(), std::cmp::Reverse(one.flags.len()), one.name));
    owners
}
