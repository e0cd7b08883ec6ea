//! `/caller-identity`

use super::Route;
use crate::Family;
use crate::account::{Account, Environment, Project, TokenKind, object_id};
use crate::call::{Call, Outcome};
use crate::json::Object;

pub(super) const ROUTES: &[Route] =
    &[Route { family: Family::CallerIdentity, pattern: "caller-identity", answer: of_token }];

fn of_token(call: &Call) -> Outcome {
    let member = match &call.token.kind {
        TokenKind::Member(id) => Some(id.as_str()),
        TokenKind::Service => None,
    };
    Ok(Object::new()
        .text("accountId", &call.stored.account.account_id)
        .text("authKind", "token")
        .text("tokenKind", "auth")
        .text("tokenName", &call.token.name)
        .text("tokenId", &object_id(&call.token.name))
        .text_if("memberId", member)
        .boolean("serviceToken", member.is_none())
        .close())
}

/// The answer to an SDK key. No other route accepts one.
pub(crate) fn of_environment(
    account: &Account,
    project: &Project,
    environment: &Environment,
) -> String {
    Object::new()
        .text("accountId", &account.account_id)
        .text("environmentId", &environment.id)
        .text("environmentName", &environment.name)
        .text("projectId", &project.id)
        .text("projectName", &project.name)
        .text("authKind", "sdk")
        .close()
}
