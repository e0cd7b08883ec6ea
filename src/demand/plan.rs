//! What is to be done to a flag.

use super::detail::Detail;
use super::record::{Cell, Record};
use crate::launchdarkly::writes::flags::FlagPlace;

/// What is to be done.
#[derive(Debug)]
pub enum Plan<C> {
    /// Nothing: the flag is as wanted.
    Unchanged(Box<Detail>),
    /// A change that is not confirmed yet.
    Change(Box<C>),
}

/// The outcome of a change of a flag as one object, without what the flag is like by then.
pub fn outcome(name: &str, place: &FlagPlace) -> Record {
    let mut record = Record::default();
    let cells = [("outcome", name), ("project_key", &place.project), ("flag_key", &place.flag)];
    cells.into_iter().for_each(|(column, text)| record.set(column, Cell::Text(text.to_owned())));
    record
}
