//! How fast flaglake is and how little memory it takes, as ratios that hold on any machine.
//!
//! ```text
//! cargo bench               20 projects × 1,000 flags × 6 environments
//! cargo bench -- --small    a tenth of that, to see that the benchmark works
//! cargo bench -- --large    the peak memory at ten times the flags, too: minutes
//! ```
//!
//! # Layout
//!
//! * `account`: the account, its server, and every answer the server gave
//! * `floor`: the least work that the same answers can take
//! * `micro`: the stages one by one
//! * `end_to_end`: the binary, against the floor and against the network
//! * `measure`: processor time and memory
//! * `report`: the tables

mod account;
mod end_to_end;
mod floor;
mod measure;
mod micro;
mod report;

use flaglake::demo::generated::Size;

/// Whatever goes wrong ends the benchmark.
type Result<T = (), E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

fn main() -> Result {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|argument| argument == measure::FLAG) {
        return measure::relay(&arguments[1..]);
    }
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let size = if has("--small") { small() } else { Size::benchmark() };
    report::machine()?;
    let account = account::Served::new(size)?;
    let answers = account.record()?;
    micro::run(&answers)?;
    end_to_end::run(&account, &answers)?;
    drop((account, answers));
    if has("--large") { end_to_end::run_large(size) } else { Ok(()) }
}

fn small() -> Size {
    Size { projects: 2, ..Size::benchmark() }
}
