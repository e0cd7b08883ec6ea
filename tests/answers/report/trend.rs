//! Trends, as `project_daily` has them.

use serde_json::Value;
use tempfile::TempDir;

use crate::report::{change, json, place};

/// Live flags on each day.
fn series(folder: &TempDir) -> Vec<Value> {
    let figures = json(folder)["headline"].as_array().unwrap().clone();
    let live = figures.into_iter().find(|figure| figure["id"] == "live_flags").unwrap();
    live["series"].as_array().unwrap().clone()
}

#[test]
fn a_day_to_which_a_wrong_clock_led_is_in_no_trend() {
    let folder = place();
    let before = series(&folder);
    assert!(before.len() > 100);
    change(
        &folder,
        "CREATE TEMP TABLE ahead AS SELECT * FROM project_daily WHERE day = '2026-11-20';
         UPDATE ahead SET day = '2027-12-25';
         INSERT INTO project_daily SELECT * FROM ahead;",
    );
    assert_eq!(series(&folder), before);
}

#[test]
fn the_past_days_of_a_deleted_project_stay() {
    let folder = place();
    let before = series(&folder);
    change(
        &folder,
        "DELETE FROM projects WHERE project_key = 'project-00';
         DELETE FROM project_daily WHERE project_key = 'project-00' AND day = '2026-11-20';",
    );
    let after = series(&folder);
    let (was, is) = (before.last().unwrap(), after.last().unwrap());
    assert_eq!(is["value"].as_i64().unwrap(), was["value"].as_i64().unwrap() - 60);
    assert_eq!(after[..after.len() - 1], before[..before.len() - 1]);
}

#[test]
fn projects_that_a_run_was_not_to_read_are_no_loss() {
    let folder = place();
    let before = series(&folder);
    change(
        &folder,
        "DELETE FROM projects WHERE project_key = 'project-00';
         DELETE FROM project_daily WHERE project_key = 'project-00' AND day = '2026-11-20';
         UPDATE extractions SET only_selected_projects = TRUE;",
    );
    let (was, is) = (before.last().unwrap(), series(&folder).pop().unwrap());
    assert_eq!(is["value"].as_i64().unwrap(), was["value"].as_i64().unwrap() - 60);
    let (was, is) = (&before[0], &series(&folder)[0]);
    assert_eq!(is["value"].as_i64().unwrap(), was["value"].as_i64().unwrap() * 11 / 12);
    let skipped = "UPDATE extractions SET only_selected_projects = FALSE;
                   INSERT INTO extraction_resources
                   SELECT extraction_id, 'flags', '', 'skipped', NULL FROM extractions";
    change(&folder, skipped);
    assert_eq!(&series(&folder)[0], is, "nor those whose flags it was not to read");
}
