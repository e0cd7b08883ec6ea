//! Deletions in the audit log are proofs: such removals never count against the limit.

use fake_launchdarkly::Family;
use fake_launchdarkly::account::{Account, AuditEntry};

use crate::history::change;
use crate::history::shrinking::{OUTPUTS, account, arguments, extract};

/// Appends an entry with this action on a resource to the audit log.
fn log(account: &mut Account, action: &str, resource: &str) {
    let number = account.audit_log.len();
    let date_ms = jiff::Timestamp::now().as_millisecond() + i64::try_from(number).unwrap();
    let mut entry = AuditEntry::new(format!("done-{number}"), date_ms);
    entry.accesses.clear();
    account.audit_log.push(entry.with_access(action, resource));
}

#[test]
fn what_the_audit_log_shows_is_not_counted() {
    for output in OUTPUTS {
        let run = account();
        extract(&run, output, &[]);
        change(&run, |account| {
            for flag in account.projects[0].flags.drain(..).collect::<Vec<_>>() {
                let place = "proj/project-000:env/production:flag/";
                log(account, "deleteFlag", &format!("{place}{};tag", flag.key));
            }
            for project in account.projects.drain(3..).collect::<Vec<_>>() {
                log(account, "deleteProject", &format!("proj/{};tag", project.key));
            }
            let key = account.projects[1].environments.remove(0).key;
            log(account, "deleteEnvironment", &format!("proj/project-001:env/{key}"));
            for team in account.teams.drain(..).collect::<Vec<_>>() {
                log(account, "deleteTeam", &format!("team/{}", team.key));
            }
        });
        let ended = extract(&run, output, &["--max-removals", "0"]);
        assert!(!ended.stderr.contains("no longer listed"), "{}", ended.stderr);
        assert_eq!(run.requests("/api/v2/projects/"), 0, "an object with a proof is not requested");
    }
}

#[test]
fn a_title_is_proof_as_well() {
    let run = account();
    extract(&run, OUTPUTS[0], &[]);
    change(&run, |account| {
        let key = account.projects[0].flags.remove(0).key;
        log(account, "anything", &format!("proj/project-000:env/production:flag/{key}"));
        account.audit_log.last_mut().unwrap().title_verb = "deleted the flag".to_owned();
    });
    extract(&run, OUTPUTS[0], &["--max-removals", "0"]);
}

#[test]
fn a_log_that_is_refused_or_skipped_proves_nothing() {
    for more in [&[][..], &["--skip", "audit_log"]] {
        let run = account();
        extract(&run, OUTPUTS[0], &[]);
        change(&run, |account| {
            let key = account.projects[0].flags.remove(0).key;
            log(account, "deleteFlag", &format!("proj/project-000:env/production:flag/{key}"));
        });
        run.server.behave(|behaviour| behaviour.refused.extend([(Family::AuditLog, 403)]));
        let limited = ["--max-removals", "0"].iter().chain(more).copied().collect::<Vec<_>>();
        run.run(&arguments(OUTPUTS[0], &limited)).failed(12, "guarded");
    }
}

#[test]
fn entries_that_an_earlier_run_read_are_proof_as_well() {
    let run = account();
    extract(&run, OUTPUTS[0], &[]);
    change(&run, |account| {
        let key = account.projects[0].flags.remove(0).key;
        log(account, "deleteFlag", &format!("proj/project-000:env/production:flag/{key}"));
    });
    run.run(&["extract", "--resources", "projects,environments,audit_log"]).succeeded();
    extract(&run, OUTPUTS[0], &["--max-removals", "0", "--skip", "audit_log"]);
}
