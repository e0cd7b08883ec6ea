//! How fast flaglake is and how little memory it takes, as ratios that hold on any machine.
//!
//! ```text
//! cargo bench               20 projects × 1,000 flags × 6 environments
//! cargo bench -- --small    a tenth of that, to see that the benchmark works
//! cargo bench -- --large    the peak memory at ten times the flags, too: minutes
//! cargo bench -- --shapes   only accounts of different shapes, and of growing size
//! cargo bench -- --nights   only the nights in each destination: SQLite, Parquet, PostgreSQL
//! cargo bench -- --sync     only the other direction: a million events and members
//! cargo bench -- --serve    only serves the account until Enter is pressed: for profilers
//! cargo bench -- --serve --latency    with the latency of the network target
//! ```
//!
//! # Layout
//!
//! * `account`: the account, its server, and every answer the server gave
//! * `floor`: the least work that the same answers can take
//! * `micro`: the stages one by one
//! * `end_to_end`: the binary, against the floor and against the network
//! * `shapes`: accounts of four shapes, against the least requests and the network
//! * `growth`: memory and bytes written as the account grows
//! * `nights`: every destination against SQLite, with a PostgreSQL server of its own
//! * `sync`: rows into LaunchDarkly
//! * `measure`: processor time, memory and bytes written
//! * `report`: the tables

mod account;
mod end_to_end;
mod floor;
mod growth;
mod measure;
mod micro;
mod nights;
#[path = "../../tests/support/postgres.rs"]
#[expect(dead_code, reason = "tests use more of it")]
mod postgres;
mod report;
mod shapes;
mod sync;

use std::time::Duration;

use fake_launchdarkly::account::DEMO_TOKEN;
use fake_launchdarkly::generated::Size;

/// Any error ends the benchmark.
type Result<T = (), E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

fn main() -> Result {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|argument| argument == measure::FLAG) {
        return measure::relay(&arguments[1..]);
    }
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let size = if has("--small") { small() } else { Size::benchmark() };
    report::machine()?;
    if has("--sync") {
        return sync::run(if has("--small") { 100_000 } else { 1_000_000 });
    }
    let part = if has("--small") { 10 } else { 1 };
    if has("--shapes") {
        shapes::run(part)?;
        return growth::run(part, has("--large"));
    }
    let account = account::Served::new(size)?;
    if has("--nights") {
        return nights::run(&account);
    }
    if has("--serve") {
        account.set_latency(if has("--latency") { end_to_end::LATENCY } else { Duration::ZERO });
        return serve(&account);
    }
    let answers = account.record()?;
    micro::run(&answers)?;
    end_to_end::run(&account, &answers)?;
    drop(answers);
    nights::run(&account)?;
    drop(account);
    shapes::run(part)?;
    growth::run(part, has("--large"))?;
    if has("--large") {
        end_to_end::run_large(size)?;
    }
    sync::run(if has("--small") { 100_000 } else { 1_000_000 })
}

fn serve(account: &account::Served) -> Result {
    let variables = format!("LAUNCHDARKLY_ACCESS_TOKEN={DEMO_TOKEN}");
    println!("{variables} flaglake extract --base-uri {}", account.server.base_uri());
    std::io::stdin().read_line(&mut String::new())?;
    Ok(())
}

fn small() -> Size {
    Size { projects: 2, ..Size::benchmark() }
}
