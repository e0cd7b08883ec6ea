//! A year of nights: what history costs on disk.

mod support;

use std::fs;

use flaglake::demo::Behaviour;
use flaglake::demo::account::Account;
use flaglake::demo::generated::{self, Size};
use support::Run;

/// Changes one flag, one configuration and one status in a hundred, others every night.
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

/// How many times the size of one snapshot the database has after `nights`, of one project.
fn growth(nights: usize, flags: usize) -> f64 {
    let size = Size { projects: 1, flags, ..Size::benchmark() };
    let run = Run::new(generated::account(size), Behaviour::default());
    run.extract(&["--quiet"]);
    let first = bytes(&run);
    for night in 1..nights {
        run.server.change(|account| live(account, night));
        run.extract(&["--quiet"]);
    }
    let closed = "SELECT count(*) FROM flag_environments_history WHERE valid_to IS NOT NULL";
    let closed = usize::try_from(run.value::<i64>(closed)).unwrap();
    assert!(closed >= (nights - 1) * flags * 6 / 110, "{closed} configurations changed");
    bytes(&run) as f64 / first as f64
}

#[test]
fn a_few_nights_hardly_grow_the_database() {
    let growth = growth(5, 300);
    assert!(growth < 1.1, "{growth}");
}

#[test]
#[ignore = "long: 365 runs of one of the twenty projects of the benchmark"]
fn a_year_of_nights_stays_under_three_snapshots() {
    let growth = growth(365, 1000);
    println!("{growth:.2} snapshots");
    assert!(growth < 3.0, "{growth}");
}
