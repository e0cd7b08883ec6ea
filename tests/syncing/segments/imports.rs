//! Imports of big segments.

use fake_launchdarkly::{Answer, Writes};

use crate::setup::{
    SYNC_SEGMENT, big_members, count, create_big_segment, kill_when_held, many, place, script, set,
    summary, sync, synced, write, write_users, writes,
};
use crate::support::Run;

const BIG: &[&str] = &["--kind", "big"];
pub const IMPORTS: &str = "/api/v2/segments/web/production/beta/imports";

fn filled(switches: Writes) -> Run {
    let run = place();
    create_big_segment(&run);
    run.server.behave(|behaviour| behaviour.writes = switches);
    write_users(&run, many(0..5_001));
    run
}

#[test]
fn a_run_that_is_killed_during_an_import_is_continued() {
    for answer in [Answer::Hold, Answer::Hang] {
        let run = filled(Writes::default());
        script(&run, IMPORTS, 0, answer);
        kill_when_held(&run, SYNC_SEGMENT, BIG);
        // The import that was started ends by itself.
        run.server.behave(|behaviour| behaviour.writes.import_polls = 1);
        let first = sync(&run, SYNC_SEGMENT, BIG);
        if first.status != 0 {
            first.failed(12, "guarded");
        }
        write_users(&run, many(1..5_001));
        synced(&run, SYNC_SEGMENT, BIG);
        assert_eq!(big_members(&run), many(1..5_001).collect());
    }
}

#[test]
fn a_lost_answer_to_an_import_is_made_good() {
    let run = filled(Writes::default());
    script(&run, IMPORTS, 0, Answer::Lost);
    let summary = synced(&run, SYNC_SEGMENT, BIG);
    assert_eq!(count(&summary, "added"), 5_001);
    assert_eq!(big_members(&run).len(), 5_001);
}

#[test]
fn an_import_that_stops_or_waits_for_approval_is_an_error() {
    let stopped = Writes { stopped_imports: Some(1), ..Writes::default() };
    let waiting = Writes { imports_need_approval: true, ..Writes::default() };
    for (switches, status, code) in
        [(stopped, 7, "unexpected_response"), (waiting, 10, "approval_required")]
    {
        let run = filled(switches);
        sync(&run, SYNC_SEGMENT, BIG).failed(status, code);
        assert!(big_members(&run).is_empty());
    }
}

#[test]
fn members_of_others_stay_unless_the_mirror_is_exclusive() {
    for (more, count) in [(&[][..], 5_002), (&["--exclusive"][..], 5_001)] {
        let run = filled(Writes::default());
        write_users(&run, ["theirs"]);
        synced(&run, SYNC_SEGMENT, &["--kind", "big", "--state", "other.db"]);
        write_users(&run, many(0..5_001));
        let all = [BIG, more, &["--max-removals", "100%"]].concat();
        sync(&run, SYNC_SEGMENT, &all).succeeded();
        assert_eq!(big_members(&run).len(), count);
    }
}

#[test]
fn keys_that_a_file_cannot_carry_are_sent_one_by_one() {
    let run = filled(Writes::default());
    let awkward = ["a,b", "say \"hi\"", " blank ", "two\nlines"];
    let lines = awkward.map(|key| format!("\"{}\"\n", key.replace('"', "\"\"")));
    let plain: String = many(0..5_001).map(|key| key + "\n").collect();
    write(&run, "users.csv", format!("context_key\n{}{plain}", lines.concat()));
    let summary = synced(&run, SYNC_SEGMENT, BIG);
    assert_eq!(count(&summary, "added"), 5_005);
    let members = big_members(&run);
    assert!(set(awkward).is_subset(&members), "{:?}", members.iter().take(5).collect::<Vec<_>>());
    assert_eq!((members.len(), writes(&run).len()), (5_005, 2));
}

#[test]
fn a_count_that_lags_behind_is_waited_for() {
    let run = filled(Writes::default());
    let late = std::time::Duration::from_millis(100);
    run.server.behave(|behaviour| behaviour.writes.counts_late = late);
    let ended = sync(&run, SYNC_SEGMENT, BIG).succeeded();
    assert_eq!(summary(&ended)["foreign"], 0);
    assert!(!ended.stderr.contains("counts"), "{}", ended.stderr);
}
