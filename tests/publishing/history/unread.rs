//! Rows that a run did not read count as unchanged.

use fake_launchdarkly::account::FlagStatus;
use fake_launchdarkly::{Answer, Family, Scripted};

use crate::history::{
    PROJECT, account, agrees, change, counts, difference, flag, flag_key, project,
};
use crate::support::{Run, rows};

#[test]
fn what_is_not_read_is_left_as_it_is() {
    let run = account();
    run.extract(&[]);
    let before = counts(&run);
    change(&run, |account| {
        account.teams[0].maintainer_ids.clear();
        let environments = account.projects.iter_mut().flat_map(|one| &mut one.flags);
        for state in environments.flat_map(|flag| flag.environments.values_mut()) {
            state.status = Some(FlagStatus::never_requested("new"));
        }
    });
    run.server.behave(|behaviour| {
        let refused = [Family::Teams, Family::FlagStatuses, Family::FlagStatus];
        behaviour.refused.extend(refused.map(|family| (family, 404)));
    });
    run.extract(&[]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_statuses"), 0);
    assert_eq!(difference(&run, &before), [""; 0], "refused");
    run.extract(&["--skip", "flag_statuses,teams"]);
    assert_eq!(difference(&run, &before), [""; 0], "skipped");
    run.server.behave(|behaviour| behaviour.refused.clear());
    run.extract(&["--project", "project-001"]);
    let half = difference(&run, &before);
    assert!(half.contains(&"team_maintainers_history +0 -2".to_owned()), "{half:?}");
    let sql = "SELECT count(*) FROM flag_statuses_history WHERE valid_to IS NOT NULL";
    let changed: i64 = run.value(sql);
    assert!(changed > 0);
    assert_eq!(
        run.value::<i64>(&format!("{sql} AND project_key = '{PROJECT}'")),
        0,
        "not selected"
    );
    run.extract(&[]);
    assert!(run.value::<i64>(sql) > changed);
    agrees(&run);
}

#[test]
fn an_environment_with_refused_statuses_keeps_its_versions() {
    let run = account();
    run.extract(&[]);
    change(&run, |account| {
        for state in flag(account).environments.values_mut() {
            state.status = Some(FlagStatus::never_requested("changed"));
        }
    });
    run.server.behave(|behaviour| {
        let path = format!("/api/v2/flag-statuses/{PROJECT}/production");
        let refusal = Answer::json(404, r#"{"code":"not_found","message":"no"}"#);
        behaviour.script.push(Scripted::once(path, refusal).times(1000));
    });
    run.extract(&[]);
    let sql = "SELECT environment_key FROM flag_statuses_history WHERE valid_to IS NOT NULL";
    assert_eq!(rows(&run.database(), sql), ["\"staging\""]);
}

#[test]
fn a_deleted_flag_is_closed_without_its_statuses_read() {
    let run = account();
    run.extract(&[]);
    let key = flag_key(&run);
    change(&run, |account| {
        project(account).flags.remove(0);
        project(account).environments.pop();
    });
    run.extract(&["--skip", "flag_statuses"]);
    let open = "SELECT count(*) FROM flag_statuses_history AS version WHERE valid_to IS NULL AND ";
    let gone = format!("{open} project_key = '{PROJECT}' AND flag_key = '{key}'");
    assert_eq!(run.value::<i64>(&gone), 0);
    let gone = format!(
        "{open} (project_key, environment_key) NOT IN (SELECT project_key, environment_key FROM environments)"
    );
    assert_eq!(run.value::<i64>(&gone), 0);
    assert!(run.value::<i64>(&format!("{open} TRUE")) > 0, "other rows are unchanged");
}

/// The environments in which the first flag has a current status.
fn held(run: &Run) -> Vec<String> {
    let sql = format!(
        "SELECT environment_key FROM flag_statuses_history WHERE valid_to IS NULL
         AND project_key = '{PROJECT}' AND flag_key = '{}' ORDER BY 1",
        flag_key(run)
    );
    rows(&run.database(), &sql)
}

#[test]
fn an_archived_flag_has_no_status_without_statuses_read() {
    for skip in [true, false] {
        let run = account();
        run.extract(&[]);
        let before = counts(&run);
        change(&run, |account| flag(account).archived_ms = Some(account.now_ms));
        run.server.behave(|behaviour| {
            let refused = [Family::FlagStatuses, Family::FlagStatus];
            behaviour.refused.extend(refused.map(|family| (family, 404)));
        });
        run.extract(if skip { &["--skip", "flag_statuses"] } else { &[] });
        let closed = [
            "flags_history +1 +0",
            "flag_environments_history +0 -2",
            "flag_statuses_history +0 -2",
        ];
        assert_eq!(difference(&run, &before), closed, "skipped: {skip}");
        if skip {
            // Rows of a skipped resource stay in the table.
            agrees(&run);
        }
        let sql =
            "SELECT count(*) FROM flag_statuses_history JOIN extractions ON started_at = valid_to
                   WHERE is_latest";
        assert_eq!(run.value::<i64>(sql), 2);
        run.extract(if skip { &["--skip", "flag_statuses"] } else { &[] });
        assert_eq!(difference(&run, &before), closed, "once");
        run.server.behave(|behaviour| behaviour.refused.clear());
        change(&run, |account| flag(account).archived_ms = None);
        run.extract(&[]);
        assert_eq!(held(&run).len(), 2, "the flag is restored");
        agrees(&run);
    }
}

#[test]
fn an_archived_flag_has_no_status_despite_a_refusal() {
    let run = account();
    run.extract(&[]);
    // The server also returns the statuses of archived flags.
    run.server.behave(|behaviour| {
        behaviour.statuses_include_archived = true;
        let path = format!("/api/v2/flag-statuses/{PROJECT}/production");
        let refusal = Answer::json(404, r#"{"code":"not_found","message":"no"}"#);
        behaviour.script.push(Scripted::once(path, refusal).times(1000));
    });
    change(&run, |account| flag(account).archived_ms = Some(account.now_ms));
    run.extract(&[]);
    assert_eq!(held(&run), ["\"staging\""], "a status that was read is kept");
}
