//! The run that a new run is compared with: for each project and kind, the last run that read it.

use crate::history::change;
use crate::history::shrinking::{OUTPUTS, account, arguments, extract, hide};

#[test]
fn a_run_of_one_project_leaves_the_others_to_compare_with() {
    for output in OUTPUTS {
        let run = account();
        extract(&run, output, &[]);
        extract(&run, output, &["--project", "project-000"]);
        extract(&run, output, &["--project", "project-001"]);
        change(&run, |account| (1..5).for_each(|n| hide(account, &format!("project-00{n}"))));
        run.run(&arguments(output, &[])).failed(4, "invalid_permissions");
    }
}

#[test]
fn what_a_run_of_one_project_did_not_select_is_counted() {
    for output in OUTPUTS {
        let run = account();
        extract(&run, output, &[]);
        extract(&run, output, &["--project", "project-000"]);
        change(&run, |account| {
            let others = account.projects.iter_mut().skip(1);
            others.for_each(|one| {
                one.flags.clear();
                one.environments.pop();
            });
        });
        let error = run.run(&arguments(output, &[])).failed(12, "guarded").to_string();
        assert!(error.contains("4 of 10 environments, 40 of 50 flags"), "{error}");
        extract(&run, output, &["--max-removals", "100%"]);
        let again = extract(&run, output, &["--max-removals", "0"]);
        assert!(!again.stderr.contains("no longer listed"), "{}", again.stderr);
    }
}

#[test]
fn a_kind_that_was_skipped_is_compared_with_the_run_before() {
    for output in OUTPUTS {
        let run = account();
        extract(&run, output, &[]);
        run.run(&["extract", "--output", output, "--resources", "projects,environments"])
            .succeeded();
        change(&run, |account| {
            account.projects.iter_mut().skip(1).for_each(|one| one.flags.clear());
        });
        let error = run.run(&arguments(output, &[])).failed(12, "guarded").to_string();
        assert!(error.contains("40 of 50 flags"), "{error}");
    }
}
