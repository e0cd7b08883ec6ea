//! Harbour Lane's projects and their environments.

use crate::account::{Approval, ClientSide, Environment, Project};

/// The purpose of an environment, which selects the part of a flag's story that applies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Customers.
    Live,
    /// Staging.
    Rehearsal,
    /// Development and automated tests.
    Work,
}

/// A project without flags. A project that is not of the company has one environment.
pub(super) fn project(key: &str) -> Project {
    match key {
        "storefront" => storefront(),
        "mobile-app" => mobile_app(),
        "payments" => payments(),
        "internal-tools" => internal_tools(),
        other => Project::new(other).with_environment(plain("production", "Production")),
    }
}

/// The purpose of the environment with this key.
pub(super) fn purpose(environment: &str) -> Purpose {
    match environment {
        "production" | "production-eu" => Purpose::Live,
        "staging" | "preview" | "beta" | "sandbox" => Purpose::Rehearsal,
        _ => Purpose::Work,
    }
}

fn storefront() -> Project {
    let mut production = guarded("production", "Production", 2);
    // A first sync of the demo account needs no comment.
    production.require_comments = false;
    let mut project = Project::new("storefront")
        .with_environment(production)
        .with_environment(guarded("production-eu", "Production EU", 2))
        .with_environment(plain("staging", "Staging"))
        .with_environment(plain("preview", "Preview"))
        .with_environment(plain("test", "Test"))
        .with_environment(plain("development", "Development"));
    project.name = "Storefront".to_owned();
    project.tags = vec!["customer-facing".to_owned(), "web".to_owned()];
    project.include_in_snippet = true;
    project.client_side = Some(ClientSide { using_mobile_key: false, using_environment_id: true });
    project.release_pipeline = Some("storefront-standard".to_owned());
    project
}

/// Critical but without approvals, so that the governance query has a finding.
fn mobile_app() -> Project {
    let mut production = plain("production", "Production");
    production.critical = true;
    production.color = "D0442B".to_owned();
    let mut project = Project::new("mobile-app")
        .with_environment(production)
        .with_environment(plain("beta", "Beta testers"))
        .with_environment(plain("staging", "Staging"))
        .with_environment(plain("development", "Development"));
    project.name = "Mobile app".to_owned();
    project.tags = vec!["app".to_owned(), "customer-facing".to_owned()];
    project.client_side = Some(ClientSide { using_mobile_key: true, using_environment_id: false });
    project
}

fn payments() -> Project {
    let mut production = guarded("production", "Production", 3);
    production.approval =
        Some(Approval { service_kind: "servicenow".to_owned(), ..Approval::by(3) });
    let mut project = Project::new("payments")
        .with_environment(production)
        .with_environment(guarded("sandbox", "Partner sandbox", 1))
        .with_environment(plain("staging", "Staging"))
        .with_environment(plain("test", "Test"));
    project.name = "Payments platform".to_owned();
    project.tags = vec!["backend".to_owned(), "pci".to_owned()];
    project.extra.push(("requireViewAssociationForNewFlags".to_owned(), "true".to_owned()));
    project
}

/// No environment is critical here, so that LaunchDarkly knows no flag that is ready to go.
fn internal_tools() -> Project {
    let mut project = Project::new("internal-tools")
        .with_environment(plain("production", "Production"))
        .with_environment(plain("staging", "Staging"))
        .with_environment(plain("test", "Test"));
    project.name = "Internal tools".to_owned();
    project.client_side = None;
    project
}

fn plain(key: &str, name: &str) -> Environment {
    let mut environment = Environment::new(key);
    environment.name = name.to_owned();
    environment.approval = Some(Approval::by(0));
    environment.tags = match purpose(key) {
        Purpose::Work => vec!["ephemeral".to_owned()],
        Purpose::Live | Purpose::Rehearsal => Vec::new(),
    };
    environment
}

fn guarded(key: &str, name: &str, approvers: i64) -> Environment {
    let mut environment = plain(key, name);
    environment.critical = true;
    environment.color = "D0442B".to_owned();
    environment.secure_mode = true;
    environment.require_comments = true;
    environment.confirm_changes = true;
    environment.tags.push("guarded".to_owned());
    environment.approval = Some(Approval::by(approvers));
    environment
}
