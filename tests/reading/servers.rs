//! Servers that deviate from the documentation: the same account gives the same tables.

use std::collections::BTreeMap;

use crate::support::{Run, Tables, rows};
use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{
    Behaviour, Boundary, Family, NeverRequested, OverLimit, UnknownEnvironment,
};

fn size() -> Size {
    Size {
        projects: 2,
        environments: 4,
        flags: 230,
        archived: 60,
        deprecated: 7,
        ..Size::default()
    }
}

fn run_with(behaviour: Behaviour) -> Run {
    let run = Run::new(generated::account(size()), behaviour);
    run.extract(&[]);
    run
}

fn expected() -> Tables {
    run_with(Behaviour::default()).tables()
}

#[track_caller]
fn assert_same(behaviour: Behaviour) -> Run {
    let run = run_with(behaviour);
    let (found, expected) = (run.tables(), expected());
    for (table, rows) in &expected {
        let found = &found[table];
        assert_eq!(found.len(), rows.len(), "{table}");
        assert!(found == rows, "{table} differs");
    }
    run
}

fn maxima(maximum: usize) -> BTreeMap<Family, usize> {
    let families = [
        Family::Projects,
        Family::Environments,
        Family::Tags,
        Family::Teams,
        Family::TeamMaintainers,
        Family::Flags,
    ];
    families.into_iter().map(|family| (family, maximum)).collect()
}

#[test]
fn a_limit_capped_lower_than_documented_works() {
    assert_same(Behaviour { maximum: maxima(30), ..Behaviour::default() });
}

#[test]
fn a_limit_above_the_maximum_that_is_rejected_works() {
    assert_same(Behaviour {
        maximum: maxima(50),
        over_limit: OverLimit::Reject,
        ..Behaviour::default()
    });
}

#[test]
fn an_ignored_limit_works() {
    assert_same(Behaviour { ignore_limit: true, ..Behaviour::default() });
}

#[test]
fn an_ignored_sort_falls_back_to_two_passes_by_offset() {
    let run = assert_same(Behaviour { ignore_sort: true, ..Behaviour::default() });
    let sql = "SELECT count(*) FROM extraction_resources WHERE resource = 'flags' AND detail LIKE '%offset%'";
    assert_eq!(run.value::<i64>(sql), 2);
}

#[test]
fn an_ignored_date_filter_falls_back_to_two_passes_by_offset() {
    assert_same(Behaviour { ignore_creation_filter: true, ..Behaviour::default() });
}

#[test]
fn an_ignored_filter_still_gives_every_flag() {
    assert_same(Behaviour { ignore_filter: true, ..Behaviour::default() });
    assert_same(Behaviour {
        ignore_filter: true,
        list_includes_archived: true,
        ..Behaviour::default()
    });
}

#[test]
fn a_list_that_leaves_deprecated_flags_out_is_completed() {
    assert_same(Behaviour { list_includes_deprecated: false, ..Behaviour::default() });
}

#[test]
fn an_inclusive_date_filter_works() {
    assert_same(Behaviour { creation_before: Boundary::Inclusive, ..Behaviour::default() });
}

#[test]
fn counts_and_links_may_be_missing() {
    assert_same(Behaviour { omit_total_count: true, ..Behaviour::default() });
    assert_same(Behaviour { omit_page_links: true, ..Behaviour::default() });
    assert_same(Behaviour {
        omit_total_count: true,
        omit_page_links: true,
        ..Behaviour::default()
    });
    assert_same(Behaviour {
        omit_total_count: true,
        omit_page_links: true,
        maximum: maxima(20),
        ..Behaviour::default()
    });
}

#[test]
fn a_count_that_ignores_the_filter_is_not_believed() {
    assert_same(Behaviour { total_count_ignores_filter: true, ..Behaviour::default() });
    assert_same(Behaviour {
        total_count_ignores_filter: true,
        omit_page_links: true,
        ..Behaviour::default()
    });
}

#[test]
fn an_ignored_expand_is_made_up_for() {
    let run = Run::new(
        generated::account(size()),
        Behaviour { ignore_expand: true, ..Behaviour::default() },
    );
    run.extract(&[]);
    let (found, expected) = (run.tables(), expected());
    for table in ["environments", "environment_tags", "team_maintainers", "flag_statuses"] {
        assert_eq!(found[table], expected[table], "{table}");
    }
    // Without LaunchDarkly's own verdict: the last two columns.
    let base = |row: &String| row.rsplitn(3, " | ").nth(2).map(str::to_owned);
    let bases = |tables: &Tables| tables["flags"].iter().map(base).collect::<Vec<_>>();
    assert_eq!(bases(&found), bases(&expected));
    let verdicts = "SELECT count(*) FROM flags WHERE ld_ready_to_archive IS NOT NULL";
    assert_eq!(run.value::<i64>(verdicts), 0);
    // Columns that only an expansion fills stay unknown.
    let sql = "SELECT count(*), count(evaluated_context_kinds) FROM flag_environments";
    let pairs = expected["flag_environments"].len();
    assert_eq!(rows(&run.database(), sql), [format!("{pairs} | 0")]);
}

#[test]
fn small_nested_pages_are_completed() {
    assert_same(Behaviour {
        nested_environments: 1,
        nested_maintainers: 1,
        ..Behaviour::default()
    });
}

#[test]
fn hundreds_of_flags_in_one_millisecond_are_all_found() {
    let size =
        Size { flags: 420, same_millisecond: 350, environments: 2, projects: 1, ..Size::default() };
    for omit_total_count in [false, true] {
        let behaviour = Behaviour { omit_total_count, ..Behaviour::default() };
        let run = Run::new(generated::account(size), behaviour);
        run.extract(&[]);
        let expected = run.server.read(|account| account.projects[0].flags.len());
        assert_eq!(
            run.value::<i64>("SELECT count(*) FROM flags"),
            i64::try_from(expected).unwrap()
        );
    }
}

#[test]
fn statuses_are_read_in_every_form() {
    assert_same(Behaviour { never_requested: NeverRequested::Absent, ..Behaviour::default() });
    assert_same(Behaviour { omit_status_parent: true, ..Behaviour::default() });
    assert_same(Behaviour { status_self_lacks_environment: true, ..Behaviour::default() });
    assert_same(Behaviour {
        unknown_environment: UnknownEnvironment::NotFound,
        ..Behaviour::default()
    });
}

#[test]
fn statuses_of_archived_flags_are_kept_where_they_come() {
    let run = run_with(Behaviour { statuses_include_archived: true, ..Behaviour::default() });
    let sql = "SELECT count(*) FROM flag_statuses JOIN flags USING (project_key, flag_key) WHERE state = 'archived'";
    assert_eq!(run.value::<i64>(sql), 2 * 60 * 4);
    assert!(rows(&run.database(), "PRAGMA foreign_key_check").is_empty());
}

#[test]
fn a_refused_list_of_statuses_falls_back_to_each_flag() {
    for status in [403, 404, 405] {
        let refused = [(Family::FlagStatuses, status)].into();
        let size = Size { projects: 1, environments: 2, flags: 12, ..Size::default() };
        let run = Run::new(generated::account(size), Behaviour { refused, ..Behaviour::default() });
        run.extract(&[]);
        let bulk = Run::new(generated::account(size), Behaviour::default());
        bulk.extract(&[]);
        assert_eq!(run.tables()["flag_statuses"], bulk.tables()["flag_statuses"], "{status}");
    }
}

#[test]
fn a_flag_that_the_list_of_statuses_lacks_is_asked_for() {
    let account = generated::account(size());
    let key = account.projects[0]
        .flags
        .iter()
        .find(|flag| flag.archived_ms.is_none())
        .unwrap()
        .key
        .clone();
    let run = Run::new(account, Behaviour { statuses_lack: [key].into(), ..Behaviour::default() });
    run.extract(&[]);
    assert_eq!(run.tables()["flag_statuses"], expected()["flag_statuses"]);
}

#[test]
fn an_empty_list_of_statuses_may_be_null() {
    let size = Size {
        projects: 1,
        environments: 1,
        flags: 0,
        archived: 0,
        deprecated: 0,
        ..Size::default()
    };
    let run = Run::new(
        generated::account(size),
        Behaviour { empty_statuses_are_null: true, ..Behaviour::default() },
    );
    run.extract(&[]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_statuses"), 0);
}
