//! Wrong clocks: history keeps the order of the runs, and no time in it is after the run.

use crate::history::{PROJECT, account, agrees, change, flag, flag_key, project};
use crate::support::{Run, rows};

/// Moves all times of the earlier runs by `days`, as if their clocks had been wrong.
fn shift(run: &Run, days: &str) {
    let moved = |column: &str| {
        format!("{column} = strftime('%Y-%m-%dT%H:%M:%fZ', {column}, '{days} days')")
    };
    let mut sql =
        format!("UPDATE extractions SET {}, {};", moved("started_at"), moved("finished_at"));
    for table in flaglake::catalog::history::versions() {
        let (from, to) = (moved("valid_from"), moved("valid_to"));
        sql += &format!("UPDATE {} SET {from}, {to};", table.name);
    }
    for table in ["flag_statuses", "flag_statuses_history"] {
        sql += &format!("UPDATE {table} SET {};", moved("status_since"));
    }
    sql += &format!("UPDATE project_daily SET day = date(day, '{days} days');");
    run.database().execute_batch(&sql).unwrap();
}

/// How many versions of the first flag are valid at one time, for all times at which one begins or
/// ends, without duplicates.
fn versions_at_once(run: &Run) -> Vec<String> {
    let sql = format!(
        "WITH version AS (
             SELECT * FROM flags_history WHERE project_key = '{PROJECT}' AND flag_key = '{}'),
         moments (moment) AS (
             SELECT valid_from FROM version UNION SELECT valid_to FROM version WHERE valid_to IS NOT NULL
             UNION SELECT started_at FROM extractions)
         SELECT DISTINCT (
             SELECT count(*) FROM version
             WHERE valid_from <= moment AND (valid_to IS NULL OR valid_to > moment))
         FROM moments WHERE moment >= (SELECT min(valid_from) FROM version)",
        flag_key(run)
    );
    rows(&run.database(), &sql)
}

const LATE_STATUSES: &str = "SELECT count(*) FROM flag_statuses JOIN latest_extraction
                             WHERE status_since IS NULL OR status_since > started_at";

#[test]
fn a_run_after_one_whose_clock_was_years_ahead_comes_after_it() {
    let run = account();
    run.extract(&[]);
    shift(&run, "+1095");
    for number in 0..3 {
        change(&run, |account| {
            flag(account).name = format!("renamed {number}");
            let state = flag(account).environments.get_mut("production").unwrap();
            state.status.as_mut().unwrap().name = format!("changed {number}");
            drop(project(account).flags.pop());
        });
        run.extract(&[]);
        agrees(&run);
        assert_eq!(run.value::<i64>(LATE_STATUSES), 0);
    }
    assert_eq!(versions_at_once(&run), ["1"]);
    let names = format!(
        "SELECT name FROM flags_history WHERE flag_key = '{}' AND project_key = '{PROJECT}'
         ORDER BY valid_from LIMIT 3 OFFSET 1",
        flag_key(&run)
    );
    let expected = [0, 1, 2].map(|number| format!("\"renamed {number}\""));
    assert_eq!(rows(&run.database(), &names), expected, "each run that saw a change has a version");
    let early = "SELECT count(*) FROM flags_history WHERE extraction_id > (SELECT min(extraction_id) FROM extractions)
                 AND valid_from <= (SELECT max(started_at) FROM extractions)";
    assert_eq!(run.value::<i64>(early), 0);
}

#[test]
fn unread_statuses_are_not_dated_after_the_run() {
    let run = account();
    run.extract(&[]);
    shift(&run, "+1095");
    run.extract(&["--skip", "flag_statuses"]);
    assert!(run.value::<i64>("SELECT count(*) FROM flag_statuses") > 0);
    assert_eq!(run.value::<i64>(LATE_STATUSES), 0);
}

#[test]
fn a_clock_that_is_right_again_finds_what_was_known_before() {
    let run = account();
    run.extract(&[]);
    // The clocks of the runs disagree: the first says years ago, the second a time between, the
    // third now.
    shift(&run, "-1095");
    let first = rows(&run.database(), "SELECT started_at FROM extractions").remove(0);
    run.extract(&[]);
    shift(&run, "-1");
    run.extract(&[]);
    let since = rows(&run.database(), "SELECT DISTINCT status_since FROM flag_statuses");
    assert_eq!(since, ["\"".to_owned() + &moved(&run, &first) + "\""]);
}

#[test]
fn a_clock_that_is_ahead_once_does_not_forget_history() {
    let run = account();
    run.extract(&[]);
    change(&run, |account| flag(account).name = "renamed".into());
    run.extract(&[]);
    let closed = "SELECT count(*) FROM flags_history WHERE valid_to IS NOT NULL";
    // The next run's clock is three years ahead of the earlier runs.
    shift(&run, "-1095");
    let ended = run.extract(&["--history-retention", "1d"]);
    assert!(ended.stderr.contains("`--history-retention`"), "{}", ended.stderr);
    assert_eq!(run.value::<i64>(closed), 1);
    shift(&run, "-30");
    let ended = run.extract(&["--history-retention", "365d"]);
    assert!(!ended.stderr.contains("`--history-retention`"), "{}", ended.stderr);
    assert_eq!(run.value::<i64>(closed), 0, "the clock is right: a month may pass between runs");
}

/// The time one day before another.
fn moved(run: &Run, moment: &str) -> String {
    run.value(&format!(
        "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', '{}', '-1 days')",
        moment.trim_matches('"')
    ))
}
