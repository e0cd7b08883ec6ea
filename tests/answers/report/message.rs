//! The three sentences, the work list and the digest in Markdown.

use std::collections::BTreeMap;

use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Answer, Behaviour, Scripted, company};
use serde_json::Value;

use crate::report::{json, place, report};
use crate::support::{Run, rows};

fn sentence(report: &Value, name: &str) -> String {
    report["message"][name].as_str().unwrap().to_owned()
}

/// The report on the database of a run.
fn of_run(run: &Run) -> Value {
    serde_json::from_str(&run.run(&["report", "--format", "json"]).succeeded().stdout).unwrap()
}

#[test]
fn the_first_sentence_says_what_changed_in_a_week() {
    let size = Size { projects: 1, environments: 1, flags: 20, ..Size::default() };
    let run = Run::new(generated::account(size), Behaviour::default());
    let all = ["--resources", "all"];
    run.extract(&all);
    let alone = sentence(&of_run(&run), "changes");
    assert!(
        alone.ends_with("; no extraction is old enough to compare the other figures with."),
        "{alone}"
    );
    let back = "UPDATE project_daily SET day = date(day, '-7 days'), unowned = unowned + 3,
                    ready_to_archive = ready_to_archive - 1";
    run.database().execute_batch(back).unwrap();
    let now = jiff::Timestamp::now().as_millisecond();
    run.server.change(|account| account.projects[0].flags[0].created_ms = now);
    run.extract(&all);
    let changed = sentence(&of_run(&run), "changes");
    assert!(
        changed.starts_with("In the last 7 days, 1 flag was created and 0 archived; there is 1 "),
        "{changed}"
    );
    assert!(changed.contains("3 fewer unowned flags"), "{changed}");
    assert!(changed.contains("1 more flag ready to archive"), "{changed}");
}

#[test]
fn the_second_sentence_names_three_things_of_different_kinds() {
    let run =
        Run::new(company::account(jiff::Timestamp::now().as_millisecond()), Behaviour::default());
    run.extract(&[]);
    let worst = sentence(&of_run(&run), "worst");
    assert_eq!(worst.matches(", where ").count(), 3, "{worst}");
    let sql = "SELECT subject_name || ', where ' || rtrim(detail, '.') FROM scorecards
               WHERE subject_kind = 'project' AND status = 'fail' AND scorecard = 'stale_percentage'
               ORDER BY counted DESC LIMIT 1";
    let most: String = run.value(sql);
    assert!(worst.contains(&most), "{worst}: {most}");
    run.database().execute_batch("UPDATE scorecard_thresholds SET value = CASE
        WHEN threshold LIKE 'ownership%' OR threshold LIKE 'hygiene%' OR threshold LIKE 'env%' THEN 0 ELSE 100 END
        WHERE threshold LIKE '%fail'").unwrap();
    let warned: i64 = run.value("SELECT count(*) FROM scorecards WHERE status = 'warn'");
    assert!(warned > 0);
    assert_eq!(sentence(&of_run(&run), "worst"), "No scorecard of a project fails.");
}

#[test]
fn the_third_sentence_and_the_work_list_count_the_flags_of_the_headline() {
    let folder = place();
    let report = json(&folder);
    let figure = |id: &str| {
        let figures = report["headline"].as_array().unwrap();
        figures.iter().find(|one| one["id"] == id).unwrap()["value"].as_i64().unwrap()
    };
    let due = figure("ready_for_code_removal") + figure("ready_to_archive");
    let next = sentence(&report, "next");
    assert!(next.starts_with(&format!("Next: {due} flags are due")), "{next}");
    let work = report["work"].as_array().unwrap();
    assert_eq!(i64::try_from(work.len()).unwrap(), due);
    let mut owners = BTreeMap::<&str, usize>::new();
    for flag in work.iter().filter(|flag| !flag["owner"].is_null()) {
        *owners.entry(flag["owner_name"].as_str().unwrap()).or_default() += 1;
    }
    let mut most: Vec<_> = owners.into_iter().collect();
    most.sort_by_key(|(name, flags)| (std::cmp::Reverse(*flags), *name));
    let named: Vec<_> =
        most[..3].iter().map(|(name, flags)| format!("{name} has {flags}")).collect();
    let (more, theirs) = (most.len() - 3, most[3..].iter().map(|(_, flags)| flags).sum::<usize>());
    let nobody = work.iter().filter(|flag| flag["owner"].is_null()).count();
    assert!(theirs > 0 && nobody > 0);
    let rest = format!("{more} more owners have {theirs} and nobody owns {nobody}.");
    assert!(next.ends_with(&format!(": {}, {rest}", named.join(", "))), "{next}");
    let removed = work.iter().filter(|flag| flag["step"] == "remove_from_code").count();
    assert_eq!(i64::try_from(removed).unwrap(), figure("ready_for_code_removal"));
}

#[test]
fn without_code_references_the_next_step_is_to_look_for_flags_in_code() {
    let run =
        Run::new(company::account(jiff::Timestamp::now().as_millisecond()), Behaviour::default());
    // LaunchDarkly gives no verdict of its own.
    let refused =
        Scripted::once("/api/v2/flags/", Answer::refusal(400)).query("archiveChecks").times(1000);
    run.server.behave(|behaviour| behaviour.script = vec![refused]);
    run.extract(&["--resources", "core,members,teams"]);
    let report = of_run(&run);
    let next = sentence(&report, "next");
    assert!(next.starts_with("Next: look for "), "{next}");
    let unchecked: i64 =
        run.value("SELECT count(*) FROM flag_lifecycle WHERE stage = 'code_not_checked'");
    assert!(next.contains(&format!("look for {unchecked} flags in code")), "{next}");
    assert!(report["work"].as_array().unwrap().iter().all(|flag| flag["step"] == "check_code"));
}

#[test]
fn a_digest_has_what_happened_and_the_work_of_each_owner() {
    let run =
        Run::new(company::account(jiff::Timestamp::now().as_millisecond()), Behaviour::default());
    run.extract(&[]);
    let digest = |more: &[&str]| {
        run.run(&[&["report", "--format", "markdown"], more].concat()).succeeded().stdout
    };
    let whole = digest(&["--since", "30d"]);
    let created: i64 = run.value(
        "SELECT count(*) FROM flags, latest_extraction
         WHERE created_at >= strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-30 days')",
    );
    assert!(whole.contains(&format!("* Created ({created}): [")), "{whole}");
    let due: i64 = run.value(
        "SELECT count(*) FROM flag_judgements WHERE ready_for_code_removal OR ready_to_archive",
    );
    let listed = whole.lines().filter(|line| line.starts_with("| [")).count();
    assert_eq!(i64::try_from(listed).unwrap(), due);
    let team: String = run.value(
        "SELECT owner FROM owner_debt WHERE owner_kind = 'team'
        ORDER BY ready_for_code_removal + ready_to_archive DESC, owner LIMIT 1",
    );
    let own = digest(&["--owner", &team]);
    let of_team = rows(
        &run.database(),
        &format!(
            "SELECT flag_key FROM flag_judgements
        JOIN flags USING (project_key, flag_key)
        WHERE maintainer_team_key = '{team}' AND (ready_for_code_removal OR ready_to_archive)"
        ),
    );
    assert_eq!(own.lines().filter(|line| line.starts_with("| [")).count(), of_team.len());
    assert!(own.contains("* Created (0): none"), "{own}");
}

#[test]
fn flags_that_are_safe_to_archive_come_with_the_command_and_nobody_comes_last() {
    let run =
        Run::new(company::account(jiff::Timestamp::now().as_millisecond()), Behaviour::default());
    run.extract(&[]);
    // The flags of an owner lose theirs.
    let nobody = "UPDATE stored_flag_facts SET maintainer_id = NULL, maintainer_email = NULL
                  WHERE maintainer_id = (SELECT maintainer_id FROM flags_ready_for_code_removal
                      JOIN flags USING (project_key, flag_key)
                      WHERE maintainer_id IS NOT NULL AND maintainer_team_key IS NULL LIMIT 1);
                  UPDATE flags SET maintainer_id = NULL, maintainer_email = NULL
                  WHERE (project_key, flag_key) IN (
                      SELECT project_key, flag_key FROM stored_flag_facts WHERE maintainer_id IS NULL)";
    run.database().execute_batch(nobody).unwrap();
    let digest = run.run(&["report", "--format", "markdown"]).succeeded().stdout;
    let shown = digest.lines().filter(|line| line.starts_with("flaglake flags archive "));
    let due = "SELECT project_key, flag_key FROM flags_ready_to_archive
               JOIN removal_verdicts USING (project_key, flag_key)";
    let safe = rows(&run.database(), &format!("{due} WHERE archive_verdict = 'safe'"));
    assert_eq!(shown.count(), safe.len());
    assert!(safe.len() < rows(&run.database(), due).len());
    let last = digest.lines().rfind(|line| line.starts_with("### ")).unwrap();
    assert!(last.starts_with("### nobody: "), "{last}");
}

#[test]
fn hostile_names_stay_in_their_cells() {
    let folder = place();
    let digest = report(&folder, &["--format", "markdown"]).succeeded().stdout;
    let tables = digest.lines().filter(|line| line.starts_with("| ["));
    assert!(digest.lines().any(|line| line.starts_with("| [")));
    for line in tables {
        let unescaped = line.replace("\\|", "");
        assert_eq!(unescaped.matches('|').count(), 7, "{line}");
    }
}
