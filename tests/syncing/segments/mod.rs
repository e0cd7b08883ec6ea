//! Members of segments.

mod big;
mod imports;
mod modes;
mod refusals;
mod schedule;
mod standard;
mod synced;
