//! Delta Lake: tables whose logs any reader can follow, whatever happens while they are written.

mod bucket;
mod captured;
mod conflicts;
mod kills;
mod log;
mod memory;
mod readers;
mod refusals;
mod retention;
mod schemas;
mod tables;
