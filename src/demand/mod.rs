//! On demand: one look at the account, or one change of a flag, with consent.
//!
//! # Layout
//!
//! * [`record`]: rows of tables as objects; [`lists`] reads a list of them;
//!   [`flags`] reads that of flags, [`segment`] one segment.
//! * [`flag`] reads a flag: [`detail`] is its configuration, [`around`] is what else is known about
//!   it in an environment; [`page`] is everything about it.
//! * [`words`]: what a flag serves, in words.
//! * [`consent`]: what a person is shown and asked before a change.
//! * [`toggle`], [`archive`] and [`application`]: what is to change, and the change itself; [`plan`]
//!   says whether there is one.
//! * [`approvals`]: approval requests, listed, shown and withdrawn; [`instructions`] are what they do.
//! * [`request`]: approval requests for a change.
//! * [`attempts`]: how a write is repeated, and when it is over.
//! * [`audit`]: the newest entries of the audit log.

pub mod application;
pub mod approvals;
pub mod archive;
pub mod around;
pub mod attempts;
pub mod audit;
pub mod consent;
pub mod detail;
pub mod flag;
pub mod flags;
pub mod instructions;
pub mod lists;
pub mod page;
pub mod plan;
pub mod record;
pub mod request;
pub mod segment;
pub mod toggle;
pub mod words;
