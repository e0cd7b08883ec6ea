//! What is to be done to a flag.

use super::detail::Detail;

/// What is to be done.
#[derive(Debug)]
pub enum Plan<C> {
    /// Nothing: the flag is as wanted.
    Unchanged(Box<Detail>),
    /// A change that is not confirmed yet.
    Change(Box<C>),
}
