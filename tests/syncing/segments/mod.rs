//! Members of segments.

mod big;
mod import_files;
mod imports;
mod modes;
mod refusals;
mod schedule;
mod standard;
mod synced;
mod verify;
