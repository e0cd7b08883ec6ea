//! Delta Lake: tables whose logs any reader can follow, whatever happens while they are written.

mod bucket;
mod captured;
mod conflicts;
mod expired;
mod killed;
mod kills;
pub mod log;
mod memory;
mod readers;
mod real_readers;
mod refusals;
mod retention;
mod schemas;
pub mod tables;
