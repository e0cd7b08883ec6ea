//! The report on a database: a page and texts for people, JSON and CSV for programs.
//!
//! * [`data`]: the report as plain data, read in one transaction.
//! * [`sections`]: one file per section: its rows, and the query for them.
//! * [`lists`]: the lists of flags, and of other things, behind the figures.
//! * [`html`], [`text`], [`json`], [`markdown`], [`csv`], [`issue`]: one file per form.
//! * [`title`]: what stands above it. [`owner`]: whose work list is wanted.
//! * [`organisation`]: several accounts side by side, in the same forms.
//! * [`input`]: copies an output, or opens the database ([`open`]); [`mod@file`]: writes the file.

pub mod columns;
pub mod csv;
pub mod data;
pub mod file;
pub mod html;
pub mod input;
pub mod issue;
pub mod json;
pub mod links;
pub mod lists;
pub mod markdown;
pub mod open;
pub mod organisation;
pub mod owner;
pub mod sections;
pub mod text;
pub mod title;
pub mod words;
