//! Which checks run.

use std::collections::BTreeSet;

use crate::cli::{CONNECTION, CheckArguments};
use crate::model::resource::AnyResource;
use crate::model::scope::Level;
use crate::resources;

/// The names of the checks that run.
pub(super) struct Names {
    names: BTreeSet<&'static str>,
    /// Whether an optional resource that is refused is a failure.
    pub is_strict: bool,
}

impl Names {
    /// What `arguments` ask for. What is asked for by name must succeed.
    pub fn of(arguments: &CheckArguments) -> Self {
        let only: BTreeSet<_> =
            arguments.only.iter().flat_map(|list| list.0.iter().copied()).collect();
        if only.is_empty() {
            let mut names = arguments.wanted.resources();
            names.insert(CONNECTION);
            return Names { names, is_strict: arguments.wanted.strict };
        }
        Names { names: only, is_strict: true }
    }

    /// Whether the check runs.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The resources that are checked.
    pub fn resources(&self) -> impl Iterator<Item = &'static dyn AnyResource> {
        let all = resources::ALL.iter().map(|resource| *resource as &dyn AnyResource);
        all.filter(|resource| self.has(resource.name()))
    }

    /// Whether a resource of this level is checked.
    pub fn has_level(&self, level: Level) -> bool {
        self.resources().any(|resource| resource.level() == level)
    }
}
