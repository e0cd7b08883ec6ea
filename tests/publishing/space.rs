//! The disk space of history after a year of daily runs.

use std::fs;

use crate::support::Run;
use fake_launchdarkly::Behaviour;
use fake_launchdarkly::account::Account;
use fake_launchdarkly::generated::{self, Size};

/// Changes one in a hundred flags, configurations and statuses; other ones in each run.
fn live(account: &mut Account, night: usize) {
    let flags = account.projects.iter_mut().flat_map(|project| &mut project.flags);
    for (number, flag) in flags.enumerate() {
        if number % 100 == night % 100 {
            flag.name = format!("{number} as of night {night:03}");
            flag.version += 1;
        }
        for (position, state) in flag.environments.values_mut().enumerate() {
            if (number * 6 + position) % 100 == night * 7 % 100 {
                state.config.on = !state.config.on;
                state.config.version += 1;
            }
            if (number * 6 + position) % 100 == night * 3 % 100
                && let Some(status) = &mut state.status
            {
                let is_active = status.name == "active";
                status.name = if is_active { "inactive" } else { "active" }.into();
            }
        }
    }
}

fn bytes(run: &Run) -> u64 {
    fs::metadata(run.path("launchdarkly.db")).unwrap().len()
}

/// The size of the database after a number of `nights`, divided by the size of one snapshot, for
/// one project. Each run reads what `each` night changed.
fn growth(nights: usize, each: usize, size: Size) -> f64 {
    let run = Run::new(generated::account(Size { projects: 1, ..size }), Behaviour::default());
    run.extract(&["--quiet"]);
    let first = bytes(&run);
    let changing: Vec<_> = (1..nights).collect();
    for between in changing.chunks(each) {
        run.server.change(|account| between.iter().for_each(|night| live(account, *night)));
        run.extract(&["--quiet"]);
    }
    let closed = "SELECT count(*) FROM flag_environments_history WHERE valid_to IS NOT NULL";
    let closed = usize::try_from(run.value::<i64>(closed)).unwrap();
    let expected = (nights - 1) * size.flags * 6 / 100;
    assert!(closed.abs_diff(expected) <= expected / 6, "{closed} of {expected} changes");
    bytes(&run) as f64 / first as f64
}

/// A project like those of the benchmark, but smaller in proportion.
fn small(flags: usize) -> Size {
    let all = Size::benchmark();
    let share = |count: usize| count * flags / all.flags;
    let (archived, deprecated) = (share(all.archived), share(all.deprecated));
    let (tags, teams, members) = (share(all.tags), share(all.teams), share(all.members));
    Size { flags, archived, deprecated, tags, teams, members, ..all }
}

#[test]
fn a_few_nights_hardly_grow_the_database() {
    let growth = growth(5, 1, small(300));
    assert!(growth < 1.1, "{growth}");
}

/// Ten runs make as many versions as 365 runs would. A small project has a larger share of constant
/// data, and ten runs have fewer records: 2.1 times here corresponds to 2.7 times after a full
/// year.
#[test]
fn a_year_of_runs_takes_little_more_than_two_snapshots() {
    let growth = growth(365, 40, small(200));
    println!("{growth:.2} snapshots");
    assert!((1.5..2.35).contains(&growth), "{growth}");
}

#[test]
#[ignore = "long: 365 runs of one of the twenty projects of the benchmark, a second or more each"]
fn a_year_of_nights_stays_under_three_snapshots() {
    let growth = growth(365, 1, small(1000));
    println!("{growth:.2} snapshots");
    assert!(growth < 3.0, "{growth}");
}
