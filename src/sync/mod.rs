//! Rows of SQL into LaunchDarkly: each row reaches it once, or is listed with the reason why not;
//! nothing else is touched.
//!
//! # Layout
//!
//! * [`source`]: where rows come from; [`cell`] is a value, [`fields`] binds columns to fields, and
//!   [`cursor`] orders values.
//! * [`object`]: what rows become; [`metrics`], [`segments`] and [`events`] are the objects.
//! * [`engine`]: one run: read, validate, plan, check the guards, send, sum up.
//! * [`staging`]: the rows of the run; [`state`]: what earlier runs have sent.
//! * [`place`] and [`remote`]: where the state file is, and a state file in a bucket.
//! * [`guards`] and [`places`]: what must hold before the first write.
//! * [`plan`], [`rejected`] and [`summary`]: what users see of a run.
//! * [`permissions`]: the actions that a token's role must allow.
//! * [`answers`]: what a failed request means for its rows; [`reason`]: why a row is rejected.

pub mod answers;
pub mod cell;
pub mod context;
pub mod cursor;
pub mod engine;
pub mod events;
pub mod fields;
pub mod guards;
pub mod metrics;
pub mod object;
pub mod options;
pub mod permissions;
pub mod place;
pub mod places;
pub mod plan;
pub mod reason;
pub mod rejected;
pub mod remote;
pub mod segments;
pub mod source;
pub mod staging;
pub mod state;
pub mod summary;
