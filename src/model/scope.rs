//! Where a list is nested: in the account, a team, a project or an environment.

/// The level that a list endpoint is nested in. LaunchDarkly has no deeper level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Once for the account.
    Account,
    /// Once for each team.
    Team,
    /// Once for each project.
    Project,
    /// Once for each environment of each project.
    Environment,
}

/// Where a list was read: the object that it is nested in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The account.
    Account,
    /// The team with this key.
    Team(String),
    /// The project with this key.
    Project(String),
    /// An environment of a project.
    Environment {
        /// The project's key.
        project_key: String,
        /// The environment's key.
        environment_key: String,
    },
}

impl Scope {
    /// The scope of one team.
    pub fn team(team_key: impl Into<String>) -> Self {
        Scope::Team(team_key.into())
    }

    /// The scope of one project.
    pub fn project(project_key: impl Into<String>) -> Self {
        Scope::Project(project_key.into())
    }

    /// The scope of one environment.
    pub fn environment(project_key: impl Into<String>, environment_key: impl Into<String>) -> Self {
        Scope::Environment {
            project_key: project_key.into(),
            environment_key: environment_key.into(),
        }
    }

    /// The keys that fill the parameters of an endpoint's path, in order.
    pub fn keys(&self) -> Vec<&str> {
        match self {
            Scope::Account => Vec::new(),
            Scope::Team(key) | Scope::Project(key) => vec![key],
            Scope::Environment { project_key, environment_key } => {
                vec![project_key, environment_key]
            }
        }
    }

    /// Whether the scope is the project with this key, or one of its environments.
    pub fn is_in_project(&self, key: &str) -> bool {
        match self {
            Scope::Account | Scope::Team(_) => false,
            Scope::Project(project_key) | Scope::Environment { project_key, .. } => {
                project_key == key
            }
        }
    }

    /// The key of the team, as a cell of a row. It is empty in any other scope, where no resource of
    /// teams is read.
    pub fn team_key(&self) -> &str {
        if let Scope::Team(key) = self { key } else { "" }
    }

    /// The key of the project, as a cell of a row; empty in a scope outside a project.
    pub fn project_key(&self) -> &str {
        match self {
            Scope::Account | Scope::Team(_) => "",
            Scope::Project(project_key) | Scope::Environment { project_key, .. } => project_key,
        }
    }

    /// The key of the environment, as a cell of a row; empty in a scope outside an environment.
    pub fn environment_key(&self) -> &str {
        if let Scope::Environment { environment_key, .. } = self { environment_key } else { "" }
    }
}

impl std::fmt::Display for Scope {
    /// Empty for the account, the key of a team or project, or `project/environment`, as in
    /// `extraction_resources`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.keys().join("/"))
    }
}
