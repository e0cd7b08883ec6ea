//! Members of segments.

mod big;
mod import_files;
mod imports;
mod modes;
mod ownership;
mod refusals;
mod replace;
mod schedule;
mod standard;
mod synced;
mod verify;
