//! The program: commands, documents, structure.

mod check;
mod check_writes;
mod demand;
mod documents;
mod help;
mod recipes;
mod schema;
mod structure;

#[path = "../support/mod.rs"]
mod support;
