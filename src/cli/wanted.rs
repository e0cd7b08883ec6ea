//! The resources to read.

use std::collections::BTreeSet;

use clap::Args;

use super::headings::READING;
use super::values::boolish;
use crate::error::redact;
use crate::model::resource::{AnyResource, Group};
use crate::terminal::suggest::closest;
use crate::terminal::values::List;
use crate::{Error, Result, resources};

/// A group of resources, or one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All of a group.
    Group(Group),
    /// One, by its name.
    Resource(&'static str),
}

/// The resources to read, and whether a refused one ends the run.
#[derive(Args, Clone, Debug)]
pub struct WantedResources {
    /// What to read: core, default or all, or names of resources (`flaglake resources` lists them);
    /// may be repeated, or a list with commas
    #[arg(long, value_name = "NAME", env = "FLAGLAKE_RESOURCES",
        default_value = "default", value_parser = |text: &str| List::parse(text, parse_wanted), help_heading = READING)]
    pub resources: Vec<List<Wanted>>,
    /// Leave a resource out of those; may be repeated, or a list with commas
    #[arg(long, value_name = "RESOURCE", env = "FLAGLAKE_SKIP",
        value_parser = |text: &str| List::parse(text, parse_resource), help_heading = READING)]
    pub skip: Vec<List<&'static str>>,
    /// Fail if an optional resource is refused
    #[arg(long, env = "FLAGLAKE_STRICT", value_parser = boolish(), help_heading = READING, hide_short_help = true)]
    pub strict: bool,
}

impl WantedResources {
    /// The names of the resources to read. A resource adds those that it depends on; skipping one
    /// also skips those that depend on it.
    pub fn resources(&self) -> BTreeSet<&'static str> {
        let wanted = self.resources.iter().flat_map(|list| &list.0);
        let names = wanted.flat_map(|wanted| match wanted {
            Wanted::Group(group) => resources::group(*group),
            Wanted::Resource(name) => BTreeSet::from([*name]),
        });
        let skip: Vec<_> = self.skip.iter().flat_map(|list| list.0.iter().copied()).collect();
        resources::without(resources::with_needs(names), &skip)
    }
}

fn parse_resource(text: &str) -> Result<&'static str> {
    match resources::find(text).map(AnyResource::name) {
        Some(name) if resources::is_optional(name) => Ok(name),
        Some(name) => Err(Error::usage(format!("everything else needs it: `{name}`"))),
        None => Err(unknown_resource(text)),
    }
}

fn parse_wanted(text: &str) -> Result<Wanted> {
    if let Some(group) = Group::ALL.into_iter().find(|group| group.name() == text) {
        return Ok(Wanted::Group(group));
    }
    let found = resources::find(text).map(|resource| Wanted::Resource(resource.name()));
    found.ok_or_else(|| unknown_resource(text))
}

fn unknown_resource(text: &str) -> Error {
    let names = resources::ALL.iter().map(|resource| resource.name());
    let guess = closest(text, names).map(|name| format!("did you mean `{name}`? "));
    let guess = guess.unwrap_or_default();
    let text = redact::value(text);
    let message =
        format!("there is no such resource as `{text}`; {guess}`flaglake resources` lists them");
    Error::usage(message)
}
