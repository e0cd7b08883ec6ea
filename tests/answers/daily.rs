//! The table `project_daily`: a row for each project and day with a run.

use crate::support::{Run, rows};
use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Behaviour, Family};

fn account() -> Run {
    let size = Size {
        projects: 2,
        environments: 2,
        flags: 6,
        archived: 2,
        deprecated: 1,
        ..Size::default()
    };
    let size = Size { teams: 2, members: 6, maintainers: 2, tags: 4, ..size };
    Run::new(generated::account(size), Behaviour::default())
}

const DAY: i64 = 86_400_000;

#[test]
fn the_last_run_of_a_day_counts_and_what_is_unknown_is_null() {
    let run = account();
    run.server.change(|account| {
        // Old enough to be stale.
        for flag in account.projects.iter_mut().flat_map(|project| &mut project.flags) {
            (flag.created_ms, flag.temporary) = (flag.created_ms - 60 * DAY, true);
        }
    });
    let read = ["--resources", "core,members,code_references"];
    run.extract(&read);
    let counts =
        "SELECT project_key, live, deprecated, temporary + permanent, archived FROM project_daily";
    assert_eq!(
        rows(&run.database(), counts),
        ["\"project-000\" | 6 | 1 | 7 | 2", "\"project-001\" | 6 | 1 | 7 | 2"]
    );
    let unknown = "SELECT * FROM project_daily
         WHERE stale + stale_in_critical + unowned + ready_to_archive + ready_for_code_removal IS NULL";
    assert_eq!(rows(&run.database(), unknown), [""; 0]);
    let stale = "SELECT count(*) FROM project_daily AS daily
         WHERE stale = (SELECT count(DISTINCT flag_key) FROM stale_flags WHERE project_key = daily.project_key)";
    assert_eq!(run.value::<i64>(stale), 2);
    assert!(run.value::<i64>("SELECT sum(stale) FROM project_daily") > 0);
    run.server.change(|account| drop(account.projects[0].flags.remove(0)));
    run.server.behave(|behaviour| {
        let refused = [Family::FlagStatuses, Family::FlagStatus, Family::Members];
        behaviour.refused.extend(refused.map(|family| (family, 404)));
    });
    run.extract(&read);
    assert_eq!(rows(&run.database(), "SELECT live FROM project_daily"), ["5", "6"]);
    let sql = "SELECT count(*) FROM project_daily WHERE stale IS NULL AND stale_in_critical IS NULL AND unowned IS NULL";
    assert_eq!(run.value::<i64>(sql), 2);
    let sql = "SELECT count(*) FROM project_daily JOIN latest_extraction USING (extraction_id)";
    assert_eq!(run.value::<i64>(sql), 2);
}

#[test]
fn a_run_that_did_not_read_flags_writes_no_row() {
    let run = account();
    run.extract(&["--skip", "flags"]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM project_daily"), 0);
    run.extract(&["--project", "project-001"]);
    assert_eq!(rows(&run.database(), "SELECT project_key FROM project_daily"), ["\"project-001\""]);
}

#[test]
fn each_run_completes_the_days_before() {
    let run = account();
    run.extract(&[]);
    // Copies the newest rows to yesterday and the day before.
    let database = run.database();
    for days in [2, 1] {
        let sql = format!(
            "INSERT INTO project_daily SELECT project_key, date(day, '-{days} days'), extraction_id, live, deprecated,
                 temporary, permanent, archived, stale, stale_in_critical, ready_to_archive, ready_for_code_removal,
                 unowned, 0, 0,
                 NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM project_daily WHERE day = (SELECT max(day) FROM project_daily)");
        database.execute_batch(&sql).unwrap();
    }
    database
        .execute_batch("DELETE FROM project_daily WHERE day = (SELECT max(day) FROM project_daily)")
        .unwrap();
    drop(database);
    let midnight = jiff::Timestamp::now().as_millisecond() / DAY * DAY;
    run.server.change(|account| {
        let flags = &mut account.projects[0].flags;
        for (flag, days) in flags.iter_mut().zip([0, 1, 1, 2]) {
            flag.created_ms = midnight - days * DAY;
        }
        flags[5].archived_ms = Some(midnight - DAY + 1);
    });
    run.extract(&[]);
    // A run has seen the flag, so it counts.
    run.server.change(|account| drop(account.projects[0].flags.remove(1)));
    run.extract(&[]);
    let sql = "SELECT created, archived_that_day FROM project_daily WHERE project_key = 'project-000' ORDER BY day";
    assert_eq!(rows(&run.database(), sql), ["1 | 0", "2 | 1", "1 | 0"]);
}

/// Five days without a run, on which flags were created and archived.
#[test]
fn sums_over_days_are_those_of_the_events() {
    let run = account();
    run.extract(&[]);
    let sql =
        "UPDATE extractions SET started_at = strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-5 days');
               UPDATE project_daily SET day = date(day, '-5 days')";
    run.database().execute_batch(sql).unwrap();
    let now = jiff::Timestamp::now().as_millisecond();
    run.server.change(|account| {
        let flags = &mut account.projects[0].flags;
        for (flag, days) in flags.iter_mut().zip([0, 2, 2, 4, 5]) {
            flag.created_ms = now - days * DAY;
        }
        flags[1].archived_ms = Some(now - DAY);
        flags[3].archived_ms = Some(now);
    });
    run.extract(&[]);
    let sql = "SELECT julianday(date('now')) - julianday(day), created, archived_that_day, live
               FROM project_daily WHERE project_key = 'project-000' AND created + archived_that_day > 0 ORDER BY day";
    let days =
        ["5 | 1 | 0 | 6", "4 | 1 | 0 | 6", "2 | 2 | 0 | 6", "1 | 0 | 1 | 6", "0 | 1 | 1 | 4"];
    assert_eq!(rows(&run.database(), sql), days);
    // Sums over projects hold on each day.
    let sql = "SELECT DISTINCT count(*) FROM project_daily GROUP BY day";
    assert_eq!(rows(&run.database(), sql), ["2"]);
    // The published flags give the same figures.
    let sql = "SELECT (SELECT sum(created) FROM project_daily) = (
                   SELECT count(*) FROM flags WHERE created_at >= (SELECT min(day) FROM project_daily))
               AND (SELECT sum(archived_that_day) FROM project_daily) = (
                   SELECT count(*) FROM flags WHERE archived_at >= (SELECT min(day) FROM project_daily))";
    assert!(run.value::<bool>(sql));
}

#[test]
fn a_view_of_somebodys_own_with_the_name_of_ours_does_no_harm() {
    let run = account();
    run.extract(&[]);
    let figures = "SELECT project_key, stale, ready_to_archive, temporary FROM project_daily";
    let before = rows(&run.database(), figures);
    run.database()
        .execute_batch("DROP VIEW stale_flags; CREATE VIEW stale_flags AS SELECT 'mine' AS own")
        .unwrap();
    run.extract(&[]);
    assert_eq!(rows(&run.database(), figures), before);
    assert_eq!(rows(&run.database(), "SELECT own FROM stale_flags"), ["\"mine\""]);
}
