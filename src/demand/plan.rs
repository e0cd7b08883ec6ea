//! What is to be done to a flag.

use super::detail::Detail;
use super::record::{Cell, Record};
use super::words;
use crate::Error;
use crate::error::Kind;
use crate::launchdarkly::writes::flags::FlagPlace;

/// What is to be done.
#[derive(Debug)]
pub enum Plan<C> {
    /// Nothing: the flag is as wanted.
    Unchanged(Box<Detail>),
    /// A change that is not confirmed yet.
    Change(Box<C>),
}

/// Adds what a flag serves in an environment now.
pub fn add_state(record: &mut Record, detail: &Detail, environment: &str) {
    record.set("environment_key", Cell::Text(environment.to_owned()));
    let Some(config) = detail.config(environment) else { return };
    record.set("is_on", Cell::Bool(config.is_on()));
    record.set("version", Cell::Int(config.version()));
    record.set("serves", Cell::Text(words::served(detail, config)));
}

/// The error of a change of a flag that others have changed since the question was shown.
pub fn changed_since(place: &FlagPlace) -> Error {
    let message = format!("the flag `{}` was changed while the question was shown", place.flag);
    Error::new(Kind::Conflict, message)
        .hint("nothing was changed by this command; run it again to see the flag as it is now")
}

/// The outcome of a change of a flag as one object, without what the flag is like by then.
pub fn outcome(name: &str, place: &FlagPlace) -> Record {
    let mut record = Record::default();
    let cells = [("outcome", name), ("project_key", &place.project), ("flag_key", &place.flag)];
    cells.into_iter().for_each(|(column, text)| record.set(column, Cell::Text(text.to_owned())));
    record
}
