//! The operating system: files, locks, signals, and what SQLite's failures mean.

pub mod database;
pub mod files;
pub mod hash;
pub mod interrupt;
pub mod lock;
