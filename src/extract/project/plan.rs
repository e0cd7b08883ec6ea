//! The plan of a project: which environments of it are read.

use std::collections::BTreeSet;

use crate::resources::projects::Project;

/// A project whose environments are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectPlan {
    /// The project's key.
    pub key: String,
    /// The keys of its environments.
    pub environments: Vec<String>,
}

impl ProjectPlan {
    /// The plan of a project with all of its environments.
    pub(super) fn of(project: &Project) -> Self {
        let environments = project.environments.iter().flat_map(|page| &page.items);
        let environments = environments.map(|environment| environment.key.clone()).collect();
        ProjectPlan { key: project.key.clone(), environments }
    }

    /// The plan without some environments.
    pub(in crate::extract) fn without(&self, environments: &BTreeSet<String>) -> Self {
        let left = self.environments.iter().filter(|one| !environments.contains(*one));
        ProjectPlan { key: self.key.clone(), environments: left.cloned().collect() }
    }
}
