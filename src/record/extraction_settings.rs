//! The table `extraction_settings`: the thresholds and settings that were in force. A destination
//! fills it, since the values may be those of its own tables.

use crate::model::settings::Setting;
use crate::model::table::{Column, Table};

/// The definition of the table.
#[derive(Debug)]
pub(super) struct SettingTable;

impl Table for SettingTable {
    /// The ID of the run, and the setting.
    type Row<'a> = (&'a str, &'a Setting);
    const NAME: &'static str = "extraction_settings";
    const DOC: &'static str =
        "One row per threshold and value of a setting that was in force in a published run.";
    const KEY: &'static [&'static str] = &["extraction_id", "setting", "project_key", "position"];
    const PARENTS: &'static [&'static str] = &["extractions"];
    const COLUMNS: &'static [Column<Self>] = &[
        Column::text("extraction_id", "-", "The run.", |row| row.0),
        Column::text("setting", "-", "Name of the threshold or setting.", |row| &row.1.name),
        Column::text("project_key", "-", "Key of the project; empty for all.", |row| {
            &row.1.project_key
        }),
        Column::int("position", "-", "Position of the value, from 0.", |row| row.1.position),
        Column::text("value", "-", "The number, pattern or rule.", |row| &row.1.value),
    ];
}
