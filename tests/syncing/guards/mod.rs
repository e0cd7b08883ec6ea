//! What stops a run before its first write, and runs that are not to write at all.

mod dry_run;
mod places;
mod plans;
mod rows;
mod segments;
mod state;
