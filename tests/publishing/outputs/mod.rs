//! SQLite and Parquet: the same rows, published completely or not at all, without changes to other
//! files.

mod accounts;
mod accumulated;
mod copies;
mod durable;
mod lakes;
mod limits;
mod links;
mod parquet;
mod places;
pub mod resumed;
mod streams;
mod swaps;
mod users;

use crate::support::Run;
use fake_launchdarkly::{Behaviour, company};

const NOW: i64 = 1_790_000_000_000;

fn company() -> Run {
    Run::new(company::account(NOW), Behaviour::default())
}
