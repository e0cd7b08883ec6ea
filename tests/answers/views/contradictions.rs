//! No view declares a flag removable that another view blocks. All views that answer this question
//! are compared in pairs.

use std::process::Command;

use tempfile::TempDir;

use crate::views::account::Account;
use crate::views::agreement;

/// Claims that no view may contradict: the claim, a statement that returns for each row whether it
/// is contradicted, and one that counts the cases.
const CLAIMS: [(&str, &str, &str); 10] = [
    (
        "what is ready to archive is not blocked",
        "SELECT archive_verdict = 'blocked' FROM flags_ready_to_archive
         JOIN removal_verdicts USING (project_key, flag_key)",
        "SELECT count(*) FROM flags_ready_to_archive",
    ),
    (
        "what is at the stage of archiving is not blocked",
        "SELECT archive_verdict = 'blocked' FROM flag_lifecycle
         JOIN removal_verdicts USING (project_key, flag_key) WHERE stage = 'ready_to_archive'",
        "SELECT count(*) FROM flag_lifecycle WHERE stage = 'ready_to_archive'",
    ),
    (
        "a live flag that is safe to archive is ready to archive",
        "SELECT ready_to_archive IS NOT 1 FROM removal_verdicts
         JOIN flag_readiness USING (project_key, flag_key)
         WHERE archive_verdict = 'safe' AND state = 'live'",
        "SELECT count(*) FROM removal_verdicts WHERE archive_verdict = 'safe'",
    ),
    (
        "what is ready for code removal is blocked only for lack of one value",
        "SELECT code_removal_verdict = 'blocked' AND (variation_index IS NOT NULL
             OR code_removal_reasons NOT LIKE '%\"mixed_variations\"%')
         FROM flags_ready_for_code_removal JOIN removal_verdicts USING (project_key, flag_key)
         JOIN forward_values USING (project_key, flag_key)",
        "SELECT count(*) FROM flags_ready_for_code_removal",
    ),
    (
        "what is safe to remove from code has a value",
        "SELECT variation_index IS NULL OR reason NOT IN ('all_on', 'all_off') FROM removal_verdicts
         JOIN forward_values USING (project_key, flag_key) WHERE code_removal_verdict = 'safe'",
        "SELECT count(*) FROM removal_verdicts WHERE code_removal_verdict = 'safe'",
    ),
    (
        "what is safe to archive is requested nowhere",
        "SELECT status IN ('active', 'launched')
             OR coalesce(last_requested_at, '') > (SELECT date(started_at, '-6 days') FROM latest_extraction)
         FROM removal_verdicts JOIN flag_statuses USING (project_key, flag_key)
         WHERE archive_verdict = 'safe'",
        "SELECT count(*) FROM flag_statuses WHERE status = 'launched'",
    ),
    (
        "what is safe to archive has no other fallback",
        "SELECT 1 FROM removal_verdicts JOIN fallback_mismatches USING (project_key, flag_key)
         WHERE archive_verdict = 'safe' OR archive_reasons NOT LIKE '%\"fallback_differs\"%'",
        "SELECT count(*) FROM fallback_mismatches",
    ),
    (
        "what is safe to archive is not in code, and nothing needs it",
        "SELECT 1 FROM removal_verdicts WHERE archive_verdict = 'safe' AND (
             (project_key, flag_key) IN (SELECT project_key, flag_key FROM code_references)
             OR (project_key, flag_key) IN (
                 SELECT project_key, key FROM blast_radius WHERE kind = 'prerequisite'))",
        "SELECT count(*) FROM blast_radius WHERE kind = 'prerequisite'",
    ),
    (
        "what is a forgotten rollout is not safe to archive",
        "SELECT archive_verdict = 'safe' FROM forgotten_rollouts
         JOIN removal_verdicts USING (project_key, flag_key)",
        "SELECT count(*) FROM forgotten_rollouts",
    ),
    (
        "the verdict is that on code",
        "SELECT verdict <> code_removal_verdict OR reasons <> code_removal_reasons
             OR verdict = 'safe' AND reasons <> '[]' OR archive_verdict = 'safe' AND archive_reasons <> '[]'
         FROM removal_verdicts",
        "SELECT count(*) FROM removal_verdicts",
    ),
];

/// The claims that are contradicted, and those that have no occasion.
fn judge(account: &Account) -> (Vec<&'static str>, Vec<&'static str>) {
    let is_contradicted = |sql: &str| account.rows(sql).iter().any(|one| one != "0");
    let is_idle = |sql: &str| account.rows(sql) == ["0"];
    let contradicted = CLAIMS.iter().filter(|(_, sql, _)| is_contradicted(sql));
    let idle = CLAIMS.iter().filter(|(_, _, sql)| is_idle(sql));
    (contradicted.map(|(claim, ..)| *claim).collect(), idle.map(|(claim, ..)| *claim).collect())
}

#[test]
fn no_two_views_contradict_each_other_in_generated_accounts() {
    let account = agreement::account();
    assert_eq!(judge(&account), (vec![], vec![]));
    for threshold in [8.0, 30.0, 400.0] {
        account.threshold("still_requested", threshold);
        assert_eq!(judge(&account).0, [""; 0], "{threshold}");
    }
}

#[test]
fn no_two_views_contradict_each_other_in_the_demo_account() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("demo.db");
    let mut command = Command::new(env!("CARGO_BIN_EXE_flaglake"));
    command.env_clear().args(["extract", "--demo", "--quiet", "--output"]).arg(&path);
    assert!(command.status().unwrap().success());
    assert_eq!(judge(&Account::open(&path)), (vec![], vec![]));
}
