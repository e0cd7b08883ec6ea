//! The settings of views and scorecards that are not numbers for everything: patterns, rules, and
//! thresholds of single projects.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::model::table::{Column, Table};

/// Patterns of the keys of critical environments.
pub const CRITICAL_ENVIRONMENTS: &str = "critical_environments";
/// Patterns of the tags of flags that are not judged.
pub const EXEMPT_TAGS: &str = "exempt_tags";
/// How the team of a flag is found that only a member maintains.
pub const TEAM_RULE: &str = "team_rule";
/// The values of [`TEAM_RULE`].
pub const TEAM_RULES: [&str; 3] = ["smallest_team", "most_flags", "maintainer_only"];

/// One value of a setting.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Setting {
    /// Its name: one of the above, or that of a threshold.
    pub name: String,
    /// The project that it applies to; empty for all.
    pub project_key: String,
    /// The position of the value among those of the setting.
    pub position: i64,
    /// The value.
    pub value: String,
}

/// The thresholds and settings of a configuration file. What it does not name is as by default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scorecards {
    /// The settings.
    pub settings: Vec<Setting>,
    /// The thresholds of all projects.
    pub thresholds: BTreeMap<&'static str, f64>,
}

impl Scorecards {
    /// Adds one value.
    pub fn push(&mut self, name: &str, project_key: &str, position: i64, value: String) {
        let (name, project_key) = (name.to_owned(), project_key.to_owned());
        self.settings.push(Setting { name, project_key, position, value });
    }

    /// Writes all to the tables in `schema`, which exist. Rows that are already there are not
    /// written again.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn write(&self, connection: &Connection, schema: &str) -> rusqlite::Result<()> {
        let sql = format!(
            "UPDATE {schema}.scorecard_thresholds SET value = coalesce(?2, default_value)
             WHERE threshold = ?1 AND value IS NOT coalesce(?2, default_value)"
        );
        let mut statement = connection.prepare(&sql)?;
        for one in super::thresholds::ALL {
            statement.execute(params![one.name, self.thresholds.get(one.name)])?;
        }
        if Self::read(connection, schema)? == self.sorted() {
            return Ok(());
        }
        connection.execute(&format!("DELETE FROM {schema}.scorecard_settings"), [])?;
        let sql = format!("INSERT INTO {schema}.scorecard_settings VALUES (?1, ?2, ?3, ?4)");
        let mut statement = connection.prepare(&sql)?;
        for one in &self.settings {
            statement.execute(params![one.name, one.project_key, one.position, one.value])?;
        }
        Ok(())
    }

    /// The settings in the order of their key.
    fn sorted(&self) -> Vec<Setting> {
        let mut settings = self.settings.clone();
        settings.sort();
        settings
    }

    /// The settings that the table has, in the order of its key.
    fn read(connection: &Connection, schema: &str) -> rusqlite::Result<Vec<Setting>> {
        let sql = format!("SELECT * FROM {schema}.scorecard_settings ORDER BY 1, 2, 3");
        let mut statement = connection.prepare(&sql)?;
        let rows = statement.query_map([], |row| {
            let (name, project_key) = (row.get(0)?, row.get(1)?);
            Ok(Setting { name, project_key, position: row.get(2)?, value: row.get(3)? })
        })?;
        rows.collect()
    }
}

/// The table `scorecard_settings`.
#[derive(Debug)]
pub struct SettingTable;

impl Table for SettingTable {
    type Row<'a> = &'a Setting;
    const NAME: &'static str = "scorecard_settings";
    const DOC: &'static str = "One row per value of a setting of the views and scorecards: `critical_environments` (patterns of the keys of critical environments), `exempt_tags` (patterns of the tags of flags that are not judged), `team_rule` (`smallest_team`, `most_flags` or `maintainer_only`, see `flag_facts`), or a threshold of a single project. You may change the rows, and later runs without a configuration file keep them.";
    const KEY: &'static [&'static str] = &["setting", "project_key", "position"];
    const CHECK: Option<&'static str> = Some(
        "value <> '' AND (setting <> 'team_rule' OR project_key = '' AND position = 0 AND value IN ('smallest_team', 'most_flags', 'maintainer_only'))",
    );
    const COLUMNS: &'static [Column<Self>] = &[
        Column::text("setting", "-", "Name of the setting, or of a threshold.", |row| &row.name),
        Column::text(
            "project_key",
            "-",
            "Key of the project that it applies to; empty for all projects. A project's own patterns of critical environments replace those of all projects.",
            |row| &row.project_key,
        ),
        Column::int(
            "position",
            "-",
            "Position of the value among those of the setting, from 0.",
            |row| row.position,
        ),
        Column::text(
            "value",
            "-",
            "The value: a pattern in which `*` stands for any text and `?` for one character, a rule, or a number.",
            |row| &row.value,
        ),
    ];
}

/// Writes the thresholds, and those of the configuration file if there is one, to the tables in
/// `schema`, which exist.
///
/// # Errors
/// When the database refuses.
pub fn write(
    connection: &Connection,
    schema: &str,
    scorecards: Option<&Scorecards>,
) -> rusqlite::Result<()> {
    super::thresholds::write(connection, schema)?;
    scorecards.map_or(Ok(()), |scorecards| scorecards.write(connection, schema))
}

/// Records what is in force in the tables of `schema` for the newest extraction in `main`. Returns
/// the number of rows.
///
/// # Errors
/// When the database refuses.
pub fn record(connection: &Connection, schema: &str) -> rusqlite::Result<usize> {
    let sql = format!(
        "INSERT INTO main.extraction_settings
         SELECT extraction_id, setting, project_key, position, value
         FROM (SELECT extraction_id FROM main.extractions WHERE is_latest) CROSS JOIN (
             SELECT threshold AS setting, '' AS project_key, 0 AS position, printf('%.15g', value) AS value
             FROM {schema}.scorecard_thresholds
             UNION ALL
             SELECT setting, project_key, position, value FROM {schema}.scorecard_settings
         ) WHERE TRUE
         ORDER BY 1, 2, 3, 4
         ON CONFLICT DO UPDATE SET value = excluded.value"
    );
    connection.execute(&sql, [])
}

/// Writes the thresholds and settings that were in force in an extraction to the tables in `main`,
/// which exist. What the extraction does not have is as by default.
///
/// # Errors
/// When the database refuses.
pub fn restore(connection: &Connection, extraction_id: &str) -> rusqlite::Result<()> {
    super::thresholds::write(connection, "main")?;
    let in_force = "SELECT setting, project_key, position, value FROM main.extraction_settings
                    WHERE extraction_id = ?1";
    let sql = format!(
        "UPDATE main.scorecard_thresholds AS threshold SET value = CAST(in_force.value AS REAL)
         FROM ({in_force}) AS in_force WHERE project_key = '' AND setting = threshold.threshold"
    );
    connection.execute(&sql, [extraction_id])?;
    let sql = format!(
        "INSERT INTO main.scorecard_settings SELECT * FROM ({in_force})
         WHERE project_key <> '' OR setting NOT IN (SELECT threshold FROM main.scorecard_thresholds)"
    );
    connection.execute(&sql, [extraction_id]).map(drop)
}
