//! `status_since`: the time since which all runs have seen the same status.

use fake_launchdarkly::Family;

use crate::history::{PROJECT, account, change, flag, flag_key, starts};
use crate::support::{Run, rows};

#[test]
fn a_status_has_been_seen_since_the_first_run_that_saw_it() {
    let run = account();
    run.extract(&[]);
    let since = |run: &Run| {
        let sql = format!(
            "SELECT status_since FROM flag_statuses WHERE project_key = '{PROJECT}'
             AND flag_key = '{}' AND environment_key = 'production'",
            flag_key(run)
        );
        rows(&run.database(), &sql).remove(0)
    };
    run.extract(&[]);
    assert_eq!(since(&run), starts(&run)[0], "the status is the same, so the time is kept");
    change(&run, |account| {
        let state = flag(account).environments.get_mut("production").unwrap();
        state.status.as_mut().unwrap().default = Some("\"another\"".into());
    });
    run.extract(&[]);
    assert_eq!(since(&run), starts(&run)[0], "something else changed");
    change(&run, |account| {
        let state = flag(account).environments.get_mut("production").unwrap();
        state.status.as_mut().unwrap().name = "changed".into();
    });
    run.extract(&[]);
    assert_eq!(since(&run), starts(&run)[3], "the status changed");
    run.server.behave(|behaviour| {
        behaviour.refused.extend([Family::FlagStatuses, Family::FlagStatus].map(|one| (one, 404)));
    });
    run.extract(&[]);
    run.server.behave(|behaviour| behaviour.refused.clear());
    run.extract(&[]);
    assert_eq!(
        since(&run),
        starts(&run)[3],
        "a run that could not read statuses does not reset the time"
    );
    let sql = "SELECT count(*) FROM flag_statuses WHERE status_since IS NULL";
    assert_eq!(run.value::<i64>(sql), 0);
}

#[test]
fn a_flag_created_again_starts_a_new_status_since() {
    let run = account();
    run.extract(&[]);
    let now = jiff::Timestamp::now().as_millisecond();
    change(&run, |account| flag(account).created_ms = now);
    run.extract(&[]);
    let sql = format!(
        "SELECT count(*) FROM flag_statuses JOIN latest_extraction
         WHERE project_key = '{PROJECT}' AND flag_key = '{}' AND status_since < started_at",
        flag_key(&run)
    );
    assert_eq!(run.value::<i64>(&sql), 0);
    let others =
        "SELECT count(*) FROM flag_statuses JOIN latest_extraction WHERE status_since < started_at";
    assert!(run.value::<i64>(others) > 0);
}
