//! The owner of a request's token.

use crate::account::{Account, Environment, Project, Token};
use crate::ask::Ask;

/// The owner of a request's token.
pub(super) enum Caller<'a> {
    Token(&'a Token),
    /// An SDK key, which is accepted by `caller-identity` only.
    Environment(&'a Project, &'a Environment),
    Unknown,
}

/// The token is the header's whole value. A `Bearer` prefix would make it a different token.
pub(super) fn caller<'a>(account: &'a Account, ask: &Ask) -> Caller<'a> {
    let Some(value) = ask.token.as_deref() else { return Caller::Unknown };
    if let Some(token) = account.tokens.iter().find(|token| token.value == value) {
        return Caller::Token(token);
    }
    let of_project = |project: &'a Project| {
        let environment = project.environments.iter().find(|one| one.api_key == value)?;
        Some(Caller::Environment(project, environment))
    };
    account.projects.iter().find_map(of_project).unwrap_or(Caller::Unknown)
}

pub(super) fn name_of(caller: Caller) -> String {
    match caller {
        Caller::Token(token) => token.name.clone(),
        Caller::Environment(..) | Caller::Unknown => "unknown".to_owned(),
    }
}
