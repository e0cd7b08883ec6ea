//! The work list: flags that can be cleaned up, with what to do, who does it, and what to look at
//! first.

use rusqlite::Connection;
use serde::Serialize;
use serde_json::Value;

use crate::report::columns::rows;

/// A flag that can be cleaned up.
#[derive(Clone, Debug, Serialize)]
pub struct Work {
    /// Key of the project.
    pub project_key: String,
    /// Key of the flag.
    pub flag_key: String,
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
    /// Whole days since it was created.
    pub age_days: i64,
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

    fn parse(text: &str) -> Self {
        match text {
            "remove_from_code" => Step::RemoveFromCode,
            "archive" => Step::Archive,
            _ => Step::CheckCode,
        }
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
            THEN archive_verdict ELSE code_removal_verdict END,
        CASE WHEN ready_to_archive OR NOT coalesce(ready_for_code_removal, 0) AND inactive
            THEN archive_reasons ELSE code_removal_reasons END,
        value,
        (SELECT json_group_array(repository) FROM (
            SELECT DISTINCT repository FROM code_references AS reference
            WHERE reference.project_key = flag.project_key AND reference.flag_key = flag.flag_key
            ORDER BY 1)),
        CAST(julianday(started_at) - julianday(flag.created_at) AS INTEGER)
    FROM flag_judgements AS flag
    CROSS JOIN latest_extraction
    JOIN flags USING (project_key, flag_key)
    JOIN removal_verdicts USING (project_key, flag_key)
    LEFT JOIN forward_values USING (project_key, flag_key)
    LEFT JOIN names
        ON subject = coalesce(maintainer_team_key, maintainer_id, maintainer_email)
        AND subject_kind = CASE WHEN maintainer_team_key IS NULL THEN 'owner' ELSE 'team' END
    WHERE ready_for_code_removal OR ready_to_archive OR code_not_checked
    ORDER BY owned_by IS NULL, owned_by_name, owned_by, flag.created_at, flag.project_key, flag.flag_key";

/// Reads it, owner by owner, the oldest flags first.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &Connection) -> rusqlite::Result<Vec<Work>> {
    rows(connection, SQL, |row| {
        Ok(Work {
            project_key: row.get(0)?,
            flag_key: row.get(1)?,
            step: Step::parse(&row.get::<_, String>(2)?),
            owner: row.get(3)?,
            owner_name: row.get(4)?,
            verdict: row.get(5)?,
            reasons: texts(&row.get::<_, String>(6)?),
            value: row.get(7)?,
            repositories: texts(&row.get::<_, String>(8)?),
            age_days: row.get(9)?,
        })
    })
}

/// The texts of a JSON array.
fn texts(json: &str) -> Vec<String> {
    let values: Vec<Value> = serde_json::from_str(json).unwrap_or_default();
    values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The owners with the most work first, each with the number of flags; nobody comes last.
pub fn by_owner(work: &[Work]) -> Vec<(&str, &[Work])> {
    let mut owners: Vec<_> = work
        .chunk_by(|one, next| one.owner == next.owner)
        .filter_map(|flags| Some((flags.first()?.owner_name.as_str(), flags)))
        .collect();
    owners.sort_by_key(|(_, flags)| {
        let is_nobody = flags.iter().all(|flag| flag.owner.is_none());
        (is_nobody, std::cmp::Reverse(flags.len()))
    });
    owners
}
