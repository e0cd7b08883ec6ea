//! Flags are archived and restored with the same consent.

use super::*;

const COMMENT: [&str; 2] = ["--comment", "clean-up"];

/// An account whose flag `alone` nothing speaks against.
fn with_alone() -> Run {
    run_with(|project| project.flags.push(Flag::new("alone", LONG_AGO)))
}

fn is_archived(run: &Run, flag: &str) -> bool {
    run.server
        .read(|account| account.project("web").unwrap().flag(flag).unwrap().archived_ms.is_some())
}

#[test]
fn a_flag_is_archived_and_restored() {
    let run = with_alone();
    let more = ["--yes", COMMENT[0], COMMENT[1]];
    let archived = json(&run, "flags archive alone --project web", &more);
    assert_eq!((&archived["outcome"], &archived["state"]), (&"changed".into(), &"archived".into()));
    assert_eq!(json(&run, "flags archive alone --project web", &more)["outcome"], "unchanged");
    let restored = json(&run, "flags restore alone --project web", &more);
    assert_eq!((&restored["outcome"], &restored["state"]), (&"changed".into(), &"live".into()));
    assert_eq!(writes(&run).len(), 2);
}

#[test]
fn archiving_needs_consent_and_a_comment() {
    let run = with_alone();
    let ended = ask(&run, "flags archive alone --project web", &COMMENT);
    ended.failed(10, "approval_required");
    assert!(ended.stderr.contains("never requested"), "{}", ended.stderr);
    ask(&run, "flags archive alone --project web --yes", &[]).failed(12, "guarded");
    assert_eq!((writes(&run), is_archived(&run, "alone")), (vec![], false));
}

#[test]
fn what_is_still_in_use_needs_force() {
    let run = with_alone();
    let more = ["--yes", COMMENT[0], COMMENT[1]];
    let error = ask(&run, "flags archive beta --project web", &more).failed(12, "guarded");
    assert!(error["message"].as_str().unwrap().contains("needs-beta"), "{error}");
    run.server.change(|account| {
        let flag = account.project_mut("web").unwrap().flag_mut("alone").unwrap();
        let mut state = flag.environment("live").into_owned();
        let now = jiff::Timestamp::now().as_millisecond();
        state.status = Some(FlagStatus::requested("active", now));
        flag.environments.insert("live".to_owned(), state);
    });
    let error = ask(&run, "flags archive alone --project web", &more).failed(12, "guarded");
    assert!(error["message"].as_str().unwrap().contains("requested in `live`"), "{error}");
    assert_eq!(writes(&run), [""; 0]);
    let forced = [&more[..], &["--force"]].concat();
    json(&run, "flags archive alone --project web", &forced);
    assert!(is_archived(&run, "alone"));
}

#[test]
fn an_archiving_whose_answer_is_lost_is_not_repeated() {
    let run = with_alone();
    run.server.behave(|behaviour| behaviour.writes.fail_after = Some((1, 500)));
    let more = ["--yes", COMMENT[0], COMMENT[1]];
    json(&run, "flags archive alone --project web", &more);
    assert_eq!((writes(&run).len(), is_archived(&run, "alone")), (1, true));
}

#[test]
fn a_database_says_whether_archiving_is_safe() {
    let run = with_alone();
    run.extract(&[]);
    run.server.forget_requests();
    let more = ["--input", "launchdarkly.db", COMMENT[0], COMMENT[1]];
    let ended = ask(&run, "flags archive alone --project web", &more);
    assert_ne!(ended.status, 0);
    assert!(ended.stderr.contains("verdict") || ended.stderr.contains("database says"));
    assert_eq!(writes(&run), [""; 0]);
}
