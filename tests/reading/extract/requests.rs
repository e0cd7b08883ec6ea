//! How many requests a run takes, and what they say.

use std::time::Duration;

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::generated::{self, Size};

use crate::extract::company;
use crate::support::Run;

/// Requests of one project with `live` flags in `environments`, apart from statuses.
fn flag_requests(live: usize, archived: usize, environments: usize) -> usize {
    let size =
        Size { projects: 1, environments, flags: live, archived, deprecated: 1, ..Size::default() };
    let run = Run::new(generated::account(size), Behaviour::default());
    run.extract(&[]);
    assert_eq!(run.requests("/flag-statuses/"), environments);
    run.requests("/flags/")
}

#[test]
fn flags_take_one_request_a_hundred_and_three_environments() {
    // 60 + 1 live and deprecated flags, and 5 archived ones: a page each. Statuses are the second
    // sighting, with one look at the newest flags; or the walk of the last environments is.
    assert_eq!(flag_requests(60, 5, 2), 1 + 1 + 1);
    assert_eq!(flag_requests(60, 5, 3), 1 + 1 + 1);
    assert_eq!(flag_requests(60, 5, 6), 2 + 1);
    assert_eq!(flag_requests(60, 5, 7), 3 + 1);
    // 298 flags: the archived ones are counted once more.
    assert_eq!(flag_requests(297, 100, 3), 3 + 1 + 2);
    assert_eq!(flag_requests(297, 100, 6), 2 * 3 + 1 + 1);
    assert_eq!(flag_requests(299, 101, 6), 2 * 3 + 2 + 1);
}

#[test]
fn without_statuses_keys_are_listed_once_more() {
    let size = Size { projects: 1, environments: 2, flags: 150, archived: 5, ..Size::default() };
    let run = Run::new(generated::account(Size { deprecated: 1, ..size }), Behaviour::default());
    run.extract(&["--skip", "flag_statuses"]);
    let flags =
        |request: &&fake_launchdarkly::Request| request.path.ends_with("/flags/project-000");
    let is_light = |request: &&fake_launchdarkly::Request| {
        !request.query.iter().any(|(name, _)| ["env", "expand", "summary"].contains(&name.as_str()))
    };
    let requests = run.server.requests();
    assert_eq!(requests.iter().filter(flags).count(), 2 + 1 + 2 + 1);
    assert_eq!(requests.iter().filter(flags).filter(is_light).count(), 2 + 1);
}

#[test]
fn everything_else_takes_one_request_a_list() {
    let size = Size {
        projects: 5,
        environments: 20,
        flags: 2,
        teams: 80,
        maintainers: 25,
        tags: 900,
        ..Size::default()
    };
    let run = Run::new(generated::account(size), Behaviour::default());
    run.extract(&[]);
    assert_eq!(run.requests("/caller-identity"), 1);
    assert_eq!(run.requests("/projects"), 1);
    assert_eq!(run.requests("/tags"), 1);
    assert_eq!(run.requests("/teams"), 1);
}

#[test]
fn environments_and_maintainers_beyond_a_page_take_one_more() {
    let size = Size {
        projects: 2,
        environments: 23,
        flags: 2,
        teams: 3,
        maintainers: 30,
        members: 40,
        ..Size::default()
    };
    let run = Run::new(generated::account(size), Behaviour::default());
    run.extract(&[]);
    assert_eq!(run.requests("/environments"), 2);
    assert_eq!(run.requests("/maintainers"), 3);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM environments"), 46);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM team_maintainers"), 90);
    assert_eq!(run.value::<i64>("SELECT min(maintainer_count) FROM teams"), 30);
}

#[test]
fn every_request_names_the_version_and_the_tool() {
    let run = company();
    run.extract(&[]);
    for request in run.server.requests() {
        assert_eq!(request.api_version.as_deref(), Some("20240415"), "{}", request.path);
        let agent = concat!("flaglake/", env!("CARGO_PKG_VERSION"));
        assert_eq!(request.user_agent.as_deref(), Some(agent));
    }
    assert!(run.server.requests()[0].path.ends_with("/caller-identity"));
}

#[test]
fn the_plan_reads_projects_only() {
    let run = company();
    let ended = run.extract(&["--plan"]);
    assert_eq!(run.requests("/flags/"), 0);
    assert!(ended.stdout.contains("about"), "{}", ended.stdout);
    assert!(!run.path("launchdarkly.db").exists());
    run.extract(&[]);
    run.server.forget_requests();
    let ended = run.extract(&["--plan"]);
    run.server.forget_requests();
    run.extract(&[]);
    let total = format!("total: {} requests", run.server.requests().len());
    assert!(ended.stdout.contains(&total), "{total}\n{}", ended.stdout);
}

/// The plan after an extraction says how many requests the next one of the same account takes.
#[track_caller]
fn assert_planned(size: Size, arguments: &[&str]) {
    let run = Run::new(generated::account(size), Behaviour::default());
    run.extract(arguments);
    let planned = run.extract(&[arguments, &["--plan"]].concat()).stdout;
    run.server.forget_requests();
    run.extract(arguments);
    let total = format!("total: {} requests", run.server.requests().len());
    assert!(planned.contains(&total), "{size:?} {arguments:?}: {total}\n{planned}");
}

#[test]
fn the_plan_is_exact_on_an_unchanged_account() {
    let size = Size { projects: 2, environments: 2, flags: 12, archived: 3, ..Size::default() };
    for size in [
        Size { deprecated: 1, ..size },
        Size { deprecated: 0, ..size },
        Size { deprecated: 1, archived: 120, ..size },
        Size { deprecated: 1, flags: 250, ..size },
        Size { deprecated: 1, flags: 250, environments: 7, ..size },
        Size { deprecated: 0, environments: 4, ..size },
    ] {
        assert_planned(size, &[]);
        assert_planned(size, &["--skip", "flag_statuses"]);
    }
}

const SLOW: Duration = Duration::from_millis(200);

/// The most requests for pages of live or archived flags that the server had at the same time.
fn most_at_once(run: &Run, archived: bool) -> Option<usize> {
    let is_archived = |request: &fake_launchdarkly::Request| {
        request.query.iter().any(|(_, value)| value.as_str() == "state:archived")
    };
    let requests = run.server.requests();
    let pages = requests.iter().filter(|one| one.path.ends_with("/flags/project-000"));
    pages.filter(|one| is_archived(one) == archived).map(|one| one.in_flight).max()
}

#[test]
fn pages_of_a_list_are_requested_at_once() {
    let size = Size { projects: 1, environments: 1, flags: 900, archived: 900, ..Size::default() };
    let behaviour = Behaviour { latency: SLOW, ..Behaviour::default() };
    let run = Run::new(generated::account(size), behaviour);
    run.extract(&[]);
    for archived in [false, true] {
        let most = most_at_once(&run, archived);
        assert!(most >= Some(3), "archived {archived}: {most:?}");
    }
}

#[test]
fn large_pages_are_requested_few_at_once() {
    let size = Size { projects: 1, environments: 1, flags: 700, archived: 0, ..Size::default() };
    let mut account = generated::account(size);
    for flag in &mut account.projects[0].flags {
        flag.description = Some("d".repeat(30_000));
    }
    let run = Run::new(account, Behaviour { latency: SLOW, ..Behaviour::default() });
    run.extract(&["--resources", "core"]);
    // Pages of 3 MB, of which 6.5 MiB may be on their way.
    assert_eq!(most_at_once(&run, false), Some(2));
}
