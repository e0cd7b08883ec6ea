//! Reading an account: requests, answers, faults, interruptions.

mod audit_log;
mod bounds;
mod changes;
mod churn;
mod demo_lists;
mod errors;
mod extract;
mod faults;
mod hostile;
mod hostile_keys;
mod manners;
mod networks;
mod personal;
mod progress;
mod resources;
mod resume;
mod secrets;
mod servers;

#[path = "../support/mod.rs"]
mod support;
