//! The operating system: files, locks, memory, signals and the clock of a run, and advice for SQLite's failures.

pub mod clock;
pub mod database;
pub mod files;
pub mod hash;
pub mod interrupt;
pub mod lock;
pub mod memory;
pub mod nameless;
pub mod reading;
