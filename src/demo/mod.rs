//! A fake LaunchDarkly: the demo account, the tests' server and the benchmarks' server.
//!
//! It speaks real HTTP on loopback and needs no network. An [`account::Account`] is plain data, made by
//! [`company::account`] (the demo account), by [`generated::account`] (any size) or by hand; a [`Server`] serves it as
//! the documentation says, or as [`Behaviour`] says where the documentation is silent.
//!
//! # Layout
//!
//! * `account/` what an account holds
//! * `company/`, `generated.rs` accounts to serve
//! * `behaviour.rs`, `rate_limit.rs`, `script.rs` what a test can switch
//! * `faults.rs` answers that go wrong by chance, `churn/` an account that changes while it is read, `bomb.rs` a small
//!   answer that grows
//! * `server/` connections, the log, who may ask
//! * `routes/` one file per family of routes: adding one takes a file, a name in its `mod.rs` and a [`Family`]
//! * `lists/` lists that follow from the account, one file per family
//! * `render/`, `json.rs`, `fragments.rs` the JSON of each thing, made once
//! * `call.rs`, `paging.rs`, `filter.rs` what routes share

pub mod account;
mod behaviour;
mod bomb;
mod call;
mod churn;
pub mod company;
mod faults;
mod filter;
mod fragments;
pub mod generated;
mod json;
mod lists;
mod paging;
mod random;
mod rate_limit;
mod render;
mod routes;
mod script;
mod server;

pub use behaviour::{
    Behaviour, Boundary, Family, NeverRequested, NextLinks, OverLimit, TooManyEnvironments,
    UnknownEnvironment,
};
pub use churn::Churn;
pub use faults::{Fault, Faults};
pub use rate_limit::RateLimit;
pub use script::{Answer, Scripted};
pub use server::{Request, Server};

#[cfg(test)]
mod tests;
