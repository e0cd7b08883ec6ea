//! A fake of LaunchDarkly's REST API, with a demo account.
//!
//! It speaks real HTTP on loopback and needs no network. An [`account::Account`] is plain data,
//! made by [`company::account`] (the demo account), by [`generated::account`] (any size) or by
//! hand. A [`Server`] serves it as LaunchDarkly's documentation says, or as [`Behaviour`] says
//! where the documentation is silent. Requests that write change the account; imported events and
//! members of big segments are asked for on the [`Server`]. Whatever an account does not set is
//! derived from it: a write to a derived list makes that list the account's own.
//!
//! # Layout
//!
//! * `account/`: what an account holds
//! * `company/`, `generated/`: accounts to serve
//! * `behaviour.rs`, `rate_limit.rs`, `script.rs`: what a test can switch
//! * `faults.rs`: answers that fail at random; `churn/`: an account that changes while it is read;
//!   `bomb.rs`: a small answer that decompresses to a large one
//! * `server/`: connections, the log of requests, access tokens
//! * `routes/`: one file for each family of routes that need code of their own
//! * `lists/`: lists that follow from the account. To add one, write a file with a `Listing` and
//!   add one line to `lists/mod.rs`
//! * `render/`, `json.rs`, `fragments.rs`: the JSON of each thing, made once
//! * `writes/`: requests that write, one file for each kind of object
//! * `ask.rs`, `call.rs`, `paging.rs`, `filter.rs`: what routes share
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod account;
mod ask;
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
mod writes;

pub use behaviour::{
    Behaviour, Boundary, Family, NeverRequested, NextLinks, OverLimit, TooManyEnvironments,
    UnknownEnvironment,
};
pub use churn::Churn;
pub use faults::{Fault, Faults};
pub use rate_limit::RateLimit;
pub use script::{Answer, Scripted};
pub use server::{Request, Server};
pub use writes::{ForeignEdit, ImportedEvent, PayloadMemory, SizeCounted, TargetsCounted, Writes};

#[cfg(test)]
mod tests;
