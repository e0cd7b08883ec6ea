//! `flags archive --input` takes a lake as well.

use crate::inputs::{LAKE, company, extract};
use crate::support::Run;

fn archive(run: &Run, flag: &str) -> crate::support::Ended {
    let arguments = [
        "flags",
        "archive",
        flag,
        "--project",
        "storefront",
        "--input",
        LAKE,
        "--yes",
        "--comment",
        "Not needed",
        "--error-format",
        "json",
    ];
    run.run(&arguments)
}

/// A flag of the project on which there is this verdict.
fn flag(run: &Run, verdict: &str) -> String {
    let sql = format!(
        "SELECT flag_key FROM removal_verdicts WHERE project_key = 'storefront'
         AND archive_verdict = '{verdict}' ORDER BY 1"
    );
    run.value(&sql)
}

#[test]
fn the_verdict_is_that_of_the_account_of_the_token() {
    let run = company();
    run.server.change(|account| account.account_id = "first".into());
    let resources = ["--resources", "default"];
    run.extract(&resources);
    let blocked = flag(&run, "blocked");
    extract(&run, &resources);
    // In another account, there are no such flags.
    run.server.change(|account| {
        account.account_id = "another".into();
        account.projects.retain(|project| project.key != "storefront");
    });
    let other = company();
    other.server.change(|account| account.account_id = "first".into());
    extract(&run, &resources);
    std::fs::rename(run.path("lake"), other.path("lake")).unwrap();
    let error = archive(&other, &blocked).failed(12, "guarded");
    assert!(error["message"].as_str().unwrap().contains("still in use"), "{error}");
    other.server.change(|account| account.account_id = "another".into());
    let error = archive(&other, &blocked).failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("no verdict"), "{error}");
    other.server.change(|account| account.account_id = "a-third".into());
    let error = archive(&other, &blocked).failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("`a-third`"), "{error}");
}
