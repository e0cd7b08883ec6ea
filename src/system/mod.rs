//! The operating system: files, locks, memory and signals, and advice for SQLite's failures.

pub mod database;
pub mod files;
pub mod hash;
pub mod interrupt;
pub mod lock;
pub mod memory;
pub mod nameless;
pub mod reading;
