//! The operating system: files, locks and signals, and advice for SQLite's failures.

pub mod database;
pub mod files;
pub mod hash;
pub mod interrupt;
pub mod lock;
