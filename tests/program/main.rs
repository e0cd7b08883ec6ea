//! The program: commands, documents, structure.

mod check;
mod check_writes;
mod columns;
mod completions;
mod demand;
mod doctor;
mod documents;
mod help;
mod manual;
mod packages;
mod recipes;
mod release;
mod schema;
mod structure;

#[path = "../support/mod.rs"]
mod support;
