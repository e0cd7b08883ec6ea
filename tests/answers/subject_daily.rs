//! The tables `owner_daily`, `team_daily` and `tag_daily`.

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::generated::{self, Size};

use crate::support::{Run, rows};

/// Each table, with its subject and the kind of it.
const TABLES: [[&str; 3]; 3] = [
    ["owner_daily", "owner", "owner"],
    ["team_daily", "team_key", "team"],
    ["tag_daily", "tag", "tag"],
];

fn account() -> Run {
    let size = Size { projects: 2, environments: 2, flags: 12, deprecated: 1, ..Size::default() };
    let size = Size { teams: 2, members: 6, maintainers: 3, tags: 4, ..size };
    Run::new(generated::account(size), Behaviour::default())
}

/// Sets the date of the newest run back by a day.
fn a_day_later(run: &Run) {
    for [table, ..] in TABLES {
        run.database()
            .execute(&format!("UPDATE {table} SET day = date(day, '-1 day')"), [])
            .unwrap();
    }
}

#[test]
fn each_subject_has_the_figures_of_its_flags() {
    let run = account();
    run.extract(&["--resources", "core,members,teams,code_references"]);
    for [table, subject, kind] in TABLES {
        let database = run.database();
        let daily = format!(
            "SELECT {subject}, live + deprecated, temporary, stale_in_critical_min, tidy, unowned_min
             FROM {table} JOIN latest_extraction USING (extraction_id) ORDER BY 1"
        );
        let counted = format!(
            "SELECT subject, count(*), sum(temporary), coalesce(sum(is_stale), 0), sum(is_tidy), sum(has_owner = 0)
             FROM flag_subjects JOIN flag_judgements USING (project_key, flag_key)
             WHERE subject_kind = '{kind}' GROUP BY 1 ORDER BY 1"
        );
        let daily = rows(&database, &daily);
        assert_eq!(daily, rows(&database, &counted), "{table}");
        assert!(daily.len() > 1, "{table}: {daily:?}");
    }
}

#[test]
fn what_is_unknown_is_between_two_bounds() {
    let run = account();
    run.extract(&["--resources", "core"]);
    let known = "SELECT sum(unowned_max > unowned_min) FROM tag_daily";
    assert!(run.value::<i64>(known) > 0, "members were not read");
    run.extract(&["--resources", "core,members,teams"]);
    assert_eq!(run.value::<i64>(known), 0);
}

#[test]
fn a_subject_without_flags_gets_one_more_row_with_zeros() {
    let run = account();
    run.extract(&[]);
    let tag: String =
        run.value("SELECT tag FROM tag_daily WHERE live > 0 AND tag <> '(none)' LIMIT 1");
    let days =
        format!("SELECT live + deprecated > 0 FROM tag_daily WHERE tag = '{tag}' ORDER BY day");
    run.server.change(|account| {
        for flag in account.projects.iter_mut().flat_map(|project| &mut project.flags) {
            flag.tags.retain(|other| *other != tag);
        }
    });
    for expected in [vec!["1", "0"], vec!["1", "0"]] {
        a_day_later(&run);
        run.extract(&[]);
        assert_eq!(rows(&run.database(), &days), expected);
    }
}

#[test]
fn a_run_that_did_not_read_all_flags_of_a_subject_writes_no_row_for_it() {
    let run = account();
    run.extract(&[]);
    let before = run.value::<i64>("SELECT count(*) FROM tag_daily");
    a_day_later(&run);
    run.extract(&["--project", "project-001"]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM tag_daily"), before);
    run.extract(&["--skip", "flags"]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM tag_daily"), before);
}
