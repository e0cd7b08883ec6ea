//! The report on a database, as a page for people, a text for a terminal, or JSON.
//!
//! * [`data`]: the report as plain data, read in one transaction.
//! * [`sections`]: one file per section: its rows, and the query for them.
//! * [`lists`]: the lists of flags, and of other things, behind the figures.
//! * [`html`], [`text`], [`json`], [`markdown`]: one file per form.
//! * [`organisation`]: several accounts side by side, in the same forms.
//! * [`input`]: copies an output, or opens the database ([`open`]); [`mod@file`]: writes the file.

pub mod columns;
pub mod data;
pub mod file;
pub mod html;
pub mod input;
pub mod json;
pub mod links;
pub mod lists;
pub mod markdown;
pub mod open;
pub mod organisation;
pub mod sections;
pub mod text;
pub mod words;
